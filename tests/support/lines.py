"""A link to a real local server that misbehaves on purpose."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import msgspec
from aiohttp import web

from billfold import RetryPolicy, Secret
from billfold.accounts.account import HeldToken
from billfold.http.client import Client
from billfold.http.exchange import Exchange
from billfold.http.login import Login
from billfold.http.transport import Transport
from billfold.http.urls import parse_base_url
from billfold.simulators import Sample, Simulation, plain_json
from billfold.simulators.faults import Fault
from billfold.simulators.serving import listening
from billfold.wire import Problem

TOKEN = "token-that-tests-send-0123456789"
QUICK = RetryPolicy(backoff=0.001, backoff_max=0.002, patience=5)


class Hello(msgspec.Struct, frozen=True):
    hello: str


def problem(body: bytes) -> Problem:
    """Read ``{"code", "message", "request_id", "wait"}``, as an adapter's would."""
    try:
        fields = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return Problem()
    if not isinstance(fields, dict):
        return Problem()
    wait = fields.get("wait")
    seconds = None if wait is None else float(wait)
    return Problem(fields.get("code"), fields.get("message"), fields.get("request_id"), seconds)


async def hello(request: web.Request) -> web.Response:
    return plain_json({"hello": "world", "query": str(request.query_string)})


def server(
    *faults: Fault, **handlers: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> Simulation:
    """Serve hello on every method and path, and on ``/<name>`` the handler of that name.

    The faults are done to their replies.
    """
    routes = [web.route("*", f"/{name}", handler) for name, handler in handlers.items()]
    routes.append(web.route("*", "/{rest:.*}", hello))
    return Simulation(
        "toy",
        (Sample("a", TOKEN),),
        routes,
        lambda code: plain_json({"code": "refused"}, status=code),
        faults=list(faults),
    )


@asynccontextmanager
async def line(
    url: str, session: aiohttp.ClientSession | None = None, **options: Any
) -> AsyncIterator[Client]:
    """Connect a client, with quick retries, to a base URL.

    Options are the transport's or the login's where they have one of that name, else the client's.
    """
    transport_options: dict[str, Any] = {"policy": QUICK, "concurrency": 64}
    for name in ("policy", "max_body", "clock", "concurrency"):
        if name in options:
            transport_options[name] = options.pop(name)
    base_url = parse_base_url(url)
    login_options: dict[str, Any] = {"source": HeldToken(Secret(TOKEN))}
    for name in ("source", "auth", "headers", "limiter"):
        if name in options:
            login_options[name] = options.pop(name)
    login = Login(origin=base_url.origin(), **login_options)
    async with Transport.over(session, **transport_options) as transport:
        mine = {name: options.pop(name) for name in ("proxy", "at_once") if name in options}
        exchange = Exchange(transport, "toy", "acct", base_url, login, problem, **mine)
        yield Client(exchange, **options)


@asynccontextmanager
async def tcp(
    answer: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
    bound: socket.socket | None = None,
) -> AsyncIterator[str]:
    """Serve bare TCP on loopback, on a socket of its own if none is given.

    It is for what no web server would send.
    """

    opened: list[asyncio.WriteTransport] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened.append(writer.transport)
        try:
            await answer(reader, writer)
        except asyncio.CancelledError:
            pass  # the loop ends with a reply under way, which Python 3.11 logs as a failure
        finally:
            writer.close()

    serving = await asyncio.start_server(
        handle, sock=bound or socket.create_server(("127.0.0.1", 0))
    )
    try:
        yield f"http://127.0.0.1:{serving.sockets[0].getsockname()[1]}"
    finally:
        asyncio.get_running_loop().remove_reader(serving.sockets[0])
        for _ in range(4):  # in which what was accepted is opened
            await asyncio.sleep(0)
        serving.close()
        await serving.wait_closed()
        for each in opened:  # one with unsent bytes would wait for its peer beyond the loop
            each.abort()
        await asyncio.sleep(0)  # in which they are closed


@asynccontextmanager
async def answering(
    answer: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> AsyncIterator[str]:
    """Serve every path and method by one handler on loopback, and give its base URL."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        async with listening(runner, listener):
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
