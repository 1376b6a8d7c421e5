"""Money is exact, in one currency, whatever the caller's decimal context."""

import decimal
import gc
import subprocess
import sys
import weakref
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billfold import CurrencyError, Money, MoneyError
from billfold.money import (
    currency_code,
    exponent,
    minor_units,
    parse_number,
    plain,
    read_plain,
    sum_by_currency,
)

amounts = st.decimals(min_value=-(10**20), max_value=10**20, places=12)
euros = amounts.map(lambda amount: Money(amount, "EUR"))
CONTEXTS = [
    decimal.Context(prec=3),
    decimal.Context(prec=2, rounding=decimal.ROUND_UP),
    decimal.Context(prec=3, rounding=decimal.ROUND_05UP, Emin=-2, Emax=2),
    decimal.Context(
        prec=3,
        traps=[decimal.Inexact, decimal.Rounded, decimal.FloatOperation, decimal.InvalidOperation],
    ),
]


def eur(text: str) -> Money:
    return Money(Decimal(text), "EUR")


@pytest.mark.parametrize(
    ("amounts", "total"),
    [
        (["1.10"], "1.10"),
        (["0.1", "0.2", "-0.30000000000000000001"], "-0.00000000000000000001"),
        (["1.50", "-1.50"], "0.00"),
    ],
)
def test_a_sum_keeps_every_digit(amounts: list[str], total: str) -> None:
    assert str(Money.sum(map(eur, amounts))) == f"{total} EUR"
    assert Money.sum(map(eur, amounts), "EUR") == Money.sum(map(eur, amounts))


def test_no_amounts_are_zero_only_of_a_currency_that_is_named() -> None:
    assert Money.sum([], "EUR") == Money.zero("EUR")
    with pytest.raises(MoneyError, match=r'name one: Money.sum\(..., "EUR"\)'):
        Money.sum([])


def test_two_currencies_or_an_unknown_do_not_add_up() -> None:
    for amounts, currency in (([eur("1"), Money.zero("USD")], None), ([eur("1")], "USD")):
        with pytest.raises(CurrencyError, match="do not add up without an exchange rate"):
            Money.sum(amounts, currency)
    with pytest.raises(MoneyError, match="None is no money, and what is unknown does not add up"):
        Money.sum([eur("1"), None])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1234.565 EUR", "1234.57 EUR"),
        ("-0.004 USD", "0.00 USD"),
        ("12.5 JPY", "13 JPY"),
        ("1.2345 KWD", "1.235 KWD"),
        ("1.23456 XAU", "1.23456 XAU"),
    ],
)
def test_money_is_formatted_for_people_at_its_currencys_digits(text: str, shown: str) -> None:
    assert Money.parse(text).format() == shown


@pytest.mark.parametrize(
    ("count", "currency", "amount"),
    [
        (1234, "EUR", "12.34"),
        (1234, "JPY", "1234"),
        (1234, "KWD", "1.234"),
        (-5, "USD", "-0.05"),
        (0, "USD", "0.00"),
        (Decimal("0.5"), "EUR", "0.005"),
        (Decimal("1E+3"), "EUR", "10"),
        (922337203685477580712345, "USD", "9223372036854775807123.45"),
    ],
)
def test_minor_units_scale_by_the_currency_not_by_a_hundred(
    count: int | Decimal, currency: str, amount: str
) -> None:
    assert Money.minor(count, currency) == Money(Decimal(amount), currency)


@pytest.mark.parametrize(("currency", "places"), [("EUR", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4)])
def test_exponents_are_those_of_iso_4217(currency: str, places: int) -> None:
    assert exponent(currency) == places


@pytest.mark.parametrize("currency", ["EUR", "USD"])
def test_what_is_known_without_the_table_is_what_the_table_says(currency: str) -> None:
    from iso4217 import Currency

    assert exponent(currency) == Currency(currency).exponent


def test_the_table_is_not_parsed_for_euros_and_dollars() -> None:
    code = (
        "import sys; from billfold import Money;"
        "print(Money.minor(1234, 'USD'), Money.minor(1, 'EUR').rounded(), 'iso4217' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "12.34 USD 0.01 False\n"


@given(st.one_of(st.integers(), st.decimals(allow_nan=False, allow_infinity=False)))
def test_many_amounts_of_one_currency_are_scaled_as_each_is(count: int | Decimal) -> None:
    try:
        one = Money.minor(count, "USD")
    except MoneyError:
        with pytest.raises(MoneyError):
            minor_units("USD")(count)
    else:
        assert repr(minor_units("USD")(count)) == repr(one)
        assert one == Money(one.amount, "USD")


def test_counts_that_are_equal_and_not_alike_keep_their_own_digits() -> None:
    scaled = minor_units("EUR")
    for text, amount in [("1", "0.01"), ("1.0", "0.010"), ("1E+1", "0.1"), ("10", "0.10")] * 2:
        assert str(scaled(Decimal(text)).amount) == amount
    assert str(scaled(Decimal("-0")).amount) == "0.00"


def test_text_is_no_count_though_a_count_is_written_alike() -> None:
    scaled: Any = minor_units("EUR")
    assert str(scaled(Decimal(12))) == str(scaled(12)) == "0.12 EUR"
    with pytest.raises(MoneyError, match="got str"):
        scaled("12")


def test_amounts_that_are_made_once_are_never_held_in_any_number() -> None:
    scaled = minor_units("PLN")
    first = weakref.ref(scaled(Decimal(1)))
    assert scaled(Decimal(1)) is first()
    for count in range(2, 2_000):
        assert str(scaled(Decimal(count))) == f"{Decimal(count) / 100:.2f} PLN"
    gc.collect()
    assert first() is None


@given(amounts)
def test_plain_notation_is_that_of_the_number_itself(number: Decimal) -> None:
    assert plain(number) == format(number, "f")


@pytest.mark.parametrize(
    ("currency", "told"),
    [
        ("QQQ", "not a currency code of ISO 4217"),
        ("eur", "ISO 4217"),
        ("", "ISO 4217"),
        ("XAU", "no smallest unit"),
    ],
)
def test_a_code_without_a_known_scale_is_never_guessed(currency: str, told: str) -> None:
    with pytest.raises(CurrencyError, match=told):
        Money.minor(1, currency)


@pytest.mark.parametrize("currency", ["", "EU", "EURO", "eur", "Eur", "€€€", "ÄÖÜ", "E1R", "EU "])
def test_a_currency_is_three_capital_letters(currency: str) -> None:
    with pytest.raises(CurrencyError, match="three capital letters"):
        Money(Decimal(1), currency)


@pytest.mark.parametrize("amount", [1.5, 0.0, float("nan"), 1, "1.5", None, Fraction(1, 3)])
def test_an_amount_is_a_decimal(amount: object) -> None:
    with pytest.raises(MoneyError, match="must be a Decimal"):
        Money(amount, "EUR")  # type: ignore[arg-type]


def test_a_float_count_of_minor_units_is_refused() -> None:
    with pytest.raises(MoneyError, match="got float"):
        Money.minor(12.0, "EUR")  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["NaN", "-NaN", "sNaN", "Infinity", "-Infinity"])
def test_what_is_not_finite_is_refused(text: str) -> None:
    with pytest.raises(MoneyError, match="finite"):
        Money(Decimal(text), "EUR")


@pytest.mark.parametrize(
    "text", ["1e400", "-1e400", "1e-400", "9" * 400, "0." + "1" * 400, "1e999999", "1e40", "1e-41"]
)
def test_what_no_bill_holds_is_refused(text: str) -> None:
    with pytest.raises(MoneyError, match="eighty digits"):
        Money(Decimal(text), "EUR")


@pytest.mark.parametrize("text", ["1e43", "-1e400", "1e-400", "9" * 400, "NaN", "Infinity"])
def test_what_no_bill_holds_is_no_count_of_minor_units(text: str) -> None:
    with pytest.raises(MoneyError):
        Money.minor(Decimal(text), "EUR")


@pytest.mark.parametrize(
    "text", ["1" + "0" * 39, "-" + "9" * 40, "0." + "0" * 39 + "1", "12.340", "0", "1E+3", "0E-7"]
)
def test_every_digit_of_an_amount_is_kept(text: str) -> None:
    assert eur(text).amount.as_tuple() == Decimal(text).as_tuple()


@pytest.mark.parametrize(
    ("one", "operation", "other"),
    [
        ("9.9e39", "__add__", eur("9.9e39")),
        ("-9.9e39", "__sub__", eur("9.9e39")),
        pytest.param("9" * 40, "__add__", eur("1." + "0" * 40), id="digits"),
        ("1e-30", "__mul__", Decimal("1e-30")),
        ("1e30", "__mul__", Decimal("1e30")),
        pytest.param("1", "__mul__", 10**5000, id="long"),
        ("1", "__mul__", Decimal("NaN")),
        ("0", "__mul__", Decimal("Infinity")),
    ],
)
def test_a_result_is_exact_or_an_error(one: str, operation: str, other: object) -> None:
    with pytest.raises(MoneyError):
        getattr(eur(one), operation)(other)


def test_a_sum_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(MoneyError, match="too many digits"):
        sum_by_currency([eur("9e39"), eur("1e39")])


@pytest.mark.parametrize("context", CONTEXTS, ids=str)
def test_the_callers_decimal_context_changes_nothing(context: decimal.Context) -> None:
    one, other = eur("123456789.125"), eur("0.000000001")
    with decimal.localcontext(context):
        results = [
            one + other,
            one - other,
            one * 3,
            one * Decimal("1.005"),
            -one,
            abs(-one),
            Money.minor(12345678912, "EUR"),
            Money.minor(Decimal("12345678912.5"), "EUR"),
            sum_by_currency([one, other, one])["EUR"],
        ]
        texts = str(one), one.rounded(), plain(one.amount)
        ordered = one > other, one >= other, other < one, other <= one, one == eur("123456789.1250")
    assert [str(money.amount) for money in results] == [
        "123456789.125000001",
        "123456789.124999999",
        "370370367.375",
        "124074073.070625",
        "-123456789.125",
        "123456789.125",
        "123456789.12",
        "123456789.125",
        "246913578.250000001",
    ]
    assert texts == ("123456789.125 EUR", "123456789.13", "123456789.125")
    assert all(ordered)


@pytest.mark.parametrize("context", CONTEXTS, ids=str)
def test_our_arithmetic_leaves_no_trace_in_the_callers_context(context: decimal.Context) -> None:
    with decimal.localcontext(context) as own:
        own.clear_flags()
        eur("123456789.125").rounded()
        assert eur("123456789.125") + eur("0.001") == eur("123456789.126")
        assert not [flag for flag, raised in own.flags.items() if raised]


@pytest.mark.parametrize(
    "operation", ["__add__", "__sub__", "__lt__", "__le__", "__gt__", "__ge__"]
)
def test_two_currencies_never_mix(operation: str) -> None:
    with pytest.raises(CurrencyError, match="EUR and USD do not add up without an exchange rate"):
        getattr(eur("1"), operation)(Money(Decimal(1), "USD"))


def test_the_same_amount_of_another_currency_is_another_money() -> None:
    assert eur("1") != Money(Decimal(1), "USD")
    assert eur("1") != Decimal(1)


@pytest.mark.parametrize("other", [1, Decimal(1), 1.5, "1", None])
def test_money_adds_only_to_money(other: object) -> None:
    with pytest.raises(TypeError):
        eur("1") + other  # type: ignore[operator]
    with pytest.raises(TypeError):
        eur("1") - other  # type: ignore[operator]


@pytest.mark.parametrize("factor", [0.5, True, "2", None, eur("2")])
def test_money_is_scaled_by_whole_or_exact_numbers_alone(factor: object) -> None:
    with pytest.raises(TypeError):
        eur("1") * factor  # type: ignore[operator]
    with pytest.raises(TypeError):
        factor * eur("1")  # type: ignore[operator]


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (eur("1.005"), "1.01"),
        (eur("-1.005"), "-1.01"),
        (eur("1.004999"), "1.00"),
        (eur("12"), "12.00"),
        (eur("-0.004"), "0.00"),
        (eur("1E+3"), "1000.00"),
        (Money(Decimal("0.5"), "JPY"), "1"),
        (Money(Decimal("1.2345"), "KWD"), "1.235"),
        (Money(Decimal("1.23456"), "XAU"), "1.23456"),
        (Money(Decimal("1.23456"), "QQQ"), "1.23456"),
        (eur("9" * 40), "9" * 40 + ".00"),
    ],
)
def test_people_read_half_up_at_the_currencys_smallest_unit(money: Money, text: str) -> None:
    assert money.rounded() == text


@pytest.mark.parametrize(
    ("number", "text"),
    [("1E+2", "100"), ("1E-7", "0.0000001"), ("-0.50", "-0.50"), ("0E+3", "0"), ("0E-3", "0.000")],
)
def test_plain_notation_has_every_digit_and_no_exponent(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text


@pytest.mark.parametrize("amount", ["0", "0.000001"])
def test_money_has_no_truth_value_because_zero_is_not_unknown(amount: str) -> None:
    with pytest.raises(TypeError, match="money is None"):
        bool(eur(amount))


def test_money_is_a_value() -> None:
    assert hash(eur("1.0")) == hash(eur("1.00"))
    assert {eur("1.0"), eur("1.00")} == {eur("1")}
    with pytest.raises(AttributeError):
        eur("1").amount = Decimal(2)  # type: ignore[misc]
    assert not hasattr(eur("1"), "__dict__")


def test_sums_keep_currencies_apart_and_in_order() -> None:
    usd = Money(Decimal("0.10"), "USD")
    assert sum_by_currency([usd, eur("0.1"), usd, eur("-0.3")]) == {
        "EUR": eur("-0.2"),
        "USD": Money(Decimal("0.20"), "USD"),
    }
    assert list(sum_by_currency([usd, eur("1")])) == ["EUR", "USD"]
    assert sum_by_currency([]) == {}


@given(euros, euros, euros)
def test_addition_is_associative_and_commutative(a: Money, b: Money, c: Money) -> None:
    assert (a + b) + c == a + (b + c)
    assert a + b == b + a


@given(euros, euros)
def test_negation_and_subtraction_undo_addition(a: Money, b: Money) -> None:
    assert a + b - b == a
    assert a - b == a + -b
    assert a + -a == Money.zero("EUR")
    assert abs(-a) == abs(a)


@given(euros, euros, st.integers(-(10**6), 10**6))
def test_scaling_distributes(a: Money, b: Money, n: int) -> None:
    assert (a + b) * n == n * a + b * n


@given(st.lists(euros, min_size=1), st.data())
def test_any_split_of_amounts_adds_up_to_the_whole(
    amounts: list[Money], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(amounts)))
    parts = [*sum_by_currency(amounts[:cut]).values(), *sum_by_currency(amounts[cut:]).values()]
    assert sum_by_currency(parts) == sum_by_currency(amounts)


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_minor_units_add_up_like_integers(counts: list[int], currency: str) -> None:
    assert sum_by_currency(Money.minor(count, currency) for count in counts) == {
        currency: Money.minor(sum(counts), currency)
    }


@given(amounts, amounts)
def test_sums_are_those_of_fractions(a: Decimal, b: Decimal) -> None:
    total = Money(a, "EUR") + Money(b, "EUR")
    assert Fraction(total.amount) == Fraction(a) + Fraction(b)


@given(amounts, st.decimals(min_value=-1000, max_value=1000, places=6))
def test_products_are_those_of_fractions(a: Decimal, factor: Decimal) -> None:
    assert Fraction((Money(a, "EUR") * factor).amount) == Fraction(a) * Fraction(factor)


@pytest.mark.parametrize(
    ("amount", "currency", "noise"),
    [
        ("0.0049", "EUR", True),
        ("-0.0049999999999999999999999999", "EUR", True),
        ("0.0050000000000000000000000001", "EUR", False),
        ("0.005", "EUR", True),
        ("-0.005", "EUR", True),
        ("0.4", "JPY", True),
        ("0.5", "JPY", True),
        ("0.0004", "KWD", True),
        ("0.0005", "KWD", True),
        ("-0.51", "JPY", False),
        ("0.0000001", "XAU", False),
        ("0", "EUR", True),
    ],
)
def test_rounding_noise_is_at_most_half_of_the_smallest_unit(
    amount: str, currency: str, noise: bool
) -> None:
    assert Money(Decimal(amount), currency).is_rounding_noise() is noise


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("10.50 EUR", "10.50", "EUR"),
        ("-3 JPY", "-3", "JPY"),
        ("0.000000000000000000001 USD", "0.000000000000000000001", "USD"),
    ],
)
def test_money_is_parsed_from_text_with_every_digit(text: str, amount: str, currency: str) -> None:
    money = Money.parse(text)
    assert (str(money), money.currency) == (str(Money(Decimal(amount), currency)), currency)
    assert money.amount.as_tuple() == Decimal(amount).as_tuple()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "10.50",
        "EUR",
        "10,50 EUR",
        "1_0 EUR",
        "\uff11 EUR",
        "1e3 EUR",
        "NaN EUR",
        "1 eur",
        " 1 EUR",
        None,
    ],
)
def test_other_text_is_no_money(text: str) -> None:
    with pytest.raises(MoneyError, match=r"write it like 10\.50 EUR"):
        Money.parse(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [("12.34", "12.34"), (" -0.5 ", "-0.5"), ("\u22127", "-7"), ("+1", "1"), ("007", "7")],
)
def test_a_person_writes_a_number_with_digits_and_a_point(text: str, number: str) -> None:
    assert parse_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text", ["", "1_0", "\uff11", "\u0663", "1e3", "NaN", "Infinity", ".5", "5.", "1 000", "0x1"]
)
def test_what_is_no_such_number_is_refused(text: str) -> None:
    with pytest.raises(MoneyError, match=r"is not a number; write it like 1234\.56"):
        parse_number(text)


@pytest.mark.parametrize("number", ["0", "-0.50", "1234.56", "0.0000000125", "100"])
def test_a_number_is_read_as_it_is_written(number: str) -> None:
    assert str(read_plain(number)) == str(Decimal(number))
    assert read_plain(plain(Decimal(number))) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    ["", "1_0", "\uff11", " 5", "5\n", "+5", "\u22125", "1e3", "NaN", "Infinity", ".5", "5."],
)
def test_what_is_never_written_is_not_read_as_a_number(text: str) -> None:
    with pytest.raises(MoneyError, match=r"is not a number; write it like 1234\.56"):
        read_plain(text)


def test_a_comma_in_what_is_written_is_told_as_a_person_is_told() -> None:
    with pytest.raises(MoneyError, match=r"^'0,40' has a comma; write 0\.40$"):
        read_plain("0,40")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("0,78", "write 0.78"),
        ("-1,5", "write -1.5"),
        ("1.234,56", "write 1234.56"),
        ("1,234.56", "write 1234.56"),
        ("1,234", "write 1.234 or 1234"),
        ("12,345,678", "write 12345678"),
        ("1.234.567,891", "write 1234567.891"),
        ("1,", "write it like 1234.56"),
    ],
)
def test_a_comma_is_refused_by_how_to_write_it(text: str, says: str) -> None:
    with pytest.raises(MoneyError) as refused:
        parse_number(text)
    assert str(refused.value) == f"{text!r} has a comma; {says}"


def test_a_currency_code_is_read_in_any_letter_case() -> None:
    assert currency_code(" eur ") == "EUR"
    with pytest.raises(CurrencyError, match="'EURO' is not a currency code of ISO 4217"):
        currency_code("euro")
