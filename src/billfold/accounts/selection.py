"""The one rule for which accounts a call is about."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, TypeGuard, TypeVar

from billfold.accounts.account import Account
from billfold.accounts.entry import Entry
from billfold.errors import ConfigError

A = TypeVar("A", Account, Entry)


def select(
    accounts: Sequence[A], *, names: Sequence[str] = (), providers: Sequence[str] = ()
) -> tuple[A, ...]:
    """Return the accounts that have one of the names or one of the providers; without either, all.

    Raises ConfigError for a name or provider that no account has, naming those there are, or the
    mistake for which an account has none: it may be the one that is meant.
    """
    if not names and not providers:
        return tuple(accounts)
    for wanted, of, claim in (
        (names, attrgetter("name"), "account is named"),
        (providers, attrgetter("provider"), "account has the provider"),
    ):
        known = list(map(of, accounts))
        if not set(wanted) <= set(known):
            _require_built(account for account in accounts if of(account) is None)
        _check(wanted, known, claim)
    return tuple(
        account for account in accounts if account.name in names or account.provider in providers
    )


def select_by_key(accounts: Sequence[A], keys: Iterable[str] | str | None) -> tuple[A, ...]:
    """Return the accounts that have one of the keys as name or provider; None: all of them.

    Raises ConfigError for a key that is neither, and where none is given: a total over no account
    would look like one of nothing.
    """
    if keys is None:
        return tuple(accounts)
    wanted: tuple[Any, ...] = tuple(keys) if _is_names(keys) else (keys,)
    if odd := [key for key in wanted if not isinstance(key, str)]:
        given = type(odd[0]).__name__
        raise ConfigError(f"accounts are names or providers, like ['ci', 'latitude'], not {given}")
    if not wanted:
        raise ConfigError(
            "no accounts are named: name some, like accounts=['ci', 'latitude'], "
            "or leave accounts out to ask all of them"
        )
    known = [key for account in accounts for key in (account.name, account.provider)]
    _check(wanted, known, "account or provider is named")
    return tuple(
        account for account in accounts if account.name in wanted or account.provider in wanted
    )


def _require_built(accounts: Iterable[Account | Entry]) -> None:
    for account in accounts:
        if isinstance(account, Entry):
            account.build()


def _is_names(keys: object) -> TypeGuard[Iterable[Any]]:
    return isinstance(keys, Iterable) and not isinstance(keys, str | bytes | Account)


def _check(wanted: Sequence[str], known: Sequence[str | None], claim: str) -> None:
    available = sorted({key for key in known if key})
    unknown = [key for key in wanted if key not in available]
    if not unknown:
        return
    spelled = {key.casefold(): key for key in available}
    similar = difflib.get_close_matches(unknown[0].casefold(), spelled, 1)
    hint = f"did you mean {spelled[similar[0]]!r}? " if similar else ""
    listed = ", ".join(available) or "none"
    raise ConfigError(f"no {claim} {', '.join(map(repr, unknown))}; {hint}there are: {listed}")
