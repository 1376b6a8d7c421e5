"""Replies that are small on the way and large in memory, from a real server."""

import asyncio
import gzip
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from itertools import count

import pytest
from aiohttp import web

from billfold import Account, Billfold, DriftError, Secret, State, TooLargeError
from billfold.adapter import Reading
from support.lines import QUICK, TOKEN, Hello, answering, line
from support.toys import OCTOBER, Toy, usage

MIB = 1024 * 1024


def bomb(size: int) -> bytes:
    """Make a body of nothing but lists: 56 bytes of memory for each 3."""
    return b'{"hello": "world", "x": [' + b"[]," * (size // 3) + b"[]]}"


@asynccontextmanager
async def sending(body: bytes, coding: str | None = None) -> AsyncIterator[str]:
    async def answer(request: web.Request) -> web.Response:
        headers = {"Content-Type": "application/json"}
        if coding is not None and request.path == "/hello":
            headers["Content-Encoding"] = coding
        small = b'{"hello": "world"}'
        return web.Response(body=body if request.path == "/hello" else small, headers=headers)

    async with answering(answer) as url:
        yield url


def greeting(name: str, url: str, path: str) -> Account:
    async def greet(client):
        await client.get(path, Hello)
        yield None

    return Account(name, Toy(greet), Secret(TOKEN), url)


async def test_a_bomb_in_gzip_is_refused_with_a_sentence_and_costs_neither_memory_nor_neighbour() -> (
    None
):
    packed = gzip.compress(bomb(60 * MIB))
    assert len(packed) < 128 * 1024
    async with sending(packed, "gzip") as url:
        accounts = [greeting("bomb", url, "/hello"), greeting("neighbour", url, "/other")]
        async with Billfold(accounts, retry=QUICK) as fold:
            tracemalloc.start()
            try:
                answer = await fold.usage(OCTOBER, deadline=20)
                peak = tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()
    assert [row.state for row in answer.coverage] == [State.FAILED, State.COMPLETE]
    (failure,) = answer.failures
    assert isinstance(failure, DriftError)
    assert "unpacks to over 100 times its size" in failure.message
    assert peak < 32 * MIB


async def test_a_reply_of_too_many_values_is_refused_before_it_is_decoded() -> None:
    async with sending(bomb(20 * MIB)) as url, line(url) as client:
        tracemalloc.start()
        try:
            with pytest.raises(TooLargeError) as caught:
                await client.get("/hello", Hello)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert caught.value.message == (
        "the reply has over 2.1 million keys and values, more than are read at once; "
        "half the period has a smaller one"
    )
    assert peak < 96 * MIB  # the body, its pieces and the server's own, but no list of it


async def test_a_write_is_answered_by_no_bomb_either() -> None:
    async with sending(bomb(20 * MIB)) as url, line(url) as client:
        with pytest.raises(TooLargeError):
            await client.send("POST", "/hello")


@pytest.mark.parametrize("size", [3 * MIB, 9 * MIB])
async def test_a_large_reply_of_few_values_is_read(size: int) -> None:
    body = b'{"hello": "' + b"a" * size + b'"}'
    async with sending(body) as url, line(url) as client:
        assert len((await client.get("/hello", Hello)).hello) == size


async def test_a_small_reply_may_unpack_to_any_size_up_to_a_mebibyte() -> None:
    body = b'{"hello": "world"}'.ljust(MIB)
    packed = gzip.compress(body)
    assert len(packed) * 100 < MIB
    async with sending(packed, "gzip") as url, line(url) as client:
        assert await client.get("/hello", Hello) == Hello("world")


async def test_a_larger_body_may_be_allowed_and_more_values_with_it() -> None:
    async with sending(bomb(3 * MIB)) as url:
        async with line(url, max_body=4 * MIB) as client:
            with pytest.raises(TooLargeError, match="keys and values"):
                await client.get("/hello", Hello)
        async with line(url, max_body=64 * MIB) as client:
            assert await client.get("/hello", Hello) == Hello("world")


async def test_large_bodies_under_way_are_few_at_a_time() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for piece in (b'{"hello": "', b"a" * 2 * MIB, b'"}'):
            await response.write(piece)
            await asyncio.sleep(0.05)
        return response

    async with answering(answer) as url, line(url, at_once=12) as client:
        large, most = client.exchange.transport.large, 0

        async def watch() -> None:
            nonlocal most
            while True:
                most = max(most, large.total - large.free)
                await asyncio.sleep(0)

        watching = asyncio.create_task(watch())
        replies = await asyncio.gather(*(client.get("/hello", Hello) for _ in range(12)))
        watching.cancel()
    assert {len(reply.hello) for reply in replies} == {2 * MIB}
    assert (most, large.free) == (4, 4)


@pytest.mark.parametrize("end", ['"}', '", "hello": "again"}'], ids=["read", "drift"])
@pytest.mark.parametrize("size", [1, MIB])
async def test_other_work_has_its_turn_while_a_large_body_is_decoded(size: int, end: str) -> None:
    body = '{"hello": "' + "a" * size + end
    async with sending(body.encode()) as url, line(url) as client:
        places, large, turns = client.exchange.places, client.exchange.large, 0

        async def other_work() -> None:
            nonlocal turns
            while True:
                turns += large.used > places.used  # the body was read, and keeps its place
                await asyncio.sleep(0)

        working = asyncio.create_task(other_work())
        with suppress(DriftError):
            await client.get("/hello", Hello)
        working.cancel()
        assert (turns >= 4, large.used) == (size == MIB, 0)


async def test_a_large_body_that_fails_gives_its_place_back() -> None:
    async with sending(bomb(20 * MIB)) as url, line(url) as client:
        for _ in range(6):
            with pytest.raises(TooLargeError):
                await client.get("/hello", Hello)
        assert client.exchange.transport.large.free == 4


def pages(url: str) -> Account:
    """Make an account that reads a page of a MiB after another, for ever."""

    numbers = count()

    async def tell(client):
        while True:
            reply = await client.get("/hello", Hello)
            yield Reading((usage("1", name=f"p{len(reply.hello)}-{next(numbers)}-"),), OCTOBER)

    return Account("a", Toy(tell), Secret(TOKEN), url)


async def test_the_pages_of_a_call_are_bounded_together_and_those_read_are_kept() -> None:
    body = b'{"hello": "' + b"a" * MIB + b'"}'
    async with (
        sending(body) as url,
        Billfold([pages(url)], retry=QUICK, max_body=2 * MIB) as fold,
    ):
        for _ in range(2):  # each call anew
            answer = await fold.usage(OCTOBER, deadline=3600)  # or it never ends
            assert [row.state for row in answer.coverage] == [State.PARTIAL]
            (failure,) = answer.failures
            assert isinstance(failure, TooLargeError)
            assert "over 32 MiB together" in failure.message
            assert len(answer.items) == 31


async def test_a_flow_holds_nothing_and_has_no_such_bound() -> None:
    body = b'{"hello": "' + b"a" * MIB + b'"}'
    async with (
        sending(body) as url,
        Billfold([pages(url)], retry=QUICK, max_body=2 * MIB) as fold,
        aclosing(aiter(fold.charges(OCTOBER))) as charges,
    ):
        seen = 0
        async for _ in charges:
            seen += 1
            if seen == 40:
                break
