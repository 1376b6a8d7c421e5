"""Lists on several pages: the one engine.

It follows the provider's rule, counts a record once, and never ends quietly or loops.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from billfold.counted import counted, listed
from billfold.errors import DriftError, TooLargeError
from billfold.http.remarks import Announced, announcing
from billfold.wire import fingerprint, fingerprints, in_one_case, one_case

P = TypeVar("P")
R = TypeVar("R", bound=Hashable)
K = TypeVar("K", bound=Hashable)

PAGE_CAP = 10_000


def never(_: object) -> bool:
    """Return that a page is not enough: lists are read to their end unless one says otherwise."""
    return False


class Pages(Struct, Generic[P, R, K]):
    """Iterate over each page's new rows, beginning with the page ``first``.

    ``fetch`` returns a page by its key, ``rows`` and ``row_id`` look into it, ``next_key`` returns
    the next page's key, or None at the provider's own end. ``enough`` is whether what follows a
    page is not wanted, as where a list goes back in time. Raises DriftError at a repeated key, at a
    page that only repeats what was seen, and at the page cap, so that a list which did not end
    properly is never taken for complete.

    Afterwards ``repeats`` counts the records that came again, ``conflicts`` are the ids of those
    whose content changed between two pages, and ``gaps`` the pages without records after which the
    list went on.
    ``nameless`` are the places of records without an id: nobody can tell them apart, so they are
    left out and named.
    ``unread`` says by which of its many names the last page announces another one. ``note`` puts
    them into words.
    """

    fetch: Callable[[K | None], Awaitable[P]]
    rows: Callable[[P], Sequence[R]]
    row_id: Callable[[R], str | None]
    next_key: Callable[[P], K | None]
    first: K | None = None
    enough: Callable[[P], bool] = never
    cap: int = PAGE_CAP
    repeats: int = 0
    conflicts: dict[str, None] = {}
    gaps: int = 0
    stale_end: bool = False
    nameless: list[str] = []
    unread: str | None = None
    _seen: dict[str, int] = {}

    async def __aiter__(self) -> AsyncGenerator[list[R], None]:
        key, keys = self.first, {self.first}
        contents: set[int] = set()
        # While the caller works on a page, the next one, never more than one, is on its way.
        ahead: asyncio.Task[tuple[P, list[Announced]]] | None = None
        try:
            for number in range(1, self.cap + 1):
                page, announced = await (self._fetch(key) if ahead is None else ahead)
                ahead = None
                rows = self.rows(page)
                idents = list(map(self.row_id, rows))
                new = self._new(rows, idents, number)
                enough = self.enough(page)
                key = None if enough else self.next_key(page)
                if key is None and not enough:
                    self._end(announced, number)
                error = None
                stale = not new and any(idents)
                if key is not None:
                    error = self._error(number, repeated=key in keys, stale=stale)
                elif stale:
                    self.stale_end = hash(tuple(idents)) in contents
                # One row may have been shifted to a page of its own; a longer page was not.
                if len(rows) > 1:
                    contents.add(hash(tuple(idents)))
                if key is not None and error is None:
                    self.gaps += not rows
                    keys.add(key)
                    ahead = asyncio.create_task(self._fetch(key))
                del page, rows, announced
                yield new
                if error is not None:
                    raise error
                if key is None:
                    return
        finally:
            if ahead is not None:
                ahead.cancel()
                await asyncio.gather(ahead, return_exceptions=True)

    async def _fetch(self, key: K | None) -> tuple[P, list[Announced]]:
        """Return a page, and what its reply announces."""
        with announcing() as announced:
            try:
                return await self.fetch(key), announced
            except TooLargeError as error:
                raise error.of_any_period() from error.__cause__

    def _end(self, announced: list[Announced], number: int) -> None:
        """Keep what the last page says of a page after it."""
        found = [each for said in announced if (each := said()) is not None]
        unread = [each.unread(len(self._seen), number) for each in found]
        self.unread = next(filter(None, unread), None)

    def _error(self, number: int, *, repeated: bool, stale: bool) -> DriftError | None:
        """Return why the page after this one cannot be reached, or None."""
        if repeated:
            return DriftError(
                "the provider repeats a page's cursor, so the rest of the list cannot be reached"
            )
        if stale:
            return DriftError(
                "a page only repeats records already read, "
                "so the rest of the list cannot be reached"
            )
        if number == self.cap:
            return DriftError(f"the list does not end within {self.cap} pages")
        return None

    def _new(self, rows: Sequence[R], idents: Sequence[str | None], number: int) -> list[R]:
        """Return the rows of a page that were not read before."""
        named = in_one_case(filter(None, idents))
        ids = set(named)
        if len(ids) == len(rows) and self._seen.keys().isdisjoint(ids):  # as nearly always
            self._seen.update(zip(named, fingerprints(rows), strict=True))
            return list(rows)
        return [
            row
            for at, (row, ident) in enumerate(zip(rows, idents, strict=True), 1)
            if self._is_new(row, ident, f"{at} of page {number}")
        ]

    def _is_new(self, row: R, ident: str | None, place: str) -> bool:
        if not ident:
            self.nameless.append(place)
            return False
        row_id, content = one_case(ident), fingerprint(row)
        if row_id not in self._seen:
            self._seen[row_id] = content
            return True
        if self._seen[row_id] == content:
            self.repeats += 1
        else:
            self.conflicts[ident] = None
        return False

    @property
    def doubtful(self) -> bool:
        """Whether records may be missing, or changed while the list was read."""
        odd = self.conflicts or self.gaps or self.nameless or self.stale_end or self.unread
        return bool(odd)

    @property
    def note(self) -> str | None:
        """What was odd about the list, in words, or None."""
        notes = []
        if self.repeats:
            notes.append(f"{counted(self.repeats, 'record')} repeated over pages, counted once")
        if self.conflicts:
            changed = counted(len(self.conflicts), "record")
            named = listed(self.conflicts)
            notes.append(f"{changed} changed between pages, the first reading was kept: {named}")
        if self.gaps:
            pages = counted(self.gaps, "page")
            notes.append(f"{pages} without records, after which the list went on")
        if self.nameless:
            left_out = counted(len(self.nameless), "record")
            notes.append(f"{left_out} without an id left out (the first is {self.nameless[0]})")
        if self.stale_end:
            notes.append("the last page repeats another one")
        if self.unread:
            notes.append(f"the list was not read to its end: {self.unread}")
        return "; ".join(notes) or None
