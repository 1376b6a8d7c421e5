"""What a change is made of: the effects add up to it exactly."""

from datetime import date
from decimal import Decimal

import pytest

from billfold import Charge, CurrencyError, Period, Stream, Usage
from billfold.answer import Answer
from billfold.costs.allocation import Rule, Rules
from billfold.costs.change import CostChange, changes
from billfold.costs.lines import Line
from billfold.costs.rate_sources import ConstantRates
from billfold.costs.rates import Exchange, Policy
from billfold.costs.view import priced_lines
from support.costs import answer, charge, money


def in_euros(usage: Answer[Usage], dollars: str) -> tuple[Line, ...]:
    rates = ConstantRates({"EUR": Decimal(1), "USD": Decimal(dollars)})
    return priced_lines(usage, currency="EUR", exchange=Exchange(rates, Policy.CONSTANT))


def only(compared: tuple[CostChange, ...]) -> CostChange:
    (change,) = compared
    assert (
        change.usage + change.price + change.exchange + change.mixed == change.after - change.before
    )
    return change


def lease(cost: str, quantity: int | None, **more: object) -> Answer[Usage]:
    amount = None if quantity is None else Decimal(quantity)
    return answer(charge(cost, day=date(2026, 10, 1), quantity=amount, unit="hour", **more))


def test_usage_price_and_exchange_are_separated() -> None:
    # 100 h for 100 USD at 0.80 EUR, then 150 h for 180 USD at 1.00 EUR
    change = only(
        changes(
            in_euros(lease("100 USD", 100), "1.25"),
            in_euros(lease("180 USD", 150), "1"),
            by=[],
            currency="EUR",
        )
    )
    assert (change.before, change.after) == (money("80 EUR"), money("180 EUR"))
    assert change.usage == money("40 EUR")  # 50 h more at 1 USD and 0.80
    assert change.price == money("24 EUR")  # 150 h at 0.20 USD more and 0.80
    assert change.exchange == money("36 EUR")  # 180 USD at 0.20 more


def test_without_quantities_usage_and_price_stay_mixed() -> None:
    change = only(
        changes(
            in_euros(lease("100 USD", None), "1"),
            in_euros(lease("150 USD", None), "1"),
            by=[],
            currency="EUR",
        )
    )
    assert (change.usage, change.price, change.mixed) == (
        money("0 EUR"),
        money("0 EUR"),
        money("50 EUR"),
    )


def test_what_is_new_or_gone_is_mixed() -> None:
    before, after = (
        in_euros(lease("100 EUR", 1), "1"),
        in_euros(lease("7 EUR", 1, account="new"), "1"),
    )
    compared = changes(before, after, by=["account"], currency="EUR")
    assert [(change.keys, change.mixed) for change in compared] == [
        (("ci",), money("-100 EUR")),
        (("new",), money("7 EUR")),
    ]


def metal(*sold: tuple[str, int, str]) -> tuple[Line, ...]:
    return priced_lines(answer(*(_server(*server) for server in sold)))


def _server(product: str, hours: int, cost: str) -> Charge:
    tags = {"product": product, "usage_type": "metered", "hostname": cost}
    return charge(
        cost,
        id=product,
        provider="latitude",
        service="Metal",
        quantity=Decimal(hours),
        unit="hour",
        tags=tags,
    )


def test_two_products_of_one_service_have_prices_of_their_own() -> None:
    before = metal(("c2-small", 100, "100 USD"))
    change = only(
        changes(
            before,
            metal(("c2-small", 10, "10 USD"), ("c3-large", 90, "720 USD")),
            by=["service"],
            currency="USD",
        )
    )
    # 90 h less at 1 USD; what is new has no old price
    assert (change.usage, change.price, change.mixed) == (
        money("-90 USD"),
        money("0 USD"),
        money("720 USD"),
    )


@pytest.mark.parametrize("tag", ["vcpu", "memory_gb", "disk_gb", "product_id"])
def test_two_shapes_of_a_machine_have_prices_of_their_own(tag: str) -> None:
    before = priced_lines(lease("100 USD", 100, tags={tag: "2", "build": "1"}))
    after = priced_lines(lease("150 USD", 150, tags={tag: "2", "build": "2"})) + priced_lines(
        lease("80 USD", 10, tags={tag: "4"})
    )
    change = only(changes(before, after, by=[], currency="USD"))
    assert (change.usage, change.price, change.mixed) == (
        money("50 USD"),
        money("0 USD"),
        money("80 USD"),
    )


def test_what_was_partly_given_back_is_mixed() -> None:
    # 100 USD at 1.00 and 99 USD back at 0.80: 20.80 EUR; then 100 EUR
    before = in_euros(lease("100 USD", 100), "1") + in_euros(lease("-99 USD", 99), "1.25")
    change = only(changes(before, in_euros(lease("100 USD", 100), "1"), by=[], currency="EUR"))
    assert (change.before, change.mixed) == (money("20.80 EUR"), money("79.20 EUR"))
    assert (change.usage, change.price, change.exchange) == (
        money("0 EUR"),
        money("0 EUR"),
        money("0 EUR"),
    )


THREE = Rules(
    (Rule({"account": ("ci",)}, share={"a": Decimal(1), "b": Decimal(1), "c": Decimal(1)}),)
)


def shared(*costs: tuple[str, int]) -> tuple[Line, ...]:
    tags = {"product": "p"}
    return priced_lines(
        answer(
            *(
                charge(cost, quantity=Decimal(hours), unit="hour", tags=tags)
                for cost, hours in costs
            )
        ),
        rules=THREE,
    )


def test_what_is_shared_counts_once_where_all_of_it_is() -> None:
    # 300 h for 30 EUR, 30 h of them free; then 600 h for 66 EUR, 60 h of them free:
    # 300 h more at 0.10
    before, after = shared(("30 EUR", 270), ("0 EUR", 30)), shared(("66 EUR", 540), ("0 EUR", 60))
    change = only(changes(before, after, by=["account"], currency="EUR"))
    assert (change.usage, change.price, change.mixed) == (
        money("30 EUR"),
        money("6 EUR"),
        money("0 EUR"),
    )


def test_a_share_of_a_charge_has_no_quantity_of_its_own() -> None:
    compared = changes(
        shared(("30 EUR", 300)), shared(("60 EUR", 300)), by=["cost_centre"], currency="EUR"
    )
    assert [(change.keys, change.mixed) for change in compared] == [
        ((centre,), money("10 EUR")) for centre in "abc"
    ]
    free = shared(("3 EUR", 30), ("0 EUR", 30))
    assert all(
        change.mixed == money("1 EUR")
        for change in changes(free, shared(("6 EUR", 30)), by=["cost_centre"], currency="EUR")
    )


def traffic(month: str, *cycles: tuple[str, int]) -> tuple[Line, ...]:
    """Return a month's days of cycles that each begin on a day, with so many GB at 0.01."""
    requested = Period.parse(month)
    usages = []
    for start, gigabytes in cycles:
        first = Period.parse(f"{start}..{start[:8]}28").start
        covers = Period(first, first.replace(month=first.month + 1))
        line = charge(
            f"{gigabytes}E-2 USD",
            id=start,
            period=covers,
            quantity=Decimal(gigabytes),
            unit="GB",
            unit_price=money("0.01 USD"),
        )
        usages.append(Usage(requested, covers, (line,), provider="latitude", account="ci"))
    return priced_lines(Answer(Stream.USAGE, requested, tuple(usages), ()), spread=True)


def test_what_was_cut_by_days_has_no_quantity_of_its_own() -> None:
    """A cycle's quantity is of all its days: of 0.01 a GB in both months nothing became dearer.

    September has 9 of the 31 days of 10.00 and 21 of the 30 of 10.00: 2.90 and 7.00. October has 9
    of those 30 and 22 of the 31 of 40.00: 3.00 and 28.39.
    """
    change = only(
        changes(
            traffic("2026-09", ("2026-08-10", 1000), ("2026-09-10", 1000)),
            traffic("2026-10", ("2026-09-10", 1000), ("2026-10-10", 4000)),
            by=[],
            currency="USD",
        )
    )
    assert (change.before, change.after) == (money("9.90 USD"), money("31.39 USD"))
    assert (change.mixed, change.usage, change.price) == (
        money("21.49 USD"),
        money("0 USD"),
        money("0 USD"),
    )


@pytest.mark.parametrize("convert", [True, False])
def test_what_was_not_converted_has_no_exchange_effect_however_many_decimals(convert: bool) -> None:
    usages = lease("1.0000000000000001 EUR", 1), lease("2.0000000000000002 EUR", 2)
    before, after = (in_euros(usage, "1") if convert else priced_lines(usage) for usage in usages)
    change = only(changes(before, after, by=[], currency="EUR"))
    assert change.usage == money("1.0000000000000001 EUR")
    assert (change.price, change.exchange) == (money("0 EUR"), money("0 EUR"))


def test_a_rate_that_stayed_has_no_exchange_effect() -> None:
    # a third of each, to twelve decimals
    change = only(
        changes(
            in_euros(lease("1 USD", 1), "3"),
            in_euros(lease("2 USD", 2), "3"),
            by=[],
            currency="EUR",
        )
    )
    assert (change.before, change.after) == (
        money("0.333333333333 EUR"),
        money("0.666666666667 EUR"),
    )
    assert change.exchange == money("0 EUR")


def test_currencies_are_not_compared_without_a_rate() -> None:
    with pytest.raises(CurrencyError, match="USD and EUR cannot be compared"):
        changes(priced_lines(lease("1 USD", 1)), (), by=[], currency="EUR")


def test_a_project_keeps_its_name_when_another_of_that_name_comes() -> None:
    def spent(cost: str, project: str) -> Charge:
        return charge(cost, id=project, sub_account_id=project, sub_account_name="web")

    before = priced_lines(answer(spent("1.00 EUR", "p1")))
    after = priced_lines(answer(spent("1.50 EUR", "p1"), spent("4.00 EUR", "p2")))
    compared = changes(before, after, by=["sub_account"], currency="EUR")
    assert [(row.keys, str(row.before), str(row.after)) for row in compared] == [
        (("web (p2)",), "0 EUR", "4.00 EUR"),
        (("web (p1)",), "1.00 EUR", "1.50 EUR"),
    ]
