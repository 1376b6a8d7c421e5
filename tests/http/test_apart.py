"""A connection is one credential's, and one on which something unasked arrived is not used."""

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager

import aiohttp
import pytest
from yarl import URL

from billfold.http.client import Client
from support.lines import Hello, line, tcp

BOTH = pytest.mark.parametrize("borrowed", [False, True], ids=["own session", "borrowed session"])


def reply(text: str) -> bytes:
    body = f'{{"hello": "{text}"}}'.encode()
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


class Chatty:
    """Answers each request with its connection's number, and the first with one more, later."""

    def __init__(self, later: float = 0.02) -> None:
        self.later = later
        self.connections = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number, said = self.connections, False
        while await reader.readline():
            while (await reader.readline()).strip():
                pass
            writer.write(reply(f"connection {number}"))
            if number == 1 and not said:
                said = True
                await asyncio.sleep(self.later)
                writer.write(reply("999,999.00 USD"))


@asynccontextmanager
async def clients(url: str, count: int, borrowed: bool) -> AsyncIterator[list[Client]]:
    """Connect clients of a credential each over one session."""
    async with AsyncExitStack() as stack:
        if borrowed:
            session = await stack.enter_async_context(aiohttp.ClientSession())
        else:
            first = await stack.enter_async_context(line(url))
            session = first.exchange.transport.session
        yield [await stack.enter_async_context(line(url, session)) for _ in range(count)]


@BOTH
async def test_a_reply_to_nobody_is_not_the_next_credentials_answer(borrowed: bool) -> None:
    chatty = Chatty()
    async with tcp(chatty.answer) as url, clients(url, 2, borrowed) as (one, other):
        assert await one.get("/a", Hello) == Hello("connection 1")
        await asyncio.sleep(0.1)
        assert await other.get("/b", Hello) == Hello("connection 2")


@BOTH
async def test_a_connection_with_an_unasked_reply_is_not_used_again(borrowed: bool) -> None:
    chatty = Chatty()
    async with tcp(chatty.answer) as url, clients(url, 1, borrowed) as (client,):
        assert await client.get("/a", Hello) == Hello("connection 1")
        await asyncio.sleep(0.1)
        assert await client.get("/b", Hello) == Hello("connection 2")
        assert await client.send("POST", "/c") == b'{"hello": "connection 2"}'


@BOTH
async def test_two_credentials_share_no_connection(borrowed: bool) -> None:
    chatty = Chatty(later=10)
    chatty.connections = 1
    async with tcp(chatty.answer) as url, clients(url, 2, borrowed) as (one, other):
        for _ in range(3):
            assert await one.get("/a", Hello) == Hello("connection 2")
            assert await other.get("/a", Hello) == Hello("connection 3")


@BOTH
async def test_a_proxys_connections_are_a_credentials_own_too(borrowed: bool) -> None:
    asked: list[str] = []
    chatty = Chatty()

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readline()).decode())
        await chatty.answer(reader, writer)

    async with tcp(proxy) as url, aiohttp.ClientSession() as session:
        given = session if borrowed else None
        async with (
            line("http://127.0.0.1:1", given, proxy=URL(url)) as one,
            line("http://127.0.0.1:1", session, proxy=URL(url)) as other,
        ):
            assert await one.get("/a", Hello) == Hello("connection 1")
            await asyncio.sleep(0.1)
            assert await other.get("/b", Hello) == Hello("connection 2")
            assert await one.get("/c", Hello) == Hello("connection 3")
    assert asked == [f"GET http://127.0.0.1:1/{path} HTTP/1.1\r\n" for path in "abc"]


@contextmanager
def threaded(said: threading.Event) -> Iterator[str]:
    """Serve as Chatty does, but from a thread, which does not wait for the loop."""
    listening, kept = socket.create_server(("127.0.0.1", 0)), ExitStack()

    def serve() -> None:
        for number in (1, 2):
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            kept.enter_context(connection)
            connection.recv(65536)
            connection.sendall(reply(f"connection {number}"))
            if number == 1:
                said.wait(60)
                connection.sendall(reply("999,999.00 USD"))
                said.clear()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()
        kept.close()


async def test_an_unasked_reply_that_the_loop_has_not_seen_yet_is_found() -> None:
    said = threading.Event()
    with threaded(said) as url:
        async with line(url) as client:
            assert await client.get("/a", Hello) == Hello("connection 1")
            said.set()
            while said.is_set():
                time.sleep(0.01)  # noqa: ASYNC251 - the loop has to be held
            assert await client.get("/b", Hello) == Hello("connection 2")


async def test_connections_that_wait_do_not_add_up_over_credentials() -> None:
    chatty = Chatty(later=10)
    chatty.connections = 1
    async with tcp(chatty.answer) as url, clients(url, 100, True) as many:
        for client in many:
            await client.get("/a", Hello)
        connector = many[0].exchange.transport.session.connector
        assert connector is not None
        assert len(connector._conns) <= 65


class Spoiling:
    """Answers each request on its connection, and can say more on any of them, unasked."""

    def __init__(self) -> None:
        self.writers: list[asyncio.StreamWriter] = []
        self.together = asyncio.Barrier(3)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        number, first = len(self.writers), True
        while await reader.readline():
            while (await reader.readline()).strip():
                pass
            if first and number <= 3:
                await self.together.wait()
            first = False
            writer.write(reply(f"connection {number}"))


@pytest.mark.parametrize("spoilt", [(), (0,), (1,), (0, 1), (0, 1, 2)])
async def test_of_several_that_wait_the_one_that_is_used_holds_nothing(
    spoilt: tuple[int, ...],
) -> None:
    spoiling = Spoiling()
    async with tcp(spoiling.answer) as url, clients(url, 1, borrowed=False) as (client,):
        await asyncio.gather(*(client.get("/hello", Hello) for _ in range(3)))
        for at in spoilt:
            spoiling.writers[at].write(reply("999,999.00 USD"))
        await asyncio.sleep(0.05)
        for _ in range(4):
            assert (await client.get("/hello", Hello)).hello.startswith("connection ")
