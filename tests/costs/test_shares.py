"""The parts of an amount add up to it, whatever the weights."""

from collections.abc import Hashable
from decimal import Context, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billfold import Money, MoneyError
from billfold.costs.lines import FairShares, charged_lines
from billfold.money import split, split_in_order, sum_by_currency
from support.costs import answer, charge

amounts = st.decimals(
    min_value=-(10**9), max_value=10**9, places=4, allow_nan=False, allow_infinity=False
)
weights = st.lists(st.integers(0, 10**6), min_size=1, max_size=40).filter(any)


def eur(text: str) -> Money:
    return Money(Decimal(text), "EUR")


@given(amounts, weights)
def test_the_parts_add_up_exactly_and_none_is_off_by_more_than_a_unit(
    amount: Decimal, by_weight: list[int]
) -> None:
    money = Money(amount, "EUR")
    parts = split(money, by_weight)
    assert sum_by_currency(parts) == {"EUR": money}
    for part, weight in zip(parts, by_weight, strict=True):
        fair = amount * weight / sum(by_weight)
        assert abs(part.amount - fair) <= Decimal("0.0001")


def test_the_rest_goes_to_the_largest_remainders_the_earlier_first() -> None:
    assert split(eur("10.00"), [1, 1, 1]) == (eur("3.34"), eur("3.33"), eur("3.33"))
    assert split(eur("0.05"), [1, 2, 4]) == (eur("0.01"), eur("0.01"), eur("0.03"))
    assert split(eur("-10.00"), [1, 1, 1]) == (eur("-3.34"), eur("-3.33"), eur("-3.33"))


def test_a_currency_without_cents_is_split_into_whole_units() -> None:
    assert split(Money(Decimal(100), "JPY"), [1, 2]) == (
        Money(Decimal(33), "JPY"),
        Money(Decimal(67), "JPY"),
    )


def test_a_currency_without_a_smallest_unit_is_split_in_its_own_digits() -> None:
    assert split(Money(Decimal("1.5"), "XAU"), [1, 2]) == (
        Money(Decimal("0.5"), "XAU"),
        Money(Decimal("1.0"), "XAU"),
    )


def test_the_callers_context_makes_no_cent_vanish() -> None:
    weights = [Decimal("1234567.89"), Decimal("7654321.11")]
    with localcontext(Context(prec=6)):
        parts = split(eur("1000000.00"), weights)
    # 1000000 x 1234567.89 / 8888889 = 138888.88838...
    # 1000000 x 7654321.11 / 8888889 = 861111.11161...
    assert parts == (eur("138888.89"), eur("861111.11"))


def test_weights_of_more_digits_than_the_default_context_are_added_exactly() -> None:
    long = Decimal("0.1234567890123456789012345678901234567")
    money = eur("1.1234567890123456789012345678901234567")
    assert split(money, [long, 1]) == (Money(long, "EUR"), eur("1"))


@pytest.mark.parametrize("by", [[Decimal("1e500"), 1], [Decimal("NaN"), 1]])
def test_weights_that_cannot_be_added_exactly_are_refused(by: list[Decimal | int]) -> None:
    with pytest.raises(MoneyError):
        split(eur("1.00"), by)


@pytest.mark.parametrize("by", [[], [0, 0], [1, -1]])
def test_weights_that_are_negative_or_all_zero_are_refused(by: list[int]) -> None:
    with pytest.raises(MoneyError, match="weights"):
        split(eur("1.00"), by)


@given(st.lists(amounts, max_size=20), weights)
def test_several_amounts_are_shared_to_the_unit_and_nobody_without_weight_has_a_part(
    several: list[Decimal], by_weight: list[int]
) -> None:
    fair = FairShares()
    lines = charged_lines(answer(*(charge(f"{amount:f} EUR") for amount in several)).items)
    for line in lines:
        parts = [part.cost for part in fair.split_line(line, by_weight)]
        assert sum_by_currency(parts) == {"EUR": line.cost}
        for part, weight in zip(parts, by_weight, strict=True):
            due = line.cost.amount * weight / sum(by_weight)
            assert abs(part.amount - due) <= Decimal("0.0001")
            assert weight or not part.amount


@given(st.lists(amounts, max_size=20), weights)
def test_parts_in_order_are_due_together_what_their_weights_are(
    several: list[Decimal], by_weight: list[int]
) -> None:
    owed: dict[tuple[str, Hashable], Decimal] = {}
    for amount in several:
        parts = split_in_order(Money(amount, "EUR"), by_weight, range(len(by_weight)), owed)
        assert sum_by_currency(parts) == {"EUR": Money(amount, "EUR")}
        assert all(weight or not part.amount for part, weight in zip(parts, by_weight, strict=True))


@given(amounts, weights)
def test_the_first_parts_in_order_are_together_their_share_to_half_a_unit(
    amount: Decimal, by_weight: list[int]
) -> None:
    parts = split_in_order(Money(amount, "EUR"), by_weight, range(len(by_weight)), {})
    for count in range(len(parts)):
        given = sum((part.amount for part in parts[:count]), Decimal(0))
        due = amount * sum(by_weight[:count]) / sum(by_weight)
        assert abs(given - due) <= Decimal("0.000051")
