"""Which accounts may reach the same, so that their answers have to be booked in their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable

from billfold.accounts.account import Account
from billfold.accounts.reach import place_of, reach_of


def lines(accounts: Iterable[Account]) -> dict[str, Hashable]:
    """Return each account's line, by its name: accounts of different lines reach nothing together.

    A line is all accounts at one provider's address, unless each of them is limited to parts of its
    own: then each is a line by itself.
    """
    named = {account.name: account for account in accounts}
    places = {name: place_of(account) for name, account in named.items()}
    reached = Counter[tuple[str, str, str]]()
    crowded = set[tuple[str, str]]()
    for name, account in named.items():
        reach = reach_of(account)
        if reach is None:
            crowded.add(places[name])
        reached.update((*places[name], part) for part in reach or ())
    crowded |= {(provider, origin) for (provider, origin, _), n in reached.items() if n > 1}
    return {name: place if place in crowded else name for name, place in places.items()}
