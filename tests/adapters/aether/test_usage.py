"""What a month costs; the money is written by hand from the replies in this folder."""

from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billfold import Category, Charge, DriftError, Money, Period, Usage
from billfold.model import is_unstated
from billfold.wire import decode
from billfold_aether import daily_spend, parse, usage, wire
from support.replies import reply

NOVEMBER = Period.month(2026, 11)
ORG = wire.Organization("7C1E55A9-04D3-4B8F-9A62-E3B70F18D4C6", "Nordlicht Verlag")
LOW = "7c1e55a9-04d3-4b8f-9a62-e3b70f18d4c6"


def eur(text: str) -> Money:
    return Money(Decimal(text), "EUR")


def spent(name: str = "get_daily_spend_ninth_of_month") -> daily_spend.Spend:
    return daily_spend.spend(decode(reply("aether", name), wire.DailySpend))


def points(*pairs: tuple[str, str], total: str = "0") -> wire.DailySpend:
    listed = ", ".join(f'{{"date": "{day}", "amount_eur": {amount}}}' for day, amount in pairs)
    return decode(f'{{"points": [{listed}], "total_eur": {total}}}'.encode(), wire.DailySpend)


def bill(name: str = "get_usage_busy_month", **replaced: str) -> wire.Usage:
    body = reply("aether", name)
    for old, new in replaced.items():
        assert old.encode() in body
        body = body.replace(old.encode(), new.encode())
    return decode(body, wire.Usage)


def first(of: wire.Usage) -> dict[int, wire.UsageItem]:
    assert of.items is not None
    assert of.items[0] is not None
    return {0: of.items[0]}


def read(reply: wire.Usage, spend: daily_spend.Spend | None) -> Usage:
    return usage.usage(ORG, None, reply, parse.records(reply), spend)


def by_id(used: Usage) -> dict[str, Charge]:
    charges = {charge.id: charge for charge in used.charges}
    assert len(charges) == len(used.charges)
    return charges


@pytest.fixture
def busy() -> Usage:
    return read(bill(), spent())


def test_a_busy_month_is_its_fees_its_days_and_one_visible_charge_of_binary_noise(
    busy: Usage,
) -> None:
    priced = [
        (charge.category.value, str(charge.cost))
        for charge in busy.charges
        if charge.cost is not None
    ]
    assert priced == [
        ("purchase", "79.35 EUR"),
        ("purchase", "263.44 EUR"),
        ("purchase", "118.9 EUR"),
        ("purchase", "0.24 EUR"),
        ("usage", "3.68 EUR"),
        ("usage", "1.84 EUR"),
        ("usage", "0.9200000000000002 EUR"),
        ("usage", "2.7600000000000002 EUR"),
        ("usage", "5.52 EUR"),
        ("usage", "1.38 EUR"),
        ("usage", "4.140000000000001 EUR"),
        ("adjustment", "-0.0000000000000414 EUR"),
    ]
    assert busy.totals() == {"EUR": eur("482.16999999999996")}
    assert busy.stated_total == eur("482.16999999999996")
    assert busy.covers == NOVEMBER
    derived = [str(charge.cost) for charge in busy.charges if charge.derived]
    assert derived == ["3.68 EUR", "0.9200000000000002 EUR", "-0.0000000000000414 EUR"]


def test_checks_hold_to_the_last_digit_or_fail(busy: Usage) -> None:
    assert [(check.name, str(check.gap)) for check in busy.checks] == [
        ("daily-spend total vs. its days", "0.0000000000000006 EUR"),
        ("usage total vs. fees and autoscaling by day", "-0.0000000000000414 EUR"),
    ]
    exact = read(
        bill(**{"482.16999999999996": "464.431"}), spent("get_daily_spend_exponent")
    )  # 461.93 + 2.501
    assert all(check.holds for check in exact.checks)
    assert not any(
        charge.derived and charge.cost is not None and charge.cost.amount
        for charge in exact.charges
    )


def test_a_fee_says_what_it_is_for(busy: Usage) -> None:
    pool = busy.charges[1]
    assert (
        pool.id == f"{LOW}/node_pool/4a8e16c0-f72d-4935-8b0e-d6c1f5937a42"
        "/6f1b93d8-a40c-4e75-92bd-c85e07f3d126/general-fixed@2026-11"
    )
    assert (pool.category, pool.period, pool.service) == (
        Category.PURCHASE,
        NOVEMBER,
        "Aether subscriptions",
    )
    assert (pool.resource_id, pool.resource_type) == (
        "6F1B93D8-A40C-4E75-92BD-C85E07F3D126",
        "node_pool",
    )
    assert (pool.resource_name, pool.sub_account_id) == (
        "general-fixed",
        "4A8E16C0-F72D-4935-8B0E-D6C1F5937A42",
    )
    assert (pool.billing_account_id, pool.billing_account_name) == (ORG.id, "Nordlicht Verlag")
    control_plane, unknown = busy.charges[0], busy.charges[3]
    assert control_plane.resource_id == "4A8E16C0-F72D-4935-8B0E-D6C1F5937A42"
    assert (unknown.id, unknown.resource_id) == (
        f"{LOW}/storage_commitment/archive tier@2026-11",
        None,
    )


def test_an_hour_has_no_price_and_is_included_in_its_pools_day_or_in_its_day(busy: Usage) -> None:
    hours = [charge for charge in busy.charges if charge.cost is None]
    pool = "4a8e16c0-f72d-4935-8b0e-d6c1f5937a42/b05d9c3f-81e6-4f2a-9d47-3a7e20f8c61b"
    assert [charge.included_in for charge in hours] == [
        f"{LOW}/autoscaling/{pool}@2026-11-02",
        f"{LOW}/autoscaling/{pool}@2026-11-05",
        f"{LOW}/autoscaling@2026-11-06",
        f"{LOW}/autoscaling@2026-11-09",
    ]
    first = hours[0]
    assert first.id == f"{LOW}/item/91f3d07e-2b68-4c5a-b7d1-08e6a42f95cb"
    assert (str(first.quantity), first.unit, first.resource_type) == ("2.0", "node_hour", "node")
    assert first.period == Period(
        datetime(2026, 11, 2, 14, tzinfo=UTC), datetime(2026, 11, 2, 15, tzinfo=UTC)
    )
    assert first.tags == {
        "cluster": "4A8E16C0-F72D-4935-8B0E-D6C1F5937A42",
        "pool": "B05D9C3F-81E6-4F2A-9D47-3A7E20F8C61B",
    }
    assert not any(is_unstated(charge) for charge in hours)
    assert all(charge.reason for charge in hours)


@pytest.mark.parametrize("number", [2, 3])
def test_null_and_absent_ids_are_the_same(busy: Usage, number: int) -> None:
    hour = [charge for charge in busy.charges if charge.cost is None][number]
    assert (hour.resource_id, hour.sub_account_id, dict(hour.tags)) == (None, None, {})


def test_a_day_is_one_charge_over_that_utc_day(busy: Usage) -> None:
    day = by_id(busy)[f"{LOW}/autoscaling@2026-11-06"]
    assert (day.period, day.category, day.service) == (
        Period.day(date(2026, 11, 6)),
        Category.USAGE,
        "Aether autoscaling",
    )


def test_a_day_without_cost_is_a_charge_only_where_hours_refer_to_it() -> None:
    used = read(bill(**{"2026-11-02T14": "2026-11-04T14"}), spent())
    days = [ident for ident in by_id(used) if "autoscaling@2026-11-" in ident]
    assert f"{LOW}/autoscaling@2026-11-04" in days
    assert f"{LOW}/autoscaling@2026-11-01" not in days
    assert by_id(used)[f"{LOW}/autoscaling@2026-11-04"].cost == eur("0")


@pytest.mark.parametrize(
    ("total", "cost"), [("482.5", "0.3299999999999986"), ("482.1700000000000014", "0")]
)
def test_an_hour_of_a_day_nobody_states_is_included_in_what_the_total_has_beyond_the_lines(
    total: str, cost: str
) -> None:
    used = read(bill(**{"2026-11-09T07": "2026-11-10T00", "482.16999999999996": total}), spent())
    (hour,) = [
        charge
        for charge in used.charges
        if charge.id.endswith("08d5f2c9-3e71-4ba6-8c04-e92b67a1f03d")
    ]
    carrier = by_id(used)[f"{LOW}/autoscaling@2026-11"]
    assert hour.included_in == carrier.id
    assert carrier.derived
    assert carrier.cost == eur(cost)
    assert used.totals() == {"EUR": eur(total)}


def test_without_the_days_autoscaling_is_one_derived_charge_and_nothing_is_checked() -> None:
    used = read(bill(), None)
    rest = by_id(used)[f"{LOW}/autoscaling@2026-11"]
    assert (rest.cost, rest.derived, rest.category, rest.period) == (
        eur("20.23999999999996"), True, Category.USAGE, NOVEMBER,
    )  # fmt: skip
    assert {charge.included_in for charge in used.charges if charge.cost is None} == {rest.id}
    assert used.totals() == {"EUR": eur("482.16999999999996")}
    assert used.checks == ()


def test_an_idle_month_is_zero_euros_not_nothing() -> None:
    for spend in (None, daily_spend.spend(points(("2026-11-01", "0")))):
        used = read(bill("get_usage_idle_month"), spend)
        assert used.charges == ()
        assert used.totals() == {"EUR": eur("0")}
        assert all(check.holds for check in used.checks)


@pytest.mark.parametrize(
    "end", ["2026-12-01T00:00:00Z", "2026-11-30T23:59:59Z", "2026-11-12T09:31:05Z"]
)
def test_the_month_is_that_of_the_start_whatever_the_end_says(end: str) -> None:
    assert (
        read(
            bill(**{"2026-12-01T00:00:00Z": end} if not end.startswith("2026-12") else {}), None
        ).covers
        == NOVEMBER
    )


def test_fees_that_differ_only_in_the_case_of_ids_are_both_kept_and_numbered() -> None:
    used = read(bill("get_usage_equal_fees"), daily_spend.spend(points(("2026-11-01", "0"))))
    pool = (
        f"{LOW}/node_pool/4a8e16c0-f72d-4935-8b0e-d6c1f5937a42"
        "/6f1b93d8-a40c-4e75-92bd-c85e07f3d126/web"
    )
    cache = (
        f"{LOW}/node_pool/d3794e0a-5c8b-4f16-a0e2-97b6c4d8f135"
        "/1c86a5f0-e93d-472b-b4f1-60d7e2a98c3b/web"
    )
    assert {ident: str(charge.cost) for ident, charge in by_id(used).items()} == {
        f"{pool}#2@2026-11": "20.5 EUR",
        f"{pool}@2026-11": "10 EUR",
        f"{cache}@2026-11": "30 EUR",
    }
    assert used.totals() == {"EUR": eur("60.5")}


def test_a_fee_without_a_pool_keeps_its_id_when_another_appears_beside_it() -> None:
    cluster = "4a8e16c0-f72d-4935-8b0e-d6c1f5937a42"
    fees = {
        fee.name: (fee.id, str(fee.price))
        for fee in usage.subscriptions(ORG, bill("get_usage_load_balancers"))
    }
    assert fees == {
        "lb-b": (f"{LOW}/load_balancer/{cluster}/lb-b", "5 EUR"),
        "lb-a": (f"{LOW}/load_balancer/{cluster}/lb-a", "9 EUR"),
        "prod-fra": (f"{LOW}/control_plane/{cluster}/prod-fra", "79.35 EUR"),
        "nobody's": (f"{LOW}/control_plane/nobody's", "1 EUR"),
    }
    alone = bill("get_usage_load_balancers")
    alone = msgspec.structs.replace(alone, subscriptions=alone.subscriptions[:1])
    assert [fee.id for fee in usage.subscriptions(ORG, alone)] == [fees["lb-b"][0]]


def test_the_order_of_a_reply_changes_no_id() -> None:
    equal = bill("get_usage_equal_fees")
    reversed_fees = msgspec.structs.replace(equal, subscriptions=equal.subscriptions[::-1])
    costs = [
        {charge.id: charge.cost for charge in read(reply, None).charges}
        for reply in (equal, reversed_fees)
    ]
    assert len(costs[0]) == 3
    assert costs[0] == costs[1]


def test_a_record_listed_twice_counts_once_whatever_the_case_of_its_ids() -> None:
    repeated = bill("get_usage_repeated_items")
    assert [charge.quantity for charge in read(repeated, None).charges if charge.cost is None] == [
        Decimal(2)
    ]
    assert parse.records(repeated) == parse.Records(first(repeated), repeats=1, conflicts=())
    contradicted = bill("get_usage_repeated_items", **{'"quantity": 2,': '"quantity": 3,'})
    ident = "91f3d07e-2b68-4c5a-b7d1-08e6a42f95cb"
    assert parse.records(contradicted) == parse.Records(first(contradicted), 0, (ident,))


@pytest.mark.parametrize("kind", ["control_plane", "node_pool", "registry quota", ""])
def test_the_two_kinds_that_are_listed_and_any_other_stay_text(kind: str) -> None:
    reply = bill(**{"storage_commitment": kind})
    assert usage.subscriptions(ORG, reply)[3].kind == kind
    fee = read(reply, spent()).charges[3]
    assert (fee.resource_type, fee.cost) == (kind, eur("0.24"))


def test_fees_are_subscriptions_with_a_price_of_the_month() -> None:
    fees = usage.subscriptions(ORG, bill())
    assert [(fee.kind, fee.name, str(fee.price), fee.period) for fee in fees] == [
        ("control_plane", "prod-fra", "79.35 EUR", NOVEMBER),
        ("node_pool", "general-fixed", "263.44 EUR", NOVEMBER),
        ("node_pool", "cache-fixed", "118.9 EUR", NOVEMBER),
        ("storage_commitment", "archive tier", "0.24 EUR", NOVEMBER),
    ]
    assert fees[0].id == f"{LOW}/control_plane/4a8e16c0-f72d-4935-8b0e-d6c1f5937a42/prod-fra"
    assert [fee.sub_account_id for fee in fees[2:]] == [
        "D3794E0A-5C8B-4F16-A0E2-97B6C4D8F135",
        None,
    ]
    december = bill(**{"2026-11-01": "2026-12-01"})
    assert [fee.id for fee in usage.subscriptions(ORG, december)] == [fee.id for fee in fees]


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("482.16999999999996", "1e400", r"`\$\.total_eur`"),
        ("118.9", "1e400", r"`\$\.subscriptions\[2\]`"),
        ("118.9", '"a lot"', r"`\$\.subscriptions\[2\]\.amount_eur`"),
        ("118.9", "null", r"`\$\.subscriptions\[2\]\.amount_eur`"),
    ],
)
def test_a_value_nobody_can_hold_names_its_path(old: str, new: str, path: str) -> None:
    with pytest.raises(DriftError, match=path):
        read(bill(**{old: new}), None)


# The first hour of all, in a zone where it is earlier yet.
BEFORE_TIME = "0001-01-01T00:00:00+14:00"


def test_a_start_that_utc_cannot_tell_names_its_path() -> None:
    with pytest.raises(DriftError, match=r"`\$\.period_start`"):
        read(bill(**{"2026-11-01T00:00:00Z": BEFORE_TIME}), spent())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"quantity": 37.625', '"quantity": 1e400'),
        ('"recorded_at": "2026-11-05T09:00:00Z"', '"recorded_at": "2026-11-05T09:00:00"'),
        ('"recorded_at": "2026-11-05T09:00:00Z"', '"recorded_at": null'),
        ('"recorded_at": "2026-11-05T09:00:00Z"', '"recorded_at": "soon"'),
        ('"recorded_at": "2026-11-05T09:00:00Z"', f'"recorded_at": "{BEFORE_TIME}"'),
        ('"recorded_at": "2026-11-05T09:00:00Z"', '"recorded_at": "9999-12-31T23:30:00Z"'),
        ('"kind": "control_plane"', '"kind": null'),
        ('"kind": "control_plane"', '"kind": []'),
        ('"node_pool_id": "1C86A5F0-E93D-472B-B4F1-60D7E2A98C3B"', '"node_pool_id": 17'),
    ],
)
def test_what_carries_no_money_loses_none_of_the_bill(old: str, new: str) -> None:
    used = read(bill(**{old: new}), spent())
    assert used.totals() == {"EUR": eur("482.16999999999996")}
    by_id(used)


def test_an_hour_that_does_not_say_when_it_was_is_the_months() -> None:
    timed = '"recorded_at": "2026-11-05T09:00:00Z"'
    untimed = bill(**{timed: '"recorded_at": null'})
    (hour,) = [
        charge
        for charge in read(untimed, spent()).charges
        if charge.period == NOVEMBER and charge.unit is not None
    ]
    assert (hour.cost, hour.included_in) == (None, f"{LOW}/autoscaling@2026-11")
    assert parse.records(untimed).notes == [
        "1 record without a time that can be read, taken for the month's"
    ]


@pytest.mark.parametrize(
    "start",
    [
        "2026-11-01T00:00:00+01:00",  # Berlin's November, as its clock says
        "2026-11-01T00:00:00-05:00",
        "2026-10-31T19:00:00-05:00",  # the same instant as UTC's
        "2026-10-31T23:00:00Z",  # Berlin's November, written in UTC
        "2026-11-05T09:30:00Z",  # when the organization began
        "2026-11-01T00:00:00Z",
    ],
)
def test_a_month_may_begin_by_the_providers_own_clock(start: str) -> None:
    assert read(bill(**{"2026-11-01T00:00:00Z": start}), None).covers == NOVEMBER


def test_no_fees_may_be_null() -> None:
    idle = bill("get_usage_idle_month", **{'"subscriptions": []': '"subscriptions": null'})
    assert read(idle, None).totals() == {"EUR": eur("0")}
    assert usage.subscriptions(ORG, idle) == ()


def test_fees_that_are_null_beside_a_total_are_unknown_and_the_total_stands() -> None:
    body = b"""{"org_id": "o", "period_start": "2026-11-01T00:00:00Z", "total_eur": 12.50,
    "items": [], "subscriptions": null}"""
    unknown = decode(body, wire.Usage)
    (rest,) = read(unknown, None).charges
    assert (str(rest.cost), rest.derived) == ("12.50 EUR", True)
    with pytest.raises(DriftError, match=r"at `\$\.subscriptions`"):
        usage.subscriptions(ORG, unknown)


amounts = st.decimals(-(10**9), 10**9, allow_nan=False, places=17).map(
    lambda number: format(number, "f")
)
days = st.integers(1, 30)


@given(
    total=amounts,
    fees=st.lists(
        st.tuples(
            st.sampled_from(["node_pool", "other"]), st.sampled_from(["A", "a", ""]), amounts
        ),
        max_size=4,
    ),
    hours=st.lists(days, max_size=5),
    priced=st.dictionaries(days, amounts, max_size=5),
    down=st.booleans(),
)
def test_whatever_is_stated_charges_add_up_to_the_total_to_the_last_digit(
    total: str,
    fees: list[tuple[str, str, str]],
    hours: list[int],
    priced: dict[int, str],
    down: bool,
) -> None:
    listed = ", ".join(
        f'{{"kind": "{kind}", "cluster_id": "{cluster}", "name": "n", "amount_eur": {fee}}}'
        for kind, cluster, fee in fees
    )
    items = ", ".join(
        f'{{"id": "{number}", "org_id": "{LOW}", "resource_type": "n", "quantity": 1, "unit": "h", '
        f'"recorded_at": "2026-11-{day:02}T23:00:00Z"}}'
        for number, day in enumerate(hours)
    )
    body = (
        f'{{"org_id": "{LOW}", "period_start": "2026-11-01T00:00:00Z", "total_eur": {total}, '
        f'"items": [{items}], "subscriptions": [{listed}]}}'
    )
    spend = (
        None
        if down or not priced
        else daily_spend.spend(
            points(*((f"2026-11-{day:02}", cost) for day, cost in priced.items()))
        )
    )
    used = read(decode(body.encode(), wire.Usage), spend)
    assert used.totals() == {"EUR": eur(total)}
    charges = by_id(used)
    assert {charge.included_in for charge in used.charges if charge.cost is None} <= set(charges)
    assert all(
        charge.cost is not None or charges[charge.included_in or ""].cost is not None
        for charge in used.charges
    )


def test_every_line_says_which_reply_and_place_it_came_from() -> None:
    reply, spend = bill("get_usage_repeated_items"), spent()
    used = usage.usage(
        ORG, None, reply, parse.records(reply), spend, "GET /usage", "GET /daily-spend"
    )
    for charge in used.charges:
        request, _, pointer = (charge.source or "").partition("#")
        if charge.quantity is not None:
            item = reply.items[int(pointer.removeprefix("/items/"))]
            assert (request, item.id.lower()) == ("GET /usage", charge.id.rpartition("/")[2])
        elif charge.id.endswith(tuple(map(str, spend.days))):
            day = list(spend.days)[int(pointer.removeprefix("/points/"))]
            assert (request, spend.days[day]) == ("GET /daily-spend", charge.cost)
        elif charge.derived:
            assert charge.source == "GET /usage#/total_eur"
        else:
            fee = reply.subscriptions[int(pointer.removeprefix("/subscriptions/"))]
            assert (request, fee.name) == ("GET /usage", charge.description)


def fees(*rows: str) -> dict[str, str]:
    body = (
        f'{{"org_id": "{ORG.id}", "period_start": "2026-11-01T00:00:00Z", "total_eur": 0, '
        f'"items": [], "subscriptions": [{", ".join(rows)}]}}'
    )
    listed = usage.subscriptions(ORG, decode(body.encode(), wire.Usage))
    return {fee.id.removeprefix(f"{LOW}/"): str(fee.price) for fee in listed}


def fee(name: str, amount: str, kind: str = "node_pool") -> str:
    ids = '"cluster_id": "C", "node_pool_id": "P"'
    return f'{{"kind": "{kind}", {ids}, "name": "{name}", "amount_eur": {amount}}}'


def test_of_two_fees_of_one_pool_each_keeps_its_id_when_the_other_goes() -> None:
    first, second = fee("general", "10"), fee("general, resized", "20.50")
    both = {
        "node_pool/c/p/general": "10 EUR",
        "node_pool/c/p/general, resized": "20.50 EUR",
    }
    assert fees(first, second) == fees(second, first) == both
    assert fees(first) | fees(second) == both
    assert len(fees(first)) == len(fees(second)) == 1


def test_fees_that_differ_in_nothing_but_the_amount_are_numbered_by_it() -> None:
    both = {"node_pool/c/p/web": "10 EUR", "node_pool/c/p/web#2": "20.50 EUR"}
    assert fees(fee("web", "10"), fee("web", "20.50")) == both
    assert fees(fee("web", "20.50"), fee("web", "10")) == both
    thrice = {f"node_pool/c/p/web{number}": "10 EUR" for number in ("", "#2", "#3")}
    assert fees(*[fee("web", "10")] * 3) == thrice


def test_a_name_that_looks_like_a_number_of_ours_is_another_fee() -> None:
    named = fees(fee("web", "1"), fee("web#2", "2"), fee("web", "3"), fee("a/b@2026-11", "4"))
    assert named == {
        "node_pool/c/p/web": "1 EUR",
        "node_pool/c/p/web%232": "2 EUR",
        "node_pool/c/p/web#2": "3 EUR",
        "node_pool/c/p/a%2Fb%402026-11": "4 EUR",
    }
