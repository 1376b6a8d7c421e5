"""``billfold trend``."""

from typing import Annotated

import typer

from billfold.cli import options
from billfold.cli.global_options import GlobalOptions


def trend(
    ctx: typer.Context,
    months: Annotated[
        int,
        typer.Option(
            metavar="N",
            help="How many UTC months, including the running one.",
            parser=options.whole_number(1, 120),
        ),
    ] = 12,
    by: Annotated[
        list[str],
        typer.Option(
            metavar="A,B",
            help="provider, account, billing_account, sub_account, service, resource, category, "
            "currency, cost_centre (with --rules), tag:KEY (repeatable).",
        ),
    ] = options.BY_SERVICE,
    currency: options.CurrencyOption = None,
    spread: options.SpreadOption = False,
    rates: options.RatesOption = None,
    rate_policy: options.PolicyOption = None,
    constant: options.ConstantOption = None,
    stale_rates: options.StaleRatesOption = None,
    rules: options.RulesOption = None,
    output_format: options.FormatOption = options.TABLE,
) -> None:
    """Show what each of the last months cost, side by side, and how complete each is.

    Months that providers have forgotten come from the store. The running month
    is shown so far. A billing cycle counts in the month it begins in, or with
    --spread by its days. An incomplete month is marked, and the exit code is
    then 3.
    """
    from billfold.cli.clock import now
    from billfold.cli.output.allocation import warn_of_unused_rules
    from billfold.cli.output.trend import write_trend
    from billfold.cli.pricing import read_by, read_pricing, rules_for
    from billfold.cli.run import COMPLETE, NOTHING, PARTIAL, ask_accounts
    from billfold.costs import last_months, read_trend_dimensions, trend_view
    from billfold.facade.trend import ask_months

    rules = rules_for(ctx.obj, rules, by)
    pricing = read_pricing(
        ctx.obj, currency, rates, rate_policy, constant, stale_rates, rules, spread=spread
    )
    dimensions = read_trend_dimensions(read_by(by, has_rules=rules is not None))
    chosen: GlobalOptions = ctx.obj
    moment = chosen.history.as_of or now()
    asked = last_months(months, moment)
    answers = ask_accounts(
        chosen, lambda fold, deadline: ask_months(fold, asked, deadline=deadline)
    )
    found = trend_view(
        answers,
        by=dimensions,
        currency=pricing.currency,
        exchange=pricing.exchange,
        rules=pricing.rules,
        spread=spread,
        now=moment,
    )
    answers = [pricing.priced(answer) for answer in answers]
    write_trend(found, answers, output_format)
    warn_of_unused_rules(pricing, answers)
    if found.complete:
        raise typer.Exit(COMPLETE)
    raise typer.Exit(PARTIAL if found.answered else NOTHING)
