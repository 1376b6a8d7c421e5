"""Where an account is asked, and what it is limited to there: accounts may reach the same."""

from __future__ import annotations

from billfold.accounts.account import Account


def place_of(account: Account) -> tuple[str, str]:
    """Return the provider, and the address at which it is asked."""
    return account.provider, str(account.url().origin())


def reach_of(account: Account) -> frozenset[str] | None:
    """Return the parts that an account is limited to, in one case; None where it is not."""
    reach = account.adapter.declares.reach(account.adapter)
    return None if reach is None else frozenset(part.casefold() for part in reach)
