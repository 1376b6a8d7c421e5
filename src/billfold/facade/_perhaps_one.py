"""Records of two accounts that may be one, though nothing says so: both count, and are in doubt."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

from attrs import define, field

from billfold.facade.source import Source
from billfold.model import Balance, Usage
from billfold.period import Period


@define(eq=False)
class PerhapsOne:
    """The balances and the current windows that accounts gave, by what would make two of them one.

    Two accounts may state one balance alike, or by one token, where only one of them is told whose
    it is: a zero counts twice without harm. Where neither is told, two customers may well have as
    much. A project may begin its next cycle after the first account read the last one, and before
    the second does: only one of both is current.
    """

    _balances: dict[Hashable, dict[bool, dict[Source, None]]] = field(factory=dict)
    _windows: dict[Hashable, tuple[Source, set[Period]]] = field(factory=dict)

    def others(
        self, source: Source, record: Any, whose: Hashable, named: bool
    ) -> Iterator[tuple[Source, str]]:
        """Yield the accounts that may have given the same, with the words for it."""
        if isinstance(record, Balance):
            yield from self._alike(source, record, named)
        elif isinstance(record, Usage) and source.requested is None:
            yield from self._of_another_cycle(source, record, whose)

    def _alike(self, source: Source, balance: Balance, named: bool) -> Iterator[tuple[Source, str]]:
        if not balance.amount.amount:
            return
        marks: list[Hashable] = [balance.amount]
        if source.account.adapter.declares.token_of_one_payer:
            marks.append(source.login)
        words = f"the {balance.kind} of account {{}} may be the same, as only one says whose it is"
        for mark in marks:
            key = (source.place, balance.kind, mark)
            known = self._balances.setdefault(key, {True: {}, False: {}})
            for other in known[not named]:
                if other is not source:
                    yield other, f"{words}; both count"
            known[named][source] = None

    def _of_another_cycle(
        self, source: Source, usage: Usage, whose: Hashable
    ) -> Iterator[tuple[Source, str]]:
        first, windows = self._windows.setdefault((source.place, whose), (source, set()))
        if first is source:
            windows.add(usage.covers)
        elif usage.covers not in windows:
            name = usage.sub_account_id or usage.billing_account_id or "what it reaches"
            words = f"{name} counts in account {{}}, too, for another time, though only one is the"
            yield first, f"{words} current one"
