"""``billfold init``: a first configuration, asked for, written and checked."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from attrs import evolve

from billfold.cli import options
from billfold.errors import ConfigError

_INTERRUPTED = 130


def init(
    ctx: typer.Context,
    provider: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Ask nothing, and write an account of this provider.",
            autocompletion=options.complete_providers,
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The account's name; by default the provider's."),
    ] = None,
    org: Annotated[
        str | None, typer.Option(metavar="ORG", help="The organization, where it is needed.")
    ] = None,
    token_env: Annotated[
        str | None,
        typer.Option(
            metavar="VARIABLE",
            help="The environment variable with the token; by default the provider's own.",
        ),
    ] = None,
    token_file: Annotated[
        str | None, typer.Option(metavar="FILE", help="The file with the token.")
    ] = None,
    token_command: Annotated[
        str | None,
        typer.Option(
            metavar="COMMAND",
            help="The command that prints the token, like 'op read op://Private/ci/token'.",
        ),
    ] = None,
    token_keyring: Annotated[
        str | None,
        typer.Option(metavar="SERVICE/USER", help="The keyring's entry with the token."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            parser=options.read_path,
            help="The file to write, instead of the one in your configuration folder.",
        ),
    ] = None,
    add: Annotated[
        bool, typer.Option("--add", help="Add to a file that is already there.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check/--no-check", help="Try the token with the cheapest request.")
    ] = True,
) -> None:
    """Write a first configuration, and check it.

    Asks for each account: the provider, a name, and where the token is kept. The
    token itself is never asked for, nor written.

    With --provider it asks nothing: billfold init --provider harmont --token-env
    HARMONT_TOKEN. A file that is already there is only added to, never replaced.

    Exits as check does; with 2 if nothing could be written, or no token read.
    """
    from billfold.accounts.written import add_accounts, file_to_write, is_read_unnamed
    from billfold.cli.output.terminal import print_stderr
    from billfold.printable import printable

    ctx.obj.history.require_requests("init")
    places = {
        "token_env": token_env,
        "token_file": token_file,
        "token_command": token_command,
        "token_keyring": token_keyring,
    }
    path = file_to_write(out or ctx.obj.config)
    given = {key: text for key, text in {"name": name, "org": org, **places}.items() if text}
    if provider is None:
        tables = _ask(path, given, add)
    else:
        _require_new(path, add)
        tables = [_from_options(provider, given)]
    add_accounts(path, tables)
    names = ", ".join(str(table["name"]) for table in tables)
    print_stderr(printable(f"billfold: wrote {names} to {path}"))
    if not is_read_unnamed(path, tables):
        print_stderr(printable(f"billfold: name it to use it: billfold --config {path} costs"))
    if check:
        _check(ctx, path, [table["name"] for table in tables])


def _from_options(provider: str, given: dict[str, str]) -> dict[str, Any]:
    """Return an account's table.

    Raises ConfigError for a provider that is not installed, and for what it needs to be given.
    """
    from billfold.adapter import find
    from billfold.cli.questions import token_place

    adapter = find(provider)
    if "org" in adapter.declares.required and "org" not in given:
        raise ConfigError(
            f"{provider} does not say which organization a token is of: add --org ORG"
        )
    table: dict[str, Any] = {"name": provider, "provider": provider}
    table |= {
        key: token_place(key, text) if key.startswith("token_") else text
        for key, text in given.items()
    }
    if not any(key.startswith("token_") for key in given):
        table["token_env"] = adapter.declares.token_env
    return table


def _ask(path: Path, given: dict[str, str], add: bool) -> list[dict[str, Any]]:
    """Return what a person answers. Raises ConfigError where nobody can be asked."""
    from billfold.accounts.written import accounts_toml, require_readable
    from billfold.adapter.registry import usable
    from billfold.cli.questions import ask_accounts

    if given:
        first = next(iter(given)).replace("_", "-")
        raise ConfigError(f"--{first} is for an account without questions: add --provider")
    if sys.stdin is None or not sys.stdin.isatty():
        raise ConfigError(
            "init asks questions, and standard input is no terminal; answer by options, "
            "like: billfold init --provider harmont --token-env HARMONT_TOKEN"
        )
    try:
        taken = _names_in(path)
        if taken is not None and not add:
            there = f"{path} has the accounts {', '.join(taken)}. Add to it?"
            add = typer.confirm(there, default=False, err=True)
        _require_new(path, add)
        return ask_accounts(
            usable()[0],
            taken or (),
            lambda table: require_readable(accounts_toml([table]), path),
        )
    except typer.Abort:
        raise typer.Exit(_INTERRUPTED) from None


def _names_in(path: Path) -> list[str] | None:
    """Return the names of a file's accounts, None where there is no file. Raises ConfigError."""
    from billfold.accounts.config import entries

    if not os.path.lexists(path):
        return None
    return [entry.name or "?" for entry in entries(path)]


def _require_new(path: Path, add: bool) -> None:
    if os.path.lexists(path) and not add:
        raise ConfigError(
            f"{path} is already there, and was not changed: add to it with --add, "
            "or name another file with --out"
        )


def _check(ctx: typer.Context, path: Path, names: Sequence[str]) -> None:
    from billfold.cli.commands import show_answer

    ctx.obj = evolve(ctx.obj, config=path, names=tuple(names), providers=())
    show_answer(ctx, lambda fold, deadline: fold.check(deadline=deadline), options.TABLE)
