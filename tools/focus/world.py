"""Export what the simulators of all installed adapters hold, on a fixed day, as FOCUS."""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

from billfold import Account, Billfold, Period, Secret, focus
from billfold.adapter import find
from billfold.simulators.simulation import serving, simulators

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
# What each provider answers for now, and the last closed month, in which there are invoices.
PERIODS = {"current": None, "closed": Period.month(2026, 10)}


async def world(out: Path) -> list[Path]:
    """Write one folder per period and format; return them."""
    folders = []
    async with AsyncExitStack() as stack:
        accounts = []
        for provider, simulate in simulators().items():
            simulation = simulate(NOW)
            url = await stack.enter_async_context(serving(simulation))
            for sample in simulation.samples:
                adapter = find(provider)(**sample.settings)
                accounts.append(
                    Account(
                        f"{provider}-{sample.name}", adapter, Secret(sample.token), url, 100_000
                    )
                )
        fold = await stack.enter_async_context(Billfold(accounts, clock=lambda: NOW))
        for name, period in PERIODS.items():
            for form in focus.Format:
                folder = out / f"{name}-{form}"
                done = await focus.export(
                    fold,
                    folder,
                    period=period,
                    file_format=form,
                    allow_partial=True,
                    clock=lambda: NOW,
                )
                folders.append(folder)
                totals = ", ".join(map(str, done.totals.values())) or "nothing"
                print(
                    f"{folder.name}: {done.rows}, usage {totals}; left out: {done.left_out or 'nothing'}"
                )
    return folders


if __name__ == "__main__":
    asyncio.run(world(Path(sys.argv[1])))
