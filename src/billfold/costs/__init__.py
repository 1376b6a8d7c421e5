"""What everything cost: usage charges grouped, converted, allocated, compared and explained.

>>> from billfold import costs
>>> view = await costs.ask(fold, Period.month(2026, 10), by=("provider",), currency="EUR")

Only :func:`ask` and :func:`as_far_as` read anything, from what they are given; the rest are pure
functions of answers. docs/costs.md says what is added up, and how it is converted and allocated.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from billfold.costs.allocation import Chargeback, Rule, Rules, RuleUse, chargeback
    from billfold.costs.change import CostChange, changes
    from billfold.costs.cycles import as_spread
    from billfold.costs.dimensions import dimension, read_dimensions
    from billfold.costs.ecb_rates import EcbRates
    from billfold.costs.explanation import Match, explain, steps
    from billfold.costs.lines import ROLE, Line, charged_lines, unstated_lines
    from billfold.costs.rate_sources import ConstantRates, RateSource, TableRates
    from billfold.costs.rate_table import RateTable
    from billfold.costs.rates import Exchange, Policy, Rate
    from billfold.costs.rows import CostRow
    from billfold.costs.stretch import (
        aligned,
        as_far_as,
        compared_period,
        counted_stretch,
        preceding_period,
        within_stretch,
    )
    from billfold.costs.trend import Trend, TrendMonth, TrendRow
    from billfold.costs.trend_months import last_months, read_trend_dimensions, trend_view
    from billfold.costs.view import (
        CostView,
        UsageSource,
        ask,
        cost_view,
        priced_lines,
        top_rows,
    )

# Where a name is looked for: what needs least comes first.
_MODULES = (
    *("rates", "rate_table", "rate_sources", "ecb_rates", "lines", "dimensions"),
    *(
        "cycles",
        "allocation",
        "change",
        "stretch",
        "rows",
        "view",
        "explanation",
        "trend",
        "trend_months",
    ),
)

__all__ = [
    "ROLE",
    "Chargeback",
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
    "RateTable",
    "Rule",
    "RuleUse",
    "Rules",
    "TableRates",
    "Trend",
    "TrendMonth",
    "TrendRow",
    "UsageSource",
    "aligned",
    "as_far_as",
    "as_spread",
    "ask",
    "changes",
    "chargeback",
    "charged_lines",
    "compared_period",
    "cost_view",
    "counted_stretch",
    "dimension",
    "explain",
    "last_months",
    "preceding_period",
    "priced_lines",
    "read_dimensions",
    "read_trend_dimensions",
    "steps",
    "top_rows",
    "trend_view",
    "unstated_lines",
    "within_stretch",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: the command line's help needs one enum alone."""
    for module in _MODULES if name in __all__ else ():
        value = getattr(import_module(f"billfold.costs.{module}"), name, None)
        if value is not None:
            return value
    raise AttributeError(f"module 'billfold.costs' has no attribute {name!r}")
