"""``billfold providers``."""

import typer

from billfold.cli import options


def providers(ctx: typer.Context, output_format: options.FormatOption = options.TABLE) -> None:
    """Show what each installed adapter offers. Makes no request and needs no configuration."""
    from billfold.adapter import find, installed
    from billfold.cli.output.inventory import write_providers

    adapters = [find(provider) for provider in ctx.obj.providers or installed()]
    write_providers(adapters, output_format)
