"""``billfold report``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from attrs import evolve

from billfold.cli import options
from billfold.errors import ConfigError, IncompleteError

if TYPE_CHECKING:
    from datetime import datetime

    from billfold.cli.pricing import Pricing
    from billfold.costs import Trend
    from billfold.report import ReportAnswers, ReportContent


def report(
    ctx: typer.Context,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            parser=options.read_path,
            help="The page to write. Written atomically: an error leaves no partial file.",
        ),
    ],
    period: options.PeriodOption = "last-month",
    currency: options.CurrencyOption = None,
    spread: options.SpreadOption = False,
    rates: options.RatesOption = None,
    rate_policy: options.PolicyOption = None,
    constant: options.ConstantOption = None,
    stale_rates: options.StaleRatesOption = None,
    rules: options.RulesOption = None,
    allow_partial: options.PartialOption = False,
) -> None:
    """Write everything on one self-contained HTML page (needs the extra report).

    It shows costs and what changed, balances, invoices, reconciliation and
    coverage, cost centres where rules allocate, and the last twelve months
    where a store has them. The page makes no request, and works offline and in
    print.

    An incomplete total is refused with exit code 3, unless --allow-partial is
    given; the page then says that it is incomplete. Balances, invoices or other
    data that could not be read are named on the page, with exit code 3. Where no
    account can answer for the period, the page says so instead of a total, with
    exit code 4.
    """
    from billfold.cli.clock import now
    from billfold.cli.output.allocation import warn_of_unused_rules
    from billfold.cli.output.notes import lacking_notes, print_notes
    from billfold.cli.output.terminal import print_error, print_stderr
    from billfold.cli.pricing import read_pricing
    from billfold.cli.run import PARTIAL, ask_accounts, exit_code
    from billfold.cli.stored_trend import stored_trend
    from billfold.files import writable_path
    from billfold.report import ask

    rules = rules or ctx.obj.defaults.rules_file()
    pricing = read_pricing(
        ctx.obj, currency, rates, rate_policy, constant, stale_rates, rules, spread=spread
    )
    requested = options.chosen_period(ctx, period)
    moment = ctx.obj.history.as_of or now()
    ctx.obj.require_other_file(out)
    writable_path(out)  # what cannot be written is an error before anybody is asked
    answers = ask_accounts(
        ctx.obj, lambda fold, deadline: ask(fold, requested, deadline=deadline, now=moment)
    )
    unpriced = answers.views.usage
    usage = pricing.priced(unpriced)
    answers = evolve(answers, views=evolve(answers.views, usage=usage))
    if pricing.currency is None:
        pricing = _with_only_currency(pricing, answers)
    print_notes(usage)
    lacking = answers.lacking()
    for view in lacking:
        print_stderr(*lacking_notes(view))
    if usage.answered or not usage.failures or allow_partial:
        trend = stored_trend(ctx.obj, pricing, unpriced)
        _write_page(out, answers, pricing, trend, moment, allow_partial=allow_partial)
        warn_of_unused_rules(pricing, [usage])
    else:
        print_error("No report: nothing was answered, for the reasons above.")
    raise typer.Exit(max(exit_code(usage), PARTIAL if lacking else 0))


def _write_page(
    out: Path,
    answers: "ReportAnswers",
    pricing: "Pricing",
    trend: "Trend | None",
    moment: "datetime",
    *,
    allow_partial: bool,
) -> None:
    """Write the page of what is known at a moment; on stderr, its total or why there is none."""
    from billfold.cli.clock import now
    from billfold.cli.output.notes import how_to_complete
    from billfold.cli.output.terminal import print_error, print_remark, print_stderr
    from billfold.files import atomic_write
    from billfold.report import build_content, render_page

    written_at = now()
    try:
        content = build_content(
            answers,
            pricing.lines,
            currency=pricing.currency,
            now=moment,
            by_cost_centre=pricing.rules is not None,
            partial=allow_partial,
            trend=trend,
        )
    except IncompleteError:
        said = [
            "No report: the accounts above are missing or incomplete.",
            *how_to_complete(answers.views.usage, written_at, is_spread=pricing.spread),
            "Write it without them with --allow-partial.",
        ]
        print_error(" ".join(said))
        return
    page = render_page(content, written_at).encode()
    with atomic_write(out) as file:
        file.write(page)
    incomplete = "" if content.table.complete or content.total is None else "incomplete"
    said = [content.period, _shown_total(content), incomplete, content.incomplete_views]
    say = print_remark if content.complete else print_stderr
    say(f"{out}: {', '.join(filter(None, said))}")


def _shown_total(content: "ReportContent") -> str:
    from billfold.report.figures import Figure

    if content.total is None:
        return "nothing was charged" if content.table.complete else "no total"
    return str(Figure.of(content.total))


def _with_only_currency(pricing: "Pricing", answers: "ReportAnswers") -> "Pricing":
    """Return the pricing in the answers' only currency; without any there is nothing to price."""
    from billfold.costs import ConstantRates, Exchange

    charged_in = answers.charged_in()
    if len(charged_in) > 1:
        listed = " and ".join(sorted(charged_in))
        raise ConfigError(f"the costs are in {listed}; choose the report's with --in EUR")
    currency = answers.only_currency()
    exchange = None if currency is None else Exchange(ConstantRates({}))
    return evolve(pricing, currency=currency, exchange=exchange)
