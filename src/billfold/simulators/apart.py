"""The simulators in a thread of their own, for who runs commands against them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from billfold.simulators import sandbox

_STARTED_WITHIN = 20.0  # seconds


@contextmanager
def serving_apart(now: datetime, folder: Path) -> Iterator[Path]:
    """Serve every simulator as it is at ``now``, and give the ``billfold.toml`` that reaches them.

    That file is in ``folder``, with the files of its tokens.
    """
    config = folder / "billfold.toml"
    ready, loop, over = threading.Event(), asyncio.new_event_loop(), asyncio.Event()

    async def serve() -> None:
        async with sandbox.running(now) as served:
            config.write_text(sandbox.configuration(served, folder), "utf-8")
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    try:
        if not ready.wait(_STARTED_WITHIN):
            raise TimeoutError("the simulated providers did not start")
        yield config
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(_STARTED_WITHIN)
        loop.close()
