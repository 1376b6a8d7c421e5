"""Export what the simulators of all installed adapters hold on a fixed day, for the validator."""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

from billfold import Account, Billfold, Period, Secret, focus
from billfold.adapter import find
from billfold.simulators.serving import installed_simulators, serving

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
# The current period, for which all four providers answer, and a closed month, which has invoices.
PERIODS = {"current": None, "closed": Period.month(2026, 10)}


async def export_all(out: Path) -> None:
    """Write one folder per period and format."""
    async with AsyncExitStack() as stack:
        accounts = await simulated_accounts(stack)
        fold = await stack.enter_async_context(Billfold(accounts, clock=lambda: NOW))
        for name, period in PERIODS.items():
            for file_format in focus.Format:
                await export(fold, out / f"{name}-{file_format}", period, file_format)


async def simulated_accounts(stack: AsyncExitStack) -> list[Account]:
    """Serve every simulator until the stack is closed, and return an account per sample."""
    accounts = []
    for provider, simulate in installed_simulators().items():
        simulation = simulate(NOW)
        url = await stack.enter_async_context(serving(simulation))
        for sample in simulation.samples:
            name, adapter = f"{provider}-{sample.name}", find(provider)(**sample.settings)
            accounts.append(Account(name, adapter, Secret(sample.token), url, 100_000))
    return accounts


async def export(
    fold: Billfold, folder: Path, period: Period | None, file_format: focus.Format
) -> None:
    """Export a period, and print what was written."""
    done = await focus.export(
        fold, folder, period=period, file_format=file_format, allow_partial=True, clock=lambda: NOW
    )
    totals = ", ".join(map(str, done.totals.values())) or "nothing"
    left_out = done.left_out or "nothing"
    print(f"{folder.name}: {done.rows}, usage {totals}; left out: {left_out}")


if __name__ == "__main__":
    asyncio.run(export_all(Path(sys.argv[1])))
