"""The one rule for which accounts a call is about."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from billfold.errors import ConfigError


class Selectable(Protocol):
    """What has an account's name and its provider.

    Either is None where a configuration does not say it.
    """

    @property
    def name(self) -> str | None:
        """The account's name."""
        ...

    @property
    def provider(self) -> str | None:
        """The provider's name."""
        ...


A = TypeVar("A", bound=Selectable)


def select(
    accounts: Sequence[A], *, names: Iterable[str] = (), providers: Iterable[str] = ()
) -> tuple[A, ...]:
    """Return the accounts that have one of the names or one of the providers.

    Without either, all of them.

    Raises ConfigError for a name or provider that no account has, naming those there are.
    """
    names, providers = tuple(names), tuple(providers)
    if not names and not providers:
        return tuple(accounts)
    _check(names, [account.name for account in accounts], "account is named")
    _check(providers, [account.provider for account in accounts], "account has the provider")
    return tuple(
        account for account in accounts if account.name in names or account.provider in providers
    )


def select_by_key(accounts: Sequence[A], keys: Iterable[str] | str | None) -> tuple[A, ...]:
    """Return the accounts that have one of the keys as name or provider; None: all of them.

    Raises ConfigError for a key that is neither.
    """
    if keys is None:
        return tuple(accounts)
    wanted = (keys,) if isinstance(keys, str) else tuple(keys)
    known = [key for account in accounts for key in (account.name, account.provider)]
    _check(wanted, known, "account or provider is named")
    return tuple(
        account for account in accounts if account.name in wanted or account.provider in wanted
    )


def _check(wanted: Sequence[str], known: Sequence[str | None], predicate: str) -> None:
    available = sorted({key for key in known if key})
    unknown = [key for key in wanted if key not in available]
    if not unknown:
        return
    similar = difflib.get_close_matches(unknown[0], available, 1)
    hint = f"did you mean {similar[0]!r}? " if similar else ""
    listed = ", ".join(available) or "none"
    raise ConfigError(f"no {predicate} {', '.join(map(repr, unknown))}; {hint}there are: {listed}")
