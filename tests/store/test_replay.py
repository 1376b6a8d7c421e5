"""Any sequence of readings, failures and crashes leaves the book with what was read last."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from attrs import define, evolve, field
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from billfold import Money, Period, State, Stream
from billfold.answer import Answer
from billfold.coverage import Coverage
from billfold.model import Usage
from billfold.money import sum_by_currency
from billfold.store.account_reading import AccountReading
from billfold.store.book import Book
from billfold.store.booking import book
from billfold.store.reading_back import records, standing
from billfold.store.scopes import scope_text
from store.world import NOVEMBER, OCTOBER, charge

SHARED = "acme"
# The scope of a whole reading that states nobody.
EVERYTHING = ""
ACCOUNTS = ("one", "two")
# October is over, and November runs.
STARTED = datetime(2026, 11, 15, tzinfo=UTC)
# The difference up to a stated total, which stands for the lines that were not read.
REST = "rest"

# What a provider states of one organization: the cost of each line.
Lines = dict[str, str]
# The signs and the cost of each line of an account, an organization and a window.
_Standing = dict[tuple[str, str, datetime, str], tuple[int, Decimal]]
# In which letter case an organization is configured, which names the same.
Spelling = Callable[[str], str]
lines: st.SearchStrategy[Lines] = st.dictionaries(
    st.sampled_from(["a", "b", "c", REST]), st.sampled_from(["1.10", "2.20", "-0.30"]), max_size=4
)


class Crash(Exception):
    """The process ends here."""


@define
class Crashing:
    """A book that ends the process at an append: before it is committed, or just after."""

    book: Book
    at: str
    is_before: bool

    def append(self, name: str, *arguments: Any) -> datetime:
        """Append, and die."""
        if name == self.at and self.is_before:
            raise Crash
        known_at = self.book.append(name, *arguments)
        if name == self.at:
            raise Crash
        return known_at

    def query(self, *arguments: str) -> Any:
        """Ask the book."""
        return self.book.query(*arguments)

    def require(self, name: str) -> None:
        """Ask the book."""
        self.book.require(name)

    def rows(self, *arguments: str) -> Any:
        """Ask the book."""
        return self.book.rows(*arguments)


@define
class Model:
    """What is known, as plain dictionaries: lines by whom they are billed to, and when."""

    lines: dict[tuple[str, str, Period], Lines] = field(factory=dict)
    whole: set[tuple[str, str, Period]] = field(factory=set)

    def is_closed(self, account: str, window: Period) -> bool:
        """Return whether a whole reading has answered a window that is over."""
        read = any((name, when) == (account, window) for name, _, when in self.whole)
        return read and window == OCTOBER

    def owner(self, scope: str, window: Period) -> str | None:
        """Return the account that booked a scope."""
        names = [name for name, *place in self.lines if place == [scope, window]]
        return names[0] if names else None

    def read(
        self, account: str, window: Period, stated: Mapping[str, Lines], *, whole: bool
    ) -> set[str]:
        """Book a reading; return the scopes that it confirms."""
        confirmed = set() if stated else {EVERYTHING}
        others = {each for each in stated if self.owner(each, window) not in (None, account)}
        for scope, new in stated.items():
            if scope in others:
                continue
            place = (account, scope, window)
            if not whole and self.is_closed(account, window):
                continue
            is_covered = bool({place, (account, EVERYTHING, window)} & self.whole)
            if not whole and is_covered and place not in self.lines:
                continue
            known = self.lines.setdefault(place, {})
            if not whole:
                self.lines[place] = _added(known, new, is_covered=is_covered)
            elif new or not known:
                self.lines[place] = dict(new)
                confirmed.add(scope)
        return confirmed

    def confirm(self, account: str, window: Period, scopes: set[str]) -> None:
        """Note what was read whole."""
        self.whole |= {(account, scope, window) for scope in scopes}

    def of(self, account: str, window: Period) -> dict[str, Lines]:
        """Return what is known of an account and a window."""
        return {
            scope: each
            for (name, scope, when), each in self.lines.items()
            if (name, when) == (account, window)
        }

    def copy(self) -> Model:
        """Return the model as it is now."""
        return Model({place: dict(each) for place, each in self.lines.items()}, set(self.whole))


def _added(known: Lines, new: Lines, *, is_covered: bool) -> Lines:
    """Return what is known after a reading that was cut off."""
    if is_covered:
        both = known | {name: new[name] for name in new if name in known and name != REST}
        if {*known} - {REST} == {*new} - {REST}:  # the rest is what is stated beside these lines
            both = {name: cost for name, cost in both.items() if name != REST or name in new}
            both |= {name: cost for name, cost in new.items() if name == REST}
        return both
    both = {name: cost for name, cost in (known | new).items() if name != REST}
    if REST in new and both.keys() <= new.keys():
        both[REST] = new[REST]
    return both


def _answer(
    account: str, window: Period, stated: Mapping[str, Lines], state: State, spelled: Spelling
) -> Answer[Usage]:
    """Return a reading as the facade gives it."""
    read = {} if state is State.FAILED else stated
    usages = tuple(_usage(account, scope, window, each, spelled) for scope, each in read.items())
    row = Coverage(account, "scripted", Stream.USAGE, state, window, "cut off")
    return Answer(Stream.USAGE, window, usages, (row,), (), (account,))


def _usage(account: str, scope: str, window: Period, stated: Lines, spelled: Spelling) -> Usage:
    own = {"provider": "scripted", "account": account, "billing_account_id": spelled(scope)}
    charges = tuple(
        evolve(charge(f"{scope}-{name}", cost, derived=name == REST), period=window, **own)
        for name, cost in stated.items()
    )
    total = sum_by_currency(each.cost for each in charges).get("EUR", Money.zero("EUR"))
    return Usage(requested=window, covers=window, charges=charges, stated_total=total, **own)


class Replay(RuleBasedStateMachine):
    """Two accounts that reach one organization, and each one of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.book = Book(str(Path(self.folder.name) / "store"))
        self.now = STARTED
        self.model = Model()
        self.before: list[tuple[datetime, Model]] = []
        self.sums: dict[tuple[str, str], set[Decimal]] = {}

    def teardown(self) -> None:
        """Every moment is still what it was."""
        for moment, model in [*self.before[-2:], (self._later(), self.model)]:
            self._require_answers(model, moment)
        self.folder.cleanup()

    @rule(
        account=st.sampled_from(ACCOUNTS),
        window=st.sampled_from([OCTOBER, NOVEMBER]),
        shared=st.none() | lines,
        own=st.none() | lines,
        state=st.sampled_from([State.COMPLETE, State.COMPLETE, State.PARTIAL, State.FAILED]),
        end=st.sampled_from([None, None, None, ("usage", True), ("usage", False), ("syncs", True)]),
        spelled=st.sampled_from([str.lower, str.upper]),
    )
    def read(
        self,
        account: str,
        window: Period,
        shared: Lines | None,
        own: Lines | None,
        state: State,
        end: tuple[str, bool] | None,
        spelled: Spelling,
    ) -> None:
        """Read what a provider states, and perhaps die of it."""
        stated = {SHARED: shared, f"own-{account}": own}
        said = {scope: each for scope, each in stated.items() if each is not None}
        moment = self._later()
        answer = _answer(account, window, said, state, spelled)
        asked = AccountReading(account, "scripted", "https://x", moment, answer)
        store = self.book if end is None else Crashing(self.book, *end)
        try:
            book(store, [asked], f"sync {moment}", lambda: moment)  # type: ignore[arg-type]
        except Crash:
            self.book = Book(self.book.url)
        if end == ("usage", True):
            return
        if state is State.FAILED:
            return
        confirmed = self.model.read(account, window, said, whole=state is State.COMPLETE)
        if state is State.COMPLETE and window == OCTOBER:
            for scope in confirmed & said.keys():
                self.sums.setdefault((account, scope), set()).add(_sum(said[scope]))
        if end is None and state is State.COMPLETE:
            self.model.confirm(account, window, confirmed)

    @rule()
    def note(self) -> None:
        """Remember what is known now."""
        self.before.append((self._later(), self.model.copy()))

    @invariant()
    def what_stands_is_what_was_read_last(self) -> None:
        """Hold the rows against the model: every record stands once or not at all.

        And a closed month is the sum of one whole reading, whatever the ids were.
        """
        stands = self._standing()
        assert stands == self._told(self.model)
        sums: dict[tuple[str, str], Decimal] = {}
        for (account, scope, when, _), (_, cost) in stands.items():
            place = (account, json.loads(scope)[0])
            if (*place, OCTOBER) in self.model.whole and when == OCTOBER.start:
                sums[place] = sums.get(place, Decimal(0)) + cost
        for place, cost in sums.items():
            assert cost in self.sums[place]

    def _standing(self) -> _Standing:
        rows = self.book.rows(
            "SELECT account, scope, window_start, record_id, SUM(sign) AS signs, SUM(cost) AS cost "
            "FROM usage WHERE row = 'charge' GROUP BY account, scope, window_start, record_id",
            "usage",
        )
        return {
            (row["account"], row["scope"], row["window_start"], row["record_id"]): (
                row["signs"],
                row["cost"],
            )
            for row in rows
            if row["signs"] or row["cost"]
        }

    def _told(self, model: Model) -> _Standing:
        return {
            (account, scope_text(scope), window.start, f"{scope}-{name}"): (1, Decimal(cost))
            for (account, scope, window), known in model.lines.items()
            for name, cost in known.items()
        }

    def _later(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def _require_answers(self, model: Model, as_of: datetime) -> None:
        for account in ACCOUNTS:
            for window in (OCTOBER, NOVEMBER):
                rows = standing(self.book, [account], Stream.USAGE, window, as_of).get(account)
                known = () if rows is None else records(rows, account, Stream.USAGE)
                read = {str(each.billing_account_id).lower(): _lines(each) for each in known}
                assert len(known) == len(read)
                assert read == model.of(account, window)


def _sum(lines: Lines) -> Decimal:
    return sum(map(Decimal, lines.values()), Decimal(0))


def _lines(usage: Usage) -> Lines:
    return {
        each.id.rpartition("-")[2]: f"{each.cost.amount:.2f}"
        for each in usage.charges
        if each.cost is not None
    }


def test_replaying_any_sequence_gives_what_was_read_last() -> None:
    run_state_machine_as_test(Replay, settings=settings(max_examples=16, stateful_step_count=8))
