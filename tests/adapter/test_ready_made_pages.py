"""Ready-made pagination: cursors, page numbers and ``Link`` headers, over real HTTP."""

from typing import Any

import pytest
from aiohttp import web
from msgspec import Struct

from billfold import DriftError
from billfold.adapter import Pages, cursor_pages, linked_pages, numbered_pages
from billfold.simulators import plain_json
from support.lines import answering, line


class Row(Struct, frozen=True):
    id: str


class Page(Struct, frozen=True):
    rows: tuple[Row, ...]
    next: str | None = None
    last_page: int | None = None


LIST: dict[str, Any] = {"rows": lambda page: page.rows, "row_id": lambda row: row.id}


def page(ids: str, **more: Any) -> dict[str, Any]:
    return {"rows": [{"id": letter} for letter in ids], **more}


async def read(pages: Pages[Any, Any, Any]) -> str:
    return "".join([row.id async for rows in pages for row in rows])


class Server:
    """Answers by a parameter of the query, and keeps what was requested."""

    def __init__(self, parameter: str, replies: dict[str | None, Any]) -> None:
        self.parameter, self.replies, self.requests = parameter, replies, []

    async def answer(self, request: web.Request) -> web.Response:
        self.requests.append(request.path_qs)
        reply = self.replies[request.query.get(self.parameter)]
        return plain_json(reply)


async def test_cursors_are_followed_to_the_end() -> None:
    server = Server(
        "after", {None: page("ab", next="c2"), "c2": page("c", next="c3"), "c3": page("d", next="")}
    )
    async with answering(server.answer) as url, line(url) as client:
        pages = cursor_pages(
            client, "/rows", Page, **LIST, next_cursor=lambda page: page.next,
            query=[("limit", "2")], parameter="after",
        )  # fmt: skip
        assert await read(pages) == "abcd"
    assert server.requests == ["/rows?limit=2", "/rows?limit=2&after=c2", "/rows?limit=2&after=c3"]


async def test_page_numbers_end_at_an_empty_page_never_at_a_short_one() -> None:
    server = Server("page", {"1": page("ab"), "2": page("c"), "3": page("de"), "4": page("")})
    async with answering(server.answer) as url, line(url) as client:
        assert await read(numbered_pages(client, "/rows", Page, **LIST)) == "abcde"
    assert len(server.requests) == 4


async def test_page_numbers_end_at_the_last_one_stated() -> None:
    replies = {"0": page("ab", last_page=1), "1": page("c", last_page=1)}
    server = Server("p", replies)
    async with answering(server.answer) as url, line(url) as client:
        pages = numbered_pages(
            client, "/rows", Page, **LIST, parameter="p", first=0, last=lambda page: page.last_page
        )
        assert await read(pages) == "abc"
    assert server.requests == ["/rows?p=0", "/rows?p=1"]


async def test_an_empty_page_before_the_last_one_is_a_gap() -> None:
    replies = {"1": page("a", last_page=3), "2": page("", last_page=3), "3": page("b", last_page=3)}
    async with answering(Server("page", replies).answer) as url, line(url) as client:
        pages = numbered_pages(client, "/rows", Page, **LIST, last=lambda page: page.last_page)
        assert await read(pages) == "ab"
    assert (pages.gaps, pages.doubtful) == (1, True)


@pytest.mark.parametrize("absolute", [True, False])
async def test_links_are_followed_within_the_providers_own_address(absolute: bool) -> None:
    async def answer(request: web.Request) -> web.Response:
        if request.query.get("page") == "2":
            return plain_json(page("c"))
        base = f"http://{request.host}" if absolute else ""
        return plain_json(page("ab"), headers={"Link": f'<{base}/rows?page=2>; rel="next"'})

    async with answering(answer) as url, line(url) as client:
        assert await read(linked_pages(client, "/rows", Page, **LIST)) == "abc"


async def test_a_link_that_leads_elsewhere_is_drift_and_sent_no_token() -> None:
    async def answer(request: web.Request) -> web.Response:
        headers = {"Link": '<https://elsewhere.example/rows?page=2>; rel="next"'}
        return plain_json(page("ab"), headers=headers)

    async with answering(answer) as url, line(url) as client:
        with pytest.raises(DriftError, match="not at the provider's own address"):
            await read(linked_pages(client, "/rows", Page, **LIST))


@pytest.mark.parametrize("stated", [0, -1])
async def test_a_last_page_that_is_behind_the_rows_is_not_the_last(stated: int) -> None:
    replies = {"1": page("a", last_page=stated), "2": page("b", last_page=stated), "3": page("")}
    async with answering(Server("page", replies).answer) as url, line(url) as client:
        pages = numbered_pages(client, "/rows", Page, **LIST, last=lambda page: page.last_page)
        assert await read(pages) == "ab"


async def test_a_cursor_of_zero_is_a_cursor() -> None:
    replies = {None: page("a", next="0"), "0": page("b")}
    async with answering(Server("cursor", replies).answer) as url, line(url) as client:
        number = lambda page: None if page.next is None else int(page.next)  # noqa: E731
        pages = cursor_pages(client, "/rows", Page, **LIST, next_cursor=number)
        assert await read(pages) == "ab"


@pytest.mark.parametrize(
    "replies",
    [
        {"1": page("ab", last_page=2), "2": page("ab", last_page=2)},
        {"1": page("ab", last_page=3), "2": page("c", last_page=3), "3": page("ab", last_page=3)},
        {"1": page("ab", last_page=2), "2": page("", last_page=2)},
    ],
    ids=["repeated", "first page again", "empty"],
)
async def test_a_last_page_without_anything_new_is_doubtful(replies: dict[str | None, Any]) -> None:
    async with answering(Server("page", replies).answer) as url, line(url) as client:
        pages = numbered_pages(client, "/rows", Page, **LIST, last=lambda page: page.last_page)
        await read(pages)
    assert pages.doubtful
    assert pages.note is not None


async def test_an_empty_list_of_one_page_is_not_doubtful() -> None:
    server = Server("page", {"1": page("", last_page=1)})
    async with answering(server.answer) as url, line(url) as client:
        pages = numbered_pages(client, "/rows", Page, **LIST, last=lambda page: page.last_page)
        assert await read(pages) == ""
    assert not pages.doubtful


async def test_more_pages_than_are_read_are_refused_at_once() -> None:
    server = Server("page", {"1": page("a", last_page=10**15)})
    async with answering(server.answer) as url, line(url) as client:
        pages = numbered_pages(client, "/rows", Page, **LIST, last=lambda page: page.last_page)
        with pytest.raises(DriftError, match="at most 10000 are read"):
            await read(pages)
    assert len(server.requests) == 1
