"""``billfold focus``."""

import typer

from billfold.cli.commands.focus_explain import focus_explain

app = typer.Typer(name="focus", help="Explain the FOCUS export.", no_args_is_help=True)
app.command("explain")(focus_explain)
