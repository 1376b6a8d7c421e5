"""Cost views, reconciliations and explanations as plain JSON values; decimals are text in plain notation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from billfold.answer import Coverage
from billfold.codec import CONVERTER, failure, record
from billfold.costs.change import Change
from billfold.costs.explanation import Match, steps
from billfold.costs.lines import ROLE, Line
from billfold.costs.rates import Rate
from billfold.costs.view import CostRow, CostView
from billfold.errors import BillfoldError
from billfold.money import Money, plain
from billfold.period import Period
from billfold.reconcile.reconciliation import Reconciliation


def costs(view: CostView, *, compared: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Write a view as ``billfold.costs/1``; ``compared`` is what :func:`comparison` wrote."""
    return {
        "schema": "billfold.costs/1",
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
        **answered(view.coverage, view.failures),
    }


def refusal(
    by: Sequence[str], currency: str | None, asked: Period | None, reason: str, **answer: Any
) -> dict[str, Any]:
    """Write a view that was refused over its holes: the same keys, and no number."""
    return {
        "schema": "billfold.costs/1",
        "asked": {"period": _period(asked)},
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
        **answer,
    }


def comparison(
    before: Period, complete: bool, by: Sequence[str], found: Iterable[Change]
) -> dict[str, Any]:
    """Write what changed from the period before, and whether that period was answered in full."""
    return {
        "period": _period(before),
        "complete": complete,
        "rows": [_change(by, change) for change in found],
    }


def reconciliation(found: Reconciliation) -> dict[str, Any]:
    """Write a reconciliation as ``billfold.reconciliation/1``."""
    return {
        "schema": "billfold.reconciliation/1",
        "asked": {"period": _period(found.period)},
        "holds": found.holds,
        "identities": [
            record(identity) | {"gap": record(identity.gap), "holds": identity.holds}
            for identity in found.identities
        ],
        **answered(found.coverage, found.failures),
    }


def explanation(
    asked: str, complete: bool, matches: Iterable[Match], **answer: Any
) -> dict[str, Any]:
    """Write what a question means as ``billfold.explanation/1``."""
    return {
        "schema": "billfold.explanation/1",
        "asked": {"question": asked},
        "complete": complete,
        "matches": [_match(match) for match in matches],
        **answer,
    }


def answered(coverage: Iterable[Coverage], failures: Iterable[BillfoldError]) -> dict[str, Any]:
    """Write how well the accounts answered, as every document has it."""
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


def _change(by: Sequence[str], change: Change) -> dict[str, Any]:
    effects = ("before", "after", "usage", "price", "exchange", "mixed")
    amounts = {name: plain(getattr(change, name).amount) for name in effects}
    return {
        "keys": dict(zip(by, change.keys, strict=True)),
        "currency": change.after.currency,
        **amounts,
    }


def _match(match: Match) -> dict[str, Any]:
    return {
        "what": match.what,
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
    return record(rate) | {"rate": plain(rate.rate)}


def _amounts(amounts: Mapping[str, Money]) -> dict[str, str]:
    return {code: plain(money.amount) for code, money in amounts.items()}


def _amount(money: Money | None) -> str | None:
    return None if money is None else plain(money.amount)


def _period(period: Period | None) -> Any:
    return CONVERTER.unstructure(period)
