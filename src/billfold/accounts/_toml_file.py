"""Accounts from one TOML file."""

from __future__ import annotations

from collections import Counter
from difflib import get_close_matches
from functools import partial
from typing import Any, cast

import attrs

from billfold.accounts._file import ConfigFile
from billfold.accounts._place import TOKEN_KEYS, Place
from billfold.accounts._settings import build_adapter, unknown_key
from billfold.accounts.account import Account, is_account_name
from billfold.accounts.entry import Entry
from billfold.adapter.registry import NotUsable, look_up
from billfold.errors import ConfigError
from billfold.files.toml import parse_toml
from billfold.secret import hide_tokens

# What may stand at the top of a file, for all its accounts, or in one of them.
_WAYS = ("proxy", "request_timeout")
_COMMON_KEYS = ("name", "provider", "base_url", "requests_per_minute", *_WAYS)


def file_table(file: ConfigFile, name: str) -> dict[str, Any]:
    """Return a table of a file besides its accounts, empty where it has none.

    Raises ConfigError.
    """
    table = _parse(file).get(name, {})
    if not isinstance(table, dict):
        raise ConfigError(f"{file.path}: {name} is a table: begin it with a line [{name}]")
    return table


def file_proxy(file: ConfigFile) -> str | None:
    """Return the proxy that stands above a file's tables. Raises ConfigError."""
    try:
        return Place(file, frozenset()).proxy(_parse(file))
    except ConfigError as error:
        raise ConfigError(f"{file.path}: {error.message.removeprefix(f'{file.path}: ')}") from None


def file_entries(file: ConfigFile) -> tuple[Entry, ...]:
    """Return a file's accounts. Raises ConfigError for a file that cannot be read as a whole."""
    return document_entries(_parse(file), file)


def document_entries(document: dict[str, Any], file: ConfigFile) -> tuple[Entry, ...]:
    """Return the accounts of what is, or is to be, a file's content. Raises ConfigError."""
    mistake = unknown_key(document, ["accounts", "store", "defaults", *_WAYS])
    if mistake is not None:
        raise ConfigError(f"{file.path}: {mistake}")
    tables = document.get("accounts")
    if not isinstance(tables, list) or not tables or not _are_tables(tables):
        raise ConfigError(f"{file.path}: has no accounts; each begins with a line [[accounts]]")
    place = Place(
        file, frozenset(filter(None, (_text(table.get("token_env")) for table in tables)))
    )
    ways = {key: document[key] for key in _WAYS if key in document}
    configured = tuple(
        _entry(place, {**ways, **table}, number) for number, table in enumerate(tables, 1)
    )
    for name, count in Counter(entry.name for entry in configured if entry.name).items():
        if count > 1:
            raise ConfigError(f"{file.path}: two accounts are named {name!r}; names are unique")
    return configured


def _parse(file: ConfigFile) -> dict[str, Any]:
    try:
        text = file.read().decode("utf-8-sig")  # Windows' editors begin with a byte order mark
    except UnicodeDecodeError:
        raise ConfigError(f"{file.path}: cannot be read: it is not UTF-8") from None
    return parse_toml(text.replace("\r\n", "\n"), file.path)


def _are_tables(items: list[Any]) -> bool:
    return all(isinstance(item, dict) for item in items)


def _entry(place: Place, table: dict[str, Any], number: int) -> Entry:
    name, provider = table.get("name"), _text(table.get("provider"))
    known = name if is_account_name(name) else None
    label = f"account {known!r}" if known else f"account number {number}"
    return Entry(known, provider, partial(_build, place, label, table))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _build(place: Place, label: str, table: dict[str, Any]) -> Account:
    try:
        return _account(place, table)
    except ConfigError as error:
        message = hide_tokens(str(error)).removeprefix(f"{label}: ")
        raise ConfigError(f"{place.file.path}: {label}: {message}") from None


def _account(place: Place, table: dict[str, Any]) -> Account:
    provider = table.get("provider")
    if not isinstance(provider, str):
        # Which keys else are known, nobody can say without it.
        similar = get_close_matches("provider", table, 1)
        raise ConfigError(unknown_key(similar, _COMMON_KEYS) or "needs a provider, as text")
    if "token" in table:
        places = ", ".join(TOKEN_KEYS)
        raise ConfigError(
            f"a token does not belong in this file; name where it is kept instead: {places}"
        )
    adapter = look_up(provider)
    if isinstance(adapter, NotUsable):
        from billfold.accounts._not_imported import account_of  # which seldom stands for one

        return account_of(_name(table), adapter)
    settings = {
        key: value for key, value in table.items() if key not in (*_COMMON_KEYS, *TOKEN_KEYS)
    }
    fields = attrs.fields(cast(type[attrs.AttrsInstance], adapter))
    mistake = unknown_key(settings, [*(field.name for field in fields), *_COMMON_KEYS, *TOKEN_KEYS])
    if mistake is not None:
        raise ConfigError(mistake)
    limit = table.get("requests_per_minute")
    if limit is not None and (not isinstance(limit, int) or isinstance(limit, bool)):
        raise ConfigError("requests_per_minute is a whole number")
    return Account(
        _name(table),
        build_adapter(adapter, settings),
        place.token(table, adapter),
        place.base_url(table, adapter),
        limit,
        place.proxy(table),
        table.get("request_timeout"),
    )


def _name(table: dict[str, Any]) -> str:
    name = table.get("name")
    if not isinstance(name, str):
        raise ConfigError("needs a name, as text")
    return name
