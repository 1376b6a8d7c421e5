"""Whom a whole reading names otherwise than what is known: the payer of a project, or of all.

Pure. Of whom it says nothing stays what is known: a project may have been deleted, and a token may
have lost an organization while it gained another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal

import msgspec
from attrs import frozen

from billfold.money import Money
from billfold.store.known import Known, Window
from billfold.store.records import Block, Booked
from billfold.store.scopes import payer, project

# A payer that is gone, and the new name of it.
NewName = tuple[str, str]
# The rows whose ids or amounts tell whose they are, each with the field of its amount.
_TELLING = {"charge": "cost", "entry": "amount", "invoice": "total", "day": "cost"}


class Renamed:
    """What is ``gone`` in a reading of ``windows``, and stands there under another name.

    A project is another payer's where that one has it now. A payer has another name where it is
    gone, and one is there that states its records: both would be the same money twice. ``proven``
    are the new names that other readings of the account have proven.
    """

    def __init__(
        self,
        standing: AbstractSet[str],
        gone: Iterable[Known],
        read: Iterable[Block],
        windows: Iterable[Window],
        proven: Iterable[NewName],
    ) -> None:
        blocks = [*read]
        self._periods = {each.period for each in windows}
        self._scopes = {each.scope for each in blocks}
        self._projects = {*map(project, self._scopes)} - {None}
        self.new_names = self._new_names(standing, [*gone], blocks, proven)
        self._old_names = {old for old, _ in self.new_names}

    def hold(self, known: Known) -> bool:
        """Return whether a known record that is not stated as it was is of such a scope."""
        is_moved = project(known.scope) in self._projects and known.scope not in self._scopes
        return (is_moved or payer(known.scope) in self._old_names) and self._is_then(known)

    def _new_names(
        self,
        standing: AbstractSet[str],
        gone: Sequence[Known],
        read: Sequence[Block],
        proven: Iterable[NewName],
    ) -> frozenset[NewName]:
        told = {payer(each.scope) for each in read if each.kind.name != "usage"}
        lost: dict[str, list[Known]] = {}
        for each in gone:
            name = payer(each.scope)
            if name is not None and name not in told and self._is_then(each):
                lost.setdefault(name, []).append(each)
        names = {old: new for old, new in sorted(proven) if old in lost and new in told}
        fresh = [] if lost.keys() <= names.keys() else _unknown(standing, gone, read)
        for new in fresh:
            stated = None if new in names.values() else _stated(new, read)
            for old in sorted(lost.keys() - names.keys()):
                if stated and stated.restate(lost[old], old):
                    names[old], stated = new, None
        return frozenset(names.items())

    def _is_then(self, known: Known) -> bool:
        return any(known.window_start in period for period in self._periods)


@frozen
class _Stated:
    """The ids of what a payer states, and its amounts by these ids without its own name."""

    ids: AbstractSet[str]
    amounts: Mapping[str, Decimal | None]

    def restate(self, known: Iterable[Known], old: str) -> bool:
        """Return whether all that is known of a payer, but zeros, is stated here.

        A day has no id: its amount is the same. Of ids that begin with their payer's name, which
        two may have alike, one amount is.
        """
        own = [each for each in known if each.kind in _TELLING and each.money and not each.derived]
        names = {each.mark: _nameless(each.record_id, old) for each in own}
        if not own or not self.amounts.keys() >= set(names.values()):
            return False
        same = [each.money == self.amounts[names[each.mark]] for each in own]
        if own[0].kind == "day":
            return all(same)
        return any(same) or any(each.record_id in self.ids for each in own)


def _unknown(standing: AbstractSet[str], gone: Iterable[Known], read: Iterable[Block]) -> list[str]:
    """Return the payers of whom something is read, and nothing stood; usages alone are nothing."""
    told, known = set[str | None](), {payer(each.scope) for each in gone}
    for each in read:
        if each.kind.name != "usage":
            told.add(payer(each.scope))
        if any(mark in standing for mark in each.marks):
            known.add(payer(each.scope))
    return sorted(each for each in told - known if each is not None)


def _stated(name: str, read: Iterable[Block]) -> _Stated:
    own = [
        each
        for block in read
        if block.kind.name in _TELLING and payer(block.scope) == name
        for each in block.every()
    ]
    amounts = {_nameless(each.record_id, name): _amount(each) for each in own}
    return _Stated({each.record_id for each in own}, amounts)


def _amount(each: Booked) -> Decimal | None:
    money: Money | None = getattr(each.record, _TELLING[each.kind.name])
    return None if money is None else money.amount


def _nameless(record_id: str, name: str) -> str:
    """Return a record's id without whom it is billed to, if it begins with that."""
    for start in (f"{name}/", f"[{msgspec.json.encode(name).decode()},"):
        if record_id[: len(start)].casefold() == start:
            return record_id[len(start) :]
    return record_id
