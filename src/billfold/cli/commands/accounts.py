"""``billfold accounts`` and ``billfold providers``: what is there, without a single request."""

from __future__ import annotations

from typing import Any

import attrs
from rich.text import Text

from billfold.accounts.account import Account, TokenSource
from billfold.accounts.config import build_accounts
from billfold.accounts.tokens import FromCommand, FromEnv, FromFile, FromKeyring
from billfold.adapter import Adapter, find, installed, streams
from billfold.cli.output import csv as csvs
from billfold.cli.output import json as jsons
from billfold.cli.output.cells import grid, stacked, words
from billfold.cli.output.terminal import put, show
from billfold.cli.setup import Format, Setup

Row = dict[str, Any]


def accounts(setup: Setup, form: Format) -> None:
    """Show the chosen accounts."""
    rows = [_account(account) for account in build_accounts(setup.entries())]
    if form is not Format.TABLE:
        _data("accounts", rows, form)
        return
    table = grid("Account", "Provider", "Settings", "Base URL", "Token from")
    for row in rows:
        settings = stacked(*(words(f"{key} = {value}") for key, value in row["settings"].items()))
        table.add_row(
            words(row["name"]),
            words(row["provider"]),
            settings,
            words(row["base_url"]),
            words(row["token_from"]),
        )
    show(table)


def _account(account: Account) -> Row:
    adapter: Any = account.adapter
    set_there = attrs.asdict(
        adapter, recurse=False, filter=lambda field, value: value != field.default
    )
    return {
        "name": account.name,
        "provider": account.provider,
        "settings": {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in set_there.items()
        },
        "base_url": str(account.url()),
        "token_from": place(account.token),
        "requests_per_minute": account.rate_limit(),
    }


def place(source: TokenSource) -> str:
    """Say where a token is read from; of a command only the program, for its arguments may hold what should not be seen."""
    match source:
        case FromEnv(name):
            return f"token_env {name}"
        case FromFile(path):
            return f"token_file {path}"
        case FromCommand(arguments):
            return f"token_command {arguments[0]}"
        case FromKeyring(entry):
            return f"token_keyring {entry}"
        case _:
            return type(source).__name__


def providers(setup: Setup, form: Format) -> None:
    """Show the installed adapters, or the chosen ones."""
    rows = [_provider(find(name)) for name in setup.providers or installed()]
    if form is not Format.TABLE:
        _data("providers", rows, form)
        return
    table = grid("Provider", "Stream", "Offers")
    for row in rows:
        table.add_section()
        about = f"token in {row['token_env']}" + "".join(
            f", needs {name}" for name in row["required"]
        )
        table.add_row(
            words(row["provider"], "bold"), words(row["title"], "bold"), words(about, "dim")
        )
        for stream, offer in row["offers"].items():
            table.add_row("", words(stream), words(offer or "yes"))
    show(table, Text())


def _provider(kind: type[Adapter]) -> Row:
    declares = kind.declares
    return {
        "provider": kind.provider,
        "title": declares.title,
        "base_url": declares.base_url,
        "token_env": declares.token_env,
        "url_env": declares.url_env,
        "settings_env": dict(declares.settings_env),
        "required": [declares.settings_env.get(name, name) for name in declares.required],
        "requests_per_minute": declares.requests_per_minute,
        "offers": {stream.value: declares.offers.get(stream, "") for stream in streams(kind)},
    }


def _data(kind: str, rows: list[Row], form: Format) -> None:
    if form is Format.JSON:
        put(jsons.listing(kind, rows))
    else:
        put(
            csvs.written(
                rows[0] if rows else (),
                [{key: csvs.cell(value) for key, value in row.items()} for row in rows],
            )
        )
