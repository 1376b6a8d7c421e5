"""The parts of cost views and explanations as plain JSON values; decimals are plain text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from billfold.codec import CONVERTER, failure, record
from billfold.costs.lines import ROLE
from billfold.costs.rates import Rate, rate_tables
from billfold.costs.rows import CostRow
from billfold.coverage import Coverage
from billfold.errors import BillfoldError
from billfold.model import Check
from billfold.money import Money, plain
from billfold.period import Period


def refused_costs(
    by: Sequence[str],
    currency: str | None,
    requested: Period | None,
    reason: str | None,
    coverage: Iterable[Coverage],
    failures: Iterable[BillfoldError],
) -> dict[str, Any]:
    """Return ``billfold.costs/1`` for an incomplete view: the same keys, and no number."""
    return {
        "schema": "billfold.costs/1",
        "asked": {"period": period_values(requested)},
        "role": ROLE,
        "by": list(by),
        "currency": currency,
        "complete": False,
        "refused": reason,
        "totals": None,
        "rows": [],
        "compared": None,
        **rates_values(()),
        "checks": [],
        **completeness(coverage, failures),
    }


def period_values(period: Period | None) -> Any:
    """Return a period's bounds, None for the current one."""
    return CONVERTER.unstructure(period)


def completeness(coverage: Iterable[Coverage], failures: Iterable[BillfoldError]) -> dict[str, Any]:
    """Return the ``coverage`` and ``failures`` that every document has."""
    return {
        "coverage": [record(row) for row in coverage],
        "failures": [failure(error) for error in failures],
    }


def row_values(by: Sequence[str], row: CostRow) -> dict[str, Any]:
    """Return a row, with its keys by dimension."""
    return {
        "keys": dict(zip(by, row.keys, strict=True)),
        "native": amounts_text(row.native),
        "converted": amount_text(row.converted),
        "lines": row.lines,
        "estimated": row.estimated,
    }


def check_values(check: Check) -> dict[str, Any]:
    """Return a check, with its gap."""
    return record(check) | {"gap": record(check.gap)}


def rates_values(rates: Iterable[Rate]) -> dict[str, Any]:
    """Return the rates used, and the tables that they were read from, each by its hash."""
    rates = tuple(rates)
    return {
        "rates": [rate_values(rate) for rate in rates],
        "rate_tables": [record(table) for table in rate_tables(rates)],
    }


def rate_values(rate: Rate) -> dict[str, Any]:
    """Return a rate and its evidence."""
    written = record(rate)
    written["asked"] = written.pop("for_day")
    written["table"] = None if rate.table is None else rate.table.sha256
    return written | {"rate": plain(rate.rate)}


def amounts_text(amounts: Mapping[str, Money]) -> dict[str, str]:
    """Return amounts by currency, as text."""
    return {code: plain(money.amount) for code, money in amounts.items()}


def amount_text(money: Money | None) -> str | None:
    """Return an amount as text, None for none."""
    return None if money is None else plain(money.amount)
