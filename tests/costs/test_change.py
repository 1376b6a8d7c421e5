"""What a change is made of: the effects add up to it exactly."""

from datetime import date
from decimal import Decimal

import pytest

from billfold import CurrencyError, Period, Usage
from billfold.answer import Answer
from billfold.costs.change import Change, changes, previous
from billfold.costs.lines import Line
from billfold.costs.rates import ConstantRates, Exchange, Policy
from billfold.costs.view import priced
from support.costs import answer, charge, money


def in_euros(whole: Answer[Usage], dollars: str) -> tuple[Line, ...]:
    rates = ConstantRates({"EUR": Decimal(1), "USD": Decimal(dollars)})
    return priced(whole, currency="EUR", exchange=Exchange(rates, Policy.CONSTANT))


def only(found: tuple[Change, ...]) -> Change:
    (change,) = found
    assert change.usage + change.price + change.exchange + change.mixed == change.after - change.before
    return change


def lease(cost: str, quantity: int | None, **more: object) -> Answer[Usage]:
    amount = None if quantity is None else Decimal(quantity)
    return answer(charge(cost, day=date(2026, 10, 1), quantity=amount, unit="hour", **more))


def test_usage_price_and_exchange_are_told_apart() -> None:
    # 100 h for 100 USD at 0.80 EUR, then 150 h for 180 USD at 1.00 EUR
    change = only(changes(in_euros(lease("100 USD", 100), "1.25"), in_euros(lease("180 USD", 150), "1"), by=[], currency="EUR"))
    assert (change.before, change.after) == (money("80 EUR"), money("180 EUR"))
    assert change.usage == money("40 EUR")  # 50 h more at 1 USD and 0.80
    assert change.price == money("24 EUR")  # 150 h at 0.20 USD more and 0.80
    assert change.exchange == money("36 EUR")  # 180 USD at 0.20 more


def test_without_quantities_usage_and_price_stay_mixed() -> None:
    change = only(changes(in_euros(lease("100 USD", None), "1"), in_euros(lease("150 USD", None), "1"), by=[], currency="EUR"))
    assert (change.usage, change.price, change.mixed) == (money("0 EUR"), money("0 EUR"), money("50 EUR"))


def test_what_is_new_or_gone_is_mixed() -> None:
    before, after = in_euros(lease("100 EUR", 1), "1"), in_euros(lease("7 EUR", 1, account="new"), "1")
    found = changes(before, after, by=["account"], currency="EUR")
    assert [(change.keys, change.mixed) for change in found] == [(("ci",), money("-100 EUR")), (("new",), money("7 EUR"))]


def test_currencies_are_not_compared_without_a_rate() -> None:
    with pytest.raises(CurrencyError, match="USD and EUR cannot be compared"):
        changes(priced(lease("1 USD", 1)), (), by=[], currency="EUR")


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ("2026-10", "2026-09"),
        ("2026-01", "2025-12"),
        ("2026-01-01..2026-04-01", "2025-10-01..2026-01-01"),
        ("2026-10-05..2026-10-08", "2026-10-02..2026-10-05"),
        ("2026-10-01..2026-10-15", "2026-09-17..2026-10-01"),
    ],
)
def test_the_period_before(period: str, before: str) -> None:
    assert previous(Period.parse(period)) == Period.parse(before)
