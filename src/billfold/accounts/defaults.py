"""What the configuration says about options that nobody gave: ``[defaults]``."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from msgspec import Struct

from billfold.accounts._file import ConfigFile, find_file
from billfold.accounts._settings import unknown_key
from billfold.accounts._toml_file import file_proxy, file_table
from billfold.errors import BillfoldError, ConfigError
from billfold.http.bounds import require_seconds
from billfold.money import currency_code

# The rates that need no file.
ECB = "ecb"
_TEXTS = ("currency", "rates", "rules", "period")


class Defaults(Struct, frozen=True):
    """``[defaults]``: the currency, rates, rules, period and deadline of who names no others.

    Paths are relative to the file. One found in the working directory may
    divide money and not change it: it names no file of rates, and rules only beside or below
    itself.
    """

    currency: str | None = None
    rates: str | None = None
    rules: str | None = None
    period: str | None = None
    deadline: float | None = None
    file: ConfigFile | None = None

    def rates_file(self) -> Path | None:
        """Return the file of rates, None for the ECB's. Raises ConfigError for one not trusted."""
        if self.rates is None or self.rates.lower() == ECB:
            return None
        assert self.file is not None
        if not self.file.trusted:
            raise ConfigError(
                f"{self.file.path}: [defaults]: rates: a file found in the working directory "
                f"names no exchange rates; {self.file.consent}"
            )
        return self._path("rates", self.rates)

    def rules_file(self) -> Path | None:
        """Return the file of rules, None for none. Raises ConfigError for one not trusted."""
        if self.rules is None:
            return None
        assert self.file is not None
        path = self._path("rules", self.rules)
        folder = self.file.path.absolute().parent.resolve()
        if not self.file.trusted and not path.resolve().is_relative_to(folder):
            raise ConfigError(
                f"{self.file.path}: [defaults]: rules: a file found in the working directory "
                f"names none elsewhere; {self.file.consent}"
            )
        return path

    def _path(self, key: str, text: str) -> Path:
        assert self.file is not None
        try:
            return self.file.path.parent / Path(text).expanduser()
        except RuntimeError:
            raise ConfigError(
                f"{self.file.path}: [defaults]: {key}: there is no home folder for {text!r}"
            ) from None


def read_defaults(path: str | PathLike[str] | None = None) -> Defaults:
    """Return what the configuration file says, nothing where there is none. Raises ConfigError."""
    file = find_file(path)
    if file is None:
        return Defaults()
    table = file_table(file, "defaults")
    try:
        return _defaults(table, file)
    except BillfoldError as error:
        raise ConfigError(f"{file.path}: [defaults]: {error.message}") from None


def common_proxy(path: str | PathLike[str] | None = None) -> str | None:
    """Return the proxy that the configuration file names for all requests. Raises ConfigError."""
    file = find_file(path)
    return None if file is None else file_proxy(file)


def _defaults(table: Mapping[str, Any], file: ConfigFile) -> Defaults:
    mistake = unknown_key(table, [*_TEXTS, "deadline"])
    if mistake is not None:
        raise ConfigError(mistake)
    texts = {key: table[key] for key in _TEXTS if key in table}
    for key, value in texts.items():
        if not isinstance(value, str) or not value.strip() or "\0" in value:
            raise ConfigError(f"{key} is text")
    if "currency" in texts:
        texts["currency"] = currency_code(texts["currency"])
    seconds = table.get("deadline")
    deadline = None if seconds is None else require_seconds(seconds, "deadline")
    return Defaults(**texts, deadline=deadline, file=file)
