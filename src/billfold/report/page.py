"""Render the page: a template, a style sheet and a script in one file that makes no request."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files

from billfold.errors import ConfigError
from billfold.model import billed_period
from billfold.money import exponent
from billfold.period import utc_text
from billfold.report import charts
from billfold.report.content import ReportContent
from billfold.report.figures import Figure


def render_page(content: ReportContent, written_at: datetime) -> str:
    """Return the page as HTML. Raises ConfigError without the extra ``report``."""
    try:
        from jinja2 import Environment, StrictUndefined
        from markupsafe import Markup
    except ImportError:
        raise ConfigError(charts.MISSING_EXTRA) from None
    folder = files("billfold.report")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"figure": Figure.of, "billed_period": billed_period}
    template = environment.from_string(folder.joinpath("page.html.j2").read_text("utf-8"))
    groups = content.groups
    names, currency = groups.provider_names(), groups.currency
    return template.render(
        content=content,
        names=names,
        currency=currency,
        digits=0 if currency is None else exponent(currency),
        written_at=utc_text(written_at.replace(microsecond=0)),
        style=Markup(folder.joinpath("page.css").read_text("utf-8")),
        script=Markup(folder.joinpath("page.js").read_text("utf-8")),
        day_chart=Markup(charts.day_chart(groups.day_bars(), names, currency or "")),
        service_chart=Markup(charts.service_chart(groups.service_bars(), names, currency or "")),
    )
