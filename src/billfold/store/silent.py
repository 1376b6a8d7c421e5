"""Of whom nothing is stated where something is known: that confirms nothing, so it stays.

Pure. It goes by window, by organization, and of invoices by their family as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

import msgspec

from billfold.store.known import Known, Window, Windows
from billfold.store.records import Block
from billfold.store.scopes import payer, scope_text
from billfold.store.tables import PRINT_DIGITS

# A scope, and the family of its invoices: "" of all else.
_Part = tuple[str, str]


class Silent:
    """The parts of ``windows`` of which ``absent`` was known, and nothing was ``read``.

    Of a window of the whole account each scope is one, as long as all that is stated says whose it
    is. A usage without charges says that nothing was used: it confirms no line that was there.
    """

    def __init__(
        self, windows: Sequence[Window], absent: Iterable[Known], read: Iterable[Block]
    ) -> None:
        self._reached = Windows(windows)
        missed: dict[Window, set[_Part]] = {}
        for each in absent:
            if window := self._reached.of(each.scope, each.window_start):
                missed.setdefault(window, set()).add(_part(each.scope, each.kind, each.owner))
        self._spoken = self._parts_of(read) if missed else {}
        self._whole = [each for each in missed if each not in self._spoken]
        self._parts = {
            window: _silent_parts(window, parts, self._spoken[window])
            for window, parts in missed.items()
            if window in self._spoken
        }

    def windows(self) -> Iterator[Window]:
        """Yield the windows.

        Of a scope that another family is stated of, its text names the family as if a project.
        """
        yield from self._whole
        for window, parts in self._parts.items():
            told = {scope for scope, _ in self._spoken[window]}
            for scope, family in sorted(parts):
                named = scope_text(payer(scope), f"{family} invoices") if scope in told else scope
                yield Window(named, window.period)

    def of_all(self) -> Windows:
        """Return the windows of which nothing at all was stated."""
        return Windows(self._whole)

    def hold(self, known: Known) -> bool:
        """Return whether a known record is of such a part."""
        window = self._reached.of(known.scope, known.window_start)
        part = _part(known.scope, known.kind, known.owner)
        return window is not None and (window in self._whole or part in self._parts.get(window, ()))

    def _parts_of(self, read: Iterable[Block]) -> dict[Window, set[_Part]]:
        spoken: dict[Window, set[_Part]] = {}
        for each in read:
            window = self._reached.of(each.scope, each.window.start)
            if window and each.kind.name != "usage":
                owner = each.marks[0][PRINT_DIGITS:] if each.owner is None else each.owner
                spoken.setdefault(window, set()).add(_part(each.scope, each.kind.name, owner))
        return spoken


def _part(scope: str, kind: str, owner: str) -> _Part:
    if kind not in {"invoice", "line"}:
        return scope, ""
    family, _ = msgspec.json.decode(owner, type=tuple[str, str])
    return scope, family


def _silent_parts(
    window: Window, missed: AbstractSet[_Part], spoken: AbstractSet[_Part]
) -> set[_Part]:
    payers: dict[str, set[str | None]] = {}
    for scope, family in spoken:
        payers.setdefault(family, set()).add(payer(scope))
    return {
        (scope, family)
        for scope, family in missed - spoken
        if family not in payers
        or (window.scope is None and None not in {payer(scope), *payers[family]})
    }
