"""``billfold demo`` shows what the commands show."""

import pytest


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
