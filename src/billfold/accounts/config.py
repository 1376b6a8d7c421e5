"""Configuration: ``billfold.toml``, or the environment, to accounts."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike

from billfold.accounts._environment import environment_entries
from billfold.accounts._file import find_file
from billfold.accounts._toml_file import file_entries
from billfold.accounts.account import Account
from billfold.accounts.entry import Entry
from billfold.adapter.registry import usable
from billfold.errors import ConfigError


def load(path: str | PathLike[str] | None = None) -> tuple[Account, ...]:
    """Return the configured accounts.

    They are read from ``path``, else ``$BILLFOLD_CONFIG``, ``./billfold.toml``, the user's folder,
    the environment. A file that was only found in the working directory may run no command, and
    send a token only to the provider's own address or this machine: to name it is consent. Raises
    ConfigError that names the file, the account and the key, and every mistake of the file at once;
    and for a file that was found and that others own or may write.
    """
    return build_accounts(entries(path))


def source(path: str | PathLike[str] | None = None) -> str | None:
    """Return the file that :func:`load` would read; None for the environment."""
    file = find_file(path)
    return None if file is None else str(file.path)


def entries(path: str | PathLike[str] | None = None) -> tuple[Entry, ...]:
    """Return what :func:`load` would build, so that some accounts can be chosen first.

    A mistake in one of them is raised by its ``build``.
    """
    file = find_file(path)
    configured = environment_entries() if file is None else file_entries(file)
    if not configured:
        adapters, reasons = usable()
        variables = ", ".join(adapter.declares.token_env for adapter in adapters)
        raise ConfigError(
            f"No accounts configured. Run `billfold init`, or set one of {variables}. "
            "Try it without an account: `billfold demo`." + "".join(f"\n{each}" for each in reasons)
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
