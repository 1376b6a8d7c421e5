"""What the adapters' simulators share: an application on loopback, bearer tokens, and faults to switch on.

An adapter's package registers ``simulate(now) -> Simulation`` under the entry-point group ``billfold.simulators``.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from importlib.metadata import entry_points
from typing import Any

from aiohttp import web
from attrs import define, field, frozen

from billfold.period import utc

GROUP = "billfold.simulators"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Reply = Callable[[web.Request, Handler], Awaitable[web.StreamResponse]]
Refuse = Callable[[int], web.Response]


@frozen
class Sample:
    """An account that a simulator knows: its name and settings as ``billfold.toml`` has them, and its token."""

    name: str
    token: str
    settings: Mapping[str, Any] = field(factory=dict)


@define
class Fault:
    """One thing that goes wrong: ``reply`` answers instead of the provider.

    ``at`` is a part of the path, ``skip`` lets that many matching requests through first, ``times`` is how often it happens
    (None: always).
    """

    reply: Reply
    at: str = "/"
    skip: int = 0
    times: int | None = None

    def strikes(self, request: web.Request) -> bool:
        """Tell whether this request is hit, and count it."""
        if self.at not in request.path or self.times == 0:
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True


@define
class Simulation:
    """A fake of one provider: deterministic data, real habits. ``seen`` logs every request, for tests to look at."""

    provider: str
    samples: tuple[Sample, ...]
    routes: list[web.RouteDef]
    refuse: Refuse
    faults: list[Fault] = field(factory=list)
    seen: list[web.Request] = field(factory=list)

    def app(self) -> web.Application:
        """Build the application: faults strike first, then the token is checked, then the provider answers."""
        app = web.Application(middlewares=[self._watch, self._authenticate])
        app.add_routes(self.routes)
        return app

    @web.middleware
    async def _watch(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self.seen.append(request)
        for fault in self.faults:
            if fault.strikes(request):
                return await fault.reply(request, handler)
        return await handler(request)

    @web.middleware
    async def _authenticate(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if token_of(request) not in {sample.token for sample in self.samples}:
            return self.refuse(401)
        try:
            return await handler(request)
        except web.HTTPException as refused:
            return self.refuse(refused.status)


def token_of(request: web.Request) -> str:
    """Return the bearer token of a request, empty for none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme == "Bearer" else ""


def plain_json(
    value: object, *, status: int = 200, media_type: str = "application/json", headers: Mapping[str, str] | None = None
) -> web.Response:
    """Answer with JSON."""
    return web.Response(body=json.dumps(value).encode(), status=status, content_type=media_type, headers=headers)


def status(
    code: int, *, body: object = None, retry_after: str | None = None, html: bool = False, refuse: Refuse | None = None
) -> Reply:
    """Make a fault: a status, with the provider's own error body (``refuse``), given JSON, or a proxy's HTML."""

    async def reply(request: web.Request, handler: Handler) -> web.StreamResponse:
        if html:
            response = web.Response(
                status=code, text="<html><body><h1>Bad gateway</h1></body></html>", content_type="text/html"
            )
        elif refuse is not None:
            response = refuse(code)
        else:
            response = plain_json(body, status=code)
        if retry_after is not None:
            response.headers["Retry-After"] = retry_after
        return response

    return reply


def slow(seconds: float) -> Reply:
    """Make a fault: the provider's answer, late."""

    async def reply(request: web.Request, handler: Handler) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return await handler(request)

    return reply


async def reset(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Be a fault: the connection breaks before any answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def truncated(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Be a fault: half of the provider's answer, under the length of the whole."""
    whole = await handler(request)
    assert isinstance(whole, web.Response)
    assert isinstance(whole.body, bytes)
    response = web.StreamResponse(headers={"Content-Length": str(len(whole.body)), "Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(whole.body[: len(whole.body) // 2])
    assert request.transport is not None
    request.transport.close()
    return response


def raw(body: bytes, *, code: int = 200, media_type: str = "application/json") -> Reply:
    """Make a fault: these bytes, whatever was asked."""

    async def reply(request: web.Request, handler: Handler) -> web.StreamResponse:
        return web.Response(body=body, status=code, content_type=media_type)

    return reply


def simulators() -> dict[str, Callable[[datetime], Simulation]]:
    """Find every installed simulator, by provider, sorted."""
    return {entry.name: partial(_simulate, entry.name) for entry in sorted(entry_points(group=GROUP), key=lambda e: e.name)}


def _simulate(provider: str, now: datetime) -> Simulation:
    (entry,) = entry_points(group=GROUP, name=provider)
    simulation: Simulation = entry.load()(utc(now))
    return simulation


@asynccontextmanager
async def serving(simulation: Simulation, *, port: int = 0) -> AsyncIterator[str]:
    """Serve a simulation on loopback and give its base URL; port 0 takes a free one."""
    runner = web.AppRunner(simulation.app(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
