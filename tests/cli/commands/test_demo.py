"""``billfold demo`` shows what the commands show."""

import sys

import pytest

from support.commands import commands
from support.world import NOW


def test_the_demo_shows_what_the_commands_show(
    billfold, sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    demo = billfold("demo").out.splitlines()
    for command in (("balances",), ("check",), ("usage", "--period", "last-month")):
        alone = billfold("--config", sandbox, *command).out.splitlines()
        table = alone[1 : alone.index("") if "" in alone else None]
        start = demo.index(f"billfold {' '.join(command)}") + 1
        assert demo[start : start + len(table)] == table
    assert any(line.startswith("Usage, last month") and line.endswith("*") for line in demo)
    assert any(line.startswith("* incomplete") for line in demo)


def test_the_demo_can_be_narrowed(billfold) -> None:
    done = billfold("--provider", "harmont", "demo")
    assert done.code == 0
    assert "latitude" not in done.out
    assert billfold("--account", "nope", "demo").code == 2


def test_the_demo_ends_with_last_month_over_all_clouds_in_one_currency(
    capsys: pytest.CaptureFixture[str], empty: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    done = commands(capsys, clock=lambda: NOW)("demo")
    assert (done.code, done.err) == (0, "")
    shown = done.out[done.out.index("Last month over all clouds") :].splitlines()
    assert shown[0] == "Last month over all clouds  2026-10  complete"
    rows = {line.split()[0]: line.split()[1:] for line in shown if line}
    # What test_costs computes of October by hand: 142.82 and 37.24 USD, at 1.16 for a euro.
    assert rows["harmont"] == ["180.06", "USD", "155.22"]
    # 354.43 of account cloud, and 12.25 of cloud-dev.
    assert rows["bnerd"] == ["366.68", "EUR", "366.68"]
    assert rows["aether"][-1] == "684.24"
    assert rows["latitude"][-1] == "estimated"
    assert "*" not in rows["Total"]
    (forgotten,) = [line for line in shown if line.strip().startswith("k8s, k8s-sandbox")]
    assert "from the store, read at 2026-10-31T23:58:00Z" in forgotten
    cycles = [line for line in shown if "whole billing cycles, spread over their days" in line]
    assert len(cycles) == 2


def test_without_the_extra_the_demo_says_what_its_end_needs(
    billfold, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "deltalake", None)
    done = billfold("--provider", "harmont", "demo")
    assert done.code == 0
    assert "Needs the store: pip install" in done.out
