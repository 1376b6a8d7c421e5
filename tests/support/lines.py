"""A line to a real local server that misbehaves as told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import msgspec
from aiohttp import web

from billfold import RetryPolicy, Secret
from billfold.http.client import Client
from billfold.http.transport import Transport
from billfold.http.urls import parse_base_url
from billfold.simulators.faults import Fault
from billfold.simulators.simulation import Sample, Simulation, plain_json
from billfold.wire import Problem

TOKEN = "token-that-tests-send-0123456789"
QUICK = RetryPolicy(backoff=0.001, backoff_max=0.002, patience=5)


class Hello(msgspec.Struct, frozen=True):
    hello: str


def problem(body: bytes) -> Problem:
    """Read ``{"code", "message", "request_id", "wait"}``, as an adapter's would."""
    try:
        told = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return Problem()
    if not isinstance(told, dict):
        return Problem()
    wait = told.get("wait")
    seconds = None if wait is None else float(wait)
    return Problem(told.get("code"), told.get("message"), told.get("request_id"), seconds)


async def hello(request: web.Request) -> web.Response:
    return plain_json({"hello": "world", "query": str(request.query_string)})


def server(
    *faults: Fault, **handlers: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> Simulation:
    """Answer every method and path with hello, ``/<name>`` with the handler of that name, and do wrong as told."""
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
    """Connect a client, with quick retries, to a base URL; options are the transport's by name, the rest the link's."""
    common = {"policy": QUICK, "concurrency": 64}
    common |= {
        key: options.pop(key)
        for key in ("policy", "max_body", "clock", "concurrency")
        if key in options
    }
    async with Transport.over(session, **common) as transport:
        yield Client(
            transport, "toy", "acct", parse_base_url(url), Secret(TOKEN), problem, **options
        )


@asynccontextmanager
async def tcp(
    answer: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]], port: int = 0
) -> AsyncIterator[str]:
    """Serve bare TCP on loopback, for what no web server would send."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await answer(reader, writer)
        finally:
            writer.close()

    serving = await asyncio.start_server(handle, "127.0.0.1", port)
    try:
        yield f"http://127.0.0.1:{serving.sockets[0].getsockname()[1]}"
    finally:
        serving.close()
        await serving.wait_closed()


@asynccontextmanager
async def answering(
    answer: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> AsyncIterator[str]:
    """Serve every path and method by one handler on loopback, and give its base URL."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
