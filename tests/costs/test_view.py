"""Costs by whatever is asked: view, spread, converted, and never over a hole."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from billfold import (
    Answer,
    Category,
    Check,
    ConfigError,
    CurrencyError,
    IncompleteError,
    Money,
    MoneyError,
    Period,
    RateError,
    State,
    Stream,
    Usage,
)
from billfold.costs.allocation import Rule, Rules
from billfold.costs.rate_sources import ConstantRates
from billfold.costs.rates import Exchange, Policy
from billfold.costs.view import cost_view, priced_lines, top_rows
from billfold.money import sum_by_currency
from support.costs import OCTOBER, answer, charge, money

FIRST, SECOND = date(2026, 10, 1), date(2026, 10, 2)
RATES = Exchange(ConstantRates({"EUR": Decimal(1), "USD": Decimal("1.25")}), Policy.CONSTANT)
ANSWER = answer(
    charge("10.00 USD", day=FIRST, sub_account_name="web", tags={"team": "a"}),
    charge("5.00 USD", day=SECOND, sub_account_name="api"),
    charge(
        "31.00 EUR",
        account="k8s",
        provider="aether",
        service="Subscriptions",
        category=Category.PURCHASE,
    ),
    charge(None, day=FIRST, account="k8s", provider="aether", service="Hours", included_in="x"),
)


def rows(*by: str, currency: str | None = "EUR", **options: bool) -> dict[tuple[str, ...], str]:
    lines = priced_lines(ANSWER, currency=currency, exchange=RATES, **options)
    view = cost_view(ANSWER, lines, by=by, currency=currency)
    return {row.keys: "/".join(map(str, row.amounts)) for row in view.rows}


def test_by_provider_and_service_in_one_currency() -> None:
    assert rows("provider", "service") == {
        ("aether", "Subscriptions"): "31.00 EUR",
        ("harmont", "CI"): "12 EUR",
    }


def test_the_largest_comes_first_days_in_order() -> None:
    assert list(rows("account")) == [("k8s",), ("ci",)]
    assert list(rows("day")) == [("(no day)",), ("2026-10-01",), ("2026-10-02",)]


def test_native_currencies_stay_beside_the_converted_and_are_never_mixed() -> None:
    lines = priced_lines(ANSWER, currency="EUR", exchange=RATES)
    view = cost_view(ANSWER, lines, by=["category"], currency="EUR")
    assert view.native == {"EUR": money("31.00 EUR"), "USD": money("15.00 USD")}
    assert view.converted == money("43 EUR")
    assert [rate.source for rate in view.rates] == ["constant"]
    assert view.role == "usage charges"
    native = cost_view(ANSWER, priced_lines(ANSWER), by=["provider"], currency=None)
    assert native.converted is None
    assert [row.native for row in native.rows] == [
        {"EUR": money("31.00 EUR")},
        {"USD": money("15.00 USD")},
    ]


@pytest.mark.parametrize(
    ("by", "keys"),
    [
        ("sub_account", {"web", "api", "(none)"}),
        ("tag:team", {"a", "(none)"}),
        ("resource", {"(none)"}),
        ("billing_account", {"(none)"}),
        ("month", {"2026-10"}),
        ("cost_centre", {"(unallocated)"}),
        ("currency", {"EUR", "USD"}),
    ],
)
def test_every_dimension(by: str, keys: set[str]) -> None:
    assert {key for (key,) in rows(by)} == keys


def test_a_fee_has_no_day_until_it_is_asked_to_be_spread() -> None:
    assert rows("day")[("(no day)",)] == "31.00 EUR"
    assert (
        rows("day", spread=True)[("2026-10-02",)] == "5.00 EUR"
    )  # 1.00 of the fee, 4 of the lease
    assert ("(no day)",) not in rows("day", spread=True)


def test_a_row_with_a_part_of_a_charge_is_estimated() -> None:
    lines = priced_lines(ANSWER, spread=True)
    days = cost_view(ANSWER, lines, by=["provider", "day"], currency=None).rows
    assert {(row.keys[0], row.estimated, row.lines) for row in days} == {
        ("aether", True, 1),
        ("harmont", False, 1),
    }


def test_a_cent_spread_over_a_month_is_an_estimate_on_every_day() -> None:
    lines = priced_lines(answer(charge("0.01 EUR")), spread=True)
    days = cost_view(ANSWER, lines, by=["day"], currency=None).rows
    assert [str(row.native["EUR"]) for row in days] == 15 * ["0.00 EUR"] + ["0.01 EUR"] + 15 * [
        "0.00 EUR"
    ]
    assert {row.estimated for row in days} == {True}
    (month,) = cost_view(ANSWER, lines, by=["month"], currency=None).rows
    assert (str(month.native["EUR"]), month.estimated) == ("0.01 EUR", False)


def test_a_cent_that_two_cost_centres_share_is_an_estimate_for_both() -> None:
    rule = Rule({"provider": ("harmont",)}, share={"web": Decimal(1), "api": Decimal(1)})
    lines = priced_lines(answer(charge("0.01 EUR", day=FIRST)), rules=Rules((rule,)))
    shares = cost_view(ANSWER, lines, by=["cost_centre"], currency=None).rows
    assert {(row.keys[0], str(row.native["EUR"]), row.estimated) for row in shares} == {
        ("web", "0.01 EUR", True),
        ("api", "0.00 EUR", True),
    }


def test_all_the_parts_of_a_charge_are_no_estimate() -> None:
    lines = priced_lines(ANSWER, spread=True)
    view = cost_view(ANSWER, lines, by=["provider"], currency=None).rows
    assert [(row.keys, row.estimated, row.lines) for row in view] == [
        (("aether",), False, 1),
        (("harmont",), False, 2),
    ]


def test_a_total_over_a_hole_is_refused_until_accepted() -> None:
    holed = answer(charge("1.00 EUR"), state=State.PARTIAL)
    with pytest.raises(IncompleteError, match="ci is partial"):
        cost_view(holed, priced_lines(holed), by=["provider"], currency=None)
    accepted = cost_view(holed, priced_lines(holed), by=["provider"], currency=None, partial=True)
    assert (accepted.complete, accepted.native) == (False, {"EUR": money("1.00 EUR")})


def test_a_missing_rate_stops_the_whole_view() -> None:
    with pytest.raises(RateError, match="BRL"):
        priced_lines(answer(charge("1.00 BRL", day=FIRST)), currency="EUR", exchange=RATES)


def test_failed_checks_come_along() -> None:
    failed = Check("total = lines", money("2.00 EUR"), money("1.00 EUR"))
    usage = answer(
        charge("1.00 EUR"), checks=(failed, Check("fine", money("1 EUR"), money("1 EUR")))
    )
    view = cost_view(usage, priced_lines(usage), by=["provider"], currency=None)
    assert view.checks == (failed,)


@given(
    st.decimals(min_value=-(10**6), max_value=10**6, places=3),
    st.sampled_from(["1.25", "3", "0.7", "161.37"]),
)
def test_neither_spreading_nor_sharing_changes_a_converted_total(
    amount: Decimal, rate: str
) -> None:
    exchange = Exchange(ConstantRates({"EUR": Decimal(1), "USD": Decimal(rate)}), Policy.CONSTANT)
    usage = answer(charge(f"{amount} USD"))
    rules = Rules(
        (Rule({"account": ("ci",)}, share={"a": Decimal(1), "b": Decimal(2), "c": Decimal(4)}),)
    )
    unsplit = cost_view(
        usage, priced_lines(usage, currency="EUR", exchange=exchange), by=[], currency="EUR"
    )
    lines = priced_lines(usage, currency="EUR", exchange=exchange, rules=rules, spread=True)
    split = cost_view(usage, lines, by=["day", "cost_centre"], currency="EUR")
    assert split.converted == unsplit.converted
    assert split.native == unsplit.native
    assert sum_by_currency(row.converted for row in split.rows if row.converted is not None) == {
        "EUR": unsplit.converted
    }


def test_the_same_currency_is_never_rounded() -> None:
    usage = answer(charge("601.72999999999996111 EUR"))
    lines = priced_lines(usage, currency="EUR")
    assert cost_view(usage, lines, by=[], currency="EUR").converted == money(
        "601.72999999999996111 EUR"
    )


def test_the_largest_rows_and_one_for_the_rest_add_up() -> None:
    lines = priced_lines(ANSWER, currency="EUR", exchange=RATES)
    view = top_rows(cost_view(ANSWER, lines, by=["sub_account", "account"], currency="EUR"), 1)
    assert [(row.keys, row.converted, row.lines) for row in view.rows] == [
        (("(none)", "k8s"), money("31.00 EUR"), 1),
        (("(2 more)", ""), money("12 EUR"), 2),
    ]
    assert view.rows[1].converted_from == {"USD": money("12 EUR")}
    assert top_rows(view, 2) is view


@pytest.mark.parametrize("by", ["day", "month"])
def test_the_largest_days_and_months_are_kept_in_order(by: str) -> None:
    dates = [date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]
    costs = [f"{cost} EUR" for cost in (1, 30, 2, 40)]
    usage = answer(*(charge(cost, day=day) for cost, day in zip(costs, dates, strict=True)))
    view = top_rows(cost_view(usage, priced_lines(usage), by=[by], currency=None), 2)
    length = len("2026-10-01") if by == "day" else len("2026-10")
    assert [(row.keys[0], str(row.amounts[0])) for row in view.rows] == [
        ("2026-11-01"[:length], "30 EUR"),
        ("2027-01-01"[:length], "40 EUR"),
        ("(2 more)", "3 EUR"),
    ]


def test_the_largest_of_several_currencies_is_not_guessed() -> None:
    with pytest.raises(CurrencyError, match="without an exchange rate"):
        top_rows(cost_view(ANSWER, priced_lines(ANSWER), by=["account"], currency=None), 1)


def test_rows_of_one_currency_come_largest_first_without_a_rate_too() -> None:
    usage = answer(charge("1.00 EUR", service="a"), charge("2.00 EUR", service="b"))
    view = cost_view(usage, priced_lines(usage), by=["service"], currency=None)
    assert [row.keys for row in view.rows] == [("b",), ("a",)]


def test_an_idle_month_costs_a_known_zero() -> None:
    idle = Usage(OCTOBER, OCTOBER, (), stated_total=money("0.00 USD"), account="ci")
    usage = Answer(Stream.USAGE, OCTOBER, (idle,), answer().coverage)
    view = cost_view(usage, priced_lines(usage), by="provider", currency=None, partial=True)
    assert view.native == {"USD": money("0 USD")}


def test_one_text_names_dimensions_and_any_letter_case_a_currency() -> None:
    lines = priced_lines(ANSWER, currency="eur", exchange=RATES)
    view = cost_view(ANSWER, lines, by="account, service", currency="eur")
    assert (view.by, view.currency) == (("account", "service"), "EUR")
    assert view.converted == money("43 EUR")


@pytest.mark.parametrize("by", ["month", "day"])
def test_a_line_older_than_its_cycle_belongs_to_the_cycle(by: str) -> None:
    cycle = Period.parse("2026-11-05T10:00:00Z..2026-12-05T10:00:00Z")
    old = charge("7.00 USD", day=date(2026, 1, 3), provider="latitude")
    usage = Answer(Stream.USAGE, None, (Usage(None, cycle, (old,)),), answer().coverage)
    rows = cost_view(usage, priced_lines(usage), by=by, currency=None, partial=True).rows
    assert [row.keys for row in rows] == [("2026-11-05"[: 7 if by == "month" else 10],)]


@pytest.mark.parametrize("by", [None, [1], 7])
def test_what_names_no_dimension_is_refused_by_how_to_write_one(by: Any) -> None:
    with pytest.raises(ConfigError, match="names no dimensions; write by='provider,service'"):
        cost_view(ANSWER, priced_lines(ANSWER), by=by, currency=None)


def test_a_currency_that_is_no_text_is_refused_by_how_to_write_one() -> None:
    number: Any = 978
    with pytest.raises(CurrencyError, match="978 is not a currency code of ISO 4217; write"):
        priced_lines(ANSWER, currency=number, exchange=RATES)


def test_two_projects_of_one_name_have_rows_of_their_own() -> None:
    web: dict[str, Any] = {"day": FIRST, "sub_account_name": "web"}
    usage = answer(
        charge("1.00 EUR", id="a", sub_account_id="p1", **web),
        charge("2.00 EUR", id="b", sub_account_id="p2", **web),
        charge("4.00 EUR", id="c", sub_account_id="p3", day=FIRST, sub_account_name="api"),
    )
    view = cost_view(usage, priced_lines(usage), by=["sub_account"], currency=None)
    assert {row.keys[0]: str(row.native["EUR"]) for row in view.rows} == {
        "web (p1)": "1.00 EUR",
        "web (p2)": "2.00 EUR",
        "api": "4.00 EUR",
    }


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("job", {"lint (c1)": "1.00 EUR", "lint (c2)": "14.00 EUR"}),  # runs of one in a project
        ("server", {"lint (r1)": "1.00 EUR", "lint (r2)": "10.00 EUR", "lint (r3)": "4.00 EUR"}),
        (None, {"lint (r1)": "1.00 EUR", "lint (r2)": "10.00 EUR", "lint (r3)": "4.00 EUR"}),
    ],
)
def test_resources_of_one_name_have_rows_of_their_own(
    kind: str | None, rows: dict[str, str]
) -> None:
    pool: dict[str, Any] = {"day": FIRST, "resource_name": "lint", "resource_type": kind}
    usage = answer(
        charge("1.00 EUR", id="a", sub_account_id="c1", resource_id="r1", **pool),
        charge("2.00 EUR", id="b", sub_account_id="c2", resource_id="r2", **pool),
        charge("8.00 EUR", id="c", sub_account_id="c2", resource_id="r2", **pool),
        charge("4.00 EUR", id="d", sub_account_id="c2", resource_id="r3", **pool),
    )
    view = cost_view(usage, priced_lines(usage), by=["resource"], currency=None)
    assert {row.keys[0]: str(row.native["EUR"]) for row in view.rows} == rows


def test_a_resource_without_an_id_is_told_apart_by_its_project() -> None:
    host: dict[str, Any] = {"day": FIRST, "resource_name": "h1", "resource_type": "server"}
    usage = answer(
        charge("1.00 EUR", id="a", sub_account_id="p1", **host),
        charge("2.00 EUR", id="b", sub_account_id="p2", **host),
        charge("4.00 EUR", id="c", sub_account_id="p2", **host),
    )
    view = cost_view(usage, priced_lines(usage), by=["resource"], currency=None)
    assert {row.keys[0]: str(row.native["EUR"]) for row in view.rows} == {
        "h1 (p1)": "1.00 EUR",
        "h1 (p2)": "6.00 EUR",
    }


def test_a_rule_matches_both_projects_of_one_name() -> None:
    web: dict[str, Any] = {"day": FIRST, "sub_account_name": "web"}
    usage = answer(
        charge("1.00 EUR", id="a", sub_account_id="p1", **web),
        charge("2.00 EUR", id="b", sub_account_id="p2", **web),
    )
    rules = Rules((Rule({"sub_account": ("web",)}, cost_centre="shop"),))
    lines = priced_lines(usage, rules=rules)
    view = cost_view(usage, lines, by=["cost_centre", "sub_account"], currency=None)
    assert [row.keys for row in view.rows] == [("shop", "web (p2)"), ("shop", "web (p1)")]


def test_a_charge_of_which_a_row_has_two_lines_counts_once() -> None:
    usage = answer(charge("1.00 EUR", day=FIRST, service="api"))
    (line,) = priced_lines(usage)
    view = cost_view(usage, (line, line), by=["service"], currency=None)
    assert [(row.lines, str(row.native["EUR"])) for row in view.rows] == [(1, "2.00 EUR")]
    assert view.lines == 1


def test_a_sum_with_too_many_digits_is_refused() -> None:
    most = Money(Decimal("9E+39"), "EUR")
    usage = answer(*(evolve(charge("1.00 EUR", id=name), cost=most) for name in "ab"))
    with pytest.raises(MoneyError, match="too many digits to be exact"):
        cost_view(usage, priced_lines(usage), by=["service"], currency=None)


def test_a_known_zero_is_a_row_without_a_group_and_what_nobody_answered_is_none() -> None:
    idle = Usage(OCTOBER, OCTOBER, (), stated_total=money("0.00 USD"), account="ci")
    zero = {"native": 0, "native_currency": "USD", "lines": 0, "estimated": False}
    view = cost_view(evolve(ANSWER, items=(idle,)), (), by="account", currency=None)
    assert view.flat_rows() == [{**zero, "converted": None, "converted_currency": None}]
    view = cost_view(evolve(ANSWER, items=(idle,)), (), by="account", currency="EUR")
    assert view.flat_rows() == [{**zero, "converted": 0, "converted_currency": "EUR"}]
    assert view.to_arrow().num_rows == 1
    nothing = Answer(Stream.USAGE, OCTOBER, (), ())
    view = cost_view(nothing, (), by="account", currency=None, partial=True)
    assert view.flat_rows() == []
