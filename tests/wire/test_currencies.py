"""A currency that a body states and its shape does not read is found, with its place."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw, Struct

from billfold.wire.currencies import unread_currencies
from billfold.wire.unread import unread


class Line(Struct, frozen=True):
    amount: int
    currency: str | None = None


class Bill(Struct, frozen=True):
    lines: tuple[Line, ...] = ()


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"currency": "EUR"}, {"EUR": "$.currency"}),
        ({"currency_code": "eur"}, {"EUR": "$.currency_code"}),
        ({"currencyIso": "BRL"}, {"BRL": "$.currencyIso"}),
        ({"billing_currency": {"code": "BRL"}}, {"BRL": "$.billing_currency"}),
        ({"lines": [{"amount": 1, "unit_currency": "EUR"}]}, {"EUR": "$.lines[0].unit_currency"}),
        ({"meta": {"balance_currency": "EUR"}}, {"EUR": "$.meta.balance_currency"}),
        ({"meta": {"count": 2, "currency": "EUR"}}, {"EUR": "$.meta.currency"}),
        ({"currency": {"symbol": "\u20ac", "iso": "eur"}}, {"EUR": "$.currency"}),
        ({"unit": "EUR"}, {"EUR": "$.unit"}),
        ({"prices_in": "EUR"}, {"EUR": "$.prices_in"}),
        ({"default_currency": "ISK"}, {"ISK": "$.default_currency"}),
        (
            {"available_credit_balance_currency": "BRL"},
            {"BRL": "$.available_credit_balance_currency"},
        ),
        ({"availableCreditCurrency": "BRL"}, {"BRL": "$.availableCreditCurrency"}),
        ({"account_currency_id": "isk"}, {"ISK": "$.account_currency_id"}),
        ({"lines": [{"amount": 1, "ccy": "EUR"}]}, {"EUR": "$.lines[0].ccy"}),
        ({"lines": [{"amount": 1}, {"currencyCode": "EUR"}]}, {"EUR": "$.lines[1].currencyCode"}),
    ],
)
def test_a_currency_that_is_not_read_is_found(body: Any, found: dict[str, str]) -> None:
    assert unread_currencies(body, Bill) == found


@pytest.mark.parametrize(
    "body",
    [
        {"lines": [{"amount": 1, "currency": "EUR"}]},  # which is read
        {"currency": "US$", "currency_code": None, "billing_currency": {}},
        {"display_currency": "EUR", "currencies": ["EUR"], "exchange_currency": "EUR"},
        {"available_currency": "EUR", "converted_amount_currency": "EUR"},
        {"available_display_price_currency": "EUR"},
        {"currency_name": "Euro", "born_in": "ISK"},
        {"setup": {"amount": 3, "currency": "EUR"}},  # which is that of the setup
        {"refund": {"value": 3, "currency": "EUR"}},
        {"refund": {"value": 3, "unit": "EUR"}},
        {"unit": "GB", "symbol": "ISK", "code": "EUR", "region": "EUR"},
        {"prices": [{"currency": "EUR"}]},
        ["EUR"],
    ],
)
def test_what_says_nothing_of_the_money_that_is_read_is_none(body: Any) -> None:
    assert unread_currencies(body, Bill) == {}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"usage": [{"cents": 5, "currency": "EUR"}], "currency": "USD"}, {"USD": "$.currency"}),
        ({"usage": [], "meta": {"currency": "usd"}}, {"USD": "$.meta.currency"}),
        ({"usage": [{"cents": 5, "currency": "EUR"}]}, {}),
        ({"usage": [], "total": {"cents": 5, "currency_iso": "EUR"}}, {}),
        ({"amount": 500, "currency": "EUR"}, {}),  # which is that of the amount
        ([{"cents": 5, "currency": "EUR"}], {}),
    ],
)
def test_of_a_body_that_is_read_as_it_comes_what_stands_around_rows_counts(
    body: Any, found: dict[str, str]
) -> None:
    assert unread_currencies(body, Raw) == found


CODES = st.sampled_from(["EUR", "ISK", "GB", None, 5])
KEYS = st.sampled_from(["currency", "unit", "price_in", "iso", "name", "lines", "amount", "meta"])
BODIES = st.recursive(
    CODES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4)
)


@given(BODIES)
def test_no_currency_is_missed_where_nothing_may_state_one(body: Any) -> None:
    assert unread(body, Bill).may_state_currency or not unread_currencies(body, Bill)


def test_keys_that_name_no_currency_need_no_search() -> None:
    body = {"lines": [{"amount": 1, "type": "USD"}], "meta": {"codes": {"code": "USD"}}}
    assert not unread(body, Bill).may_state_currency
