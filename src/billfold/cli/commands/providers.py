"""``billfold providers``."""

import typer

from billfold.cli import options


def providers(ctx: typer.Context, output_format: options.FormatOption = options.TABLE) -> None:
    """Show what each installed adapter offers. Makes no request and needs no configuration."""
    from billfold.adapter import find, usable
    from billfold.cli.output.inventory import write_providers
    from billfold.cli.output.terminal import print_error
    from billfold.cli.run import PARTIAL

    if ctx.obj.providers:
        write_providers([find(provider) for provider in ctx.obj.providers], output_format)
        return
    adapters, reasons = usable()
    write_providers([*adapters], output_format)
    for reason in reasons:
        print_error(reason)
    if reasons:
        raise typer.Exit(PARTIAL)
