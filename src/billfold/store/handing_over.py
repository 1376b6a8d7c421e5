"""What an account booked that its settings no longer name: it is another's, who states it now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from billfold.accounts.account import Account
from billfold.accounts.reach import reach_of
from billfold.store.booking import Outcome
from billfold.store.known import Window
from billfold.store.scopes import scope_ids


def handed_over(outcome: Outcome, accounts: Mapping[str, Account]) -> Iterator[tuple[str, Window]]:
    """Yield what a whole reading left to accounts whose settings do not name it, each with whose.

    ``accounts`` are those that are asked, by name: one that is not keeps what it has.
    """
    if not outcome.reading.is_whole:
        return
    for window in outcome.reading.windows():
        if window.scope is None or window.scope not in outcome.elsewhere:
            continue
        owner = accounts.get(outcome.elsewhere[window.scope])
        reach = None if owner is None else reach_of(owner)
        if owner is not None and reach is not None and not scope_ids(window.scope) & reach:
            yield owner.name, window
