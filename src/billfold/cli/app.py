"""The Typer app: the global options, and every command in its panel of the help."""

# Annotations are not postponed here: typer would compile each of them anew at every start.
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer
from attrs import evolve

from billfold.cli import options, word_order
from billfold.cli.global_options import GlobalOptions, HistoryOptions
from billfold.cli.request_lines import request_lines
from billfold.cli.verbosity import Verbosity, saying
from billfold.errors import ConfigError

_COMMANDS = "billfold.cli.commands"
# Panels are shown in this order, and commands in theirs. Each is the function of its module's name.
PANELS = {
    "Try it": ("demo", "sandbox"),
    "Costs and reports": ("costs", "trend", "allocate", "reconcile", "explain", "report"),
    "Raw data": (
        *("balances", "usage", "daily", "ledger", "invoices", "invoice", "subscriptions"),
        "payment_methods",
    ),
    "History": ("sync", "restatements"),
    "Setup": ("init", "check", "accounts", "providers"),
}
# Those with commands of their own, each the ``app`` of its module, and their panels.
GROUPS = {
    "export": "Costs and reports",
    "focus": "Costs and reports",
    "store": "History",
    "rates": "Setup",
}
_KINDS = {"explain": word_order.WithAmounts}


def build(first: str = "") -> typer.Typer:
    """Return the program; where a command's name is the ``first`` word, with that one alone.

    To make all commands takes a tenth of the time that a command takes.
    """
    app = typer.Typer(
        name="billfold",
        cls=word_order.global_options_anywhere(build),
        # Its tracebacks show local variables, and with them what must not be seen.
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        epilog="Exit codes: 0 complete, 3 partial, 4 nothing could be answered, "
        "2 wrong use or configuration, 1 a bug, 130 interrupted.",
    )
    app.callback(invoke_without_command=True)(global_options)
    every = {name: panel for panel, names in PANELS.items() for name in names} | GROUPS
    wanted = {name for name in every if name.replace("_", "-") == first} or every.keys()
    for name, panel in every.items():
        if name in wanted:
            module = import_module(f"{_COMMANDS}.{name}")
            if name in GROUPS:
                app.add_typer(module.app, rich_help_panel=panel)
            else:
                command = getattr(module, name)
                app.command(rich_help_panel=panel, cls=_KINDS.get(name))(command)
    return app


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"billfold {version('billfold')}")
        raise typer.Exit


def global_options(
    ctx: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            "-c",
            metavar="FILE",
            parser=options.read_path,
            help="The configuration file. Default: $BILLFOLD_CONFIG, ./billfold.toml, the one in "
            "your configuration folder, or the environment.",
        ),
    ] = None,
    account: Annotated[
        list[str] | None,
        typer.Option(
            "--account",
            "-a",
            metavar="NAME",
            help="Only this account (repeatable).",
            autocompletion=options.complete_accounts,
        ),
    ] = None,
    provider: Annotated[
        list[str] | None,
        typer.Option(
            "--provider",
            metavar="NAME",
            help="Only this provider's accounts (repeatable; added to those of --account).",
            autocompletion=options.complete_providers,
        ),
    ] = None,
    deadline: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS",
            help="Stop after this many seconds and show what has arrived; what is read of the "
            "store, or written to it, is finished first.",
            parser=options.read_seconds,
        ),
    ] = None,
    store: Annotated[
        str | None,
        typer.Option(
            "--store",
            metavar="URL",
            help="The store: a folder, or a URL like s3://, gs:// or az://. Default: "
            "$BILLFOLD_STORE, the configuration's, or a folder among your data.",
        ),
    ] = None,
    stored: Annotated[
        bool,
        typer.Option("--stored", help="Answer only from the store; make no request."),
    ] = False,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--as-of",
            metavar="TIME",
            parser=options.read_time,
            help="With --stored: what was known then, like 2026-11-03 (its end) or "
            "2026-11-03T12:00:00Z.",
        ),
    ] = None,
    live: Annotated[
        bool,
        typer.Option("--live", help="Answer only from the providers, without what the store kept."),
    ] = False,
    verbose: Annotated[
        bool,
        typer.Option(
            "--verbose",
            "-v",
            help="Write a line per request on stderr: account, path, status, time, attempt.",
        ),
    ] = False,
    quiet: Annotated[
        bool,
        typer.Option(
            "--quiet",
            "-q",
            help="Write only warnings and errors on stderr, as without a terminal.",
        ),
    ] = False,
    version: Annotated[
        bool | None,
        typer.Option(
            "--version", help="Show the version and exit.", callback=_show_version, is_eager=True
        ),
    ] = None,
) -> None:
    """See what Harmont, Latitude.sh, Aether and b'nerd charge you, in one exact view.

    Try it without an account: billfold demo
    """
    history = HistoryOptions(store, stored, live, as_of)
    ctx.obj = GlobalOptions(config, tuple(account or ()), tuple(provider or ()), deadline, history)
    history.require_sense()
    if verbose and quiet:
        raise ConfigError("--verbose writes more and --quiet less: choose one")
    if verbose or quiet:
        ctx.with_resource(saying(Verbosity.VERBOSE if verbose else Verbosity.QUIET))
    if verbose:
        ctx.with_resource(request_lines())
    if ctx.invoked_subcommand is None:
        _greet(ctx)


def _greet(ctx: typer.Context) -> None:
    """Greet who says nothing but which configuration is meant."""
    from billfold.cli.output.greeting import greeting
    from billfold.cli.output.terminal import write_stdout

    if evolve(ctx.obj, config=None) != GlobalOptions():
        ctx.fail("Missing command.")
    write_stdout(greeting(ctx.command.commands, ctx.obj.config))  # type: ignore[attr-defined]
