"""Faults of paging. They know from :class:`.Habits` how the provider pages, and leave other replies alone.

Pages are made as short as two rows, as a server may do without a word, so that there is more than one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web
from attrs import define, field
from yarl import URL

from billfold.simulators.faults.bodies import NEW, parse, write
from billfold.simulators.faults.fault import HABITS, Handler, Pages, Reply, route

_SHORT = 2
_MADE_UP = ("cursor-a", "cursor-b")


@define
class Walk:
    """One client's way through one list, as far as the server remembers it: page keys asked for and the last row sent."""

    number: int = 0
    keys: list[str] = field(factory=list)
    last: Any = None


Ask = Callable[[Pages, Walk, str | None], str | None]
Tell = Callable[[Pages, Walk, dict[str, Any]], None]


def _as_asked(pages: Pages, walk: Walk, key: str | None) -> str | None:
    return None if key in _MADE_UP else key


def _as_it_is(pages: Pages, walk: Walk, page: dict[str, Any]) -> None:
    pass


def paged(*, ask: Ask = _as_asked, tell: Tell = _as_it_is) -> Reply:
    """Change the key a list is asked with (``ask``), or the page that it answers (``tell``)."""
    walks: dict[str, Walk] = {}

    async def reply(request: web.Request, handler: Handler) -> web.StreamResponse:
        pages = request.app[HABITS].paging(route(request))
        if pages is None or request.method != "GET":
            return await handler(request)
        asked = request.query.get(pages.parameter)
        if asked is None or (pages.cursor is None and asked == "1"):
            walks[_of(request)] = Walk()
        walk = walks.setdefault(_of(request), Walk())
        walk.number += 1
        response = await handler(_clone(request, pages, ask(pages, walk, asked)))
        if (
            isinstance(response, web.Response)
            and isinstance(response.body, bytes)
            and response.status == 200
        ):
            page = parse(response.body)
            tell(pages, walk, page)
            response.body = write(page).encode()
        return response

    return reply


def _of(request: web.Request) -> str:
    return f"{request.path} {request.headers.get('Authorization')}"


def _clone(request: web.Request, pages: Pages, key: str | None) -> web.Request:
    url: URL = request.rel_url.update_query({pages.size: str(_SHORT)}).without_query_params(
        pages.parameter
    )
    return request.clone(rel_url=url if key is None else url.update_query({pages.parameter: key}))


def _first(pages: Pages) -> str | None:
    return None if pages.cursor else "1"


def _ignored(pages: Pages, walk: Walk, key: str | None) -> str | None:
    return _first(pages)


def _back_and_forth(pages: Pages, walk: Walk, key: str | None) -> str | None:
    if pages.cursor:
        return _as_asked(pages, walk, key)
    return "1" if walk.number % 2 else "2"


def _same_cursor(pages: Pages, walk: Walk, page: dict[str, Any]) -> None:
    _cursors(pages, walk, page, 1)


def _two_cursors(pages: Pages, walk: Walk, page: dict[str, Any]) -> None:
    _cursors(pages, walk, page, 2)


def _cursors(pages: Pages, walk: Walk, page: dict[str, Any], count: int) -> None:
    """Give out the first ``count`` cursors for ever, made-up ones where the list is one page long."""
    if pages.cursor is None:
        return
    if len(walk.keys) < count:
        walk.keys.append(page.get(pages.cursor) or _MADE_UP[len(walk.keys)])
    page[pages.cursor] = walk.keys[(walk.number - 1) % len(walk.keys)]


def _repeat(pages: Pages, walk: Walk, page: dict[str, Any]) -> None:
    """Begin each page with the last row of the one before, as when a row was added in between."""
    rows = page[pages.items]
    following = rows[-1] if rows else None
    if walk.last is not None and rows:
        rows.insert(0, walk.last)
    walk.last = following


def _change(pages: Pages, walk: Walk, page: dict[str, Any]) -> None:
    """Do the same with a row whose content is another by now."""
    if walk.last is not None:
        walk.last = _changed(walk.last, pages.ident)
    _repeat(pages, walk, page)


def _changed(row: Any, ident: str) -> Any:
    if isinstance(row, dict):
        return {
            key: value if key == ident else _changed(value, ident) for key, value in row.items()
        }
    return f"{NEW} {row}" if type(row) is str and not row[:1].isdigit() else row


def _lose(pages: Pages, walk: Walk, page: dict[str, Any]) -> None:
    """Leave the second page without rows, while the list goes on."""
    if walk.number == 2:
        page[pages.items] = []


def short_pages() -> Reply:
    """Clamp the page's length without a word."""
    return paged()


def ignored_parameter() -> Reply:
    """Answer the first page whatever page is asked."""
    return paged(ask=_ignored)


def same_cursor() -> Reply:
    """Give out the cursors A, A, ... ; where pages are numbered, the first page again and again."""
    return paged(
        ask=lambda pages, walk, key: _as_asked(pages, walk, key) if pages.cursor else "1",
        tell=_same_cursor,
    )


def two_cursors() -> Reply:
    """Give out the cursors A, B, A, ... ; where pages are numbered, the pages 1, 2, 1."""
    return paged(ask=_back_and_forth, tell=_two_cursors)


def repeated_rows() -> Reply:
    """Send each page's last row again on the next page."""
    return paged(tell=_repeat)


def changed_rows() -> Reply:
    """Send each page's last row again on the next page, with other content."""
    return paged(tell=_change)


def lost_page() -> Reply:
    """Lose the second page's rows."""
    return paged(tell=_lose)
