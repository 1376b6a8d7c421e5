"""Whom an account does not reach any more: what else is read later says nothing of them.

Only a usage says whom a reading reached, also where nothing was used.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec
from attrs import evolve, frozen

from billfold.columns import Row
from billfold.period import Period, meets, span
from billfold.store.book import Book
from billfold.store.confirmed import WINDOWS
from billfold.store.scopes import one_spelling, payer, scope_text
from billfold.store.standing import held_windows
from billfold.store.sync_rows import period_of, unconfirmed


@frozen
class Loss:
    """Who pays, of whom usage was read last at ``read_at``, and again at ``back_at``, if ever.

    ``windows`` are those of which a usage stands.
    """

    scope: str
    sync_id: str
    read_at: datetime
    back_at: datetime | None = None
    windows: tuple[Period, ...] = ()

    def is_at(self, row: Row) -> bool:
        """Return whether a reading was made after it was reached, and before it was again."""
        read_at: datetime = row["read_at"]
        if row["sync_id"] == self.sync_id or read_at <= self.read_at:
            return False
        return self.back_at is None or read_at < self.back_at


def losses(used: Sequence[Row]) -> list[Loss]:
    """Return whom the syncs of an account's usage reached, and the next one did not.

    A reading that was cut off, or in which nobody used anything, does not say whom it reached.
    """
    found: list[Loss] = []
    last: dict[str, Loss] = {}
    before = ""
    for sync_id, (read_at, scopes) in reached_by(used).items():
        for scope in scopes:
            older = last.get(scope)
            if older is not None and older.sync_id != before:
                found.append(evolve(older, back_at=read_at))
            last[scope] = Loss(scope, sync_id, read_at)
        before = sync_id
    return [*found, *(each for each in last.values() if each.sync_id != before)]


def reached_by(used: Sequence[Row]) -> Mapping[str, tuple[datetime, set[str]]]:
    """Return when each sync read usage, and of whom."""
    payers: dict[str | None, set[str]] = {}  # most readings are of the same ones
    reached: dict[str, tuple[datetime, set[str]]] = {}
    for row in used:
        read = row["confirmed"]
        if read not in payers:
            scopes = (scope for scope, *_ in WINDOWS.decode(read or "[]") if scope)
            payers[read] = {scope_text(payer(scope)) for scope in scopes}
        # Nothing where something is known: nobody is reached.
        if payers[read] or None in unconfirmed([row]):
            _, own = reached.setdefault(row["sync_id"], (row["read_at"], set()))
            own |= payers[read]
    return reached


def with_lost(
    book: Book,
    readings: Mapping[str, list[Row]],
    losses_of: Mapping[str, Sequence[Loss]],
    as_of: datetime | None,
) -> dict[str, list[Row]]:
    """Return readings, by account, that leave unconfirmed whom the account had lost by then.

    Of whom no usage stands any more nothing is missing: another account has it. Blocks; raises
    StoreError.
    """
    found = dict(readings)
    for name, own in readings.items():
        if own and losses_of[name] and (lost := _standing(book, name, own, losses_of[name], as_of)):
            found[name] = [_with_lost(row, lost) for row in own]
    return found


def _standing(
    book: Book, account: str, readings: Sequence[Row], lost: Sequence[Loss], as_of: datetime | None
) -> list[Loss]:
    """Return the losses with the windows of which a usage stands; of none it is no loss."""
    last, asked = readings[-1], span(map(_asked, readings))
    if asked is None:
        return []
    place = last["provider"], last["origin"]
    scopes = (each.scope for each in lost)
    stands: dict[str, list[Period]] = {}
    for scope, period in held_windows(book, place, asked, as_of, scopes).get(account, ()):
        if period.is_whole_months:
            stands.setdefault(scope_text(payer(scope)), []).append(period)
    return [
        evolve(each, windows=tuple(stands[each.scope])) for each in lost if each.scope in stands
    ]


def _asked(row: Row) -> Period:
    return period_of(row, "requested") or Period.month_of(row["read_at"])


def _with_lost(row: Row, lost: Sequence[Loss]) -> Row:
    if not row["confirmed"] or not WINDOWS.decode(row["confirmed"]):
        return row
    asked = _asked(row)
    found = {each.scope: asked for each in lost if each.is_at(row) and meets(asked, each.windows)}
    told = unconfirmed([row])
    spelled = {scope and one_spelling(scope) for scope in told}
    every = [*told, *(scope for scope in sorted(found) if scope not in spelled)]
    return (
        row | {"unconfirmed": msgspec.json.encode(every).decode(), "lost": found} if found else row
    )


def lost_windows(readings: Sequence[Row]) -> Iterator[tuple[str, Period]]:
    """Yield who was lost, with each window that was read after that."""
    for row in readings:
        yield from row.get("lost", {}).items()


def of_scopes(
    windows: Collection[tuple[str, Period]], scopes: Collection[str]
) -> set[tuple[str, Period]]:
    """Return the windows of these scopes."""
    return {each for each in windows if each[0] in scopes}
