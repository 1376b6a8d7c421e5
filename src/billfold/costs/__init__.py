"""What everything cost: usage charges grouped, converted, allocated, compared and explained.

>>> from billfold import costs
>>> view = await costs.ask(fold, Period.month(2026, 10), by=("provider",), currency="EUR")

Only :func:`ask` reads anything, from the source it is given; the rest are pure functions of
answers. docs/costs.md says what is added up, and how it is converted and allocated.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from billfold.costs._ask import UsageSource, ask
    from billfold.costs.allocation import Rule, Rules
    from billfold.costs.change import CostChange, changes, preceding_period
    from billfold.costs.dimensions import dimension
    from billfold.costs.explanation import Match, explain, steps
    from billfold.costs.lines import ROLE, Line, charged_lines
    from billfold.costs.rate_sources import ConstantRates, EcbRates, RateSource, TableRates
    from billfold.costs.rates import Exchange, Policy, Rate
    from billfold.costs.view import CostRow, CostView, cost_view, priced_lines, top_rows

_HOME = {
    "ROLE": "lines",
    "ConstantRates": "rate_sources",
    "CostChange": "change",
    "CostRow": "view",
    "CostView": "view",
    "EcbRates": "rate_sources",
    "Exchange": "rates",
    "Line": "lines",
    "Match": "explanation",
    "Policy": "rates",
    "Rate": "rates",
    "RateSource": "rate_sources",
    "Rule": "allocation",
    "Rules": "allocation",
    "TableRates": "rate_sources",
    "UsageSource": "_ask",
    "ask": "_ask",
    "changes": "change",
    "charged_lines": "lines",
    "cost_view": "view",
    "dimension": "dimensions",
    "explain": "explanation",
    "preceding_period": "change",
    "priced_lines": "view",
    "steps": "explanation",
    "top_rows": "view",
}

__all__ = [
    "ROLE",
    "ConstantRates",
    "CostChange",
    "CostRow",
    "CostView",
    "EcbRates",
    "Exchange",
    "Line",
    "Match",
    "Policy",
    "Rate",
    "RateSource",
    "Rule",
    "Rules",
    "TableRates",
    "UsageSource",
    "ask",
    "changes",
    "charged_lines",
    "cost_view",
    "dimension",
    "explain",
    "preceding_period",
    "priced_lines",
    "steps",
    "top_rows",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: the command line's help needs one enum alone."""
    if name not in _HOME:
        raise AttributeError(f"module 'billfold.costs' has no attribute {name!r}")
    return getattr(import_module(f"billfold.costs.{_HOME[name]}"), name)
