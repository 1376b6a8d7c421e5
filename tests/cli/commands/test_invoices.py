"""``billfold invoices``: two kinds, which are never added up."""

import json
from collections.abc import Callable
from typing import Any


def test_each_kind_has_a_total_of_its_own(ask: Callable[..., Any]) -> None:
    written = json.loads(ask("--account", "cloud", "invoices", "--format", "json").out)
    assert set(written["totals"]) == {"metering", "legal"}
    table = ask("--account", "cloud", "invoices").out
    assert "Total     metering" in table
    assert "Total     legal" in table


def test_one_kind_can_be_chosen(ask: Callable[..., Any]) -> None:
    ended = ask("--account", "cloud", "invoices", "--kind", "legal", "--format", "json")
    written = json.loads(ended.out)
    assert {invoice["kind"] for invoice in written["items"]} == {"legal"}
    assert set(written["totals"]) == {"legal"}
