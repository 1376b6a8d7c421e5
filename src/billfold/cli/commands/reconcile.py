"""``billfold reconcile``."""

import typer

from billfold.cli import options


def reconcile(
    ctx: typer.Context,
    period: options.PeriodOption = "current",
    output_format: options.FormatOption = options.TABLE,
) -> None:
    """Compare all figures for the same money, and name the cause of each gap.

    Exits with 0 if all agree (except for tax and rounding), 3 if there are gaps
    or something could not be read or compared, 4 if there is nothing to compare.
    """
    from billfold.cli.output.reconciliation import write_reconciliation
    from billfold.cli.run import COMPLETE, NOTHING, PARTIAL, ask_accounts

    requested = options.chosen_period(ctx, period)
    reconciliation = ask_accounts(
        ctx.obj, lambda fold, deadline: fold.reconcile(requested, deadline=deadline)
    )
    write_reconciliation(reconciliation, output_format)
    if not reconciliation.identities and not reconciliation.not_compared:
        raise typer.Exit(NOTHING)
    # What a provider does not offer for the period is no gap.
    raise typer.Exit(COMPLETE if reconciliation.holds else PARTIAL)
