"""``billfold explain``."""

from enum import StrEnum
from typing import Annotated

import typer

from billfold.cli import options


class ExplainFormat(StrEnum):
    """How an explanation, which is no table of rows, is written."""

    TABLE = "table"
    JSON = "json"


def explain(
    ctx: typer.Context,
    amount_or_id: Annotated[
        str,
        typer.Argument(
            metavar="AMOUNT|CHARGE-ID",
            help="142.82, '142.82 USD', or a charge's id or a part of it.",
        ),
    ],
    period: options.PeriodOption = "current",
    currency: options.CurrencyOption = None,
    spread: options.SpreadOption = False,
    rates: options.RatesOption = None,
    rate_policy: options.PolicyOption = None,
    constant: options.ConstantOption = None,
    rules: options.RulesOption = None,
    output_format: Annotated[
        ExplainFormat,
        typer.Option(
            "--format",
            "-f",
            help="table for reading; json for programs (stdout carries nothing else).",
        ),
    ] = ExplainFormat.TABLE,
) -> None:
    """Trace an amount to its charges, and each charge to the request and the place in its reply.

    Pass the options of the command that showed the amount. Put -- before a
    negative amount. Exits with 4 if nothing matches.
    """
    from billfold.cli.output.explanation import write_explanation
    from billfold.cli.output.terminal import print_error
    from billfold.cli.pricing import read_pricing
    from billfold.cli.run import COMPLETE, NOTHING, PARTIAL, ask_accounts
    from billfold.costs import explain as find_matches

    requested = options.read_period(period)
    pricing = read_pricing(currency, rates, rate_policy, constant, rules, spread=spread)
    answer = ask_accounts(ctx.obj, lambda fold, deadline: fold.usage(requested, deadline=deadline))
    matches = find_matches(amount_or_id, answer.items, pricing.lines(answer))
    write_explanation(amount_or_id, matches, answer, options.OutputFormat(output_format))
    if not matches:
        converted = f" with --in {currency}" if currency else ""
        print_error(
            f"No usage charge or total matches {amount_or_id!r} in "
            f"{requested or 'the current period'}{converted}. "
            "Pass the --period, --in and other options of the command that showed it. "
            "Balances, ledger and invoices are not searched."
        )
        raise typer.Exit(NOTHING)
    raise typer.Exit(COMPLETE if answer.complete else PARTIAL)
