"""No money of a usage reply is unread: it is counted, known to repeat what is, or named (law 11).

Every reply here is one that no b'nerd documents; the money is worked out by hand.
"""

import json
from typing import Any

import pytest

from billfold import DriftError
from billfold.model import Category, InvoiceKind
from billfold_bnerd.invoices import invoices
from billfold_bnerd.parse import subscriptions
from support.bnerd_usage import ORG, asked, total

PROJECT = "f17a05d3-926e-4b4c-8de0-5c39b82f61a4"
PRODUCT = "6ec3d218-07bf-4f95-a3d1-98e0b54c7a2d"


def eur(cents: object) -> dict[str, object]:
    return {"cents": cents, "currency_iso": "EUR"}


def row(cents: int, product: str = "vm", **more: Any) -> dict[str, Any]:
    return {"product": product, "total": eur(cents), **more}


TEN = row(1000)
UNREAD = [
    ({"usage": [TEN], "credits": [{"total": eur(-300)}]}, "`$.credits[*].total`"),
    ({"usage": [TEN], "credits": [{"total": eur(-300)}] * 2}, "`$.credits[*].total` (2 times)"),
    ({"usage": [TEN], "credit": eur(-300)}, "`$.credit`"),
    ([{"product": "vm", "total": {**eur(1000), "tax": eur(190)}}], "`$[0].total.tax`"),
    ([{"product": "vm", "total": {**eur(1000), "amount": "9.00"}}], "`$[0].total.amount`"),
    ([row(1000, extra={"fractional": 30, "currency": "EUR"})], "`$[0].extra`"),
    ([row(1000, extra={"value": "0.30", "unit": "EUR"})], "`$[0].extra`"),
    ([row(1000, extra={"minor_units": 30, "currency": "EUR"})], "`$[0].extra`"),
    ([row(1000, extra={"units": 3, "nanos": 0, "currencyCode": "EUR"})], "`$[0].extra`"),
    ([row(1000, extra={"value": 0.3, "code": "EUR"})], "`$[0].extra`"),
    ([row(1000, extra=[{"value": "0.30", "iso": "EUR"}])], "`$[0].extra[*]`"),
    ({"usage": [TEN], "extra": {"amountValue": 30, "currencyIso": "EUR"}}, "`$.extra`"),
    ([{"product": "vm", "total": {**eur(1000), "value": "9.00"}}], "`$[0].total.value`"),
    ([{"product": "vm", "total": {**eur(1000), "decimal": 9}}], "`$[0].total.decimal`"),
    ([{"product": "vm", "total": {**eur(1000), "formatted": "9,00 €"}}], "`$[0].total.formatted`"),
    ([{"product": "vm", "total": {**eur(1000), "currency": "USD"}}], "`$[0].total.currency`"),
    ({"usage": [TEN], "total": {**eur(1000), "value": "9.00"}}, "`$.total.value`"),
    ({"usage": [TEN], "credits": [-3]}, "`$.credits[*]`"),
    ({"usage": [TEN], "credits": [{"value": -300, "id": 7}]}, "`$.credits[*].value`"),
    ({"usage": [TEN], "credit_note": {"sla": {"value": "-3.00"}}}, "`$.credit_note.sla.value`"),
    ({"usage": [TEN], "deductions": [{"value": -3}]}, "`$.deductions[*].value`"),
    ([{**TEN, "refunds": [{"value": -300, "quantity": 2}]}], "`$[0].refunds[*].value`"),
    ({"usage": [TEN], "credit_cents": -300, "currency": "EUR"}, "`$.credit_cents`"),
    ({"usage": [TEN], "creditNotes": [{"totalAmount": 5}]}, "`$.creditNotes[*].totalAmount`"),
    ({"usage": [TEN], "adjustment": "-3.00 EUR"}, "`$.adjustment`"),
    ({"usage": [TEN], "note": "€3"}, "`$.note`"),
    ({"usage": [TEN], "support": eur(1000)}, "`$.support`"),
    ({"usage": [TEN], "support": [{"total": eur(1000)}]}, "`$.support[*].total`"),
    ({"usage": [TEN], "fee": {"amount": 5, "currency": "EUR"}}, "`$.fee`"),
    ({"usage": [TEN], "meta": {"total": eur(900)}}, "`$.meta.total`"),
    ({"usage": [TEN], "grand_total": eur(1190)}, "`$.grand_total`"),
    ({"usage": [TEN], "organization": {"id": ORG, "credit": eur(-300)}}, "`$.organization.credit`"),
    ({"usage": [TEN], "old": {"usage": [row(500)]}}, "`$.old.usage[*].total`"),
    ({"data": {"usage": [TEN], "x": {"y": {"fee": eur(1)}}}}, "`$.data.x.y.fee`"),
    ({"usage": {PROJECT: {PRODUCT: {"total": eur(1000)}}}, "refund": eur(-5)}, "`$.refund`"),
    (
        {"projects": [{"id": PROJECT, "products": [TEN], "credits": [{"amount": eur(-300)}]}]},
        "`$.projects[0].credits[*].amount`",
    ),
    (
        {"projects": [{"id": PROJECT, "products": [{**TEN, "discount": eur(200)}]}]},
        "`$.projects[0].products[0].discount`",
    ),
    # An amount beside a unit of money, beside a quantity, or of what is called money.
    ([{**TEN, "extra": {"amount": 3, "unit": "EUR"}}], "`$[0].extra`"),
    ([{**TEN, "extra": {"amount": 3, "unit": "€"}}], "`$[0].extra.amount`"),
    ([{**TEN, "extra": {"amount": 3, "unit": "cent"}}], "`$[0].extra.amount`"),
    ([{**TEN, "extra": {"amount": 3, "unit": None}}], "`$[0].extra.amount`"),
    ([{**TEN, "extra": {"amount": 3, "unit": "h", "hours": 7}}], "`$[0].extra.amount`"),
    ([{**TEN, "credit": {"amount": 3, "unit": "h"}}], "`$[0].credit.amount`"),
    ([{**TEN, "usage_amount": 3, "unit": "h", "quantity": 7}], "`$[0].usage_amount`"),
    ([{**TEN, "usage_amount": 3}], "`$[0].usage_amount`"),
    ([{**TEN, "fee_amount": 3, "unit": "h"}], "`$[0].fee_amount`"),
    ([{**TEN, "usage_amount": eur(3), "unit": "h"}], "`$[0].usage_amount`"),
    ([{**TEN, "total_usage": 3.5}], "`$[0].total_usage`"),
    ([{**TEN, "tax": eur(190)}], "`$[0].tax`"),
    ([{**TEN, "tax": 1.9}], "`$[0].tax`"),
    ([TEN, {**TEN, "fee": eur(50)}], "`$[1].fee`"),
    ([{**TEN, "fee": eur(50)}, {**TEN, "fee": eur(60)}], "`$[*].fee` (2 times)"),
    ([{**TEN, "lines": [{"total": eur(400)}]}], "`$[0].lines[*].total`"),
    (
        [{"product": {"id": PRODUCT, "price": eur(7)}, "quantity": 100, "total": eur(1000)}],
        "`$[0].product.price`",
    ),
]


@pytest.mark.parametrize(("value", "places"), UNREAD)
def test_an_amount_that_nobody_read_is_named_and_makes_a_gap(value: Any, places: str) -> None:
    listing = asked(value)
    assert listing.gaps == (f"amounts that were not read: {places}",)
    assert total(listing) == "20.00 EUR" if len(listing.rows[0].charges) == 2 else "10.00 EUR"


def hours(*cents: int) -> list[dict[str, Any]]:
    return [
        {"timestamp": f"2026-10-01T0{at}:00:00Z", "quantity": 1, "cost": eur(each)}
        for at, each in enumerate(cents)
    ]


@pytest.mark.parametrize(
    "key",
    [
        *("entries", "records", "usage", "data", "items", "lines", "hours", "details", "hourly"),
        *("days", "daily", "metering", "parts"),
    ],
)
def test_a_list_that_adds_up_to_its_row_breaks_it_down_whatever_it_is_called(key: str) -> None:
    # 0.01 + 0.01 + 0.01 of 0.03
    vm = {"product_id": PRODUCT, "project_id": PROJECT, "unit": "hour", "quantity": 3}
    whole = {**vm, "total": eur(3), key: hours(1, 1, 1)}
    for value in ([whole], {"products": [whole]}, {"projects": [{"products": [whole]}]}):
        listing = asked(value)
        assert (total(listing), listing.gaps) == ("0.03 EUR", ())
    for cents in ((1, 1), (1, 1, 2)):
        listing = asked([{**whole, key: hours(*cents)}])
        named = f"`$[*].{key}[*].cost` ({len(cents)} times)"
        assert (total(listing), listing.gaps) == (
            "0.03 EUR",
            (f"amounts that were not read: {named}",),
        )


def _around(vm: dict[str, Any], *, key: str = "entries") -> list[Any]:
    """Return replies in which an object is around two hours of 2.50 and 1.50."""
    whole = {**vm, key: hours(250, 150)}
    named = {"id": PRODUCT, "name": "vm", **whole}
    return [
        {"projects": [{"id": PROJECT, "products": [named]}]},
        {"products": [named]},
        {"products": {PRODUCT: whole}},
        {PROJECT: {PRODUCT: whole}},
        [{"product_id": PRODUCT, "project_id": PROJECT, **whole}],
        {"projects": [{"id": PROJECT, **vm, "products": [row(250), row(150, "db")]}]},
    ]


@pytest.mark.parametrize(
    "price",
    [
        {"unit_price": eur(50)},
        {"unit_price": eur("0.5"), "unit": "hour"},
        {"unit_price_cents": 50, "unit_price_currency": "EUR"},
        {"price": eur(50), "unit": "hour"},
        {"price_cents": 50, "currency": "EUR", "unit": "hour"},
        # 8 of 0.50 are the 4.00 of the rows; 3 of 0.50 are not, but a total says that these count.
        {"unit_price": eur(50), "quantity": 8},
        {"unit_price": eur(50), "quantity": 8, "total": eur(400)},
        {"unit_price": eur(50), "hours": 3, "cost": eur(400)},
        {"price": eur(50), "unit": "hour", "quantity": 8},
    ],
)
@pytest.mark.parametrize("key", ["usage", "entries", "items", "lines"])
def test_the_price_of_a_unit_around_rows_is_no_money_charged(
    price: dict[str, Any], key: str
) -> None:
    for value in _around(price, key=key):
        listing = asked(value)
        assert (total(listing), listing.gaps) == ("4.00 EUR", ())


@pytest.mark.parametrize(
    ("price", "name"),
    [
        ({"price": eur(50)}, "price"),
        ({"price": eur(50), "unit": "item", "quantity": 1}, "price"),
        ({"setup_price": eur(50), "unit": "hour"}, "setup_price"),
        # 10 of 0.50 are 5.00, and the rows cost 4.00.
        ({"unit_price": eur(50), "quantity": 10}, "unit_price"),
    ],
)
def test_a_price_around_rows_that_may_be_charged_is_a_gap(price: dict[str, Any], name: str) -> None:
    for value in _around(price):
        listing = asked(value)
        assert total(listing) == "4.00 EUR"
        (gap,) = listing.gaps
        assert gap.startswith("amounts that were not read: ")
        assert gap.endswith(f".{name}`")


def test_a_price_of_a_unit_without_rows_is_a_gap() -> None:
    assert asked({"usage": [], "unit_price": eur(50)}).gaps == (
        "amounts that were not read: `$.unit_price`",
    )


@pytest.mark.parametrize("key", ["credits", "refunds", "taxes", "fees", "add_ons", "tax_lines"])
def test_what_comes_to_a_cost_or_is_taken_from_it_breaks_none_down(key: str) -> None:
    named = f"amounts that were not read: `$[*].{key}[*].cost` (2 times)"
    listing = asked([row(1000, **{key: hours(400, 600)})])
    assert (total(listing), listing.gaps) == ("10.00 EUR", (named,))


def test_one_thing_alone_that_costs_as_much_may_be_another() -> None:
    support = asked([row(1000, support=hours(1000))])
    assert support.gaps == ("amounts that were not read: `$[0].support[*].cost`",)
    assert asked([row(1000, entries=hours(1000))]).gaps == ()


def test_a_list_beside_the_rows_that_costs_as_much_repeats_them_where_a_total_says_so() -> None:
    value = {"usage": [row(400), row(600, "db")], "servers": [row(700, "ip"), row(300, "lb")]}
    gaps = ("amounts that were not read: `$.servers[*].total` (2 times)",)
    assert (total(asked(value)), asked(value).gaps) == ("10.00 EUR", gaps)
    assert asked({**value, "total": eur(1000)}).gaps == ()
    # 10.00 of 20.00 are a difference, which both lists may be of.
    assert asked({**value, "total": eur(2000)}).gaps == gaps


KNOWN = [
    {"usage": [TEN], "errors": [], "error": None},
    {"usage": [TEN], "meta": {"total": 1, "page": 1}},
    {"usage": [TEN], "recordsTotal": 1, "total_results": 1},
    {"usage": [TEN], "products": [{"id": PRODUCT, "name": "vm", "unit": "hour"}]},
    {"usage": [TEN], "failed_projects": [], "missing": 0, "data_until": "2026-10-31T23:00:00Z"},
    [{"product": "vm", "total": {**eur(1000), "amount": "10.00", "formatted": "10,00 €"}}],
    [{"product": "vm", "total": {**eur(1000), "currency": "eur"}}],
    {"usage": [TEN], "meta": {"total": eur(1000)}},
    {"usage": [TEN], "summary": {"total": eur(1000), "net": eur(1000)}},
    {"usage": [TEN], "grand_total": 10.0},
    {"usage": [TEN], "spend": {"value": 10.0, "count": 3}},
    {"usage": [TEN], "amount_due": 1000},
    {"usage": [TEN], "discount": 0, "credit": eur(0), "tax": {"cents": None}},
    {"usage": [TEN], "vat_rate": 19, "tax_percent": "19", "price_version": 2, "paid_at": 17934},
    {"usage": [row(400), row(600, "db")], "by_project": {"a": eur(400), "b": eur(600)}},
    {
        "usage": [row(400), row(600, "db")],
        "by_project": [{"project": "a", "total": eur(400)}, {"project": "b", "total": eur(600)}],
    },
    [{**row(1000), "net": eur(840), "tax": eur(160)}],
    [{**row(1000), "list_price": eur(1300), "discount": eur(300)}],
    [{**row(1000), "quantity": 50, "price": eur(20), "unit": "hour"}],
    [{**row(1000), "quantity": 50, "product": {"name": "vm", "price": eur(20)}}],
    [{**row(1000), "lines": [{"total": eur(400)}, {"total": eur(600)}]}],
    [{**row(1000), "amount": eur(1000), "cost": 1000}],
    [{**row(1000), "quantity": 5, "unit_amount": 200, "currency": "eur"}],
    [{**row(1000), "quantity": 5, "unit_amount_decimal": "200.0", "currency": "eur"}],
    [{**row(1000), "tiers": [{"up_to": 10, "total": eur(400)}, {"total": eur(600)}]}],
    [{**row(1000), "amount_paid": eur(1000)}],
    [{**row(1000), "total_cents": 1000, "total_currency": "EUR"}],
    # How much there was, and what people call things.
    [{**row(1000), "usage_amount": "744.0", "unit": "Hrs"}],
    [{**row(1000), "lineItem/UsageAmount": 744, "pricing/unit": "Hrs"}],
    [{**row(1000), "usage": {"amount": 744, "unit": "hour"}}],
    [{**row(1000), "consumption": {"amount": "18600.00", "uom": "GB"}}],
    [{**row(1000), "quantity": {"amount": 744, "unit": "hour"}}],
    [{**row(1000), "readings": [{"amount": 700, "unit": "h"}, {"amount": 44, "unit": "h"}]}],
    [{**row(1000), "total_hours": 744.0, "total_vcpus_usage": 1488.0}],
    [{**row(1000), "total_memory_mb_usage": 761856.25, "total_local_gb_usage": 14880.0}],
    [{**row(1000), "tax_class": 1, "revenue_account": 8400}],
    [{**row(1000), "payment_method": {"last4": 4242, "exp_month": 12}}],
    [{**row(1000), "tags": {"price": "5", "credit": 3}, "labels": [{"cost": "5"}]}],
    {"projects": [{"id": PROJECT, "products": [TEN], "tags": {"price": 5}}]},
]


@pytest.mark.parametrize("value", KNOWN)
def test_an_amount_that_repeats_what_was_read_or_is_none_is_no_gap(value: Any) -> None:
    listing = asked(value)
    assert (total(listing), listing.gaps, listing.notes) == ("10.00 EUR", (), ())


@pytest.mark.parametrize(
    "key",
    [
        *("project_total", "sub_total", "monthly_total", "total_charges", "charges_total"),
        *("items_total", "current_total", "billable_total", "projectTotal"),
    ],
)
def test_an_equal_total_of_some_repeats_what_was_read_and_another_is_named(key: str) -> None:
    for value, place in (({"usage": [TEN]}, "$"), ([dict(TEN)], "$[0]")):
        node = value[0] if isinstance(value, list) else value
        for stated in (eur(1000), "10.00 EUR"):
            node[key] = stated
            assert (total(asked(value)), asked(value).gaps) == ("10.00 EUR", ())
        node[key] = eur(1100)
        assert asked(value).gaps == (f"amounts that were not read: `{place}.{key}`",)


@pytest.mark.parametrize("key", ["charges", "monthly", "monthly_charge", "current", "fees_total"])
def test_what_is_called_no_total_may_cost_as_much_and_be_another(key: str) -> None:
    assert asked({"usage": [TEN], key: eur(1000)}).gaps == (
        f"amounts that were not read: `$.{key}`",
    )


def usd(cents: object) -> dict[str, object]:
    return {"cents": cents, "currency_iso": "USD"}


IN_TWO = [row(250), {"product": "db", "total": usd(100)}]


@pytest.mark.parametrize(
    ("rows", "stated"),
    [
        (IN_TWO, {"EUR": eur(250), "USD": usd(100)}),
        (IN_TWO, [eur(250), usd(100)]),
        (IN_TWO, {"EUR": 2.5, "USD": "1.00"}),
        (
            IN_TWO,
            [{"currency": "EUR", "amount": eur(250)}, {"currency": "USD", "amount": usd(100)}],
        ),
        ([row(250)], {"EUR": eur(250)}),
        ([row(250)], [eur(250)]),
        ([row(100), row(150, "db")], {"net": eur(250)}),
    ],
)
def test_a_total_per_currency_repeats_the_rows(rows: list[Any], stated: Any) -> None:
    for value in (
        {"usage": rows, "total": stated},
        {"projects": [{"products": rows, "total": stated}]},
    ):
        listing = asked(value)
        assert (listing.gaps, listing.rows[0].stated_total) == ((), None)


@pytest.mark.parametrize(
    ("rows", "stated"),
    [
        (IN_TWO, {"EUR": eur(250)}),
        (IN_TWO, {"EUR": eur(250), "USD": usd(0)}),
        (IN_TWO, {"EUR": eur(250), "USD": usd(200)}),
        (IN_TWO, [eur(250)]),
        ([row(250)], {"EUR": eur(300)}),
        ([row(250)], {"EUR": eur(250), "USD": usd(100)}),
        ([row(250)], [eur(250), usd(100)]),
        ([row(250)], [eur(250), eur(50)]),
        ([row(250)], {"net": eur(250), "fees": eur(50)}),
        ([row(250)], {}),
        ([row(250)], []),
    ],
)
def test_a_total_per_currency_that_says_anything_else_is_a_gap(
    rows: list[Any], stated: Any
) -> None:
    for value in (
        {"usage": rows, "total": stated},
        {"projects": [{"products": rows, "total": stated}]},
    ):
        listing = asked(value)
        assert total(listing).startswith("2.50 EUR")
        assert listing.gaps[0].startswith("amounts that were not read: `$")


def test_net_tax_and_gross_may_stand_in_a_total() -> None:
    stated = {"net": eur(1000), "tax": eur(190), "gross": eur(1190)}
    listing = asked({"usage": [TEN], "total": stated})
    assert (total(listing), listing.gaps) == ("10.00 EUR", ())
    assert listing.notes == ("amounts that were not read: `$.total.tax`, `$.total.gross`",)
    odd = asked({"usage": [TEN], "total": {**stated, "gross": eur(1290)}})
    assert odd.gaps != ()


def test_a_second_list_of_rows_that_cost_the_same_is_a_gap_without_a_total() -> None:
    value = {"usage": [row(400), row(600, "db")], "line_items": [row(700, "ip"), row(300, "lb")]}
    gaps = ("amounts that were not read: `$.line_items[*].total` (2 times)",)
    assert (total(asked(value)), asked(value).gaps) == ("10.00 EUR", gaps)
    # A total over the rows says that they are the whole, a name that the others break it down.
    assert asked({**value, "total": eur(1000)}).gaps == ()
    assert asked({"usage": value["usage"], "items_by_zone": value["line_items"]}).gaps == ()


# Read are 10.00, of which 3.00 are taken: 7.00 are left to pay, and nobody read them.
REDUCED = [
    ({"subtotal": 1000, "discount": 300, "total": 700}, "discount total"),
    ({"discount": 300, "total": 700}, "discount total"),
    ({"credit": -300, "amount_due": 700}, "credit amount_due"),
    ({"credits": 300, "grand_total": 700}, "credits grand_total"),
    ({"voucher": 300, "payable": 700}, "voucher payable"),
    ({"refund": 300, "remaining": 700}, "refund remaining"),
    ({"price": 1000, "coupon": -300, "price_after_coupon": 700}, "coupon price_after_coupon"),
    ({"sponsoring": 300, "totalDue": 700}, "sponsoring totalDue"),
    ({"amount": 1000, "list_price": 1400, "rabatt": 300, "due": 700}, "list_price rabatt due"),
]


@pytest.mark.parametrize(("stated", "unread"), REDUCED)
def test_a_reduction_of_what_was_read_is_unread_though_what_it_leaves_is_stated(
    stated: dict[str, int], unread: str
) -> None:
    around = {key: eur(cents) for key, cents in stated.items()}
    rows = {"usage": [TEN]}
    for value, at in (
        ({**rows, "summary": around}, "$.summary"),
        ({"data": {**rows, "summary": around}}, "$.data.summary"),
        (
            {"projects": [{"id": PROJECT, "products": [TEN], "totals": around}]},
            "$.projects[0].totals",
        ),
        ([{**TEN, "cost": around}], "$[0].cost"),
    ):
        named = ", ".join(f"`{at}.{key}`" for key in unread.split())
        listing = asked(value)
        assert (total(listing), listing.gaps) == (
            "10.00 EUR",
            (f"amounts that were not read: {named}",),
        )


@pytest.mark.parametrize(
    "vm",
    [
        {"cost": eur(1000), "discount": eur(300), "amount": eur(700)},
        {"cost": eur(1000), "discount": eur(-300), "amount": eur(700)},
        {"cost": eur(1000), "credits": [{"amount": eur(-300)}], "amount_due": eur(700)},
        {"total": eur(1000), "items": [{"cost": eur(1000), "discount": 3, "amount": eur(700)}]},
    ],
)
def test_a_row_that_states_more_than_is_left_to_pay_is_a_gap(vm: dict[str, Any]) -> None:
    listing = asked([{"product": "vm", **vm}])
    assert total(listing) == "10.00 EUR"
    assert ["discount" in gap or "credits" in gap for gap in listing.gaps] == [True]


@pytest.mark.parametrize(
    "vm",
    [
        {"cost": eur(700), "discount": eur(300), "list_price": eur(1000)},
        {"cost": eur(700), "discount": eur(-300), "list_price": eur(1000)},
        {"cost": eur(700), "summary": {"subtotal": eur(1000), "credit": 3, "total": eur(700)}},
        {"cost": eur(700), "paid": eur(300), "amount_due": eur(400)},
        {"cost": eur(700), "tax": eur(112), "grand_total": eur(588)},
        {"cost": eur(700), "tax": eur(112), "net_after_discount": eur(588)},
        {"cost": eur(700), "items": [{"list_price": 10, "discount": 3, "cost": eur(700)}]},
    ],
)
def test_a_reduction_that_leaves_what_was_read_is_in_it(vm: dict[str, Any]) -> None:
    # 10.00 - 3.00 = 7.00, of which 3.00 + 4.00 or 1.12 + 5.88 may be stated, too.
    listing = asked([{"product": "vm", **vm}])
    assert (total(listing), listing.gaps) == ("7.00 EUR", ())


def test_a_charge_taken_back_has_its_list_price_and_its_discount_with_its_sign() -> None:
    back = {"list_price": eur(-1000), "discount": eur(300)}
    listing = asked([row(1000), {**row(-700, "db"), **back}])
    assert (total(listing), listing.gaps) == ("3.00 EUR", ())


# The rows are 10.00 EUR; a total in cents names no currency.
@pytest.mark.parametrize("key", ["total_cents", "cost_cents", "amount_cents"])
def test_a_total_in_cents_of_no_currency_repeats_the_rows_or_is_a_gap(key: str) -> None:
    for known in (1000, "1000", None):
        assert asked({"usage": [TEN], key: known}).gaps == ()
    for other in (1200, 1, 0, "n/a", True):
        gaps = (f"amounts that were not read: `$.{key}`",)
        assert asked({"usage": [TEN], key: other}).gaps == gaps


VAT = {"net": eur(1000), "tax": eur(190), "gross": eur(1190)}


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ([{**TEN, **VAT}], "`$[0].tax`, `$[0].gross`"),
        ([{**TEN, "net": 10.0, "tax": 1.9, "gross": 11.9}], "`$[0].tax`, `$[0].gross`"),
        ([{**TEN, **VAT, "tax": eur(190.04)}], "`$[0].tax`, `$[0].gross`"),  # to the cent
        ([{**TEN, "amounts": VAT}], "`$[0].amounts.tax`, `$[0].amounts.gross`"),
        ({"usage": [TEN], **VAT}, "`$.tax`, `$.gross`"),
        ({"usage": [TEN], "total": eur(1000), **VAT}, "`$.tax`, `$.gross`"),
        (
            {"usage": [TEN], "net": eur(1000), "vat": eur(190), "totalGross": eur(1190)},
            "`$.vat`, `$.totalGross`",
        ),
        ([{**row(400), **VAT, "net": eur(400), "gross": eur(590)}], "`$[0].tax`, `$[0].gross`"),
        ([{**TEN, **VAT, "net": None}], "`$[0].tax`, `$[0].gross`"),
    ],
)
def test_a_tax_on_what_was_read_is_no_part_of_the_cost_and_mentioned(
    value: Any, named: str
) -> None:
    # 10.00 net + 1.90 tax = 11.90 gross; 4.00 + 1.90 = 5.90.
    listing = asked(value)
    cost = "4.00 EUR" if "400" in json.dumps(value) else "10.00 EUR"
    assert (total(listing), listing.gaps) == (cost, ())
    assert listing.notes == (f"amounts that were not read: {named}",)


@pytest.mark.parametrize(
    "names",
    [
        ("net", "tax", "gross"),
        ("net", "tax", "total"),
        ("subtotal", "tax", "total"),
        ("subtotal", "tax", "amount"),
        ("total_excluding_tax", "tax", "total_including_tax"),
        ("total_untaxed", "total_tax", "total_taxed"),
        ("price_without_tax", "tax", "price_with_tax"),
        ("amount_excl_vat", "vat", "amount_incl_vat"),
        ("total", "tax", "total_incl_tax"),
        ("total", "vat", "total_gross"),
        ("sub_total", "vat", "grand_total"),
        ("netto", "mwst", "brutto"),
        ("nettobetrag", "umsatzsteuer", "bruttobetrag"),
    ],
    ids="-".join,
)
def test_a_net_a_tax_and_a_gross_are_one_fact_by_whatever_names(
    names: tuple[str, str, str],
) -> None:
    # 7.00 + 3.00 = 10.00, on which are 1.90: 11.90 with it.
    rows = [row(700), row(300, "disk")]
    net, tax, gross = names
    for amounts in ((1000, 190, 1190), (1000, 0, 1000)):
        said = {name: eur(cents) for name, cents in zip(names, amounts, strict=True)}
        listing = asked({"usage": rows, **said})
        assert (total(listing), listing.gaps) == ("10.00 EUR", ())
        assert all(check.holds for check in listing.rows[0].checks)
    inside = asked({"projects": [{"id": PROJECT, "products": rows, **VAT}]})
    assert (total(inside), inside.gaps) == ("10.00 EUR", ())
    noted = asked({"usage": rows, **dict(zip(names, map(eur, (1000, 190, 1190)), strict=True))})
    assert noted.notes == (f"amounts that were not read: `$.{tax}`, `$.{gross}`",)
    # Of another tax than what the gross has more, and of none at all, nothing is explained.
    for odd in ({tax: eur(191)}, {tax: None}):
        said = {net: eur(1000), tax: eur(190), gross: eur(1190), **odd}
        listing = asked({"usage": rows, **said})
        assert listing.gaps or any(not check.holds for check in listing.rows[0].checks)


@pytest.mark.parametrize(
    ("other", "named"),
    [
        ({"gross": eur(1191)}, "`$[0].tax`, `$[0].gross`"),
        ({"net": eur(900)}, "`$[0].net`"),
        ({"gross": None}, "`$[0].tax`"),
        ({"gross": None, "fee": eur(1190)}, "`$[0].tax`, `$[0].fee`"),
        ({"fee": eur(5)}, "`$[0].fee`"),
    ],
)
def test_a_tax_that_does_not_add_up_is_a_gap(other: dict[str, Any], named: str) -> None:
    listing = asked([{**TEN, **VAT, **other}])
    assert (total(listing), listing.gaps) == (
        "10.00 EUR",
        (f"amounts that were not read: {named}",),
    )


@pytest.mark.parametrize(
    "standing",
    [
        *({"type": "credit"}, {"kind": "refund"}, {"direction": "credit"}),
        *({key: "credit"} for key in ("charge_type", "record_type", "line_type", "itemCategory")),
        *({"line_item_type": "Refund"}, {"transaction_type": "credit"}, {"entry_kind": "discount"}),
        *({"usage_status": "estimated"}, {"billing_status": "void"}, {"aasm_state": "cancelled"}),
        *({"status": "cancelled"}, {"state": "voided"}, {"status": "forecast"}),
        *({"type": "estimated"}, {"estimated": True}, {"is_credit": True}, {"isForecast": "true"}),
        *({"name": "Discount"}, {"description": "Gutschrift"}, {"kind": "projection"}),
        *(
            {"name": "Refund SLA"},
            {"description": "Gutschrift September"},
            {"name": "Credit note 7"},
        ),
        *({"is_final": False}, {"final": "false"}, {"complete": False}),
        *({"billable": False}, {"is_billable": "no"}, {"chargeable": False}),
        *({"waived": True}, {"is_free": True}, {"excluded": 1}, {"non_billable": True}),
        *({"superseded_by": "r2"}, {"replaced_by": "r2"}, {"replaced_at": "2026-10-30"}),
        *({"superseded_by": {"id": "r2"}}, {"voided": {"at": "2026-11-02"}}, {"replaces": ["r1"]}),
        *({"superseded": True}, {"corrected": True}, {"corrects": "r1"}, {"wasRefunded": True}),
        *({"status": "superseded"}, {"status": "replaced"}, {"state": "corrected"}),
        *({"status": "pending"}, {"status": "disputed"}, {"status": "not_billed"}),
        *({"status": "not billed"}, {"type": "trial"}, {"trial": True}, {"free_tier": True}),
    ],
)
def test_a_row_that_may_count_otherwise_makes_the_month_partial(standing: Any) -> None:
    (key,) = standing
    listing = asked([row(1000), {**row(300, "db"), **standing}])
    assert (total(listing), listing.gaps) == (
        "13.00 EUR",
        (
            "cancelled, replaced, not billed, not final, not all, or given back without a minus: "
            f"`$[1].{key}`",
        ),
    )
    minus = asked([row(1000), {**row(-300, "db"), "type": "credit"}])
    assert (total(minus), minus.gaps) == ("7.00 EUR", ())
    back = asked([row(1000), row(-300, "db", corrects="r1")])
    assert (total(back), back.gaps) == ("7.00 EUR", ())
    final = {"status": "final", "type": "usage", "estimated": False, "billable": True}
    final |= {"superseded_by": None, "corrected": False, "replaces": "", "trial": {"ends": None}}
    final |= {"replaced_by": {"id": None}, "disputed": [], "voided": {}}
    final |= {"server_status": "deleted", "project_state": "cancelled", "power_state": "pending"}
    final |= {"payment_type": "credit", "usage_status": "final", "line_item_type": "Usage"}
    names = {
        "name": "Credit checks",
        "type": "usage",
        "final": True,
        "waived": False,
        "billed": False,
    }
    for said in (final, names):
        listing = asked([{**row(1000), **said}])
        assert (total(listing), listing.gaps) == ("10.00 EUR", ())


def test_a_row_that_was_voided_by_an_object_of_its_times_makes_the_month_partial() -> None:
    times = {"finalized_at": "2026-11-02T00:00:00Z", "voided_at": "2026-11-04T00:00:00Z"}
    listing = asked([row(1000), row(300, "db", status_transitions=times)])
    assert total(listing) == "13.00 EUR"
    assert listing.gaps[0].endswith(": `$[1].status_transitions.voided_at`")
    none = asked([row(300, "db", status_transitions={**times, "voided_at": None})])
    assert (total(none), none.gaps) == ("3.00 EUR", ())


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("complete", False), ("is_final", "false"), ("finalized", False), ("partial", True)),
        *(("estimated", True), ("preliminary", True), ("status", "partial"), ("state", "draft")),
    ],
)
def test_rows_that_are_said_not_to_be_final_or_all_make_the_month_partial(
    key: str, value: Any
) -> None:
    open_ended = (
        "cancelled, replaced, not billed, not final, not all, or given back without a minus: "
    )
    listing = asked({"usage": [TEN], key: value})
    assert total(listing) == "10.00 EUR"
    assert f"{open_ended}`$.{key}`" in listing.gaps
    listing = asked({"projects": [{"id": PROJECT, "products": [TEN], key: value}]})
    assert total(listing) == "10.00 EUR"
    assert f"{open_ended}`$.projects[0].{key}`" in listing.gaps
    listing = asked({"usage": [TEN], "meta": {key: value}})
    assert f"{open_ended}`$.meta.{key}`" in listing.gaps
    fine = {"complete": True, "final": True, "partial": False, "estimated": None}
    fine |= {"status": "deleted", "deleted": True}  # as a project may be, whose costs stand
    assert asked({"usage": [TEN], **fine}).gaps == ()
    assert asked({"usage": [TEN], "meta": {"final": True, "status": "ok"}}).gaps == ()


NOT_READY: list[tuple[dict[str, Any], str]] = [
    *(({"status": word}, "status") for word in ("processing", "pending", "queued", "incomplete")),
    ({"status": "in_progress"}, "status"),
    ({"state": "calculating"}, "state"),
    ({"meta": {"status": "processing"}}, "meta.status"),
    ({"report": {"state": "running"}}, "report.state"),
    *(({key: False}, key) for key in ("ready", "finished", "completed")),
    *(({key: True}, key) for key in ("processing", "pending", "in_progress")),
]


@pytest.mark.parametrize(("said", "key"), NOT_READY)
def test_a_reply_that_is_said_not_to_be_done_is_a_gap(said: dict[str, Any], key: str) -> None:
    for rows in ([TEN], []):
        (gap,) = asked({"usage": rows, **said}).gaps
        assert gap.endswith(f"`$.{key}`")
    assert total(asked({"usage": [TEN], **said})) == "10.00 EUR"
    (gap,) = asked({"data": {"usage": [TEN], **said}}).gaps
    assert gap.endswith(f"`$.data.{key}`")
    for name, rows in (("invoices", [{"id": "m1", "period": "2026-10", "total": 3}]), ("data", [])):
        body = json.dumps({name: rows, **said}).encode()
        (gap,) = invoices(ORG, InvoiceKind.METERING, None, body).gaps
        assert gap == f"not final or not all - at `$.{key}`"
    (gap,) = subscriptions(ORG, json.dumps({"data": [], **said}).encode()).gaps
    assert gap == f"not final or not all - at `$.{key}`"


def test_a_project_or_a_row_may_have_a_status_of_its_own() -> None:
    project = {"id": PROJECT, "status": "pending", "ready": False, "products": [TEN]}
    assert asked({"projects": [project], "status": "ok", "pending": 0}).gaps == ()


def test_a_project_that_is_listed_twice_as_it_is_counts_and_is_a_gap() -> None:
    project = {"id": PROJECT, "name": "a", "products": [TEN]}
    listing = asked({"projects": [project, dict(project), {**project, "id": PRODUCT}]})
    assert (total(listing), listing.gaps) == (
        "30.00 EUR",
        (f"project {PROJECT} is listed twice as it is, and both counted - at `$.projects`",),
    )
    assert asked({"projects": [project, {**project, "region": "de"}]}).gaps == ()
    assert asked({"projects": [{"id": PROJECT, "products": []}] * 2}).gaps == ()
    named = {"id": PROJECT, "usage": [{**TEN, "id": "row 1"}]}
    listing = asked({"projects": [named, dict(named)]})
    assert (total(listing), listing.gaps) == ("10.00 EUR", ())


def test_warnings_are_notes() -> None:
    for warnings in (["db is late"], "db is late", [{"message": "db is late"}]):
        listing = asked({"usage": [TEN], "warnings": warnings})
        assert (listing.gaps, listing.notes) == ((), ("the provider warns: db is late",))


@pytest.mark.parametrize("more", [{"more": True}, {"remaining": 2}, {"paging": {"more": "true"}}])
def test_rows_that_are_said_to_follow_are_a_gap(more: Any) -> None:
    (gap,) = asked({"usage": [TEN], **more}).gaps
    assert "one page of several" in gap
    assert asked({"usage": [TEN], "more": False, "remaining": 0}).gaps == ()


def test_many_places_are_counted() -> None:
    fees = {f"{letter}_fee": eur(7) for letter in "abcdefgh"}
    assert asked({"usage": [TEN], **fees}).gaps == (
        "amounts that were not read: `$.a_fee`, `$.b_fee`, `$.c_fee`, `$.d_fee`, `$.e_fee` "
        "and 3 more places",
    )


def test_an_error_beside_no_rows_is_the_providers_error() -> None:
    errors = [{"code": "late", "message": "Metering is late."}]
    with pytest.raises(DriftError, match=r"states an error: Metering is late\.") as caught:
        asked({"usage": [], "errors": errors})
    assert caught.value.code == "late"
    listing = asked({"usage": [TEN], "errors": errors})
    assert (total(listing), listing.gaps) == (
        "10.00 EUR",
        ("the reply states an error: Metering is late. - at `$`",),
    )


def test_a_total_stated_over_a_project_is_compared_with_its_rows() -> None:
    products = [row(400), row(500, "db")]
    listing = asked(
        {"projects": [{"id": PROJECT, "name": "a", "total": eur(1000), "products": products}]}
    )
    assert (total(listing), listing.gaps) == ("10.00 EUR", ())
    *_, derived = listing.rows[0].charges
    assert (derived.id, str(derived.cost), derived.derived, derived.category) == (
        f"{ORG}/2026-10/{PROJECT}/residual",
        "1.00 EUR",
        True,
        Category.ADJUSTMENT,
    )
    assert (derived.sub_account_name, derived.source) == ("a", "GET /u#/projects/0/total")
    (check,) = listing.rows[0].checks
    assert (check.name, str(check.gap)) == ("total of a vs. its rows", "1.00 EUR")


def test_totals_of_projects_and_over_all_count_each_cent_once() -> None:
    projects = [
        {"id": PROJECT, "total": eur(1000), "products": [row(400), row(500, "db")]},
        {"name": "b", "cost": eur(100), "products": [row(100)]},
    ]
    listing = asked({"projects": projects, "total": eur(1150)})
    assert total(listing) == "11.50 EUR"
    assert [str(check.gap) for check in listing.rows[0].checks] == [
        "0.00 EUR",
        "1.00 EUR",
        "0.50 EUR",
    ]
    assert [str(charge.cost) for charge in listing.rows[0].charges if charge.derived] == [
        "1.00 EUR",
        "0.50 EUR",
    ]


@pytest.mark.parametrize(
    ("rows", "cost", "gap"),
    [
        ([row(400), row(500, "db"), {"total": eur(900)}], "9.00 EUR", "0.00 EUR"),
        ([{"total": eur(900)}, row(400), row(500, "db")], "9.00 EUR", "0.00 EUR"),
        ([row(400), {"total": eur(400)}], "4.00 EUR", "0.00 EUR"),
        ([row(400), row(500), {"quantity": 9, "total": eur(900)}], "9.00 EUR", "0.00 EUR"),
        ([row(400), row(500), {"name": "Summe", "total": eur(900)}], "9.00 EUR", "0.00 EUR"),
    ],
)
def test_a_row_that_adds_up_the_others_is_their_total_and_no_row(
    rows: list[Any], cost: str, gap: str
) -> None:
    for value in (rows, {"usage": rows}, {"projects": [{"id": PROJECT, "products": rows}]}):
        listing = asked(value)
        assert (total(listing), listing.gaps) == (cost, ())
        assert [str(check.gap) for check in listing.rows[0].checks] == [gap]


ODD_TOTAL = "is called a total, and is not what the others add up to"


def test_a_total_over_the_rows_proves_that_one_without_a_product_is_a_charge() -> None:
    projects = [
        {"project_id": PROJECT, "total": eur(350)},
        {"project_id": None, "total": eur(50)},
    ]
    for rows in (projects, projects[::-1]):
        doubt = (
            f"`$.usage[{rows.index(projects[1])}]` names nothing that costs: a charge, or a total"
        )
        proven = asked({"usage": rows, "total": eur(400)})
        assert (total(proven), proven.gaps) == ("4.00 EUR", ())
        assert asked({"usage": rows}).gaps == (doubt,)
        # 3.50 are the project's alone, 4.50 neither; another total says nothing of this list.
        for other in (eur(350), eur(450)):
            assert doubt in asked({"usage": rows, "total": other}).gaps
        beside = asked({"data": {"usage": rows}, "total": eur(450)})
        assert beside.gaps == (doubt.replace("$", "$.data"),)


def test_a_total_over_one_project_settles_nothing_of_another() -> None:
    bare = [{"project_id": PROJECT, "total": eur(350)}, {"total": eur(50)}]
    other = {"usage": [row(100)], "total": eur(100)}
    assert asked([{"usage": bare}, other]).gaps == (
        "`$[0].usage[1]` names nothing that costs: a charge, or a total",
    )


def categories(*rows: dict[str, Any]) -> dict[str, Category]:
    charges = asked([row(400), *rows]).rows[0].charges
    return {str(charge.cost): charge.category for charge in charges}


@pytest.mark.parametrize(
    "tax",
    [
        *({"type": kind} for kind in ("tax", "VAT", "mwst", "ust", "sales_tax", "value added tax")),
        {"category": "tax", "product": "vm"},
        {"kind": "Tax", "project_id": PROJECT},
        {"charge_type": "salesTax"},
        *({"product": name} for name in ("VAT 19%", "MwSt. 19 %", "19,0% USt.", "Tax")),
        {"product": {"name": "VAT (19%)"}},
        {"type": "fee", "description": "Umsatzsteuer 19 %"},
    ],
)
def test_a_row_that_is_called_a_tax_counts_as_one(tax: dict[str, Any]) -> None:
    for cents, cost in ((76, "0.76 EUR"), (-76, "-0.76 EUR")):
        charged = categories({**tax, "total": eur(cents)})
        assert charged == {"4.00 EUR": Category.USAGE, cost: Category.TAX}


@pytest.mark.parametrize(
    "other",
    [
        {"product": "VAT service"},
        {"product": "Tax reports 19%"},
        {"product": "Tax 2"},
        {"product": "db", "type": "usage", "description": "incl. VAT 19%"},
        {"product": "db", "type": "taxable"},
        {"product": "db", "tax_category": "vat"},
        {"product": "db", "tax_rate": "19%"},
        {"product": "19%"},
    ],
)
def test_a_row_that_says_more_or_less_than_a_tax_is_usage(other: dict[str, Any]) -> None:
    assert categories({**other, "total": eur(76)})["0.76 EUR"] is Category.USAGE


MAY_COST = "is called a total and is what others add up to: a charge, or their total"


def test_what_is_called_a_total_is_one_whatever_it_says() -> None:
    listing = asked([row(400), row(500), {"product": "Total", "total": eur(950)}])
    assert (total(listing), listing.gaps) == ("9.50 EUR", (f"`$[2]` {ODD_TOTAL}",))
    assert [str(check.gap) for check in listing.rows[0].checks] == ["0.50 EUR"]


@pytest.mark.parametrize(
    "label",
    [
        *("Total EUR", "Total (net)", "Total:", "Net total", "Total usage", "Sub-total", "overall"),
        *("Summe netto", "Gesamtbetrag", "Gesamt (EUR)", "Zwischensumme 1", "all", "All products"),
    ],
)
@pytest.mark.parametrize("key", ["product", "name", "product_name", "description", "label"])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_row_under_any_label_of_a_total_counts_never(label: str, key: str, at: int) -> None:
    for cents, gaps in ((300, ()), (357, (f"`$[{at}]` {ODD_TOTAL}",))):
        rows = [row(100, "a"), row(200, "b")]
        rows.insert(at, {key: label, "total": eur(cents)})
        listing = asked(rows)
        assert (total(listing), listing.gaps) == ("3.00 EUR", gaps)


def test_totals_per_currency_count_never() -> None:
    usd = {"cents": 200, "currency_iso": "USD"}
    rows = [row(100, "a"), {"product": "b", "total": usd}]
    totals = [row(100, "Total EUR"), {"product": "Total USD", "total": usd}]
    for value in ([*rows, *totals], {"usage": [*rows, *totals]}):
        listing = asked(value)
        assert (total(listing), listing.gaps) == ("1.00 EUR, 2.00 USD", ())


def test_totals_per_currency_in_a_list_repeat_the_rows_as_in_a_map() -> None:
    usd = {"cents": 500, "currency_iso": "USD"}
    rows = [row(100), {"product": "db", "total": usd}]
    for totals in ({"EUR": eur(100), "USD": usd}, [eur(100), usd], [usd, eur(100)], [usd]):
        listing = asked({"usage": rows, "totals": totals})
        assert (total(listing), listing.gaps) == ("1.00 EUR, 5.00 USD", ())
    for totals in ([eur(101), usd], [eur(100), usd, eur(1)]):
        (gap,) = asked({"usage": rows, "totals": totals}).gaps
        assert "`$.totals[*]` (" in gap


@pytest.mark.parametrize(
    ("label", "may_cost"),
    [
        *(("Total Backup", True), ("Backup total", True), ("All Inclusive", True)),
        *(("Total", False), ("Total EUR", False), ("Summe netto", False), ("Gesamtkosten", False)),
        *(
            ("Total cost of project", False),
            ("Total incl. VAT", False),
            ("Summe September 2026", False),
        ),
    ],
)
def test_a_product_that_is_called_like_a_total_of_one_row_is_a_gap(
    label: str, may_cost: bool
) -> None:
    cost = "2.00 EUR" if may_cost else "1.00 EUR"
    for more in ({}, {"project": "a"}):
        listing = asked([row(100), row(100, label, **more)])
        assert (total(listing), listing.gaps) == (cost, (f"`$[1]` {MAY_COST}",) * may_cost)
    several = asked([row(100), row(200, "db"), row(300, label)])
    cost = "6.00 EUR" if may_cost else "3.00 EUR"
    assert (total(several), several.gaps) == (cost, (f"`$[2]` {MAY_COST}",) * may_cost)


@pytest.mark.parametrize("key", ["product", "product_name"])
@pytest.mark.parametrize("name", ["All-Flash Storage", "AI Summary", "Total Backup"])
def test_a_product_with_a_word_of_totals_is_a_charge_where_the_row_says_so(
    name: str, key: str
) -> None:
    parts = [{key: "vm", "total": eur(1000)}, {key: "ip", "total": eur(500)}]
    for more in (
        {"subscription_id": PRODUCT},
        {"subscription": {"id": PRODUCT}},
        {"sku": "af-1"},
        {"unit_price": eur(5), "quantity": 300},
        {"quantity": 300, "unit": "gb"},
    ):
        listing = asked([*parts, {key: name, "total": eur(1500), **more}])
        assert (total(listing), listing.gaps) == ("30.00 EUR", ())
    other = asked([{**parts[0], "project": "a"}, {key: name, "project": "b", "total": eur(1000)}])
    assert (total(other), other.gaps) == ("20.00 EUR", ())
    odd = asked([*parts, {key: name, "total": eur(700)}])
    assert (total(odd), odd.gaps) == ("22.00 EUR", ())
    with_total = asked([*parts, {key: name, "total": eur(700)}, {key: "Total", "total": eur(2200)}])
    assert (total(with_total), with_total.gaps) == ("22.00 EUR", ())


@pytest.mark.parametrize(
    "more",
    [
        {"subscription_id": PRODUCT},
        {"sku": "af-1"},
        {"quantity": 1, "unit": "month"},
        {"quantity": 744, "unit": "hours"},
        {"quantity": 844, "unit": "hours"},
        {"project": "all", "id": "7"},
    ],
)
def test_a_product_with_a_word_of_totals_is_in_doubt_where_its_row_says_what_others_do(
    more: dict[str, Any],
) -> None:
    # 744 and 100 hours are 844.
    shared = {"subscription_id": PRODUCT, "sku": "af-1", "project": "a", "unit": "hours"}
    parts = [row(1000, quantity=744, **shared), row(500, "ip", quantity=100, **shared)]
    listing = asked([*parts, row(1500, "All-Flash Storage", **more)])
    assert (total(listing), listing.gaps) == ("30.00 EUR", (f"`$[2]` {MAY_COST}",))


@pytest.mark.parametrize(("more", "gaps"), [({"unit_price": eur(100), "quantity": 10}, 0), ({}, 1)])
def test_an_item_with_a_word_of_totals_is_billed(more: dict[str, Any], gaps: int) -> None:
    items = [row(1000), row(1000, "All-Flash Storage", **more)]
    body = json.dumps([{"id": "i1", "period": "2026-10", "total": eur(2000), "items": items}])
    listing = invoices(ORG, InvoiceKind.METERING, None, body.encode())
    (invoice,) = listing.rows
    assert [str(line.cost) for line in invoice.lines] == ["10.00 EUR"] * 2
    assert sum(MAY_COST in gap for gap in listing.gaps) == gaps


def test_an_item_that_adds_up_the_others_is_their_total_beside_one_that_may_be_billed() -> None:
    # 10.00 and 10.00 are billed, perhaps, and 20.00 is what both add up to.
    items = [row(1000), row(1000, "All-Flash Storage"), {"total": eur(2000)}]
    body = json.dumps([{"id": "i1", "period": "2026-10", "total": eur(2000), "items": items}])
    listing = invoices(ORG, InvoiceKind.METERING, None, body.encode())
    (invoice,) = listing.rows
    assert [str(line.cost) for line in invoice.lines] == ["10.00 EUR"] * 2
    (gap,) = listing.gaps
    assert MAY_COST in gap
    # Of usage that total says that both are.
    usage = asked(items)
    assert (total(usage), usage.gaps) == ("20.00 EUR", ())


def test_hours_of_a_product_with_a_word_of_totals_are_charges() -> None:
    one = {"quantity": 1, "unit": "hour"}
    rows = [
        row(cents, name, hour=f"2026-10-05T{hour:02}:00:00Z", **one)
        for hour in range(3)
        for name, cents in (("vm", 1), ("ip", 1), ("All-Flash Storage", 3))
    ]
    assert (total(asked(rows)), asked(rows).gaps) == ("0.15 EUR", ())


RECORDS = [f"{each}e3b0c44-98fc-4c14-9afb-f4c8996fb924" for each in range(3)]


@pytest.mark.parametrize("name", ["Total compute", "Compute summary"])
@pytest.mark.parametrize(
    "more",
    [
        {"id": RECORDS[2]},
        {"uuid": RECORDS[2]},
        {"usage_id": RECORDS[2], "quantity": 1, "unit": "month"},
        {"quantity": 1, "unit": "month"},
        {"quantity": 1, "unit_price": eur(1500)},
        {"quantity": 744, "unit": "hour"},
    ],
)
def test_a_record_of_a_sum_or_one_month_of_it_is_no_product(name: str, more: Any) -> None:
    # 10.00 and 5.00 are 15.00, which their total says again: no id of a record, and no quantity
    # that the others have, too, tells it from a product.
    hours = {"quantity": 744, "unit": "hour"}
    parts = [row(1000, id=RECORDS[0], **hours), row(500, "ip", id=RECORDS[1], **hours)]
    for summed in ([*parts, row(1500, name, **more)], [row(1500, name, **more), *parts]):
        listing = asked(summed)
        at = summed.index(row(1500, name, **more))
        assert (total(listing), listing.gaps) == ("30.00 EUR", (f"`$[{at}]` {MAY_COST}",))
    other = asked([*parts, row(1400, name, **more)])
    assert (total(other), other.gaps) == ("29.00 EUR", ())
    for cents, cost in ((1500, "15.00 EUR"), (3000, "30.00 EUR")):  # which settles it
        over_all = asked({"usage": [*parts, row(1500, name, **more)], "total": eur(cents)})
        assert (total(over_all), over_all.gaps) == (cost, ())
        assert not any(charge.derived for charge in over_all.rows[0].charges)


@pytest.mark.parametrize("key", ["products", "projects"])
def test_a_sum_with_an_id_among_products_or_projects_is_in_doubt(key: str) -> None:
    costs = {"vm": 1000, "ip": 500, "Total": 1500}
    things = [
        {"id": ident, "name": name, "total": eur(cents)}
        for ident, (name, cents) in zip(RECORDS, costs.items(), strict=True)
    ]
    assert asked({key: things}).gaps == (f"`$.{key}[2]` {MAY_COST}",)
    listing = asked({key: [*things[:2], {**things[2], "total": eur(1400)}]})
    assert (total(listing), listing.gaps) == ("29.00 EUR", ())


@pytest.mark.parametrize("name", ["Total compute", "Total for project web", "Web total"])
def test_a_total_of_something_is_never_counted_for_certain(name: str) -> None:
    web = {"project_id": PROJECT, "project_name": "web", "subscription_id": PRODUCT, "unit": "hour"}
    parts = [row(1000, "a", quantity=744, **web), row(500, "b", quantity=744, **web)]
    for more in (
        {},
        {"project_id": PROJECT},
        {"project": "web"},
        {**web, "quantity": 1488},
        {"id": "total-web"},
        {"project": "all"},
        {"subscription": {"id": PRODUCT}},
        {"quantity": 1488, "unit": "hour", "unit_price": eur(1)},
    ):
        listing = asked([*parts, row(1500, name, **more)])
        assert (total(listing), listing.gaps) == ("30.00 EUR", (f"`$[2]` {MAY_COST}",))


def test_a_total_over_all_says_whether_what_is_called_like_one_counts() -> None:
    parts = [row(1000), row(500, "ip")]
    twice = asked([*parts, row(1000, "Total compute"), row(500, "Total network")])
    assert (total(twice), twice.gaps) == ("30.00 EUR", (f"`$[*]` (2 times) {MAY_COST}",))
    charged = asked([*parts, row(1500, "Total compute"), row(3000, "Total")])
    assert (total(charged), charged.gaps) == ("30.00 EUR", ())
    left_out = asked([*parts, row(1500, "Total compute"), row(1500, "Total")])
    assert (total(left_out), left_out.gaps) == ("15.00 EUR", ())


def test_subtotals_of_projects_count_never() -> None:
    p, q = [row(100, "a", project="p")], [row(200, "b", project="q")]
    subtotals = [row(100, "Subtotal", project="p"), row(200, "Subtotal", project="q")]
    for rows in ([*p, subtotals[0], *q, subtotals[1]], [*subtotals, *p, *q]):
        listing = asked([*rows, row(300, "Total")])
        assert (total(listing), listing.gaps) == ("3.00 EUR", ())
    projects = [{"name": "p", "products": p}, {"name": "q", "products": q}]
    listing = asked({"projects": [{"name": "Total", "total": eur(300)}, *projects]})
    assert (total(listing), listing.gaps) == ("3.00 EUR", ())
    odd = asked([*p, row(90, "Subtotal", project="p"), *q, row(210, "Subtotal", project="q")])
    assert (total(odd), odd.gaps) == ("3.00 EUR", (f"`$[1]` {ODD_TOTAL}", f"`$[3]` {ODD_TOTAL}"))


def test_a_product_or_project_whose_name_has_a_word_of_totals_counts() -> None:
    for named in ({"product": {"id": PRODUCT, "name": "Total Backup"}}, {"product_id": PRODUCT}):
        listing = asked([row(100), {**named, "name": "Total Backup", "total": eur(5)}])
        assert (total(listing), listing.gaps) == ("1.05 EUR", ())
    listing = asked([row(100), {**row(5, "disk"), "description": "Total hours"}])
    assert (total(listing), listing.gaps) == ("1.05 EUR", ())
    alone = asked([row(5, "Total usage")])
    assert (total(alone), alone.gaps) == ("0.05 EUR", ())


FEE = {"project": "a", "unit": "month", "total": eur(1000)}
ROLLED_UP = [
    row(400, project="a", quantity=8),
    row(600, "db", project="a", quantity=12),
    {"project": "a", "product": None, "quantity": 20, "total": eur(1000)},
    {"project": None, "product": None, "quantity": 20, "total": eur(1000)},
]


@pytest.mark.parametrize(
    ("rows", "cents", "gap"),
    [
        ([row(400), {"description": "Base fee", "total": eur(400)}], "8.00 EUR", "`$[1]` {}"),
        (
            [row(400), row(600, "db"), {"name": "Help", "total": eur(1000)}],
            "20.00 EUR",
            "`$[2]` {}",
        ),
        (ROLLED_UP, "10.00 EUR", "`$[*]` (2 times) {}, and left out"),
        ([*ROLLED_UP[:2], {"quantity": 1, **FEE}], "20.00 EUR", "`$[2]` {}"),
    ],
)
def test_a_row_without_a_product_that_adds_them_up_is_a_gap(
    rows: list[Any], cents: str, gap: str
) -> None:
    listing = asked(rows)
    finer = gap.format("is what finer rows add up to: a charge, or their total")
    assert (total(listing), listing.gaps) == (cents, (finer,))


def test_a_line_that_says_what_it_is_for_is_no_total_of_the_others() -> None:
    from billfold_bnerd import invoices

    lines = [{"product": "vm", "total": eur(1000)}, {"name": "Help", "total": eur(1000)}]
    body = json.dumps([{"period": "2026-10", "total": eur(2000), "items": lines}]).encode()
    (invoice,) = invoices.invoices(ORG, "metering", None, body).rows
    assert [str(line.cost) for line in invoice.lines] == ["10.00 EUR", "10.00 EUR"]
    assert [check.holds for check in invoice.checks] == [True]


@pytest.mark.parametrize(
    "rows",
    [
        [row(400), row(400)],
        [row(400), row(500), row(900, "big")],
        [row(400), {"quantity": 1, "total": eur(400)}],
        [{"hours": 1, "total": eur(400)}, {"hours": 1, "total": eur(400)}],
    ],
)
def test_a_row_that_names_what_it_is_for_is_no_total(rows: list[Any]) -> None:
    listing = asked(rows)
    assert (len(listing.rows[0].charges), listing.gaps, listing.rows[0].checks) == (
        len(rows),
        (),
        (),
    )


NAMES = [
    *("uuid", "usage_id", "record_uuid", "subscription", "product_uuid", "productId", "sku"),
    *("product_code", "Product", "resource_id", "server_id", "service", "region", "plan"),
    *("server_type", "category", "server", "volume", "item", "vm"),
]


@pytest.mark.parametrize("key", NAMES)
@pytest.mark.parametrize("kind", ["text", "object"])
def test_a_charge_that_names_another_thing_than_the_others_is_no_total(key: str, kind: str) -> None:
    one, other, third = (
        {"id": name} if kind == "object" else name for name in ("ab-1", "ab-2", "ab-3")
    )
    rows = [{key: one, "hours": 744, "total": eur(400)}, {key: other, "total": eur(400)}]
    three = [{**rows[0], "total": eur(100)}, {**rows[0], key: third, "total": eur(300)}, rows[1]]
    for those in (rows, three, rows[::-1]):
        for value in (those, {"products": [{"id": PRODUCT, "name": "vm", "entries": those}]}):
            listing = asked(value)
            assert (total(listing), listing.gaps) == ("8.00 EUR", ())


@pytest.mark.parametrize("key", NAMES)
def test_what_names_all_things_or_those_of_the_others_is_their_total(key: str) -> None:
    parts = [
        {key: "ab-1", "quantity": 1, "total": eur(400)},
        {key: "ab-2", "quantity": 1, "total": eur(500)},
    ]
    for named in ({}, {key: None}, {key: "Total"}, {key: "all"}, {key: "*"}, {key: 0}):
        listing = asked([*parts, {**named, "total": eur(900)}])
        assert (total(listing), listing.gaps) == ("9.00 EUR", ())


@pytest.mark.parametrize("named", [{"region": "eu"}, {"volume": 9}, {"account_id": "a"}])
def test_a_row_of_what_all_others_are_of_is_their_total(named: dict[str, Any]) -> None:
    parts = [{"sku": "a", "total": eur(400)}, {"sku": "b", "total": eur(500)}]
    shared = named if "volume" not in named else {"volume": 4}
    listing = asked([*({**one, **shared} for one in parts), {**named, "total": eur(900)}])
    assert (total(listing), listing.gaps) == ("9.00 EUR", ())


def test_rows_that_name_a_thing_each_are_charges_whatever_they_add_up_to() -> None:
    for key in ("region", "sku", "service"):
        rows = [{key: name, "total": eur(500)} for name in ("a", "b")]
        assert (total(asked(rows)), asked(rows).gaps) == ("10.00 EUR", ())


def test_a_row_of_nothing_but_an_amount_may_be_a_total_and_is_said_to_be() -> None:
    listing = asked([row(400), row(500, "db"), {"total": eur(950)}])
    assert total(listing) == "18.50 EUR"
    assert listing.gaps == ("`$[2]` names nothing that costs: a charge, or a total",)


BOTH = "'products' beside 'projects', and nothing says whether both count - at `$`"


@pytest.mark.parametrize(
    ("support", "stated", "cost", "gaps"),
    [
        (100, None, "5.00 EUR", (BOTH,)),
        (100, 500, "5.00 EUR", ()),
        # Two views that cost the same are counted once, unless their total says otherwise.
        (400, None, "4.00 EUR", (BOTH,)),
        (400, 400, "4.00 EUR", ()),
        (400, 800, "8.00 EUR", ()),
    ],
)
def test_projects_beside_products_count_as_their_total_says(
    support: int, stated: int | None, cost: str, gaps: tuple[str, ...]
) -> None:
    value = {
        "projects": [{"id": PROJECT, "products": [row(400)]}],
        "products": [{"name": "support", "total": eur(support)}],
        **({} if stated is None else {"total": eur(stated)}),
    }
    listing = asked(value)
    assert (total(listing), listing.gaps) == (cost, gaps)


def test_a_total_in_another_currency_than_its_rows_is_not_added_to_them() -> None:
    listing = asked({"usage": [TEN], "total": {"cents": 1100, "currency_iso": "USD"}})
    assert (total(listing), listing.rows[0].checks) == ("10.00 EUR", ())
    assert listing.gaps == ("the total over the rows is in USD, its rows are not",)


def test_a_total_of_a_project_with_others_rows_in_it_is_not_used() -> None:
    theirs = row(500, "db", organization_id=PRODUCT)
    listing = asked(
        {"projects": [{"name": "a", "total": eur(900), "products": [row(400), theirs]}]}
    )
    assert (total(listing), listing.rows[0].checks) == ("4.00 EUR", ())
    assert listing.notes[-1] == (
        "the total over a is not used: other organizations' rows are in it"
    )


@pytest.mark.parametrize(
    ("fields", "cost", "unit_price"),
    [
        ({"quantity": 744, "price": eur(3), "amount": eur(2232)}, "22.32 EUR", "0.03 EUR"),
        ({"quantity": 744, "price": eur(3), "total": eur(2000)}, "20.00 EUR", "0.03 EUR"),
        ({"quantity": 744, "price": eur(3), "cost": eur(2232)}, "22.32 EUR", "0.03 EUR"),
        ({"quantity": 744, "price": eur(3)}, "None", "0.03 EUR"),
        ({"hours": "744", "price": eur(3)}, "None", "0.03 EUR"),
        ({"unit": "hour", "price": eur(3)}, "None", "0.03 EUR"),
        ({"unit": "hour", "amount": 744, "price": eur(3)}, "None", "0.03 EUR"),
        ({"quantity": 744, "unit_price": eur(3)}, "None", "0.03 EUR"),
        *(
            ({key: 744, "price": eur(3)}, "None", "0.03 EUR")
            for key in ("count", "units", "qty", "durationHours", "instances", "consumed", "gb")
        ),
        ({"consumption": {"value": 250}, "price": eur(3)}, "None", "0.03 EUR"),
        ({"per": "hour", "price": eur(3)}, "None", "0.03 EUR"),
        *(
            ({key: said, "price": eur(3)}, "None", "0.03 EUR")
            for key, said in (
                *(("price_type", "hourly"), ("pricing_model", "per_hour"), ("uom", "h")),
                *(("billing_period", "hourly"), ("granularity", "hour"), ("billed", "Monthly")),
                *(("duration", "P31D"), ("duration", "PT744H"), ("consumed", "744 h")),
                *(("duration", "P1DT12H"), ("plan", "per node hour")),
            )
        ),
        *(
            ({key: said, "price": eur(300)}, "3.00 EUR", "None")
            for key, said in (
                *(("duration", "P1M"), ("duration", "1 month"), ("billing_period", "2026-10")),
                *(("description", "Daily backups"), ("consumed", "yes"), ("name", "Person hours")),
            )
        ),
        ({"readings": [{"quantity": 1}, {"quantity": 1}], "price": eur(3)}, "None", "0.03 EUR"),
        ({"year": 2026, "tags": {"nodes": 3}, "price": eur(300)}, "3.00 EUR", "None"),
        ({"product": {"name": "vm", "cpus": 4}, "price": eur(300)}, "3.00 EUR", "None"),
        ({"price_unit": "hour", "price": eur(3)}, "None", "0.03 EUR"),
        ({"product": {"name": "vm", "unit": "hour"}, "price": eur(3)}, "None", "0.03 EUR"),
        (
            {"product": {"name": "vm", "billing_interval": "hourly"}, "price": eur(3)},
            *("None", "0.03 EUR"),
        ),
        (
            {"product": {"name": "vm", "unit": "hour"}, "quantity": 1, "price": eur(300)},
            *("3.00 EUR", "None"),
        ),
        ({"count": 1, "usage_type": "a", "price": eur(300)}, "3.00 EUR", "None"),
        ({"quantity": "1_0", "price": eur(3)}, "None", "0.03 EUR"),
        ({"quantity": 1, "price": eur(300)}, "3.00 EUR", "None"),
        ({"quantity": 1, "unit": "month", "price": eur(300)}, "3.00 EUR", "None"),
        ({"quantity": 1, "uom": "h", "price": eur(300)}, "3.00 EUR", "None"),
        ({"quantity": 1, "hours": 1, "usage": {"hours": 1}, "price": eur(300)}, "3.00 EUR", "None"),
        # One of what else counts, or of what has a rate: 372 hours at 0.03 are no 0.03.
        *(
            ({"quantity": 1, "unit": "server", **beside, "price": eur(3)}, "None", "0.03 EUR")
            for beside in (
                *({"hours": 372}, {"usage": 500}, {"consumed": 744}, {"usage": {"hours": 744}}),
                *({"size_gb": 100}, {"duration": "P31D"}, {"price_type": "hourly"}),
                *({"price_unit": "hour"}, {"per": "hour"}, {"billing_interval": "hour"}),
                {"product": {"name": "vm", "billing_interval": "hourly"}},
            )
        ),
        # 744 of 0.038125 are 28.365, which another name of all that a row costs states alone.
        *(
            ({"quantity": 744, "unit_price": eur("3.8125"), **cost}, "28.365 EUR", "0.038125 EUR")
            for cost in (
                *({key: eur("2836.5")} for key in ("total_price", "line_total", "totalAmount")),
                {"net_amount_cents": "2836.5", "currency": "EUR"},
            )
        ),
        *(
            ({"quantity": 744, "unit_price": eur("3.8125"), **cost}, "None", "0.038125 EUR")
            for cost in (
                {"net_price": eur("3.8125")},
                {"line_total": eur("2836.5"), "net_amount": eur("2836.5")},
            )
        ),
        ({"price": eur(300), "total_price": eur(300)}, "3.00 EUR", "None"),
        ({"price": eur(300)}, "3.00 EUR", "None"),
        ({"price_cents": 300, "currency": "EUR"}, "3.00 EUR", "None"),
    ],
)
def test_a_price_beside_a_count_is_that_of_one_in_usage_and_in_invoices(
    fields: dict[str, Any], cost: str, unit_price: str
) -> None:
    from billfold_bnerd import invoices

    (charge,) = asked([{"product": "vm", **fields}]).rows[0].charges
    item = {"period": "2026-10", "total": None, "items": [{"product": "vm", **fields}]}
    listing = invoices.invoices(ORG, "metering", None, json.dumps([item]).encode())
    (line,) = listing.rows[0].lines
    for one in (charge, line):
        assert (str(one.cost), str(one.unit_price)) == (cost, unit_price)
        assert (one.reason == "only a price per unit is stated") == (cost == "None")


def test_a_total_of_a_row_under_a_longer_name_is_all_that_it_costs() -> None:
    ovh = {"product": "vm", "quantity": 744, "unit_price": eur("3.8125")}
    for key in ("total_price", "line_total", "total_amount", "net_amount"):
        read = asked([{**ovh, key: eur("2836.5")}])
        assert (total(read), read.gaps) == ("28.365 EUR", ())
        taxed = asked([{**ovh, key: eur("2836.5"), "tax": eur("538.935")}])
        assert taxed.gaps == (f"amounts that were not read: `$[0].{key}`, `$[0].tax`",)
        untaxed = asked([{**ovh, key: eur("2836.5"), "tax": eur(0), "tax_rate": 19}])
        assert (total(untaxed), untaxed.gaps) == ("28.365 EUR", ())
        bare = asked([{**ovh, key: "28.365"}])
        assert bare.gaps[0] == f"amounts that were not read: `$[0].{key}`"
    # Around rows it is none of their total.
    around = asked({"usage": [row(1000)], "net_amount": eur(900)})
    assert (total(around), around.gaps) == (
        "10.00 EUR",
        ("amounts that were not read: `$.net_amount`",),
    )


@pytest.mark.parametrize(
    "names",
    [
        ("amount_untaxed", "amount_tax", "amount_total"),
        ("pretax_amount", "tax_amount", "total_amount"),
        ("total_before_tax", "tax", "total_price"),
        ("subtotal_price", "total_tax", "total_price"),
        ("nettobetrag", "mwst", "total_cost"),
        ("net", "tax", "total_cost"),
        ("subtotal", "vat", "line_total"),
        ("x", "tax", "total_amount"),
    ],
    ids="-".join,
)
def test_a_longer_name_beside_a_tax_may_be_with_that_tax_and_is_no_cost(
    names: tuple[str, str, str],
) -> None:
    # 10.00 + 1.90 = 11.90, beside a row of 3.00: no 14.90.
    taxed = dict(zip(names, map(eur, (1000, 190, 1190)), strict=True))
    read = asked([row(300), {"product": "disk", **taxed}])
    named = ", ".join(f"`$[1].{name}`" for name in names)
    gaps = (f"amounts that were not read: {named}",)
    assert (total(read), read.gaps) == ("3.00 EUR", gaps)
    invoice = {"id": 7, "items": [{"product_name": "disk", **taxed}], "period": "2026-10"}
    listing = invoices(ORG, InvoiceKind.METERING, None, json.dumps([invoice]).encode())
    assert listing.rows[0].total is None
    assert listing.gaps == tuple(gap.replace("$[1]", "$[0].items[0]") for gap in gaps)


def test_a_longer_name_is_no_cost_where_an_object_or_a_list_states_the_tax() -> None:
    for tax in ({"amounts": {"net": eur(1000), "tax": eur(190)}}, {"taxes": [eur(190)]}):
        read = asked([row(300), {"product": "disk", "total_amount": eur(1190), **tax}])
        assert (total(read), len(read.gaps)) == ("3.00 EUR", 1)


@pytest.mark.parametrize(
    "number", ["1_0", "１０", "٣", " 5", "5 ", "+5", "1,5", "0x10", "NaN", "1e5000", ".5", "5."]
)
def test_text_that_json_would_not_take_for_a_number_is_none(number: str) -> None:
    listing = asked([{"product": "vm", "quantity": number, "total": eur(number)}])
    (charge,) = listing.rows[0].charges
    assert (charge.cost, charge.quantity, charge.tags["quantity"]) == (None, None, number)


def test_amounts_of_a_currency_without_a_sure_scale_are_said_to_be() -> None:
    forint = {"cents": 100000, "currency_iso": "huf"}
    listing = asked([{"product": "vm", "total": forint}, {"product": "db", "total": forint}])
    assert total(listing) == "2000.00 HUF"
    assert listing.notes == (
        "2 amounts in HUF: scaled by ISO 4217's 2 decimals, "
        "where other software may count whole units",
    )


@pytest.mark.parametrize(
    "key",
    [
        *("voided_at", "void_at", "refundedAt", "reversed_at", "credited_at", "waived_at"),
        *("invalidated_at", "nullified_at", "withdrawnAt"),
    ],
)
def test_a_row_that_says_when_it_was_taken_back_is_a_gap(key: str) -> None:
    for none in (None, "", False):
        assert asked([row(1000, **{key: none})]).gaps == ()
    listing = asked([row(1000, **{key: "2026-10-20T08:00:00Z"})])
    assert total(listing) == "10.00 EUR"
    (gap,) = listing.gaps
    assert gap.startswith("cancelled, replaced, not billed")
    assert gap.endswith(f"`$[0].{key}`")
    # So is a resource, whose use costs what it did.
    assert asked([row(1000, cancelled_at="2026-10-20", deleted_at="2026-10-20")]).gaps == ()


def test_the_project_of_a_row_may_say_whose_it_is() -> None:
    theirs = {"name": "b", "organization_id": "2d0c9b44-7a1f-4e5b-9c38-61f2a07be5d3"}
    listing = asked([row(400), {"product": "vm", "project": theirs, "total": eur(100)}])
    assert total(listing) == "4.00 EUR"
    assert listing.notes == ("1 of other organizations left out",)


def test_rows_by_organization_are_a_gap() -> None:
    theirs = "2d0c9b44-7a1f-4e5b-9c38-61f2a07be5d3"
    projects = None, "f17a05d3-926e-4b4c-8de0-5c39b82f61a4"  # stated by the rows, or not
    for project in projects:
        ours, other = ({"usage": [row(cents, project_id=project)]} for cents in (400, 100))
        listing = asked({ORG.upper(): ours, theirs: other})
        assert "the rows are by organization, and those of others may be counted" in listing.gaps
        assert [asked(alone).gaps for alone in ({ORG: ours}, {theirs: other})] == [(), ()]


@pytest.mark.parametrize(
    ("beside", "gap"),
    [
        ({"data_until": "2026-10-15T00:00:00Z"}, "known until 2026-10-15T00:00:00Z"),
        ({"meta": {"as_of": "2026-10-15"}}, "known until 2026-10-16T00:00:00Z"),
        ({"aggregated_at": "2026-10-15T00:00:00Z"}, "known until 2026-10-15T00:00:00Z"),
        *(
            ({key: "2026-10-15T00:00:00Z"}, "known until 2026-10-15T00:00:00Z")
            for key in (
                *("last_metered_at", "last_updated_at", "data_updated_at", "synced_until"),
                *("aggregated_until", "last_sync_at", "lastUpdated"),
            )
        ),
        ({"meta": {"last_updated": "2026-10-15"}}, "known until 2026-10-16T00:00:00Z"),
        ({"failed_projects": ["b"]}, "`$.failed_projects`"),
        ({"skipped": 2}, "`$.skipped`"),
    ],
)
def test_a_reply_that_says_it_does_not_know_all_is_a_gap(beside: dict[str, Any], gap: str) -> None:
    listing = asked({"usage": [TEN], **beside})
    assert (total(listing), len(listing.gaps)) == ("10.00 EUR", 1)
    assert listing.gaps[0].endswith(gap)


@pytest.mark.parametrize("key", ["as_of", "data_until", "known_until", "complete_until", "until"])
def test_a_reply_known_until_a_time_without_an_offset_is_so_on_the_latest_clock(key: str) -> None:
    for around in ({key: "2026-10-20T00:00:00"}, {"meta": {key: "2026-10-20 00:00:00"}}):
        listing = asked({"usage": [TEN], **around})
        gap = "the reply says that it is known until 2026-10-20T14:00:00Z"
        assert (total(listing), listing.gaps) == ("10.00 EUR", (gap,))
    # Ten in the morning and fourteen hours are the day before the end, of which a delay is usual.
    for until in ("2026-10-30T10:00:00", "2026-11-30T10:35:00", "9999-12-31T23:59:59"):
        assert asked({"usage": [TEN], key: until}).gaps == ()


@pytest.mark.parametrize(
    ("shown", "is_named"),
    [
        ({"total_formatted": "1.234,50 €"}, False),
        ({"formatted": "EUR 1,234.50"}, False),
        ({"formatted_total": "1.234,60 €"}, True),
        ({"discount_formatted": "1.234,50 €"}, True),
    ],
)
def test_a_text_that_shows_what_was_read_is_no_other_money(
    shown: dict[str, str], is_named: bool
) -> None:
    listing = asked([row(123450, **shown)])
    assert total(listing) == "1234.50 EUR"
    assert [f"`$[0].{key}`" in " ".join(listing.gaps) for key in shown] == [is_named]


@pytest.mark.parametrize("key", ["currency", "currency_iso", "currency_code"])
def test_a_row_that_says_another_currency_than_its_amount_is_a_gap(key: str) -> None:
    for same in ("EUR", "eur", "€", "Euro", None):
        assert asked([row(1000, **{key: same})]).gaps == ()
    listing = asked([row(1000, **{key: "USD"})])
    assert total(listing) == "10.00 EUR"
    assert listing.gaps == (f"of another currency than its amount: `$[0].{key}`",)


READINGS = [{"timestamp": f"2026-10-01T0{hour}:00:00Z", "quantity": 1} for hour in range(2)]
VM = {"id": PRODUCT, "name": "VM", "quantity": 2, "unit": "hour", "total": eur(250)}


@pytest.mark.parametrize("key", ["usage", "entries", "records", "data", "items", "lines"])
def test_a_product_with_its_cost_and_readings_that_cost_nothing_is_one_row(key: str) -> None:
    vm = {**VM, key: READINGS}
    for value in (
        {"projects": [{"id": PROJECT, "products": [vm]}]},
        {"products": [vm]},
        {PROJECT: {PRODUCT: vm}},
        [{**vm, "product_id": PRODUCT}],
    ):
        listing = asked(value)
        assert (total(listing), listing.gaps, listing.rows[0].checks) == ("2.50 EUR", (), ())
        assert [str(one.quantity) for one in listing.rows[0].charges] == ["2"]


def test_a_product_whose_readings_cost_something_is_made_of_them() -> None:
    # 1.00 + 1.50 of 2.50, and of 2.60: 0.10 are derived.
    priced = [{**one, "total": eur(cents)} for one, cents in zip(READINGS, (100, 150), strict=True)]
    for cents, checks in ((250, [True]), (260, [False])):
        listing = asked({"products": [{**VM, "total": eur(cents), "usage": priced}]})
        assert total(listing) == f"{cents / 100:.2f} EUR"
        assert [check.holds for check in listing.rows[0].checks] == checks
    # One that states none is a hole, and a fee is named.
    some = asked({"products": [{**VM, "usage": [READINGS[0], priced[1]]}]})
    assert [one.cost for one in some.rows[0].charges].count(None) == 1
    fee = asked({"products": [{**VM, "usage": [READINGS[0], {**READINGS[1], "fee": eur(5)}]}]})
    assert fee.gaps == ("amounts that were not read: `$.products[0].usage[*].fee`",)


KINDS = ["type", "kind", "category", "label", "title", "charge_type", "line_type"]


@pytest.mark.parametrize("key", KINDS)
def test_money_given_back_with_a_minus_is_no_total_of_what_it_is_taken_from(key: str) -> None:
    # 10.00 - 1.00 = 9.00, and once more - 1.00 = 8.00
    vm = row(1000, project_id=PROJECT, quantity=1)
    for where in ({"project_id": PROJECT}, {}):
        back = {**where, key: "credit", "total": eur(-100)}
        for rows, cost in (([vm, back], "9.00 EUR"), ([vm, back, back], "8.00 EUR")):
            listing = asked(rows)
            assert (total(listing), listing.gaps) == (cost, ())
    assert len(asked([vm, {key: "credit", "total": eur(100)}]).gaps) >= 1


def test_a_row_with_a_minus_may_be_the_total_of_others_with_one() -> None:
    rows = [row(-100, "a", project=PROJECT), row(-50, "b", project=PROJECT)]
    listing = asked([*rows, {"total": eur(-150)}])
    assert (total(listing), listing.gaps) == ("-1.50 EUR", ())
    listing = asked([*rows, {"project": PROJECT, "type": "credit", "total": eur(-150)}])
    finer = "`$[2]` is what finer rows add up to: a charge, or their total, and left out"
    assert (total(listing), listing.gaps) == ("-1.50 EUR", (finer,))
    # Of 10.00 and two credits, one without a name may be the other once more.
    listing = asked([row(1000), rows[0], {"total": eur(-100)}])
    finer = finer.removesuffix(", and left out")
    assert (total(listing), listing.gaps) == ("8.00 EUR", (finer,))


@pytest.mark.parametrize(
    ("cents", "beside", "is_known"),
    [
        ("250.4", {"formatted": "2,50 €"}, True),
        ("250.4", {"formatted": "2.504 €", "value": 2.5, "fractional": 250}, True),
        ("250.5", {"formatted": "2,51 €", "display": "2,50 €"}, True),  # half up, half to even
        ("250.4", {"formatted": "2,51 €"}, False),
        ("250.4", {"formatted": "2,49 €"}, False),
        ("250.4", {"formatted": "3 €"}, False),
        ("250.44", {"formatted": "2.505 €"}, False),
        ("0.4", {"formatted": "0,00 €"}, True),
        ("250.25", {"fractional": "250.25"}, True),
        ("25040.4", {"formatted": "2,50 €"}, False),
        ("250.4", {"formatted": "250,40 €"}, False),
        ("250.4", {"value": "250.40"}, False),
    ],
)
def test_an_amount_that_is_shown_rounded_is_the_same_money(
    cents: str, beside: dict[str, Any], is_known: bool
) -> None:
    listing = asked([{"product": "vm", "total": {**eur(cents), **beside}}])
    assert (listing.gaps == ()) is is_known
    assert str(listing.rows[0].totals()["EUR"].amount * 100).rstrip("0") == cents


@pytest.mark.parametrize(
    ("said", "is_known"),
    [
        ({"summary": {"total": eur(251)}}, True),  # 1.254 + 1.254 = 2.508
        ({"summary": {"total": eur(250)}}, False),
        ({"summary": {"total": 2.51}}, True),
        ({"summary": {"total": "2.51 EUR"}}, True),
        ({"summary": {"total": 3}}, False),
        ({"grand_total": eur("250.8")}, True),
        ({"grand_total": eur("250.9")}, False),
    ],
)
def test_a_sum_of_fractions_is_repeated_by_what_it_rounds_to(
    said: dict[str, Any], is_known: bool
) -> None:
    rows = [{"product": name, "total": eur("125.4")} for name in ("vm", "db")]
    assert (asked({"usage": rows, **said}).gaps == ()) is is_known


@pytest.mark.parametrize(
    ("shown", "is_known"),
    [
        ({"total_formatted": "10.00"}, True),
        ({"total_formatted": "9.00"}, False),
        ({"total_formatted": "1000"}, True),  # its cents once more
        ({"total_formatted": "1000 €"}, False),
        ({"total_formatted": "10 €"}, True),
        ({"discount_formatted": "10.00"}, False),
        ({"total_formatted": "1.000,00 €"}, False),
        ({"total_formatted": "0,10 €"}, False),
        ({"grand_total": "1000.00"}, False),
        ({"total_humanized": "€10.00"}, True),
        ({"total_str": "10,00 €", "total_label": "EUR 10.00"}, True),
        ({"total_label": "EUR 9.00"}, False),
        ({"humanized_total": "€9.00"}, False),
        ({"unit_price": {**eur("1000"), "humanized": "10,00 €"}, "quantity": 1}, True),
    ],
)
def test_a_number_for_people_repeats_what_was_read(shown: dict[str, Any], is_known: bool) -> None:
    listing = asked([{**TEN, **shown}])
    assert (total(listing), listing.gaps == ()) == ("10.00 EUR", is_known)
