"""A token goes to its account's own origin, whatever a server, a proxy or the environment would like."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from billfold import Answer, Billfold, RetryPolicy
from billfold.simulators.faults import Effect, Fault
from billfold.simulators.sandbox import Served, accounts
from support.canaries import found
from support.endpoints import NOW


@asynccontextmanager
async def thief() -> AsyncIterator[tuple[str, list[bytes]]]:
    """Listen on another port, and keep whatever comes in."""
    heard: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(4096))
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}", heard
    finally:
        server.close()
        await server.wait_closed()


def pointing(code: int, headers: dict[str, str], body: bytes = b"{}") -> Effect:
    async def reply(request: web.Request, handler: object) -> web.StreamResponse:
        return web.Response(
            status=code, headers=headers, body=body, content_type="application/json"
        )

    return reply


async def asked(
    sandbox: tuple[Served, ...], session: aiohttp.ClientSession | None = None
) -> list[Answer[object]]:
    retry = RetryPolicy(attempts=2, backoff=0.001, backoff_max=0.001)
    async with Billfold(accounts(sandbox), clock=lambda: NOW, retry=retry, session=session) as fold:
        return list(
            await asyncio.gather(
                fold.usage(deadline=5), fold.balances(deadline=5), fold.check(deadline=5)
            )
        )


@pytest.mark.parametrize("code", [300, 301, 302, 303, 304, 305, 307, 308, 401, 407, 503])
@pytest.mark.parametrize("form", ["http://{}/stolen", "//{}/stolen", "http://user@{}/"])
async def test_a_server_that_points_elsewhere_is_not_followed(
    sandbox: tuple[Served, ...], code: int, form: str
) -> None:
    async with thief() as (address, heard):
        target = form.format(address)
        headers = {
            "Location": target,
            "Refresh": f"0; url={target}",
            "Content-Location": target,
            "Alt-Svc": f'h2="{address}"',
        }
        for one in sandbox:
            one.simulation.faults[:] = [Fault(pointing(code, headers))]
        answers = await asked(sandbox)
        assert not any(answer.complete for answer in answers)
    assert heard == []


async def test_a_cursor_that_is_an_address_stays_a_parameter(sandbox: tuple[Served, ...]) -> None:
    async with thief() as (address, heard):
        body = (
            b'{"data": [{"slug": "a", "name": "A"}], "items": [{"id": "a"}], "next_cursor": "http://%s/"}'
            % address.encode()
        )
        for one in sandbox:
            one.simulation.faults[:] = [
                Fault(pointing(200, {"Client": f'<http://{address}/>; rel="next"'}, body), times=8)
            ]
        await asked(sandbox)
    assert heard == []
    assert {request.host for one in sandbox for request in one.simulation.seen} == {
        one.url.removeprefix("http://") for one in sandbox
    }


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
async def test_a_proxy_of_the_environment_hears_nothing(
    sandbox: tuple[Served, ...], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    async with thief() as (address, heard):
        monkeypatch.setenv(name, f"http://{address}")
        monkeypatch.setenv("NO_PROXY", "")
        (usage, *_) = await asked(sandbox)
    assert heard == []
    assert usage.complete


async def test_cookies_are_not_kept_and_not_sent(sandbox: tuple[Served, ...]) -> None:
    for one in sandbox:
        one.simulation.faults[:] = [
            Fault(pointing(503, {"Set-Cookie": "session=stolen; Path=/"}), times=6)
        ]
    await asked(sandbox)
    assert not [
        request for one in sandbox for request in one.simulation.seen if "Cookie" in request.headers
    ]


async def test_each_token_goes_to_its_own_server_only(sandbox: tuple[Served, ...]) -> None:
    await asked(sandbox)
    for one in sandbox:
        own = {sample.token for sample in one.simulation.samples}
        others = [
            sample.token
            for other in sandbox
            for sample in other.simulation.samples
            if sample.token not in own
        ]
        assert {
            request.headers["Authorization"].removeprefix("Bearer ")
            for request in one.simulation.seen
        } <= own
        texts = [f"{request.path_qs} {request.headers}" for request in one.simulation.seen]
        assert found(others, texts) == []
        assert found(own, [request.path_qs for request in one.simulation.seen]) == []


async def test_a_borrowed_sessions_headers_and_middleware_get_no_token_elsewhere(
    sandbox: tuple[Served, ...],
) -> None:
    """The session stays the caller's: nothing of ours is left in its defaults."""
    async with aiohttp.ClientSession(headers={"X-Caller": "1"}) as session:
        await asked(sandbox, session)
        assert dict(session.headers) == {"X-Caller": "1"}
        assert list(session.cookie_jar) == []
        assert session.auth is None
