"""All simulated providers as of one moment, served from a thread of their own, so that commands can be run against them."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from billfold.simulators import sandbox

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@contextmanager
def served(now: datetime, folder: Path) -> Iterator[Path]:
    """Give the billfold.toml that reaches them."""
    config = folder / "billfold.toml"
    ready, loop, over = threading.Event(), asyncio.new_event_loop(), asyncio.Event()

    async def serve() -> None:
        async with sandbox.running(now) as all_of_them:
            config.write_text(sandbox.configuration(all_of_them, folder))
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(20)
        yield config
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(20)
        loop.close()
