"""``billfold allocate``."""

from pathlib import Path
from typing import Annotated

import typer

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

    What stays unallocated is listed, too. Missing data is named and not refused;
    the exit code is then 3.
    """
    from billfold.cli.output.allocation import write_allocation
    from billfold.cli.pricing import read_pricing
    from billfold.cli.run import ask_accounts, exit_code
    from billfold.costs import charged_lines, cost_view

    check = check or ctx.obj.defaults.rules_file()
    if check is None:
        raise ConfigError(
            "there are no rules: name them by --check FILE, or as rules in [defaults] of the "
            "configuration"
        )
    requested = options.chosen_period(ctx, period)
    pricing = read_pricing(ctx.obj, currency, rates, rate_policy, constant, stale_rates, check)
    answer = ask_accounts(ctx.obj, lambda fold, deadline: fold.usage(requested, deadline=deadline))
    allocated, rules = pricing.lines(answer), pricing.rules
    assert rules is not None
    rest = [line for line in allocated if line.cost_centre is None]
    services = ("provider", "account", "service")
    taken = rules.lines_by_rule(tuple(charged_lines(answer.items)))
    write_allocation(
        cost_view(answer, allocated, by=("cost_centre",), currency=pricing.currency, partial=True),
        cost_view(answer, rest, by=services, currency=pricing.currency, partial=True),
        list(zip(rules.rules, taken, strict=True)),
        answer,
        output_format,
    )
    raise typer.Exit(exit_code(answer))
