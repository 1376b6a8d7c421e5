"""The Typer app: the global options, and every command in its panel of the help."""

# Annotations are not postponed here: typer would compile each of them anew at every start.
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from attrs import evolve

from billfold.cli import options, word_order
from billfold.cli.commands import (
    accounts,
    allocate,
    balances,
    check,
    costs,
    daily,
    demo,
    explain,
    export_focus,
    export_tables,
    focus_explain,
    init,
    invoice,
    invoices,
    ledger,
    payment_methods,
    providers,
    rates,
    reconcile,
    report,
    restatements,
    sandbox,
    store,
    subscriptions,
    sync,
    trend,
    usage,
)
from billfold.cli.global_options import GlobalOptions, HistoryOptions
from billfold.cli.request_lines import request_lines
from billfold.cli.verbosity import Verbosity, saying
from billfold.errors import ConfigError

# Panels are shown in this order, and commands in theirs.
PANELS = {
    "Try it": (demo.demo, sandbox.sandbox),
    "Costs and reports": (
        costs.costs,
        trend.trend,
        allocate.allocate,
        reconcile.reconcile,
        explain.explain,
        report.report,
    ),
    "Raw data": (
        balances.balances,
        usage.usage,
        daily.daily,
        ledger.ledger,
        invoices.invoices,
        invoice.invoice,
        subscriptions.subscriptions,
        payment_methods.payment_methods,
    ),
    "History": (sync.sync, restatements.restatements),
    "Setup": (init.init, check.check, accounts.accounts, providers.providers),
}

app = typer.Typer(
    name="billfold",
    cls=word_order.GlobalOptionsAnywhere,
    # Its tracebacks show local variables, and with them what must not be seen.
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 complete, 3 partial, 4 nothing could be answered, "
    "2 wrong use or configuration, 1 a bug, 130 interrupted.",
)
for panel, commands in PANELS.items():
    for command in commands:
        kind = word_order.WithAmounts if command is explain.explain else None
        app.command(rich_help_panel=panel, cls=kind)(command)

export = typer.Typer(
    name="export", help="Export charges in other tools' formats.", no_args_is_help=True
)
export.command("focus")(export_focus.export_focus)
export.command("csv")(export_tables.export_csv)
export.command("parquet")(export_tables.export_parquet)
app.add_typer(export, rich_help_panel="Costs and reports")

focus = typer.Typer(name="focus", help="Explain the FOCUS export.", no_args_is_help=True)
focus.command("explain")(focus_explain.focus_explain)
app.add_typer(focus, rich_help_panel="Costs and reports")
app.add_typer(store.app, rich_help_panel="History")
app.add_typer(rates.app, rich_help_panel="Setup")


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"billfold {version('billfold')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
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
