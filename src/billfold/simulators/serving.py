"""Serve simulations on loopback, in the caller's event loop or from a thread of their own."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import datetime
from functools import partial
from importlib.metadata import entry_points

from aiohttp import web

from billfold.period import utc
from billfold.simulators.faults.fault import RUNNER
from billfold.simulators.simulation import Simulation

GROUP = "billfold.simulators"
Simulate = Callable[[datetime], Simulation]

_PATIENCE, _PAUSE = (
    100,
    0.002,
)  # how often, and how many seconds apart, it looks for open connections


def installed_simulators() -> dict[str, Simulate]:
    """Return every installed simulator by its provider, sorted."""
    entries = sorted(entry_points(group=GROUP), key=lambda entry: entry.name)
    return {entry.name: partial(_simulate, entry.name) for entry in entries}


def _simulate(provider: str, now: datetime) -> Simulation:
    (entry,) = entry_points(group=GROUP, name=provider)
    simulation: Simulation = entry.load()(utc(now))
    return simulation


@asynccontextmanager
async def serving(simulation: Simulation, *, port: int = 0) -> AsyncIterator[str]:
    """Serve a simulation on loopback and return its base URL; port 0 takes a free one."""
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
            await _hung_up(simulations)

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


async def _hung_up(simulations: tuple[Simulation, ...]) -> None:
    """Wait a moment until the servers have noticed that their clients hung up."""
    for _ in range(_PATIENCE):
        await asyncio.sleep(0)
        if not any(simulation.connections for simulation in simulations):
            return
        await asyncio.sleep(_PAUSE)
