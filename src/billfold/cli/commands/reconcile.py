"""``billfold reconcile``: whether the providers' figures for the same money agree."""

from typing import TYPE_CHECKING

import typer

from billfold.cli import options

if TYPE_CHECKING:
    from billfold.reconcile import Reconciliation


def reconcile(
    ctx: typer.Context,
    period: options.PeriodOption = "current",
    output_format: options.FormatOption = options.TABLE,
) -> None:
    """Compare all figures given for the same money, and name the cause of each gap.

    Exits with 0 if all agree (except for tax and rounding), 3 if there are gaps
    or something could not be read, 4 if there is nothing to compare.
    """
    from billfold.cli.output.reconciliation import write_reconciliation
    from billfold.cli.run import ask_accounts

    requested = options.read_period(period)
    reconciliation = ask_accounts(
        ctx.obj, lambda fold, deadline: fold.reconcile(requested, deadline=deadline)
    )
    write_reconciliation(reconciliation, output_format)
    raise typer.Exit(_exit_code(reconciliation))


def _exit_code(reconciliation: "Reconciliation") -> int:
    """Return 0 if all agree; what a provider does not offer for the period is no gap."""
    from billfold.cli.run import COMPLETE, NOTHING, PARTIAL

    if not reconciliation.identities:
        return NOTHING
    return COMPLETE if reconciliation.holds and not reconciliation.unread else PARTIAL
