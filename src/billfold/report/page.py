"""Render the page: a template, a style sheet and a script in one file that makes no request."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from datetime import datetime
from importlib.resources import files

from billfold.model import billed_period, payment_text
from billfold.money import exponent
from billfold.period import utc_text
from billfold.report import charts
from billfold.report.clean_text import clean
from billfold.report.content import ReportContent
from billfold.report.drawing import draw, missing_packages
from billfold.report.figures import Figure, wrapping


def render_page(content: ReportContent, written_at: datetime) -> str:
    """Return the page as HTML.

    Raises ConfigError without the extra ``report``, and where its charts cannot be drawn.
    """
    try:
        from jinja2 import Environment, FunctionLoader, StrictUndefined
        from markupsafe import Markup
    except ImportError:
        raise missing_packages() from None
    folder = files("billfold.report")
    environment = Environment(
        loader=FunctionLoader(lambda name: folder.joinpath(name).read_text("utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "figure": Figure.of,
        "difference": Figure.difference,
        "wrapping": wrapping,
        "billed_period": billed_period,
        "payment": lambda invoice: payment_text(invoice, written_at.date()),
        "brand": lambda provider: content.brands.get(provider, provider),
    }
    template = environment.get_template("page.html.j2")
    currency = content.groups.currency
    style, script = (folder.joinpath(f"page.{kind}").read_text("utf-8") for kind in ("css", "js"))
    page = template.render(
        content=content,
        shades=_coloured(content),
        currency=currency,
        fraction=0 if currency is None else exponent(currency),
        written_at=utc_text(written_at.replace(microsecond=0)),
        style=Markup(style),
        script=Markup(script),
        style_hash=_source(style),
        script_hash=_source(script),
        charts={
            name: {canvas: Markup(svg) for canvas, svg in drawn.items()}
            for name, drawn in _drawings(content).items()
        },
    )
    return clean(page)


def _source(text: str) -> str:
    """Return how a content security policy names a style sheet or a script within the page."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _coloured(content: ReportContent) -> list[str]:
    """Return every provider of any chart: each has one colour, in all of them."""
    several = set() if content.months is None else set(content.months.provider_names())
    return sorted({*content.groups.provider_names(), *several}, key=str.casefold)


def _drawings(content: ReportContent) -> dict[str, dict[str, str]]:
    """Return the charts by name, each for every canvas; one without bars is left out."""
    specified = {
        (name, canvas): chart
        for canvas, size in (("wide", charts.WIDE), ("narrow", charts.NARROW))
        for name, chart in _charts(content, size)
    }
    drawn: dict[str, dict[str, str]] = {}
    for (name, canvas), svg in zip(specified, draw(list(specified.values())), strict=True):
        drawn.setdefault(name, {})[canvas] = charts.with_page_colours(svg)
    return drawn


def _charts(content: ReportContent, canvas: charts.Canvas) -> Iterator[tuple[str, charts.Chart]]:
    groups, months = content.groups, content.months
    style = charts.Style(_coloured(content), groups.currency or "")
    if bars := groups.day_bars():
        yield "day", charts.day_chart(bars, style, canvas)
    if bars := groups.undated_bars():
        what = "cost by provider that belongs to no single day"
        yield "undated", charts.ranked_chart(bars, what, style, canvas)
    if bars := groups.service_bars():
        yield "service", charts.ranked_chart(bars, "cost of each service", style, canvas)
    if months is not None and (bars := months.bars()):
        yield "month", charts.month_chart(bars, months.places(), style, canvas)
