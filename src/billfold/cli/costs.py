"""The commands about cost views: ``costs``, ``allocate``, ``reconcile``, ``explain`` and ``report``."""

# Annotations are not postponed here: typer would compile each of them anew at every start.
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from billfold.cli.options import FormatOption, PeriodOption
from billfold.cli.setup import Format, Walk
from billfold.costs import Policy

if TYPE_CHECKING:
    from billfold.cli.pricing import Pricing

commands = typer.Typer()
PANEL = "See what it all costs"

CurrencyOption = Annotated[
    str | None,
    typer.Option(
        "--in", metavar="EUR", help="Convert to this currency; the native amounts stay beside it."
    ),
]
RatesOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Your own rates: CSV with date,base,quote,rate. Without it, the ECB's reference rates (extra fx).",
    ),
]
PolicyOption = Annotated[
    Policy | None,
    typer.Option(
        help="Which day's rate converts a charge; charge-date unless constants are given."
    ),
]
ConstantOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="USD=1.08",
        help="A fixed rate: what one unit of the --in currency is worth. Can be repeated.",
    ),
]
RulesOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Allocate to cost centres by this TOML file; see --by cost_centre."
    ),
]
SpreadOption = Annotated[
    bool,
    typer.Option(
        "--spread",
        help="Spread what has no day over its period, adding up exactly; marked as estimated.",
    ),
]
PartialOption = Annotated[
    bool, typer.Option("--allow-partial", help="Show an incomplete total, marked as such.")
]


@commands.command(rich_help_panel=PANEL)
def costs(
    ctx: typer.Context,
    period: PeriodOption = "current",
    by: Annotated[
        str,
        typer.Option(
            metavar="A,B",
            help="provider, account, billing_account, sub_account, service, resource, category, currency, day, month, "
            "cost_centre (with --rules), tag:KEY.",
        ),
    ] = "provider,service",
    currency: CurrencyOption = None,
    top: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Only the N largest; the others become one row."),
    ] = None,
    compare: Annotated[
        str | None,
        typer.Option(metavar="previous", help="Say what changed from the period before, and why."),
    ] = None,
    spread: SpreadOption = False,
    rates: RatesOption = None,
    rate_policy: PolicyOption = None,
    constant: ConstantOption = None,
    rules: RulesOption = None,
    allow_partial: PartialOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show what everything cost, by whatever you ask, in one currency if you like.

    Adds up usage charges, and nothing else: ledger, invoices and days tell of the same money again. An incomplete total is
    refused with exit code 3, unless --allow-partial accepts it.
    """
    from billfold.cli.commands import costs as spending
    from billfold.cli.setup import period as read

    if compare not in (None, "previous"):
        raise typer.BadParameter(
            f"{compare!r} cannot be compared with; there is: previous", param_hint="--compare"
        )
    dimensions = tuple(part.strip() for part in by.split(",")) if by.strip() else ()
    pricing = _pricing(currency, rates, rate_policy, constant, rules, spread)
    asked = spending.Question(
        read(period), dimensions, pricing, top, compare is not None, allow_partial
    )
    raise typer.Exit(spending.run(ctx.obj, asked, form))


@commands.command(rich_help_panel=PANEL)
def allocate(
    ctx: typer.Context,
    check: Annotated[Path, typer.Option("--check", metavar="FILE", help="The rules file to try.")],
    period: PeriodOption = "current",
    currency: CurrencyOption = None,
    rates: RatesOption = None,
    rate_policy: PolicyOption = None,
    constant: ConstantOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Try a rules file: what each rule takes, what each cost centre gets, and what nobody does.

    Nothing is refused over holes, but they are named, and the exit code is 3 then.
    """
    from billfold.cli.commands import allocate as centres
    from billfold.cli.setup import period as read

    pricing = _pricing(currency, rates, rate_policy, constant, check, False)
    raise typer.Exit(centres.run(ctx.obj, read(period), pricing, form))


@commands.command(rich_help_panel=PANEL)
def reconcile(
    ctx: typer.Context, period: PeriodOption = "current", form: FormatOption = Format.TABLE
) -> None:
    """Compare every view that the providers give of the same money, and name the cause of each gap.

    Exits with 0 when all agree (but for tax and rounding), 3 when there are gaps or something could not be read, 4 when
    there is nothing to compare.
    """
    from billfold.cli.commands import reconcile as agreement
    from billfold.cli.setup import period as read

    raise typer.Exit(agreement.run(ctx.obj, read(period), form))


@commands.command(rich_help_panel=PANEL)
def explain(
    ctx: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            metavar="AMOUNT|CHARGE-ID",
            help="142.82, '142.82 USD', or a charge's id or a part of it.",
        ),
    ],
    period: PeriodOption = "current",
    currency: CurrencyOption = None,
    spread: SpreadOption = False,
    rates: RatesOption = None,
    rate_policy: PolicyOption = None,
    constant: ConstantOption = None,
    rules: RulesOption = None,
    form: Annotated[
        Walk,
        typer.Option(
            "--format", "-f", help="table is for people; json goes to standard output alone."
        ),
    ] = Walk.TABLE,
) -> None:
    """Walk from an amount to its charges, and from each to the request and the place in its reply that it came from.

    Give the same options as for the command that showed the amount. A negative amount comes after --. Exits with 4 when nothing
    fits.
    """
    from billfold.cli.commands import explain as why
    from billfold.cli.setup import period as read

    pricing = _pricing(currency, rates, rate_policy, constant, rules, spread)
    raise typer.Exit(why.run(ctx.obj, what, read(period), pricing, form))


@commands.command(rich_help_panel=PANEL)
def report(
    ctx: typer.Context,
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="FILE", help="The page to write, whole or not at all."),
    ],
    period: PeriodOption = "last-month",
    currency: CurrencyOption = None,
    spread: SpreadOption = False,
    rates: RatesOption = None,
    rate_policy: PolicyOption = None,
    constant: ConstantOption = None,
    rules: RulesOption = None,
    allow_partial: PartialOption = False,
) -> None:
    """Write one self-contained HTML page: costs, balances, invoices, reconciliation and coverage (extra report).

    It makes no request, works offline and printed. An incomplete total is refused with exit code 3, unless --allow-partial
    accepts it; the page then says so.
    """
    from billfold.cli.commands import report as page
    from billfold.cli.setup import period as read

    pricing = _pricing(currency, rates, rate_policy, constant, rules, spread)
    raise typer.Exit(page.run(ctx.obj, read(period), pricing, out, partial=allow_partial))


def _pricing(
    currency: str | None,
    rates: Path | None,
    policy: Policy | None,
    constants: list[str] | None,
    rules: Path | None,
    spread: bool,
) -> "Pricing":
    from billfold.cli.pricing import Pricing, exchange

    return Pricing.read(
        currency, exchange(currency, rates, policy, tuple(constants or ())), rules, spread
    )
