"""What an adapter sees of a reply beyond its body, and what it may send to read one."""

from decimal import Decimal
from typing import Any

import pytest
from aiohttp import web
from msgspec import Struct
from yarl import URL

from billfold import ConfigError, DriftError, ForbiddenError, ProviderError
from billfold.adapter import ApiKey, Basic, Bearer
from billfold.http.urls import parse_links
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
        with pytest.raises(DriftError, match=r"the reply is empty \(204"):
            await client.get("/rows", Found)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (200, []),
        (202, ["/rows was answered with 202 Accepted, so its answer may not be ready"]),
        (203, []),
        (207, ["/rows was answered with 207 Multi-Status, of which parts may have failed"]),
    ],
)
async def test_a_status_that_says_that_an_answer_is_not_whole_is_a_gap(
    status: int, said: list[str]
) -> None:
    async def answer(request: web.Request) -> web.Response:
        return plain_json({"rows": []}, status=status)

    async with answering(answer) as url, line(url) as client:
        assert await client.get("/rows", Found) == Found(())
        assert [remark.text for remark in client.remarks if remark.gap] == said


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


@pytest.mark.parametrize(
    ("header", "links"),
    [
        ('</a?x=1,2>; rel="next", </b>; rel="prev"', {"next": "/a?x=1,2", "prev": "/b"}),
        ('</a>; title="x, y"; rel="next last"', {"next": "/a", "last": "/a"}),
        ("</a>; REL=Next", {"next": "/a"}),
        ('</a>; rel="next", </b>; rel="next"', {"next": "/a"}),
        ('</a>; rel="next"; title="rel=last"', {"next": "/a"}),
        ("</a>", {}),
        ("nonsense", {}),
        ("", {}),
    ],
)
def test_links_are_read_as_the_rfc_writes_them(header: str, links: dict[str, str]) -> None:
    url = URL("https://api.example/rows")
    read = parse_links([header], url)
    assert read == {rel: f"https://api.example{path}" for rel, path in links.items()}


async def test_a_link_that_cannot_be_read_hurts_only_who_follows_it() -> None:
    async def answer(request: web.Request) -> web.Response:
        return plain_json({"rows": [1]}, headers={"Link": '<http://[::1>; rel="help"'})

    async with answering(answer) as url, line(url) as client:
        reply = await client.fetch("/rows", Found)
        with pytest.raises(DriftError, match="names a URL"):
            client.relative(reply.links["help"])


async def test_a_token_that_the_reply_to_a_write_repeats_is_masked() -> None:
    async def answer(request: web.Request) -> web.Response:
        return plain_json({"echo": request.headers["Authorization"]})

    async with answering(answer) as url, line(url) as client:
        body = await client.send("POST", "/methods", {"amount": Decimal("1.50")})
    assert body == b'{"echo":"Bearer ***"}'


@pytest.mark.parametrize("name", ["", "X-A\r\nX-B", "X A", "Accept", "host"])
def test_an_api_key_is_sent_in_a_header_of_its_own(name: str) -> None:
    with pytest.raises(ConfigError, match="no header that an API key can be sent in"):
        ApiKey(name)


async def test_a_posted_query_says_so_where_a_charge_came_from() -> None:
    async with line("http://127.0.0.1:1/base") as client:
        assert client.source("/query", (("page", "2"),), "POST") == "POST /base/query?page=2"


@pytest.mark.parametrize("status", [204, 404, 410])
async def test_what_is_lawfully_not_there_is_none(status: int) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status)

    async with answering(answer) as url, line(url) as client:
        assert await client.get_or_none("/rows", Found) is None


async def test_what_is_there_is_decoded_and_other_errors_are_raised() -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=403) if request.path == "/no" else plain_json({"rows": [1]})

    async with answering(answer) as url, line(url) as client:
        assert await client.get_or_none("/rows", Found) == Found((1,))
        with pytest.raises(ForbiddenError):
            await client.get_or_none("/no", Found)


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        ({"Message": "Endpoint request timed out"}, DriftError, "Endpoint request timed out"),
        ({"msg": "down", "code": -1}, DriftError, "down"),
        ({"result": "failure", "reason": "down"}, DriftError, "down"),
        ({"response": {"error": "down"}}, ProviderError, "down"),
        ({"meta": {"error": "down"}}, ProviderError, "down"),
        ({"Error": "down"}, ProviderError, "down"),
        ({"errorMessages": ["down"], "errors": {}}, ProviderError, "down"),
        ({"responseStatus": {"errorCode": "X", "message": "down"}}, ProviderError, "down"),
        ([{"code": "X", "message": "down"}], ProviderError, "down"),
        ("down", DriftError, "down"),
    ],
)
async def test_a_body_of_nothing_but_words_fails_with_them(
    body: Any, kind: type[ProviderError], said: str
) -> None:
    async def answer(request: web.Request) -> web.Response:
        return plain_json(body)

    async with answering(answer) as url, line(url) as client:
        with pytest.raises(kind, match=said):
            await client.get("/rows", Found)


@pytest.mark.parametrize(
    "body",
    [{"lines": [1], "message": "down"}, [{"lines": [1], "message": "down"}, {"message": "down"}]],
)
async def test_a_body_with_data_that_do_not_fit_has_no_words_of_an_error(body: Any) -> None:
    async def answer(request: web.Request) -> web.Response:
        return plain_json(body)

    async with answering(answer) as url, line(url) as client:
        with pytest.raises(DriftError) as caught:
            await client.get("/rows", Found)
    assert "down" not in caught.value.message
