"""A total that says of when it is, beside rows that do not; the money is worked out by hand.

A row without a time is for the window.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from support.bnerd_usage import asked, eur, row, total, total_and_gaps

PROJECT, OTHER = "f17a05d3-926e-4b4c-8de0-5c39b82f61a4", "0c5c7c0e-9a51-4d19-8f0c-51f6f2f6a6c1"
FROM, TO = "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"
FINER = "is what finer rows add up to: a charge, or their total"
WINDOWS: list[dict[str, Any]] = [
    {"from": FROM, "to": TO},
    {"start": FROM, "end": TO},
    {"from": FROM, "to": "2026-10-31T23:59:59Z"},
    {"period": "2026-10"},
    {"period": {"start": "2026-10-01", "end": "2026-10-31"}},
    {"month": "2026-10"},
    {"year": 2026, "month": 10},
]
NAMELESS: list[dict[str, Any]] = [{}, {"product": None}, {"project_id": None, "product_id": None}]
TWO = [row(700, project_id=PROJECT), row(300, "Disk", project_id=PROJECT)]


@pytest.mark.parametrize("window", WINDOWS, ids=str)
@pytest.mark.parametrize("named", [*NAMELESS, {"product": "Total"}], ids=str)
def test_the_sum_of_rows_without_a_time_is_none_of_them_where_it_states_the_window(
    window: dict[str, Any], named: dict[str, Any]
) -> None:
    # 7.00 + 3.00, and 10.00 says both once more.
    whole = {**named, **window, "cost": eur(1000)}
    for rows in ([*TWO, whole], [whole, *TWO]):
        assert total_and_gaps(rows) == ("10.00 EUR", ())
        parts = [{"id": "a", "name": "VM", "cost": eur(700)}, {"name": "Disk", "cost": eur(300)}]
        products = [*parts, whole] if rows[-1] is whole else [whole, *parts]
        project = {"projects": [{"id": PROJECT, "products": products}]}
        assert total_and_gaps(project) == ("10.00 EUR", ())


@pytest.mark.parametrize("window", WINDOWS, ids=str)
def test_another_sum_that_names_nothing_is_a_gap_whether_or_not_it_states_the_window(
    window: dict[str, Any],
) -> None:
    why = "names nothing that costs: a charge, or a total"
    for time in ({}, window):
        assert total_and_gaps([*TWO, {**time, "cost": eur(1100)}]) == (
            "21.00 EUR",
            (f"`$[2]` {why}",),
        )
    cent_off = asked([*TWO, {**window, "cost": eur(1001)}])
    assert (total(cent_off), len(cent_off.gaps)) == ("20.01 EUR", 1)


def test_the_sample_and_its_sum_count_once() -> None:
    # 28.37 + 34.375 - 6.15 = 56.595, the last row of no time.
    rows = json.loads((Path(__file__).parent / "get_billing_usage_october.json").read_text())
    assert total_and_gaps([*rows, {"total": eur("5659.5"), "from": FROM, "to": TO}]) == (
        total_and_gaps(rows)[0],
        (),
    )


def test_rows_without_a_time_are_of_that_of_the_total_over_them() -> None:
    for name in ({}, {"product": "Total"}):
        listing = asked([*TWO, {**name, "month": "2026-09", "cost": eur(1000)}])
        assert listing.rows[0].charges == ()
        assert len(listing.gaps) == 1


@pytest.mark.parametrize("stamp", [{"date": "2026-10-05"}, {"timestamp": "2026-10-31T23:00:00Z"}])
def test_a_day_or_an_hour_is_no_window(stamp: dict[str, str]) -> None:
    # A charge of the 5th may cost as much by chance, and so may what ten days cost.
    assert asked([*TWO, {**stamp, "cost": eur(1000)}]).gaps != ()
    days = [{"date": f"2026-10-{day:02d}", "cost": eur(100)} for day in range(1, 11)]
    listing = asked([*TWO, *days])
    assert (total(listing), len(listing.gaps)) == ("20.00 EUR", 1)


def test_days_of_what_names_something_are_charges() -> None:
    days = [{"date": f"2026-10-{day:02d}", "server": "a", "cost": eur(100)} for day in (1, 2)]
    assert total_and_gaps([*days, row(500, "Support")]) == ("7.00 EUR", ())
    dated = [row(400, date="2026-10-01"), row(500, date="2026-10-02")]
    assert total_and_gaps([*dated, {"date": "2026-10-02", "cost": eur(100)}]) == ("10.00 EUR", ())


@pytest.mark.parametrize("window", WINDOWS, ids=str)
@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ({"product": "VM"}, [{"product": "VM", "server": name} for name in ("web", "db")]),
        ({"product": "VM"}, [{"product": "VM", "project_id": each} for each in (PROJECT, OTHER)]),
        (
            {"project_id": PROJECT},
            [{"project_id": PROJECT, "product": name} for name in ("VM", "Disk")],
        ),
    ],
    ids=["servers", "projects", "products"],
)
def test_finer_rows_without_a_time_may_add_up_to_one_of_the_window(
    window: dict[str, Any], whole: dict[str, Any], parts: list[dict[str, Any]]
) -> None:
    below = [{**part, "cost": eur(cents)} for part, cents in zip(parts, (700, 300), strict=True)]
    for rows in (
        [{**whole, **window, "cost": eur(1000)}, *below],
        [*below, {**whole, **window, "cost": eur(1000)}],
    ):
        assert asked(rows).gaps != ()
    is_settled = {"usage": [*below, {**whole, **window, "cost": eur(1000)}], "total": eur(2000)}
    assert total_and_gaps(is_settled) == ("20.00 EUR", ())
