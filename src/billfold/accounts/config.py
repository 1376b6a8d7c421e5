"""Configuration: ``billfold.toml``, or the environment, to accounts."""

from __future__ import annotations

import os
from collections.abc import Iterable
from os import PathLike
from pathlib import Path

from billfold.accounts._environment import environment_entries
from billfold.accounts._toml_file import file_entries
from billfold.accounts.account import Account
from billfold.accounts.entry import Entry
from billfold.adapter.registry import find, installed
from billfold.errors import ConfigError

FILE = "billfold.toml"
VARIABLE = "BILLFOLD_CONFIG"


def load(path: str | PathLike[str] | None = None) -> tuple[Account, ...]:
    """Return the configured accounts.

    They are read from ``path``, else ``$BILLFOLD_CONFIG``, ``./billfold.toml``, the user's folder,
    the environment. Raises ConfigError that names the file, the account and the key, and every
    mistake of the file at once.
    """
    return build_accounts(entries(path))


def entries(path: str | PathLike[str] | None = None) -> tuple[Entry, ...]:
    """Return what :func:`load` would build, so that some accounts can be chosen first.

    A mistake in one of them is raised by its ``build``.
    """
    file = find_file(path)
    configured = environment_entries() if file is None else file_entries(file)
    if not configured:
        variables = ", ".join(find(provider).declares.token_env for provider in installed())
        raise ConfigError(
            f"no accounts configured: write a {FILE} (see the README), or set one of {variables}. "
            "Try it without an account: billfold demo"
        )
    return configured


def build_accounts(configured: Iterable[Entry]) -> tuple[Account, ...]:
    """Return the accounts. Raises one ConfigError with every mistake, a line each."""
    accounts, mistakes = [], []
    for entry in configured:
        try:
            accounts.append(entry.build())
        except ConfigError as error:
            mistakes.append(str(error))
    if mistakes:
        raise ConfigError("\n".join(mistakes))
    return tuple(accounts)


def find_file(path: str | PathLike[str] | None) -> Path | None:
    """Return the configuration file to read, or None for none."""
    chosen = path or os.environ.get(VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    for candidate in (Path(FILE), _user_file()):
        if candidate is not None and candidate.is_file():
            return candidate
    return None


def _user_file() -> Path | None:
    try:
        import platformdirs
    except ImportError:
        # It comes with the extra `cli`; the library alone looks in the working directory only.
        return None
    return platformdirs.user_config_path("billfold") / FILE
