"""``billfold sandbox``: serve the simulators until told to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.text import Text

from billfold.cli.output.terminal import put, tell
from billfold.cli.run import to_the_end
from billfold.cli.setup import Setup
from billfold.http.transport import utc_now
from billfold.simulators import sandbox
from billfold.simulators.faults import named


def run(setup: Setup, port: int, faults: Sequence[str] = ()) -> None:
    """Serve, print the configuration, and wait; Ctrl-C and SIGTERM are the proper end."""
    with suppress(KeyboardInterrupt), TemporaryDirectory(prefix="billfold-sandbox-") as folder:
        to_the_end(_serve(setup, port, faults, Path(folder)))


async def _serve(setup: Setup, port: int, faults: Sequence[str], folder: Path) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(
            NotImplementedError
        ):  # Windows, where Ctrl-C raises KeyboardInterrupt instead
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with sandbox.running(utc_now(), port=port, providers=setup.providers) as served:
        for one in served:
            one.simulation.faults += map(named, faults)
        put(sandbox.configuration(served, folder))
        tell(Text(f"billfold: {len(served)} simulated providers are ready; Ctrl-C ends them"))
        await stop.wait()
