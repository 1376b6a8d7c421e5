"""The commands, their options and what ``--help`` says. Whatever is heavy is imported by the command that needs it."""

# Annotations are not postponed here: typer would compile each of them anew at every start.
import math
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from billfold.cli.commands import costs
from billfold.cli.commands import export_focus as focus
from billfold.cli.options import FormatOption, PeriodOption
from billfold.cli.setup import Format, Setup, configured, installed
from billfold.model import InvoiceKind

if TYPE_CHECKING:
    from rich.console import RenderableType

    from billfold.answer import Answer
    from billfold.facade.billfold import Billfold

app = typer.Typer(
    name="billfold",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # its tracebacks show local variables, and with them what must not be seen
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 complete, 3 partial, 4 nothing could be answered, 2 wrong use or configuration, 1 a bug, "
    "130 interrupted.",
)

ASK, LOOK, TRY = "Ask your accounts", "Look at the set-up", "Try it out"

app.add_typer(costs.commands)
app.add_typer(focus.export, rich_help_panel=ASK)
app.add_typer(focus.focus, rich_help_panel=LOOK)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"billfold {version('billfold')}")
        raise typer.Exit


def _deadline(seconds: float | None) -> float | None:
    if seconds is not None and not (math.isfinite(seconds) and seconds > 0):
        raise typer.BadParameter("a deadline is more than 0 seconds")
    return seconds


@app.callback()
def main(
    ctx: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            "-c",
            metavar="FILE",
            help="Read this file, not $BILLFOLD_CONFIG, ./billfold.toml, the user's folder or the environment.",
        ),
    ] = None,
    account: Annotated[
        list[str] | None,
        typer.Option(
            "--account",
            "-a",
            metavar="NAME",
            help="Ask only this account; can be repeated.",
            autocompletion=configured,
        ),
    ] = None,
    provider: Annotated[
        list[str] | None,
        typer.Option(
            "--provider",
            metavar="NAME",
            help="Ask only this provider's accounts, too; can be repeated.",
            autocompletion=installed,
        ),
    ] = None,
    deadline: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS", help="Answer with what is known after so long.", callback=_deadline
        ),
    ] = None,
    version: Annotated[
        bool | None,
        typer.Option(
            "--version", help="Print the version and leave.", callback=_version, is_eager=True
        ),
    ] = None,
) -> None:
    """See what Harmont, Latitude.sh, Aether and b'nerd charge you, in one exact view.

    Start with: billfold demo
    """
    ctx.obj = Setup(config, tuple(account or ()), tuple(provider or ()), deadline)


@app.command(rich_help_panel=ASK)
def balances(ctx: typer.Context, form: FormatOption = Format.TABLE) -> None:
    """Show prepaid money and credit as it stands now."""
    _ask(ctx, form, lambda fold, deadline: fold.balances(deadline=deadline))


@app.command(rich_help_panel=ASK)
def usage(
    ctx: typer.Context,
    period: PeriodOption = "current",
    lines: Annotated[
        bool, typer.Option("--lines", help="List every charge in the table, too.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show what was used and what it costs, per account and project.

    "current" is each provider's own running period. CSV has one row per charge.
    """
    from billfold.cli.output import tables

    asked = _period(period)
    _ask(
        ctx,
        form,
        lambda fold, deadline: fold.usage(asked, deadline=deadline),
        tables.lines if lines else tables.services,
    )


@app.command(rich_help_panel=ASK)
def daily(
    ctx: typer.Context, period: PeriodOption = "current", form: FormatOption = Format.TABLE
) -> None:
    """Show the cost of every UTC day."""
    asked = _period(period)
    _ask(ctx, form, lambda fold, deadline: fold.daily(asked, deadline=deadline))


@app.command(rich_help_panel=ASK)
def ledger(
    ctx: typer.Context, period: PeriodOption = "current", form: FormatOption = Format.TABLE
) -> None:
    """Show the movements on prepaid balances, newest first.

    "current", the default, means every one there is.
    """
    asked = _period(period)
    _ask(ctx, form, lambda fold, deadline: fold.ledger(asked, deadline=deadline))


@app.command(rich_help_panel=ASK)
def invoices(
    ctx: typer.Context,
    period: PeriodOption = "current",
    kind: Annotated[
        InvoiceKind | None, typer.Option(help="Only this kind; the two tell the same money twice.")
    ] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """List invoices of both kinds, which are never added up.

    "current", the default, means every one there is. CSV has one row per line; an invoice listed without lines has one row.
    """
    asked = _period(period)
    _ask(ctx, form, lambda fold, deadline: fold.invoices(asked, kind, deadline=deadline))


@app.command(rich_help_panel=ASK)
def invoice(
    ctx: typer.Context,
    account: Annotated[
        str,
        typer.Argument(metavar="ACCOUNT", help="The account's name.", autocompletion=configured),
    ],
    invoice_id: Annotated[
        str, typer.Argument(metavar="ID", help="The invoice's id, as `invoices` shows it.")
    ],
    pdf: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the invoice's document to FILE instead, whole or not at all.",
        ),
    ] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show one invoice with its lines, or save its document."""
    from billfold.cli.commands import invoice as bill

    raise typer.Exit(bill.run(ctx.obj, account, invoice_id, pdf, form))


@app.command(rich_help_panel=ASK)
def subscriptions(ctx: typer.Context, form: FormatOption = Format.TABLE) -> None:
    """List standing orders."""
    _ask(ctx, form, lambda fold, deadline: fold.subscriptions(deadline=deadline))


@app.command("payment-methods", rich_help_panel=ASK)
def payment_methods(ctx: typer.Context, form: FormatOption = Format.TABLE) -> None:
    """List stored payment methods; digits and IBANs are masked."""
    _ask(ctx, form, lambda fold, deadline: fold.payment_methods(deadline=deadline))


@app.command(rich_help_panel=LOOK)
def check(ctx: typer.Context, form: FormatOption = Format.TABLE) -> None:
    """Try each credential with the cheapest call.

    Exits with 0 when all are good, 3 when some are bad, 4 when all are.
    """
    _ask(ctx, form, lambda fold, deadline: fold.check(deadline=deadline))


@app.command(rich_help_panel=LOOK)
def accounts(ctx: typer.Context, form: FormatOption = Format.TABLE) -> None:
    """Show what is configured, and where each token comes from (never the token). Makes no request."""
    from billfold.cli.commands import accounts as inventory

    inventory.accounts(ctx.obj, form)


@app.command(rich_help_panel=LOOK)
def providers(ctx: typer.Context, form: FormatOption = Format.TABLE) -> None:
    """Show what each installed adapter offers. Makes no request, needs no configuration."""
    from billfold.cli.commands import accounts as inventory

    inventory.providers(ctx.obj, form)


@app.command(rich_help_panel=TRY)
def demo(ctx: typer.Context) -> None:
    """Run the whole view against simulated providers on this machine, over real HTTP; needs nothing."""
    from billfold.cli.output import demo_page as tour

    tour.run(ctx.obj)


@app.command(rich_help_panel=TRY)
def sandbox(
    ctx: typer.Context,
    port: Annotated[
        int,
        typer.Option(
            min=0, max=65535, metavar="N", help="Serve on N, N+1, ...; 0 takes any that are free."
        ),
    ] = 0,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME[=VALUE][:/PATH][:TIMES]",
            help="Let this go wrong, like status=503:/balance:2; repeat for more.",
        ),
    ] = None,
) -> None:
    """Serve the simulated providers, and print a billfold.toml for them, until Ctrl-C.

    In one terminal: billfold sandbox > billfold.toml

    In another one, in the same folder: billfold usage

    The tokens are in files that are removed at the end. --fault help lists what can go wrong.
    """
    from billfold.cli.commands import sandbox as serve

    serve.run(ctx.obj, port, fault or ())


def _period(text: str) -> Any:
    from billfold.cli.setup import period

    return period(text)


def _ask(
    ctx: typer.Context,
    form: Format,
    question: "Callable[[Billfold, float | None], Awaitable[Answer[Any]]]",
    *more: "Callable[[Answer[Any]], RenderableType]",
) -> None:
    from billfold.cli.run import answered, emit

    raise typer.Exit(emit(answered(ctx.obj, question), form, *more))
