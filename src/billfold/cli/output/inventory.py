"""The configured accounts and the installed adapters, in the chosen format."""

from __future__ import annotations

from typing import Any

import attrs
from rich.table import Table
from rich.text import Text

from billfold.accounts.account import Account, TokenSource
from billfold.accounts.tokens import FromCommand, FromEnv, FromFile, FromKeyring
from billfold.adapter import Adapter, streams
from billfold.cli.options import OutputFormat
from billfold.cli.output._cells import new_table, stack, text_cell
from billfold.cli.output.csv import csv_cell, csv_text
from billfold.cli.output.json import listing_json
from billfold.cli.output.terminal import print_stdout, write_stdout

ListingRow = dict[str, Any]


def write_accounts(accounts: tuple[Account, ...], output_format: OutputFormat) -> None:
    """Write accounts to standard output, without their tokens."""
    rows = [_account_row(account) for account in accounts]
    if output_format is OutputFormat.TABLE:
        print_stdout(_accounts_table(rows))
    else:
        _write_data("accounts", rows, output_format)


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


def _accounts_table(rows: list[ListingRow]) -> Table:
    table = new_table("Account", "Provider", "Settings", "Base URL", "Token from")
    for row in rows:
        settings = (text_cell(f"{key} = {value}") for key, value in row["settings"].items())
        table.add_row(
            text_cell(row["name"]),
            text_cell(row["provider"]),
            stack(*settings),
            text_cell(row["base_url"]),
            text_cell(row["token_from"]),
        )
    return table


def write_providers(adapters: list[type[Adapter]], output_format: OutputFormat) -> None:
    """Write what adapters declare to standard output."""
    rows = [_provider_row(adapter) for adapter in adapters]
    if output_format is OutputFormat.TABLE:
        print_stdout(_providers_table(rows), Text())
    else:
        _write_data("providers", rows, output_format)


def _provider_row(adapter: type[Adapter]) -> ListingRow:
    declares = adapter.declares
    offers = {stream.value: declares.offers.get(stream, "") for stream in streams(adapter)}
    return {
        "provider": adapter.provider,
        "title": declares.title,
        "base_url": declares.base_url,
        "token_env": declares.token_env,
        "url_env": declares.url_env,
        "settings_env": dict(declares.settings_env),
        "required": [declares.settings_env.get(name, name) for name in declares.required],
        "requests_per_minute": declares.requests_per_minute,
        "offers": offers,
    }


def _providers_table(rows: list[ListingRow]) -> Table:
    table = new_table("Provider", "Stream", "Offers")
    for row in rows:
        table.add_section()
        needs = "".join(f", needs {name}" for name in row["required"])
        table.add_row(
            text_cell(row["provider"], "bold"),
            text_cell(row["title"], "bold"),
            text_cell(f"token in {row['token_env']}{needs}", "dim"),
        )
        for stream, offer in row["offers"].items():
            table.add_row("", text_cell(stream), text_cell(offer or "yes"))
    return table


def _write_data(kind: str, rows: list[ListingRow], output_format: OutputFormat) -> None:
    if output_format is OutputFormat.JSON:
        write_stdout(listing_json(kind, rows))
        return
    cells = [{key: csv_cell(value) for key, value in row.items()} for row in rows]
    write_stdout(csv_text(cells[0] if cells else (), cells))
