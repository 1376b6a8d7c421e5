"""A charge's id says what is charged, and nothing of what else is listed or came later (law 3)."""

import json
from typing import Any

import pytest

from billfold import Period
from billfold.model import Charge
from billfold_bnerd import month
from billfold_bnerd.usage import decode_usage

ORG = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"
PROJECT = "f17a05d3-926e-4b4c-8de0-5c39b82f61a4"
PRODUCT = "6ec3d218-07bf-4f95-a3d1-98e0b54c7a2d"
SERVER = "95a1b7e4-c82d-4063-b7fe-2d0f68a39c51"
OCTOBER = Period.month(2026, 10)
BEFORE = f"{ORG}/2026-10/{PROJECT}/{PRODUCT}"


def row(cents: int = 100, **fields: Any) -> dict[str, Any]:
    ids = {"project_id": PROJECT, "product_id": PRODUCT}
    return {**ids, "total": {"cents": cents, "currency_iso": "EUR"}, **fields}


def charges(rows: list[dict[str, Any]], window: Period = OCTOBER) -> tuple[Charge, ...]:
    listing = month.usage(ORG, window, window, decode_usage(json.dumps(rows).encode()))
    return listing.rows[0].charges


def ids(*rows: dict[str, Any], window: Period = OCTOBER) -> list[str]:
    """Return the ids, without what all of them begin with."""
    found = [charge.id for charge in charges(list(rows), window)]
    assert len(set(found)) == len(found)
    return [each.removeprefix(BEFORE) for each in found]


def bounds(start: str, end: str) -> dict[str, Any]:
    return {"from": f"2026-{start}T00:00:00Z", "to": f"2026-{end}T00:00:00Z"}


@pytest.mark.parametrize(
    ("first", "second", "suffix"),
    [
        ({"region": "fra"}, {"region": "muc"}, "/region=fra"),
        ({"tier": 1}, {"tier": 2}, "/tier=1"),
        ({"server_name": "a"}, {"server_name": "b"}, "/server_name=a"),
        ({"server_id": SERVER}, {"server_id": PRODUCT}, f"/server_id={SERVER}"),
        ({"server": {"id": 7, "cpu": 2}}, {"server": {"id": 8}}, "/server=7"),
        ({"region": {"code": "fra", "name": "Frankfurt"}}, {"region": "muc"}, "/region=fra"),
        ({"plan": "m", "region": "fra"}, {"plan": "s"}, "/plan=m,region=fra"),
        ({"id": "r-1", "type": "cpu"}, {"id": "r-1", "type": "ram"}, "/r-1/type=cpu"),
        ({"unit": "request"}, {"unit": "gb_hour"}, "/unit=request"),
        ({"unit": "hour", "region": "fra"}, {"unit": "gb_hour"}, "/region=fra,unit=hour"),
        ({"id": "r-1", "unit": "hour"}, {"id": "r-1", "unit": "gb"}, "/r-1/unit=hour"),
        ({"subscription": {"id": SERVER}}, {"subscription": {"id": PRODUCT}}, f"/{SERVER}"),
        ({"subscription": SERVER.upper()}, {"subscription": PRODUCT}, f"/{SERVER}"),
    ],
)
def test_what_names_a_thing_is_in_its_id_before_another_comes(
    first: dict[str, Any], second: dict[str, Any], suffix: str
) -> None:
    assert ids(row(**first)) == [suffix]
    assert ids(row(**first), row(5, **second))[0] == suffix
    assert ids(row(5, **second), row(**first))[1] == suffix
    assert ids(row(900, **first, quantity=3)) == [suffix]


def test_two_meters_of_a_product_keep_their_ids_as_one_outgrows_the_other() -> None:
    for requests in (300, 900):
        rows = [row(500, unit="gb_hour"), row(requests, unit="request")]
        assert ids(*rows) == ["/unit=gb_hour", "/unit=request"]


@pytest.mark.parametrize(
    "later",
    [
        {"invoice_id": "4"},
        {"invoice_name": "RE-1"},
        {"billing_code": "b"},
        {"price_type": "flat"},
        {"tax_code": "19"},
        {"status": "stopped", "status_code": "s"},
        {"request_id": "r"},
        {"last_event_id": "e"},
        {"description": "Compute M, 12 hours"},
        {"title": "t", "label": "l"},
        {"size": 50, "volume": "70 GB", "vcpus": 4},
        {"organization_name": "ACME", "owner_name": "o"},
        {"updated_at": "2026-10-31T11:00:00Z"},
        {"region": None, "tags": ["x"], "service": {"state": "up"}, "resource": [1]},
    ],
)
def test_what_is_said_of_the_row_or_its_bill_is_in_no_id(later: dict[str, Any]) -> None:
    assert ids(row(region="fra", **{k: v for k, v in later.items() if k != "region"})) == [
        "/region=fra"
    ]
    assert ids(row(**later)) == [""]


def test_a_name_beside_the_id_that_it_stands_for_may_change() -> None:
    for name in ("a", "b"):
        assert ids(row(server_id=SERVER, server_name=name)) == [f"/server_id={SERVER}"]
        assert ids(row(server_id=SERVER.upper(), server=name)) == [f"/server_id={SERVER}"]
        assert ids(row(id="r-1", name=name)) == ["/r-1"]
    assert ids(row(name="a")) == ["/name=a"]


def test_neither_an_amount_nor_its_sign_is_in_an_id() -> None:
    for cents in (0, 100, -100):
        assert ids(row(cents)) == [""]
    # what was used keeps its id when some of it is given back, whatever the order
    for cents in ((100, -20), (100, -500)):
        pair = [row(each) for each in cents]
        assert ids(*pair) == ["", "#2"]
        assert ids(*reversed(pair)) == ["#2", ""]


def test_rows_that_only_words_tell_apart_are_numbered_by_their_words() -> None:
    first, second = row(500, description="a"), row(100, description="b")
    assert ids(first, second) == ids(row(1, description="a"), second) == ["", "#2"]
    assert ids(second, first) == ["#2", ""]


def test_a_month_keeps_its_first_row_when_its_time_is_cut_in_two() -> None:
    whole, first = row(**bounds("10-05", "10-20")), row(**bounds("10-05", "10-15"))
    second = row(200, **bounds("10-15", "10-20"))
    assert ids(whole) == ids(first) == [""]
    assert ids(first, second) == ["", "/@2026-10-15T00:00:00Z"]
    assert ids(second, first) == ["/@2026-10-15T00:00:00Z", ""]


def test_days_by_their_bounds_have_the_id_of_the_month_in_a_window_of_several() -> None:
    days = [row(day, **bounds(f"10-{day:02}", f"10-{day + 1:02}")) for day in range(1, 20)]
    entire = ids(*days)
    assert entire[0] == ""
    assert ids(*days[4:10], window=Period.parse("2026-10-05..2026-10-11")) == entire[4:10]
    assert ids(*days[:10], window=Period.parse("2026-10-01..2026-10-11")) == entire[:10]
    assert ids(*days[:1]) == entire[:1]


def test_a_row_that_the_window_cuts_has_the_id_it_has_in_the_month() -> None:
    # two stretches of one thing: neither window knows of the other
    for start, end in (("10-01", "10-11"), ("10-11", "11-01"), ("10-01", "11-01")):
        window = Period.parse(f"2026-{start}..2026-{end}")
        assert ids(row(region="fra", **bounds(start, end)), window=window) == ["/region=fra"]


def test_a_text_of_two_bounds_is_cut_as_bounds_are() -> None:
    for end in ("02", "03", "09"):
        assert ids(row(period=f"2026-10-01T00:00:00Z/2026-10-{end}T00:00:00Z")) == [""]
        assert ids(row(period=f"2026-10-01..2026-10-{end}")) == [""]


@pytest.mark.parametrize(
    ("stamp", "start"),
    [
        ({"date": "2026-10-05"}, "05"),
        ({"week": "2026-W41"}, "05"),
        ({"period": "2026-10-07"}, "07"),
    ],
)
def test_a_day_or_a_week_that_is_named_is_in_the_id(stamp: dict[str, Any], start: str) -> None:
    suffix = f"/@2026-10-{start}T00:00:00Z"
    assert ids(row(**stamp)) == [suffix]
    assert ids(row(**stamp), row(date="2026-10-20"))[0] == suffix
    assert ids(row(month="2026-10")) == [""]


@pytest.mark.parametrize(
    "key", ["usage_date", "usage_start_time", "from", "metering_date", "service_day", "booked_on"]
)
def test_a_day_under_any_key_keeps_its_id_as_others_come(key: str) -> None:
    days = {day: row(100 * (20 - day), **{key: f"2026-10-{day:02}"}) for day in (3, 4, 5)}
    stamped = [f"/@2026-10-{day:02}T00:00:00Z" for day in days]
    assert ids(*days.values()) == stamped
    assert ids(days[4]) == [stamped[1]]
    assert ids(*days.values(), window=Period.parse("2026-10-03..2026-10-06")) == stamped


@pytest.mark.parametrize("key", ["recorded_at", "sampled_at", "occurred_at", "x"])
def test_when_a_row_was_recorded_or_befell_may_move_and_is_in_no_id(key: str) -> None:
    for hour in (11, 12):
        assert ids(row(**{key: f"2026-10-05T{hour}:00:00Z"})) == [""]
