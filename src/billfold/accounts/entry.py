"""An account as it is configured, not yet known to be right."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from billfold.accounts.account import Account


class Entry(Struct, frozen=True):
    """One configured account; ``name`` is None where it is none, ``provider`` where it is not text.

    ``build`` returns the account, or raises ConfigError for a mistake in it.
    """

    name: str | None
    provider: str | None
    build: Callable[[], Account]
