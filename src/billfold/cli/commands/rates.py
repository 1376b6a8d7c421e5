"""``billfold rates``."""

from typing import Annotated

import typer

from billfold.cli import options

app = typer.Typer(
    name="rates", help="Fetch the exchange rates that --in converts by.", no_args_is_help=True
)


@app.command("update")
def update(
    ctx: typer.Context,
    base_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Fetch eurofxref-hist.zip from this address, like a mirror's, instead of the "
            "ECB's own.",
        ),
    ] = None,
    output_format: options.FormatOption = options.TABLE,
) -> None:
    """Fetch the ECB's reference rates, and keep them for later commands.

    No other command fetches rates. What is fetched is checked, dated and
    hashed; after an error the rates at hand stay, and the exit code is 4.
    """
    from billfold.accounts.defaults import common_proxy
    from billfold.cli.clock import now
    from billfold.cli.output.rates import write_table
    from billfold.cli.output.terminal import print_error, show_waiting
    from billfold.cli.run import NOTHING, run_to_end
    from billfold.errors import ProviderError
    from billfold.facade.ecb_update import ECB_URL, update_rates

    ctx.obj.history.require_requests("rates update")
    try:
        with show_waiting("fetching exchange rates ..."):
            table = run_to_end(
                update_rates(
                    base_url=base_url or ECB_URL,
                    proxy=common_proxy(ctx.obj.config),
                    deadline=ctx.obj.seconds(),
                    clock=now,
                )
            )
    except ProviderError as error:
        print_error(str(error))
        raise typer.Exit(NOTHING) from None
    write_table(table, output_format)
