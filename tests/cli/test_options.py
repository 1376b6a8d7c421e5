"""Which accounts and which period the options mean."""

import json

from billfold import (
    Answer,
    Period,
)
from cli.conftest import BALANCE, TWO_ACCOUNTS


def test_the_period_is_asked_for(ask) -> None:
    def asked(*options: str) -> object:
        return Answer.from_json(
            ask("--account", "ci", "daily", *options, "--format", "json").out
        ).requested

    assert asked() is None
    assert asked("--period", "current") is None
    assert asked("--period", "2026-10-01..2026-10-15") == Period.parse("2026-10-01..2026-10-15")
    assert asked("-p", "yesterday") == Period.parse("2026-11-19")
    assert asked("-p", "last-month") == Period.parse("2026-10")


def test_accounts_and_providers_choose_together(ask) -> None:
    def chosen(*options: str) -> list[str]:
        written = json.loads(ask(*options, "accounts", "--format", "json").out)
        return [row["name"] for row in written["accounts"]]

    assert len(chosen()) == 8
    assert chosen("--account", "ci", "--account", "metal") == ["ci", "metal"]
    assert chosen("--provider", "harmont") == ["ci", "ci-legacy"]
    assert chosen("--account", "metal", "--provider", "harmont") == ["ci", "ci-legacy", "metal"]


def test_what_was_not_chosen_may_be_missing(billfold, tmp_path, monkeypatch, mocked) -> None:
    (tmp_path / "billfold.toml").write_text(
        TWO_ACCOUNTS + '[[accounts]]\nname = "cloud"\nprovider = "bnerd"\n'
    )
    monkeypatch.setenv("GOOD", "good-token")
    mocked.add(BALANCE, payload={"balance_cents": 1234}, repeat=True)
    assert billfold("--account", "good", "balances").code == 0
    assert billfold("--provider", "harmont", "balances").code == 0
    assert billfold("balances").code == 2
