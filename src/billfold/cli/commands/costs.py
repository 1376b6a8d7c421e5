"""``billfold costs``: what everything cost, grouped, in one currency, compared."""

# Annotations are not postponed here: typer would compile each of them anew at every start.
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from attrs import frozen

from billfold.cli.options import (
    ConstantOption,
    CurrencyOption,
    FormatOption,
    GlobalOptions,
    OutputFormat,
    PartialOption,
    PeriodOption,
    PolicyOption,
    RatesOption,
    RulesOption,
    SpreadOption,
    read_period,
)
from billfold.errors import ConfigError, CurrencyError

if TYPE_CHECKING:
    from billfold.answer import Answer
    from billfold.cli.output.cost_view import Comparison
    from billfold.cli.pricing import Pricing
    from billfold.costs.change import CostChange
    from billfold.costs.lines import Line
    from billfold.costs.view import CostView
    from billfold.facade.billfold import Billfold
    from billfold.model import Usage
    from billfold.period import Period


def costs(
    ctx: typer.Context,
    period: PeriodOption = "current",
    by: Annotated[
        str,
        typer.Option(
            metavar="A,B",
            help="provider, account, billing_account, sub_account, service, resource, category, "
            "currency, day, month, cost_centre (with --rules), tag:KEY.",
        ),
    ] = "provider,service",
    currency: CurrencyOption = None,
    top: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="Show the N largest rows; the others become one row."
        ),
    ] = None,
    compare: Annotated[
        str | None,
        typer.Option(
            metavar="previous",
            help="Show what changed since the period before: usage, price or exchange rate.",
        ),
    ] = None,
    spread: SpreadOption = False,
    rates: RatesOption = None,
    rate_policy: PolicyOption = None,
    constant: ConstantOption = None,
    rules: RulesOption = None,
    allow_partial: PartialOption = False,
    output_format: FormatOption = OutputFormat.TABLE,
) -> None:
    """Show what everything cost, grouped as you like, optionally in one currency.

    Only usage charges are added up; ledger, invoices and daily costs describe
    the same money. An incomplete total is refused with exit code 3, unless
    --allow-partial is given.
    """
    from billfold.cli.pricing import read_pricing

    if compare not in (None, "previous"):
        raise typer.BadParameter(
            f"{compare!r} cannot be compared with; the only choice is: previous",
            param_hint="--compare",
        )
    pricing = read_pricing(currency, rates, rate_policy, constant, rules, spread=spread)
    requested = read_period(period)
    dimensions = _read_dimensions(by, has_rules=rules is not None)
    before = None if compare is None else _period_before(requested)
    request = CostsRequest(requested, before, dimensions, pricing, top, allow_partial)
    raise typer.Exit(_show_costs(ctx.obj, request, output_format))


@frozen
class CostsRequest:
    """Which costs to show, and how; ``before`` is the period to compare with."""

    requested: "Period | None"
    before: "Period | None"
    by: tuple[str, ...]
    pricing: "Pricing"
    top: int | None
    allow_partial: bool


def _read_dimensions(text: str, *, has_rules: bool) -> tuple[str, ...]:
    """Return the dimensions that ``--by`` names. Raises ConfigError for what it cannot mean."""
    from billfold.costs.dimensions import dimension

    names = tuple(name.strip() for name in text.split(",")) if text.strip() else ()
    for number, name in enumerate(names):
        if not name:
            raise ConfigError("--by: a name is missing before or after a comma")
        if name in names[:number]:
            raise ConfigError(f"--by names {name} twice")
        dimension(name)
    if "cost_centre" in names and not has_rules:
        raise ConfigError("--by cost_centre needs the rules that allocate: add --rules FILE")
    return names


def _period_before(requested: "Period | None") -> "Period":
    from billfold.costs.change import preceding_period

    if requested is None:
        raise ConfigError(
            "--compare needs a period with a start and an end, like --period 2026-10; "
            "current has none"
        )
    return preceding_period(requested)


def _show_costs(options: GlobalOptions, request: CostsRequest, output_format: OutputFormat) -> int:
    """Write the costs, or why they are refused, and return the exit code."""
    from billfold.cli.output.cost_view import write_costs, write_refused_costs
    from billfold.cli.run import PARTIAL, ask_accounts, exit_code

    answer, earlier = ask_accounts(
        options, lambda fold, deadline: _ask_usage(fold, request, deadline)
    )
    lines = request.pricing.lines(answer)
    code = exit_code(answer)
    if earlier is not None and not earlier.complete:
        code = max(code, PARTIAL)
    incomplete = None if request.allow_partial else _incomplete(answer, earlier)
    if incomplete is not None:
        by, currency = request.by, request.pricing.currency
        write_refused_costs(answer, incomplete, by, currency, output_format)
    else:
        comparison = None if earlier is None else _compare(earlier, lines, request)
        write_costs(_view(answer, lines, request), answer, comparison, output_format)
    return code


async def _ask_usage(
    fold: "Billfold", request: CostsRequest, deadline: float | None
) -> "tuple[Answer[Usage], Answer[Usage] | None]":
    import asyncio

    if request.before is None:
        return await fold.usage(request.requested, deadline=deadline), None
    return await asyncio.gather(
        fold.usage(request.requested, deadline=deadline),
        fold.usage(request.before, deadline=deadline),
    )


def _incomplete(answer: "Answer[Usage]", earlier: "Answer[Usage] | None") -> "Answer[Usage] | None":
    """Return the first of the answers that misses something."""
    if not answer.complete:
        return answer
    return None if earlier is None or earlier.complete else earlier


def _view(answer: "Answer[Usage]", lines: "Sequence[Line]", request: CostsRequest) -> "CostView":
    from billfold.costs.view import cost_view, top_rows

    currency = request.pricing.currency
    costs = cost_view(
        answer, lines, by=request.by, currency=currency, partial=request.allow_partial
    )
    if request.top is None:
        return costs
    try:
        return top_rows(costs, request.top)
    except CurrencyError:
        raise ConfigError(
            "--top: rows in several currencies have no common order; convert them: add --in EUR"
        ) from None


def _compare(
    earlier: "Answer[Usage]", lines: "Sequence[Line]", request: CostsRequest
) -> "Comparison":
    """Compare in the currency asked for, or each native currency by itself."""
    from billfold.cli.output.cost_view import Comparison
    from billfold.costs.change import changes

    before = request.pricing.lines(earlier)
    currency = request.pricing.currency
    if currency is None:
        differences = _changes_by_currency(before, lines, request.by)
    else:
        differences = changes(before, lines, by=request.by, currency=currency)
    assert request.before is not None  # or there would be no earlier answer
    return Comparison(request.before, earlier.complete, differences)


def _changes_by_currency(
    before: "Sequence[Line]", after: "Sequence[Line]", by: Sequence[str]
) -> "tuple[CostChange, ...]":
    from billfold.costs.change import changes

    differences: list[CostChange] = []
    for currency in sorted({line.cost.currency for line in (*before, *after)}):
        differences += changes(
            [line for line in before if line.cost.currency == currency],
            [line for line in after if line.cost.currency == currency],
            by=by,
            currency=currency,
        )
    return tuple(differences)
