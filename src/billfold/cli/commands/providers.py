"""``billfold providers``: what the adapters offer."""

# Annotations are not postponed here: typer would compile each of them anew at every start.
import typer

from billfold.cli.options import FormatOption, OutputFormat


def providers(ctx: typer.Context, output_format: FormatOption = OutputFormat.TABLE) -> None:
    """Show what each installed adapter offers. Makes no request and needs no configuration."""
    from billfold.adapter import find, installed
    from billfold.cli.output.inventory import write_providers

    adapters = [find(provider) for provider in ctx.obj.providers or installed()]
    write_providers(adapters, output_format)
