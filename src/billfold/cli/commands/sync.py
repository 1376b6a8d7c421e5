"""``billfold sync``."""

from typing import Annotated

import typer

from billfold.cli import options


def sync(
    ctx: typer.Context,
    period: options.PeriodOption = "current",
    stream: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Only this stream (repeatable): usage, daily, ledger, invoices, balances or "
            "subscriptions.",
        ),
    ] = None,
    shard: Annotated[
        str | None,
        typer.Option(
            metavar="I/N",
            help="Only this part of the accounts, of N that count from 0; N alone takes I from "
            "$JOB_COMPLETION_INDEX.",
        ),
    ] = None,
    watch: Annotated[
        bool,
        typer.Option(
            "--watch", help="Go on, and read each window once more two minutes before it ends."
        ),
    ] = False,
    every: Annotated[
        str, typer.Option(metavar="6h", help="With --watch: how often to ask.")
    ] = "6h",
    output_format: options.FormatOption = options.TABLE,
) -> None:
    """Read what can be kept, and book in the store what changed (needs the extra store).

    Providers forget: what was booked answers for a month when they no longer do.
    Exits with 0 if all was read, 3 if some was not, 4 if nothing was.
    """
    from billfold.cli.history import open_book, require_store_extra
    from billfold.cli.syncing import Plan, run

    require_store_extra()
    plan = Plan.read(period, stream or (), shard, every)
    raise typer.Exit(run(ctx.obj, open_book(ctx.obj), plan, output_format, watch=watch))
