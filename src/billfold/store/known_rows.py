"""What the book holds as stated now, of the accounts and scopes of a batch of readings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any

from billfold.arrow import arrow_schema
from billfold.model import WINDOWED, Stream
from billfold.period import Period
from billfold.store.account_reading import AccountReading
from billfold.store.book import Book
from billfold.store.confirmed import Confirmed, confirmed
from billfold.store.known import Known
from billfold.store.literals import column_literal, text_literal, time_literal
from billfold.store.moved import moved_owners
from billfold.store.records import Block, as_named_now
from billfold.store.scopes import one_spelling, scope_text
from billfold.store.standing import (
    by_account,
    is_between,
    is_one_of,
    overlapping,
    windows_by_mark,
)
from billfold.store.sync_rows import syncs
from billfold.store.tables import KEEPS_ID, MARK, PRINT, PRINT_DIGITS, SEEN_WHOLE, TABLES, Table

if TYPE_CHECKING:
    import pyarrow as pa

_NO_SCOPE = "[null,null]"
_AT_ONCE = 2_000  # marks or ids in one query


class KnownRows:
    """Reads at once what all readings of a batch are compared with: a query is dear."""

    def __init__(
        self,
        book: Book,
        stream: Stream,
        readings: Sequence[AccountReading],
        read: Sequence[Block],
    ) -> None:
        self.book = book
        self._table = TABLES[stream]
        self._is_timeless = stream in SEEN_WHOLE
        self._has_months = stream in WINDOWED
        self._has_parts = len(self._table.kinds) > 1
        self._within = _within(stream, readings, read)
        self._homes: dict[str, dict[str, Period]] = {}
        self._standing = self._read_standing(readings)
        if stream in KEEPS_ID - SEEN_WHOLE:
            self._add_moved(readings, read)
        self._claims = self._read_claims(read)
        self._fetched = arrow_schema(self._table.columns).empty_table()
        self._wanted: Mapping[str, AbstractSet[str]] = {}
        self._places: dict[str, dict[str, int]] = {}
        self._details: list[tuple[Any, ...]] = []
        self._covered = self._read_covered([each for each in readings if not each.is_whole])

    def standing(self, account: str) -> set[str]:
        """Return the marks of what is known of an account."""
        return self._standing.get(account, set())

    def homes(self, account: str) -> Mapping[str, Period]:
        """Return the window of what is known of an account, by mark, where parts may be moved."""
        return self._homes.get(account, {})

    def find_moved(self, read: Mapping[str, Iterable[Block]]) -> None:
        """Note where the parts stand of what is read for another window than it is known in.

        ``read`` is by account. Of invoices all is noted already.
        """
        if self._is_timeless or not self._has_parts:
            return
        moved = {name: moved_owners(self.fetched(name), own) for name, own in read.items()}
        if owners := sorted(set().union(*moved.values())):
            names = [name for name, own in moved.items() if own]
            of_these = f"{is_one_of('owner', owners)}{self._within}"
            self._homes = windows_by_mark(self.book, self._table.name, names, of_these)

    def covered(self, account: str) -> Sequence[Confirmed]:
        """Return the windows of an account that whole readings have answered, if this is none."""
        return self._covered.get(account, ())

    def others(
        self, reading: AccountReading, read: Iterable[Block]
    ) -> dict[tuple[str, Period], str]:
        """Return the scopes and times that another account booked before, and that account.

        Who took it back has it no more. What this batch books belongs to the first that reading.
        """
        found = {}
        for scope, window in sorted(_read_for(read)):
            claims = self._claims.setdefault((reading.provider, reading.origin, scope), [])
            about = [
                account
                for account, claimed in claims
                if not self._has_months or _is_one_claim(claimed, window)
            ]
            if not about:
                claims.append((reading.account, window))
            elif reading.account != about[0] and scope != _NO_SCOPE:
                found[scope, window] = about[0]
        return found

    def held_by_others(self, reading: AccountReading, read: Iterable[Block]) -> AbstractSet[str]:
        """Return the ids of what was read that another account booked of another time.

        An invoice counts once, whatever months it is read for.
        """
        if not (self._is_timeless and self._has_months):
            return frozenset()
        place = reading.provider, reading.origin
        headers = [each for each in read if each.owner is None and each.scope != _NO_SCOPE]
        scopes = {each.scope for each in headers}
        claims = (self._claims.get((*place, scope), ()) for scope in scopes)
        names = {name for own in claims for name, _ in own} - {reading.account}
        if not names:
            return frozenset()
        ids = sorted({mark[PRINT_DIGITS:] for each in headers for mark in each.marks})
        of_these = is_one_of("record_id", ids)
        held = windows_by_mark(self.book, self._table.name, sorted(names), of_these)
        return {mark[PRINT_DIGITS:] for own in held.values() for mark in own}

    def fetched(self, account: str) -> list[Known]:
        """Return what is known of an account's records that were fetched."""
        marks = self._wanted.get(account, set())
        return [
            Known(mark, *self._details[number])
            for mark, number in self._places.get(account, {}).items()
            if mark in marks
        ]

    def rows(self, wanted: Mapping[str, Iterable[str]]) -> pa.Table:
        """Return rows that were fetched, by account and mark, each as it was last stated."""
        import pyarrow as pa

        places = [self._places[name][mark] for name, marks in wanted.items() for mark in marks]
        return self._fetched.take(pa.array(places, pa.int64()))

    def fetch(self, wanted: Mapping[str, AbstractSet[str]]) -> None:
        """Fetch the rows that may be taken back, by account and mark: a query is dear."""
        if not any(wanted.values()):
            return
        import pyarrow as pa

        names = ", ".join(
            f"{PRINT} AS fingerprint" if name == "fingerprint" else column_literal(name)
            for name in (column.name for column in self._table.columns)
        )
        # Of ids alone the engine would first try each on the statistics of every file.
        accounts = is_between("account", [name for name, marks in wanted.items() if marks])
        tables = [self._fetched]
        for marks in _some_at_once(set().union(*wanted.values())):
            found = self.book.query(
                f"SELECT {names} FROM {self._table.name} WHERE {accounts} AND sign = 1 "
                f"AND {is_one_of(MARK, marks)}{self._within} ORDER BY known_at",
                self._table.name,
            )
            if found is not None:
                tables.append(found.cast(self._fetched.schema))
        self._wanted = {
            name: self._wanted.get(name, set()) | marks for name, marks in wanted.items()
        }
        self._fetched = pa.concat_tables(tables)
        self._places = _last_stated(self._fetched)
        self._details = _details(self._table, self._fetched)

    def _read_standing(self, readings: Sequence[AccountReading]) -> dict[str, set[str]]:
        if not readings:
            return {}
        names = sorted({each.account for each in readings})
        if self._is_timeless and self._has_parts:
            self._homes = windows_by_mark(self.book, self._table.name, names)
            return {account: set(own) for account, own in self._homes.items()}
        accounts = is_one_of("account", names)
        # The engine would take longer to add up the signs than all else that it does here.
        found = self.book.query(
            f"SELECT account, {MARK} AS mark, sign FROM {self._table.name} "
            f"WHERE {accounts}{self._within}",
            self._table.name,
        )
        return {} if found is None else _not_taken_back(found)

    def _add_moved(self, readings: Sequence[AccountReading], read: Sequence[Block]) -> None:
        """Note what other windows hold under the ids of what is new: it was moved."""
        known = set[str]().union(*self._standing.values())
        new = {mark[PRINT_DIGITS:] for each in read for mark in each.marks if mark not in known}
        accounts = is_between("account", {each.account for each in readings})
        for ids in _some_at_once(new):
            found = self.book.query(
                f"SELECT account, {MARK} AS mark, sign FROM {self._table.name} "
                f"WHERE {accounts} AND {is_one_of('record_id', ids)}",
                self._table.name,
            )
            for account, marks in ({} if found is None else _not_taken_back(found)).items():
                self._standing.setdefault(account, set()).update(marks)
                self._within = ""  # what is fetched is of any window

    def _read_covered(self, readings: Sequence[AccountReading]) -> dict[str, list[Confirmed]]:
        if not readings:
            return {}
        names = sorted({each.account for each in readings})
        return {
            account: confirmed(rows)
            for account, rows in syncs(self.book, names, readings[0].stream).items()
        }

    def _read_claims(
        self, read: Sequence[Block]
    ) -> dict[tuple[str, str, str], list[tuple[str, Period]]]:
        """Return who holds a scope for which times, who came first before who came later.

        Who took all of it back holds nothing: an organization may move to an account of its own.
        """
        places = _read_for(read)
        if not places:
            return {}
        import pyarrow as pa
        import pyarrow.compute as pc

        whose, wanted = self._table.scope, {scope for scope, _ in places}
        lowered = pa.array(sorted({scope.lower() for scope in wanted}), pa.string())
        # Older rows have them as they came: capitals come first in the order of characters.
        is_near = is_between(whose, wanted | {scope.upper() for scope in wanted})
        # Whatever is of a scope was booked with the record that it is part of.
        header = text_literal(self._table.kinds[0].name)
        near = [] if self._is_timeless else overlapping(_months_of(window for _, window in places))
        found = self.book.query(
            f"SELECT provider, origin, {whose} AS scope, account, window_start, window_end, "
            f"MIN(known_at) AS booked_at FROM {self._table.name} WHERE {is_near} "
            f"AND {' AND '.join([f'row = {header}', *near])} "
            f"GROUP BY provider, origin, {whose}, account, window_start, window_end "
            "HAVING SUM(sign) > 0 ORDER BY booked_at",
            self._table.name,
        )
        claims: dict[tuple[str, str, str], list[tuple[str, Period]]] = {}
        if found is None:
            return claims
        scopes = pc.call_function("utf8_lower", [found["scope"]])
        asked = pc.call_function("is_in", [scopes], pc.SetLookupOptions(lowered))
        for row in found.filter(asked).to_pylist():
            claimed = Period(row["window_start"], row["window_end"])
            scope = (row["provider"], row["origin"], one_spelling(row["scope"]))
            claims.setdefault(scope, []).append((row["account"], claimed))
        return claims


def _some_at_once(texts: Iterable[str]) -> Iterator[Sequence[str]]:
    """Yield as many texts as one query names."""
    every = sorted(texts)
    for start in range(0, len(every), _AT_ONCE):
        yield every[start : start + _AT_ONCE]


def _not_taken_back(rows: pa.Table) -> dict[str, set[str]]:
    """Return the marks that were stated more often than taken back, by account."""
    import pyarrow.compute as pc

    is_stated = pc.call_function("greater", [rows["sign"], 0])
    fewer = _marks(rows.filter(pc.call_function("invert", [is_stated])))
    standing = {}
    for account, stated in _marks(rows.filter(is_stated)).items():
        own = standing[account] = set(stated)
        if less := Counter(fewer.get(account)):
            often = Counter(filter(less.__contains__, stated))
            own.difference_update(mark for mark, count in less.items() if count >= often[mark])
    return standing


def _marks(rows: pa.Table) -> dict[str, list[str]]:
    return {account: own["mark"].to_pylist() for account, own in by_account(rows).items()}


def _last_stated(rows: pa.Table) -> dict[str, dict[str, int]]:
    """Return the number of each record's last row, by account and mark.

    What was taken back may have been stated again.
    """
    import pyarrow as pa

    cells = (rows[name].to_pylist() for name in ("account", "fingerprint", "record_id"))
    known_at = rows["known_at"].cast(pa.int64()).to_pylist()
    told = list(zip(*cells, strict=True))
    last: dict[str, dict[str, int]] = {}
    for number in sorted(range(len(told)), key=known_at.__getitem__):
        account, fingerprint, record_id = told[number]
        last.setdefault(account, {})[fingerprint + record_id] = number
    return last


def _details(table: Table, rows: pa.Table) -> list[tuple[Any, ...]]:
    """Return what decides whether a row's record changed, in the order of Known's fields."""
    keys = {kind.name: kind.key for kind in table.kinds}
    names = ["record_id", "row", "owner", "scope", "window_start"]
    cells = {name: rows[name].to_pylist() for name in names}
    cells["money"] = rows[table.money].to_pylist() if table.money else [None] * len(rows)
    if "derived" in rows.column_names:
        more = ["derived", "service", "period_start", "period_end", "window_end"]
        cells |= {name: rows[name].to_pylist() for name in more}
    if table.scope != "scope":  # that column says what a balance is shared by
        cells["scope"] = list(map(scope_text, rows["billing_account_id"].to_pylist()))
    cells["scope"] = list(map(one_spelling, cells["scope"]))
    kinds = map(keys.__getitem__, cells["row"])
    cells["record_id"] = list(map(as_named_now, kinds, cells["record_id"]))
    cells["owner"] = [as_named_now(table.kinds[0].key, owner) for owner in cells["owner"]]
    return list(zip(*cells.values(), strict=True))


def _read_for(read: Iterable[Block]) -> set[tuple[str, Period]]:
    """Return the scopes and times of what was read."""
    return {(block.scope, block.window) for block in read}


def _is_one_claim(claimed: Period, window: Period) -> bool:
    """Return whether who holds one time holds the other: a month may be read whole or in parts."""
    month = Period.month_of(window.start)
    is_of_one_month = month.encloses(claimed) and month.encloses(window)
    return is_of_one_month or claimed.overlaps(window)


def _months_of(windows: Iterable[Period]) -> Period:
    """Return the time of windows, and of the months that they begin in."""
    times = [(each, Period.month_of(each.start)) for each in windows]
    start = min(month.start for _, month in times)
    return Period(start, max(max(each.end, month.end) for each, month in times))


def _within(stream: Stream, readings: Sequence[AccountReading], read: Sequence[Block]) -> str:
    """Return the SQL that leaves out the rows of windows that no reading is about."""
    if stream in SEEN_WHOLE:
        return ""
    periods = {window.period for each in readings for window in (*each.windows(), *each.handed)}
    periods |= {window for _, window in _read_for(read)}
    if not periods:
        return " AND false"
    start, end = min(each.start for each in periods), max(each.end for each in periods)
    return f" AND window_start >= {time_literal(start)} AND window_start < {time_literal(end)}"
