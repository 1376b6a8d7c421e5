"""``billfold report``: ask for everything about a period, and write it as one page."""

from __future__ import annotations

from pathlib import Path

from attrs import evolve
from rich.text import Text

from billfold.cli.output.notes import notes
from billfold.cli.output.terminal import complain, tell
from billfold.cli.pricing import Pricing
from billfold.cli.run import answered, exit_code
from billfold.cli.setup import Setup
from billfold.costs import ConstantRates, Exchange
from billfold.errors import ConfigError, IncompleteError
from billfold.files import atomic_write, writable_path
from billfold.http.transport import utc_now
from billfold.period import Period
from billfold.report import ReportAnswers, ask, build_content, render_page


def run(setup: Setup, period: Period | None, pricing: Pricing, out: Path, *, partial: bool) -> int:
    """Write the page; over holes it is refused unless partial ones are allowed."""
    writable_path(out)  # what cannot be written is said before anybody is asked
    asked = answered(setup, lambda fold, deadline: ask(fold, period, deadline=deadline))
    usage, now = asked.views.usage, utc_now()
    priced = _in_one_currency(asked, pricing)
    assert priced.currency is not None
    tell(*notes(usage))
    try:
        made = build_content(
            asked,
            priced.lines,
            currency=priced.currency,
            now=now,
            by_cost_centre=priced.rules is not None,
            partial=partial,
        )
        text = render_page(made, now)
        with atomic_write(out) as file:
            file.write(text.encode())
    except IncompleteError:
        complain(
            "refused, because the total would miss what is said above; --allow-partial writes what there is"
        )
    else:
        tell(
            Text(
                f"{out}: {made.period}, {made.total.shown} {made.currency}"
                + ("" if usage.complete else ", incomplete")
            )
        )
    return exit_code(usage)


def _in_one_currency(asked: ReportAnswers, pricing: Pricing) -> Pricing:
    """Take the only currency there is where none was asked for."""
    if pricing.currency is not None:
        return pricing
    found = {code for usage in asked.views.usage for code in usage.totals()}
    if len(found) != 1:
        raise ConfigError(
            f"the costs are in {' and '.join(sorted(found)) or 'no currency'}; name the report's with --in EUR"
        )
    return evolve(pricing, currency=found.pop(), exchange=Exchange(ConstantRates({})))
