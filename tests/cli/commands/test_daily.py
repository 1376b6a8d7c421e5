"""``billfold daily``: whole UTC days, days without cost included."""

import json
from collections.abc import Callable
from typing import Any


def test_every_day_of_the_period_has_a_row(ask: Callable[..., Any]) -> None:
    ended = ask("--account", "ci", "daily", "--period", "2026-10", "--format", "json")
    days = json.loads(ended.out)["items"]
    assert [day["date"] for day in days] == [f"2026-10-{day:02}" for day in range(1, 32)]
    assert ended.code == 0


def test_a_provider_without_days_is_named(ask: Callable[..., Any]) -> None:
    ended = ask("--account", "ci", "--account", "cloud", "daily", "--period", "2026-10")
    assert ended.code == 0
    assert "not offered by the provider: cloud" in ended.out
