"""Finding the projects: a list on numbered pages, which may change while it is read (contract section 1.4)."""

from __future__ import annotations

from contextlib import aclosing

from attrs import define, field

from billfold.adapter import Reading, Readings
from billfold.adapter.pagination import Pages
from billfold.errors import DriftError, NotFoundError
from billfold.http.client import Client
from billfold.model import State
from billfold_latitude import wire

# The largest size is not documented and may be clamped without a word; no client is known to ask for more.
_PAGE_SIZE = 100
_WALKS = 3


async def listed(client: Client) -> Readings[wire.Project]:
    """Yield the projects page by page, each once, and at last what was odd.

    A project that goes moves those behind it to pages already read. So a list on several pages is read again until it stood
    still and had nothing new; that costs a request for every hundred that their bills cost. Raises NotFoundError for none.
    """
    known: set[str] = set()
    notes: dict[str, None] = {}
    state = State.COMPLETE
    for number in range(_WALKS):
        walk, before = Walk(client), len(known)
        pages = walk.pages()
        async with aclosing(aiter(pages)) as batches:
            async for rows in batches:
                yield Reading(tuple(row for row in rows if row.id not in known))
                known.update(row.id for row in rows)
        if not known:
            raise NotFoundError("the key sees no project, and only projects have billing cycles")
        notes |= dict.fromkeys([pages.note] if pages.note else [])
        state = State.PARTIAL if pages.doubtful else state
        if walk.at_once or (number and walk.stood_still and len(known) == before):
            break
    else:
        state = State.PARTIAL
        notes[f"the list of projects changed each of the {_WALKS} times it was read"] = None
    if notes:
        yield Reading((), None, state, "; ".join(notes))


@define
class Walk:
    """One way through the pages, to the stated total or an empty page, never to a short one."""

    client: Client
    number: int = 1
    seen: set[str] = field(factory=set)
    totals: set[int | None] = field(factory=set)

    def pages(self) -> Pages[wire.Projects, wire.Project, int]:
        """Begin."""
        return Pages(
            self._fetch, lambda page: page.data or (), lambda row: row.id, self._follow, first=1
        )

    @property
    def stood_still(self) -> bool:
        """Whether the total was the same on every page."""
        return len(self.totals) == 1

    @property
    def at_once(self) -> bool:
        """Whether the first page was all."""
        return self.number == 2 and self.totals == {len(self.seen)}

    async def _fetch(self, key: int | None) -> wire.Projects:
        query = (
            ("page[size]", str(_PAGE_SIZE)),
            ("page[number]", str(key)),
            ("stats[total]", "count"),
        )
        return await self.link.get("/projects", wire.Projects, query)

    def _follow(self, page: wire.Projects) -> int | None:
        total = (
            page.meta.stats.total.count
            if page.meta and page.meta.stats and page.meta.stats.total
            else None
        )
        self.number += 1
        self.totals.add(total)
        self.seen.update(row.id for row in page.data or ())
        if len(self.seen) == total:
            return None
        if page.data:
            return self.number
        if total is not None and len(self.seen) < total and self.stood_still:
            raise DriftError(f"the provider counts {total} projects and lists {len(self.seen)}")
        return None
