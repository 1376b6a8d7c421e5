"""What was read whole after its end: it stands until another whole reading of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from billfold.period import Period, gaps, merged, utc_text
from billfold.store.confirmed import Confirmed


class Closed:
    """The windows of an account that were read whole, to look up those that stand."""

    def __init__(self, confirmed: Iterable[Confirmed] = ()) -> None:
        self._by_scope: dict[str | None, list[Confirmed]] = {}
        self._by_period: dict[Period, list[Confirmed]] = {}
        for each in confirmed:
            self._by_scope.setdefault(each.scope, []).append(each)
            if each.is_to_its_end():
                self._by_period.setdefault(each.period, []).append(each)

    def of(self, scope: str | None, period: Period) -> Sequence[Confirmed]:
        """Return the windows as which a scope's time stands; none where any reading changes it.

        Of whom no whole reading has anything, there is nothing in a time that it closed.
        """
        about = [
            each
            for key in dict.fromkeys((scope, None))
            for each in self._by_scope.get(key, ())
            if each.period.overlaps(period)
        ]
        if not about:
            return self._by_period.get(period, ())
        closed = [each for each in about if each.is_to_its_end()]
        return () if gaps(period, (each.period for each in closed)) else closed


def stands_text(windows: Iterable[Confirmed]) -> str:
    """Return the sentence about windows of which a partial reading changed nothing."""
    several = tuple(windows)
    names = ", ".join(map(str, merged(each.period for each in several)))
    return f"{names} stands as read whole at {utc_text(min(each.read_at for each in several))}"
