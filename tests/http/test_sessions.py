"""Whatever a borrowed session raises stays in its account, and its own credentials go nowhere."""

import asyncio
import warnings
from pathlib import Path
from typing import Any, cast

import aiohttp
import pytest
from aiohttp import web

from billfold import (
    Account,
    Billfold,
    DriftError,
    OutcomeUnknownError,
    ProviderError,
    Secret,
    SessionError,
    State,
)
from billfold.adapter import ApiKey
from billfold.simulators import plain_json, serving
from support.lines import TOKEN, Hello, answering, line, server, tcp
from support.toys import OCTOBER, Toy, fold_of_toys, telling, usage


@pytest.fixture
def netrc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A netrc file with credentials for every host."""
    file = tmp_path / "netrc"
    file.write_text("default login anonymous password of-the-netrc\n")
    file.chmod(0o600)
    monkeypatch.setenv("NETRC", str(file))


async def headers_of(session: aiohttp.ClientSession, **options: Any) -> Any:
    """Ask over a session once, and return the headers that arrived."""
    simulation = server()
    async with serving(simulation) as url, line(url, session, **options) as client:
        assert await client.get("/hello", Hello) == Hello("world")
    (request,) = simulation.seen
    return request.headers


@pytest.mark.usefixtures("netrc")
async def test_a_netrc_is_not_applied() -> None:
    async with aiohttp.ClientSession(trust_env=True) as session:
        assert (await headers_of(session)).getall("Authorization") == [f"Bearer {TOKEN}"]


OWN = pytest.mark.parametrize(
    "own",
    [
        {"auth": ("me", "pw")},
        {"headers": {"Authorization": "Basic bWU6cHc="}},
    ],
)


def session_with(own: dict[str, Any], **options: Any) -> aiohttp.ClientSession:
    """Open a session with credentials of its own, in the way aiohttp would drop some day, too."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        if "auth" in own:
            own = {"auth": aiohttp.BasicAuth(*own["auth"])}
        return aiohttp.ClientSession(**own, **options)


@OWN
async def test_a_sessions_own_credentials_are_not_sent(own: dict[str, Any]) -> None:
    async with session_with(own) as session:
        assert (await headers_of(session)).getall("Authorization") == [f"Bearer {TOKEN}"]


@pytest.mark.usefixtures("netrc")
@pytest.mark.parametrize("own", [{"trust_env": True}, {"headers": {"Authorization": "Basic x"}}])
async def test_an_account_with_an_api_key_sends_no_other_credentials_either(
    own: dict[str, Any],
) -> None:
    seen: list[Any] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append((request.headers.getall("X-Api-Key"), "Authorization" in request.headers))
        return plain_json({"hello": "world"})

    async with (
        aiohttp.ClientSession(**own) as session,
        answering(answer) as url,
        line(url, session, auth=ApiKey("X-Api-Key")) as client,
    ):
        await client.get("/hello", Hello)
    assert seen == [([TOKEN], False)]


async def test_a_sessions_middlewares_see_reads_and_writes() -> None:
    seen: list[str] = []

    async def watch(
        request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        seen.append(request.method)
        return await handler(request)

    for own in ({}, {"auth": ("me", "pw")}):
        async with (
            session_with(own, middlewares=[watch]) as session,
            serving(server()) as url,
            line(url, session) as client,
        ):
            await client.get("/hello", Hello)
            await client.send("POST", "/hello")
    assert seen == ["GET", "POST"] * 2


async def test_a_closed_session_fails_each_account_with_a_sentence() -> None:
    session = aiohttp.ClientSession()
    await session.close()
    simulation = server()
    async with serving(simulation) as url:
        accounts = [Account(name, Greeting(), Secret(TOKEN), url) for name in ("a", "b")]
        async with Billfold(accounts, session=session) as fold:
            answer = await fold.usage()
    assert [(type(each), each.message) for each in answer.failures] == [
        (SessionError, "127.0.0.1: the session that was given cannot be used: it is closed")
    ] * 2
    assert [row.state for row in answer.coverage] == [State.FAILED] * 2


async def test_what_is_no_session_fails_its_accounts_with_a_sentence() -> None:
    accounts = [Account("a", Greeting(), Secret(TOKEN), "http://127.0.0.1:1")]
    async with Billfold(accounts, session=cast(Any, "a session")) as fold:
        (failure,) = (await fold.usage()).failures
    assert isinstance(failure, SessionError)
    assert failure.message.startswith("127.0.0.1: the session that was given cannot be used: 'str'")


def Greeting() -> Toy:
    async def greet(client: Any) -> Any:
        await client.get("/hello", Hello)
        yield None

    return Toy(greet)


async def raising(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    raise KeyError(f"no {request.headers['Authorization']} in the vault")


async def test_what_a_middleware_raises_fails_the_account_once_and_shows_no_token() -> None:
    async with (
        aiohttp.ClientSession(middlewares=[raising]) as session,
        serving(server()) as url,
        line(url, session) as client,
    ):
        with pytest.raises(SessionError) as caught:
            await client.get("/hello", Hello)
    error: BaseException | None = caught.value
    assert error.message == (
        "127.0.0.1: the session that was given cannot be used: 'no Bearer *** in the vault'"
    )
    while error is not None:
        assert TOKEN not in repr(error)
        error = error.__cause__ or error.__context__


async def test_an_odd_session_fails_its_own_account_and_no_other() -> None:
    async with aiohttp.ClientSession(middlewares=[raising]) as session, serving(server()) as url:
        toys = [Account("a", Toy(telling(usage("1"))), Secret(TOKEN), url)]
        odd = [Account("b", Greeting(), Secret(TOKEN), url)]
        async with Billfold([*toys, *odd], session=session) as fold:
            answer = await fold.usage(OCTOBER)
    assert [row.state for row in answer.coverage] == [State.COMPLETE, State.FAILED]


async def test_a_write_that_a_session_breaks_after_sending_may_have_happened() -> None:
    async def break_after(
        request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        await handler(request)
        raise RuntimeError("odd")

    for middleware, outcome in ((break_after, OutcomeUnknownError), (raising, SessionError)):
        async with (
            serving(server()) as url,
            aiohttp.ClientSession(middlewares=[middleware]) as session,
            line(url, session) as client,
        ):
            with pytest.raises(outcome):
                await client.send("POST", "/x")


async def test_a_session_of_another_loop_fails_with_a_sentence() -> None:
    async with aiohttp.ClientSession() as session, serving(server()) as url:

        async def ask() -> Any:
            async with fold_of_toys(Greeting().tell, url=url, session=session) as fold:
                return await fold.usage(deadline=5)

        answer = await asyncio.to_thread(asyncio.run, ask())
    (failure,) = answer.failures
    assert isinstance(failure, ProviderError)
    assert "127.0.0.1: " in failure.message


# -- headers


@pytest.mark.parametrize("size", [9_000, 60_000])
async def test_a_long_header_is_read(size: int) -> None:
    async def answer(request: web.Request) -> web.Response:
        return plain_json({"hello": "world"}, headers={"Content-Security-Policy": "a" * size})

    async with answering(answer) as url, line(url) as client:
        assert await client.get("/hello", Hello) == Hello("world")
        async with aiohttp.ClientSession() as session, line(url, session) as borrowed:
            assert await borrowed.get("/hello", Hello) == Hello("world")


async def test_a_header_of_over_64_kib_is_told_and_asked_once() -> None:
    asked = 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 70_000 + b"\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    async with tcp(answer) as url, line(url) as client:
        with pytest.raises(DriftError, match="a response header is over 64 KiB"):
            await client.get("/hello", Hello)
    assert asked == 1
