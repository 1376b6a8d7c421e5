"""The queries of docs/history.md, a store to ask, and what each engine has to answer."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from attrs import evolve

from billfold import Charge, Money
from billfold.adapter import Reading
from store.world import (
    MID_NOVEMBER,
    MID_OCTOBER,
    NOVEMBER,
    OCTOBER,
    Script,
    World,
    charge,
    usage,
    whole,
)

PAGE = (Path(__file__).parents[2] / "docs" / "history.md").read_text("utf-8")
# A heading, and the block of code below it: what it leaves in ``sums`` is the engine's answer.
QUERIES: dict[str, str] = dict(re.findall(r"^### (\w+)\n\n```python\n(.*?)^```", PAGE, re.M | re.S))
# What the page has people type to load the tables elsewhere: those exported, and Python's records.
EXPORTED, RECORDS = re.findall(r"^```python\n(import dlt\n.*?)^```", PAGE, re.MULTILINE | re.DOTALL)

THEN = MID_OCTOBER + timedelta(hours=1)
LATER = datetime(2026, 12, 24, tzinfo=UTC)
EXPECTED = {
    THEN: {"EUR": "12345678901251.623456789012345678901233", "USD": "0.07"},
    LATER: {"EUR": "12345678901250.873456789012345678901233", "USD": "0.07"},
}


async def fill(folder: Path) -> None:
    """Book a month with every digit that a column holds, a restatement and a withdrawal."""
    world = World(folder)
    same = (
        charge("long", "12345678901234.123456789012345678901234"),
        charge("least", "-0.000000000000000000000001"),
        charge("half", "2.50"),
        charge("other half", "2.50"),
        evolve(charge("dollars", None), cost=Money(Decimal("0.07"), "USD"), reason=None),
    )
    unstated = usage(charge("unstated", None), billing_account_id="other")
    world.scripts["two"] = Script([Reading((unstated,), OCTOBER)])
    world.script.usage = whole(*same, charge("restated", "10.50"), charge("gone", "2.00"))
    await world.sync(MID_OCTOBER)
    world.script.usage = whole(*same, charge("restated", "11.75"))
    await world.sync(MID_OCTOBER + timedelta(hours=20))
    world.script.usage = whole(charge("next", "99.00", covers=NOVEMBER), covers=NOVEMBER)
    await world.sync(MID_NOVEMBER)


def answer(engine: str, store: Path, until: datetime) -> dict[str, Decimal]:
    """Return the sums of a month as an engine has them, by the query that the page shows."""
    names = {"store": str(store), "until": until}
    exec(QUERIES[engine], names)
    sums = names["sums"]
    assert isinstance(sums, dict)
    return sums


def loaded(store: Path) -> dict[str, dict[str, Decimal]]:
    """Return the sums of a month in a warehouse that dlt filled, by how it was filled.

    The tables are exported to the working directory, and so is each warehouse.
    """
    command = [sys.executable, "-m", "billfold", "--store", str(store), "export", "parquet"]
    subprocess.run([*command, "--stored", "--out", "tables"], check=True)
    charges = asyncio.run(_charges(store))
    guessed = RECORDS.replace(', columns={"cost": EXACT}', "")
    return {
        "exported": _warehoused(EXPORTED, {}, "cost_currency", " AND month = '2026-10'"),
        "records": _warehoused(RECORDS, {"charges": charges}, "currency"),
        "records of no precision": _warehoused(guessed, {"charges": charges}, "currency"),
    }


async def _charges(store: Path) -> list[Charge]:
    async with World(store, LATER).history() as history:
        read = await history.usage(OCTOBER)
        return [each for usage in read for each in usage.charges if each.cost is not None]


def _warehoused(
    program: str, names: dict[str, Any], currency: str, condition: str = ""
) -> dict[str, Decimal]:
    import dlt  # type: ignore[import-not-found]  # only `make engines` has it
    import duckdb

    exec(program, names)
    with duckdb.connect("billfold.duckdb") as warehouse:
        found = warehouse.execute(
            f"SELECT {currency}, SUM(cost) FROM bills.charges "
            f"WHERE cost IS NOT NULL{condition} GROUP BY {currency}"
        )
        sums = dict(found.fetchall())
    Path("billfold.duckdb").unlink()
    dlt.pipeline("billfold").drop()  # what it learnt of the tables
    return sums
