"""Charges that cost as much as others do and are charges; the money is worked out by hand."""

from typing import Any

import pytest

from support.bnerd_usage import eur, row
from support.bnerd_usage import total_and_gaps as asked

PRODUCT = "6ec3d218-07bf-4f95-a3d1-98e0b54c7a2d"
ONE = "f17a05d3-926e-4b4c-8de0-5c39b82f61a4"
TWO = "2c9d6f03-71e8-4ab5-8d14-e0a3b5967f42"
FINER = "is what finer rows add up to: a charge, or their total"


def days(start: int, end: int) -> dict[str, str]:
    return {"from": f"2026-10-{start:02d}T00:00:00Z", "to": f"2026-10-{end:02d}T00:00:00Z"}


NAMES: list[dict[str, Any]] = [
    *({"image": "ubuntu"}, {"tags": {"env": "prod"}}, {"labels": {"t": "x"}}),
    *({"zone": "a"}, {"resource_id": TWO}),
]
KEYS = ["server", "region", "label", "category", "cluster", "name", "subscription_id"]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("name", NAMES, ids=lambda name: next(iter(name)))
@pytest.mark.parametrize("is_null", [False, True], ids=["absent", "null"])
def test_rows_of_two_groups_are_two_whatever_one_lacks(key: str, name: Any, is_null: bool) -> None:
    lacking: dict[str, Any] = dict.fromkeys(name) if is_null else {}
    one, other = (ONE, TWO) if key == "subscription_id" else ("a1", "b2")
    named, unnamed = [row(2837, **name)], [row(2837, **lacking)]
    # 28.37 twice
    groups = [{key: one, "items": named}, {key: other, "items": unnamed}]
    assert asked(groups) == ("56.74 EUR", ())
    # and 3.00 twice
    more = [{**groups[0], "items": [*named, row(300, "IPv4", **name)]}]
    more.append({**groups[1], "items": [*unnamed, row(300, "IPv4", **lacking)]})
    assert asked(more) == ("62.74 EUR", ())
    assert asked({"data": more, "total": eur(6274)}) == ("62.74 EUR", ())


def test_a_time_inside_of_that_of_another_group_is_no_part_of_it() -> None:
    month_, inside = row(500, **days(1, 31)), row(500, **days(5, 25))
    groups = [{"server": "a", "items": [month_]}, {"server": "b", "items": [inside]}]
    assert asked(groups) == ("10.00 EUR", ())
    # 6.00 for the month, and 3.00 for either half of it
    halves = [row(300, **days(1, 16)), row(300, **days(16, 31))]
    whole = {"server": "a", "items": [row(600, **days(1, 31))]}
    assert asked([whole, {"server": "b", "items": halves}]) == ("12.00 EUR", ())
    # In one server's group, or in groups by how fine they are, they may be the same money.
    assert asked([{"server": "a", "items": [*whole["items"], *halves]}])[1] != ()
    levels = [{"granularity": "month", "items": whole["items"]}]
    levels.append({"granularity": "half", "items": halves})
    assert asked(levels)[1] != ()


@pytest.mark.parametrize("key", ["description", "region"])
@pytest.mark.parametrize("name", ["items", "products"])
def test_a_number_of_a_line_in_two_projects_is_of_two_records(key: str, name: str) -> None:
    def project(ident: str, **said: Any) -> dict[str, Any]:
        return {"id": ident, "name": ident[:3], name: [row(3137, id="1")], **said}

    for said in ({}, {key: None}, {key: "other"}):
        reply = {"projects": [project(ONE, **{key: "Shop"}), project(TWO, **said)]}
        assert asked(reply)[0] == "62.74 EUR"  # 31.37 twice


def test_a_number_of_a_line_in_groups_that_share_a_key_is_of_two_records() -> None:
    rows = [row(2837, id="1")]
    groups = [{"server": "a", "os": "linux", "items": rows}, {"server": "b", "items": rows}]
    assert asked(groups) == ("56.74 EUR", ())
    once = "1 listed in groups by different keys, and counted once: 1"
    again = [groups[0], {"server": "a", "items": rows}, {"server": "c", "items": rows}]
    assert asked(again) == ("56.74 EUR", (once,))
    assert asked([groups[0], {"region": "eu", "items": rows}]) == ("28.37 EUR", (once,))


def test_a_record_of_a_project_that_is_listed_again_without_one_is_a_gap() -> None:
    project = {"id": ONE, "description": "Shop", "items": [row(500, id="u1")]}
    reply = {"projects": [project, {"id": None, "items": [row(500, id="u1")]}]}
    gap = "1 listed twice with different content, and both counted: u1"
    assert asked(reply) == ("10.00 EUR", (gap,))


HOURS = {"quantity": 744, "unit": "hour", "from": "2026-10-01", "to": "2026-11-01"}


def test_what_is_of_no_project_may_cost_what_that_of_one_does() -> None:
    own = {"product_id": PRODUCT, "project_id": ONE, "cost": eur(4900), **HOURS}
    none = {**own, "project_id": None}
    assert asked([own, none]) == ("98.00 EUR", ())
    assert asked({"data": [own, none], "total": eur(9800)}) == ("98.00 EUR", ())
    projects = [{"id": ONE, "items": [row(4900)]}, {"id": None, "name": None, "items": [row(4900)]}]
    assert asked({"projects": projects}) == ("98.00 EUR", ())
    unattached = [row(300, "IPv4", server="x"), row(300, "IPv4", server=None)]
    assert asked(unattached) == ("6.00 EUR", ())
    unsubscribed = [row(300, subscription_id=ONE), row(300, subscription_id=None)]
    assert asked(unsubscribed) == ("6.00 EUR", ())


def test_two_pairs_in_a_reply_of_more_products_are_charges() -> None:
    pairs = [row(100, server="x"), row(100), row(200, "IP", server="x"), row(200, "IP")]
    assert asked([*pairs, row(500, "DB")]) == ("11.00 EUR", ())
    # Each product has a pair: 6.00, or 3.00 and their totals. A total over all of them says which.
    assert asked(pairs) == ("6.00 EUR", (f"`$[*]` (2 times) {FINER}",))
    assert asked({"data": pairs, "total": eur(600)}) == ("6.00 EUR", ())


def test_what_several_rows_add_up_to_is_a_gap_but_for_a_total_over_all() -> None:
    rows = [row(100, server="x"), row(200, server="y"), row(300), row(900, "DB")]
    assert asked(rows) == ("15.00 EUR", (f"`$[2]` {FINER}",))
    assert asked({"data": rows, "total": eur(1500)}) == ("15.00 EUR", ())
    # 12.00 is what they cost without it, so it is no charge.
    assert asked({"data": rows, "total": eur(1200)}) == ("12.00 EUR", ())


@pytest.mark.parametrize("name", ["Overview", "Various", "Organization", "Total"])
def test_a_project_with_an_id_is_one_whatever_it_is_called(name: str) -> None:
    named = {"project_id": TWO, "project_name": name}
    web = {"project_id": ONE, "project_name": "web"}
    assert asked([row(4900, **web), row(4900, **named)]) == ("98.00 EUR", ())
    parts = [row(100, server="x", **web), row(200, server="y", **web), row(300, **named)]
    assert asked(parts) == ("6.00 EUR", ())


TWO = f"`$[*].items[*]` (2 times) {FINER}"


@pytest.mark.parametrize(
    "groups",
    [
        # 1.00 each
        [
            {"environment": "prod", "region": "a", "items": [row(100)]},
            {"environment": "test", "items": [row(100, "Vol")]},
        ],
        [
            {"environment": "prod", "region": "a", "items": [row(100)]},
            {"environment": "test", "items": [{"cost": eur(100), "name": "Vol"}]},
        ],
        [
            {"date": "2026-10-01", "server": "a", "items": [row(100)]},
            {"date": "2026-10-02", "items": [row(100)]},
        ],
        *(
            [{key: "a", "items": [row(100)]}, {key: None, "items": [row(100, "IPv4")]}]
            for key in ("server", "region")
        ),
    ],
)
def test_a_group_that_says_what_others_do_not_is_of_something(groups: Any) -> None:
    assert asked(groups) == ("2.00 EUR", ())


def test_a_group_of_other_products_than_others_is_no_sum_of_them() -> None:
    named = [{"server": "a", "items": [row(100)]}, {"server": "b", "items": [row(200, "Disk")]}]
    for rest in ([row(300, "IPv4")], [row(200), row(100, "Disk")]):
        assert asked([*named, {"server": None, "items": rest}]) == ("6.00 EUR", ())
    of_all = {"server": None, "items": [row(100), row(200, "Disk")]}
    assert asked([*named, of_all]) == ("6.00 EUR", (TWO,))
    for total in ({"cost": eur(300)}, row(300, "Total")):
        of_all = {"server": None, "items": [total]}
        left_out = f"`$[2].items[0]` {FINER}, and left out"
        assert asked([*named, of_all]) == ("3.00 EUR", (left_out,))


def test_a_group_of_a_month_sums_up_those_of_its_days() -> None:
    days_ = [
        {"server": "a", "date": "2026-10-01", "items": [row(100)]},
        {"server": "b", "date": "2026-10-02", "items": [row(200, "Disk")]},
    ]
    rows = [row(100), row(200, "Disk")]
    of_all = {"month": "2026-10", "items": rows}
    assert asked([*days_, of_all]) == ("6.00 EUR", (TWO,))
    assert asked([*days_, {"date": "2026-10-03", "items": rows}]) == ("6.00 EUR", ())
