"""What Aether's replies mean; the money is written by hand from the replies in this folder."""

from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billfold import Category, Charge, DayPart, DriftError, Money, Period, Usage
from billfold.model import is_unstated
from billfold.wire import decode
from billfold_aether import parse, wire
from billfold_aether import usage as charges
from support.replies import reply

NOVEMBER = Period.month(2026, 11)
ORG = wire.Organization("7C1E55A9-04D3-4B8F-9A62-E3B70F18D4C6", "Nordlicht Verlag")
LOW = "7c1e55a9-04d3-4b8f-9a62-e3b70f18d4c6"


def eur(text: str) -> Money:
    return Money(Decimal(text), "EUR")


def bill(name: str = "get_usage_busy_month", **replaced: str) -> wire.Usage:
    body = reply("aether", name)
    for old, new in replaced.items():
        assert old.encode() in body
        body = body.replace(old.encode(), new.encode())
    return decode(body, wire.Usage)


def spent(name: str = "get_daily_spend_ninth_of_month") -> parse.Spend:
    return parse.spend(decode(reply("aether", name), wire.DailySpend))


def points(*pairs: tuple[str, str], total: str = "0") -> wire.DailySpend:
    listed = ", ".join(f'{{"date": "{day}", "amount_eur": {amount}}}' for day, amount in pairs)
    return decode(f'{{"points": [{listed}], "total_eur": {total}}}'.encode(), wire.DailySpend)


def read(reply: wire.Usage, spend: parse.Spend | None) -> Usage:
    return charges.usage("k8s", ORG, None, reply, spend)


def by_id(usage: Usage) -> dict[str, Charge]:
    found = {charge.id: charge for charge in usage.charges}
    assert len(found) == len(usage.charges)
    return found


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
    assert [charge.derived for charge in busy.charges if charge.cost is not None] == [
        False
    ] * 11 + [True]


def test_checks_hold_to_the_last_digit_or_fail(busy: Usage) -> None:
    assert [(check.name, str(check.gap)) for check in busy.checks] == [
        ("daily-spend total = its points", "0.0000000000000006 EUR"),
        ("usage total = fees + autoscaling by day", "-0.0000000000000414 EUR"),
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
        pool.id
        == f"{LOW}/node_pool/4a8e16c0-f72d-4935-8b0e-d6c1f5937a42/6f1b93d8-a40c-4e75-92bd-c85e07f3d126@2026-11"
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


def test_an_hour_has_no_price_and_is_included_in_its_day(busy: Usage) -> None:
    hours = [charge for charge in busy.charges if charge.cost is None]
    assert [charge.included_in for charge in hours] == [
        f"{LOW}/autoscaling@2026-11-{day}" for day in ("02", "05", "06", "09")
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
    day = by_id(busy)[f"{LOW}/autoscaling@2026-11-05"]
    assert (day.period, day.category, day.service) == (
        Period.day(date(2026, 11, 5)),
        Category.USAGE,
        "Aether autoscaling",
    )


def test_a_day_without_cost_is_a_charge_only_where_hours_refer_to_it() -> None:
    usage = read(bill(**{"2026-11-02T14": "2026-11-04T14"}), spent())
    days = [ident for ident in by_id(usage) if "autoscaling@2026-11-" in ident]
    assert f"{LOW}/autoscaling@2026-11-04" in days
    assert f"{LOW}/autoscaling@2026-11-01" not in days
    assert by_id(usage)[f"{LOW}/autoscaling@2026-11-04"].cost == eur("0")


@pytest.mark.parametrize(
    ("total", "cost"), [("482.5", "0.3299999999999986"), ("482.1700000000000014", "0")]
)
def test_an_hour_of_a_day_nobody_states_is_included_in_what_the_total_has_beyond_the_lines(
    total: str, cost: str
) -> None:
    usage = read(bill(**{"2026-11-09T07": "2026-11-10T00", "482.16999999999996": total}), spent())
    (hour,) = [
        charge
        for charge in usage.charges
        if charge.id.endswith("08d5f2c9-3e71-4ba6-8c04-e92b67a1f03d")
    ]
    carrier = by_id(usage)[f"{LOW}/autoscaling@2026-11"]
    assert hour.included_in == carrier.id
    assert carrier.derived
    assert carrier.cost == eur(cost)
    assert usage.totals() == {"EUR": eur(total)}


def test_without_the_days_autoscaling_is_one_derived_charge_and_nothing_is_checked() -> None:
    usage = read(bill(), None)
    rest = by_id(usage)[f"{LOW}/autoscaling@2026-11"]
    assert (rest.cost, rest.derived, rest.category, rest.period) == (
        eur("20.23999999999996"), True, Category.USAGE, NOVEMBER,
    )  # fmt: skip
    assert {charge.included_in for charge in usage.charges if charge.cost is None} == {rest.id}
    assert usage.totals() == {"EUR": eur("482.16999999999996")}
    assert usage.checks == ()


def test_an_idle_month_is_zero_euros_not_nothing() -> None:
    for spend in (None, parse.spend(points(("2026-11-01", "0")))):
        usage = read(bill("get_usage_idle_month"), spend)
        assert usage.charges == ()
        assert usage.totals() == {"EUR": eur("0")}
        assert all(check.holds for check in usage.checks)


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


def test_fees_that_differ_only_in_the_case_of_ids_are_told_apart() -> None:
    usage = read(bill("get_usage_twins"), parse.spend(points(("2026-11-01", "0"))))
    pool = (
        f"{LOW}/node_pool/4a8e16c0-f72d-4935-8b0e-d6c1f5937a42/6f1b93d8-a40c-4e75-92bd-c85e07f3d126"
    )
    assert {ident: str(charge.cost) for ident, charge in by_id(usage).items()} == {
        f"{pool}#2@2026-11": "20.5 EUR",
        f"{pool}@2026-11": "10 EUR",
        f"{LOW}/node_pool/d3794e0a-5c8b-4f16-a0e2-97b6c4d8f135/1c86a5f0-e93d-472b-b4f1-60d7e2a98c3b@2026-11": "30 EUR",
    }
    assert usage.totals() == {"EUR": eur("60.5")}


def test_a_fee_without_a_pool_keeps_its_id_when_another_appears_beside_it() -> None:
    cluster = "4a8e16c0-f72d-4935-8b0e-d6c1f5937a42"
    found = {
        one.name: (one.id, str(one.price))
        for one in charges.subscriptions("k8s", ORG, bill("get_usage_load_balancers"))
    }
    assert found == {
        "lb-b": (f"{LOW}/load_balancer/{cluster}/lb-b", "5 EUR"),
        "lb-a": (f"{LOW}/load_balancer/{cluster}/lb-a", "9 EUR"),
        "prod-fra": (f"{LOW}/control_plane/{cluster}", "79.35 EUR"),
        "nobody's": (f"{LOW}/control_plane/nobody's", "1 EUR"),
    }
    alone = bill("get_usage_load_balancers")
    alone = msgspec.structs.replace(alone, subscriptions=alone.subscriptions[:1])
    assert [one.id for one in charges.subscriptions("k8s", ORG, alone)] == [found["lb-b"][0]]


def test_the_order_of_a_reply_changes_no_id() -> None:
    twins = bill("get_usage_twins")
    turned = msgspec.structs.replace(twins, subscriptions=twins.subscriptions[::-1])
    costs = [
        {ident: charge.cost for ident, charge in by_id(read(one, None)).items()}
        for one in (twins, turned)
    ]
    assert costs[0] == costs[1]


def test_a_record_listed_twice_counts_once_whatever_the_case_of_its_ids() -> None:
    repeated = bill("get_usage_repeated_items")
    assert [charge.quantity for charge in read(repeated, None).charges if charge.cost is None] == [
        Decimal(2)
    ]
    assert parse.once(repeated.items)[1:] == (1, 0)
    contradicted = bill("get_usage_repeated_items", **{'"quantity": 2,': '"quantity": 3,'})
    assert parse.once(contradicted.items)[1:] == (0, 1)


def test_fees_are_subscriptions_with_a_price_of_the_month() -> None:
    found = charges.subscriptions("k8s", ORG, bill())
    assert [(one.kind, one.name, str(one.price), one.period) for one in found] == [
        ("control_plane", "prod-fra", "79.35 EUR", NOVEMBER),
        ("node_pool", "general-fixed", "263.44 EUR", NOVEMBER),
        ("node_pool", "cache-fixed", "118.9 EUR", NOVEMBER),
        ("storage_commitment", "archive tier", "0.24 EUR", NOVEMBER),
    ]
    assert found[0].id == f"{LOW}/control_plane/4a8e16c0-f72d-4935-8b0e-d6c1f5937a42"
    assert [one.sub_account_id for one in found[2:]] == [
        "D3794E0A-5C8B-4F16-A0E2-97B6C4D8F135",
        None,
    ]
    december = bill(**{"2026-11-01": "2026-12-01"})
    assert [one.id for one in charges.subscriptions("k8s", ORG, december)] == [
        one.id for one in found
    ]


@pytest.mark.parametrize(
    ("name", "costs"),
    [
        ("get_daily_spend_first_of_month", ["0.46"]),
        ("get_daily_spend_exponent", ["0.001", "0", "2.5"]),
        (
            "get_daily_spend_ninth_of_month",
            [
                "0",
                "3.68",
                "1.84",
                "0",
                "0.9200000000000002",
                "2.7600000000000002",
                "5.52",
                "1.38",
                "4.140000000000001",
            ],
        ),
    ],
)
def test_days_keep_every_digit_and_zero_days(name: str, costs: list[str]) -> None:
    days = parse.daily("k8s", ORG, spent(name), NOVEMBER)
    assert [day.cost for day in days] == [eur(cost) for cost in costs]
    assert [day.date.day for day in days] == list(range(1, len(costs) + 1))
    assert {(day.part, day.billing_account_id) for day in days} == {(DayPart.AUTOSCALING, ORG.id)}


def test_a_month_of_31_days_ends_with_its_last_day() -> None:
    december = parse.spend(
        points(*((f"2026-12-{day:02}", "0.5") for day in range(1, 32)), total="15.5")
    )
    assert december.month == Period.month(2026, 12)
    days = parse.daily("k8s", ORG, december, december.month)
    assert (len(days), days[-1].date) == (31, date(2026, 12, 31))
    assert parse.gaps(december, december.month, datetime(2026, 12, 31, tzinfo=UTC)) == ()


def test_days_the_provider_leaves_out_are_named() -> None:
    holed = parse.spend(points(("2026-11-01", "1"), ("2026-11-04", "1")))
    now = datetime(2026, 11, 4, 9, tzinfo=UTC)
    assert parse.gaps(holed, NOVEMBER, now) == (date(2026, 11, 2), date(2026, 11, 3))
    assert parse.gaps(holed, Period.parse("2026-11-03..2026-11-20"), now) == (date(2026, 11, 3),)


@pytest.mark.parametrize(
    ("pairs", "told"),
    [
        ([], "0 months"),
        ([("2026-10-31", "1"), ("2026-11-01", "1")], "2 months"),
        ([("2026-11-01", "1"), ("2026-11-01", "2")], "two points for one day"),
        ([("2026-11-01", "1"), ("2026-11-02", "1e400")], r"at `\$\.points\[1\]`"),
        ([("2026-11-01", "1"), ("9999-12-31", "1")], r"at `\$\.points\[1\]`"),
        ([("2026-11-01", "9e39"), ("2026-11-02", "9e39")], r"at `\$\.points`"),
    ],
)
def test_points_that_are_not_the_days_of_a_month_are_drift(
    pairs: list[tuple[str, str]], told: str
) -> None:
    with pytest.raises(DriftError, match=told):
        parse.spend(points(*pairs))


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("482.16999999999996", "1e400", r"`\$\.total_eur`"),
        ("118.9", "1e400", r"`\$\.subscriptions\[2\]`"),
        ("37.625", "1e400", r"`\$\.items\[2\]`"),
        ("2026-11-05T09:00:00Z", "9999-12-31T23:30:00Z", r"`\$\.items\[1\]`"),
        ("118.9", '"a lot"', r"`\$\.subscriptions\[2\]\.amount_eur`"),
        ("118.9", "null", r"`\$\.subscriptions\[2\]\.amount_eur`"),
        ('2026-11-05T09:00:00Z"', '2026-11-05T09:00:00"', r"`\$\.items\[1\]\.recorded_at`"),
    ],
)
def test_a_value_nobody_can_hold_names_its_path(old: str, new: str, path: str) -> None:
    with pytest.raises(DriftError, match=path):
        read(bill(**{old: new}), None)


# The first hour of all, in a zone where it is earlier yet.
BEFORE_TIME = "0001-01-01T00:00:00+14:00"


@pytest.mark.parametrize(
    ("old", "path"),
    [
        ("2026-11-05T09:00:00Z", r"`\$\.items\[1\]`"),
        ("2026-11-01T00:00:00Z", r"`\$\.period_start`"),
    ],
)
def test_a_time_that_utc_cannot_tell_names_its_path(old: str, path: str) -> None:
    with pytest.raises(DriftError, match=path):
        read(bill(**{old: BEFORE_TIME}), spent())


def test_a_path_counts_repeated_records_too() -> None:
    body = reply("aether", "get_usage_repeated_items")
    later = (
        b', {"id": "x", "org_id": "o", "resource_type": "node", "quantity": 1e400, "unit": "h", '
        b'"recorded_at": "2026-11-02T14:00:00Z"}'
    )
    last = body.rindex(b"}", 0, body.index(b"]", body.index(b'"items"'))) + 1
    repeated = decode(body[:last] + later + body[last:], wire.Usage)
    assert len(parse.once(repeated.items)[0]) < len(repeated.items)
    with pytest.raises(DriftError, match=rf"`\$\.items\[{len(repeated.items) - 1}\]`"):
        read(repeated, None)


def test_a_total_of_the_days_that_nobody_can_hold_names_its_path() -> None:
    for day, total in (("1", "1e400"), ("9e39", "-9e39")):
        with pytest.raises(DriftError, match=r"`\$\.total_eur`"):
            parse.spend(points(("2026-11-01", day), total=total))


def test_a_period_decides_by_the_days_that_begin_in_it() -> None:
    noon = Period(datetime(2026, 11, 5, 12, tzinfo=UTC), datetime(2026, 11, 7, 12, tzinfo=UTC))
    within_a_day = Period(
        datetime(2026, 11, 5, 12, tzinfo=UTC), datetime(2026, 11, 5, 18, tzinfo=UTC)
    )
    assert parse.whole_days(NOVEMBER, None) == NOVEMBER
    assert parse.whole_days(NOVEMBER, NOVEMBER) == NOVEMBER
    assert parse.whole_days(NOVEMBER, Period.parse("2026-10-15..2026-11-03")) == Period.parse(
        "2026-11-01..2026-11-03"
    )
    assert parse.whole_days(NOVEMBER, noon) == Period.parse("2026-11-06..2026-11-08")
    assert parse.whole_days(NOVEMBER, within_a_day) is None


def test_payment_methods_keep_zeros_in_front_and_what_is_not_stated() -> None:
    methods = parse.payment_methods(
        "k8s", ORG, decode(reply("aether", "list_payment_methods_several"), wire.PaymentMethods)
    )
    assert [
        (one.kind, one.default, one.brand, one.last4, one.exp_month, one.exp_year)
        for one in methods
    ] == [
        ("card", True, "mastercard", "0093", 4, 2029),
        ("card", False, None, None, None, None),
        ("card", False, None, None, None, None),
    ]
    assert methods[0].created_at == datetime(2026, 1, 20, 8, 52, 40, tzinfo=UTC)
    assert methods[0].billing_account_id == ORG.id


def test_a_credential_is_named_by_its_organizations() -> None:
    assert (
        parse.credential("k8s", [ORG, wire.Organization("e8a6")]).subject
        == "Nordlicht Verlag, e8a6"
    )


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        ("error_unauthorized_bad_token", "unauthorized", "This token is not valid."),
        (
            "error_validation_failed_two_details",
            "validation_error",
            "The request has two problems. (orgID: Expected a UUID.; limit: Expected 1 to 100.)",
        ),
    ],
)
def test_an_error_body_says_its_code_and_every_detail(name: str, code: str, message: str) -> None:
    problem = parse.problem(reply("aether", name))
    assert (problem.code, problem.message) == (code, message)


@pytest.mark.parametrize("body", [b"", b"<html>Bad gateway</html>", b'{"error": "plain"}', b"[]"])
def test_an_error_body_without_the_envelope_says_nothing(body: bytes) -> None:
    assert parse.problem(body).message is None


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
        else parse.spend(points(*((f"2026-11-{day:02}", cost) for day, cost in priced.items())))
    )
    usage = read(decode(body.encode(), wire.Usage), spend)
    assert usage.totals() == {"EUR": eur(total)}
    found = by_id(usage)
    assert {charge.included_in for charge in usage.charges if charge.cost is None} <= set(found)
    assert all(
        charge.cost is not None or found[charge.included_in or ""].cost is not None
        for charge in usage.charges
    )


def test_every_line_says_which_reply_and_place_it_came_from() -> None:
    reply, spend = bill("get_usage_repeated_items"), spent()
    usage = charges.usage("k8s", ORG, None, reply, spend, "GET /usage", "GET /daily-spend")
    for charge in usage.charges:
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
