"""What the adapters' simulators share: an application on loopback, bearer tokens, and faults to switch on.

An adapter's package registers ``simulate(now) -> Simulation`` under the entry-point group ``billfold.simulators``.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from functools import partial
from importlib.metadata import entry_points
from typing import Any

from aiohttp import web
from attrs import define, field, frozen

from billfold.period import utc
from billfold.simulators.faults.fault import HABITS, REFUSE, RUNNER, Fault, Habits, Handler, Refuse

GROUP = "billfold.simulators"


@frozen
class Sample:
    """An account that a simulator knows: its name and settings as ``billfold.toml`` has them, and its token."""

    name: str
    token: str
    settings: Mapping[str, Any] = field(factory=dict)


@define
class Simulation:
    """A fake of one provider: deterministic data, real habits. ``seen`` logs every request, for tests to look at.

    ``faults`` (see :mod:`billfold.simulators.faults`) may be changed while it is served; the first that strikes answers.
    """

    provider: str
    samples: tuple[Sample, ...]
    routes: list[web.RouteDef]
    refuse: Refuse
    habits: Habits = field(factory=Habits)
    faults: list[Fault] = field(factory=list)
    seen: list[web.Request] = field(factory=list)
    runner: web.AppRunner | None = field(default=None, init=False)

    def app(self) -> web.Application:
        """Build the application: faults strike first, then the token is checked, then the provider answers."""
        app = web.Application(middlewares=[self._watch, self._authenticate])
        app[REFUSE], app[HABITS] = self.refuse, self.habits
        app.add_routes(self.routes)
        return app

    @property
    def connections(self) -> int:
        """How many clients are connected now."""
        server = None if self.runner is None else self.runner.server
        return 0 if server is None else sum(one.transport is not None for one in server.connections)

    @web.middleware
    async def _watch(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self.seen.append(request)
        for fault in self.faults:
            if fault.strikes(request):
                with suppress(ConnectionError):  # a client that gave up is no error of the server's
                    return await fault.reply(request, handler)
                return web.Response()
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
    value: object,
    *,
    status: int = 200,
    media_type: str = "application/json",
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    """Answer with JSON."""
    return web.Response(
        body=json.dumps(value).encode(), status=status, content_type=media_type, headers=headers
    )


def simulators() -> dict[str, Callable[[datetime], Simulation]]:
    """Find every installed simulator, by provider, sorted."""
    return {
        entry.name: partial(_simulate, entry.name)
        for entry in sorted(entry_points(group=GROUP), key=lambda e: e.name)
    }


def _simulate(provider: str, now: datetime) -> Simulation:
    (entry,) = entry_points(group=GROUP, name=provider)
    simulation: Simulation = entry.load()(utc(now))
    return simulation


@asynccontextmanager
async def serving(simulation: Simulation, *, port: int = 0) -> AsyncIterator[str]:
    """Serve a simulation on loopback and give its base URL; port 0 takes a free one."""
    app = simulation.app()
    runner = app[RUNNER] = simulation.runner = web.AppRunner(
        app, access_log=None, shutdown_timeout=0.1
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
