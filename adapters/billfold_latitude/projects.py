"""Finding the projects: by name, or in a list of pages that may change while it is read."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from functools import partial

from attrs import define, field

from billfold.adapter import (
    Client,
    DriftError,
    NotFoundError,
    Pages,
    Parts,
    Reading,
    Readings,
    State,
    segment,
)
from billfold_latitude import wire

# The largest size is not documented and may be clamped without a word; no client is known to send a
# larger one.
_PAGE_SIZE = 100
_PASSES = 3


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
    reply = await client.get(f"/projects/{segment(name)}", wire.ProjectReply)
    return Reading((reply.data,))


async def find_projects(client: Client) -> Readings[wire.Project]:
    """Yield every project, page by page and each once, and at last what was odd about the list.

    A project that goes moves those behind it to pages already read. So a list on several pages is
    read again until its length stood still and nothing new came; that costs one request for every
    hundred bills. Raises NotFoundError for an empty list.
    """
    known: set[str] = set()
    notes: list[str] = []
    state = State.COMPLETE
    for number in range(_PASSES):
        this_pass, known_before = ListPass(client), len(known)
        pages = this_pass.pages()
        async with aclosing(aiter(pages)) as batches:
            async for rows in batches:
                yield Reading(tuple(row for row in rows if row.id not in known))
                known.update(row.id for row in rows)
        if not known:
            raise NotFoundError("the key sees no project, and only projects have billing cycles")
        if pages.note:
            notes.append(pages.note)
        if pages.doubtful:
            state = State.PARTIAL
        unchanged = number > 0 and this_pass.stood_still and len(known) == known_before
        if this_pass.is_single_page or unchanged:
            break
    else:
        state = State.PARTIAL
        notes.append(f"the list of projects changed each of the {_PASSES} times it was read")
    if notes:
        yield Reading((), None, state, "; ".join(dict.fromkeys(notes)))


@define
class ListPass:
    """One pass over the pages, to the stated total or an empty page, never to a short one.

    See CONTRACT.md, section 1.6.
    """

    client: Client
    number: int = 1
    seen: set[str] = field(factory=set)
    totals: set[int | None] = field(factory=set)

    def pages(self) -> Pages[wire.Projects, wire.Project, int]:
        """Return the pages from the first on."""
        return Pages(self._fetch, _rows, lambda row: row.id, self._next_number, first=1)

    @property
    def stood_still(self) -> bool:
        """Whether the total was the same on every page."""
        return len(self.totals) == 1

    @property
    def is_single_page(self) -> bool:
        """Whether the first page had everything."""
        return self.number == 2 and self.totals == {len(self.seen)}

    async def _fetch(self, number: int | None) -> wire.Projects:
        query = (
            ("page[size]", str(_PAGE_SIZE)),
            ("page[number]", str(number)),
            ("stats[total]", "count"),
        )
        return await self.client.get("/projects", wire.Projects, query)

    def _next_number(self, page: wire.Projects) -> int | None:
        total, rows = _total(page), _rows(page)
        self.number += 1
        self.totals.add(total)
        self.seen.update(row.id for row in rows)
        if len(self.seen) == total:
            return None
        if rows:
            return self.number
        if total is not None and len(self.seen) < total and self.stood_still:
            raise DriftError(f"the provider counts {total} projects and lists {len(self.seen)}")
        return None


def _rows(page: wire.Projects) -> tuple[wire.Project, ...]:
    return page.data or ()


def _total(page: wire.Projects) -> int | None:
    if page.meta is None or page.meta.stats is None or page.meta.stats.total is None:
        return None
    return page.meta.stats.total.count
