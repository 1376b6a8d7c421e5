"""Exchange rates carry their evidence, and a missing one is named."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from billfold import ConfigError, Money, RateError
from billfold.costs.ecb_rates import EcbRates
from billfold.costs.json_values import rate_values
from billfold.costs.rate_sources import ConstantRates, TableRates
from billfold.costs.rates import Exchange, Policy, Rate

HUNDRED = Money(Decimal("100.00"), "USD")
TABLE = """date,base,quote,rate
2026-10-01,EUR,USD,1.25
2026-10-02,EUR,USD,1.28
2026-10-30,EUR,USD,1.6
2026-10-01,EUR,GBP,0.8
"""


@pytest.fixture
def table(tmp_path: Path) -> TableRates:
    file = tmp_path / "rates.csv"
    file.write_text(TABLE)
    return TableRates.read(file)


def test_the_day_of_the_charge_decides(table: TableRates) -> None:
    rate = Exchange(table).rate("USD", "EUR", date(2026, 10, 1))
    assert rate.convert(HUNDRED) == Money(Decimal("80"), "EUR")
    assert (rate.day, rate.source, rate.rate) == (date(2026, 10, 1), "rates.csv", Decimal("0.8"))


def test_a_weekend_uses_the_last_published_day_and_names_it(table: TableRates) -> None:
    rate = Exchange(table).rate("USD", "EUR", date(2026, 10, 4))
    assert rate.day == date(2026, 10, 2)
    assert rate.convert(HUNDRED) == Money(Decimal("78.125"), "EUR")
    assert "2026-10-02" in str(rate)


def test_two_currencies_meet_over_the_reference(table: TableRates) -> None:
    rate = Exchange(table).rate("USD", "GBP", date(2026, 10, 1))
    assert rate.convert(HUNDRED) == Money(Decimal("64"), "GBP")


def test_the_end_of_the_month(table: TableRates) -> None:
    rate = Exchange(table, Policy.MONTH_END).rate("USD", "EUR", date(2026, 10, 1))
    assert (rate.day, rate.convert(HUNDRED)) == (date(2026, 10, 30), Money(Decimal("62.5"), "EUR"))


def test_the_average_of_the_published_days_of_the_month(table: TableRates) -> None:
    rate = Exchange(table, Policy.MONTH_AVERAGE).rate("USD", "EUR", date(2026, 10, 20))
    # (1 / 1.25 + 1 / 1.28 + 1 / 1.6) / 3 = (0.8 + 0.78125 + 0.625) / 3
    assert rate.convert(Money(Decimal(300), "USD")) == Money(Decimal("220.625"), "EUR")
    assert "average of 3 days in 2026-10" in rate.source


def test_the_figures_of_an_average_can_be_written_and_give_its_amounts_again(
    tmp_path: Path,
) -> None:
    file = tmp_path / "rates.csv"
    file.write_text("date,base,quote,rate\n2026-10-01,EUR,USD,1.17\n2026-10-02,EUR,USD,1.18\n")
    rate = Exchange(TableRates.read(file), Policy.MONTH_AVERAGE).rate(
        "USD", "EUR", date(2026, 10, 20)
    )
    # 1 / 1.17 and 1 / 1.18, each to forty decimals
    total = "1.7021584818194987686513110241923801245835"
    assert (rate_values(rate)["numerator"], rate_values(rate)["denominator"]) == (total, "2")
    # 117 USD are (100 + 99.152542372881...) / 2 EUR
    assert rate.convert(Money(Decimal(117), "USD")).amount == Decimal("99.576271186441")


def test_what_an_average_converts_has_no_zeros_of_its_forty_decimals(tmp_path: Path) -> None:
    file = tmp_path / "rates.csv"
    file.write_text("date,base,quote,rate\n2026-10-01,EUR,USD,1.5\n2026-10-02,EUR,USD,1.6\n")
    rate = Exchange(TableRates.read(file), "month-average").rate("USD", "EUR", date(2026, 10, 20))
    # 3.50 times (0.666666... + 0.625) / 2
    assert str(rate.convert(Money(Decimal("3.50"), "USD"))) == "2.260416666667 EUR"
    assert str(rate.convert(Money(Decimal("0.00"), "USD"))) == "0.00 EUR"
    rate = Rate("USD", "EUR", Decimal("1.4250000000000000"), Decimal(2), None, "an average")
    # 4.00 times (0.8 + 0.625) / 2
    assert str(rate.convert(Money(Decimal("4.00"), "USD"))) == "2.85 EUR"
    assert str(rate.convert(Money(Decimal("80.00"), "USD"))) == "57.00 EUR"


def test_a_constant_is_the_same_every_day() -> None:
    exchange = Exchange(ConstantRates({"EUR": Decimal(1), "USD": Decimal("1.25")}), Policy.CONSTANT)
    rate = exchange.rate("USD", "EUR", date(1990, 1, 1))
    assert (rate.day, rate.convert(HUNDRED)) == (None, Money(Decimal(80), "EUR"))


def test_the_same_currency_needs_no_rate() -> None:
    assert Exchange(ConstantRates({})).rate("EUR", "EUR", date(2026, 1, 1)).convert(
        HUNDRED
    ).amount == Decimal(100)


@pytest.mark.parametrize("policy", list(Policy))
def test_a_missing_rate_names_the_currency_and_the_rates_there_are(
    table: TableRates, policy: Policy
) -> None:
    with pytest.raises(
        RateError,
        match=r"No BRL rate for 2026-1\d-\d\d: rates.csv has 2026-10-01 to 2026-10-30 for GBP, USD",
    ):
        Exchange(table, policy).rate("BRL", "EUR", date(2026, 10, 1))


@pytest.mark.parametrize("policy", ["charge-date", "month-end", "month-average"])
@pytest.mark.parametrize(
    "day",
    [
        date(2026, 10, 1),
        date(2026, 10, 3),  # a Saturday, for which Friday's rate of USD would do
        date(2026, 10, 31),  # one after the table's end
        date(2026, 11, 27),  # of which the table has neither, and other days of USD alone
    ],
)
def test_of_two_currencies_the_one_is_named_that_the_table_does_not_have(
    table: TableRates, policy: str, day: date
) -> None:
    with pytest.raises(
        RateError, match=r"^No AED rate for 2026-1\d-\d\d: rates.csv has "
    ) as caught:
        Exchange(table, policy).rate("USD", "AED", day)
    assert str(caught.value).endswith(
        " Use `--rates FILE` or `--constant USD=RATE` (USD for 1 AED)."
    )
    with pytest.raises(RateError, match=r"^No AED rate for 2026-1\d-\d\d: rates.csv has "):
        Exchange(table, policy).rate("AED", "USD", day)


def test_two_currencies_without_a_day_in_common_name_the_one_that_this_day_lacks(
    tmp_path: Path,
) -> None:
    file = tmp_path / "rates.csv"
    file.write_text("date,base,quote,rate\n2026-10-01,EUR,USD,1.25\n2026-10-02,EUR,GBP,0.8\n")
    exchange = Exchange(TableRates.read(file))
    with pytest.raises(RateError, match=r"^No GBP rate for 2026-10-01: "):
        exchange.rate("USD", "GBP", date(2026, 10, 1))
    with pytest.raises(RateError, match=r"^No USD rate for 2026-10-02: "):
        exchange.rate("USD", "GBP", date(2026, 10, 2))
    with pytest.raises(RateError, match=r"^No USD rate for 2026-10-03: "):
        exchange.rate("USD", "GBP", date(2026, 10, 3))


def test_a_gap_of_more_than_a_week_is_no_weekend(table: TableRates) -> None:
    with pytest.raises(RateError, match="2026-10-20"):
        Exchange(table).rate("USD", "EUR", date(2026, 10, 20))


def test_conversion_rounds_half_even_to_twelve_decimals() -> None:
    rate = Exchange(ConstantRates({"EUR": Decimal(1), "USD": Decimal(3)}), Policy.CONSTANT).rate(
        "USD", "EUR", date(2026, 1, 1)
    )
    assert rate.convert(Money(Decimal(1), "USD")) == Money(Decimal("0.333333333333"), "EUR")


def test_a_rate_of_an_earlier_day_names_both_days(table: TableRates) -> None:
    assert str(Exchange(table).rate("USD", "EUR", date(2026, 10, 4))) == (
        "1 USD = 0.78125 EUR (rates.csv of 2026-10-02, the last published before 2026-10-04)"
    )
    assert (
        str(Exchange(table).rate("USD", "EUR", date(2026, 10, 1)))
        == "1 USD = 0.8 EUR (rates.csv of 2026-10-01)"
    )


def test_a_result_that_ends_is_converted_exactly() -> None:
    rate = Exchange(
        ConstantRates({"EUR": Decimal("1.28"), "USD": Decimal(1)}), Policy.CONSTANT
    ).rate("EUR", "USD", date(2026, 1, 1))
    sixteen_digits = Money(Decimal("601.72999999999996"), "EUR")
    assert rate.convert(sixteen_digits) == Money(Decimal("470.10156249999996875"), "USD")


def test_a_rate_that_no_amount_survives_is_an_error_that_names_it() -> None:
    tiny = Exchange(ConstantRates({"EUR": Decimal(1), "USD": Decimal("1E-40")}), Policy.CONSTANT)
    rate = tiny.rate("USD", "EUR", date(2026, 10, 1))
    with pytest.raises(
        RateError, match=r"100.00 USD cannot be converted by constant: check the rate"
    ):
        rate.convert(HUNDRED)


def test_a_policy_is_read_by_its_name_and_another_word_is_refused() -> None:
    assert Exchange(EcbRates(), "month-end").policy is Policy.MONTH_END
    with pytest.raises(ConfigError, match="'monthly' is no rate policy; there are charge-date, "):
        Exchange(EcbRates(), "monthly")


def test_a_rate_after_the_end_of_its_table_is_estimated(table: TableRates) -> None:
    friday, sunday, monday = date(2026, 10, 30), date(2026, 11, 1), date(2026, 11, 2)
    exchange = Exchange(table)
    assert not exchange.rate("USD", "EUR", friday).estimated
    assert not exchange.rate("USD", "EUR", sunday).estimated  # none will be published
    rate = exchange.rate("USD", "EUR", monday)
    assert rate.estimated
    assert str(rate) == (
        "1 USD = 0.625 EUR (rates.csv of 2026-10-30, the last published before 2026-11-02; "
        "estimated)"
    )


def test_stale_rates_last_as_many_days_as_are_given_and_are_estimated(table: TableRates) -> None:
    with pytest.raises(RateError, match="No USD rate for 2026-11-20"):
        Exchange(table, stale_days=20).rate("USD", "EUR", date(2026, 11, 20))
    rate = Exchange(table, stale_days=21).rate("USD", "EUR", date(2026, 11, 20))
    assert (rate.day, rate.for_day) == (date(2026, 10, 30), date(2026, 11, 20))
    assert (rate.rate, rate.estimated) == (Decimal("0.625"), True)


def test_stale_rates_fill_no_gap_within_the_table(table: TableRates) -> None:
    with pytest.raises(RateError, match="No USD rate for 2026-10-20"):
        Exchange(table, stale_days=100).rate("USD", "EUR", date(2026, 10, 20))


def test_stale_rates_stand_for_the_average_of_a_month_that_the_table_lacks(
    table: TableRates,
) -> None:
    november = Exchange(table, Policy.MONTH_AVERAGE, stale_days=31)
    rate = november.rate("USD", "EUR", date(2026, 11, 3))
    assert (rate.rate, rate.day, rate.estimated) == (Decimal("0.625"), date(2026, 10, 30), True)
    with pytest.raises(RateError, match="No USD rate for 2026-11-30"):
        Exchange(table, Policy.MONTH_AVERAGE, stale_days=30).rate("USD", "EUR", date(2026, 11, 3))


def test_an_average_is_estimated_until_its_month_is_over(tmp_path: Path) -> None:
    file = tmp_path / "rates.csv"
    file.write_text("date,base,quote,rate\n2026-10-01,EUR,USD,1.25\n2026-10-29,EUR,USD,1.6\n")
    average = Exchange(TableRates.read(file), Policy.MONTH_AVERAGE)
    assert average.rate("USD", "EUR", date(2026, 10, 5)).estimated
    file.write_text("date,base,quote,rate\n2026-10-01,EUR,USD,1.25\n2026-10-30,EUR,USD,1.6\n")
    average = Exchange(TableRates.read(file), Policy.MONTH_AVERAGE)
    assert not average.rate("USD", "EUR", date(2026, 10, 5)).estimated


def test_a_table_that_has_ended_offers_its_last_rate_by_the_days_it_would_stand(
    table: TableRates,
) -> None:
    with pytest.raises(RateError) as caught:
        Exchange(table).rate("USD", "EUR", date(2026, 11, 27))
    assert str(caught.value) == (
        "No USD rate for 2026-11-27: rates.csv has 2026-10-01 to 2026-10-30 for GBP, USD. Use "
        "`--stale-rates 28`, `--rates FILE` or `--constant USD=RATE` (USD for 1 EUR)."
    )
    lasting = Exchange(table, stale_days=28).rate("USD", "EUR", date(2026, 11, 27))
    assert (lasting.rate, lasting.estimated) == (Decimal("0.625"), True)


@pytest.mark.parametrize(
    ("base", "day"),
    [
        ("BRL", date(2026, 11, 27)),  # of which the table has none
        ("GBP", date(2026, 11, 27)),  # of which it has none in its last week
        ("USD", date(2026, 10, 20)),  # before its end
        ("USD", date(2027, 11, 1)),  # over a year after it
    ],
)
def test_a_last_rate_that_would_not_do_is_not_offered(
    table: TableRates, base: str, day: date
) -> None:
    with pytest.raises(RateError, match=f"^No {base} rate for {day}: ") as caught:
        Exchange(table).rate(base, "EUR", day)
    assert str(caught.value).endswith(
        f" Use `--rates FILE` or `--constant {base}=RATE` ({base} for 1 EUR)."
    )
