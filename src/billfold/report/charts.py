"""The charts as specifications of Vega-Lite, drawn as SVG: the page needs no script for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from billfold.report.cost_groups import ChartBar

Chart = Mapping[str, Any]  # a specification of Vega-Lite

# By Okabe and Ito, for every kind of colour vision; the darker ones first.
PALETTE = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#6b6b6b")

# Colours of the drawing that are then replaced by the page's own, for light and dark.
_INK, _RULE = "#010101", "#020202"

_CONFIG = {
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
}


def day_chart(bars: Sequence[ChartBar], providers: Sequence[str], currency: str) -> Chart:
    """Return a chart of the cost of each day, stacked by provider."""
    is_one_month = len({bar.place[:7] for bar in bars}) == 1
    label = "slice(datum.label, 8)" if is_one_month else "slice(datum.label, 5)"
    axis = {"labelExpr": label, "labelAngle": 0, "labelOverlap": "parity"}
    days = {"field": "place", "type": "ordinal", "title": None, "axis": axis}
    encoding = {"x": days, "y": _amounts(currency), "color": _colours(bars, providers)}
    return _chart(bars, {"width": 920, "height": 230, "encoding": encoding})


def month_chart(
    bars: Sequence[ChartBar], providers: Sequence[str], currency: str, months: Sequence[str]
) -> Chart:
    """Return a chart of the cost of each month, stacked by provider; one may have no bar."""
    axis, scale = {"labelAngle": 0}, {"domain": list(months)}
    place = {"field": "place", "type": "ordinal", "title": None, "axis": axis, "scale": scale}
    encoding = {"x": place, "y": _amounts(currency), "color": _colours(bars, providers)}
    return _chart(bars, {"width": 920, "height": 230, "encoding": encoding})


def service_chart(bars: Sequence[ChartBar], providers: Sequence[str], currency: str) -> Chart:
    """Return a chart of the cost of each service, in the order of the bars."""
    axis = {"labelLimit": 250, "ticks": False}
    services = {"field": "place", "type": "nominal", "title": None, "sort": None, "axis": axis}
    encoding = {"y": services, "x": _amounts(currency), "color": _colours(bars, providers)}
    return _chart(bars, {"width": 680, "height": {"step": 26}, "encoding": encoding})


def _amounts(currency: str) -> Mapping[str, Any]:
    axis = {"tickCount": 5}
    return {"field": "amount", "type": "quantitative", "title": currency, "axis": axis}


def _colours(bars: Sequence[ChartBar], providers: Sequence[str]) -> Mapping[str, Any]:
    """Return a colour per provider, the same in every chart; the legend has those of this one."""
    shades = [PALETTE[index % len(PALETTE)] for index in range(len(providers))]
    shown = sorted({bar.provider for bar in bars})
    return {
        "field": "provider",
        "type": "nominal",
        "scale": {"domain": list(providers), "range": shades},
        "legend": {"orient": "top", "title": None, "values": shown},
    }


def _chart(bars: Sequence[ChartBar], chart: Chart) -> Chart:
    # Amounts are texts, and become numbers only where Vega counts pixels.
    values = [{"place": bar.place, "provider": bar.provider, "text": bar.amount} for bar in bars]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": None,
        "padding": {"left": 36, "right": 8, "top": 4, "bottom": 4},
        "data": {"values": values},
        "transform": [{"calculate": "toNumber(datum.text)", "as": "amount"}],
        "mark": {"type": "bar", "cornerRadiusEnd": 1},
        "config": _CONFIG,
        **chart,
    }


def with_page_colours(svg: str) -> str:
    """Return a drawing in the colours of the page, light or dark."""
    return svg.replace(_INK, "currentColor").replace(_RULE, "var(--rule)")
