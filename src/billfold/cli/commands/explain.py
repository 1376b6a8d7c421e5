"""``billfold explain``."""

from contextlib import suppress
from typing import Annotated

import typer

from billfold.cli import options
from billfold.errors import ConfigError, MoneyError


def explain(
    ctx: typer.Context,
    amount_or_id: Annotated[
        str,
        typer.Argument(
            metavar="AMOUNT|CHARGE-ID",
            help="142.82, -12.34, '142.82 USD', or a charge's id or a part of it.",
        ),
    ],
    period: options.PeriodOption = "current",
    currency: options.CurrencyOption = None,
    spread: options.SpreadOption = False,
    rates: options.RatesOption = None,
    rate_policy: options.PolicyOption = None,
    constant: options.ConstantOption = None,
    stale_rates: options.StaleRatesOption = None,
    rules: options.RulesOption = None,
    output_format: options.FormatOption = options.TABLE,
) -> None:
    """Trace an amount to its charges, and each charge to the request and the place in its reply.

    Pass the options of the command that showed the amount. Exits with 4 if
    nothing matches.
    """
    from billfold.cli.output.explanation import write_explanation
    from billfold.cli.output.terminal import print_error
    from billfold.cli.pricing import read_pricing
    from billfold.cli.run import COMPLETE, NOTHING, PARTIAL, ask_accounts
    from billfold.costs import explain as find_matches

    question = amount_or_id.strip()
    if not question:
        raise ConfigError(
            "there is nothing to explain: give an amount, like 142.82, or a charge's id"
        )
    requested = options.chosen_period(ctx, period)
    pricing = read_pricing(
        ctx.obj, currency, rates, rate_policy, constant, stale_rates, rules, spread=spread
    )
    answer = ask_accounts(ctx.obj, lambda fold, deadline: fold.usage(requested, deadline=deadline))
    matches = find_matches(question, answer.items, pricing.lines(answer))
    write_explanation(question, matches, answer, output_format)
    if not matches:
        converted = f" with --in {pricing.currency}" if pricing.currency else ""
        read = "" if answer.complete else " that was read"
        print_error(
            f"No usage charge or total{read} matches {question!r} in "
            f"{requested or 'the current period'}{converted}. {_advice(question)}"
            "Pass the --period, --in and other options of the command that showed it. "
            "Balances, ledger and invoices are not searched."
        )
        raise typer.Exit(NOTHING)
    raise typer.Exit(COMPLETE if answer.complete else PARTIAL)


def _advice(question: str) -> str:
    """Return how amounts are written, for what may be meant as one."""
    from billfold.money import parse_number

    number, _, currency = question.partition(" ")
    with suppress(MoneyError):
        parse_number(number)
        if not currency:
            return ""
        if currency.strip().isalpha():
            code = currency.strip().upper()
            return f"Only amounts in {code} were looked at: write {number} alone for any currency. "
    is_amount = any(char.isdigit() for char in question)
    return "An amount is written like 1234.56 or '1234.56 EUR'. " if is_amount else ""
