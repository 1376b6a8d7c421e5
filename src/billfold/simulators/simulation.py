"""What the adapters' simulators share: an application that checks tokens, and faults to switch on.

An adapter's package registers ``simulate(now) -> Simulation`` under the entry-point group
``billfold.simulators``.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from aiohttp import web
from attrs import define, field, frozen

from billfold.http.auth import Auth, Bearer
from billfold.simulators.faults.fault import AUTH, HABITS, REFUSE, Fault, Handler, Refuse
from billfold.simulators.faults.habits import Habits
from billfold.simulators.json_text import write


@frozen
class Sample:
    """An account that a simulator knows: its token, name and settings as in ``billfold.toml``."""

    name: str
    token: str
    settings: Mapping[str, Any] = field(factory=dict)


@define
class Simulation:
    """A fake of one provider, with deterministic data and the provider's real habits.

    ``refuse(status)`` returns the provider's own error body. ``auth`` is how requests carry the
    token: the adapter's ``declares.auth``. ``faults`` (see :mod:`billfold.simulators.faults`) may
    be changed while it is served; the first that hits a request answers it. ``seen`` has every
    request, for tests to look at.
    """

    provider: str
    samples: tuple[Sample, ...]
    routes: list[web.RouteDef]
    refuse: Refuse
    habits: Habits = field(factory=Habits)
    auth: Auth = field(factory=Bearer)
    faults: list[Fault] = field(factory=list, kw_only=True)
    seen: list[web.Request] = field(factory=list, kw_only=True)
    runner: web.AppRunner | None = field(default=None, init=False)

    def app(self) -> web.Application:
        """Return the application: faults come first, then the token's check, then the answer."""
        app = web.Application(middlewares=[self._inject_faults, self._authenticate])
        app[REFUSE], app[HABITS], app[AUTH] = self.refuse, self.habits, self.auth
        app.add_routes(self.routes)
        return app

    @property
    def connections(self) -> int:
        """How many clients are connected now."""
        server = None if self.runner is None else self.runner.server
        if server is None:
            return 0
        return sum(connection.transport is not None for connection in server.connections)

    @web.middleware
    async def _inject_faults(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self.seen.append(request)
        for fault in self.faults:
            if fault.hits(request):
                with suppress(ConnectionError):  # a client that gave up is no error of the server's
                    return await fault.effect(request, handler)
                return web.Response()
        return await handler(request)

    @web.middleware
    async def _authenticate(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if token_of(request) not in {sample.token for sample in self.samples}:
            return self.refuse(401)
        try:
            return await handler(request)
        except web.HTTPException as error:
            return self.refuse(error.status)


def token_of(request: web.Request) -> str:
    """Return the token of a request, as the simulation's ``auth`` reads it; empty text for none."""
    return request.app[AUTH].token_of(request.headers)


def plain_json(
    value: object,
    *,
    status: int = 200,
    media_type: str = "application/json",
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    """Return a response of JSON; a Decimal becomes a number with all of its digits."""
    return web.Response(
        body=write(value).encode(), status=status, content_type=media_type, headers=headers
    )
