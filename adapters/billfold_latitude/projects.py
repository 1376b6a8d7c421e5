"""Finding the projects, by name or in a list that may change while it is read, and who pays."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from decimal import Decimal
from functools import partial
from typing import Any

from attrs import define, evolve, field, frozen

from billfold.adapter import (
    Client,
    CredentialsError,
    DeadlineError,
    DriftError,
    ForbiddenError,
    NotFoundError,
    Pages,
    Parts,
    ProviderError,
    RateLimitedError,
    Reading,
    Readings,
    State,
    numbered_pages,
    segment,
)
from billfold.wire import counted
from billfold_latitude import parse, wire

NO_PROJECT = "the key sees no project, and only projects have billing cycles and state a credit"
_PASSES = 3


@define
class Teams:
    """What projects state of their teams, and the rows of ``/team``.

    The rows are requested when they are first needed, and only once.
    """

    client: Client
    _lock: asyncio.Lock = field(factory=asyncio.Lock, init=False)
    _reply: wire.Teams | ProviderError | None = field(default=None, init=False)
    _stated: dict[str, set[str]] = field(factory=dict, init=False)

    def learn(self, projects: Sequence[wire.Project]) -> None:
        """Keep the currency that each project states of its team."""
        for stated in map(parse.payer, projects):
            if stated.id is not None and stated.currency is not None:
                self._stated.setdefault(stated.id, set()).add(stated.currency)

    async def payer(self, project: wire.Project) -> parse.Payer:
        """Return who pays for a project (CONTRACT.md, section 2.4, G1)."""
        payer = self._as_others_state(parse.payer(project))
        if payer.id is not None and payer.currency is not None:
            return payer
        try:
            reply = await self._read()
        except (ForbiddenError, NotFoundError):  # a key that may not read /team
            return payer
        return parse.payer(project, reply.data or ())

    def _as_others_state(self, payer: parse.Payer) -> parse.Payer:
        """Return the payer with the one currency that other projects state of the same team."""
        stated = self._stated.get(payer.id or "", ())
        if payer.currency is not None or len(stated) != 1:
            return payer
        return evolve(payer, currency=next(iter(stated)))

    async def _read(self) -> wire.Teams:
        # Whoever needs it first sends the request, under the lock: no task outlives its projects.
        async with self._lock:
            if self._reply is None:
                try:
                    self._reply = await self.client.get("/team", wire.Teams)
                except ProviderError as error:
                    self._reply = error
        if isinstance(self._reply, ProviderError):
            raise self._reply
        return self._reply


async def read_projects(client: Client, names: Sequence[str]) -> Readings[wire.Project]:
    """Yield the projects of these ids or slugs, each once, then a reading for each that failed."""
    read = partial(_read_project, client)
    readings = [reading async for reading in Parts(tuple(names)).read(read)]
    # An id and a slug may name the same project, whose cents count once.
    projects = {project.id: project for reading in readings for project in reading.items}
    yield Reading(tuple(projects.values()))
    for reading in readings:
        if reading.error is not None:
            yield reading


async def _read_project(client: Client, name: str) -> Reading[wire.Project]:
    with naming(f"project {name}"):
        reply = await client.get(f"/projects/{segment(name)}", wire.ProjectReply)
        if parse.is_project_id(name) and reply.data.id != name:
            raise DriftError(f"the reply is about another project than {name} - at `$.data.id`")
    return Reading((reply.data,))


# What is about the whole account.
_OF_ALL = (CredentialsError, DeadlineError, RateLimitedError)


@frozen
class naming:
    """Name a project in the message of what fails for it alone."""

    label: str

    def __enter__(self) -> None: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: object
    ) -> None:
        if isinstance(error, ProviderError) and not isinstance(error, _OF_ALL):
            raise error.about(self.label) from error.__cause__


async def find_projects(client: Client) -> Readings[wire.Project]:
    """Yield every project, page by page and each once, and at last what was odd about the list.

    A project that goes moves those behind it to pages already read. So a list on several pages is
    read again until its length stood still and nothing new came. What was odd while it moved is
    settled by that last reading.
    """
    known: set[str] = set()
    notes: list[str] = []
    state = State.COMPLETE
    for number in range(_PASSES):
        this_pass, known_before = _ListPass(), len(known)
        pages = this_pass.pages(client)
        async with aclosing(aiter(pages)) as batches:
            async for rows in batches:
                yield Reading(tuple(row for row in rows if row.id not in known))
                known.update(row.id for row in rows)
        notes = [pages.note] if pages.note else []
        state = State.PARTIAL if pages.doubtful else State.COMPLETE
        unchanged = number > 0 and len(this_pass.totals) == 1 and len(known) == known_before
        single_page = this_pass.number == 1 and this_pass.totals == {this_pass.listed}
        if single_page or unchanged:
            break
    else:
        state = State.PARTIAL
        notes.append(f"the list of projects changed each of the {_PASSES} times it was read")
    if notes:
        yield Reading((), None, state, "; ".join(notes))
    if not known:
        yield Reading(state=State.UNSUPPORTED, detail=NO_PROJECT)


@define
class _ListPass:
    """One pass over the pages, to the stated total or an empty page (CONTRACT.md, section 1.6)."""

    number: int = 0  # of pages
    seen: set[str] = field(factory=set)
    nameless: int = 0
    totals: set[Decimal | None] = field(factory=set)  # as the pages state them

    @property
    def listed(self) -> int:
        """How many projects were listed, those without an id, too."""
        return len(self.seen) + self.nameless

    def pages(self, client: Client) -> Pages[Any, wire.Project, int]:
        return numbered_pages(
            client,
            "/projects",
            wire.Projects,
            rows=_rows,
            row_id=lambda row: row.id,
            query=(("page[size]", "100"), ("stats[total]", "count")),
            parameter="page[number]",
            last=self._last,
        )

    def _last(self, page: wire.Projects) -> int | None:
        """Return a page's number where the stated total is reached with it."""
        stats, rows = page.meta.stats if page.meta else None, _rows(page)
        total = stats.total.count if stats and stats.total else None
        self.number += 1
        self.totals.add(total)
        self.seen.update(row.id for row in rows if row.id)
        self.nameless += sum(not row.id for row in rows)
        if page.data is None and total is None and self.number == 1:
            raise DriftError("the list of projects is null, which is no empty one - at `$.data`")
        if self.listed == total:
            return self.number
        if not rows and total is not None and self.listed < total and len(self.totals) == 1:
            raise DriftError(
                f"the provider counts {counted(total, 'project')} and lists {self.listed}"
            )
        return None


def _rows(page: wire.Projects) -> tuple[wire.Project, ...]:
    return tuple([wire.Project(row.id or "", row.attributes) for row in page.data or ()])
