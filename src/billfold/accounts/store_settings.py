"""What the configuration says about the store."""

from __future__ import annotations

import re
from datetime import timedelta
from os import PathLike
from typing import Any

from msgspec import Struct

from billfold.accounts._file import ConfigFile, find_file
from billfold.accounts._settings import unknown_key
from billfold.accounts._toml_file import file_table
from billfold.errors import ConfigError

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_DURATION = re.compile(r"([0-9]{1,5})([mhd])")


class StoreSettings(Struct, frozen=True):
    """``[store]``: where it is (None: where it is by default), and what tail may be missing."""

    url: str | None = None
    tolerance: timedelta = timedelta(0)


def store_settings(path: str | PathLike[str] | None = None) -> StoreSettings:
    """Return what the configuration file says of the store.

    Raises ConfigError, for a place that a file names which was found in the working
    directory as well: bills would be sent there, and taken from there as if providers stated them.
    """
    file = find_file(path)
    if file is None:
        return StoreSettings()
    table = file_table(file, "store")
    mistake = unknown_key(table, ["url", "tolerance"])
    if mistake is not None:
        raise ConfigError(f"{file.path}: [store]: {mistake}")
    url = table.get("url")
    if url is not None and (not isinstance(url, str) or not url.strip()):
        raise ConfigError(
            f'{file.path}: [store]: url is a folder or a URL, like "s3://bucket/bills"'
        )
    if url is not None and not file.trusted:
        raise ConfigError(
            f"{file.path}: [store]: url: a file found in the working directory names no store; "
            f"{file.consent}"
        )
    return StoreSettings(url, _tolerance(file, table))


def _tolerance(file: ConfigFile, table: dict[str, Any]) -> timedelta:
    written = table.get("tolerance", "0h")
    try:
        return read_duration(written)
    except ConfigError as error:
        raise ConfigError(f"{file.path}: [store]: tolerance: {error}") from None


def read_duration(text: object) -> timedelta:
    """Return the time that text like ``90m``, ``6h`` or ``2d`` says. Raises ConfigError."""
    match = _DURATION.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise ConfigError(f"{text!r} is no length of time; write it like 90m, 6h or 2d")
    return int(match[1]) * _UNITS[match[2]]
