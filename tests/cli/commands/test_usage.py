"""``billfold usage``: totals and every charge."""

import csv
import io
import json
from decimal import Decimal


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_usage_totals_are_the_sums_of_the_charges_in_csv(ask) -> None:
    totals = json.loads(ask("usage", "--format", "json").out)["totals"]
    costs = [row for row in rows(ask("usage", "--format", "csv").out) if row["cost"]]
    for currency, amount in totals.items():
        assert sum(
            Decimal(row["cost"]) for row in costs if row["cost_currency"] == currency
        ) == Decimal(amount)


def test_lines_lists_every_charge(ask) -> None:
    asked = ("--account", "cloud", "usage", "--period", "last-month")
    charges = json.loads(ask(*asked, "--format", "json").out)["items"][0]["charges"]
    shown = ask(*asked, "--lines").out
    assert all(charge["service"] in shown for charge in charges)
    assert "Quantity" in shown
    assert "Quantity" not in ask(*asked).out
