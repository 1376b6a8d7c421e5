"""Export a million simulated charges as FOCUS, and measure time and the growth of memory.

python benchmarks/focus_export.py [CHARGES] [csv|parquet]
"""

from __future__ import annotations

import asyncio
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

from attrs import frozen

from billfold import Account, Billfold, Category, Charge, Money, Period, Secret, Usage, focus
from billfold.adapter import Declaration, Reading, Readings
from billfold.http.client import Client
from billfold.wire import Problem

MONTH = Period.month(2026, 10)
BATCH = 500


@frozen
class Many:
    """Say a lot, a little at a time."""

    provider: ClassVar[str] = "many"
    declares: ClassVar[Declaration] = Declaration(
        "Many", "https://many.invalid", "MANY", "MANY_URL", lambda body: Problem()
    )

    charges: int

    async def usage(self, client: Client, period: Period | None) -> Readings[Usage]:
        """Yield usages of a few charges."""
        for first in range(0, self.charges, BATCH):
            lines = tuple(
                charge(number) for number in range(first, min(first + BATCH, self.charges))
            )
            yield Reading(
                (
                    Usage(
                        period,
                        MONTH,
                        lines,
                        billing_account_id="acme",
                        provider="many",
                        account=client.account,
                    ),
                ),
                MONTH,
            )


def charge(number: int) -> Charge:
    """Make one of many different charges."""
    start = datetime(2026, 10, 1, tzinfo=UTC) + timedelta(seconds=2 * number % 2_600_000)
    return Charge(
        id=f"acme/job-{number}",
        provider="many",
        account="a",
        category=Category.USAGE,
        period=Period(start, start + timedelta(seconds=61)),
        service="machines",
        cost=Money(Decimal(number % 9973).scaleb(-2), "USD"),
        billing_account_id="acme",
        sub_account_id=f"project-{number % 50}",
        description=f"job {number}",
        resource_id=f"machine-{number}",
        resource_type="machine",
        quantity=Decimal(61),
        unit="second",
        tags={"build": str(number), "step": "test"},
    )


def peak() -> float:
    """Return the most memory this process ever had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def export(charges: int, form: str, out: str) -> None:
    """Export so many charges."""
    async with Billfold([Account("a", Many(charges), Secret("not-a-token"))]) as fold:
        await focus.export(fold, out, period=MONTH, file_format=form)


def measure(charges: int, form: str) -> float:
    """Print the figures; return the growth of the peak in MiB."""
    with tempfile.TemporaryDirectory() as out:
        asyncio.run(export(1, form, out))  # imports are not what is measured
        before, began = peak(), time.perf_counter()
        asyncio.run(export(charges, form, out))
        seconds, growth = time.perf_counter() - began, peak() - before
        size = sum(path.stat().st_size for path in Path(out).iterdir()) / 2**20
    print(
        f"{charges} charges to {form}: {seconds:.1f} s, peak memory grew by {growth:.0f} MiB, "
        f"{size:.0f} MiB of files"
    )
    return growth


if __name__ == "__main__":
    counts = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    grown = [measure(counts, form) for form in sys.argv[2:] or ("parquet", "csv")]
    sys.exit(max(grown) >= 128)
