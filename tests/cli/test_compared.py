"""A running period beside the same stretch of the one before, as far as each account is known.

A machine costs 1.00 a day and a fee 31.00 in October; in November they cost 2.00 and 30.00.
"""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from billfold import Period
from billfold.model import Category, Charge
from store.world import NOVEMBER, OCTOBER, Script, World, charge, whole
from support.commands import Ended, commands

OCTOBER_ENDS = datetime(2026, 11, 1, tzinfo=UTC)
TEN_DAYS_ON = datetime(2026, 11, 11, tzinfo=UTC)
NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
TWENTIETH = datetime(2026, 11, 20, 12, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 5, 12, tzinfo=UTC)
COSTS = ("costs", "--period", "2026-11", "--compare", "previous", "--stored", "--by", "service")

Ask = Callable[..., Ended]


def stated(month: Period, count: int, daily: str, monthly: str, payer: str = "acme") -> Script:
    """Return what a payer is told of a month: so many days of a machine, and a fee of all of it."""
    start = month.start
    machine: list[Charge] = [
        charge(f"vm-{n}", daily, covers=Period(start + timedelta(n), start + timedelta(n + 1)))
        for n in range(count)
    ]
    fee = evolve(charge("fee", monthly, covers=month), category=Category.PURCHASE, service="fee")
    charges = [evolve(each, billing_account_id=payer) for each in (*machine, fee)]
    return Script(usage=whole(*charges, covers=month, billing_account_id=payer))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "store")


@pytest.fixture
def ask(world: World, capsys: Any, empty: None) -> Ask:
    run = commands(capsys, lambda: world.now)
    return lambda *arguments: run("--store", world.folder, *arguments)


def read(world: World, when: datetime, **scripts: Script) -> None:
    world.scripts = scripts
    asyncio.run(world.sync(when))


def rows(compared: Any) -> dict[str, tuple[str, str]]:
    return {row["keys"]["service"]: (row["before"], row["after"]) for row in compared["rows"]}


@pytest.mark.parametrize("asked", [TEN_DAYS_ON, TWENTIETH, DECEMBER])
def test_ten_days_are_compared_with_ten_days_of_the_fee_too(
    world: World, ask: Ask, asked: datetime
) -> None:
    """Ten days of 1.00 and of 31.00 in 31 days, then of 2.00 and of 30.00 in 30 days."""
    read(world, OCTOBER_ENDS, one=stated(OCTOBER, 31, "1.00", "31.00"))
    read(world, TEN_DAYS_ON, one=stated(NOVEMBER, 10, "2.00", "30.00"))
    read(world, DECEMBER, one=stated(NOVEMBER, 30, "2.00", "30.00"))
    world.now = asked
    command = (*COSTS, "--spread", "--as-of", "2026-11-11T00:00:00Z")
    ended = ask(*command, "--format", "json")
    assert ended.code == 0, ended.err
    compared = json.loads(ended.out)["compared"]
    assert compared["period"] == {"start": "2026-10-01T00:00:00Z", "end": "2026-10-11T00:00:00Z"}
    assert compared["counted"] == {"start": "2026-11-01T00:00:00Z", "end": "2026-11-11T00:00:00Z"}
    assert rows(compared) == {"vm": ("10.00", "20.00"), "fee": ("10.00", "10.00")}
    shown = ask(*command).out
    assert "Change  from 2026-10-01..2026-10-11" in shown
    assert "compared: what 2026-11-01..2026-11-11 cost" in shown


@pytest.mark.parametrize("asked", [NOON, TWENTIETH, DECEMBER])
@pytest.mark.parametrize("spread", [(), ("--spread",)])
def test_a_month_known_until_the_tenth_is_never_set_against_a_whole_one(
    world: World, ask: Ask, asked: datetime, spread: tuple[str, ...]
) -> None:
    """What October cost until noon of its tenth is in no store: that is said, and no number."""
    read(world, OCTOBER_ENDS, one=stated(OCTOBER, 31, "1.00", "31.00"))
    read(world, NOON, one=stated(NOVEMBER, 10, "2.00", "30.00"))
    read(world, DECEMBER, one=stated(NOVEMBER, 30, "2.00", "30.00"))
    world.now = asked
    refused = ask(*COSTS, *spread, "--as-of", "2026-11-10")
    assert (refused.code, refused.out) == (3, "")
    assert "No comparison with 2026-10-01 to 2026-10-10 12:00 UTC" in refused.err


def test_a_month_read_until_the_tenth_is_compared_so_far_when_it_is_asked_later(
    world: World, ask: Ask
) -> None:
    """Ten days of each, not ten of November with nineteen and a half of October."""
    read(world, OCTOBER_ENDS, one=stated(OCTOBER, 31, "1.00", "31.00"))
    read(world, TEN_DAYS_ON, one=stated(NOVEMBER, 10, "2.00", "30.00"))
    world.now = TWENTIETH
    ended = ask(*COSTS, "--spread", "--format", "json")
    assert ended.code == 0, ended.err
    compared = json.loads(ended.out)["compared"]
    assert compared["period"]["end"] == "2026-10-11T00:00:00Z"
    assert rows(compared) == {"vm": ("10.00", "20.00"), "fee": ("10.00", "10.00")}


def test_an_account_that_is_known_for_less_long_than_the_others_is_not_compared(
    world: World, ask: Ask
) -> None:
    """ "two" was read on the tenth; nineteen days of it would be compared with ten."""
    two = stated(OCTOBER, 31, "1.00", "31.00", "two")
    read(world, OCTOBER_ENDS, one=stated(OCTOBER, 31, "1.00", "31.00"), two=two)
    read(world, TEN_DAYS_ON, two=stated(NOVEMBER, 10, "2.00", "30.00", "two"))
    nineteen = datetime(2026, 11, 20, tzinfo=UTC)
    read(world, nineteen, one=stated(NOVEMBER, 19, "2.00", "30.00"))
    world.now = TWENTIETH
    refused = ask(*COSTS, "--spread")
    assert refused.code == 3
    said = "2026-11 is known until 2026-11-11T00:00:00Z, no such stretch"
    assert said in refused.err
    ended = ask(*COSTS, "--spread", "--allow-partial", "--format", "json")
    compared = json.loads(ended.out)["compared"]
    assert (ended.code, compared["complete"], compared["not_compared"]) == (3, False, ["two"])
    # of "one": nineteen days of 1.00, and 19 of the fee's 31; nineteen of 2.00, and 19 of 30
    assert rows(compared) == {"vm": ("19.00", "38.00"), "fee": ("19.00", "19.00")}


def test_the_report_compares_as_far_as_the_month_is_known(
    world: World, ask: Ask, tmp_path: Path
) -> None:
    read(world, OCTOBER_ENDS, one=stated(OCTOBER, 31, "1.00", "31.00"))
    read(world, NOON, one=stated(NOVEMBER, 10, "2.00", "30.00"))
    read(world, DECEMBER, one=stated(NOVEMBER, 30, "2.00", "30.00"))
    page = tmp_path / "page.html"
    command = ("report", "--period", "2026-11", "--stored", "--out", page)
    ended = ask(*command, "--as-of", "2026-11-10")
    assert ended.code == 3, ended.err  # the store has neither balances nor invoices
    assert "50.00 EUR, balances, invoices incomplete" in ended.err
    text = page.read_text()
    assert "November 2026, so far" in text
    assert "no account has complete data for the same stretch before" in text
    assert "vs October 2026" not in text
