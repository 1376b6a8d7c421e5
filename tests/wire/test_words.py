"""One list of words says which keys are money."""

from decimal import Decimal

import pytest

from billfold.wire.words import (
    Says,
    is_amount,
    is_money,
    is_money_key,
    is_priced,
    is_stated,
    is_time,
    says,
)


@pytest.mark.parametrize(
    "key",
    [
        *("amount", "total_cents", "net-price", "unitPrice", "amountNet", "subtotal", "VAT"),
        *("setup_fee", "price_per_hour", "balance", "credits", "last_invoice_total", "spend_eur"),
        *("deductions", "voucher_eur", "lateInterest", "security_deposit", "other_expenses"),
        *("gst", "icms_total", "refunded", "prepaid_usd", "promo", "rounding", "withheld", "sek"),
        *("totalprice", "unitprice", "taxamount", "grandtotal", "creditnote", "netTotalPrice"),
        *("addons", "add_ons", "lineItems", "line_item", "shortfall", "microcents"),
        *("net_position", "position_price", "total_usage", "credit_usage", "price_per_gb_usage"),
        *("gutschrift", "gesamtbetrag", "summe", "Rabatt", "kosten_netto", "mehrwertsteuer"),
        *("zahlbetrag", "rechnungssumme", "monatssumme", "price_per_unit", "paid_on_account"),
    ],
)
def test_a_key_of_which_one_word_says_money_is_money(key: str) -> None:
    assert is_money_key(key)


@pytest.mark.parametrize(
    "key",
    [
        *("count", "total_count", "totalPages", "tax_rate", "tax_id", "paid_at", "due_date"),
        *("number_of_charges", "billed_hours", "threshold", "currency", "", "_", "42"),
        *("kostenstelle", "preis_id", "steuersatz", "rechnung", "steuer_satz", "rabatt_prozent"),
        *("skonto_tage", "gesamtMenge", "gesamt_stunden", "preis_einheit", "gutschrift_nr"),
        *("coupon_code", "interest_rate", "voucherId", "baseline", "itemlist", "totalcount"),
        *("gst_number", "promo_code", "refunded_at", "prepaid_months", "issue", "pistol", "issuer"),
        *("taxid", "duedate", "network", "feedback", "summary", "invoice", "note"),
        *("price_unit", "priceTier", "price_list", "credit_account", "total_units"),
        *("payment_attempts", "next_payment_attempt"),
        *("line_items_count", "total_line_items", "items", "lines", "addonId"),
        *("total_vcpus_usage", "totalMemoryMbUsage", "total_local_gb_usage"),
        *("tax_class", "payment_method", "revenue_account"),
    ],
)
def test_a_count_a_share_a_name_and_a_time_are_not(key: str) -> None:
    assert not is_money_key(key)


def test_where_a_line_stands_is_no_money_in_a_list_of_lines() -> None:
    assert [says(key, Says.MONEY) for key in ("position", "price", "x")] == [
        *(Says.NOTHING, Says.MONEY, Says.MONEY),
    ]


@pytest.mark.parametrize(
    "value", [1, -0.01, "12.34", "-1,200.00 EUR", "€5", "EUR 5", "1e2", "(3.00)"]
)
def test_numbers_and_their_text_are_amounts(value: object) -> None:
    assert is_amount(value)


@pytest.mark.parametrize("value", [0, 0.0, "0.00", True, None, "2026-11-01", "RE-12", "", [], {}])
def test_zero_and_whatever_else_are_not(value: object) -> None:
    assert not is_amount(value)


@pytest.mark.parametrize("text", ["3.00 USD", "EUR 5", "€3", "-1,200.00 €", "R$ 12,50", "5$"])
def test_text_that_names_a_currency_is_an_amount_under_any_key(text: str) -> None:
    assert is_priced(text)


@pytest.mark.parametrize("text", ["0.00 EUR", "SSD 500", "10 GiB", "12.34", "$5 a month", "EUR", 5])
def test_text_that_names_none_is_not(text: object) -> None:
    assert not is_priced(text)


def test_an_amount_with_its_currency_is_money_by_itself() -> None:
    assert is_money({"cents": 5, "currency_iso": "EUR"})
    assert is_money({"fractional": 5, "currency": "EUR"})
    assert not is_money({"cents": 0, "currency_iso": "EUR"})
    assert not is_money({"cents": 5})


@pytest.mark.parametrize("key", ["due", "next_payment", "lastPayment", "payment_due"])
def test_a_number_of_a_time_is_none_of_money(key: str) -> None:
    for time in (1795000000, 1795000000000, Decimal(1795000000)):
        assert is_time(key, time)
        assert not is_stated(key, Says.MONEY, time, {})
        assert is_stated(f"amount_{key}", Says.MONEY, time, {})
    for amount in (300, Decimal("17.95"), 999_999_999, 4_000_000_000, True, "1795000000"):
        assert not is_time(key, amount)
