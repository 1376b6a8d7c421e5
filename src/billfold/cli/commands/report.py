"""``billfold report``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from attrs import evolve

from billfold.cli import options
from billfold.errors import ConfigError, IncompleteError

if TYPE_CHECKING:
    from billfold.answer import Answer
    from billfold.cli.pricing import Pricing
    from billfold.model import Usage
    from billfold.report import ReportAnswers


def report(
    ctx: typer.Context,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="The page to write. Written atomically: an error leaves no partial file.",
        ),
    ],
    period: options.PeriodOption = "last-month",
    currency: options.CurrencyOption = None,
    spread: options.SpreadOption = False,
    rates: options.RatesOption = None,
    rate_policy: options.PolicyOption = None,
    constant: options.ConstantOption = None,
    rules: options.RulesOption = None,
    allow_partial: options.PartialOption = False,
) -> None:
    """Write everything on one self-contained HTML page (needs the extra report).

    It shows costs, balances, invoices, reconciliation and coverage. It makes no
    request, and works offline and in print.

    An incomplete total is refused with exit code 3, unless --allow-partial is
    given; the page then says that it is incomplete.
    """
    from billfold.cli.output.notes import print_notes
    from billfold.cli.pricing import read_pricing
    from billfold.cli.run import ask_accounts, exit_code
    from billfold.files import writable_path
    from billfold.report import ask

    pricing = read_pricing(currency, rates, rate_policy, constant, rules, spread=spread)
    requested = options.read_period(period)
    writable_path(out)  # what cannot be written is an error before anybody is asked
    answers = ask_accounts(ctx.obj, lambda fold, deadline: ask(fold, requested, deadline=deadline))
    usage = answers.views.usage
    if currency is None:
        pricing = _with_only_currency(pricing, usage)
    print_notes(usage)
    _write_page(out, answers, pricing, allow_partial=allow_partial)
    raise typer.Exit(exit_code(usage))


def _write_page(
    out: Path, answers: "ReportAnswers", pricing: "Pricing", *, allow_partial: bool
) -> None:
    """Write the page, and on stderr its total or why there is none."""
    from billfold.cli.output.terminal import print_error, print_stderr
    from billfold.files import atomic_write
    from billfold.http.transport import utc_now
    from billfold.report import build_content, render_page
    from billfold.report.figures import Figure

    assert pricing.currency is not None
    now = utc_now()
    try:
        content = build_content(
            answers,
            pricing.lines,
            currency=pricing.currency,
            now=now,
            by_cost_centre=pricing.rules is not None,
            partial=allow_partial,
        )
    except IncompleteError:
        print_error(
            "No report: the accounts above are missing or incomplete. "
            "Write it without them with --allow-partial."
        )
        return
    with atomic_write(out) as file:
        file.write(render_page(content, now).encode())
    total = f"{Figure.of(content.total).shown} {pricing.currency}"
    incomplete = "" if content.table.complete else ", incomplete"
    print_stderr(f"{out}: {content.period}, {total}{incomplete}")


def _with_only_currency(pricing: "Pricing", answer: "Answer[Usage]") -> "Pricing":
    from billfold.costs import ConstantRates, Exchange

    currencies = {code for usage in answer for code in usage.totals()}
    if len(currencies) != 1:
        listed = " and ".join(sorted(currencies)) or "no currency"
        raise ConfigError(f"the costs are in {listed}; choose the report's with --in EUR")
    return evolve(pricing, currency=currencies.pop(), exchange=Exchange(ConstantRates({})))
