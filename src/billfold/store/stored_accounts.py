"""The accounts that a book knows, each with an adapter that reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import cast

from attrs import evolve

from billfold.accounts.account import Account
from billfold.adapter.declaration import Adapter, Declaration
from billfold.adapter.registry import usable
from billfold.secret import Secret
from billfold.store.book import Book
from billfold.store.known_accounts import known_accounts
from billfold.store.reader import Reader
from billfold.store.stored_adapter import Stored, of_what_is_kept
from billfold.wire import Problem

# Nothing is sent to anybody, so nobody sees it.
_NO_TOKEN = Secret("none")


def stored_accounts(
    book: Book,
    *,
    clock: Callable[[], datetime],
    as_of: datetime | None = None,
    tolerance: timedelta = timedelta(0),
    order: Iterable[str] = (),
) -> tuple[Account, ...]:
    """Return every account that was ever read, those named in ``order`` first.

    Blocks, and raises StoreError.
    """
    declared = {adapter.provider: adapter.declares for adapter in usable()[0]}
    places = {name: place for place, name in enumerate(order)}
    reader = Reader(book, as_of)
    accounts = []
    for each in sorted(known_accounts(book), key=lambda one: places.get(one.name, len(places))):
        declares = declared.get(each.provider) or _declaration(each.provider, each.origin)
        # Settings and tokens are a matter of asking the provider.
        declares = evolve(declares, required=(), reach=lambda _: None, token_of_one_payer=False)
        declares = of_what_is_kept(declares)
        stored = Stored(each.provider, declares, each.name, reader, clock, tolerance)
        # The protocol speaks of classes; this one has its provider from the book.
        accounts.append(Account(each.name, cast(Adapter, stored), _NO_TOKEN, each.origin))
    return tuple(accounts)


def _declaration(provider: str, origin: str) -> Declaration:
    """Declare a provider whose adapter is not installed: what was read of it is still known."""
    return Declaration(
        title=provider,
        base_url=origin,
        token_env="",
        url_env="",
        problem=lambda _: Problem(),
    )
