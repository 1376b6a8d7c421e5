"""Charts as plain SVG: Vega-Lite draws them when the page is written, so the page needs no script and no network for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from billfold.errors import ConfigError
from billfold.report.content import Bar

# Okabe and Ito's colours, which people with any kind of colour vision can tell apart; the darker ones first.
PALETTE = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#6b6b6b")
_INK, _RULE = (
    "#010101",
    "#020202",
)  # stand-ins, replaced by the page's own colours in light and dark


def days(bars: Sequence[Bar], providers: Sequence[str], currency: str) -> str:
    """Draw the cost of each day, stacked by provider."""
    one_month = len({bar.at[:7] for bar in bars}) == 1
    label = "slice(datum.label, 8)" if one_month else "slice(datum.label, 5)"
    encoding = {
        "x": {
            "field": "at",
            "type": "ordinal",
            "title": None,
            "axis": {"labelExpr": label, "labelAngle": 0, "labelOverlap": "parity"},
        },
        "y": {
            "field": "amount",
            "type": "quantitative",
            "title": currency,
            "axis": {"tickCount": 5},
        },
        "color": _colour(bars, providers),
    }
    return _svg(bars, {"width": 920, "height": 230, "encoding": encoding})


def services(bars: Sequence[Bar], providers: Sequence[str], currency: str) -> str:
    """Draw the cost of each service, largest first."""
    encoding = {
        "y": {
            "field": "at",
            "type": "nominal",
            "title": None,
            "sort": None,
            "axis": {"labelLimit": 250, "ticks": False},
        },
        "x": {
            "field": "amount",
            "type": "quantitative",
            "title": currency,
            "axis": {"tickCount": 5},
        },
        "color": _colour(bars, providers),
    }
    return _svg(bars, {"width": 680, "height": {"step": 26}, "encoding": encoding})


def _colour(bars: Sequence[Bar], providers: Sequence[str]) -> dict[str, Any]:
    """Give every provider the same colour in every chart, and explain those that are in this one."""
    shades = [PALETTE[index % len(PALETTE)] for index in range(len(providers))]
    legend = {"orient": "top", "title": None, "values": sorted({bar.group for bar in bars})}
    return {
        "field": "group",
        "type": "nominal",
        "scale": {"domain": list(providers), "range": shades},
        "legend": legend,
    }


def _svg(bars: Sequence[Bar], chart: dict[str, Any]) -> str:
    """Render a specification; amounts travel as text and become numbers only where pixels are counted."""
    try:
        import vl_convert
    except ImportError:
        raise ConfigError("the report needs an extra: pip install 'billfold[report]'") from None
    specification = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": None,
        "padding": {"left": 36, "right": 8, "top": 4, "bottom": 4},
        "data": {
            "values": [{"at": bar.at, "group": bar.group, "text": bar.amount} for bar in bars]
        },
        "transform": [{"calculate": "toNumber(datum.text)", "as": "amount"}],
        "mark": {"type": "bar", "cornerRadiusEnd": 1},
        "config": {
            "font": "system-ui, sans-serif",
            "view": {"stroke": None},
            "axis": {
                "labelColor": _INK,
                "titleColor": _INK,
                "gridColor": _RULE,
                "domainColor": _RULE,
                "tickColor": _RULE,
                "labelFontSize": 12,
                "titleFontSize": 12,
                "titleFontWeight": "normal",
            },
            "legend": {"labelColor": _INK, "labelFontSize": 12.5, "symbolType": "square"},
        },
        **chart,
    }
    drawn: str = vl_convert.vegalite_to_svg(specification, vl_version="5.20")
    return drawn.replace(_INK, "currentColor").replace(_RULE, "var(--rule)")
