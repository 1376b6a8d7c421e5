"""A row that finer rows of its reply add up to is named; the money is worked out by hand."""

import json
from typing import Any

import pytest

from billfold import Period
from billfold_bnerd import month
from billfold_bnerd.usage import decode_usage

ORG = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"
PRODUCT = "6ec3d218-07bf-4f95-a3d1-98e0b54c7a2d"
OCTOBER = Period.month(2026, 10)
WHOLE = "is what finer rows add up to: a charge, or their total, and left out"


def row(cents: int, product: str = "vm", **more: Any) -> dict[str, Any]:
    total = {"cents": cents, "currency_iso": "EUR"}
    return {"product": product, "project": "web", "total": total, **more}


def asked(value: Any) -> tuple[str, tuple[str, ...]]:
    reply = decode_usage(json.dumps(value).encode())
    listing = month.usage(ORG, OCTOBER, OCTOBER, reply, "GET /u")
    return ", ".join(map(str, listing.rows[0].totals().values())), listing.gaps


DAYS = [row(100, period=f"2026-10-{day:02d}") for day in range(1, 32)]
HOURS = [row(100, timestamp=f"2026-10-05T{hour:02d}:00:00Z") for hour in range(24)]
BOUNDS = {"from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z"}

WHOLES = {
    "a month and its days": ([row(3100, period="2026-10"), *DAYS], "31.00 EUR", "`$[0]`"),
    "days and their month by bounds": ([*DAYS, row(3100, **BOUNDS)], "31.00 EUR", "`$[31]`"),
    "hours and their day": ([*HOURS, row(2400, date="2026-10-05")], "24.00 EUR", "`$[24]`"),
    "a row of no time and days": (
        [row(1000), row(400, date="2026-10-05"), row(600, date="2026-10-06")],
        "10.00 EUR",
        "`$[0]`",
    ),
    "a product and its resources": (
        [row(1000), row(600, resource_id="a"), row(400, resource_id="b")],
        "10.00 EUR",
        "`$[0]`",
    ),
    "a product and its subscriptions": (
        [row(600, subscription_id="a"), row(400, subscription_id="b"), row(1000)],
        "10.00 EUR",
        "`$[2]`",
    ),
    "a row of no id and records": (
        [row(1000), row(600, id="a"), row(400, id="b")],
        "10.00 EUR",
        "`$[0]`",
    ),
    "a product of all projects": (
        [row(1000, project=None), row(600, project="a"), row(400, project="b")],
        "10.00 EUR",
        "`$[0]`",
    ),
    "a month of a product and days of its resources": (
        [
            *(row(1000, period="2026-10"), row(600, resource_id="a", date="2026-10-05")),
            row(400, resource_id="b", date="2026-10-06"),
        ],
        "10.00 EUR",
        "`$[0]`",
    ),
    "a product in capitals, and its tags": (
        [
            *(row(1000, PRODUCT.upper()), row(600, PRODUCT, tags={"server": "a"})),
            row(400, PRODUCT, tags={"server": "b"}),
        ],
        "10.00 EUR",
        "`$[0]`",
    ),
    "what began and two days": (
        [row(1000, start_date="2026-10-01"), *(row(500, date=f"2026-10-0{day}") for day in (2, 3))],
        "10.00 EUR",
        "`$[0]`",
    ),
    "rows that name their parent": (
        [
            row(1000, id="p"),
            row(600, "cpu", id="c", parent_id="p"),
            row(400, "disk", id="d", parentId="p"),
        ],
        "10.00 EUR",
        "`$[0]`",
    ),
    "in other objects": (
        {
            "usage": [
                {"id": "web", "usage": DAYS},
                {"id": "web", "usage": [row(3100, period="2026-10")]},
            ]
        },
        "31.00 EUR",
        "`$.usage[1].usage[0]`",
    ),
}


@pytest.mark.parametrize("case", WHOLES)
def test_a_row_that_finer_rows_add_up_to_is_left_out_and_a_gap(case: str) -> None:
    value, cents, places = WHOLES[case]
    assert asked(value) == (cents, (f"{places} {WHOLE}",))


CHARGES = {
    "another sum": [row(3000, period="2026-10"), *DAYS],
    "another product": [row(3100, "db", period="2026-10"), *DAYS],
    "another project": [row(3100, project="shop", period="2026-10"), *DAYS],
    "another resource": [
        *(row(1000, resource_id="c"), row(600, resource_id="a"), row(400, resource_id="b"))
    ],
    "another time": [row(100, date="2026-10-09"), *HOURS[:2], row(200, date="2026-10-06")],
    "one part beside another product": [
        *(row(1000, period="2026-10"), row(1000, date="2026-10-05"), row(500, "db"))
    ],
    "nothing": [row(0, period="2026-10"), row(0, date="2026-10-05"), row(0, date="2026-10-06")],
    "of one kind": [row(1000), row(400), row(600)],
    "records": [row(1000, id="a"), row(400, id="b"), row(600, id="c")],
    "days": DAYS,
    "a parent of more": [row(1000, id="p"), row(600, "cpu", id="c", parent_id="p")],
    "all marked": [row(1000, is_summary=True), row(1000, "db", is_summary=True)],
    "none marked": [row(1000, is_summary=False), row(1000, "db", is_summary=False)],
}


@pytest.mark.parametrize("case", CHARGES)
def test_a_row_that_others_happen_to_add_up_to_is_a_charge(case: str) -> None:
    assert asked(CHARGES[case])[1] == ()


def test_a_row_that_finer_rows_add_up_to_counts_where_others_cost_more() -> None:
    # 5.00 in a region, 3.00 and 2.00 of it by its hosts, and 7.00 in another, by 3.00 and 3.00.
    de = [row(500, region="de"), row(300, region="de", host="a"), row(200, region="de", host="b")]
    us = [row(700, region="us"), *(row(300, region="us", host=host) for host in "ab")]
    finer = WHOLE.removesuffix(", and left out")
    assert asked([*de, *us]) == ("23.00 EUR", (f"`$[0]` {finer}",))
    # 1.00 an hour of a day, that day, and its month, in which nothing else cost anything.
    days = [row(2400, date="2026-10-05"), row(0, date="2026-10-06")]
    every = [row(2400, period="2026-10"), *HOURS, *days]
    assert asked(every) == ("72.00 EUR", (f"`$[*]` (2 times) {finer}",))


def test_a_row_that_says_in_a_word_what_it_is_counts_though_others_add_up_to_it() -> None:
    rows = [row(500), row(500, "db"), {"description": "Support", "total": row(1000)["total"]}]
    finer = WHOLE.removesuffix(", and left out")
    assert asked(rows) == ("20.00 EUR", (f"`$[2]` {finer}",))


VMS = [row(500, project=of, quantity=744, unit="h") for of in ("a", "b")]
FEE = {"project": "a", "total": row(500)["total"]}
PARTS = [row(300, project="a"), row(200, "disk", project="a")]


@pytest.mark.parametrize(
    ("parts", "whole", "is_sum"),
    [
        (VMS, row(1000, project=None), True),
        (VMS, row(1000, project=None, quantity=1488, unit="h"), True),
        (VMS, row(1000, project=None, quantity=1488, unit="Hours"), True),
        (VMS, row(1000, project=None, quantity=1488, unit="hrs"), True),
        (VMS, row(1000, project=None, quantity=1488, unit="GB h"), False),
        (VMS, row(1000, project=None, quantity=744, unit="h"), False),
        (VMS, row(1000, project=None, quantity=1488, unit="gb"), False),
        (VMS, row(1000, project=None, unit_price=row(2)["total"]), False),
        (PARTS, FEE, True),
        (PARTS, FEE | {"quantity": 1, "unit": "month"}, False),
    ],
)
def test_a_row_that_counts_something_else_than_its_parts_counts_and_is_a_gap(
    parts: list[Any], whole: dict[str, Any], is_sum: bool
) -> None:
    # 5.00 and 5.00 and another 10.00, and 3.00 and 2.00 and another 5.00.
    once, twice = ("10.00 EUR", "20.00 EUR") if parts is VMS else ("5.00 EUR", "10.00 EUR")
    finer = WHOLE if is_sum else WHOLE.removesuffix(", and left out")
    assert asked([*parts, whole]) == (once if is_sum else twice, (f"`$[2]` {finer}",))


def test_a_row_of_the_price_of_a_unit_of_its_parts_is_left_out() -> None:
    price = {"unit_price": row(1)["total"], "unit": "h"}
    parts = [row(500, project=of, quantity=500, **price) for of in ("a", "b")]
    whole = row(1000, project=None, quantity=1000, **price)
    assert asked([*parts, whole]) == ("10.00 EUR", (f"`$[2]` {WHOLE}",))
    other = whole | {"unit_price": row(2)["total"]}
    assert asked([*parts, other])[0] == "20.00 EUR"
    assert asked({"usage": [*parts, other], "total": row(2000)["total"]}) == ("20.00 EUR", ())


MARKS = ["is_summary", "isTotal", "rollup", "is_subtotal", "is_aggregate", "aggregated", "is_sum"]


@pytest.mark.parametrize("key", [*MARKS, "total_row", "is_total_row", "summary"])
def test_a_row_that_is_marked_as_a_sum_counts_nowhere(key: str) -> None:
    others = [row(600, "db"), row(300, "ip")]
    assert asked([row(900, **{key: True}), *others]) == ("9.00 EUR", ())
    assert asked([row(900, **{key: "yes"}), *others]) == ("9.00 EUR", ())
    odd = "`$[0]` is called a total, and is not what the others add up to"
    assert asked([row(1000, **{key: True}), *others]) == ("9.00 EUR", (odd,))
    # Alone in its list it may be a charge.
    lists = [{"name": "a", "usage": [row(1000, **{key: True})]}, {"name": "b", "usage": others}]
    odd = "`$.projects[0].usage[0]` says that it is of all, and is not what the others add up to"
    assert asked({"projects": lists}) == ("19.00 EUR", (odd,))


KINDS = {"row_type": "total", "kind": "summary", "line_type": "subtotal", "item_type": "subtotal"}
KINDS |= {"record_type": "aggregate", "row_kind": "rollup"}


@pytest.mark.parametrize("key", KINDS)
def test_a_row_that_says_of_what_kind_of_sum_it_is_counts_and_is_a_gap(key: str) -> None:
    # 3.33 and 6.68 are 10.01, and 12.00 is no sum of them.
    parts = [row(333, project="a"), row(668, project="b")]
    odd = "says that it is of all, and is not what the others add up to"
    finer = WHOLE.removesuffix(", and left out")
    for cents, cost, why in ((1200, "22.01 EUR", odd), (1000, "20.01 EUR", finer)):
        whole = {"product": "vm", "total": row(cents)["total"], key: KINDS[key]}
        assert asked([*parts, whole]) == (cost, (f"`$[2]` {why}",))
