"""Accounts from one TOML file."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import attrs

from billfold.accounts._environment import environment_url
from billfold.accounts._settings import build_adapter, unknown_key
from billfold.accounts.account import Account
from billfold.accounts.entry import Entry
from billfold.accounts.tokens import FromCommand, FromEnv, FromFile, FromKeyring
from billfold.adapter.declaration import Adapter
from billfold.adapter.registry import find
from billfold.errors import ConfigError
from billfold.secret import hide_tokens

if TYPE_CHECKING:
    from billfold.http.login import TokenSource

_COMMON_KEYS = ("name", "provider", "base_url", "requests_per_minute")
_TOKEN_KEYS = ("token_env", "token_file", "token_command", "token_keyring")


def file_entries(file: Path) -> tuple[Entry, ...]:
    """Return a file's accounts. Raises ConfigError for a file that cannot be read as a whole."""
    document = _read(file)
    mistake = unknown_key(document, ["accounts"])
    if mistake is not None:
        raise ConfigError(f"{file}: {mistake}")
    tables = document.get("accounts")
    if not isinstance(tables, list) or not tables or not _are_tables(tables):
        raise ConfigError(f"{file}: has no accounts; each begins with a line [[accounts]]")
    configured = tuple(_entry(file, table, number) for number, table in enumerate(tables, 1))
    for name, count in Counter(entry.name for entry in configured if entry.name).items():
        if count > 1:
            raise ConfigError(f"{file}: two accounts are named {name!r}; names are unique")
    return configured


def _read(file: Path) -> dict[str, Any]:
    try:
        text = file.read_text("utf-8-sig")  # Windows' editors begin with a byte order mark
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConfigError(f"{file}: cannot be read: {reason}") from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: is not TOML: {error}{_hint(text, str(error))}") from None


def _hint(text: str, mistake: str) -> str:
    """Return advice for a mistake in a line that has a backslash, most likely in a path."""
    place = re.search(r"at line (\d+)", mistake)
    line = text.split("\n")[int(place[1]) - 1] if place else ""
    if '"' not in line or "\\" not in line:
        return ""
    return r"; write a path with backslashes in single quotes, like 'C:\Users\...', or with /"


def _are_tables(items: list[Any]) -> bool:
    return all(isinstance(item, dict) for item in items)


def _entry(file: Path, table: dict[str, Any], number: int) -> Entry:
    name, provider = _text(table.get("name")), _text(table.get("provider"))
    label = f"account {name!r}" if name else f"account number {number}"
    return Entry(name, provider, partial(_build, file, label, table))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _build(file: Path, label: str, table: dict[str, Any]) -> Account:
    try:
        return _account(table, file.parent)
    except ConfigError as error:
        message = hide_tokens(str(error)).removeprefix(f"{label}: ")
        raise ConfigError(f"{file}: {label}: {message}") from None


def _account(table: dict[str, Any], folder: Path) -> Account:
    for key in ("name", "provider"):
        if not isinstance(table.get(key), str):
            raise ConfigError(f"needs a {key}, as text")
    if "token" in table:
        places = ", ".join(_TOKEN_KEYS)
        raise ConfigError(
            f"a token does not belong in this file; name where it is kept instead: {places}"
        )
    adapter = find(table["provider"])
    settings = {
        key: value for key, value in table.items() if key not in (*_COMMON_KEYS, *_TOKEN_KEYS)
    }
    fields = attrs.fields(cast(type[attrs.AttrsInstance], adapter))
    mistake = unknown_key(
        settings, [*(field.name for field in fields), *_COMMON_KEYS, *_TOKEN_KEYS]
    )
    if mistake is not None:
        raise ConfigError(mistake)
    limit = table.get("requests_per_minute")
    if limit is not None and (not isinstance(limit, int) or isinstance(limit, bool)):
        raise ConfigError("requests_per_minute is a whole number")
    base_url = table.get("base_url", environment_url(adapter))
    if base_url is not None and not isinstance(base_url, str):
        raise ConfigError("base_url is text")
    token = _token(table, adapter, folder)
    return Account(table["name"], build_adapter(adapter, settings), token, base_url, limit)


def _token(table: Mapping[str, Any], adapter: type[Adapter], folder: Path) -> TokenSource:
    keys = [key for key in _TOKEN_KEYS if key in table]
    if len(keys) > 1:
        raise ConfigError(f"has {' and '.join(keys)}; give one place for the token")
    if not keys:
        return FromEnv(adapter.declares.token_env)
    key, value = keys[0], table[keys[0]]
    if key == "token_command":
        return _command(value)
    if not isinstance(value, str) or not value:
        raise ConfigError(f"{key} is text")
    if hide_tokens(value) != value and "/" not in value:
        raise ConfigError(
            f"{key} names where the token is kept; "
            "this looks like the token itself, which does not belong here"
        )
    if key == "token_env" and not value.isidentifier():
        # Most likely the token itself, so it is not repeated.
        raise ConfigError(
            f"token_env is the name of an environment variable, like {adapter.declares.token_env}"
        )
    sources: dict[str, Callable[[str], TokenSource]] = {
        "token_env": FromEnv,
        "token_file": lambda text: FromFile(_below(folder, text)),
        "token_keyring": FromKeyring,
    }
    return sources[key](value)


def _below(folder: Path, path: str) -> Path:
    try:
        return folder / Path(path).expanduser()
    except RuntimeError:
        raise ConfigError(f"token_file: there is no home folder for {path!r}") from None


def _command(value: Any) -> FromCommand:
    if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
        return FromCommand(tuple(value))
    raise ConfigError(
        'token_command is a list of a program and its arguments, like ["pass", "show", "ci"]'
    )
