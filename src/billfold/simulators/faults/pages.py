"""Faults of paging, of lists that :class:`.Habits` names; other replies are left alone.

Pages are made as short as two rows, as a server may do without saying so, so that there is more
than one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from aiohttp.web import Request, Response, StreamResponse
from attrs import define, field
from yarl import URL

from billfold.simulators.faults.bodies import NEW, json_body
from billfold.simulators.faults.fault import HABITS, Effect, Handler, PagedRoute, route, token_of
from billfold.simulators.json_text import parse, write

_PAGE_LENGTH = "2"
_INVENTED_CURSORS = ("cursor-a", "cursor-b")


@define
class PageSequence:
    """The pages of a list that one client has read: how many, their keys, the last row sent."""

    paged: PagedRoute
    number: int = 0
    keys: list[str] = field(factory=list)
    last_row: Any = None


# Returns the key to ask the provider with, for the key that the client sent.
KeyChange = Callable[[PageSequence, str | None], str | None]
# Changes a page in place.
PageChange = Callable[[PageSequence, dict[str, Any]], None]


def _same_key(sequence: PageSequence, key: str | None) -> str | None:
    return None if key in _INVENTED_CURSORS else key


def _same_page(sequence: PageSequence, page: dict[str, Any]) -> None:
    pass


def _paging(*, change_key: KeyChange = _same_key, change_page: PageChange = _same_page) -> Effect:
    """Change the key that a list is asked with, or the page that it answers."""
    sequences: dict[tuple[str, str], PageSequence] = {}

    async def effect(request: Request, handler: Handler) -> StreamResponse:
        paged = request.app[HABITS].paging(route(request))
        if paged is None or request.method != "GET":
            return await handler(request)
        key, client = request.query.get(paged.parameter), (request.path, token_of(request))
        first = key is None or (paged.cursor is None and key == "1")
        if first or client not in sequences:
            sequences[client] = PageSequence(paged)
        sequence = sequences[client]
        sequence.number += 1
        response = await handler(_short_page(request, paged, change_key(sequence, key)))
        body = json_body(response)
        if body is not None and isinstance(response, Response):
            page = parse(body)
            change_page(sequence, page)
            response.body = write(page).encode()
        return response

    return effect


def _short_page(request: Request, paged: PagedRoute, key: str | None) -> Request:
    """Return the request for a page of another key, and of two rows."""
    url: URL = request.rel_url.update_query({paged.size: _PAGE_LENGTH})
    url = url.without_query_params(paged.parameter)
    return request.clone(rel_url=url if key is None else url.update_query({paged.parameter: key}))


def _first_key(sequence: PageSequence, key: str | None) -> str | None:
    return None if sequence.paged.cursor else "1"


def _repeated_key(sequence: PageSequence, key: str | None, *, count: int) -> str | None:
    if sequence.paged.cursor:
        return _same_key(sequence, key)
    return str((sequence.number - 1) % count + 1)


def _repeat_cursors(sequence: PageSequence, page: dict[str, Any], *, count: int) -> None:
    """Put the first cursors on the pages for ever, invented where the list is one page long."""
    cursor, keys = sequence.paged.cursor, sequence.keys
    if cursor is not None:
        if len(keys) < count:
            keys.append(page.get(cursor) or _INVENTED_CURSORS[len(keys)])
        page[cursor] = keys[(sequence.number - 1) % len(keys)]


def _repeat_row(sequence: PageSequence, page: dict[str, Any]) -> None:
    """Begin each page with the last row of the one before, as when a row was added in between."""
    rows = page[sequence.paged.items]
    last_row = rows[-1] if rows else None
    if sequence.last_row is not None and rows:
        rows.insert(0, sequence.last_row)
    sequence.last_row = last_row


def _change_row(sequence: PageSequence, page: dict[str, Any]) -> None:
    """Do the same with a row whose content has changed meanwhile."""
    if sequence.last_row is not None:
        sequence.last_row = _with_new_texts(sequence.last_row, sequence.paged.row_id)
    _repeat_row(sequence, page)


def _with_new_texts(row: Any, row_id: str) -> Any:
    if isinstance(row, dict):
        return {
            key: value if key == row_id else _with_new_texts(value, row_id)
            for key, value in row.items()
        }
    return f"{NEW} {row}" if type(row) is str and not row[:1].isdigit() else row


def _rename_rows(sequence: PageSequence, page: dict[str, Any]) -> None:
    """Give every row other content, its id aside."""
    row_id = sequence.paged.row_id
    page[sequence.paged.items] = [
        _with_new_texts(row, row_id) for row in page[sequence.paged.items]
    ]


def _lose_rows(sequence: PageSequence, page: dict[str, Any]) -> None:
    if sequence.number == 2:
        page[sequence.paged.items] = []


def short_pages() -> Effect:
    """Clamp the page's length without saying so."""
    return _paging()


def ignored_parameter() -> Effect:
    """Answer the first page whatever page is requested."""
    return _paging(change_key=_first_key)


def same_cursor() -> Effect:
    """Repeat the cursor A for ever; where pages are numbered, the first page."""
    return _repeating(1)


def two_cursors() -> Effect:
    """Repeat the cursors A, B, A ... for ever; where pages are numbered, the pages 1, 2, 1 ..."""
    return _repeating(2)


def _repeating(count: int) -> Effect:
    change_key = partial(_repeated_key, count=count)
    return _paging(change_key=change_key, change_page=partial(_repeat_cursors, count=count))


def repeated_rows() -> Effect:
    """Send each page's last row again on the next page."""
    return _paging(change_page=_repeat_row)


def changed_rows() -> Effect:
    """Send each page's last row again on the next page, with other content."""
    return _paging(change_page=_change_row)


def renamed_rows() -> Effect:
    """Send every row with other content, its id aside."""
    return _paging(change_page=_rename_rows)


def lost_page() -> Effect:
    """Leave the second page without rows, while the list goes on."""
    return _paging(change_page=_lose_rows)
