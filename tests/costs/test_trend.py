"""Months side by side: each with its own money, as complete as it is, and nothing in two of them.

A cycle from 20 September 00:00 to 20 October has 30 days, 11 of them in September; the next one, to
20 November, has 31, 12 of them in October. Of 30.00 that is 11.00 and 19.00, of 62.00 it is 24.00
and 38.00.
"""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow
import pytest
from attrs import evolve

from billfold import ConfigError, Coverage, Money, Period, State, Stream, Usage
from billfold.answer import Answer
from billfold.costs import (
    ConstantRates,
    Exchange,
    Policy,
    Rule,
    Rules,
    Trend,
    cost_view,
    last_months,
    priced_lines,
    trend_view,
)
from billfold.model import Category, Charge
from support.costs import charge

SEPTEMBER, OCTOBER, NOVEMBER = (Period.month(2026, number) for number in (9, 10, 11))
NOW = datetime(2026, 11, 25, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 5, tzinfo=UTC)
RATES = Exchange(ConstantRates({"EUR": Decimal(1), "USD": Decimal("1.25")}), Policy.CONSTANT)


def answered(
    month: Period,
    *charges: Charge,
    covers: Iterable[Period] = (),
    state: State = State.COMPLETE,
    known_until: datetime | None = None,
) -> Answer[Usage]:
    """Return the answer of account ci to a month: a usage of it, or one for each window."""
    windows = tuple(covers) or (month,)
    usages = tuple(
        Usage(
            month,
            window,
            tuple(each for each in charges if each.period.start in window),
            provider="harmont",
            account="ci",
            sub_account_id="one",
        )
        for window in windows
    )
    row = Coverage("ci", "harmont", Stream.USAGE, state, month, known_until=known_until)
    return Answer(Stream.USAGE, month, usages, (row,), accounts=("ci",))


def unknown(month: Period) -> Answer[Usage]:
    row = Coverage("ci", "harmont", Stream.USAGE, State.UNAVAILABLE, None, "forgotten")
    return Answer(Stream.USAGE, month, (), (row,), accounts=("ci",))


def cycle(start: str, end: str, cost: str) -> Charge:
    covers = Period.parse(f"{start}..{end}")
    return charge(f"{cost} USD", period=covers, category=Category.PURCHASE, id=f"cycle of {start}")


FIRST = cycle("2026-09-20", "2026-10-20", "30.00")
SECOND = cycle("2026-10-20", "2026-11-20", "62.00")


def of_cycles(month: Period, *cycles: Charge) -> Answer[Usage]:
    windows = [each.period for each in cycles]
    return answered(month, *cycles, covers=windows, state=State.DIFFERENT_WINDOW)


def totals(trend: Trend) -> list[str]:
    return [", ".join(map(str, month.view.native.values())) for month in trend.months]


def grid(trend: Trend) -> dict[str, list[str | None]]:
    return {
        "/".join(row.keys): [
            None if cell is None else ", ".join(str(money) for money in cell.amounts)
            for cell in row.months
        ]
        for row in trend.rows
    }


def test_months_stand_side_by_side_largest_row_first() -> None:
    trend = trend_view(
        [
            answered(OCTOBER, charge("2.50 EUR", day=date(2026, 10, 3))),
            answered(
                NOVEMBER,
                charge("0.1 EUR", day=date(2026, 11, 3)),
                charge("7.005 EUR", day=date(2026, 11, 4), service="Disk"),
                known_until=NOW,
            ),
        ],
        by="service",
        now=NOW,
    )
    assert grid(trend) == {"Disk": [None, "7.005 EUR"], "CI": ["2.50 EUR", "0.1 EUR"]}
    assert totals(trend) == ["2.50 EUR", "7.105 EUR"]
    assert [(month.running, month.complete, month.known_until) for month in trend.months] == [
        (False, True, None),
        (True, True, NOW),
    ]
    assert trend.complete


def test_a_month_that_nobody_answered_has_no_number() -> None:
    trend = trend_view(
        [unknown(SEPTEMBER), answered(OCTOBER, charge("2.50 EUR"))], by="service", now=NOW
    )
    assert [(month.answered, month.complete) for month in trend.months] == [
        (False, False),
        (True, True),
    ]
    assert (trend.answered, trend.complete) == (True, False)
    written = trend.to_dict()
    assert [each["totals"] for each in written["months"]] == [
        None,
        {"native": {"EUR": "2.50"}, "converted": None},
    ]
    (row,) = written["rows"]
    assert [cell["month"] for cell in row["months"]] == ["2026-10"]
    assert row["months"][0]["native"] == {"EUR": "2.50"}
    assert written["months"][0]["coverage"][0]["detail"] == "forgotten"
    assert not trend_view([unknown(OCTOBER)], by="service", now=NOW).answered


def test_months_are_json_arrow_and_a_table_in_a_notebook_as_other_views_are() -> None:
    trend = trend_view(
        [unknown(SEPTEMBER), answered(OCTOBER, charge("2.50 EUR"), charge("1.005 USD", id="b"))],
        by="service",
        now=NOW,
    )
    assert trend.to_dict()["schema"] == "billfold.trend/1"
    assert trend.to_dict()["asked"]["accounts"] == ["ci"]
    assert json.loads(trend.to_json()) == trend.to_dict()
    table = trend.to_arrow()
    assert table.column_names == [
        *("month", "service", "native", "native_currency", "converted", "converted_currency"),
        *("lines", "estimated", "running", "known_until", "complete"),
    ]
    assert table.schema.field("native").type == pyarrow.decimal128(38, 24)
    assert [(row["month"], row["native"], row["complete"]) for row in table.to_pylist()] == [
        ("2026-09", None, False),
        ("2026-10", Decimal("2.50"), True),
        ("2026-10", Decimal("1.005"), True),
    ]
    assert pyarrow.table(trend) == table
    html = trend._repr_html_()
    assert "<th>2026-09</th><th>2026-10</th>" in html
    assert "2.50 EUR<br>1.01 USD" in html
    assert "2026-09: ci (harmont) usage: unavailable, forgotten" in html


def test_a_month_without_charges_costs_nothing_where_it_is_complete() -> None:
    trend = trend_view(
        [answered(OCTOBER), answered(NOVEMBER, charge("1.00 EUR", day=date(2026, 11, 1)))],
        by="service",
        now=NOW,
    )
    october, november = trend.to_dict()["rows"][0]["months"]
    assert (october["native"], october["lines"], october["complete"]) == ({}, 0, True)
    assert (november["native"], november["lines"]) == ({"EUR": "1.00"}, 1)


def test_a_cycle_that_crosses_months_counts_in_the_one_it_begins_in() -> None:
    trend = trend_view(
        [
            of_cycles(SEPTEMBER, FIRST),
            of_cycles(OCTOBER, FIRST, SECOND),
            of_cycles(NOVEMBER, SECOND),
        ],
        by="account",
        now=DECEMBER,
    )
    assert totals(trend) == ["30.00 USD", "62.00 USD", ""]
    assert [month.known for month in trend.months] == [True, True, False]
    assert trend.to_dict()["months"][2]["totals"] is None
    assert not any(month.complete for month in trend.months)


def test_spread_cycles_count_by_their_days_and_cover_a_month() -> None:
    trend = trend_view(
        [
            of_cycles(SEPTEMBER, FIRST),
            of_cycles(OCTOBER, FIRST, SECOND),
            of_cycles(NOVEMBER, SECOND),
        ],
        by="account",
        spread=True,
        now=DECEMBER,
    )
    assert totals(trend) == ["11.00 USD", "43.00 USD", "38.00 USD"]
    assert [month.complete for month in trend.months] == [False, True, False]
    (row,) = trend.rows
    assert all(cell is not None and cell.estimated for cell in row.months)


def test_spread_a_month_is_one_sum_in_costs_and_in_trend() -> None:
    """Also one in which a project begins, and one that runs: no cycle covers all of it."""
    third = cycle("2026-11-20", "2026-12-20", "30.00")
    answers = [of_cycles(OCTOBER, SECOND), of_cycles(NOVEMBER, SECOND, third)]
    trend = trend_view(answers, by="account", spread=True, now=NOW)
    assert totals(trend) == ["24.00 USD", "49.00 USD"]
    assert [ask_of(answer) for answer in answers] == [
        [("2026-10", "24.00 USD")],
        [("2026-11", "49.00 USD")],
    ]


def of_other_time(month: Period, *cycles: tuple[Charge, str]) -> Answer[Usage]:
    """Return the answer of cycles whose one line is of another time than the cycle."""
    usages = of_cycles(month, *(each for each, _ in cycles)).items
    lines = (evolve(each, period=Period.parse(time)) for each, time in cycles)
    items = tuple(evolve(usage, charges=(line,)) for usage, line in zip(usages, lines, strict=True))
    return evolve(of_cycles(month), items=items)


def test_a_year_that_is_paid_in_a_cycle_is_spread_over_the_cycle_and_not_lost() -> None:
    # no other cycle states anything of the year: 30.00 is of 30 days, 11 of them in September
    first = cycle("2026-09-20", "2026-10-20", "30.00"), "2026-09-20..2027-09-20"
    second = cycle("2026-10-20", "2026-11-20", "0.00"), "2026-10-20..2026-11-20"
    answers = [
        of_other_time(SEPTEMBER, first),
        of_other_time(OCTOBER, first, second),
        of_other_time(NOVEMBER, second),
    ]
    trend = trend_view(answers, by="account", spread=True, now=DECEMBER)
    assert totals(trend) == ["11.00 USD", "19.00 USD", "0.00 USD"]
    assert ask_of(answers[1]) == [("2026-10", "19.00 USD")]


def test_a_line_of_the_next_cycle_is_of_the_last_day_of_its_own() -> None:
    # as previews state it that bill in advance
    first = cycle("2026-09-20", "2026-10-20", "31.00"), "2026-10-20..2026-11-20"
    second = cycle("2026-10-20", "2026-11-20", "30.00"), "2026-11-20..2026-12-20"
    answers = [
        of_other_time(SEPTEMBER, first),
        of_other_time(OCTOBER, first, second),
        of_other_time(NOVEMBER, second),
    ]
    trend = trend_view(answers, by="account", spread=True, now=DECEMBER)
    assert totals(trend) == ["", "31.00 USD", "30.00 USD"]
    assert ask_of(answers[1]) == [("2026-10", "31.00 USD")]
    lines = priced_lines(answers[1], spread=True)
    assert {line.day for line in lines} == {date(2026, 10, 19)}


def ask_of(answer: Answer[Usage]) -> list[tuple[str, str]]:
    """Return the months of a cost view of the same answer, spread."""
    lines = priced_lines(answer, spread=True)
    view = cost_view(answer, lines, by="month", currency=None, partial=True)
    return [(row.keys[0], ", ".join(map(str, row.native.values()))) for row in view.rows]


def test_a_fee_in_a_months_own_statement_stays_there_when_spread() -> None:
    fee = cycle("2026-10-15", "2026-11-15", "31.00")
    trend = trend_view([answered(OCTOBER, fee), answered(NOVEMBER)], by=(), spread=True, now=NOW)
    assert totals(trend) == ["31.00 USD", ""]


def test_months_are_converted_and_allocated() -> None:
    trend = trend_view(
        [
            answered(OCTOBER, charge("10.00 USD", day=date(2026, 10, 1)), charge("1.00 EUR")),
            unknown(NOVEMBER),
        ],
        by="cost_centre",
        currency="EUR",
        exchange=RATES,
        rules=Rules((Rule({"currency": ("USD",)}, cost_centre="ops"),)),
        now=NOW,
    )
    assert grid(trend) == {"ops": ["8 EUR", None], "(unallocated)": ["1.00 EUR", None]}
    assert trend.months[0].view.converted == Money.parse("9.00 EUR")
    assert [rate.base for rate in trend.rates] == ["USD"]
    assert trend.to_dict()["months"][0]["totals"]["converted"] == "9.00"


def test_the_last_months_cross_a_year() -> None:
    january = datetime(2027, 1, 31, 23, 59, tzinfo=UTC)
    assert list(map(str, last_months(3, january))) == ["2026-11", "2026-12", "2027-01"]


@pytest.mark.parametrize("count", [0, -1, 121, True, 1.0])
def test_a_number_of_months_that_is_none_is_refused(count: int) -> None:
    with pytest.raises(ConfigError, match="a trend has 1 to 120 months"):
        last_months(count, NOW)


@pytest.mark.parametrize("by", ["day", "provider,month"])
def test_time_is_no_dimension_of_a_trend(by: str) -> None:
    with pytest.raises(ConfigError, match=r"months side by side: leave (day|month) out"):
        trend_view([answered(OCTOBER)], by=by, now=NOW)


def test_an_answer_to_no_month_is_refused() -> None:
    current = Answer(Stream.USAGE, None, (), (), accounts=())
    with pytest.raises(ConfigError, match="a trend is of months"):
        trend_view([current], by="service", now=NOW)


def test_a_group_of_accounts_that_were_read_is_known_beside_one_that_was_not() -> None:
    """Another account fails in October: ci is read and known to have no charge, by its group."""
    failed = Coverage("metal", "latitude", Stream.USAGE, State.FAILED)
    read = answered(OCTOBER)
    month = trend_view(
        [evolve(read, coverage=(*read.coverage, failed))], by="account", now=DECEMBER
    ).months[0]
    assert not month.complete
    groups = [{"account": "ci"}, {"provider": "harmont", "service": "CI"}, {"account": "metal"}]
    assert [month.is_read(each) for each in groups] == [True, True, False]
    assert [month.is_read(each) for each in ({"service": "CI"}, {})] == [False, False]
