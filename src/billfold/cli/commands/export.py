"""``billfold export``."""

import typer

from billfold.cli.commands.export_focus import export_focus
from billfold.cli.commands.export_tables import export_csv, export_parquet

app = typer.Typer(
    name="export", help="Export charges in other tools' formats.", no_args_is_help=True
)
app.command("focus")(export_focus)
app.command("csv")(export_csv)
app.command("parquet")(export_parquet)
