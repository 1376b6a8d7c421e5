"""``billfold allocate``."""

from pathlib import Path
from typing import Annotated

import typer
from attrs import evolve

from billfold.cli import options
from billfold.errors import ConfigError


def allocate(
    ctx: typer.Context,
    check: Annotated[
        Path | None,
        typer.Option(
            "--check",
            metavar="FILE",
            parser=options.read_path,
            help="The rules file to try, instead of the configuration's.",
        ),
    ] = None,
    period: options.PeriodOption = "current",
    currency: options.CurrencyOption = None,
    rates: options.RatesOption = None,
    rate_policy: options.PolicyOption = None,
    constant: options.ConstantOption = None,
    stale_rates: options.StaleRatesOption = None,
    output_format: options.FormatOption = options.TABLE,
) -> None:
    """Try a rules file: what each rule matches, and what each cost centre is charged.

    A pattern (with * or ?) is about names, and about an id only where there is
    no name.

    It also lists what stays unallocated, lines that could not be shared, and
    rules that match nothing. Missing data is named, not refused; the exit code
    is then 3.
    """
    from billfold.cli.output.allocation import write_allocation
    from billfold.cli.pricing import read_pricing
    from billfold.cli.run import ask_accounts, exit_code
    from billfold.costs import chargeback, cost_view, unstated_lines
    from billfold.money import sum_by_currency

    check = check or ctx.obj.defaults.rules_file()
    if check is None:
        raise ConfigError(
            "there are no rules: name them by --check FILE, or as rules in [defaults] of the "
            "configuration"
        )
    requested = options.chosen_period(ctx, period)
    pricing = read_pricing(ctx.obj, currency, rates, rate_policy, constant, stale_rates, check)
    answer = ask_accounts(ctx.obj, lambda fold, deadline: fold.usage(requested, deadline=deadline))
    lines, unstated = evolve(pricing, rules=None).lines(answer), tuple(unstated_lines(answer.items))
    rules = pricing.rules
    assert rules is not None
    allocated = rules.allocate(lines, unstated)
    rest = [line for line in allocated if line.cost_centre is None]
    services = ("provider", "account", "service")
    unallocated = cost_view(answer, rest, by=services, currency=pricing.currency, partial=True)
    write_allocation(
        cost_view(answer, allocated, by=("cost_centre",), currency=pricing.currency, partial=True),
        # Currencies in which everything is allocated are not part of what is not.
        evolve(unallocated, native=sum_by_currency(line.cost for line in rest)),
        rules.uses(lines, unstated),
        chargeback(allocated),
        answer,
        output_format,
    )
    raise typer.Exit(exit_code(answer))
