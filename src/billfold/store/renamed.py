"""Whom a whole reading names otherwise than what is known: the payer of a project, or of all.

Pure. Of whom it says nothing stays what is known: a project may have been deleted, and a token may
have lost an organization.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from billfold.store.known import Known, Window
from billfold.store.records import Block
from billfold.store.scopes import payer, project
from billfold.store.tables import PRINT_DIGITS


class Renamed:
    """What is ``unstated`` in a reading of ``windows``, and stands there under another name.

    A project is another payer's where that one has it now. A payer has another name where it is
    gone, and one is there of whom nothing stood: both would be the same money twice.
    """

    def __init__(
        self,
        standing: AbstractSet[str],
        unstated: Iterable[Known],
        read: Iterable[Block],
        windows: Iterable[Window],
    ) -> None:
        blocks = [*read]
        self._periods = {each.period for each in windows}
        self._scopes = {each.scope for each in blocks}
        self._projects = {*map(project, self._scopes)} - {None}
        gone = {payer(each.scope) for each in unstated if self._is_then(each)}
        gone -= {None, *map(payer, self._scopes)}
        self._payers = gone if gone and _has_new_payer(standing, blocks) else frozenset[str]()

    def hold(self, known: Known) -> bool:
        """Return whether a known record that is not stated as it was is of such a scope."""
        is_moved = project(known.scope) in self._projects and known.scope not in self._scopes
        return (is_moved or payer(known.scope) in self._payers) and self._is_then(known)

    def _is_then(self, known: Known) -> bool:
        return any(known.window_start in period for period in self._periods)


def _has_new_payer(standing: AbstractSet[str], read: Iterable[Block]) -> bool:
    """Return whether something is read of a payer of whom nothing stands, whatever it stated.

    A usage without charges is nothing.
    """
    ids = {mark[PRINT_DIGITS:] for mark in standing}
    told, known = set[str | None](), set[str | None]()
    for each in read:
        if each.kind.name != "usage":
            told.add(payer(each.scope))
        if any(mark[PRINT_DIGITS:] in ids for mark in each.marks):
            known.add(payer(each.scope))
    return not told <= known
