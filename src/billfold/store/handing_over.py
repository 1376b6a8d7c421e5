"""What an account booked and does not state any more is another one's, who states it now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from attrs import define, field

from billfold.accounts.account import Account
from billfold.accounts.reach import reach_of
from billfold.period import Period
from billfold.store.booking import Outcome
from billfold.store.known import Window
from billfold.store.scopes import scope_ids, scope_of

# An account, and the time that it was asked for; None is what runs.
_Asked = tuple[str, Period | None]


@define
class HandingOver:
    """What whole readings of one stream stated, and what they left to whom, in few words."""

    _stated: dict[_Asked, AbstractSet[str]] = field(factory=dict)
    _left: list[tuple[_Asked, Window]] = field(factory=list)

    def add(self, outcome: Outcome) -> None:
        """Note what a reading stated and left, if it was whole."""
        reading, owners = outcome.reading, outcome.elsewhere
        if not reading.is_whole:
            return
        asked = reading.answer.requested
        scopes = {scope_of(reading.stream, each) for each in reading.answer.items}
        self._stated[reading.account, asked] = scopes
        for window in reading.windows():
            own = owners if window.scope is None else owners.keys() & {window.scope}
            self._left += [((owners[each], asked), Window(each, window.period)) for each in own]

    def to_others(self, accounts: Mapping[str, Account]) -> Iterator[tuple[str, Window]]:
        """Yield what was left to accounts that do not have it any more, each with whose it was.

        Their settings do not name it, or they read all of the same and did not state it.
        ``accounts`` are those that are asked, by name: one that is not keeps what it has.
        """
        for (name, asked), window in self._left:
            scope, stated = window.scope or "", self._stated.get((name, asked))
            if name not in accounts:
                continue
            reach = reach_of(accounts[name])
            is_named = reach is None or scope_ids(scope) & reach
            if not is_named or (stated is not None and scope not in stated):
                yield name, window
