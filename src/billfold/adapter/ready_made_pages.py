"""Lists whose next page is a cursor in the reply, the next number, or in a ``Link`` header."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

from billfold.adapter.pagination import PAGE_CAP, Pages, never
from billfold.errors import DriftError
from billfold.http.client import Client, Query
from billfold.http.replies import Reply

P = TypeVar("P")
R = TypeVar("R", bound=Hashable)


def cursor_pages(
    client: Client,
    path: str,
    shape: type[P],
    *,
    rows: Callable[[P], Sequence[R]],
    row_id: Callable[[R], str | None],
    next_cursor: Callable[[P], str | int | None],
    query: Query = (),
    parameter: str = "cursor",
    enough: Callable[[P], bool] = never,
) -> Pages[P, R, str]:
    """Return a list whose pages name the next one's cursor, sent as ``parameter``.

    An empty cursor is the end, as None is. ``enough`` is whether what follows is not wanted.
    """

    async def fetch(cursor: str | None) -> P:
        return await client.get(
            path, shape, query if cursor is None else (*query, (parameter, cursor))
        )

    def next_key(page: P) -> str | None:
        cursor = next_cursor(page)
        return None if cursor is None or cursor == "" else str(cursor)

    return Pages(fetch, rows, row_id, next_key, enough=enough)


def numbered_pages(
    client: Client,
    path: str,
    shape: type[P],
    *,
    rows: Callable[[P], Sequence[R]],
    row_id: Callable[[R], str | None],
    query: Query = (),
    parameter: str = "page",
    first: int = 1,
    last: Callable[[P], int | None] | None = None,
    enough: Callable[[P], bool] = never,
) -> Pages[Any, R, int]:
    """Return a list on numbered pages. ``enough`` is whether what follows is not wanted.

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
        fetch,
        lambda numbered: rows(numbered[1]),
        row_id,
        next_number,
        first,
        lambda numbered: enough(numbered[1]),
    )
    return pages


def linked_pages(
    client: Client,
    path: str,
    shape: type[P],
    *,
    rows: Callable[[P], Sequence[R]],
    row_id: Callable[[R], str | None],
    query: Query = (),
    enough: Callable[[P], bool] = never,
) -> Pages[Any, R, str]:
    """Return a list whose replies name the next page in a ``Link`` header with ``rel="next"``.

    Without one it ends. ``enough`` is whether what follows is not wanted.
    """

    async def fetch(url: str | None) -> Reply[P]:
        if url is None:
            return await client.fetch(path, shape, query)
        next_path, next_query = client.relative(url)
        return await client.fetch(next_path, shape, next_query)

    return Pages(
        fetch,
        lambda reply: rows(reply.body),
        row_id,
        lambda reply: reply.links.get("next"),
        enough=lambda reply: enough(reply.body),
    )
