"""The configured accounts and the installed adapters, in the chosen format."""

from __future__ import annotations

from typing import Any

import attrs
from rich.table import Table

from billfold.accounts.account import Account
from billfold.accounts.tokens import FromCommand, FromEnv, FromFile, FromKeyring
from billfold.adapter import Adapter
from billfold.adapter.methods import offers
from billfold.cli.options import OutputFormat
from billfold.cli.output._cells import add_row, cell, new_table, stack
from billfold.cli.output.folding import Foldable
from billfold.cli.output.formats import csv_text, write_result
from billfold.cli.output.terminal import Part
from billfold.http.login import TokenSource

ListingRow = dict[str, Any]


def write_accounts(accounts: tuple[Account, ...], output_format: OutputFormat) -> None:
    """Write accounts to standard output, without their tokens."""
    rows = [_account_row(account) for account in accounts]
    _write_listing("accounts", rows, [_accounts_table(rows)], output_format)


def write_providers(adapters: list[type[Adapter]], output_format: OutputFormat) -> None:
    """Write what adapters declare to standard output."""
    rows = [_provider_row(adapter) for adapter in adapters]
    _write_listing("providers", rows, [_providers_table(rows), ""], output_format)


def _write_listing(
    kind: str, rows: list[ListingRow], table: list[Part], output_format: OutputFormat
) -> None:
    write_result(
        output_format,
        as_table=lambda: table,
        as_document=lambda: {"schema": f"billfold.{kind}/1", kind: rows},
        as_csv=lambda: csv_text(rows[0] if rows else (), rows),
    )


def _account_row(account: Account) -> ListingRow:
    adapter: Any = account.adapter
    settings = attrs.asdict(
        adapter, recurse=False, filter=lambda field, value: value != field.default
    )
    return {
        "name": account.name,
        "provider": account.provider,
        "settings": {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in settings.items()
        },
        "base_url": str(account.url()),
        "token_from": token_place(account.token),
        "requests_per_minute": account.rate_limit(),
    }


def token_place(source: TokenSource) -> str:
    """Return where a token is read from.

    Of a command that is only the program: its arguments may hold what should not be seen.
    """
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


def _accounts_table(rows: list[ListingRow]) -> Foldable:
    table = new_table("Account", "Provider", "Settings", "Base URL", "Token from")
    for row in rows:
        settings = stack(*(f"{key} = {_text(value)}" for key, value in row["settings"].items()))
        base_url, token = row["base_url"], row["token_from"]
        add_row(table, row["name"], row["provider"], settings, base_url, token)
    return Foldable(table, {"Settings": "Provider", "Base URL": "Provider"})


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _provider_row(adapter: type[Adapter]) -> ListingRow:
    declares = adapter.declares
    return {
        "provider": adapter.provider,
        "title": declares.title,
        "base_url": declares.base_url,
        "token_env": declares.token_env,
        "url_env": declares.url_env,
        "settings_env": dict(declares.settings_env),
        "required": [declares.settings_env.get(name, name) for name in declares.required],
        "requests_per_minute": declares.requests_per_minute,
        "offers": {stream.value: text for stream, text in offers(adapter).items()},
    }


def _providers_table(rows: list[ListingRow]) -> Table:
    table = new_table("Provider", "Stream", "Offers")
    for row in rows:
        table.add_section()
        needs = "".join(f", needs {name}" for name in row["required"])
        token = cell(f"token in {row['token_env']}{needs}", "dim")
        add_row(table, cell(row["provider"], "bold"), cell(row["title"], "bold"), token)
        for stream, offer in row["offers"].items():
            add_row(table, "", stream, offer or "yes")
    return table
