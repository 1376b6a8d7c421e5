"""What an account left to others because they count it, and whether they still do."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from itertools import groupby
from operator import itemgetter

import msgspec
from attrs import field, frozen

from billfold.columns import Row
from billfold.coverage import COUNTED
from billfold.model import ANSWERED, State, Stream
from billfold.period import Period, utc_text
from billfold.store.book import Book
from billfold.store.confirmed import windows_by_scope
from billfold.store.scopes import one_spelling, payer, scope_name
from billfold.store.standing import holders, is_one_of, overlapping
from billfold.store.sync_rows import is_about

_HELD: msgspec.json.Decoder[list[tuple[str, str]]] = msgspec.json.Decoder(list[tuple[str, str]])


@frozen
class Held:
    """A scope, in any letter case, and the account that holds it."""

    scope: str = field(eq=one_spelling)
    account: str

    def text(self) -> str:
        """Return the sentence that another account counts it."""
        return f"{scope_name(self.scope)} is {COUNTED} {self.account}"

    def lapsed_text(self, *, is_past: bool) -> str:
        """Return the sentence that it did, and does no more; what helps, unless that is past."""
        said = f"{scope_name(self.scope)} is no longer counted in account {self.account}"
        return said if is_past else f"{said}: run billfold sync"


def left_to_others(
    readings: Sequence[Row], window: Period | None
) -> Mapping[Held, Sequence[Period]]:
    """Return what an account left to other accounts, and of which time; of all time for none.

    It is what the last answer to each window that was asked left, and of a usage each window that
    was read once and of which no later reading says anything: a billing cycle that has ended.
    """
    last: dict[tuple[datetime | None, datetime | None], AbstractSet[Held]] = {}
    read: dict[str, dict[Period, Held | None]] = {}
    for _, rows in groupby(readings, itemgetter("known_at")):
        own = list(rows)
        if not any(State(row["state"]) in ANSWERED for row in own):
            continue
        left = _left(own)
        if window is None or any(is_about(row, window) for row in own):
            last[own[0]["requested_start"], own[0]["requested_end"]] = left
        _read_again(read, windows_by_scope(own), {one_spelling(each.scope): each for each in left})
    found: dict[Held, list[Period]] = {}
    for windows in read.values():
        for period, held in windows.items():
            if held is not None and (window is None or period.overlaps(window)):
                found.setdefault(held, []).append(period)
    return found | {each: [] for left in last.values() for each in left}


def _left(reading: Sequence[Row]) -> AbstractSet[Held]:
    held = (row["counted_elsewhere"] for row in reading)
    return {Held(*each) for one in held if one for each in _HELD.decode(one)}


def _read_again(
    read: dict[str, dict[Period, Held | None]],
    windows: Mapping[str, Sequence[Period]],
    left: Mapping[str, Held],
) -> None:
    """Note the windows of a reading, instead of those that they are of, too.

    Whom it bills no more has left with all that began in its time, as a record would be taken back.
    """
    payers, times = set(map(payer, windows)), [each for own in windows.values() for each in own]
    for scope, older in read.items():
        again = windows.get(scope, times if payer(scope) not in payers else [])
        for period in [each for each in older if any(each.start in one for one in again)]:
            del older[period]
    for scope, own in windows.items():
        read.setdefault(scope, {}).update(dict.fromkeys(own, left.get(scope)))


def held_now(
    book: Book,
    left: Mapping[str, Iterable[Held]],
    stream: Stream,
    window: Period | None,
    as_of: datetime | None,
) -> Mapping[Held, Sequence[str]]:
    """Return what the accounts hold that left anything, or that anything was left to.

    With it come its scope's spellings in the store: an older one may have several.
    """
    owners = {each.account for own in left.values() for each in own}
    if not owners:
        return {}
    names = owners.union(name for name, own in left.items() if own)
    where = [is_one_of("account", sorted(names))]
    if window is not None:
        where += overlapping(window)
    held: dict[Held, list[str]] = {}
    for account, scope in holders(book, stream, where, as_of):
        held.setdefault(Held(scope, account), []).append(scope)
    return held


def lapsed(account: str, left: Iterable[Held], held: Container[Held]) -> list[Held]:
    """Return what an account left to others that neither they nor it hold now."""
    gone = [each for each in left if each not in held and Held(each.scope, account) not in held]
    return sorted(gone, key=Held.text)


def as_read_by_text(
    scopes: AbstractSet[str], account: str, read_at: datetime | None, detail: str | None
) -> str:
    """Return the words that scopes are as another account read them, when, and how well."""
    moment = None if read_at is None else utc_text(read_at)
    at = f" at {moment}" if moment and moment not in (detail or "") else ""
    names = ", ".join(map(scope_name, sorted(scopes)))
    how = f": {detail}" if detail else ""
    verb, them = ("is", "it") if len(scopes) == 1 else ("are", "them")
    return f"{names} {verb} as account {account} read {them}{at}{how}"
