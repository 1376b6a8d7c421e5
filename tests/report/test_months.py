"""Months beside each other on the page: their bars, their table, and what they miss."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from attrs import evolve

from billfold import Answer, Coverage, Period, State, Stream, Usage
from billfold.costs import ConstantRates, Exchange, Policy, Trend, trend_view
from billfold.model import Charge
from billfold.report import render_page
from billfold.report.charts import NARROW, WIDE, Style, month_chart, with_page_colours
from billfold.report.cost_groups import ChartBar
from billfold.report.drawing import draw
from billfold.report.months import MonthRow, Months
from support.costs import charge, money
from support.reports import BOTH, DECEMBER, content

AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (Period.month(2026, number) for number in (8, 9, 10, 11))


def answered(month: Period, *charges: Charge, state: State = State.COMPLETE) -> Answer[Usage]:
    usages = tuple(Usage(month, month, (each,), account=each.account) for each in charges)
    row = Coverage("ci", "harmont", Stream.USAGE, state)
    return Answer(Stream.USAGE, month, usages, (row,))


def trend(*answers: Answer[Usage], exchange: Exchange | None = None) -> Trend:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    return trend_view(answers, by="provider", currency="EUR", exchange=exchange, now=now)


def of(month: Period, cost: str, provider: str = "harmont") -> Charge:
    day = date(month.start.year, month.start.month, 3)
    return charge(f"{cost} EUR", day=day, provider=provider)


KNOWN = (
    answered(AUGUST, state=State.UNAVAILABLE),
    answered(SEPTEMBER, of(SEPTEMBER, "10.00"), state=State.PARTIAL),
    answered(OCTOBER, of(OCTOBER, "7.005"), of(OCTOBER, "2.5", "bnerd")),
    answered(NOVEMBER, of(NOVEMBER, "1.00")),
)


def months(answers: Sequence[Answer[Usage]] = KNOWN) -> Months:
    found = Months.of(trend(*answers), {})
    assert found is not None
    return found


def test_each_month_has_a_bar_per_provider_with_its_exact_amount() -> None:
    assert months().places() == ["2026-09 *", "2026-10", "2026-11, so far"]
    assert sorted(months().bars(), key=lambda bar: (bar.place, bar.provider)) == [
        ChartBar("2026-09 *", "harmont", "10.00"),
        ChartBar("2026-10", "bnerd", "2.5"),
        ChartBar("2026-10", "harmont", "7.005"),
        ChartBar("2026-11, so far", "harmont", "1.00", running=True),
    ]


def test_the_table_says_how_complete_each_month_is() -> None:
    assert months().provider_names() == ["bnerd", "harmont"]
    assert months().rows() == [
        MonthRow("2026-09", (None, money("10.00 EUR")), money("10.00 EUR"), "incomplete"),
        MonthRow("2026-10", (money("2.5 EUR"), money("7.005 EUR")), money("9.505 EUR"), "complete"),
        MonthRow("2026-11", (None, money("1.00 EUR")), money("1.00 EUR"), "complete, so far"),
    ]


def test_a_month_between_that_nobody_knows_keeps_its_place() -> None:
    august, october = answered(AUGUST, of(AUGUST, "3.00")), KNOWN[2]
    found = months((august, answered(SEPTEMBER, state=State.UNAVAILABLE), october))
    assert found.places() == ["2026-08", "2026-09 *", "2026-10"]
    assert found.rows()[1] == MonthRow("2026-09", (None, None), None, "not known")
    chart = month_chart(found.bars(), found.places(), Style(found.provider_names(), "EUR"))
    (drawn,) = map(with_page_colours, draw([chart]))
    assert ">2026-09 *<" in drawn


def test_on_a_phone_months_lie_below_each_other_and_the_running_one_is_paler() -> None:
    style = Style(months().provider_names(), "EUR")
    charts = [month_chart(months().bars(), months().places(), style, c) for c in (WIDE, NARROW)]
    for drawn in draw(charts):
        assert "so far" in drawn
        assert drawn.count('opacity="0.55"') == 1
    assert [charts[0]["encoding"]["x"]["field"], charts[1]["encoding"]["y"]["field"]] == [
        "place"
    ] * 2


def test_providers_are_called_by_brand() -> None:
    found = Months.of(trend(*KNOWN), {"harmont": "Harmont", "bnerd": "b'nerd"})
    assert found is not None
    assert found.provider_names() == ["b'nerd", "Harmont"]


def test_one_month_is_no_trend() -> None:
    assert Months.of(None, {}) is None
    assert Months.of(trend(KNOWN[0], KNOWN[1]), {}) is None


def test_the_page_shows_the_months_where_there_are_several() -> None:
    page = render_page(content(BOTH, trend=trend(*KNOWN)), DECEMBER)
    assert page.count("<svg") == 6  # no days; what has none, services and months, each twice
    assert '<h2 id="by-month">Month by month</h2>' in page
    assert "The last month is still running, and paler. A month marked * is not complete." in page
    assert 'title="7.005 EUR"' in page
    assert ">complete, so far</td>" in page
    assert content(BOTH).months is None


def test_the_page_lists_the_rates_of_every_month_that_it_draws() -> None:
    dollars = charge("1.25 USD", day=date(2026, 9, 3), provider="harmont")
    known = (answered(SEPTEMBER, dollars), KNOWN[2])
    constant = ConstantRates({"EUR": Decimal(1), "USD": Decimal("1.25")})
    found = trend(*known, exchange=Exchange(constant, Policy.CONSTANT))
    shown = content(BOTH, trend=found)
    assert found.rates
    assert set(found.rates) <= set(shown.rates)
    page = render_page(shown, DECEMBER)
    assert all(f"<li>{rate}</li>" in page for rate in shown.rates)


def test_a_cycle_of_two_months_makes_the_page_say_why_its_months_have_less_of_it() -> None:
    cycle = Period(datetime(2026, 9, 10, tzinfo=UTC), datetime(2026, 10, 10, tzinfo=UTC))
    fee = evolve(charge("16.50 EUR", provider="latitude"), period=cycle, day=None)
    items = (
        Usage(OCTOBER, cycle, (fee,), account="metal"),
        *answered(OCTOBER, of(OCTOBER, "59.60")).items,
    )
    row = Coverage("metal", "latitude", Stream.USAGE, State.DIFFERENT_WINDOW, cycle)
    usage = Answer(Stream.USAGE, OCTOBER, items, (row,))
    # The cycle begins in September, which has its 16.50; the page of October has 76.10 with it.
    found = trend(evolve(usage, requested=SEPTEMBER, items=items[:1]), usage)
    shown = content(usage, trend=found, partial=True)
    assert shown.months is not None
    assert [each.total for each in shown.months.rows()] == [money("16.50 EUR"), money("59.60 EUR")]
    assert shown.total == money("76.10 EUR")
    assert shown.is_in_other_months
    said = "has all of each billing cycle that touches 2026-10; here no money is in two months."
    assert said in render_page(shown, DECEMBER)


def test_a_page_whose_month_is_all_its_own_says_nothing_of_cycles() -> None:
    own = content(KNOWN[2], trend=trend(*KNOWN))
    assert not own.is_in_other_months
    assert "billing cycle that touches" not in render_page(own, DECEMBER)
    assert not content(BOTH).is_in_other_months
