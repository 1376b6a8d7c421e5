"""``billfold invoices``: two kinds, which are never added up."""

import json
from collections.abc import Callable
from typing import Any


def test_each_kind_has_a_total_of_its_own(ask: Callable[..., Any]) -> None:
    written = json.loads(ask("--account", "cloud", "invoices", "--format", "json").out)
    assert set(written["totals"]) == {"metering", "legal"}
    table = ask("--account", "cloud", "invoices").out
    totals = [line.split()[:2] for line in table.splitlines() if line.startswith("Total ")]
    assert totals == [["Total", "metering"], ["Total", "legal"]]


def test_one_kind_can_be_chosen(ask: Callable[..., Any]) -> None:
    ended = ask("--account", "cloud", "invoices", "--kind", "legal", "--format", "json")
    written = json.loads(ended.out)
    assert {invoice["kind"] for invoice in written["items"]} == {"legal"}
    assert set(written["totals"]) == {"legal"}
