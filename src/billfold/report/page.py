"""The page itself: a template, a style sheet and a small script, all in one file without a single request."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files

from billfold.errors import ConfigError
from billfold.period import utc_text
from billfold.report import charts
from billfold.report.content import Content


def page(content: Content, written: datetime) -> str:
    """Render the page. Raises ConfigError when the extra ``report`` is missing."""
    try:
        from jinja2 import Environment, StrictUndefined
        from markupsafe import Markup
    except ImportError:
        raise ConfigError("the report needs an extra: pip install 'billfold[report]'") from None
    here = files("billfold.report")
    template = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    ).from_string(here.joinpath("page.html.j2").read_text("utf-8"))
    providers = sorted(name for name, _ in content.providers)
    return template.render(
        content=content,
        providers=providers,
        written=utc_text(written.replace(microsecond=0)),
        style=Markup(here.joinpath("page.css").read_text("utf-8")),
        script=Markup(here.joinpath("page.js").read_text("utf-8")),
        days=Markup(charts.days(content.bars, providers, content.currency))
        if content.bars
        else None,
        services=Markup(charts.services(content.services, providers, content.currency))
        if content.services
        else None,
    )
