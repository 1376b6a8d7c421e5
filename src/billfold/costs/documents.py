"""Cost views and explanations as plain JSON values; decimals are text in plain notation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from billfold.answer import Coverage
from billfold.codec import CONVERTER, failure, record
from billfold.costs.change import CostChange
from billfold.costs.explanation import Match, steps
from billfold.costs.lines import ROLE, Line
from billfold.costs.rates import Rate
from billfold.costs.view import CostRow, CostView
from billfold.errors import BillfoldError
from billfold.money import Money, plain
from billfold.period import Period

SCHEMA = "billfold.costs/1"


def costs(view: CostView, *, compared: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a view as ``billfold.costs/1``; ``compared`` is from :func:`comparison`."""
    return {
        "schema": SCHEMA,
        "asked": {"period": _period(view.requested)},
        "role": view.role,
        "by": list(view.by),
        "currency": view.currency,
        "complete": view.complete,
        "refused": None,
        "totals": {"native": _amounts(view.native), "converted": _amount(view.converted)},
        "rows": [_row(view.by, row) for row in view.rows],
        "compared": compared,
        "rates": [_rate(rate) for rate in view.rates],
        "checks": [record(check) | {"gap": record(check.gap)} for check in view.checks],
        **completeness(view.coverage, view.failures),
    }


def refused_costs(
    by: Sequence[str],
    currency: str | None,
    requested: Period | None,
    reason: str,
    coverage: Iterable[Coverage],
    failures: Iterable[BillfoldError],
) -> dict[str, Any]:
    """Return ``billfold.costs/1`` for an incomplete view: the same keys, and no number."""
    return {
        "schema": SCHEMA,
        "asked": {"period": _period(requested)},
        "role": ROLE,
        "by": list(by),
        "currency": currency,
        "complete": False,
        "refused": reason,
        "totals": None,
        "rows": [],
        "compared": None,
        "rates": [],
        "checks": [],
        **completeness(coverage, failures),
    }


def comparison(
    period: Period, complete: bool, by: Sequence[str], changes: Iterable[CostChange]
) -> dict[str, Any]:
    """Return what changed since ``period``, and whether the costs of that period are complete."""
    return {
        "period": _period(period),
        "complete": complete,
        "rows": [_change(by, change) for change in changes],
    }


def explanation(
    text: str,
    complete: bool,
    matches: Iterable[Match],
    coverage: Iterable[Coverage],
    failures: Iterable[BillfoldError],
) -> dict[str, Any]:
    """Return what ``text`` may be as ``billfold.explanation/1``."""
    return {
        "schema": "billfold.explanation/1",
        "asked": {"question": text},
        "complete": complete,
        "matches": [_match(match) for match in matches],
        **completeness(coverage, failures),
    }


def completeness(coverage: Iterable[Coverage], failures: Iterable[BillfoldError]) -> dict[str, Any]:
    """Return the ``coverage`` and ``failures`` that every document has."""
    return {
        "coverage": [record(row) for row in coverage],
        "failures": [failure(error) for error in failures],
    }


def _row(by: Sequence[str], row: CostRow) -> dict[str, Any]:
    return {
        "keys": dict(zip(by, row.keys, strict=True)),
        "native": _amounts(row.native),
        "converted": _amount(row.converted),
        "lines": row.lines,
        "estimated": row.estimated,
    }


def _change(by: Sequence[str], change: CostChange) -> dict[str, Any]:
    return {
        "keys": dict(zip(by, change.keys, strict=True)),
        "currency": change.after.currency,
        "before": _amount(change.before),
        "after": _amount(change.after),
        "usage": _amount(change.usage),
        "price": _amount(change.price),
        "exchange": _amount(change.exchange),
        "mixed": _amount(change.mixed),
    }


def _match(match: Match) -> dict[str, Any]:
    return {
        "what": match.kind,
        "keys": dict(match.keys),
        "amount": None if match.amount is None else record(match.amount),
        "rounded": match.rounded,
        "steps": list(steps(match)),
        "lines": [_line(line) for line in match.lines],
        "charge": None if match.charge is None else record(match.charge),
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "charge": line.charge.id,
        "provider": line.charge.provider,
        "account": line.charge.account,
        "service": line.charge.service,
        "day": None if line.day is None else line.day.isoformat(),
        "cost": record(line.cost),
        "converted": None if line.converted is None else record(line.converted),
        "rate": None if line.rate is None else _rate(line.rate),
        "estimated": line.estimated,
        "cost_centre": line.cost_centre,
        "source": line.charge.source,
    }


def _rate(rate: Rate) -> dict[str, Any]:
    return {
        "base": rate.base,
        "quote": rate.quote,
        "numerator": plain(rate.numerator),
        "denominator": plain(rate.denominator),
        "day": None if rate.day is None else rate.day.isoformat(),
        "source": rate.source,
        "asked": None if rate.for_day is None else rate.for_day.isoformat(),
        "rate": plain(rate.rate),
    }


def _amounts(amounts: Mapping[str, Money]) -> dict[str, str]:
    return {code: plain(money.amount) for code, money in amounts.items()}


def _amount(money: Money | None) -> str | None:
    return None if money is None else plain(money.amount)


def _period(period: Period | None) -> Any:
    return CONVERTER.unstructure(period)
