"""From an amount or an id to the charges behind it; matches and steps are written by hand."""

import re
from datetime import date
from decimal import Decimal

import pytest

from billfold import Answer, ConfigError, Usage
from billfold.costs.explanation import Match, explain, steps
from billfold.costs.rate_sources import ConstantRates
from billfold.costs.rates import Exchange, Policy
from billfold.costs.view import priced_lines
from support.costs import OCTOBER, answer, charge, money

FIRST, SECOND = date(2026, 10, 1), date(2026, 10, 2)
RATES = Exchange(ConstantRates({"EUR": Decimal(1), "USD": Decimal("1.25")}), Policy.CONSTANT)
ANSWER = answer(
    charge("10.00 USD", day=FIRST, id="ci/vm-1@1", source="GET /b#/data/0"),
    charge(
        "5.004 USD",
        day=SECOND,
        id="ci/vm-2@2",
        quantity=Decimal(36),
        unit="second",
        unit_price=money("0.139 USD"),
    ),
    charge("31.00 EUR", id="k8s/fee", account="k8s", provider="aether", service="Subscriptions"),
    charge(
        "0.50 EUR",
        id="k8s/rest",
        account="k8s",
        provider="aether",
        derived=True,
        reason="the total has more",
    ),
    charge(None, id="k8s/hour", account="k8s", provider="aether", included_in="k8s/fee"),
    charge(None, id="k8s/hole", account="k8s", provider="aether"),
)


def matches(
    text: str, usage: Answer[Usage] = ANSWER, *, currency: str | None = "EUR", spread: bool = False
) -> list[str]:
    lines = priced_lines(usage, currency=currency, exchange=RATES, spread=spread)
    return [_named(match) for match in explain(text, usage.items, lines)]


def _named(match: Match) -> str:
    keys = ",".join(value for _, value in match.keys)
    return f"{match.kind} {keys} {match.amount}{' rounded' if match.rounded else ''}".replace(
        "  ", " "
    )


def only(text: str, *, currency: str | None = "EUR") -> Match:
    (match,) = explain(text, ANSWER.items, priced_lines(ANSWER, currency=currency, exchange=RATES))
    return match


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("43.5032", ["total 43.5032 EUR"]),  # 15.004 / 1.25 + 31.50
        ("43.50", ["total 43.5032 EUR rounded"]),
        ("15.004", ["total 15.004 USD"]),
        ("15.00 USD", ["total 15.004 USD rounded"]),
        ("31.50", ["total 31.50 EUR"]),
        ("15.004 EUR", []),
        ("12.0032", ["group harmont 12.0032 EUR"]),
        ("10", ["charge ci/vm-1@1 10.00 USD"]),
        ("8.00 EUR", ["charge ci/vm-1@1 8 EUR"]),
        ("31", ["charge k8s/fee 31.00 EUR"]),
        ("5.00", ["charge ci/vm-2@2 5.004 USD rounded"]),
        ("99", []),
        ("vm-2", ["charge ci/vm-2@2 5.004 USD"]),
        ("ci/vm", ["charge ci/vm-1@1 10.00 USD", "charge ci/vm-2@2 5.004 USD"]),
        ("k8s/hour", ["charge k8s/hour None"]),
        ("nobody", []),
        ("NaN", []),
    ],
)
def test_what_an_amount_or_an_id_means(text: str, expected: list[str]) -> None:
    assert matches(text) == expected


def test_amounts_are_understood_as_they_are_printed() -> None:
    big = answer(charge("-1234567.891 EUR", id="big"))
    shown = "\N{MINUS SIGN}1\N{NARROW NO-BREAK SPACE}234\N{NARROW NO-BREAK SPACE}567.89"
    for text in ("-1,234,567.891", "-1234567.89", shown):
        assert [match.kind for match in explain(text, big.items, priced_lines(big))] == [
            "total",
            "charge",
        ]


def test_an_amount_that_only_rounding_makes_zero_is_found_as_it_is_shown() -> None:
    assert matches("~0.00", answer(charge("0.004 EUR", id="small"))) == [
        "total 0.004 EUR rounded",
        "charge small 0.004 EUR rounded",
    ]


def test_the_zero_of_an_idle_month_is_a_total() -> None:
    idle = Usage(OCTOBER, OCTOBER, (), stated_total=money("0 USD"))
    (found,) = explain("0.00", [idle], ())
    assert (found.kind, str(found.amount), found.lines) == ("total", "0 USD", ())
    assert steps(found)[0] == "nothing was charged"
    assert explain("0.00 EUR", [idle], ()) == ()


def test_an_id_that_looks_like_a_number_is_an_id_first() -> None:
    usage = answer(charge("7.00 EUR", id="42"), charge("42.00 EUR", id="other"))
    assert matches("42", usage) == ["charge 42 7.00 EUR"]


def test_a_group_of_the_same_lines_is_listed_once() -> None:
    assert matches("15.004", currency=None) == ["total 15.004 USD"]


def test_the_steps_of_a_charge_are_its_stated_cost_conversion_and_rounding() -> None:
    assert steps(only("ci/vm-2@2")) == (
        "the provider states 5.004 USD",
        "for 36 second at 0.139 USD",
        "converted by 1 USD = 0.8 EUR (constant), to twelve decimals at most: 4.0032 EUR",
        "5.004 USD is shown as 5.00: half-up to the currency's smallest unit",
    )


def test_the_steps_of_a_total_count_its_lines() -> None:
    assert steps(only("43.50")) == (
        "4 lines of usage charges add up to 31.50 EUR and 15.004 USD",
        "converted by 1 USD = 0.8 EUR (constant), to twelve decimals at most: 43.5032 EUR",
        "43.5032 EUR is shown as 43.50: half-up to the currency's smallest unit",
    )


def test_a_derived_included_or_missing_cost_has_a_step_of_its_own() -> None:
    assert (
        steps(only("k8s/rest"))[0]
        == "0.50 EUR is computed here from stated totals: the total has more"
    )
    assert (
        steps(only("k8s/hour"))[0]
        == "its cost is part of the charge k8s/fee: the provider prices it there"
    )
    assert steps(only("k8s/hole"))[0] == "its cost is not stated: no reason is given"


def test_spread_parts_have_a_step_of_their_own() -> None:
    usage = answer(charge("31.00 EUR", id="fee"))
    (match,) = explain("fee", usage.items, priced_lines(usage, spread=True))
    assert len(match.lines) == 31
    assert (
        "spread or shared, so the parts are estimated; they add up to the whole exactly"
        in steps(match)
    )


def test_several_rates_are_counted() -> None:
    class Daily:
        name = "table"
        table = None

        def published(self, currency: str, day: date) -> Decimal | None:
            return Decimal(1) if currency == "EUR" else Decimal(day.day) * 2

        def missing(self, currency: str, day: date) -> str:
            return ""

    lines = priced_lines(ANSWER, currency="EUR", exchange=Exchange(Daily()))
    (match,) = explain("15.004 USD", ANSWER.items, lines)
    # 10.00 / 2 + 5.004 / 4
    assert (
        steps(match)[1] == "each converted by the rate of its day (2 of them), "
        "to twelve decimals at most: 6.251 EUR"
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [("10,00", "10.00"), ("0,50 EUR", "0.50"), ("1.234,56", "1234.56"), ("-12,34", "-12.34")],
)
def test_an_amount_with_a_comma_is_refused_by_how_to_write_it(text: str, number: str) -> None:
    with pytest.raises(ConfigError, match=f"has a comma; write {re.escape(number)}$"):
        matches(text)


@pytest.mark.parametrize("text", ["1_0", "\uff11\uff10", "1e1", "NaN", "0x10"])
def test_what_is_no_amount_is_looked_for_as_an_id(text: str) -> None:
    assert matches(text) == []


def test_a_currency_is_read_in_any_letter_case() -> None:
    assert matches("10 usd") == matches("10 USD") != []


def test_projects_of_one_name_are_found_apart_and_never_as_one() -> None:
    one = {"account": "metal", "provider": "latitude", "sub_account_name": "One"}
    usage = answer(
        charge("10.00 USD", id="a", **one, sub_account_id="proj_1", service="Metal"),
        charge("5.00 USD", id="b", **one, sub_account_id="proj_1", service="Network"),
        charge("3.00 USD", id="c", **one, sub_account_id="proj_2", service="Metal"),
        charge("1.00 USD", id="d", **one | {"sub_account_name": "Three", "service": "Other"}),
        charge("0.50 USD", id="e", **one | {"sub_account_name": "Three", "service": "Other"}),
    )
    assert matches("15", usage, currency=None) == ["group metal,One (proj_1) 15.00 USD"]
    assert matches("18", usage, currency=None) == []  # 10 + 5 + 3 is of two projects
    assert matches("1.5", usage, currency=None) == ["group latitude,Other 1.50 USD"]


def test_what_an_organization_of_several_cost_is_found() -> None:
    usage = answer(
        charge("7.00 USD", id="a1", billing_account_id="a", sub_account_name="Main"),
        charge("1.10 USD", id="a2", billing_account_id="a", sub_account_name="Nightly"),
        charge("3.00 USD", id="b1", billing_account_id="b", sub_account_name="Main"),
        charge("0.50 USD", id="b2", billing_account_id="b", sub_account_name="Nightly"),
    )
    assert matches("8.10", usage, currency=None) == ["group ci,a 8.10 USD"]
    assert matches("3.50", usage, currency=None) == ["group ci,b 3.50 USD"]


def test_an_account_of_one_organization_is_listed_once() -> None:
    usage = answer(
        charge("7.00 USD", id="a1", billing_account_id="a", service="CI"),
        charge("1.10 USD", id="a2", billing_account_id="a", service="Lease"),
    )
    assert matches("8.10", usage, currency=None) == ["total 8.10 USD"]
