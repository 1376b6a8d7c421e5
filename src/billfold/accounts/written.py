"""Accounts written to a ``billfold.toml``, which then is read as any other."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from billfold.accounts._file import FILE, VARIABLE, ConfigFile, find_file, own_file
from billfold.accounts._toml_file import document_entries
from billfold.accounts.config import build_accounts
from billfold.errors import ConfigError
from billfold.files import atomic_write
from billfold.files.toml import parse_toml

Table = Mapping[str, Any]


def file_to_write(path: Path | None) -> Path:
    """Return which file to write: ``path``, ``$BILLFOLD_CONFIG``, or one in the user's folder."""
    named = path or (Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None)
    try:
        return (named or own_file() or Path(FILE)).expanduser()
    except RuntimeError:
        raise ConfigError(f"{os.fspath(named or FILE)!r}: there is no such home folder") from None


def accounts_toml(tables: Iterable[Table]) -> str:
    """Return accounts as TOML. Their values are texts, numbers, truth values and lists of them."""
    return "\n\n".join(
        "\n".join(["[[accounts]]", *(f"{key} = {_value(value)}" for key, value in table.items())])
        for table in tables
    )


def _value(value: object) -> str:
    # Such values look the same in JSON and TOML, but that TOML wants one more character escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def add_accounts(path: Path, tables: Iterable[Table]) -> None:
    """Write accounts behind what is in a file, or to a new one that only its owner can read.

    Raises ConfigError for accounts that could not be read back, and then writes nothing.
    """
    text = _with(_text_of(path), tables)
    require_readable(text, path)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{path.parent} cannot be made: {error.strerror}") from None
    with atomic_write(path) as file:
        file.write(text.encode())


def require_readable(text: str, path: Path) -> None:
    """Raise ConfigError, with every mistake, unless the text configures accounts."""
    build_accounts(document_entries(parse_toml(text, path), ConfigFile(path)))


def is_read_unnamed(path: Path, tables: Iterable[Table]) -> bool:
    """Return whether a file is read without being named, and trusted with its accounts' tokens."""
    found = find_file(None)
    if found is None or not found.path.exists() or not found.path.samefile(path):
        return False
    return found.trusted or not any("token_command" in table for table in tables)


def _text_of(path: Path) -> str:
    if not os.path.lexists(path):
        return ""
    try:
        return ConfigFile(path).read().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: cannot be read: it is not UTF-8") from None


def _with(text: str, tables: Iterable[Table]) -> str:
    added = accounts_toml(tables) + "\n"
    return f"{text.rstrip()}\n\n{added}" if text.strip() else added
