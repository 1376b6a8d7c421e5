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
            help="Only part I of the accounts, of N parts counted from 0. With only N, I is "
            "$JOB_COMPLETION_INDEX.",
        ),
    ] = None,
    watch: Annotated[
        bool,
        typer.Option(
            "--watch", help="Keep running, and read each window again two minutes before it ends."
        ),
    ] = False,
    every: Annotated[
        str | None,
        typer.Option(metavar="6h", help="With --watch: how often to read; 6h if left out."),
    ] = None,
    output_format: options.FormatOption = options.TABLE,
) -> None:
    """Read what can be kept, and write what changed to the store (needs the extra store).

    The store then answers for months that the providers have forgotten.
    Exits with 0 if all was read, 3 if some was not, 4 if nothing was.
    """
    from billfold.cli.history import open_book, require_store_extra
    from billfold.cli.syncing import Plan, run
    from billfold.errors import ConfigError

    ctx.obj.history.require_requests("sync")
    if every is not None and not watch:
        raise ConfigError(
            "--every says how often to read with --watch: add it, or leave --every out"
        )
    require_store_extra()
    plan = Plan.read(period, stream or (), shard, every or "6h")
    raise typer.Exit(run(ctx.obj, open_book(ctx.obj), plan, output_format, watch=watch))
