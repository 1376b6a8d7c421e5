"""What simulators share: an application with tokens and faults, and serving it on loopback.

An adapter's package registers ``simulate(now) -> Simulation`` under the entry-point group
``billfold.simulators``.
"""

from __future__ import annotations

import asyncio
import os
import queue
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from datetime import datetime
from functools import partial
from typing import Any

from aiohttp import web
from attrs import define, field, frozen

from billfold.accounts.account import Account
from billfold.adapter import Adapter
from billfold.adapter.registry import load, registered, the_only
from billfold.errors import ConfigError
from billfold.http.auth import Auth, Bearer
from billfold.period import utc
from billfold.secret import Secret
from billfold.simulators.faults.fault import (
    AUTH,
    HABITS,
    LISTENER,
    REFUSE,
    RUNNER,
    Fault,
    Habits,
    Handler,
    Refuse,
    token_of,
)
from billfold.simulators.json_text import write

GROUP = "billfold.simulators"
# More than providers allow: neither a demonstration nor a test should wait for itself.
REQUESTS_PER_MINUTE = 6000
# Turns of the loop from a connection that it accepts to one that the server knows.
_TURNS_OF_AN_ACCEPT = 4


@frozen
class Sample:
    """An account that a simulator knows: its name, token and settings as in ``billfold.toml``."""

    name: str
    token: str
    settings: Mapping[str, Any] = field(factory=dict)

    def account(self, adapter: type[Adapter], url: str) -> Account:
        """Return the account of a simulator that is served at ``url``."""
        settings = adapter(**self.settings)
        return Account(self.name, settings, Secret(self.token), url, REQUESTS_PER_MINUTE)


@define
class Simulation:
    """A fake of one provider, with deterministic data and the provider's real habits.

    ``refuse(status)`` returns the provider's own error body. ``auth`` is how requests carry the
    token: the adapter's ``declares.auth``. ``others`` are accounts for the laws alone, like one
    that reaches several organizations where the samples reach one each. ``faults`` (see
    :mod:`billfold.simulators.faults`) may be changed while it is served; the first that hits a
    request answers it. ``seen`` has every request, for tests to look at.
    """

    provider: str
    samples: tuple[Sample, ...]
    routes: list[web.RouteDef]
    refuse: Refuse
    habits: Habits = field(factory=Habits)
    auth: Auth = field(factory=Bearer)
    others: tuple[Sample, ...] = field(default=(), kw_only=True)
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
        connections = [] if server is None else server.connections
        return sum(connection.transport is not None for connection in connections)

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
        if token_of(request) not in {sample.token for sample in (*self.samples, *self.others)}:
            return self.refuse(401)
        try:
            return await handler(request)
        except web.HTTPException as error:
            return self.refuse(error.status)


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


def installed_simulators() -> dict[str, Callable[[datetime], Simulation]]:
    """Return every installed simulator by its provider, sorted."""
    return {name: partial(_simulate, name) for name in registered(GROUP)}


def find_simulator(provider: str) -> Callable[[datetime], Simulation]:
    """Return an installed simulator. Raises ConfigError for a provider without one."""
    simulators = installed_simulators()
    if provider not in simulators:
        names = ", ".join(simulators) or "none"
        raise ConfigError(
            f"no simulator is installed for {provider!r}; there are: {names}. A package names its "
            f'own in pyproject.toml under [project.entry-points."{GROUP}"]'
        )
    return simulators[provider]


def _simulate(provider: str, now: datetime) -> Simulation:
    simulation: Simulation = load(the_only(GROUP, provider))(utc(now))
    return simulation


@asynccontextmanager
async def serving(simulation: Simulation, *, port: int = 0) -> AsyncIterator[str]:
    """Serve a simulation on loopback and return its base URL; port 0 takes a free one."""
    app = simulation.app()
    simulation.runner = app[RUNNER] = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    with socket.socket() as listener:
        if os.name == "posix":  # elsewhere it would let another server take the port, too
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        app[LISTENER] = listener
        async with listening(app[RUNNER], listener):
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@asynccontextmanager
async def listening(
    runner: web.AppRunner, listener: socket.socket, context: ssl.SSLContext | None = None
) -> AsyncIterator[None]:
    """Serve on a socket, with TLS by a context, and leave no connection of it behind."""
    await runner.setup()
    try:
        await web.SockSite(runner, listener, ssl_context=context).start()
        yield
    finally:
        # asyncio loses a connection that it is about to open when its server closes.
        with suppress(NotImplementedError):  # Windows
            if listener.fileno() != -1:  # nobody closed it, as some faults do
                asyncio.get_running_loop().remove_reader(listener)
        for _ in range(_TURNS_OF_AN_ACCEPT):
            await asyncio.sleep(0)
        connections = [] if runner.server is None else runner.server.connections
        await runner.cleanup()
        for each in connections:
            if each.transport is not None:  # with unsent bytes it would wait for its peer
                each.transport.abort()
        await asyncio.sleep(0)  # in which they are closed


@contextmanager
def serving_in_thread(*simulations: Simulation) -> Iterator[list[str]]:
    """Serve simulations from a thread of their own and return the base URLs.

    So the servers' work is not counted as that of the client's loop.
    """
    started: queue.SimpleQueue[list[str] | BaseException] = queue.SimpleQueue()
    stop: list[Callable[[], object]] = []

    async def serve() -> None:
        end, loop = asyncio.Event(), asyncio.get_running_loop()
        stop.append(lambda: loop.call_soon_threadsafe(end.set))
        async with AsyncExitStack() as stack:
            urls = [await stack.enter_async_context(serving(each)) for each in simulations]
            started.put(urls)
            await end.wait()
            await hung_up(*simulations)

    def run() -> None:
        try:
            asyncio.run(serve())
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            started.put(error)

    thread = threading.Thread(target=run, name="billfold-simulators", daemon=True)
    thread.start()
    urls = started.get()
    if isinstance(urls, BaseException):
        raise urls
    try:
        yield urls
    finally:
        stop[0]()
        thread.join()


async def hung_up(*simulations: Simulation) -> None:
    """Wait up to a second until the servers have noticed that their clients hung up."""
    for _ in range(500):
        await asyncio.sleep(0)
        if not any(simulation.connections for simulation in simulations):
            return
        await asyncio.sleep(0.002)
