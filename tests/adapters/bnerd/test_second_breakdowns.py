"""One sum that is broken down twice in a list of rows, and rows called after bills or times.

The money is worked out by hand: 10.00 by project is 7.00 + 3.00, by product 6.00 + 4.00.
"""

from typing import Any

import pytest

from support.bnerd_usage import ORG, asked, eur, row, total_and_gaps

PROJECT, OTHER = "f17a05d3-926e-4b4c-8de0-5c39b82f61a4", "0c5c7c0e-9a51-4d19-8f0c-51f6f2f6a6c1"
AGAIN = "costs with others what rows by something else do: a charge, or the same once more"
FINER = "is what finer rows add up to: a charge, or their total, and left out"


def costing(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**one, "cost": eur(c)} for one, c in zip(rows, (700, 300, 600, 400), strict=True)]


BY_PROJECT: list[dict[str, Any]] = [{"project_id": PROJECT}, {"project_id": OTHER}]
BY_PRODUCT: list[dict[str, Any]] = [{"product_id": "vm"}, {"product_id": "disk"}]
NULLS = [
    *({**one, "product_id": None} for one in BY_PROJECT),
    *({"project_id": None, **one} for one in BY_PRODUCT),
]
SETS: dict[str, list[dict[str, Any]]] = {
    "absent": [*BY_PROJECT, *BY_PRODUCT],
    "null": NULLS,
    "subscriptions": [
        *({"project_id": PROJECT, "subscription_id": name} for name in "ab"),
        *({"project_id": PROJECT, **one} for one in BY_PRODUCT),
    ],
    **{
        key: [
            *({key: "project", "name": name} for name in ("shop", "dev")),
            *({key: "product", "name": name} for name in ("VM", "Disk")),
        ]
        for key in ("type", "kind", "group_by", "dimension")
    },
}


@pytest.mark.parametrize("named", SETS)
def test_one_sum_by_two_things_counts_once_and_is_a_gap(named: str) -> None:
    rows = costing(SETS[named])
    assert total_and_gaps(rows) == ("10.00 EUR", (f"`$[*]` (2 times) {AGAIN}, and left out",))
    assert total_and_gaps({"usage": rows, "total": eur(1000)}) == ("10.00 EUR", ())
    assert total_and_gaps({"usage": rows, "total": eur(2000)}) == ("20.00 EUR", ())
    # A cent more is no other breakdown.
    odd = [*rows[:-1], {**rows[-1], "cost": eur(401)}]
    assert total_and_gaps(odd) == ("20.01 EUR", ())


def test_one_charge_of_a_project_and_one_of_the_organization_may_cost_the_same() -> None:
    rows = [{**BY_PROJECT[0], "cost": eur(500)}, {**BY_PRODUCT[0], "cost": eur(500)}]
    assert total_and_gaps(rows) == ("10.00 EUR", ())


FEES = [{**one, "product_id": None, "cost": eur(500)} for one in BY_PROJECT]
SUPPORT = row(1000, "Support", project_id=None, quantity=1, unit="month")
ONE = {"quantity": 1, "unit": "month"}


@pytest.mark.parametrize(
    "says",
    [ONE, {"description": "Base fee"}, {"name": "Base fee"}, {**ONE, "description": "Base fee"}],
)
def test_fees_of_projects_that_say_what_or_how_much_are_charges(says: dict[str, Any]) -> None:
    rows = [*({**one, **says} for one in FEES), SUPPORT]  # 5.00 + 5.00 + 10.00
    assert total_and_gaps(rows) == ("20.00 EUR", ())
    assert total_and_gaps({"usage": rows, "net": eur(2000)}) == ("20.00 EUR", ())


def test_fees_at_a_price_of_one_are_charges_beside_as_many_products_of_that_price() -> None:
    priced = {**ONE, "unit_price": eur(500)}
    products = (row(500, name, project_id=None, **priced) for name in ("Support", "Backup"))
    rows = [*({**one, **priced} for one in FEES), *products]
    assert total_and_gaps(rows) == ("20.00 EUR", ())


def test_a_described_contract_without_a_project_is_a_charge() -> None:
    rows = [row(c, name, project_id=PROJECT) for c, name in ((700, "VM"), (300, "Disk"))]
    contract = {"project_id": None, "subscription_id": "s1", "cost": eur(1000)}
    described = {**contract, "description": "Support Plus"}
    assert total_and_gaps([*rows, described]) == ("20.00 EUR", ())
    assert total_and_gaps([*rows, contract])[0] == "10.00 EUR"


def test_a_described_fee_beside_one_sum_by_two_things_counts() -> None:
    fee = {**FEES[0], "description": "Base fee"}  # 5.00 beside 10.00 that is broken down twice
    gaps = (f"`$[*]` (2 times) {AGAIN}",)
    assert total_and_gaps([*costing(NULLS), fee]) == ("25.00 EUR", gaps)


def test_quantities_are_broken_down_twice_with_what_they_cost() -> None:
    counts = (1488, 744, 1240, 992)  # 1488 + 744 = 2232 = 1240 + 992
    rows = [
        {**one, "quantity": count, "unit": "hour"}
        for one, count in zip(costing(NULLS), counts, strict=True)
    ]
    gaps = (f"`$[*]` (2 times) {AGAIN}, and left out",)
    assert total_and_gaps(rows) == ("10.00 EUR", gaps)
    assert total_and_gaps([{**rows[0], "quantity": 744}, *rows[1:]]) == ("20.00 EUR", ())


def test_products_of_projects_and_of_none_are_charges_whatever_they_cost() -> None:
    rows = [
        *(row(500, name, project_id=PROJECT) for name in ("VM", "Disk")),
        *(row(500, name, subscription_id=name) for name in ("Support", "Backup")),
    ]
    assert total_and_gaps(rows) == ("20.00 EUR", ())


BILLS = [
    *("Monatskosten", "Monatsbetrag", "Monatsabrechnung", "Offener Betrag", "Zahlungsbetrag"),
    *("Saldo", "Restbetrag", "Current charges", "New charges", "Invoice amount", "Balance"),
    *("Amount outstanding", "Costs", "Month to date", "Project usage", "Oktober 2026"),
]


@pytest.mark.parametrize("name", BILLS)
@pytest.mark.parametrize("named", [{}, {"project_id": PROJECT}], ids=["alone", "project"])
def test_a_row_called_after_a_bill_is_no_charge_where_products_add_up_to_it(
    name: str, named: dict[str, str]
) -> None:
    rows = [row(700, **named), row(300, "Disk", **named)]
    for whole in (row(1000, name), row(1000, name, **named)):
        for those, at in (([*rows, whole], 2), ([whole, *rows], 0)):
            assert total_and_gaps(those) == ("10.00 EUR", (f"`$[{at}]` {FINER}",))
    assert total_and_gaps([*rows, row(900, name)]) == ("19.00 EUR", ())
    ids = [{**one, "product_id": one.pop("product")} for one in (dict(rows[0]), dict(rows[1]))]
    assert asked([*ids, {"product_id": "p-1", "product_name": name, "cost": eur(1000)}]).gaps == ()


@pytest.mark.parametrize("name", [*BILLS, "Monthly", "Usage", "Billing", "Account"])
def test_a_row_called_after_a_bill_that_counts_units_at_a_price_is_a_charge(name: str) -> None:
    rows = [row(700, project_id=PROJECT), row(300, "Disk", project_id=PROJECT)]
    for count, price in ((1, 1000), (2, 500)):
        charge = row(1000, name, project_id=PROJECT, quantity=count, unit_price=eur(price))
        assert total_and_gaps([*rows, charge]) == ("20.00 EUR", ())
        del charge["project_id"]
        assert total_and_gaps([*rows, charge]) == ("20.00 EUR", ())


@pytest.mark.parametrize("name", [None, *BILLS])
def test_a_row_that_adds_up_products_need_not_say_whose_it_is(name: str | None) -> None:
    rows = [
        {"organization_id": ORG, "project_id": PROJECT, "product_id": product, "cost": eur(cents)}
        for product, cents in (("vm", 700), ("disk", 300))
    ]
    whole = {"id": "c-1", "product_name": name, "cost": eur(1000)}
    assert total_and_gaps([*rows, whole]) == ("10.00 EUR", (f"`$[2]` {FINER}",))


@pytest.mark.parametrize("name", ["Speicherkosten", "Grundbetrag", "Support", "Storage costs"])
def test_a_product_with_such_a_word_in_its_name_is_a_charge(name: str) -> None:
    rows = [row(700, project_id=PROJECT), row(300, "Disk", project_id=PROJECT), row(1000, name)]
    assert total_and_gaps(rows) == ("20.00 EUR", ())
