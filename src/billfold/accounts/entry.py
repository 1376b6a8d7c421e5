"""An account as it is configured, not yet known to be right."""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen

from billfold.accounts.account import Account


@frozen
class Entry:
    """One configured account; ``name`` is None where it is none, ``provider`` where it is not text.

    ``build`` returns the account, or raises ConfigError for a mistake in it.
    """

    name: str | None
    provider: str | None
    build: Callable[[], Account]
