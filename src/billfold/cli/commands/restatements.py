"""``billfold restatements``."""

from datetime import datetime
from typing import Annotated

import typer

from billfold.cli import options
from billfold.cli.global_options import GlobalOptions
from billfold.errors import ConfigError


def restatements(
    ctx: typer.Context,
    period: Annotated[
        str | None,
        typer.Option(
            "--period",
            "-p",
            metavar="PERIOD",
            help="Only changes of this period, like 2026-10, 2026-Q3, 2026 or last-month.",
            autocompletion=options.complete_periods,
        ),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            metavar="TIME",
            parser=options.read_start,
            help="Only what became known from then on, like 2026-11-03 or 2026-11-03T12:00:00Z.",
        ),
    ] = None,
    limit: options.LimitOption = None,
    output_format: options.FormatOption = options.TABLE,
) -> None:
    """Show what changed in months that were over (needs the extra store).

    Each changed record is shown before and after, with the sync that saw it.
    What the first reading after a month's end added is totalled separately: it
    completes the month.
    """
    from billfold.cli.history import chosen_store, known_accounts, require_store_extra
    from billfold.cli.output.restatements import Shown, write_restatements
    from billfold.cli.output.terminal import show_waiting
    from billfold.store.book import Book
    from billfold.store.restatements import restatements as find

    require_store_extra()
    chosen: GlobalOptions = ctx.obj
    if chosen.history.live:
        raise ConfigError("restatements are what the store has seen: leave --live out")
    requested = None if period is None else options.read_period_or_month(period)
    with show_waiting("reading the store ..."):
        known = known_accounts(chosen)
        accounts = chosen.choose(known)
        url = chosen_store(chosen)[0]
        names = [account.name for account in accounts]
        found = find(Book(url), names, requested, since=since, until=chosen.history.as_of)
    left_out = chosen.names_left_out(known, accounts)
    shown = Shown(url, requested, since, names, left_out, found)
    write_restatements(shown, output_format, limit)
