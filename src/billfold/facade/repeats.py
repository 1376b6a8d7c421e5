"""What an account gives twice of lists that have no pages: each record counts once (law 3)."""

from __future__ import annotations

from typing import Any

from attrs import evolve
from msgspec import Struct

from billfold.adapter.reading import Reading
from billfold.counted import counted, listed
from billfold.model import State, Stream
from billfold.steps import MADE, Steps

# Streams of records that are nothing but themselves: what is used or billed may be alike twice.
OF_RECORDS = frozenset({Stream.SUBSCRIPTIONS, Stream.PAYMENT_METHODS})


class Repeats(Struct, eq=False):
    """The records that an account has given, by whose they are and their ids."""

    _known: dict[tuple[str, str, str], Any] = {}

    def judging(self, reading: Reading[Any]) -> Steps[Reading[Any]]:
        """Return a reading without what was given before; of two contents the first is kept.

        Pauses where it has many.
        """
        same = 0
        new: list[Any] = []
        others: dict[str, None] = {}
        for number, item in enumerate(reading.items, 1):
            if number % MADE == 0:
                yield
            key = _key(item)
            if key not in self._known:
                self._known[key] = item
                new.append(item)
            elif self._known[key] == _in_its_words(item, self._known[key]):
                same += 1
            else:
                others[item.id] = None
        if len(new) == len(reading.items):
            return reading
        notes = [reading.detail] if reading.detail else []
        if same:
            notes.append(f"{counted(same, 'record')} repeated, counted once")
        if others:
            changed = f"{counted(len(others), 'record')} repeated with another content"
            notes.append(f"{changed}, the first was kept: {listed(others)}")
        state = State.PARTIAL if others and reading.state is State.COMPLETE else reading.state
        return evolve(reading, items=tuple(new), state=state, detail="; ".join(notes))


def _in_its_words(item: Any, known: Any) -> Any:
    """Return a record with its ids in the letters of another one that has the same."""
    return evolve(item, id=known.id, billing_account_id=known.billing_account_id)


def _key(item: Any) -> tuple[str, str, str]:
    """Return what tells a record; ids are compared without case."""
    owner = (item.billing_account_id or "", getattr(item, "sub_account_id", None) or "")
    payer, project, own = map(str.casefold, (*owner, item.id))
    return payer, project, own
