"""Cost views and explanations as JSON: the keys that programs read, and decimals as text."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from billfold.costs import (
    ConstantRates,
    Exchange,
    Policy,
    RateTable,
    TableRates,
    changes,
    cost_view,
    documents,
    explain,
    priced_lines,
)
from billfold.costs.json_values import refused_costs
from support.costs import OCTOBER, answer, charge

RATES = Exchange(ConstantRates({"EUR": Decimal(1), "USD": Decimal("1.25")}), Policy.CONSTANT)
ANSWER = answer(charge("10.00 USD", day=date(2026, 10, 1), source="GET /b#/data/0"))
LINES = priced_lines(ANSWER, currency="EUR", exchange=RATES)
PERIOD = {"start": "2026-10-01T00:00:00Z", "end": "2026-11-01T00:00:00Z"}
RATE = {
    "base": "USD",
    "quote": "EUR",
    "numerator": "1",
    "denominator": "1.25",
    "day": None,
    "source": "constant",
    "table": None,
    "estimated": False,
    "asked": None,
    "rate": "0.8",
}


def written(document: dict[str, Any]) -> Any:
    return json.loads(json.dumps(document))


def test_a_view_has_its_totals_rows_and_rates() -> None:
    view = cost_view(ANSWER, LINES, by=("provider",), currency="EUR")
    document = written(documents.costs(view))
    coverage = document.pop("coverage")
    assert [row["state"] for row in coverage] == ["complete"]
    assert document == {
        "schema": "billfold.costs/1",
        "asked": {"period": PERIOD, "accounts": [], "left_out": []},
        "role": "usage charges",
        "by": ["provider"],
        "currency": "EUR",
        "complete": True,
        "refused": None,
        "totals": {"native": {"USD": "10.00"}, "converted": "8"},
        "rows": [
            {
                "keys": {"provider": "harmont"},
                "native": {"USD": "10.00"},
                "converted": "8",
                "lines": 1,
                "estimated": False,
            }
        ],
        "compared": None,
        "rates": [RATE],
        "rate_tables": [],
        "checks": [],
        "failures": [],
    }


def test_a_refused_view_has_the_same_keys_and_no_number() -> None:
    view = documents.costs(cost_view(ANSWER, LINES, by=("provider",), currency="EUR"))
    refused = refused_costs(("provider",), "EUR", OCTOBER, "ci is partial", (), ())
    assert list(refused) == list(view)
    assert (refused["complete"], refused["refused"]) == (False, "ci is partial")
    assert (refused["totals"], refused["rows"], refused["rates"]) == (None, [], [])


def test_a_comparison_has_every_effect() -> None:
    compared = changes((), LINES, by=("provider",), currency="EUR")
    document = written(documents.comparison(OCTOBER, True, ("provider",), compared))
    assert document == {
        "period": PERIOD,
        "complete": True,
        "rows": [
            {
                "keys": {"provider": "harmont"},
                "currency": "EUR",
                "before": "0",
                "after": "8",
                "usage": "0",
                "price": "0",
                "exchange": "0",
                "mixed": "8",
            }
        ],
    }


def test_an_explanation_leads_to_the_source() -> None:
    matches = explain("8 EUR", ANSWER.items, LINES)
    document = written(documents.explanation("8 EUR", True, matches, (), ()))
    assert (document["schema"], document["asked"]) == (
        "billfold.explanation/1",
        {"question": "8 EUR"},
    )
    total = document["matches"][0]
    assert (total["what"], total["keys"], total["rounded"]) == ("total", {}, False)
    assert total["lines"] == [
        {
            "charge": "ci-10.00 USD-2026-10-01",
            "provider": "harmont",
            "account": "ci",
            "service": "CI",
            "day": "2026-10-01",
            "cost": {"amount": "10.00", "currency": "USD"},
            "converted": {"amount": "8", "currency": "EUR"},
            "rate": RATE,
            "estimated": False,
            "cost_centre": None,
            "source": "GET /b#/data/0",
        }
    ]


def test_rates_name_the_table_that_they_were_read_from_by_its_hash() -> None:
    table = RateTable("rates.csv", date(2026, 9, 30), "c0ffee")
    rates = TableRates("rates.csv", "EUR", {("USD", date(2026, 9, 30)): Decimal("1.25")}, table)
    lines = priced_lines(ANSWER, currency="EUR", exchange=Exchange(rates))
    view = cost_view(ANSWER, lines, by=("provider",), currency="EUR")
    document = written(documents.costs(view))
    (rate,) = document["rates"]
    assert (rate["table"], rate["estimated"]) == ("c0ffee", True)
    assert document["rate_tables"] == [
        {
            "name": "rates.csv",
            "newest_day": "2026-09-30",
            "sha256": "c0ffee",
            "fetched_at": None,
            "url": None,
        }
    ]
    assert document["rows"][0]["estimated"]
