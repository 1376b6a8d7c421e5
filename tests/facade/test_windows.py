"""Time: a window ahead is not asked for, one that is not over says so, and a cut day is no day."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

import pytest
from attrs import evolve, frozen

from billfold import (
    Account,
    Answer,
    Billfold,
    Category,
    Charge,
    DailyCost,
    IncompleteError,
    LedgerEntry,
    Period,
    Secret,
    State,
    Usage,
    costs,
    focus,
    reconcile,
    report,
)
from billfold.adapter import Declaration, Reading, Readings
from billfold.http.client import Client
from support.lines import TOKEN, problem
from support.toys import OCTOBER, Bank, Toy, eur, telling, usage

NOW = datetime(2026, 10, 20, 15, 54, tzinfo=UTC)
SEPTEMBER, NOVEMBER = Period.month(2026, 9), Period.month(2026, 11)


@frozen
class Days:
    """Tell that every whole day of a period costs 24.00, and days ahead nothing."""

    provider: ClassVar[str] = "days"
    declares: ClassVar[Declaration] = Declaration(
        "Days", "https://days.invalid", "DAYS_TOKEN", "DAYS_API_URL", problem
    )

    asked: list[Period | None]
    now: datetime = NOW

    async def daily(self, client: Client, period: Period | None) -> Readings[DailyCost]:
        self.asked.append(period)
        month = period or Period.month_of(self.now)
        days = (day.start.date() for day in month.split_days())
        items = (DailyCost(day, eur("24" if day <= self.now.date() else "0")) for day in days)
        yield Reading(tuple(items), month)


def fold_at(now: datetime, *adapters: object) -> Billfold:
    accounts = [
        Account(f"a{number}", adapter, Secret(TOKEN))  # type: ignore[arg-type]
        for number, adapter in enumerate(adapters, 1)
    ]
    return Billfold(accounts, clock=lambda: now)


async def days_of(text: str | None, now: datetime = NOW) -> tuple[Answer[DailyCost], list[str]]:
    asked: list[Period | None] = []
    period = None if text is None else Period.parse(text)
    async with fold_at(now, Days(asked, now)) as fold:
        answer = await fold.daily(period)
    return answer, [str(each) for each in asked]


async def test_a_window_wholly_ahead_is_unavailable_and_nobody_is_asked() -> None:
    asked: list[Period | None] = []
    async with fold_at(NOW, Toy(telling(usage("1"))), Bank(), Days(asked)) as fold:
        for answer in (
            await fold.usage(NOVEMBER),
            await fold.invoices(NOVEMBER),
            await fold.daily(NOVEMBER),
        ):
            assert not answer.complete
            assert not answer.answered
            assert answer.items == ()
            (row,) = [row for row in answer.coverage if row.state is not State.UNSUPPORTED]
            assert row.state is State.UNAVAILABLE
            assert row.detail == (
                "2026-11 has not begun: nothing can be known of it before its start"
            )
            assert row.known_until is None
            with pytest.raises(IncompleteError, match="2026-11 has not begun"):
                answer.totals()
    assert asked == []


async def test_charges_of_a_window_ahead_are_missing() -> None:
    async with fold_at(NOW, Toy(telling(usage("1")))) as fold:
        with pytest.raises(IncompleteError, match="2026-11 has not begun"):
            [charge async for charge in fold.charges(NOVEMBER)]


@pytest.mark.parametrize(
    ("ahead", "state"),
    [(timedelta(minutes=4), State.COMPLETE), (timedelta(minutes=6), State.UNAVAILABLE)],
)
async def test_a_few_minutes_ahead_may_be_our_clock(ahead: timedelta, state: State) -> None:
    async with fold_at(OCTOBER.start - ahead, Toy(telling(usage("1")))) as fold:
        assert [row.state for row in (await fold.usage(OCTOBER)).coverage] == [state]


@pytest.mark.parametrize(
    ("now", "known_until"),
    [(NOW, NOW), (OCTOBER.end, None), (datetime(2027, 1, 1, tzinfo=UTC), None)],
)
async def test_a_window_that_is_not_over_says_until_when_it_is_known_and_may_be_complete(
    now: datetime, known_until: datetime | None
) -> None:
    async with fold_at(now, Toy(telling(usage("1.10")))) as fold:
        answer = await fold.usage(OCTOBER)
        flow = fold.charges(OCTOBER)
        assert [charge.cost async for charge in flow] == [eur("1.10")]
    assert [row.known_until for row in answer.coverage] == [known_until]
    assert [row.known_until for row in flow.coverage] == [known_until]
    assert answer.complete
    assert answer.totals() == {"EUR": eur("1.10")}


async def test_a_current_cycle_that_reaches_into_the_next_month_is_open() -> None:
    cycle = Period(datetime(2026, 10, 12, tzinfo=UTC), datetime(2026, 11, 12, tzinfo=UTC))
    async with fold_at(NOW, Toy(telling(Reading((), cycle)))) as fold:
        assert [row.known_until for row in (await fold.usage()).coverage] == [NOW]


async def test_what_has_no_window_is_never_open() -> None:
    async with fold_at(NOW, Toy(telling(Reading()))) as fold:
        assert [row.known_until for row in (await fold.balances()).coverage] == [None]


async def test_days_ahead_are_not_stated() -> None:
    answer, _ = await days_of("2026-10")
    assert [item.date for item in answer] == [date(2026, 10, day) for day in range(1, 21)]
    assert answer.totals() == {"EUR": eur("480")}  # 20 days of 24.00, today's so far
    assert [(row.state, row.covers, row.known_until) for row in answer.coverage] == [
        (State.COMPLETE, OCTOBER, NOW)
    ]


async def test_what_lies_ahead_is_named_and_counted_nowhere() -> None:
    # The provider is three days ahead: it states 24.00 for each of the 21st, 22nd and 23rd.
    asked: list[Period | None] = []
    async with fold_at(NOW, Days(asked, NOW + timedelta(days=3))) as fold:
        answer = await fold.daily(OCTOBER)
    assert [item.date.day for item in answer] == list(range(1, 21))
    (row,) = answer.coverage
    assert (row.state, row.detail) == (
        State.PARTIAL,
        "72 EUR of days that have not begun, which is counted nowhere",
    )
    with pytest.raises(IncompleteError, match="72 EUR of days that have not begun"):
        answer.totals()
    assert answer.totals(partial=True) == {"EUR": eur("480")}  # 20 days of 24.00


@pytest.mark.parametrize(
    ("minutes", "state", "days"), [(4, State.COMPLETE, 21), (6, State.PARTIAL, 20)]
)
async def test_a_day_that_may_have_begun_by_the_providers_clock_counts(
    minutes: int, state: State, days: int
) -> None:
    midnight = datetime(2026, 10, 21, tzinfo=UTC)
    async with fold_at(midnight - timedelta(minutes=minutes), Days([], midnight)) as fold:
        answer = await fold.daily(OCTOBER)
    assert [row.state for row in answer.coverage] == [state]
    assert len(answer) == days  # the days from the 22nd on cost nothing, and are not stated
    assert answer.totals(partial=True) == {"EUR": eur(str(24 * days))}


@frozen
class Ledger:
    """Tell entries of 5.00 at some moments."""

    provider: ClassVar[str] = "ledger"
    declares: ClassVar[Declaration] = Declaration(
        "Ledger", "https://ledger.invalid", "LEDGER_TOKEN", "LEDGER_API_URL", problem
    )

    at: tuple[datetime, ...]

    async def ledger(self, client: Client, period: Period | None) -> Readings[LedgerEntry]:
        entries = [
            LedgerEntry(f"e{number}", at, eur("5"), "topup") for number, at in enumerate(self.at, 1)
        ]
        yield Reading(tuple(entries), period)


def used(*costs: tuple[datetime, str, str | None]) -> Usage:
    """Return charges of a week that begin at some moments."""
    week = timedelta(days=7)
    charges = [
        Charge(
            f"c{number}", Category.USAGE, Period(at, at + week), "Toys", eur(cost), source=source
        )
        for number, (at, cost, source) in enumerate(costs, 1)
    ]
    return Usage(None, OCTOBER, tuple(charges))


@pytest.mark.parametrize("period", [None, OCTOBER])
async def test_a_charge_that_begins_later_than_now_counts_and_is_named_by_its_place(
    period: Period | None,
) -> None:
    # A week that began counts as ever. By the provider's clock the second may have begun.
    later, source = NOW + timedelta(minutes=6), "GET /v1/lines?from=x#/data/2"
    read = used((NOW, "1", None), (NOW + timedelta(minutes=5), "2", None), (later, "4", source))
    async with fold_at(NOW, Toy(telling(read)), Toy(telling(usage("8")))) as fold:
        answer = await fold.usage(period)
        flow = fold.charges(period, partial=True)
        assert [str(each.cost) async for each in flow] == ["1 EUR", "2 EUR", "4 EUR", "8 EUR"]
    assert flow.coverage == answer.coverage
    assert [(row.state, row.detail) for row in answer.coverage] == [
        (
            State.PARTIAL,
            "1 line not begun yet, counted all the same: `lines#/data/2`",
        ),
        (State.COMPLETE, None),
    ]
    assert answer.totals(partial=True) == {"EUR": eur("15")}
    with pytest.raises(IncompleteError, match="not begun yet"):
        answer.totals()


async def test_a_line_ahead_whose_money_is_in_another_one_hides_none() -> None:
    day, week = timedelta(days=1), timedelta(days=7)
    whole = Charge("day", Category.USAGE, Period(NOW, NOW + day), "Toys", eur("3"))
    hour = evolve(
        whole, id="hour", period=Period(NOW + day, NOW + week), cost=None, included_in="day"
    )
    async with fold_at(NOW, Toy(telling(Usage(None, OCTOBER, (whole, hour))))) as fold:
        answer = await fold.usage()
    assert [(row.state, row.detail) for row in answer.coverage] == [(State.COMPLETE, None)]
    assert answer.totals() == {"EUR": eur("3")}


async def test_what_costs_nothing_ahead_hides_no_money() -> None:
    """A series is filled up with zeros to the end of its month; an unknown cost may be any."""
    later, source = NOW + timedelta(days=1), "GET /v1/lines#/data/1"
    days = used((NOW, "3", None), (later, "0", source), (later, "0.00", source))
    unknown = evolve(days.charges[2], cost=None, reason="not stated")
    unsure = Usage(None, OCTOBER, (*days.charges[:2], unknown))
    async with fold_at(NOW, Toy(telling(days)), Toy(telling(unsure))) as fold:
        rows = (await fold.usage()).coverage
    said = "1 line not begun yet, counted all the same: `lines#/data/1`; 1 without a stated amount"
    assert [(row.state, row.detail) for row in rows] == [
        (State.COMPLETE, None),
        (State.PARTIAL, said),
    ]


async def test_of_many_charges_ahead_some_are_named_and_the_others_counted() -> None:
    later = NOW + timedelta(days=1)
    async with fold_at(NOW, Toy(telling(used(*[(later, "1", None)] * 7)))) as fold:
        (row,) = (await fold.usage()).coverage
    assert row.detail == (
        "7 lines not begun yet, counted all the same: "
        "charge c1, charge c2, charge c3, charge c4, charge c5, charge c6 and 1 more"
    )


@pytest.mark.parametrize("period", [None, OCTOBER])
async def test_an_entry_of_a_time_ahead_counts_and_is_named(period: Period | None) -> None:
    at = NOW, NOW + timedelta(minutes=5), NOW + timedelta(hours=3)
    async with fold_at(NOW, Ledger(at)) as fold:
        answer = await fold.ledger(period)
    assert answer.totals(partial=True) == {"EUR": eur("15")}
    assert [(row.state, row.detail) for row in answer.coverage] == [
        (State.PARTIAL, "1 line not begun yet, counted all the same: entry e3")
    ]


async def test_another_window_that_is_ahead_itself_says_so_already() -> None:
    read = used((NOVEMBER.start, "1", None))
    other = Reading((read,), NOVEMBER, State.DIFFERENT_WINDOW, "it answers for the next month")
    async with fold_at(NOW, Toy(telling(other))) as fold:
        (row,) = (await fold.usage()).coverage
    assert (row.state, row.detail) == (State.DIFFERENT_WINDOW, "it answers for the next month")


@pytest.mark.parametrize(
    ("text", "whole", "days"),
    [
        (
            "2026-10-05T22:00Z..2026-10-06T23:00Z",
            "2026-10-05..2026-10-07",
            [date(2026, 10, 5), date(2026, 10, 6)],
        ),
        ("2026-10-05T01:00Z..2026-10-05T02:00Z", "2026-10-05..2026-10-06", [date(2026, 10, 5)]),
        ("2026-10-20..2026-10-20T15:00Z", "2026-10-20..2026-10-21", [date(2026, 10, 20)]),
    ],
)
async def test_a_window_that_cuts_days_is_answered_with_whole_ones(
    text: str, whole: str, days: Iterable[date]
) -> None:
    answer, asked = await days_of(text)
    assert asked == [whole]
    assert [(item.date, item.cost) for item in answer] == [(day, eur("24")) for day in days]
    (row,) = answer.coverage
    assert (row.state, str(row.covers)) == (State.DIFFERENT_WINDOW, whole)
    assert row.detail == f"whole UTC days only: {Period.parse(text)} cuts a day"


async def test_whole_days_are_asked_for_as_they_are() -> None:
    answer, asked = await days_of("2026-10-05..2026-10-07")
    assert asked == ["2026-10-05..2026-10-07"]
    assert [row.state for row in answer.coverage] == [State.COMPLETE]
    current, asked = await days_of(None)
    assert asked == ["None"]
    assert current.complete


async def test_a_period_may_be_text_wherever_one_is_taken_and_words_go_by_its_clock() -> None:
    adapters = Toy(telling(usage("1"))), Bank(), Days([])
    november = datetime(2026, 11, 3, tzinfo=UTC)
    read: list[object] = []
    async with fold_at(november, *adapters) as fold:
        for text in ("2026-10", " last_month "):
            answers = [
                await fold.usage(text),
                await fold.daily(text),
                await fold.ledger(text),
                await fold.invoices(text),
                await fold.costs(text),
            ]
            assert [answer.requested for answer in answers] == [OCTOBER] * 5
            assert (await fold.views(text)).usage.requested == OCTOBER
            assert (await fold.reconcile(text)).period == OCTOBER
            assert [c.id async for c in fold.charges(text)] == ["c1"]
            assert (await report.ask(fold, text, now=november)).period == OCTOBER
            for period in (text, OCTOBER):
                tables = await focus.arrow(fold, period=period, clock=lambda: november)
                read.append(tables["billing_period"].to_pylist())
        assert (await fold.usage("current")).requested is None
        assert (await costs.ask(fold, "2026-Q4")).requested == Period.parse("2026-Q4")
        assert (await reconcile.ask(fold, "2026")).period == Period.parse("2026")
    assert read == read[:1] * 4
