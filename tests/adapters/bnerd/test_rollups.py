"""Rows and groups that roll up the others are named; the money is worked out by hand.

What says all others once more is left out; what may be a charge as well counts.
"""

from typing import Any

import pytest

from support.bnerd_usage import asked as listed
from support.bnerd_usage import eur, row, total_and_gaps

PRODUCT = "6ec3d218-07bf-4f95-a3d1-98e0b54c7a2d"
FINER = "is what finer rows add up to: a charge, or their total"
LEFT_OUT = f"{FINER}, and left out"
NO_SUM = "says that it is of all, and is not what the others add up to"


def span(day: int) -> dict[str, str]:
    return {"from": f"2026-10-{day:02d}T00:00:00Z", "to": f"2026-10-{day + 1:02d}T00:00:00Z"}


TIMES: dict[str, list[dict[str, Any]]] = {
    "date": [{"date": f"2026-10-0{day}"} for day in (1, 2, 3)],
    "day": [{"day": f"2026-10-0{day}"} for day in (1, 2, 3)],
    "timestamp": [{"timestamp": f"2026-10-0{day}T00:00:00Z"} for day in (1, 2, 3)],
    "hour": [{"hour": f"2026-10-05T0{hour}:00:00Z"} for hour in (1, 2, 3)],
    "bounds": [span(day) for day in (1, 2, 3)],
}
EMPTY: list[dict[str, Any]] = [{}, {"product": None}, {"product": ""}, {"product_id": None}]


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize("empty", EMPTY, ids=["absent", "null", "text", "id"])
@pytest.mark.parametrize("named", [{}, {"project": "web"}], ids=["alone", "project"])
def test_a_rollup_by_time_is_left_out_and_a_gap(times: str, empty: Any, named: Any) -> None:
    # 1.00 and 2.00 of three days are 9.00, and 3.00 a day say that again.
    rows: list[Any] = []
    for when in TIMES[times]:
        rows += [row(100, **when, **named), row(200, "Disk", **when, **named)]
        rows.append({**when, **empty, **named, "cost": eur(300)})
    assert total_and_gaps(rows) == ("9.00 EUR", (f"`$[*]` (3 times) {LEFT_OUT}",))
    at_the_end = sorted(rows, key=lambda one: not one.get("product"))
    assert total_and_gaps(at_the_end) == ("9.00 EUR", (f"`$[*]` (3 times) {LEFT_OUT}",))
    # Of the second day nothing says again what it cost: it may be that the first is a charge.
    assert total_and_gaps(rows[:5]) == ("9.00 EUR", (f"`$[2]` {FINER}",))


def test_a_row_without_a_product_that_costs_what_no_time_does_is_a_charge() -> None:
    first, second, _ = TIMES["date"]
    rows = [row(100, **first), row(200, "Disk", **second), {**first, "cost": eur(200)}]
    assert total_and_gaps(rows) == ("5.00 EUR", ())


HOURS = {"quantity": 744, "unit": "h", "cost": eur(744)}


@pytest.mark.parametrize("part", [{}, {"unit_price": eur(1)}])
def test_as_much_of_no_product_as_of_the_only_one_is_a_gap(part: Any) -> None:
    gap = (f"`$[1]` {FINER}",)
    rows = [{"product_id": PRODUCT, **HOURS, **part}, {"product_id": None, **HOURS}]
    assert total_and_gaps(rows) == ("14.88 EUR", gap)
    counted = {"hours": 744, "cost": eur(744)}
    assert total_and_gaps([{"product_id": PRODUCT, **counted}, counted]) == ("14.88 EUR", gap)


def test_another_quantity_or_one_of_something_is_one_charge_more() -> None:
    assert total_and_gaps([row(744, quantity=744), {"quantity": 3, "cost": eur(744)}])[1] == ()
    support = {"description": "Support", "quantity": 1, "cost": eur(400)}
    assert total_and_gaps([row(400, quantity=1), support]) == ("8.00 EUR", ())


ALL = ["Total", "all", "Summe", "Gesamt", "Overall", "Organization", "All projects", "*", ""]


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("key", ["project", "project_id", "project_name", "region"])
def test_a_row_of_all_projects_is_left_out_and_a_gap(key: str, name: str) -> None:
    rows = [row(100, **{key: "a"}), row(200, **{key: "b"}), row(300, **{key: name})]
    assert total_and_gaps(rows) == ("3.00 EUR", (f"`$[2]` {LEFT_OUT}",))
    # Beside a product that no row is of all of.
    assert total_and_gaps([*rows, row(700, "IP")]) == ("13.00 EUR", (f"`$[2]` {FINER}",))


@pytest.mark.parametrize("name", ["Total", "Summe", "Gesamt", "Alle Projekte", "*"])
@pytest.mark.parametrize("key", ["project", "region"])
def test_a_row_of_all_projects_that_is_another_sum_is_a_gap(key: str, name: str) -> None:
    # 5.00 and 5.00, beside 11.00 of all: 10.00, 11.00 or 21.00.
    parts = [row(500, **{key: "a"}), row(500, **{key: "b"})]
    assert total_and_gaps([*parts, row(1100, **{key: name})]) == (
        "21.00 EUR",
        (f"`$[2]` {NO_SUM}",),
    )
    assert total_and_gaps([*parts, {key: name, "cost": eur(1100)}]) == (
        "21.00 EUR",
        (f"`$[2]` {NO_SUM}",),
    )
    # Of a product that no project has it is a charge, and a total over all says so of each.
    assert total_and_gaps([*parts, row(1100, "IP", **{key: name})]) == ("21.00 EUR", ())
    for cents, cost in ((2100, "21.00 EUR"), (1000, "10.00 EUR")):
        stated = {"usage": [*parts, row(1100, **{key: name})], "total": eur(cents)}
        assert total_and_gaps(stated) == (cost, ())


def test_a_project_with_such_a_word_in_its_name_is_one() -> None:
    rows = [row(100, project="a"), row(200, project="b"), row(300, project="Total Recall")]
    assert total_and_gaps(rows) == ("6.00 EUR", ())


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize("name", ["Total", "Subtotal", "Summe", "Day total", "Gesamtkosten"])
@pytest.mark.parametrize("named", [{}, {"project": "web"}], ids=["alone", "project"])
def test_a_rollup_by_time_that_is_called_a_total_counts_nowhere(
    times: str, name: str, named: Any
) -> None:
    # 1.00 and 2.00 of three days; a total of all, 9.00, says the same again.
    parts: list[Any] = []
    wholes: list[Any] = []
    for when in TIMES[times]:
        parts += [row(100, **when, **named), row(200, "Disk", **when, **named)]
        wholes.append({**when, **named, "name": name, "cost": eur(300)})
    between = [one for at, whole in enumerate(wholes) for one in (*parts[2 * at :][:2], whole)]
    for rows in (between, [*parts, *wholes], [*wholes, *parts]):
        assert total_and_gaps(rows) == ("9.00 EUR", ())
        assert total_and_gaps([*rows, row(900, "Total")]) == ("9.00 EUR", ())
        assert total_and_gaps({"usage": rows, "total": eur(900)}) == ("9.00 EUR", ())


def test_a_rollup_that_is_another_sum_than_its_time_is_a_gap() -> None:
    first, second, _ = TIMES["date"]
    parts = [row(100, **first), row(200, "Disk", **first), row(400, **second)]
    odd = [
        {**first, "name": "Total", "cost": eur(310)},
        {**second, "name": "Total", "cost": eur(4)},
    ]
    no_sum = "is called a total, and is not what the others add up to"
    assert total_and_gaps([*parts, *odd]) == (
        "7.00 EUR",
        tuple(f"`$[{at}]` {no_sum}" for at in (3, 4)),
    )


def test_a_total_of_one_project_is_not_that_of_the_list() -> None:
    rows = [row(400, project="p"), row(600, "Disk", project="q"), row(600, "Total", project="q")]
    assert total_and_gaps(rows) == ("10.00 EUR", ())


LIKE_TOTALS = ["Gesamtpaket", "Gesamtschutz", "Subtotal", "All regions", "All", "Net", "Brutto"]
SURE = ["Total", "Summe", "Gesamt", "Gesamtkosten", "Total EUR", "Total October", "Amount due"]
MAY_COST = "is called a total and is what others add up to: a charge, or their total"


@pytest.mark.parametrize("name", LIKE_TOTALS)
def test_as_much_as_one_other_row_costs_is_no_proof_of_a_total(name: str) -> None:
    # 10.00 of a machine and 10.00 of what may be its sum: 20.00, or 10.00.
    doubt = FINER if name in ("Subtotal", "All regions", "All") else MAY_COST
    for rows in ([row(1000), row(1000, name)], [row(1000), row(0, "Free"), row(1000, name)]):
        at = len(rows) - 1
        assert total_and_gaps(rows) == ("20.00 EUR", (f"`$[{at}]` {doubt}",))
        assert total_and_gaps([*rows[::-1]]) == ("20.00 EUR", (f"`$[0]` {doubt}",))
        # A total over them says which.
        for cents, cost in ((1000, "10.00 EUR"), (2000, "20.00 EUR")):
            assert total_and_gaps({"usage": rows, "total": eur(cents)}) == (cost, ())
            assert total_and_gaps([*rows, row(cents, "Total")]) == (cost, ())
    of_one_project = [row(400, project="p"), row(600, "IP", project="q")]
    gaps = (f"`$[2]` {doubt}",)
    assert total_and_gaps([*of_one_project, row(600, name, project="q")]) == ("16.00 EUR", gaps)


@pytest.mark.parametrize("name", LIKE_TOTALS)
def test_what_two_other_rows_add_up_to_and_is_called_a_total_is_one(name: str) -> None:
    assert total_and_gaps([row(400), row(600, "Disk"), row(1000, name)]) == ("10.00 EUR", ())


@pytest.mark.parametrize("name", SURE)
def test_a_total_by_its_name_alone_is_that_of_one_row_too(name: str) -> None:
    for rows in ([row(1000), row(1000, name)], [row(1000, name), row(1000)]):
        assert total_and_gaps(rows) == ("10.00 EUR", ())


def test_subtotals_of_several_projects_are_none_of_them_a_charge() -> None:
    # 1.00 and 2.00, each of which its project's subtotal says again.
    rows = [
        *(row(100, project="p"), row(100, "Subtotal", project="p")),
        *(row(200, project="q"), row(200, "Subtotal", project="q")),
    ]
    assert total_and_gaps(rows) == ("3.00 EUR", ())


@pytest.mark.parametrize("times", TIMES)
def test_a_total_over_all_says_that_rollups_without_a_name_are_none_that_count(times: str) -> None:
    rows: list[Any] = []
    for when in TIMES[times]:
        rows += [row(100, **when), row(200, "Disk", **when), {**when, "cost": eur(300)}]
    assert total_and_gaps({"usage": rows, "total": eur(900)}) == ("9.00 EUR", ())
    assert total_and_gaps({"usage": rows, "total": eur(1800)}) == ("18.00 EUR", ())
    # 12.00 are neither: a difference of 3.00 stands beside the rows.
    cost, gaps = total_and_gaps({"usage": rows, "total": eur(1200)})
    assert (cost, gaps) == ("12.00 EUR", (f"`$.usage[*]` (3 times) {LEFT_OUT}",))
    inside = {"projects": [{"name": "web", "usage": rows, "total": eur(900)}], "total": eur(900)}
    assert total_and_gaps(inside) == ("9.00 EUR", ())


@pytest.mark.parametrize("name", [None, "Total", "All regions", "*"])
@pytest.mark.parametrize("key", ["region", "name"])
def test_a_group_of_all_counts_and_is_a_gap_without_a_total_over_it(key: str, name: Any) -> None:
    groups = [
        {key: "a", "usage": [row(100)]},
        {key: "b", "usage": [row(200, "Disk")]},
        {key: name, "usage": [row(100), row(200, "Disk")]},
    ]
    gap = f"`$.usage[*].usage[*]` (2 times) {FINER}"
    assert total_and_gaps({"usage": groups}) == ("6.00 EUR", (gap,))
    assert total_and_gaps({"usage": groups, "total": eur(600)}) == ("6.00 EUR", ())
    assert total_and_gaps({"usage": groups, "total": eur(300)}) == ("3.00 EUR", ())
    of_none = {"usage": [*groups[:2], {key: name, "usage": [{"cost": eur(300)}]}]}
    assert total_and_gaps(of_none) == ("3.00 EUR", (f"`$.usage[2].usage[0]` {LEFT_OUT}",))
    other = total_and_gaps({"usage": [*groups[:2], {key: name, "usage": [row(400)]}]})
    odd = (f"`$.usage[2].usage[0]` {NO_SUM}",) if name else ()
    assert other == ("7.00 EUR", odd)
    assert total_and_gaps({"usage": [*groups[:2], {key: "c", "usage": [row(300, "IP")]}]})[1] == ()


def test_a_product_that_is_called_a_total_around_rows_is_left_out_and_a_gap() -> None:
    total = {"id": None, "name": "Total", "usage": [{"cost": eur(300)}]}
    products = [{"id": "1", "name": "VM", "cost": eur(100)}, {"name": "Disk", "cost": eur(200)}]
    gap = f"`$.products[2].usage[0]` {LEFT_OUT}"
    assert total_and_gaps({"products": [*products, total]}) == ("3.00 EUR", (gap,))


def test_rows_of_all_that_each_product_has_one_part_of_are_a_gap() -> None:
    month_ = [row(100, date="2026-10-01"), row(100, month="2026-10")]
    assert total_and_gaps(month_) == ("2.00 EUR", (f"`$[1]` {FINER}",))
    parts = [row(100, resource_id="r1"), row(200, "Disk", resource_id="r2")]
    both = [parts[0], row(100), parts[1], row(200, "Disk")]
    assert total_and_gaps(both) == ("6.00 EUR", (f"`$[*]` (2 times) {FINER}",))
    # Of one product among others two rows may happen to cost the same.
    assert total_and_gaps([*both[:2], row(500, "IP")]) == ("7.00 EUR", ())


def test_two_things_of_a_product_that_began_or_lived_at_other_times_are_charges() -> None:
    begun = [row(100, start_date="2026-10-01"), row(100, start_date="2026-10-15")]
    assert f"{total_and_gaps(begun)}".count("finer") == 0


@pytest.mark.parametrize("project", [{}, {"project": None}])
def test_one_row_of_a_project_and_one_of_none_at_one_price_are_noted(project: Any) -> None:
    # 5.00 of an address in a project and 5.00 of one in none, or the same once more.
    pair = [row(500, "IP", project="a"), row(500, "IP", **project)]
    listing = listed(pair)
    assert (total_and_gaps(pair), listing.notes) == (
        ("10.00 EUR", ()),
        ("`$[1]` costs what a finer row does, and both count",),
    )
    for cents, cost in ((500, "5.00 EUR"), (1000, "10.00 EUR")):
        stated = {"usage": pair, "total": eur(cents)}
        assert (total_and_gaps(stated), listed(stated).notes) == ((cost, ()), ())
    assert listed([*pair, row(300)]).notes == ()
