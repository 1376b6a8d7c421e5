"""Charts as plain SVG: Vega-Lite draws them when the page is written, so the page needs no script and no network for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from billfold.errors import ConfigError
from billfold.report.content import Bar

# Okabe and Ito's colours, which people with any kind of colour vision can tell apart; the darker ones first.
PALETTE = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#6b6b6b")
_INK, _RULE = "#010101", "#020202"  # stand-ins, replaced by the page's own colours in light and dark


def days(bars: Sequence[Bar], providers: Sequence[str], currency: str) -> str:
    """Draw the cost of each day, stacked by provider."""
    return _svg(
        bars,
        {
            "mark": {"type": "bar"},
            "width": 880,
            "height": 240,
            "encoding": {
                "x": {
                    "field": "day",
                    "type": "ordinal",
                    "title": None,
                    "axis": {"labelExpr": "slice(datum.label, 8)", "labelAngle": 0},
                },
                "y": {"field": "amount", "type": "quantitative", "title": currency, "axis": {"tickCount": 5}},
                "color": _colour(providers, {"orient": "top", "title": None}),
            },
        },
    )


def services(bars: Sequence[Bar], providers: Sequence[str], currency: str) -> str:
    """Draw the cost of each service, largest first."""
    return _svg(
        bars,
        {
            "mark": {"type": "bar"},
            "width": 640,
            "height": {"step": 26},
            "encoding": {
                "y": {"field": "day", "type": "nominal", "title": None, "sort": None, "axis": {"labelLimit": 260}},
                "x": {"field": "amount", "type": "quantitative", "title": currency, "axis": {"tickCount": 5}},
                "color": _colour(providers, None),
            },
        },
    )


def _colour(providers: Sequence[str], legend: dict[str, Any] | None) -> dict[str, Any]:
    groups = sorted(providers)
    shades = [PALETTE[index % len(PALETTE)] for index in range(len(groups))]
    return {"field": "group", "type": "nominal", "scale": {"domain": groups, "range": shades}, "legend": legend}


def _svg(bars: Sequence[Bar], chart: dict[str, Any]) -> str:
    """Render a specification; amounts travel as text and become numbers only where pixels are counted."""
    try:
        import vl_convert
    except ImportError:
        raise ConfigError("the report needs an extra: pip install 'billfold[report]'") from None
    specification = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": None,
        "data": {"values": [{"day": bar.day, "group": bar.group, "text": bar.amount} for bar in bars]},
        "transform": [{"calculate": "toNumber(datum.text)", "as": "amount"}],
        "config": {
            "font": "system-ui, sans-serif",
            "view": {"stroke": None},
            "axis": {"labelColor": _INK, "titleColor": _INK, "gridColor": _RULE, "domainColor": _RULE, "tickColor": _RULE},
            "legend": {"labelColor": _INK},
        },
        **chart,
    }
    drawn: str = vl_convert.vegalite_to_svg(specification)
    return drawn.replace(_INK, "currentColor").replace(_RULE, "var(--rule)")
