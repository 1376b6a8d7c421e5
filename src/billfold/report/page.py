"""Render the page: a template, a style sheet and a script in one file that makes no request."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from importlib.resources import files

from billfold.model import billed_period
from billfold.money import exponent
from billfold.period import utc_text
from billfold.report import charts
from billfold.report.clean_text import clean
from billfold.report.content import ReportContent
from billfold.report.drawing import draw, missing_packages
from billfold.report.figures import Figure


def render_page(content: ReportContent, written_at: datetime) -> str:
    """Return the page as HTML.

    Raises ConfigError without the extra ``report``, and where its charts cannot be drawn.
    """
    try:
        from jinja2 import Environment, StrictUndefined
        from markupsafe import Markup
    except ImportError:
        raise missing_packages() from None
    folder = files("billfold.report")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"figure": Figure.of, "billed_period": billed_period}
    template = environment.from_string(folder.joinpath("page.html.j2").read_text("utf-8"))
    groups = content.groups
    currency = groups.currency
    style, script = (folder.joinpath(f"page.{kind}").read_text("utf-8") for kind in ("css", "js"))
    page = template.render(
        content=content,
        names=groups.provider_names(),
        shades=_coloured(content),
        currency=currency,
        digits=0 if currency is None else exponent(currency),
        written_at=utc_text(written_at.replace(microsecond=0)),
        style=Markup(style),
        script=Markup(script),
        style_hash=_source(style),
        script_hash=_source(script),
        charts={name: Markup(svg) for name, svg in _drawings(content).items()},
    )
    return clean(page)


def _source(text: str) -> str:
    """Return how a content security policy names a style sheet or a script within the page."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _coloured(content: ReportContent) -> list[str]:
    """Return every provider of any chart: each has one colour, in all of them."""
    several = set() if content.months is None else set(content.months.provider_names())
    return sorted({*content.groups.provider_names(), *several})


def _drawings(content: ReportContent) -> dict[str, str]:
    """Return the charts by name; one without bars is left out."""
    groups, months = content.groups, content.months
    names, currency = _coloured(content), groups.currency or ""
    drawn = {
        name: chart(bars, names, currency)
        for name, chart, bars in (
            ("day", charts.day_chart, groups.day_bars()),
            ("service", charts.service_chart, groups.service_bars()),
        )
        if bars
    }
    if months is not None and (bars := months.bars()):
        drawn["month"] = charts.month_chart(bars, names, currency, months.places())
    svgs = map(charts.with_page_colours, draw(list(drawn.values())))
    return dict(zip(drawn, svgs, strict=True))
