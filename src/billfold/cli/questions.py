"""What a person at a terminal is asked, to configure an account."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Sequence
from typing import Any

import typer

from billfold.accounts.account import is_account_name
from billfold.adapter import Adapter
from billfold.cli.output.terminal import print_error, print_stderr
from billfold.errors import ConfigError

Table = dict[str, Any]

# Where a token may be kept: the key, what is asked, and examples of an answer.
_PLACES = {
    "variable": ("token_env", "Name of the environment variable"),
    "file": ("token_file", "Path of the file"),
    "command": (
        "token_command",
        "Command that prints it, like: op read op://Private/NAME/token,\n"
        "vault kv get -field=token secret/NAME, or pass show NAME. Command",
    ),
    "keyring": ("token_keyring", "Entry of the keyring, like service/user"),
}


def ask_accounts(
    adapters: Sequence[type[Adapter]], taken: Collection[str], check: Callable[[Table], None]
) -> list[Table]:
    """Ask for accounts until there is no other, each until ``check`` raises no ConfigError.

    ``taken`` are names that other accounts have. Raises typer.Abort where nobody answers.
    """
    tables: list[Table] = []
    while True:
        names = {*taken, *(table["name"] for table in tables)}
        table = _ask_account(adapters, names)
        try:
            check(table)
        except ConfigError as error:
            print_error(str(error))
            print_stderr("Once more.")
            continue
        tables.append(table)
        if not typer.confirm("Another account?", default=False, err=True):
            return tables


def _ask_account(adapters: Sequence[type[Adapter]], taken: Collection[str]) -> Table:
    by_name = {adapter.provider: adapter for adapter in adapters}
    provider = _choose("Provider", list(by_name))
    adapter = by_name[provider]
    free = provider if provider not in taken else None
    name = typer.prompt("Name, shown in every record", free, value_proc=_name(taken), err=True)
    table: Table = {"name": name, "provider": provider}
    for setting in adapter.declares.settings_env:
        table |= _ask_setting(adapter, setting)
    return table | _ask_token(adapter)


def _choose(question: str, choices: Sequence[str], default: str | None = None) -> str:
    def read(text: str) -> str:
        if text not in choices:
            raise typer.BadParameter(f"{text!r} is not one of {', '.join(choices)}")
        return text

    shown = f"{question} ({', '.join(choices)})"
    chosen: str = typer.prompt(shown, default, value_proc=read, err=True)
    return chosen


def _name(taken: Collection[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not is_account_name(text):
            raise typer.BadParameter(f"{text!r} has more than letters, digits, spaces and . _ @ -")
        if text in taken:
            raise typer.BadParameter(f"there is already an account {text!r}")
        return text

    return read


def _ask_setting(adapter: type[Adapter], setting: str) -> Table:
    label = {"org": "Organization"}.get(setting, setting)
    if setting in adapter.declares.required:
        return {setting: typer.prompt(label, err=True)}
    found = typer.prompt(
        f"{label} (empty: all that the token can see)", "", show_default=False, err=True
    )
    return {setting: found} if found else {}


def _ask_token(adapter: type[Adapter]) -> Table:
    """Ask where the token is. The token itself is never asked for."""
    where = _choose("Where is the token", list(_PLACES), "variable")
    key, question = _PLACES[where]
    default = adapter.declares.token_env if key == "token_env" else None
    answer = typer.prompt(question, default, err=True)
    return {key: token_place(key, answer)}


def token_place(key: str, text: str) -> str | list[str]:
    """Return what a file says of a token's place. Raises ConfigError for no command."""
    if key != "token_command":
        return text
    try:
        return shlex.split(text)
    except ValueError as error:
        raise ConfigError(f"the command cannot be read: {error}") from None
