"""The charts as specifications of Vega-Lite, drawn as SVG: the page needs no script for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from attrs import frozen

from billfold.money import Money
from billfold.report.cost_groups import ChartBar
from billfold.report.figures import Figure

Chart = Mapping[str, Any]  # a specification of Vega-Lite

# By Okabe and Ito, for every kind of colour vision; the darker ones first.
PALETTE = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#6b6b6b")

# Colours of the drawing that are then replaced by the page's own, for light and dark.
_INK, _RULE = "#010101", "#020202"
_GROUPS = "\N{NARROW NO-BREAK SPACE}"


@frozen
class Canvas:
    """How wide a drawing is, and how large its text, in pixels."""

    width: int
    text: int
    legend_columns: int

    @property
    def is_narrow(self) -> bool:
        """Whether names have no place beside their bars."""
        return self.width < 600


WIDE, NARROW = Canvas(1016, 14, 7), Canvas(328, 12, 2)  # for screens and paper, and for a phone


@frozen
class Style:
    """What all charts of a page share: the providers, a colour for each, and the currency."""

    providers: Sequence[str]
    currency: str


def day_chart(bars: Sequence[ChartBar], style: Style, canvas: Canvas = WIDE) -> Chart:
    """Return a chart of the cost of each day, stacked by provider."""
    is_one_month = len({bar.place[:7] for bar in bars}) == 1
    label = "slice(datum.label, 8)" if is_one_month else "slice(datum.label, 5)"
    axis = {"labelExpr": label, "labelAngle": 0, "labelOverlap": "parity", "labelSeparation": 6}
    scale = {"domain": _days_between(bars)}  # a day without a cost keeps its place
    days = {"field": "place", "type": "ordinal", "title": None, "axis": axis, "scale": scale}
    encoding = {"x": days, "y": _amounts(style), "color": _colours(bars, style, canvas)}
    layer = {"mark": _BAR, "encoding": encoding, "height": 230}
    return _chart(bars, style, canvas, "cost of each day by provider", layer)


def month_chart(
    bars: Sequence[ChartBar], months: Sequence[str], style: Style, canvas: Canvas = WIDE
) -> Chart:
    """Return a chart of the cost of each month, stacked by provider; one may have no bar.

    A month that runs is paler.
    """
    axis = {"labelAngle": 0, "labelExpr": "split(datum.label, ', ')", "ticks": False}
    place = {"field": "place", "type": "ordinal", "title": None, "scale": {"domain": list(months)}}
    pale = {"condition": {"test": "datum.running", "value": 0.55}, "value": 1}
    encoding = {"color": _colours(bars, style, canvas), "opacity": pale}
    if canvas.is_narrow:
        encoding |= {"y": {**place, "axis": {"ticks": False}}, "x": _amounts(style)}
        layer = {"mark": _BAR, "encoding": encoding, "height": {"step": 26}}
    else:
        encoding |= {"x": {**place, "axis": axis}, "y": _amounts(style)}
        layer = {"mark": _BAR, "encoding": encoding, "height": 230}
    return _chart(bars, style, canvas, "cost of each month by provider", layer)


def ranked_chart(bars: Sequence[ChartBar], what: str, style: Style, canvas: Canvas = WIDE) -> Chart:
    """Return a chart of one bar for each place, in their order, with its name and amount."""
    name = {"field": "place", "type": "nominal", "title": None, "sort": None}
    encoding = {"x": _amounts(style), "color": _colours(bars, style, canvas)}
    if canvas.is_narrow:
        encoding["y"] = {**name, "axis": None}
        bar = {**_BAR, "height": 11, "yOffset": 8}
        layer = {
            "encoding": {"y": encoding["y"]},
            "layer": [
                {"mark": bar, "encoding": encoding},
                _text("place", "left", 0, canvas),
                _text("shown", "right", {"expr": "width"}, canvas),
            ],
            "height": {"step": 38},
        }
    else:
        axis = {"labelLimit": 420, "ticks": False}
        encoding["y"] = {**name, "field": "name_and_amount", "axis": axis}
        layer = {"mark": _BAR, "encoding": encoding, "height": {"step": 28}}
    return _chart(bars, style, canvas, what, layer)


def _days_between(bars: Sequence[ChartBar]) -> list[str]:
    """Return every day from the first to the last."""
    first, last = (date.fromisoformat(pick(bar.place for bar in bars)) for pick in (min, max))
    return [str(first + timedelta(days=number)) for number in range((last - first).days + 1)]


_BAR = {"type": "bar", "cornerRadiusEnd": 1}


def _text(field: str, align: str, x: Any, canvas: Canvas) -> Mapping[str, Any]:
    """Return a layer of texts above the bars, at one end."""
    mark = {"type": "text", "align": align, "dy": -7, "fontSize": canvas.text, "color": _INK}
    return {"mark": {**mark, "x": x}, "encoding": {"text": {"field": field}}}


def _amounts(style: Style) -> Mapping[str, Any]:
    axis = {"tickCount": 5, "labelExpr": f"replace(datum.label, /,/g, '{_GROUPS}')"}
    return {"field": "amount", "type": "quantitative", "title": style.currency, "axis": axis}


def _colours(bars: Sequence[ChartBar], style: Style, canvas: Canvas) -> Mapping[str, Any]:
    """Return a colour per provider, the same in every chart; the legend has those of this one."""
    shades = [PALETTE[index % len(PALETTE)] for index in range(len(style.providers))]
    shown = sorted({bar.provider for bar in bars}, key=str.casefold)
    legend = {"orient": "top", "title": None, "values": shown, "columns": canvas.legend_columns}
    legend |= {"columnPadding": 24, "rowPadding": 4}
    return {
        "field": "provider",
        "type": "nominal",
        "scale": {"domain": list(style.providers), "range": shades},
        "legend": None if {bar.place for bar in bars} == set(shown) else legend,
    }


def _chart(
    bars: Sequence[ChartBar], style: Style, canvas: Canvas, what: str, layer: Chart
) -> Chart:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "description": f"Bar chart: {what}, in {style.currency}",
        "background": None,
        "width": canvas.width,
        "autosize": {"type": "fit-x", "contains": "padding"},
        # Whoever reads it may have wider letters than those it is laid out with.
        "padding": {"left": canvas.width // 20, "right": 8, "top": 4, "bottom": 4},
        "data": {"values": [_datum(bar, style) for bar in bars]},
        "transform": [{"calculate": "toNumber(datum.text)", "as": "amount"}],
        "config": _config(canvas),
        **layer,
    }


def _datum(bar: ChartBar, style: Style) -> Mapping[str, Any]:
    # Amounts are texts, and become numbers only where Vega counts pixels.
    shown = _GROUPS.join(Figure.of(Money(Decimal(bar.amount), style.currency)).thousands)
    return {
        "place": bar.place,
        "provider": bar.provider,
        "text": bar.amount,
        "shown": shown,
        "name_and_amount": f"{bar.place}\N{EM SPACE}{shown}",
        "running": bar.running,
    }


def _config(canvas: Canvas) -> Mapping[str, Any]:
    axis = {
        **dict.fromkeys(("labelColor", "titleColor"), _INK),
        **dict.fromkeys(("gridColor", "domainColor", "tickColor"), _RULE),
        **dict.fromkeys(("labelFontSize", "titleFontSize"), canvas.text),
        "titleFontWeight": "normal",
    }
    return {
        "font": "system-ui, sans-serif",
        "view": {"stroke": None},
        "axis": axis,
        "legend": {"labelColor": _INK, "labelFontSize": canvas.text, "symbolType": "square"},
    }


def with_page_colours(svg: str) -> str:
    """Return a drawing in the colours of the page, light or dark."""
    return svg.replace(_INK, "currentColor").replace(_RULE, "var(--rule)")
