"""The configuration's ``[defaults]``: what nobody says is taken from there, and what is said wins."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import RULES
from support.commands import Ended, commands
from support.world import NOW

DEFAULTS = """[defaults]
currency = "EUR"
rates = "rates.csv"
rules = "rules.toml"
period = "2026-10-01..2026-10-03"
deadline = 60

"""
RATES = "date,base,quote,rate\n2026-10-01,EUR,USD,1.25\n2026-10-02,EUR,USD,1.6\n"


@pytest.fixture
def ci(
    empty: None, capsys: pytest.CaptureFixture[str], world: Path, tmp_path: Path
) -> Callable[..., Ended]:
    """Run a command for the account ci, by a configuration with all defaults."""
    (tmp_path / "rates.csv").write_text(RATES)
    (tmp_path / "rules.toml").write_text(RULES)
    (tmp_path / "own.toml").write_text(DEFAULTS + world.read_text())
    go = commands(capsys, clock=lambda: NOW)
    return lambda *arguments: go("--config", "own.toml", "--account", "ci", *arguments)


def as_json(ended: Ended) -> Any:
    assert ended.code == 0, ended.err
    return json.loads(ended.out)


def test_costs_are_in_the_currency_by_the_rates_and_for_the_period(
    ci: Callable[..., Ended],
) -> None:
    whole = as_json(ci("costs", "--by", "day", "--format", "json"))
    converted = {row["keys"]["day"]: row["converted"] for row in whole["rows"]}
    assert converted == {"2026-10-01": "2.592", "2026-10-02": "3.3125"}  # 3.24 / 1.25, 5.30 / 1.6
    assert {rate["source"] for rate in whole["rates"]} == {"rates.csv"}


def test_what_is_said_wins(ci: Callable[..., Ended]) -> None:
    constant = ("costs", "--by", "day", "--format", "json", "--constant", "USD=2")
    whole = as_json(ci(*constant, "--period", "2026-10-01"))
    assert whole["totals"]["converted"] == "1.62"  # 3.24 / 2
    native = as_json(ci("costs", "--by", "day", "--format", "json", "--in", "native"))
    assert native["totals"] == {"native": {"USD": "8.54"}, "converted": None}
    assert native["rates"] == []


def test_the_rules_are_those_of_who_asks_by_cost_centre(ci: Callable[..., Ended]) -> None:
    by_centre = as_json(ci("costs", "--by", "cost_centre", "--format", "json"))
    assert {row["keys"]["cost_centre"] for row in by_centre["rows"]} == {"platform", "shop"}
    checked = as_json(ci("allocate", "--format", "json"))
    assert checked["totals"] == by_centre["totals"]
    explained = as_json(ci("explain", "5.9045", "--format", "json"))  # 2.592 + 3.3125
    assert explained["matches"][0]["what"] == "total"


def test_without_rules_anywhere_allocate_says_how_to_name_them(ask: Callable[..., Ended]) -> None:
    ended = ask("allocate")
    assert ended.code == 2
    assert "there are no rules: name them by --check FILE, or as rules in [defaults]" in ended.err


def test_a_period_that_is_none_is_named_with_its_place(
    ci: Callable[..., Ended], tmp_path: Path
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(own.read_text().replace("2026-10-01..2026-10-03", "soon"))
    ended = ci("costs")
    assert ended.code == 2
    assert "[defaults] of the configuration" in ended.err
    assert ci("costs", "--period", "2026-10-01").code == 0


@pytest.mark.skipif(os.name != "posix", reason="there are no such pipes")
def test_a_configuration_from_a_pipe_has_its_defaults_and_its_accounts(
    ci: Callable[..., Ended], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as file:
        file.write((tmp_path / "own.toml").read_bytes().replace(b"rates =", b"# rates ="))
    go = commands(capsys, clock=lambda: NOW)
    ended = go(
        *("--config", f"/dev/fd/{reading}", "--account", "ci", "costs", "--in", "native"),
        *("--by", "day", "--format", "json"),
    )
    os.close(reading)
    assert as_json(ended)["totals"]["native"] == {"USD": "8.54"}
