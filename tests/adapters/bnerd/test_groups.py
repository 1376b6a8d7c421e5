"""What a row and the groups around it say: whether it counts, and which one it is (laws 3, 11).

Every reply here is one that no b'nerd documents; the money is worked out by hand.
"""

from typing import Any

import pytest

from billfold.model import Usage
from billfold_bnerd.lists import Listing
from support.bnerd_usage import ORG, asked, eur, row, total

PRODUCT = "6ec3d218-07bf-4f95-a3d1-98e0b54c7a2d"
OTHER = "0b7e4c19-5a36-4d82-9f0e-c41d7a25b863"
SUBSCRIPTIONS = (
    "95a1b7e4-c82d-4063-b7fe-2d0f68a39c51",
    "2c9d6f03-71e8-4ab5-8d14-e0a3b5967f42",
)


@pytest.mark.parametrize(
    ("beside", "is_known"),
    [
        ({"total": 744, "unit": "h"}, True),
        *(({"total": each}, True) for each in ("10,00 EUR", "10.00", 10, 1000)),
        *(({"total": each}, False) for each in ("12,00 EUR", 744)),
        *(({"total_cents": 1000}, True), ({"total_cents": 1200}, False)),
    ],
)
def test_what_is_money_is_the_cost_and_a_bare_total_is_none(beside: Any, is_known: bool) -> None:
    listing = asked([row(1000, **beside)])
    assert total(listing) == "10.00 EUR"
    unread = f"amounts that were not read: `$[0].{next(iter(beside))}`"
    assert listing.gaps == (() if is_known else (unread,))


def test_a_bare_total_beside_a_unit_is_how_many_of_it_were_used() -> None:
    (charge,) = asked([row(1000, total=744, unit="h")]).rows[0].charges
    assert (charge.quantity, charge.unit, charge.unit_price) == (744, "h", None)


def test_money_over_rows_is_their_total_and_a_number_beside_it_counts_them() -> None:
    rows = [row(1000), row(300, "DB")]
    listing = asked({"data": rows, "total": 2, "cost": eur(1300)})
    assert (total(listing), listing.gaps) == ("13.00 EUR", ())
    assert str(listing.rows[0].stated_total) == "13.00 EUR"
    # 1.00 more than the rows have, which becomes a charge of its own
    more = asked({"data": rows, "total": 2, "cost": eur(1400)})
    assert [str(each.cost) for each in more.rows[0].charges if each.derived] == ["1.00 EUR"]


ODD = "cancelled, replaced, not billed, not final, not all, or given back without a minus: "
VM, BACK = row(1000), row(300, "DB")

KINDS = ["type", "kind", "category", "entry_type", "charge_type", "name", "title", "label"]


@pytest.mark.parametrize("key", KINDS)
@pytest.mark.parametrize("word", ["credit", "Discounts", "refund", "Gutschriften"])
def test_a_group_of_credits_without_a_minus_is_a_gap(key: str, word: str) -> None:
    # 13.00 as they stand, and 7.00 if 3.00 are given back: which of the two is not known.
    listing = asked({"data": [{key: "usage", "items": [VM]}, {key: word, "items": [BACK]}]})
    assert (total(listing), listing.gaps) == ("13.00 EUR", (f"{ODD}`$.data[1].{key}`",))
    minus = [row(-300, "DB"), row(0, "LB")]
    listing = asked({"data": [{key: "usage", "items": [VM]}, {key: word, "items": minus}]})
    assert (total(listing), listing.gaps) == ("7.00 EUR", ())


MARKS: list[dict[str, Any]] = [
    *({"billable": False}, {"chargeable": False}, {"free": True}, {"waived": True}),
    *({"excluded": True}, {"refunded": True}, {"refunded_at": "2026-10-30"}),
    *({"voided_at": "2026-10-30"}, {"superseded_by": "b"}, {"billing_status": "not_billed"}),
]


@pytest.mark.parametrize("said", MARKS)
@pytest.mark.parametrize("around", ["data", "projects", "products", "reply"])
def test_a_mark_of_what_is_around_rows_is_heard_as_a_rows_own_is(said: Any, around: str) -> None:
    (key,) = said
    if around == "reply":
        value, path = {"usage": [VM, BACK], **said}, "$"
    else:
        groups = [{"id": f"{name}1", "items": [each]} for name, each in (("a", VM), ("b", BACK))]
        value, path = {around: [groups[0], {**groups[1], **said}]}, f"$.{around}[1]"
    listing = asked(value)
    assert (total(listing), listing.gaps) == ("13.00 EUR", (f"{ODD}`{path}.{key}`",))
    assert asked([VM, {**BACK, **said}]).gaps == (f"{ODD}`$[1].{key}`",)


@pytest.mark.parametrize(
    "said",
    [
        *({"status": "cancelled"}, {"status": "deleted"}, {"cancelled_at": "2026-10-30"}),
        *({"billable": True}, {"refunded_at": None}, {"superseded_by": ""}, {"free": False}),
        *({"name": "Refund Service"}, {"name": "Gutschein-App"}, {"type": "usage"}),
    ],
)
def test_what_is_said_of_a_project_leaves_its_costs_standing(said: Any) -> None:
    project = {"id": "f17a05d3-926e-4b4c-8de0-5c39b82f61a4", "products": [VM], **said}
    listing = asked({"projects": [project]})
    assert (total(listing), listing.gaps) == ("10.00 EUR", ())


def test_a_project_that_is_called_credits_and_nothing_else_is_a_gap() -> None:
    listing = asked({"projects": [{"name": "Credits", "products": [VM]}]})
    assert (total(listing), listing.gaps) == ("10.00 EUR", (f"{ODD}`$.projects[0].name`",))


BACK_NAMES = [
    *("Refund", "Discounts", "Refunds", "Gutschriften", "Discount October", "Credit (SLA)"),
    *("SLA-Gutschrift", "Promo credit", "Volume discount", "Mengenrabatt", "Nachlass", "Skonto"),
    *("Gutschein", "Voucher X", "Erstattung", "Preisnachl\u00e4sse", "GUTSCHRIFT", "Goodwill"),
]


@pytest.mark.parametrize("name", BACK_NAMES)
def test_a_product_named_as_a_reduction_is_a_gap_where_its_cost_has_no_minus(name: str) -> None:
    for said, at in (
        ({"product": {"id": OTHER, "name": name}}, "product.name"),
        ({"product": name}, "product"),
        *(({key: name}, key) for key in ("name", "product_name", "label", "title", "description")),
    ):
        listing = asked([VM, {"product_id": OTHER, "cost": eur(300), **said}])
        assert (total(listing), listing.gaps) == ("13.00 EUR", (f"{ODD}`$[1].{at}`",))
        minus = asked([VM, {"product_id": OTHER, "cost": eur(-300), **said}])
        assert (total(minus), minus.gaps) == ("7.00 EUR", ())
        sold = asked([VM, {"product_id": OTHER, "cost": eur(300), "type": "usage", **said}])
        assert (total(sold), sold.gaps) == ("13.00 EUR", ())
    around = asked({"products": [{"name": "VM", "usage": [VM]}, {"name": name, "usage": [BACK]}]})
    assert (total(around), around.gaps) == ("13.00 EUR", (f"{ODD}`$.products[1].name`",))


@pytest.mark.parametrize("key", ["type", "kind", "category"])
@pytest.mark.parametrize(
    "word",
    [
        *("discounts", "refunds", "promotion", "coupon", "voucher", "goodwill"),
        *("sla_credit", "Rabatt", "reversal"),
    ],
)
def test_a_kind_of_a_reduction_is_a_gap_where_the_cost_has_no_minus(key: str, word: str) -> None:
    listing = asked([VM, {**BACK, key: word}])
    assert (total(listing), listing.gaps) == ("13.00 EUR", (f"{ODD}`$[1].{key}`",))


@pytest.mark.parametrize(
    "said",
    [
        *({"description": each} for each in ("VM with 10% discount", "Preis nach Rabatt")),
        *({"name": each} for each in ("Accredited hosting", "VM incl. discount", "Storage")),
        *({"product": "Credit Card Terminal", "type": "usage"}, {"discounted": True}),
    ],
)
def test_a_name_of_a_price_that_was_reduced_is_no_credit(said: Any) -> None:
    listing = asked([VM, {**BACK, **said}])
    assert (total(listing), listing.gaps) == ("13.00 EUR", ())


GROUPS: list[tuple[str, Any, Any]] = [
    ("subscription_id", *SUBSCRIPTIONS),
    *((key, "a", "b") for key in ("region", "server", "service", "category", "type", "name")),
    *((key, "a", "b") for key in ("label", "bucket", "id", "cost_center", "description")),
    *(("week", "2026-W41", "2026-W42"), ("day", "2026-10-05", "2026-10-06")),
    *(("usage_date", "2026-10-05", "2026-10-06"), ("region", {"id": 1}, {"id": 2})),
]


def ids(listing: Listing[Usage]) -> dict[str, str]:
    """Return what each charge costs, by its id without what all of them begin with."""
    charges = listing.rows[0].charges
    found = {each.id.removeprefix(f"{ORG}/2026-10/-/"): str(each.cost) for each in charges}
    assert len(found) == len(charges)
    return found


@pytest.mark.parametrize(("key", "one", "other"), GROUPS)
def test_rows_of_one_id_in_two_groups_are_two(key: str, one: Any, other: Any) -> None:
    # 5.00 in each, and 10.00 in all
    rows = [{"id": PRODUCT, "name": "VM", "cost": eur(500)}]
    for name in ("usage", "items"):
        listing = asked({"data": [{key: one, name: rows}, {key: other, name: rows}]})
        assert (total(listing), listing.gaps, listing.notes) == ("10.00 EUR", (), ())
        again = asked({"data": [{key: one, name: rows}] * 2})
        once = ("1 listed twice, counted once",)
        assert (total(again), again.gaps, again.notes) == ("5.00 EUR", (), once)


def test_a_record_on_two_pages_of_a_list_counts_once() -> None:
    rows = [{"id": PRODUCT, "name": "VM", "cost": eur(500)}]
    pages = [{"page": page, "request_id": f"r{page}", "items": rows} for page in (1, 2)]
    assert total(asked({"data": pages})) == "5.00 EUR"


@pytest.mark.parametrize(("key", "one", "other"), GROUPS)
def test_what_its_group_says_is_in_an_id_whatever_comes_beside_it(
    key: str, one: Any, other: Any
) -> None:
    def grouped(*cents: int) -> dict[str, str]:
        groups = zip((one, other), cents, strict=False)
        return ids(asked({"data": [{key: by, "items": [row(each)]} for by, each in groups]}))

    (first,) = grouped(500)
    assert grouped(500, 300)[first] == "5.00 EUR"
    assert grouped(500, 900)[first] == "5.00 EUR"


def test_a_subscription_that_its_group_says_is_a_rows_own() -> None:
    groups = [{"subscription_id": each, "items": [VM]} for each in SUBSCRIPTIONS]
    charges = asked({"data": groups}).rows[0].charges
    assert [charge.resource_id for charge in charges] == [*SUBSCRIPTIONS]


def test_what_groups_say_is_kept_as_tags() -> None:
    inner = {"server": "s1", "items": [row(1000, region="muc")]}
    (charge,) = asked({"data": [{"region": "fra", "items": [inner]}]}).rows[0].charges
    assert {**charge.tags, "asked": ""} == {"region": "muc", "server": "s1", "asked": ""}
    assert charge.id.endswith("/VM/region=fra,server=s1,region=muc")


def test_records_that_are_grouped_once_by_region_and_once_by_product_count_once() -> None:
    vm, disk = row(500, id="u1"), row(300, "Disk", id="u2")
    by_region = {"region": "eu", "usage": [vm, disk]}
    by_product = [{"product": "VM", "usage": [vm]}, {"product": "Disk", "usage": [disk]}]
    listing = asked({"data": [by_region, *by_product]})
    gap = "2 listed in groups by different keys, and counted once: u1, u2"
    assert (total(listing), listing.gaps) == ("8.00 EUR", (gap,))
