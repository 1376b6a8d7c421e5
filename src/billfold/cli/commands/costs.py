"""``billfold costs``."""

from typing import TYPE_CHECKING, Annotated

import typer
from attrs import evolve

from billfold.cli import options
from billfold.cli.global_options import GlobalOptions
from billfold.errors import ConfigError

if TYPE_CHECKING:
    from datetime import datetime

    from billfold.answer import Answer
    from billfold.costs import Line
    from billfold.facade.billfold import Billfold
    from billfold.model import Usage
    from billfold.period import Period


def costs(
    ctx: typer.Context,
    period: options.PeriodOption = "current",
    by: Annotated[
        list[str],
        typer.Option(
            metavar="A,B",
            help="provider, account, billing_account, sub_account, service, resource, category, "
            "currency, day, month, cost_centre (with --rules), tag:KEY (repeatable).",
        ),
    ] = options.BY_SERVICE,
    currency: options.CurrencyOption = None,
    top: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Show the N largest rows; the others become one row.",
            parser=options.whole_number(1, 999_999_999),
        ),
    ] = None,
    compare: Annotated[
        str | None,
        typer.Option(
            metavar="BASELINE",
            help="Show what changed in usage, price and exchange rate. previous: since the period "
            "before. known:2026-11-03: since what the store knew of the same period then.",
        ),
    ] = None,
    spread: options.SpreadOption = False,
    rates: options.RatesOption = None,
    rate_policy: options.PolicyOption = None,
    constant: options.ConstantOption = None,
    stale_rates: options.StaleRatesOption = None,
    rules: options.RulesOption = None,
    allow_partial: options.PartialOption = False,
    output_format: options.FormatOption = options.TABLE,
) -> None:
    """Show what everything cost, grouped as you like, optionally in one currency.

    Only usage charges are added up; ledger, invoices and daily costs describe
    the same money. An incomplete total is refused with exit code 3, unless
    --allow-partial is given.
    """
    from billfold.cli.clock import now
    from billfold.cli.output.allocation import warn_of_unused_rules
    from billfold.cli.output.cost_view import largest_rows, write_costs, write_refused_costs
    from billfold.cli.output.notes import how_to_complete
    from billfold.cli.output.period_changes import compare_known, compare_periods
    from billfold.cli.pricing import read_by, read_pricing, rules_for
    from billfold.cli.run import PARTIAL, ask_accounts, exit_code
    from billfold.costs import aligned, cost_view
    from billfold.costs.names import telling_apart

    known_at = _read_compared(compare)
    rules = rules_for(ctx.obj, rules, by)
    pricing = read_pricing(
        ctx.obj, currency, rates, rate_policy, constant, stale_rates, rules, spread=spread
    )
    requested = options.chosen_period(ctx, period)
    dimensions = read_by(by, has_rules=rules is not None)
    if compare is None:
        answers = [ask_accounts(ctx.obj, lambda fold, left: fold.usage(requested, deadline=left))]
    elif known_at is None:
        asked, at = _require_period(requested), ctx.obj.history.as_of or now()
        answers = ask_accounts(ctx.obj, lambda fold, left: _ask_both(fold, asked, at, left))
    else:
        asked = _require_period(requested)
        answers = [
            ask_accounts(options, lambda fold, left: fold.usage(asked, deadline=left))
            for options in (ctx.obj, _as_known(ctx.obj, known_at))
        ]
    answers = [pricing.priced(reply) for reply in answers]
    if compare is not None and known_at is None:
        answers[1] = aligned(*answers)
    # By both periods: a name that only one of them shares would be another in the other.
    charges = (charge for reply in answers for usage in reply for charge in usage.charges)
    tell_apart = telling_apart(charges, dimensions)

    def price(reply: "Answer[Usage]") -> "tuple[Line, ...]":
        return tell_apart(pricing.lines(reply))

    answer, lines = answers[0], price(answers[0])
    # What was known then is compared as it was known, whole or not.
    needed = answers if known_at is None else answers[:1]
    incomplete = [reply for reply in needed if not reply.complete]
    if incomplete and not allow_partial:
        remedies = how_to_complete(incomplete[0], now(), is_spread=spread)
        write_refused_costs(
            answer,
            incomplete[0],
            dimensions,
            pricing.currency,
            output_format,
            remedies,
            compares=compare is not None,
        )
    else:
        view = cost_view(
            answer, lines, by=dimensions, currency=pricing.currency, partial=allow_partial
        )
        changes = None
        if known_at is not None:
            changes = compare_known(answers[1], answer, dimensions, price, known_at)
        elif compare is not None:
            changes = compare_periods(answers[1], answer, dimensions, price)
        write_costs(largest_rows(view, top), answer, changes, output_format)
        warn_of_unused_rules(pricing, answers[:1])
    raise typer.Exit(max(exit_code(answer), PARTIAL if incomplete else 0))


def _read_compared(text: str | None) -> "datetime | None":
    """Return the moment of ``known:TIME``, None for everything else that ``--compare`` takes."""
    if text in (None, "previous"):
        return None
    word, colon, time = text.partition(":")
    if word == "known" and colon:
        try:
            return options.read_time(time)
        except typer.BadParameter as error:
            raise typer.BadParameter(error.message, param_hint="--compare") from None
    raise typer.BadParameter(
        f"{text!r} cannot be compared with; the choices are: previous, known:TIME",
        param_hint="--compare",
    )


def _as_known(chosen: GlobalOptions, moment: "datetime") -> GlobalOptions:
    """Return the options that ask the store for what it knew at a moment."""
    history = evolve(chosen.history, stored=True, live=False, as_of=moment)
    return evolve(chosen, history=history)


def _require_period(requested: "Period | None") -> "Period":
    if requested is None:
        raise ConfigError(
            "--compare needs a period with a start and an end, like --period 2026-10; "
            "current has none"
        )
    return requested


async def _ask_both(
    fold: "Billfold", period: "Period", now: "datetime", deadline: float | None
) -> "list[Answer[Usage]]":
    """Ask for a period and for what it is compared with, at once."""
    import asyncio

    from billfold.costs import as_far_as, compared_period
    from billfold.http.deadline import Deadline

    until = Deadline.after(deadline)

    async def ask(asked: "Period") -> "Answer[Usage]":
        return await fold.usage(asked, deadline=until)

    answer, earlier = await asyncio.gather(ask(period), ask(compared_period(period, now)))
    return [answer, await as_far_as(answer, earlier, ask)]
