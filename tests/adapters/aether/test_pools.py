"""What a day of autoscaling cost each pool; the shares are worked out by hand."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billfold import Charge, Usage
from billfold.money import sum_by_currency
from billfold.wire import decode
from billfold_aether import daily_spend, parse, usage, wire

ORG = wire.Organization("00000000-0000-0000-0000-0000000000aa")
WEB, BATCH, JOBS = "AAAAAAAA-01", "BBBBBBBB-02", "CCCCCCCC-03"
CLUSTER = "DDDDDDDD-04"


def record(number: int, pool: str | None, quantity: object, **more: object) -> dict[str, Any]:
    row = {"id": f"r{number}", "org_id": ORG.id, "cluster_id": pool and CLUSTER}
    row |= {"node_pool_id": pool, "resource_type": "node", "unit": "node_hour"}
    return row | {"quantity": quantity, "recorded_at": f"2026-11-05T{number:02}:00:00Z"} | more


def fee(kind: str, name: str, cluster: str | None = CLUSTER, pool: str | None = None) -> Any:
    ids = {"cluster_id": cluster, "node_pool_id": pool}
    return {"kind": kind, "name": name, "amount_eur": 1, **ids}


def used(cost: str, *records: Any, fees: tuple[Any, ...] = ()) -> Usage:
    bill = {"org_id": ORG.id, "period_start": "2026-11-01T00:00:00Z", "total_eur": 0}
    body = json.dumps({**bill, "items": records, "subscriptions": fees}).encode()
    points = f'{{"points": [{{"date": "2026-11-05", "amount_eur": {cost}}}], "total_eur": {cost}}}'
    spend = daily_spend.spend(decode(points.encode(), wire.DailySpend))
    read = decode(body, wire.Usage)
    return usage.usage(ORG, None, read, parse.records(read), spend)


def autoscaling(read: Usage) -> list[Charge]:
    return [
        charge
        for charge in read.charges
        if charge.cost is not None and charge.id.endswith("@2026-11-05")
    ]


def shares(read: Usage) -> dict[str | None, str]:
    return {charge.resource_id: str(charge.cost) for charge in autoscaling(read)}


def test_a_days_cost_is_shared_by_node_hours_to_the_last_digit() -> None:
    # 4.13 over 2 + 1, 3 and 1 hours: 1.77, 1.77 and 0.59, exactly.
    hours = [record(1, WEB, 2), record(2, BATCH, 3), record(3, JOBS, 1), record(4, WEB, 1.0)]
    read = used("4.13", *hours)
    assert shares(read) == {WEB: "1.77 EUR", BATCH: "1.77 EUR", JOBS: "0.59 EUR"}
    assert all(charge.derived for charge in autoscaling(read))


def test_what_remains_goes_to_the_largest_remainders_the_first_of_equal_ones() -> None:
    # 100 cents over 1, 1 and 4 hours are 16.66.., 16.66.. and 66.66..: rounded down 98, and of
    # three equal remainders the first two get a cent.
    read = used("1.00", record(1, WEB, 1), record(2, BATCH, 1), record(3, JOBS, 4))
    assert shares(read) == {WEB: "0.17 EUR", BATCH: "0.17 EUR", JOBS: "0.66 EUR"}


def test_a_share_says_what_it_is_of_and_its_hours_are_included_in_it() -> None:
    control_plane, pool = fee("control_plane", "prod-fra"), fee("node_pool", "web", pool=WEB)
    read = used("3.00", record(1, WEB, 2), record(2, BATCH, 1), fees=(control_plane, pool))
    web, batch = autoscaling(read)
    assert (web.sub_account_id, web.sub_account_name) == (CLUSTER, "prod-fra")
    assert (web.resource_id, web.resource_name, web.resource_type) == (WEB, "web", "node_pool")
    assert (str(web.cost), web.derived, dict(web.tags)) == (
        "2.00 EUR", True, {"cluster": CLUSTER, "pool": WEB},
    )  # fmt: skip
    assert web.reason == "a share by node hours of 3.00 EUR, which is stated for the whole day"
    assert (batch.resource_id, batch.resource_name) == (BATCH, None)
    hours = [charge for charge in read.charges if charge.included_in is not None]
    assert [hour.included_in for hour in hours] == [web.id, batch.id]
    assert [hour.sub_account_name for hour in hours] == ["prod-fra", "prod-fra"]


def test_a_cluster_has_the_name_of_its_control_plane_in_the_flat_fees_too() -> None:
    fees = fee("control_plane", "prod-fra"), fee("node_pool", "web", CLUSTER.lower(), WEB)
    charges = used("0", fees=fees).charges
    assert [charge.sub_account_name for charge in charges if charge.category == "purchase"] == [
        "prod-fra",
        "prod-fra",
    ]


def test_a_cluster_that_two_control_planes_call_differently_has_no_name() -> None:
    fees = fee("control_plane", "prod-fra"), fee("control_plane", "old-fra")
    assert autoscaling(used("1", record(1, WEB, 1), fees=fees))[0].sub_account_name is None


def test_one_pool_is_one_share_however_its_ids_are_written_and_ordered() -> None:
    lower = record(2, WEB.lower(), 1, cluster_id=CLUSTER.lower())
    hours = [record(1, WEB, 1), lower]
    for rows in (hours, hours[::-1]):
        (share,) = autoscaling(used("1.84", *rows))
        assert (share.resource_id, share.sub_account_id) == (WEB, CLUSTER)
        assert str(share.cost) == "1.84 EUR"


def test_hours_that_name_no_pool_are_a_share_beside_the_others() -> None:
    read = used("2.00", record(1, WEB, 1), record(2, None, 3))
    assert shares(read) == {None: "1.50 EUR", WEB: "0.50 EUR"}


@pytest.mark.parametrize(
    "odd",
    [
        record(2, WEB, 37.625, unit="gib", resource_type="egress"),
        record(2, WEB, 1, unit="hour"),
        record(2, WEB, 1, resource_type="gpu node"),
        record(2, WEB, 1, unit=None),
        record(2, WEB, None),
        record(2, WEB, "many"),
        record(2, WEB, -1),
        {"no": "id"},
    ],
)
def test_a_day_whose_hours_do_not_measure_its_cost_stays_whole(odd: Any) -> None:
    (day,) = autoscaling(used("2.00", record(1, WEB, 1), odd))
    assert (str(day.cost), day.derived, day.resource_id) == ("2.00 EUR", False, None)


@pytest.mark.parametrize(
    ("cost", "hours"),
    [("2.00", [record(1, None, 1)]), ("2.00", [record(1, WEB, 0)]), ("0", [record(1, WEB, 1)])],
)
def test_a_day_stays_whole_where_nothing_says_how_to_share_it(cost: str, hours: list[Any]) -> None:
    (day,) = autoscaling(used(cost, *hours))
    assert (day.derived, day.resource_id) == (False, None)


@given(
    st.decimals(-(10**9), 10**9, allow_nan=False, places=17),
    st.lists(st.tuples(st.sampled_from([WEB, BATCH, JOBS, None]), st.integers(0, 99)), max_size=9),
)
def test_whatever_the_hours_a_days_lines_are_its_cost(cost: object, hours: list[Any]) -> None:
    read = used(f"{cost:f}", *(record(number, *hour) for number, hour in enumerate(hours)))
    costs = [charge.cost for charge in autoscaling(read) if charge.cost is not None]
    (stated,) = [check.stated for check in read.checks if check.name.startswith("daily-spend")]
    assert sum_by_currency(costs).get("EUR", stated) == stated
