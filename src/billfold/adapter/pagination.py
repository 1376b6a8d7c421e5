"""Lists on several pages.

One engine, and ready-made rules for cursors, page numbers and ``Link`` headers.

The engine follows the provider's rule, counts a record once, and never ends quietly or loops.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

from attrs import define, field

from billfold.errors import DriftError
from billfold.http.client import Client, Query, Reply
from billfold.wire import fingerprint

P = TypeVar("P")
R = TypeVar("R", bound=Hashable)
K = TypeVar("K", bound=Hashable)

PAGE_CAP = 10_000


@define
class Pages(Generic[P, R, K]):
    """Iterate over each page's new rows, beginning with the page ``first``.

    ``fetch`` returns a page by its key, ``rows`` and ``row_id`` look into it, ``next_key`` returns
    the next page's key, or None at the provider's own end. Raises DriftError at a repeated key, at
    a page that only repeats what was seen, and at the page cap, so that a list which did not end
    properly is never taken for complete.

    Afterwards ``repeats`` counts the records that came again, ``conflicts`` those whose content
    changed between two pages, and ``gaps`` the pages without records after which the list went on;
    ``note`` puts them into words.
    """

    fetch: Callable[[K | None], Awaitable[P]]
    rows: Callable[[P], Sequence[R]]
    row_id: Callable[[R], str]
    next_key: Callable[[P], K | None]
    first: K | None = None
    cap: int = PAGE_CAP
    repeats: int = 0
    conflicts: int = 0
    gaps: int = 0
    stale_end: bool = False
    _seen: dict[str, int] = field(factory=dict, init=False, repr=False)

    async def __aiter__(self) -> AsyncGenerator[list[R], None]:
        key, keys = self.first, {self.first}
        contents: set[int] = set()
        # While the caller works on a page, the next one, never more than one, is on its way.
        ahead = asyncio.ensure_future(self.fetch(key))
        try:
            for number in range(1, self.cap + 1):
                page = await ahead
                rows = self.rows(page)
                new = [row for row in rows if self._is_new(row)]
                key = self.next_key(page)
                error = None
                stale = bool(rows) and not new
                if key is not None:
                    error = self._error(number, repeated=key in keys, stale=stale)
                elif stale:
                    self.stale_end = hash(tuple(map(self.row_id, rows))) in contents
                # One row may have been shifted to a page of its own; a longer page was not.
                if len(rows) > 1:
                    contents.add(hash(tuple(map(self.row_id, rows))))
                if key is not None and error is None:
                    self.gaps += not rows
                    keys.add(key)
                    ahead = asyncio.ensure_future(self.fetch(key))
                del page, rows
                yield new
                if error is not None:
                    raise error
                if key is None:
                    return
        finally:
            ahead.cancel()
            await asyncio.gather(ahead, return_exceptions=True)

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

    def _is_new(self, row: R) -> bool:
        row_id, content = self.row_id(row), fingerprint(row)
        if row_id not in self._seen:
            self._seen[row_id] = content
            return True
        if self._seen[row_id] == content:
            self.repeats += 1
        else:
            self.conflicts += 1
        return False

    @property
    def doubtful(self) -> bool:
        """Whether records may be missing, or changed while the list was read."""
        return bool(self.conflicts or self.gaps or self.stale_end)

    @property
    def note(self) -> str | None:
        """What was odd about the list, in words, or None."""
        notes = []
        if self.repeats:
            notes.append(f"{self.repeats} repeated over pages, counted once")
        if self.conflicts:
            notes.append(f"{self.conflicts} changed between two pages, the first reading was kept")
        if self.gaps:
            notes.append(f"{self.gaps} pages without records, after which the list went on")
        if self.stale_end:
            notes.append("the last page repeats another one")
        return "; ".join(notes) or None


def cursor_pages(
    client: Client,
    path: str,
    shape: type[P],
    *,
    rows: Callable[[P], Sequence[R]],
    row_id: Callable[[R], str],
    next_cursor: Callable[[P], str | None],
    query: Query = (),
    parameter: str = "cursor",
) -> Pages[P, R, str]:
    """Return a list whose pages name the next one's cursor, sent as ``parameter``.

    An empty cursor is the end, as None is.
    """

    async def fetch(cursor: str | None) -> P:
        return await client.get(
            path, shape, query if cursor is None else (*query, (parameter, cursor))
        )

    def next_key(page: P) -> str | None:
        cursor = next_cursor(page)
        return None if cursor is None or cursor == "" else str(cursor)

    return Pages(fetch, rows, row_id, next_key)


def numbered_pages(
    client: Client,
    path: str,
    shape: type[P],
    *,
    rows: Callable[[P], Sequence[R]],
    row_id: Callable[[R], str],
    query: Query = (),
    parameter: str = "page",
    first: int = 1,
    last: Callable[[P], int | None] | None = None,
) -> Pages[Any, R, int]:
    """Return a list on numbered pages.

    It ends after the page number that ``last`` finds stated, or at an empty page, never at a short
    one: a server may clamp the page size without a word.
    """

    async def fetch(number: int | None) -> tuple[int, P]:
        number = first if number is None else number
        return number, await client.get(path, shape, (*query, (parameter, str(number))))

    def next_number(numbered: tuple[int, P]) -> int | None:
        number, page = numbered
        stated = None if last is None else last(page)
        if stated is not None and stated - first >= PAGE_CAP:
            raise DriftError(f"the list has {stated} pages, and at most {PAGE_CAP} are read")
        if stated is not None and number < stated:
            return number + 1
        if stated == number:
            # The last page may be empty only where it is the first.
            pages.gaps += number > first and not rows(page)
            return None
        # Beyond the last page there are no rows; one that has some was not the last.
        return number + 1 if rows(page) else None

    pages: Pages[Any, R, int] = Pages(
        fetch, lambda numbered: rows(numbered[1]), row_id, next_number, first
    )
    return pages


def linked_pages(
    client: Client,
    path: str,
    shape: type[P],
    *,
    rows: Callable[[P], Sequence[R]],
    row_id: Callable[[R], str],
    query: Query = (),
) -> Pages[Any, R, str]:
    """Return a list whose replies name the next page in a ``Link`` header with ``rel="next"``.

    Without one it ends.
    """

    async def fetch(url: str | None) -> Reply[P]:
        if url is None:
            return await client.fetch(path, shape, query)
        next_path, next_query = client.relative(url)
        return await client.fetch(next_path, shape, next_query)

    return Pages(
        fetch, lambda reply: rows(reply.body), row_id, lambda reply: reply.links.get("next")
    )
