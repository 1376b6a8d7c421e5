"""``billfold restatements``: what a month that was over has become since.

The kept store read October at 23:58 of its last day, and once more on 20 November. The leases of
31 October, which the simulator has when the day is over, are 4.45 USD of account ci's 142.82.
"""

import asyncio
import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from billfold import Period
from store.world import World, charge, whole


def test_what_the_first_reading_after_the_end_added_is_summed_up(
    ask: Callable[..., Any], kept: Path
) -> None:
    ended = ask("--store", kept, "--account", "ci", "restatements")
    title, none, *lines = ended.out.splitlines()
    assert ended.code == 0
    assert (title, none) == (
        "Restatements",
        "no month that had been read to its end has changed",
    )
    (line,) = [line for line in lines if line]
    assert line.startswith("ci 2026-10: the first reading after its end: ")
    assert "usage 4.45 USD" in line


def test_json_has_each_record_before_and_after(ask: Callable[..., Any], kept: Path) -> None:
    ended = ask("--store", kept, "--account", "ci", "restatements", "--format", "json")
    whole = json.loads(ended.out)
    assert (whole["schema"], whole["store"]) == ("billfold.restatements/1", str(kept))
    assert whole["asked"]["accounts"] == ["ci"]
    assert len(whole["asked"]["left_out"]) == 7
    assert whole["moved"] == {}
    assert whole["closing"]["usage"] == {"USD": "4.45"}
    changed = [item for item in whole["items"] if item["kind"] == "charge"]
    assert {item["closes"] for item in changed} == {True}
    for item in changed:
        assert item["change"] != "changed" or item["before"]["id"] == item["after"]["id"]


def test_csv_has_a_row_per_record(ask: Callable[..., Any], kept: Path) -> None:
    ended = ask("--store", kept, "--account", "cloud", "restatements", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(ended.out)))
    assert {(row["account"], row["month"], row["closes"]) for row in rows} == {
        ("cloud", "2026-10", "true")
    }
    charges = [row for row in rows if row["kind"] == "charge"]
    assert {(row["stream"], row["moved_currency"]) for row in charges} == {("usage", "EUR")}
    for row in charges:
        change = Decimal(row["after"] or 0) - Decimal(row["before"] or 0)
        assert Decimal(row["moved"]) == change


def test_the_table_shows_what_a_closed_month_was_and_is(
    billfold: Callable[..., Any], tmp_path: Path
) -> None:
    world = World(tmp_path / "store")

    async def read(moment: datetime, cost: str) -> str:
        world.script.usage = whole(charge("vm-1", cost, description="Server"))
        (outcome,) = await world.sync(moment, Period.month(2026, 10))
        assert not outcome.reading.unfit
        return cost

    for day, cost in ((2, "10.00"), (3, "9.25")):
        asyncio.run(read(datetime(2026, 11, day, 9, tzinfo=UTC), cost))
    ended = billfold("--store", tmp_path / "store", "restatements")
    _, head, _, row, total, *_ = [line for line in ended.out.splitlines() if line.strip()]
    assert head.split() == [
        *("Month", "Account", "Stream", "What", "Before", "After", "Moved"),
        *("Known", "at", "Sync"),
    ]
    assert row.split()[:-1] == [
        *("2026-10", "one", "usage", "Server", "10.00", "EUR", "9.25", "EUR"),
        *("-0.75", "EUR", "2026-11-03", "09:00"),
    ]
    assert total == "1 record: usage -0.75 EUR"
    asyncio.run(read(datetime(2026, 11, 4, 9, tzinfo=UTC), "9.50"))
    some = billfold("--store", tmp_path / "store", "restatements", "--limit", "1").out
    *_, row, more, total = [line for line in some.splitlines() if line.strip()]
    assert (row.split()[4], more.split()) == ("10.00", ["and", "1", "more"])
    assert total == "2 records: usage -0.50 EUR"


def test_options_bound_what_is_shown(ask: Callable[..., Any], kept: Path) -> None:
    def items(*arguments: str) -> int:
        ended = ask("--store", kept, "restatements", *arguments, "--format", "json")
        assert ended.code == 0, ended.err
        return len(json.loads(ended.out)["items"])

    assert items("--period", "last-month") == items() > 0
    assert items("--period", "2026-09") == items("--period", "current") == 0
    assert items("--since", "2026-11-20") == items()
    assert items("--since", "2026-11-21") == 0
    assert items("--stored", "--as-of", "2026-11-19") == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--live",), "leave --live out"),
        (("--since", "soon"), "'soon' is no moment; write 2026-11-03 or 2026-11-03T12:00:00Z"),
        (("--since", "2026-13-01"), "no moment (there is no day 2026-13-01; write one"),
        (("--store", "empty"), "nothing was read yet: run billfold sync"),
    ],
)
def test_wrong_use_is_2(
    ask: Callable[..., Any], kept: Path, arguments: tuple[str, ...], said: str
) -> None:
    ended = ask("--store", kept, "restatements", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in " ".join(ended.err.replace("│", " ").split())
