"""The store as the options and the configuration name it, and the accounts that read it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from billfold.accounts.store_settings import StoreSettings, store_settings
from billfold.cli.clock import now
from billfold.errors import BillfoldError, ConfigError, StoreError
from billfold.extras import how_to_install, is_store_there
from billfold.store.location import named_place, store_url

if TYPE_CHECKING:
    from billfold.accounts.account import Account
    from billfold.cli.global_options import GlobalOptions
    from billfold.store.book import Book


def chosen_store(options: GlobalOptions) -> tuple[str, StoreSettings]:
    """Return where the store is, and what the configuration says of it. Raises ConfigError."""
    settings = store_settings(options.config)
    return store_url(options.history.store, settings.url), settings


def open_book(options: GlobalOptions) -> Book:
    """Return the store's book, which need not be there yet."""
    from billfold.store.book import Book

    return Book(chosen_store(options)[0])


def known_accounts(options: GlobalOptions) -> tuple[Account, ...]:
    """Return every account of the store, those of the configuration first. Raises StoreError."""
    from billfold.store.book import Book
    from billfold.store.stored_accounts import stored_accounts

    url, settings = chosen_store(options)
    book = Book(url)
    accounts = stored_accounts(
        book,
        clock=now,
        as_of=options.history.as_of,
        tolerance=settings.tolerance,
        order=_configured_names(options),
    )
    if not accounts:
        book.names()  # what is another's, or of a newer version, is no store that is empty
        raise StoreError(f"{url}: nothing was read yet: run billfold sync")
    return accounts


def _configured_names(options: GlobalOptions) -> tuple[str, ...]:
    """Return the configured names; a store can be read where nothing is configured."""
    from billfold.accounts.config import entries

    try:
        return tuple(entry.name for entry in entries(options.config) if entry.name)
    except BillfoldError:
        return ()


def has_store(options: GlobalOptions) -> bool:
    """Return whether there is a store, or one was named. Raises ConfigError."""
    given, settings = options.history.store, store_settings(options.config)
    try:
        url = store_url(given, settings.url)
    except StoreError:
        if named_place(given, settings.url) is not None:
            raise
        return False  # nowhere to keep one
    return given is not None or "://" in url or Path(url).is_dir()


def filled_from_store(options: GlobalOptions, accounts: Sequence[Account]) -> tuple[Account, ...]:
    """Return accounts that take from the store what their providers forgot, where there is one."""
    if not has_store(options):
        return tuple(accounts)
    from billfold.store.filled import filled  # takes a twentieth of a command's time

    url, settings = chosen_store(options)
    return filled(accounts, url, clock=now, tolerance=settings.tolerance)


def require_store_extra() -> None:
    """Raise ConfigError where the packages that the store needs are not installed."""
    if not is_store_there():
        raise ConfigError(f"the store needs packages: run {how_to_install('store')}")
