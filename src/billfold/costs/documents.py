"""Cost views and explanations as plain JSON values; decimals are text in plain notation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from billfold.codec import CONVERTER, record
from billfold.costs.change import CostChange
from billfold.costs.explanation import Match, steps
from billfold.costs.json_values import (
    amount_text,
    completeness,
    rate_values,
)
from billfold.costs.lines import Line
from billfold.costs.rates import rate_tables
from billfold.costs.view import CostView
from billfold.coverage import Coverage
from billfold.errors import BillfoldError
from billfold.period import Period

_EFFECTS = ("before", "after", "usage", "price", "exchange", "mixed")

# A value that may be None as plain JSON values.
_written = CONVERTER.unstructure


def costs(view: CostView, *, compared: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a view as ``billfold.costs/1``; ``compared`` is from :func:`comparison`."""
    return view.to_dict() | {"compared": compared}


def comparison(
    period: Period, complete: bool, by: Sequence[str], changes: Iterable[CostChange]
) -> dict[str, Any]:
    """Return what changed since ``period``, and whether the costs of that period are complete."""
    rows = [
        {
            "keys": dict(zip(by, change.keys, strict=True)),
            "currency": change.after.currency,
            **{name: amount_text(getattr(change, name)) for name in _EFFECTS},
        }
        for change in changes
    ]
    return {"period": _written(period), "complete": complete, "rows": rows}


def explanation(
    text: str,
    complete: bool,
    matches: Iterable[Match],
    coverage: Iterable[Coverage],
    failures: Iterable[BillfoldError],
) -> dict[str, Any]:
    """Return what ``text`` may be as ``billfold.explanation/1``."""
    matches = tuple(matches)
    rates = (line.rate for match in matches for line in match.lines if line.rate is not None)
    return {
        "schema": "billfold.explanation/1",
        "asked": {"question": text},
        "complete": complete,
        "matches": [_match(match) for match in matches],
        "rate_tables": [record(table) for table in rate_tables(rates)],
        **completeness(coverage, failures),
    }


def _match(match: Match) -> dict[str, Any]:
    return {
        "what": match.kind,
        "keys": dict(match.keys),
        "amount": _written(match.amount),
        "rounded": match.rounded,
        "steps": list(steps(match)),
        "lines": [_line(line) for line in match.lines],
        "charge": _written(match.charge),
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "charge": line.charge.id,
        "provider": line.charge.provider,
        "account": line.charge.account,
        "service": line.charge.service,
        "day": _written(line.day),
        "cost": record(line.cost),
        "converted": _written(line.converted),
        "rate": None if line.rate is None else rate_values(line.rate),
        "estimated": line.estimated or (line.rate is not None and line.rate.estimated),
        "cost_centre": line.cost_centre,
        "source": line.charge.source,
    }
