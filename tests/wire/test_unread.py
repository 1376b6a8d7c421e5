"""Money that a shape does not read is named by its path, and nothing else is."""

from decimal import Decimal
from typing import Any, ClassVar

import pytest
from msgspec import Raw, Struct

from billfold.wire.decoding import decode_with_tree
from billfold.wire.unread import Unread, reads_money, unread


class Line(Struct, frozen=True):
    id: str
    amount: Decimal


class Bill(Struct, frozen=True):
    not_read: ClassVar[frozenset[str]] = frozenset({"total_cents"})

    lines: tuple[Line, ...] = ()
    by_project: dict[str, Line] = {}
    previous: "Bill | None" = None
    notes: dict[str, Any] = {}


class Reply(Struct, frozen=True, rename="camel"):
    the_bill: Bill | None


LINE = {"id": "l1", "amount": 5}


def amounts(*paths: str) -> Unread:
    return Unread(amounts=paths)


def rows(*paths: str) -> Unread:
    return Unread(rows=paths)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"fee": 5}, amounts("`$.fee`")),
        ({"fee": "12.30 EUR"}, amounts("`$.fee`")),
        ({"setup": {"cents": 450, "currency_iso": "EUR"}}, amounts("`$.setup`")),
        ({"totals": {"net": {"amount": "4", "currency": "EUR"}}}, amounts("`$.totals.net`")),
        ({"summary": {"tax": 4, "tax_rate": 19}}, amounts("`$.summary.tax`")),
        ({"discount": {"value": 3}}, amounts("`$.discount.value`")),
        ({"support": "$3.00"}, amounts("`$.support`")),
        ({"lines": [LINE | {"extra": "3.00 USD"}]}, amounts("`$.lines[0].extra`")),
        ({"deductions": [{"value": -3}]}, rows("`$.deductions[0].value`")),
        ({"lines": [LINE, LINE | {"setup_fee": 7}]}, amounts("`$.lines[1].setup_fee`")),
        (
            {"lines": [LINE | {"vat": 1}, LINE, LINE | {"vat": 2}]},
            amounts("`$.lines[0].vat` (and 1 more)"),
        ),
        ({"by_project": {"p1": LINE | {"vatAmount": 2}}}, amounts("`$.by_project.p1.vatAmount`")),
        ({"previous": {"lines": [LINE], "balance": -3}}, amounts("`$.previous.balance`")),
        ({"surcharges": [{"amount": 4}]}, rows("`$.surcharges[0].amount`")),
        ({"credits": [-3.0]}, rows("`$.credits[0]`")),
        ({"extra": {"rows": [{"price": "4.00"}]}}, rows("`$.extra.rows[0].price`")),
        ({"lines": [LINE | {"addons": [{"price": 3}]}]}, rows("`$.lines[0].addons[0].price`")),
        ({"addons": {"vm": {"price": 3}, "ip": {"price": 0}}}, rows("`$.addons.vm.price`")),
        ({"lines": [LINE | {"addons": {"ip": 3}}]}, amounts("`$.lines[0].addons.ip`")),
        ({"add_ons": [{"name": "ip", "value": 3}]}, rows("`$.add_ons[0].value`")),
        ({"lineItems": [{"sku": "x", "quantity": 2, "sub": 4}]}, rows("`$.lineItems[0].sub`")),
        (
            {"surcharges": [{"amount": 4}, {"amount": 5}, {"amount": 6}]},
            rows("`$.surcharges[0].amount` (and 2 more)"),
        ),
        ({"extra": {"value": 3, "unit": "USD"}}, amounts("`$.extra`")),
        ({"extra": [{"units": 3, "ccy": "EUR"}]}, rows("`$.extra[0]`")),
        ({"commitment": Decimal("30.00")}, amounts("`$.commitment`")),
        ({"pending": "12.50"}, amounts("`$.pending`")),
        ({"commitment": "$5"}, amounts("`$.commitment`")),
        ({"lines": [LINE | {"price_list": "€12"}]}, amounts("`$.lines[0].price_list`")),
        ({"credit_account": Decimal("30.00")}, amounts("`$.credit_account`")),
        ({"credit_accounts": [{"value": Decimal("30.00")}]}, rows("`$.credit_accounts[0].value`")),
        ({"price_tier": {"from": 1, "price": 3}}, amounts("`$.price_tier.price`")),
        ({"paid_on_account": 30}, amounts("`$.paid_on_account`")),
        ({"commitment": 30, "currency": "EUR"}, amounts("`$.commitment`")),
        ({"commitment": {"monthly": 30, "unit": "EUR"}}, amounts("`$.commitment.monthly`")),
        ({"budget": {"value": Decimal("4.20")}}, amounts("`$.budget.value`")),
        ({"lines": [LINE | {"pending": Decimal("1.10")}]}, amounts("`$.lines[0].pending`")),
        ({"odd key": {"the.price": 3}}, amounts('`$["odd key"]["the.price"]`')),
    ],
)
def test_what_is_money_and_not_read_is_named(body: Any, found: Unread) -> None:
    assert unread(body, Bill) == found


@pytest.mark.parametrize(
    "body",
    [
        {"lines": [LINE], "by_project": {"p": LINE}},
        {"fee": 0, "vat": "0.00", "credits": [], "surcharges": None, "extra": {"cost": None}},
        {"paid_at": 1793404800, "due": "2026-11-01", "tax_id": "123456", "vat_rate": 19},
        {"total_count": 4, "price_count": 3, "number_of_charges": 2, "billed_hours": 744},
        {"threshold": 500, "cpu": 4, "name": "12.50 EUR", "started": True},
        {"plan": "SSD 500", "region": "EUR", "note": "0.00 EUR", "text": "from $5 a month"},
        {"cost_center": "4711", "payment_terms": 14, "payment_reference": "2026110001"},
        {"commitment": 12, "pending": 3, "allowance": Decimal("0.5"), "budget": "12"},
        {"price_unit": 1000, "price_tier": "2", "price_list": 7, "currency": "EUR"},
        {"lines": [LINE | {"credit_account": 4400, "billed_units": 744, "priceTier": 2}]},
        {"price_list": {"id": 7, "rank": 1}, "price_tiers": [1, 2], "payment_method": "3"},
        {"commitment": {"months": 12, "unit": "month"}, "pending_count": 4, "currency": "EUR"},
        {"disk": {"value": 3, "unit": "GB"}, "load": {"value": Decimal("0.25"), "unit": "CPU"}},
        {"total_cents": 500},
        {"notes": {"price": 3}},
        None,
        [],
    ],
)
def test_counts_times_zeros_and_what_is_known_are_silent(body: Any) -> None:
    assert unread(body, Bill) == Unread()


@pytest.mark.parametrize("number", ["7", "7.77", "-0.05", "1e2", "1E400", '"7.77"'])
def test_every_number_of_a_reply_is_seen_however_it_is_written(number: str) -> None:
    body = f'{{"lines": [], "fee": {number}, "credits": [{{"amount": {number}}}]}}'
    _, tree = decode_with_tree(body.encode(), Bill)
    assert unread(tree, Bill) == Unread(("`$.fee`",), ("`$.credits[0].amount`",))


@pytest.mark.parametrize("number", ["0", "0.00", "-0.0", "0e5", '"0.00"'])
def test_no_zero_of_a_reply_is_money_unread(number: str) -> None:
    body = f'{{"lines": [], "fee": {number}, "credits": [{{"amount": {number}}}]}}'
    _, tree = decode_with_tree(body.encode(), Bill)
    assert unread(tree, Bill) == Unread()


def of_cluster(*amounts: Any) -> list[dict[str, Any]]:
    return [{"cluster": "c", "hours": 4, "amount_eur": amount} for amount in amounts]


# 3 + 2 = 5, which is the line's amount
@pytest.mark.parametrize(
    "key", ["by_cluster", "breakdown", "costsByCluster", "amount_per_pool", "cost_breakdown"]
)
@pytest.mark.parametrize("as_map", [False, True])
def test_rows_that_break_down_an_amount_read_beside_them_repeat_it(key: str, as_map: bool) -> None:
    rows: Any = of_cluster(Decimal("2.5"), 3, 0, Decimal("-0.5"))
    below = dict(zip("abcd", rows, strict=True)) if as_map else rows
    assert unread({"lines": [LINE | {key: below}]}, Bill) == Unread()


@pytest.mark.parametrize(
    ("key", "below"),
    [
        ("by_cluster", of_cluster(3, 3)),
        ("by_cluster", of_cluster(3, Decimal("2.0000000001"))),
        ("by_cluster", of_cluster(3, "2")),
        ("by_cluster", of_cluster(Decimal("1E400"), 5)),
        ("by_cluster", [*of_cluster(5), {"cluster": "c", "cost": 0}]),
        ("by_cluster", [of_cluster(5)[0] | {"tax": 1}]),
        ("by_cluster", [of_cluster(5)[0] | {"more": [{"fee": 1}]}]),
        ("load_balancers", of_cluster(3, 2)),
    ],
)
def test_rows_that_may_be_more_than_a_breakdown_are_named(key: str, below: Any) -> None:
    found = unread({"lines": [LINE | {key: below}]}, Bill)
    assert found.rows[0].startswith(f"`$.lines[0].{key}[0].amount_eur`")


@pytest.mark.parametrize("key", ["subtotal", "sub_total", "subTotal", "Subtotal"])
def test_a_subtotal_equal_to_an_amount_read_beside_it_repeats_it(key: str) -> None:
    for equal in (5, Decimal("5.00")):
        assert unread({"lines": [LINE | {key: equal}]}, Bill) == Unread()
    for other in (6, -5, "5", Decimal("5.0000000001")):
        assert unread({"lines": [LINE | {key: other}]}, Bill) == amounts(f"`$.lines[0].{key}`")


@pytest.mark.parametrize("key", ["tax", "fee", "total", "subtotal_tax", "subtotal_cents"])
def test_an_equal_amount_that_may_be_another_is_named(key: str) -> None:
    assert unread({"lines": [LINE | {key: 5}]}, Bill) == amounts(f"`$.lines[0].{key}`")


def test_a_subtotal_of_what_was_not_read_is_named() -> None:
    # `amount` is read in the lines, and not here.
    assert unread({"amount": 5, "subtotal": 5}, Bill) == amounts("`$.amount`", "`$.subtotal`")


def test_rows_that_break_down_an_amount_which_was_not_read_are_named() -> None:
    assert unread({"fee": 5, "by_cluster": of_cluster(5)}, Bill) == Unread(
        ("`$.fee`",), ("`$.by_cluster[0].amount_eur`",)
    )


def test_fields_are_known_by_the_names_that_the_provider_gives_them() -> None:
    assert unread({"theBill": {"lines": [LINE]}}, Reply) == Unread()
    assert unread({"theBill": {"fee": 1}}, Reply) == amounts("`$.theBill.fee`")
    assert unread([{"fee": 1}], tuple[Bill, ...]) == amounts("`$[0].fee`")


def test_a_body_that_is_read_as_it_comes_is_its_readers_business() -> None:
    assert unread({"fee": 1}, Raw) == Unread()
    assert unread({"fee": 1}, dict[str, Any]) == Unread()


def test_many_places_are_counted_and_not_listed() -> None:
    body = {f"{word}_fee": 1 for word in ("a", "b", "c", "d", "e", "f", "g")}
    assert unread(body, Bill).amounts == (
        *("`$.a_fee`", "`$.b_fee`", "`$.c_fee`", "`$.d_fee`", "`$.e_fee`"),
        "2 other places",
    )


class Named(Struct, frozen=True):
    id: str
    inside: "Named | None" = None


class Listed(Struct, frozen=True):
    items: tuple[Named, ...]


class Hours(Struct, frozen=True):
    committed: int


@pytest.mark.parametrize(
    ("shape", "money"),
    [(Bill, True), (Reply, True), (Named, False), (Listed, False), (list[Hours], True)],
)
def test_a_shape_reads_money_where_a_field_of_it_may_be_some(shape: Any, money: bool) -> None:
    assert reads_money(shape) is money
