"""What an adapter sees of a reply beyond its body, and what it may send to read one."""

from typing import Any

import pytest
from aiohttp import web
from msgspec import Struct

from billfold import DriftError
from billfold.adapter import ApiKey, Basic, Bearer
from billfold.simulators import plain_json
from support.lines import TOKEN, answering, line


class Found(Struct, frozen=True):
    rows: tuple[int, ...]


async def test_headers_and_links_come_with_the_body() -> None:
    async def answer(request: web.Request) -> web.Response:
        headers = {
            "X-Total-Count": "7",
            "Link": '</rows?page=2>; rel="next", </rows?page=4>; rel="last"',
        }
        return plain_json({"rows": [1]}, headers=headers)

    async with answering(answer) as url, line(url) as client:
        reply = await client.fetch("/rows", Found)
    assert reply.body == Found((1,))
    assert reply.headers["x-total-count"] == "7"
    assert reply.links == {"next": f"{url}/rows?page=2", "last": f"{url}/rows?page=4"}


async def test_a_reply_without_links_has_none() -> None:
    async def answer(request: web.Request) -> web.Response:
        return plain_json({"rows": []})

    async with answering(answer) as url, line(url) as client:
        assert (await client.fetch("/rows", Found)).links == {}


async def test_a_query_may_be_posted_and_is_repeated_like_a_read() -> None:
    seen: list[Any] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append((request.method, request.content_type, await request.json()))
        return plain_json({"rows": [1, 2]}) if len(seen) > 1 else web.Response(status=503)

    async with answering(answer) as url, line(url) as client:
        reply = await client.post_query("/query", Found, {"month": "2026-10"})
    assert reply.body == Found((1, 2))
    assert seen == [("POST", "application/json", {"month": "2026-10"})] * 2


async def test_no_content_is_nothing_where_the_shape_allows_it() -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=204)

    async with answering(answer) as url, line(url) as client:
        assert await client.get("/rows", Found | None) is None
        with pytest.raises(DriftError, match="got `null`"):
            await client.get("/rows", Found)


@pytest.mark.parametrize(
    ("auth", "headers"),
    [
        (Bearer(), {"Authorization": f"Bearer {TOKEN}"}),
        (ApiKey("X-Api-Key"), {"X-Api-Key": TOKEN}),
        (Basic("user"), {}),
    ],
)
async def test_a_request_carries_the_token_as_declared(auth: Any, headers: dict[str, str]) -> None:
    seen: list[web.Request] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(request)
        return plain_json({"rows": []})

    async with answering(answer) as url, line(url, auth=auth) as client:
        await client.get("/rows", Found)
    (request,) = seen
    assert auth.token_of(request.headers) == TOKEN
    assert {name: request.headers.get(name) for name in headers} == headers
    assert ("Authorization" in request.headers) is not isinstance(auth, ApiKey)


async def test_a_url_that_a_provider_names_leads_to_its_own_address_only() -> None:
    async with line("http://127.0.0.1:1/base") as client:
        assert client.relative("/base/rows?page=2") == ("/rows", [("page", "2")])
        assert client.relative("http://127.0.0.1:1/base/rows") == ("/rows", [])
        for elsewhere in (
            "http://127.0.0.1:2/base/rows",
            "//evil.example/rows",
            "/rows",
            "http://[",
            "/base/../x",
        ):
            with pytest.raises(DriftError, match="names a URL"):
                client.relative(elsewhere)
