"""One list of words says which keys are money."""

import pytest

from billfold.wire.words import is_amount, is_money, is_money_key


@pytest.mark.parametrize(
    "key",
    [
        *("amount", "total_cents", "net-price", "unitPrice", "amountNet", "subtotal", "VAT"),
        *("setup_fee", "price_per_hour", "balance", "credits", "last_invoice_total", "spend_eur"),
    ],
)
def test_a_key_of_which_one_word_says_money_is_money(key: str) -> None:
    assert is_money_key(key)


@pytest.mark.parametrize(
    "key",
    [
        *("count", "total_count", "totalPages", "tax_rate", "tax_id", "paid_at", "due_date"),
        *("number_of_charges", "billed_hours", "threshold", "currency", "netto", "", "_", "42"),
    ],
)
def test_a_count_a_share_a_name_and_a_time_are_not(key: str) -> None:
    assert not is_money_key(key)


@pytest.mark.parametrize("value", [1, -0.01, "12.34", "-1,200.00 EUR", "€5", "EUR 5", "1e2"])
def test_numbers_and_their_text_are_amounts(value: object) -> None:
    assert is_amount(value)


@pytest.mark.parametrize("value", [0, 0.0, "0.00", True, None, "2026-11-01", "RE-12", "", [], {}])
def test_zero_and_whatever_else_are_not(value: object) -> None:
    assert not is_amount(value)


def test_an_amount_with_its_currency_is_money_by_itself() -> None:
    assert is_money({"cents": 5, "currency_iso": "EUR"})
    assert not is_money({"cents": 0, "currency_iso": "EUR"})
    assert not is_money({"cents": 5})
