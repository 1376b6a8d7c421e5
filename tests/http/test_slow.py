"""Servers that take their time, and what a request waits for at most."""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import pytest
from attrs import evolve

from billfold import (
    Account,
    Billfold,
    CredentialsError,
    DeadlineError,
    NotFoundError,
    ProviderError,
    RateLimitedError,
    RequestError,
    RetryPolicy,
    Secret,
    State,
    TransientError,
)
from billfold.http.deadline import Deadline
from support.hurried import hold, hurried, skipped
from support.lines import TOKEN, Hello, line, tcp
from support.toys import OCTOBER, Toy, telling, usage

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
ONCE = RetryPolicy(attempts=1)


def dripping(head: str, piece: bytes = b" ", pause: float = 0.5) -> Answer:
    """Answer by a head and then a piece of body now and again, which never ends."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {head}\r\n".encode() + b"Transfer-Encoding: chunked\r\n\r\n")
        try:
            while True:
                writer.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                await writer.drain()
                await asyncio.sleep(pause)
        except ConnectionError:
            pass

    return answer


STATUSES = pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("400 Bad Request", RequestError),
        ("401 Unauthorized", CredentialsError),
        ("404 Not Found", NotFoundError),
        ("429 Too Many Requests\r\nRetry-After: 3600", RateLimitedError),
        ("503 Service Unavailable", TransientError),
        ("302 Found\r\nLocation: https://elsewhere.example", RequestError),
    ],
)


@STATUSES
@pytest.mark.parametrize("pause", [0.5, 1000], ids=["drips", "stalls"])
def test_an_error_body_is_waited_for_two_seconds_and_judged_by_its_status(
    head: str, kind: type[ProviderError], pause: float
) -> None:
    async def main() -> tuple[ProviderError, float]:
        async with tcp(dripping(head, pause=pause)) as url, line(url, policy=ONCE) as client:
            began = skipped()
            with pytest.raises(kind) as caught:
                await client.get("/hello", Hello)
            return caught.value, skipped() - began

    error, seconds = hurried(main)
    assert type(error) is kind
    assert error.status == int(head[:3])
    assert seconds <= 2


def test_a_refused_write_with_a_slow_error_body_is_refused_and_not_unknown() -> None:
    async def main() -> None:
        async with tcp(dripping("400 Bad Request")) as url, line(url) as client:
            with pytest.raises(RequestError):
                await client.send("POST", "/write")

    hurried(main)


def test_an_error_body_that_arrives_in_time_is_read() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 404 No\r\nContent-Length: 27\r\n\r\n")
        for piece in (b'{"message":', b'"that is all"}  '):
            await asyncio.sleep(0.8)
            writer.write(piece)
        await writer.drain()

    async def main() -> None:
        async with tcp(answer) as url, line(url) as client:
            with pytest.raises(NotFoundError, match="404 that is all"):
                await client.get("/hello", Hello)

    hurried(main)


@pytest.mark.parametrize(("seconds", "ends"), [(None, 60), (7, 7), (90, 90)])
def test_a_requests_own_time_can_be_set(seconds: float | None, ends: float) -> None:
    options = {} if seconds is None else {"request_timeout": seconds}

    async def main() -> float:
        loop = asyncio.get_running_loop()
        async with (
            tcp(dripping("200 OK")) as url,
            Billfold([asking(url)], retry=ONCE, **options) as fold,
        ):
            began = loop.time()
            answer = await fold.usage(OCTOBER)
            assert [row.state for row in answer.coverage] == [State.FAILED]
            assert "no answer in time" in answer.failures[0].message
            return loop.time() - began

    assert ends - 0.1 <= hurried(main) < 1.5 * ends


def test_a_request_on_a_borrowed_session_ends_by_its_own_time_after_the_fold_was_left() -> None:
    async def main() -> float:
        loop = asyncio.get_running_loop()
        async with tcp(dripping("200 OK")) as url, aiohttp.ClientSession() as session:
            fold = Billfold([asking(url)], session=session, request_timeout=7, retry=ONCE)
            async with fold:
                asked, began = asyncio.ensure_future(fold.usage(OCTOBER)), loop.time()
                await asyncio.sleep(1)
            answer = await asyncio.wait_for(asked, 300)
            assert [row.state for row in answer.coverage] == [State.FAILED]
            assert "no answer in time" in answer.failures[0].message
            return loop.time() - began

    assert 6.9 <= hurried(main) < 30


def test_an_accounts_own_time_for_a_request_comes_first() -> None:
    async def main() -> float:
        loop = asyncio.get_running_loop()
        async with (
            tcp(dripping("200 OK")) as url,
            Billfold([evolve(asking(url), request_timeout=3)], retry=ONCE) as fold,
        ):
            began = loop.time()
            await fold.usage(OCTOBER)
            return loop.time() - began

    assert 2.9 <= hurried(main) < 30  # and not the 60 that the group allows


@pytest.mark.parametrize("head", ["200 OK", "503 Service Unavailable"])
def test_a_requests_own_time_yields_to_the_deadline(head: str) -> None:
    async def main() -> float:
        async with (
            tcp(dripping(head)) as url,
            Billfold([asking(url)], request_timeout=1000) as fold,
        ):
            began = skipped()
            answer = await fold.usage(OCTOBER, deadline=1)
            assert [row.state for row in answer.coverage] == [State.TIMED_OUT]
            return skipped() - began

    assert hurried(main) <= 1


def test_what_held_the_loop_past_the_deadline_is_late() -> None:
    async def held() -> str:
        hold(20)  # as decoding would
        return "late"

    async def main() -> None:
        with pytest.raises(DeadlineError):
            await Deadline.after(10).run(held())

    hurried(main, idle=0)


def test_an_answer_that_held_the_loop_past_its_deadline_is_not_complete() -> None:
    async def tell(client: object):
        async for reading in telling(usage("1"))(client):  # type: ignore[arg-type]
            hold(20)
            yield reading

    async def main() -> None:
        async with Billfold([Account("a", Toy(tell), Secret(TOKEN))]) as fold:
            answer = await fold.usage(OCTOBER, deadline=10)
        assert [row.state for row in answer.coverage] == [State.PARTIAL]
        assert answer.items == (usage("1", account="a"),)  # which was read, and is kept
        assert not answer.complete

    hurried(main, idle=0)


def asking(url: str) -> Account:
    async def tell(client):
        await client.get("/hello", Hello)
        yield None

    return Account("a", Toy(tell), Secret(TOKEN), url)
