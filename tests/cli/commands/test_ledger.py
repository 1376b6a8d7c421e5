"""``billfold ledger``: movements on prepaid balances, newest first."""

import json
from collections.abc import Callable
from typing import Any


def test_a_period_keeps_its_own_entries_newest_first(ask: Callable[..., Any]) -> None:
    def times(*options: str) -> list[str]:
        ended = ask("--account", "ci", "ledger", *options, "--format", "json")
        return [entry["at"] for entry in json.loads(ended.out)["items"]]

    october = times("--period", "2026-10")
    assert october == sorted(october, reverse=True)
    assert {time[:7] for time in october} == {"2026-10"}
    assert len(times()) > len(october)
