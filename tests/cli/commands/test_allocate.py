"""``billfold allocate``: rules are tried on hand-computed numbers, which test_costs.py explains."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import RULES

OCTOBER = ("--period", "2026-10")


BOTH = ("--account", "ci", "--account", "cloud")


EURO = ("--in", "EUR", "--constant", "USD=1.25")


@pytest.fixture
def asked(ask: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command that writes JSON and give what it wrote."""

    def go(*arguments: object, code: int = 0) -> Any:
        ended = ask(*arguments, "--format", "json")
        assert ended.code == code, ended.err
        return json.loads(ended.out)

    return go


def test_rules_are_tried_and_what_nobody_gets_is_shown(
    asked: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "rules.toml").write_text(RULES)
    whole = asked(*BOTH, "allocate", "--check", "rules.toml", *OCTOBER)
    assert whole["schema"] == "billfold.allocation/1"
    centres = {row["keys"]["cost_centre"]: row["native"] for row in whole["rows"]}
    assert centres == {
        "(unallocated)": {"EUR": "320.00445"},  # 354.43445 - 34.43
        "platform": {"EUR": "11.48", "USD": "64.20"},  # a third of 34.43, and 142.82 - 78.62
        "shop": {"EUR": "22.95", "USD": "78.62"},
    }
    assert [(rule["for"], rule["lines"]) for rule in whole["rules"]] == [
        ("shop", 178),
        ("platform", 141),
        ("shared shop 2 : platform 1", 1),
        ("nobody", 0),
    ]
    assert {row["keys"]["service"] for row in whole["unallocated"]} >= {
        "Compute M",
        "Start-up credit",
    }


def test_where_nobody_answered_nothing_is_said_to_be_allocated(
    ask: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "rules.toml").write_text(RULES)
    asked = "--account", "metal", "allocate", "--check", "rules.toml", "--period", "2020-01"
    table = ask(*asked)
    assert table.code == 4
    assert "Nothing is unallocated." not in table.out
    assert "No costs were read to be allocated." in table.out


def test_allocation_for_people_and_for_spreadsheets(
    ask: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "rules.toml").write_text(
        RULES + '[[rule]]\nmatch = { account = ["cloud"] }\nshare_by_usage = ["shop", "platform"]\n'
    )
    table = ask(*BOTH, "allocate", "--check", "rules.toml", *OCTOBER, *EURO)
    assert table.code == 0
    assert "shared by the costs of shop, platform" in table.out
    assert "Nothing is unallocated." in table.out
    assert "estimated" in table.out
    hole = ("--account", "k8s")  # Aether, which answers for no past month
    over_a_hole = ask(*BOTH, *hole, "allocate", "--check", "rules.toml", *OCTOBER, *EURO)
    assert over_a_hole.code == 3
    assert "Nothing that was read is unallocated." in over_a_hole.out
    (tmp_path / "rules.toml").write_text(RULES)
    assert "Unallocated" in ask(*BOTH, "allocate", "--check", "rules.toml", *OCTOBER).out
    rows = ask(
        "--account", "ci", "allocate", "--check", "rules.toml", *OCTOBER, "--format", "csv"
    ).out.splitlines()
    assert rows[1:] == ["shop,78.62,USD,,,178,false,,true", "platform,64.20,USD,,,141,false,,true"]


def test_rules_over_a_hole_are_shown_and_the_exit_code_says_so(
    ask: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "rules.toml").write_text(RULES)
    ended = ask(
        "--account", "ci", "--account", "k8s", "allocate", "--check", "rules.toml", *OCTOBER
    )
    assert ended.code == 3
    assert "shop" in ended.out
