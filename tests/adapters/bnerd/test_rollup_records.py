"""Rollups that are records with ids, or say that they are of all; the money is worked out by hand."""

import json
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import pytest

from support.bnerd_usage import eur, row, total_and_gaps

FINER = "is what finer rows add up to: a charge, or their total"
LEFT_OUT = f"{FINER}, and left out"
OCTOBER = {"from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z"}


def uuid(number: int) -> str:
    return f"{number:08x}-1111-4111-8111-111111111111"


def with_ids(rows: Sequence[dict[str, Any]], *keys: str) -> list[dict[str, Any]]:
    return [
        row | {key: uuid(at * len(keys) + number) for number, key in enumerate(keys)}
        for at, row in enumerate(rows)
    ]


RECORDS = ["id", "uuid", "_id", "line_id", "lineId", "row_uuid", "external_id", "usage_id"]
RECORDS += ["record_id", "item_id"]
TWO_DAYS = {"from": "2026-10-05T00:00:00Z", "to": "2026-10-07T00:00:00Z"}
HOURS = [f"2026-10-{day:02d}T{hour:02d}:00:00Z" for day in (5, 6) for hour in range(24)]
ROLLUPS: dict[str, tuple[list[dict[str, Any]], str]] = {
    "projects": (
        [row(600, project_id=None), row(200, project="Shop"), row(400, project="CI")],
        "6.00 EUR",
    ),
    "servers": ([row(500), row(200, server="s1"), row(300, server="s2")], "5.00 EUR"),
    "days": (
        [row(500, **OCTOBER), row(200, date="2026-10-01"), row(300, date="2026-10-02")],
        "5.00 EUR",
    ),
    # 48 hours of 0.05 are 2.40.
    "hours": ([row(240, **TWO_DAYS), *(row(5, timestamp=hour) for hour in HOURS)], "2.40 EUR"),
    # Of which some are of a server, and some of a project alone.
    "mixed": (
        [row(1200), row(500, project="A", server="s1"), row(700, project="B")],
        "12.00 EUR",
    ),
}


@pytest.mark.parametrize("case", ROLLUPS)
@pytest.mark.parametrize("keys", [[], *([key] for key in RECORDS), ["id", "line_id"]], ids=str)
def test_a_rollup_with_an_id_of_its_own_is_left_out_and_a_gap(case: str, keys: list[str]) -> None:
    rows, cost = ROLLUPS[case]
    assert total_and_gaps(with_ids(rows, *keys)) == (cost, (f"`$[0]` {LEFT_OUT}",))
    assert total_and_gaps([*with_ids(rows[1:], *keys), rows[0]]) == (
        cost,
        (f"`$[{len(rows) - 1}]` {LEFT_OUT}",),
    )


def test_a_product_below_a_project_and_its_servers_are_records_too() -> None:
    def vm(cents: int, **said: str) -> dict[str, Any]:
        return {"id": uuid(8), "name": "VM", "cost": eur(cents), **said}

    products = [
        vm(500, usage_id="a"),
        vm(200, server="s1", usage_id="b"),
        vm(300, server="s2", usage_id="c"),
    ]
    reply = {"projects": [{"id": uuid(7), "name": "A", "products": products}]}
    assert total_and_gaps(reply) == ("5.00 EUR", (f"`$.projects[0].products[0]` {LEFT_OUT}",))


KEYS = ["flavor", "size", "plan", "tier", "class", "category", "kind", "type", "meter", "component"]
KEYS += ["disk", "pool", "hostname", "az", "cost_center", "customer_id", "metadata"]
WORDS = ["m1.small", {"server": "x"}, [{"key": "server", "value": "x"}]]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("name", WORDS, ids=lambda name: type(name).__name__)
def test_rows_that_say_anything_more_in_a_word_may_be_parts(key: str, name: Any) -> None:
    # 4.00 of one kind and 6.00 of another are 10.00, which a row of neither kind says again.
    other = json.loads(json.dumps(name).replace("x", "y").replace("small", "large"))
    parts = [row(400, **{key: name}), row(600, **{key: other})]
    for whole in (row(1000), row(1000, **{key: None})):
        rows = [whole, *parts]
        assert (
            total_and_gaps(rows)
            == total_and_gaps(with_ids(rows, "id"))
            == ("10.00 EUR", (f"`$[0]` {LEFT_OUT}",))
        )
        said = [one | {"description": "VM", "level": f"{at}"} for at, one in enumerate(rows)]
        assert total_and_gaps(said) == ("20.00 EUR", (f"`$[0]` {FINER}",))
    for of_all in ("all", "Total"):
        cost, gaps = total_and_gaps([row(1000, **{key: of_all}), *parts])
        assert gaps or cost == "10.00 EUR"


@pytest.mark.parametrize(
    "said",
    [
        {"cpu": 4},
        {"gb": "8.5"},
        {"on": True},
        {"ts": "2026-10-05"},
        {"description": "x"},
        {"note": "x"},
    ],
)
def test_how_much_and_when_and_what_describes_a_row_is_no_name(said: Any) -> None:
    assert total_and_gaps([row(1000), row(400, **said), row(600, **said)])[1] == ()


def test_a_sum_is_found_among_more_kinds_of_rows_than_eight() -> None:
    # Ten kinds of two rows each, of 1.00 a row, and 20.00 of all.
    kinds = [row(100, **{f"of_{at}": name}) for at in "abcdefghij" for name in ("x", "y")]
    assert total_and_gaps([*kinds, row(2000)]) == ("20.00 EUR", (f"`$[20]` {LEFT_OUT}",))


@pytest.mark.parametrize("key", ["server", "project", "flavor"])
def test_parts_and_their_sum_may_each_be_rounded_by_themselves(key: str) -> None:
    # Three of 3.3333 are 10.00, and 3.33 each.
    parts = [row(333, **{key: name}) for name in "abc"]
    assert total_and_gaps([row(1000), *parts]) == ("19.99 EUR", (f"`$[0]` {FINER}",))
    assert total_and_gaps([*parts, row(998)]) == ("19.97 EUR", (f"`$[3]` {FINER}",))
    for charges in ([row(1001), *parts], [row(1000), row(1000), *parts], [row(1000), *parts[1:]]):
        assert total_and_gaps(charges)[1] == ()
    # 10.00 a month are 0.32 a day, and 3.00 are 0.01 an hour, of which 2.00 and 1.00 are others.
    days = [row(32, date=f"2026-10-{day:02d}") for day in range(1, 32)]
    assert total_and_gaps([*days, row(1000, **OCTOBER)]) == ("19.92 EUR", (f"`$[31]` {FINER}",))
    cents = [row(1, **{key: f"{name}"}) for name in range(200)]
    assert total_and_gaps([*cents, row(300)]) == ("5.00 EUR", ())


@pytest.mark.parametrize("key", ["server_id", "resource_id", "volume_id", "host_uuid"])
def test_ids_of_things_name_things(key: str) -> None:
    # 10.00 of one all month, 6.00 and 4.00 of two others in its halves.
    halves = [
        {"from": "2026-10-01", "to": "2026-10-16"},
        {"from": "2026-10-16", "to": "2026-11-01"},
    ]
    rows = [row(1000, **OCTOBER), row(600, **halves[0]), row(400, **halves[1])]
    assert total_and_gaps(with_ids(rows, key)) == ("20.00 EUR", ())


def test_an_id_that_comes_each_day_is_that_of_a_thing() -> None:
    # 1.00 a day of one, and 2.00 of another.
    days = [row(100, id=uuid(1), date=f"2026-10-0{day}") for day in (1, 2)]
    assert total_and_gaps([*days, row(200, id=uuid(2), **OCTOBER)]) == ("4.00 EUR", ())
    assert total_and_gaps([*days, row(200, id=uuid(1), **OCTOBER)]) == (
        "2.00 EUR",
        (f"`$[2]` {LEFT_OUT}",),
    )


PARENTS = ["parent", "parent_product", "parentProduct", "parent_name"]


@pytest.mark.parametrize("key", PARENTS)
def test_a_product_that_others_name_as_their_parent_is_left_out_and_a_gap(key: str) -> None:
    # 10.00 in one project and 5.00 in another: 4.00, 6.00 and 5.00 of its parts.
    wholes = [row(1000, "Compute", project="a"), row(500, "Compute", project="b")]
    parts = [
        row(cents, name, project=of, **{key: "Compute"})
        for cents, name, of in ((400, "CPU", "a"), (600, "RAM", "a"), (500, "CPU", "b"))
    ]
    gap = (f"`$[*]` (2 times) {LEFT_OUT}",)
    assert (
        total_and_gaps([*wholes, *parts])
        == total_and_gaps(with_ids([*wholes, *parts], "id"))
        == ("15.00 EUR", gap)
    )
    assert total_and_gaps([*wholes, *parts[1:]]) == ("26.00 EUR", ())
    assert total_and_gaps([one | {key: "Compute"} for one in wholes]) == ("15.00 EUR", ())
    by_id = [{"product_id": uuid(1), "cost": eur(500)}]
    by_id += [{"product_id": uuid(2), "parent_product_id": uuid(1), "cost": eur(500)}]
    assert total_and_gaps(by_id) == ("5.00 EUR", (f"`$[0]` {LEFT_OUT}",))


def test_a_rollup_is_rounded_to_the_cents_that_it_shows() -> None:
    # Three days of 0.3333 are 0.9999, and 1.00 as cents.
    days = [row(0, date=f"2026-10-0{day}") for day in (1, 2, 3)]
    fine: dict[str, Any] = {"cost": {"cents": "33.33", "currency_iso": "EUR"}}
    rows = [*(one | fine for one in days), row(100, **OCTOBER)]
    assert total_and_gaps(rows) == ("1.9999 EUR", (f"`$[3]` {FINER}",))
    assert total_and_gaps([*rows[:3], row(99, **OCTOBER)]) == ("1.9899 EUR", ())


EVERY = ["Alle", "Alles", "Alle Produkte", "Sämtliche Produkte", "Zusammen", "Insgesamt"]
EVERY += ["all", "All products", "Everything", "Gesamt", "Summe"]


@pytest.mark.parametrize("name", EVERY)
def test_a_product_of_all_by_its_name_is_the_total_of_two(name: str) -> None:
    rows = [row(500), row(700, "IP"), row(1200, name)]
    for items in (rows, [*rows[::-1]], [one | {"project": "A"} for one in rows]):
        assert total_and_gaps(items) == ("12.00 EUR", ())


PROJECTS = ["Alle", "Alle Projekte", "Alles zusammen", "Sämtliche Projekte", "Insgesamt"]
PROJECTS += ["all", "All projects", "*", "Total", "Gesamt", "Gesamtsumme"]


@pytest.mark.parametrize("name", PROJECTS)
@pytest.mark.parametrize("key", ["project", "project_name", "region"])
def test_a_row_of_all_by_its_name_is_a_gap_beside_one_part_or_more(key: str, name: str) -> None:
    rows = [row(500, **{key: "A"}), row(700, **{key: "B"}), row(1200, **{key: name})]
    assert total_and_gaps(rows) == ("12.00 EUR", (f"`$[2]` {LEFT_OUT}",))
    assert total_and_gaps([row(500, **{key: "A"}), row(500, **{key: name})]) == (
        "10.00 EUR",
        (f"`$[1]` {FINER}",),
    )


@pytest.mark.parametrize("name", ["Organization", "Various", "-", "", None, "Pay", "Totalwert"])
def test_a_project_that_says_not_that_it_is_of_all_may_cost_what_another_does(name: Any) -> None:
    assert total_and_gaps([row(500, project="A"), row(500, project=name)]) == ("10.00 EUR", ())


def test_several_costs_that_come_twice_are_no_chance() -> None:
    # 0.59, 14.90 and 1.37 of a disk each, and of their projects.
    costs = {"A": 59, "B": 1490, "C": 137}
    disks = [row(cents, "Disk", project=of, server=f"s{of}") for of, cents in costs.items()]
    projects = [row(cents, "Disk", project=of) for of, cents in costs.items()]
    gap = (f"`$[*]` (3 times) {FINER}",)
    assert total_and_gaps([*disks, *projects]) == ("33.72 EUR", gap)
    assert total_and_gaps([*with_ids([*disks, *projects], "id"), row(300, "IP")]) == (
        "36.72 EUR",
        gap,
    )
    for cents, cost in ((3372, "33.72 EUR"), (1686, "16.86 EUR")):
        assert total_and_gaps({"data": [*disks, *projects], "total": eur(cents)}) == (cost, ())
    # One more of another cost: they may be what has no server.
    assert total_and_gaps([*disks, *projects, row(200, "Disk", project="D")]) == ("35.72 EUR", ())


def test_a_flat_price_comes_twice_of_what_has_a_server_and_what_has_none() -> None:
    ips = [row(300, "IP", project=of, server=server) for of in "AB" for server in ("s", None)]
    assert total_and_gaps(ips) == ("12.00 EUR", ())
    # 0.12 of the first day, 0.24 of each, 0.07 of the last one: 0.67 twice.
    days = {"2026-10-01": 12, "2026-10-02": 24, "2026-10-03": 24, "2026-10-04": 7}
    each = [
        row(cents, "IP", date=day, server=server)
        for day, cents in days.items()
        for server in ("s", None)
    ]
    assert total_and_gaps(each) == ("1.34 EUR", ())


def test_as_many_of_one_price_as_others_cost_the_same_by_chance() -> None:
    # 4.90 each, of two machines of no project and of one in either of two, and 3.00 of an address.
    machines = [row(490, project=of) for of in (None, None, "A", "B")]
    for rows in ([*machines, row(300, "IP", project="A")], machines):
        cost = "22.60 EUR" if len(rows) > 4 else "19.60 EUR"
        assert total_and_gaps(with_ids(rows, "id")) == total_and_gaps(rows) == (cost, ())
    whole = [row(980), *machines[2:]]
    assert total_and_gaps(with_ids(whole, "id")) == ("9.80 EUR", (f"`$[0]` {LEFT_OUT}",))
    assert total_and_gaps([*whole, row(300, "IP")]) == ("22.60 EUR", (f"`$[0]` {FINER}",))


def test_rows_of_no_product_may_be_what_those_of_a_server_cost() -> None:
    # 1.00 and 2.00 of one, 3.00 and 4.00 of another.
    rows = [
        *(row(100, server="s1"), row(200, "IP", server="s1")),
        *(row(300, server="s2"), row(400, "IP", server="s2")),
    ]
    sums: list[dict[str, Any]] = [
        {"server": "s1", "cost": eur(300)},
        {"server": "s2", "cost": eur(700)},
    ]
    gap = (f"`$[*]` (2 times) {LEFT_OUT}",)
    assert total_and_gaps(with_ids([*sums, *rows], "id")) == ("10.00 EUR", gap)
    assert total_and_gaps([*rows, *sums]) == ("10.00 EUR", gap)
    other = with_ids([*rows, sums[0] | {"server": "s3"}], "id")
    assert total_and_gaps(other) == ("13.00 EUR", ())


def test_a_day_of_no_product_may_be_what_its_hours_cost() -> None:
    rows = [row(100, timestamp=HOURS[0]), row(200, "IP", timestamp=HOURS[1])]
    rows += [row(400, timestamp=HOURS[24]), row(500, "IP", timestamp=HOURS[25])]
    day = {"date": "2026-10-05", "cost": eur(300)}
    assert total_and_gaps([*rows, day]) == ("15.00 EUR", (f"`$[4]` {FINER}",))


@pytest.mark.parametrize("key", ["region", "name"])
@pytest.mark.parametrize("name", ["Total", "Alle", "*", None])
def test_a_group_of_all_with_an_id_of_its_own_is_a_gap(key: str, name: Any) -> None:
    groups = with_ids(
        [
            {key: "a", "items": [row(100)]},
            {key: "b", "items": [row(200, "Disk")]},
            {key: name, "items": [row(100), row(200, "Disk")]},
        ],
        "id",
    )
    gap = f"`$[*].items[*]` (2 times) {FINER}"
    assert total_and_gaps(groups) == ("6.00 EUR", (gap,))
    groups[2][key] = "c"
    assert total_and_gaps(groups) == ("6.00 EUR", ())


def test_a_group_of_all_by_its_name_is_a_gap_beside_one_row() -> None:
    one = {"region": "a", "items": [row(500)]}
    assert total_and_gaps([one, {**one, "region": "Total"}]) == (
        "10.00 EUR",
        (f"`$[1].items[0]` {FINER}",),
    )
    for name in (None, "b"):
        assert total_and_gaps([one, {**one, "region": name}]) == ("10.00 EUR", ())
        ids = with_ids([one, {**one, "region": name}], "id")
        assert total_and_gaps(ids) == ("10.00 EUR", ())


NAMES = {"project": ["A", "B"], "product": ["VM", "IP"], "server": ["s1", "s2"]}
CENTS = [100, 210, 330, 470, 590, 710, 830, 970]  # no two of which add up to a third


def parts() -> Iterator[dict[str, Any]]:
    for cents, names in zip(CENTS, product(*NAMES.values()), strict=True):
        yield {**dict(zip(NAMES, names, strict=True)), "cost": eur(cents)}


def rolled_up(rows: Sequence[dict[str, Any]], over: str, **named: Any) -> list[dict[str, Any]]:
    cents: dict[tuple[str, ...], int] = {}
    keys = [key for key in NAMES if key in rows[0] and key != over]
    for one in rows:
        names = tuple(one[key] for key in keys)
        cents[names] = cents.get(names, 0) + one["cost"]["cents"]
    return [
        dict(zip(keys, names, strict=True)) | named | {"cost": eur(cost)}
        for names, cost in cents.items()
    ]


@pytest.mark.parametrize("over", NAMES)
@pytest.mark.parametrize("name", ["absent", None, "", "Total", "Alle"])
@pytest.mark.parametrize("keys", [[], ["id"], ["line_id"], ["id", "external_id"]], ids=str)
def test_no_rollup_counts_without_a_word(over: str, name: Any, keys: list[str]) -> None:
    # 42.10 in eight rows, once more in four, and once more in two.
    rows = [*parts()]
    once = rolled_up(rows, over, **({} if name == "absent" else {over: name}))
    twice = rolled_up(once, "server" if over == "product" else "product")
    for wholes in (once, [*once, *twice]):
        for every in ([*rows, *wholes], [*wholes, *rows], [*wholes[::2], *rows, *wholes[1::2]]):
            cost, gaps = total_and_gaps(with_ids(every, *keys))
            assert gaps or cost == "42.10 EUR"
    assert total_and_gaps(with_ids(rows, *keys)) == ("42.10 EUR", ())


@pytest.mark.parametrize("cents", [[300], [300, 500], CENTS])
@pytest.mark.parametrize("key", ["id", "uuid", "line_id", "external_id", "server_id"])
@pytest.mark.parametrize("when", ["date", "hour", None])
def test_records_of_equal_prices_are_charges(cents: list[int], key: str, when: str | None) -> None:
    hour = {"date": "2026-10-0{}", "hour": "2026-10-05T0{}:00:00Z"}
    times: list[dict[str, Any]] = (
        [{when: hour[when].format(at)} for at in (1, 2, 3)] if when else [{}]
    )
    rows = [
        one | {"cost": eur(cents[at % len(cents)])} | time
        for time in times
        for at, one in enumerate(parts())
    ]
    total = sum(one["cost"]["cents"] for one in rows)
    cost = f"{total // 100}.{total % 100:02d} EUR"
    for left_out in ({}, {"server": None}, {"project": None}):
        assert total_and_gaps(with_ids([one | left_out for one in rows], key)) == (cost, ())
