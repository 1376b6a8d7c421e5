"""What Latitude.sh's replies mean; the money is written by hand from the replies in this folder."""

from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billfold import BalanceKind, Category, Charge, DriftError, Money, Period, Usage
from billfold.model import State, is_unstated
from billfold.money import sum_by_currency
from billfold.wire import decode
from billfold_latitude import parse, wire
from billfold_latitude.usage import usage as cycle_usage
from support.replies import reply

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
COPPER = parse.Payer("team_Yb6oSd2KqH9", "Copper Works", "USD")
FIFTH = datetime(2026, 11, 5, 16, 3, 27, tzinfo=UTC)
NEXT_FIFTH = datetime(2026, 12, 5, 16, 3, 27, tzinfo=UTC)


def usd(text: str) -> Money:
    return Money(Decimal(text), "USD")


def bill(body: bytes) -> wire.Billing:
    return decode(body, wire.Usage).data.attributes


def credit(body: bytes) -> wire.Credit:
    return decode(body, wire.UsageCredit).data.attributes


def usage_of(body: bytes, requested: Period | None = None) -> Usage:
    attributes = bill(body)
    project = wire.Project((attributes.project and attributes.project.id) or "proj_X")
    return cycle_usage(project, COPPER, "USD", requested, attributes)[0]


def cycle_of(*products: str, price: str = "null") -> bytes:
    """Write a cycle from the fifth to the fifth with these lines."""
    period = b'{"start": "2026-11-05T16:03:27Z", "end": "2026-12-05T16:03:27Z"}'
    lines = ", ".join(products).encode()
    return b'{"data": {"attributes": {"period": %b, "price": %b, "products": [%b]}}}' % (
        period,
        price.encode(),
        lines,
    )


def only_charge(product: str) -> Charge:
    (charge,) = usage_of(cycle_of(product)).charges
    return charge


@pytest.fixture
def busy() -> Usage:
    return usage_of(reply("latitude", "get_billing_usage_busy_cycle"))


def test_cents_with_fractions_become_exact_money(busy: Usage) -> None:
    costs = [str(charge.cost) for charge in busy.charges]
    assert costs == ["590.15 USD", "25.4865625 USD", "-86.40 USD", "14.336 USD", "36.50 USD"]
    assert busy.stated_total == usd("580.0725625")
    assert busy.totals() == {"USD": usd("580.0725625")}
    assert [(check.name, check.holds) for check in busy.checks] == [
        ("project total vs. its lines", True)
    ]


def test_a_usage_is_one_project_in_its_own_cycle(busy: Usage) -> None:
    assert busy.covers == Period(FIFTH, NEXT_FIFTH)
    assert (busy.sub_account_id, busy.sub_account_name) == (
        "proj_Kx81mQvZ3bTnY",
        "Brisk Copper Meadow",
    )
    assert {
        (charge.billing_account_id, charge.billing_account_name, charge.sub_account_id)
        for charge in busy.charges
    } == {("team_Yb6oSd2KqH9", "Copper Works", "proj_Kx81mQvZ3bTnY")}


def test_licensed_is_a_purchase_metered_is_usage_unused_time_is_credit(busy: Usage) -> None:
    assert [charge.category for charge in busy.charges] == [
        Category.PURCHASE,
        Category.USAGE,
        Category.CREDIT,
        Category.USAGE,
        Category.PURCHASE,
    ]


def test_an_unknown_usage_type_is_usage_and_kept_as_a_tag() -> None:
    charge = usage_of(reply("latitude", "get_billing_usage_older_shape")).charges[1]
    assert (charge.category, charge.tags["usage_type"], charge.unit) == (
        Category.USAGE,
        "tiered",
        "request",
    )
    assert charge.tags["discounts"] == "Launch 2 fixed"


def test_a_discount_shows_in_list_cost_and_tags(busy: Usage) -> None:
    servers, *_, traffic = busy.charges
    assert (servers.list_cost, servers.cost, servers.tags["discounts"]) == (
        usd("638.00"),
        usd("590.15"),
        "Autumn commitment 7.5 percent",
    )
    assert (traffic.list_cost, traffic.cost, traffic.tags["discounts"]) == (
        usd("49"),
        usd("36.5"),
        "Goodwill 1250 amount",
    )


def test_what_people_write_on_a_server_is_masked_where_it_is_a_secret() -> None:
    tags = '["prod", "DE89370400440532013000", "seti_1Pgaf_secret_QWc2"]'
    line = '{"id": "ln_1", "price": 100, "metadata": {"servers": [{"id": "sv_1", "tags": %s}]}}'
    assert only_charge(line % tags).tags == {"prod": "true", "DE***3000": "true", "***": "true"}


def test_lines_with_the_same_tags_of_servers_have_maps_of_their_own() -> None:
    server = '"metadata": {"servers": [{"id": "sv_1", "tags": ["DE89370400440532013000"]}]}'
    lines = [f'{{"id": "ln_1", "name": "{name}", "price": 1, {server}}}' for name in "ab"]
    tags = [charge.tags for charge in usage_of(cycle_of(*lines)).charges]
    assert tags == [{"DE***3000": "true", "product": name} for name in "ab"]


def test_several_servers_of_a_line_are_tags_and_one_is_its_resource(busy: Usage) -> None:
    servers, machine, *_ = busy.charges
    assert (servers.resource_id, servers.resource_name, servers.resource_type) == (None, None, None)
    assert servers.tags["servers"] == "sv_Hq2mB8wYd, sv_Tz5kN1rPe"
    assert servers.tags["hostnames"] == "api-01.brisk.example, api-02.brisk.example"
    assert (servers.tags["plan"], servers.tags["tag_blue7"], servers.tags["tag_core2"]) == (
        "x9.metal.mid",
        "true",
        "true",
    )
    assert (machine.resource_id, machine.resource_name, machine.resource_type) == (
        "vm_Jd7xQ0sLu",
        "worker.brisk.example",
        "server",
    )
    assert "servers" not in machine.tags


def test_a_quantity_with_a_divisor_is_that_of_its_unit_price(busy: Usage) -> None:
    storage = busy.charges[3]
    assert (storage.resource_id, storage.resource_name, storage.resource_type) == (
        "bkt_Wm9fA6",
        "brisk-archive",
        "bucket",
    )
    assert (str(storage.quantity), storage.unit, storage.unit_price) == (
        "4096",
        "GB",
        usd("0.0035"),
    )
    assert storage.tags["billing_unit_divisor"] == "1000"
    assert storage.cost == usd("14.336")


@pytest.mark.parametrize(
    ("quantity", "divisor", "unit_price", "price", "shown"),
    [
        ("5368709120", "1073741824", "2", "10", "5"),
        ("1", "1073741824", "2", "0", "9.31322574615478515625E-10"),
        ("90", "60", "10", "15", "1.5"),
        ("5", "1073741824", "2", "10", "5"),  # it costs what is stated: it was divided already
        ("5368709120", "1", "2", "10", "5368709120"),
        ("0", "1000", "2", "0", "0"),
        ("4096000", "1000", "0", "0", "4096"),  # of a free tier any quantity costs what is stated
        ("7", "3", "2", "4.67", "None"),  # a third has no last digit
        ("7", "0", "2", "14.5", "None"),
        ("7", "-10", "2", "14.5", "None"),
        ("7", "1e999", "2", "14.5", "None"),
        ("7", "null", "2", "14.5", "7"),
    ],
)
def test_what_cannot_be_divided_exactly_is_no_quantity(
    quantity: str, divisor: str, unit_price: str, price: str, shown: str
) -> None:
    charge = only_charge(
        f'{{"quantity": {quantity}, "unit": "GB", "unit_price": {unit_price}, "price": {price},'
        f' "metadata": {{"billing_unit_divisor": {divisor}}}}}'
    )
    assert (str(charge.quantity), charge.unit) == (shown, "GB")
    assert charge.cost == Money.minor(Decimal(price), "USD")


def test_the_older_flat_metadata_is_one_server() -> None:
    tiny, pack = usage_of(reply("latitude", "get_billing_usage_older_shape")).charges
    assert (tiny.resource_id, tiny.resource_name, tiny.resource_type) == (
        "sv_Gk8yR3",
        None,
        "server",
    )
    assert (tiny.tags["plan"], tiny.tags["tag_lab1"]) == ("x2.metal.tiny", "true")
    assert (pack.resource_id, pack.resource_type) == (None, None)
    assert [tiny.cost, pack.cost] == [usd("7.06032"), usd("0.273762")]


def test_a_line_still_running_ends_with_the_cycle(busy: Usage) -> None:
    assert busy.charges[1].period == Period(
        datetime(2026, 11, 11, 2, 33, 27, tzinfo=UTC), NEXT_FIFTH
    )


@pytest.mark.parametrize(
    ("start", "end", "period"),
    [
        ("null", "null", Period(FIFTH, NEXT_FIFTH)),
        (
            '"2026-11-09T00:00:00Z"',
            '"2026-11-09T00:00:00Z"',
            Period.parse("2026-11-09T00:00:00Z..2026-11-09T00:00:01Z"),
        ),
        (
            '"2026-11-09T00:00:00Z"',
            '"2026-11-08T00:00:00Z"',
            Period.parse("2026-11-09T00:00:00Z..2026-11-09T00:00:01Z"),
        ),
        ('"2026-12-05T16:03:27Z"', "null", Period(FIFTH, NEXT_FIFTH)),
        (
            '"2026-10-01T00:00:00Z"',
            '"2026-10-02T00:00:00Z"',
            Period.parse("2026-10-01T00:00:00Z..2026-10-02T00:00:00Z"),
        ),
        (
            '"2026-10-01T00:00:00Z"',
            '"2026-10-01T00:00:00Z"',
            Period.parse("2026-10-01T00:00:00Z..2026-10-01T00:00:01Z"),
        ),
        ('"2026-10-02T00:00:00Z"', '"2026-10-01T00:00:00Z"', Period(FIFTH, NEXT_FIFTH)),
        ("null", '"2026-10-01T00:00:00Z"', Period(FIFTH, NEXT_FIFTH)),
        (
            '"2026-10-01T00:00:00+02:00"',
            "null",
            Period(datetime(2026, 9, 30, 22, tzinfo=UTC), NEXT_FIFTH),
        ),
    ],
)
def test_the_time_of_a_line_is_never_empty_nor_inverted(
    start: str, end: str, period: Period
) -> None:
    assert (
        only_charge(f'{{"id": "si_a", "price": 1, "start": {start}, "end": {end}}}').period
        == period
    )


def test_an_idle_project_costs_a_known_nothing() -> None:
    usage = usage_of(reply("latitude", "get_billing_usage_idle"))
    assert usage.charges == ()
    assert usage.totals() == {"USD": usd("0.00")}


def test_unused_time_keeps_its_sign_and_its_twin_another_id() -> None:
    usage = usage_of(reply("latitude", "get_billing_usage_change_of_plan"))
    unused, remaining = usage.charges
    assert (unused.cost, unused.list_cost, unused.category) == (
        usd("-412.10"),
        usd("-412.105"),
        Category.CREDIT,
    )
    assert (remaining.cost, remaining.category) == (usd("127.905"), Category.PURCHASE)
    begin = "proj_Zs3yFo5aJi7Ue/2026-11-19T08:41:02Z/si_Hd6pWe93kTu/x2.metal.tiny"
    assert [charge.id for charge in usage.charges] == [
        f"{begin}/credit@2026-11-19T11:41:02Z",
        f"{begin}/proration@2026-11-19T11:41:02Z",
    ]
    assert usage.totals() == {"USD": usd("-284.195")}


def test_price_decides_and_amount_fills_in() -> None:
    usage = usage_of(reply("latitude", "get_billing_usage_odd_lines"))
    differ, amount, silent, setup, metal = usage.charges
    assert [differ.cost, amount.cost, setup.cost, metal.cost] == [
        usd("10"),
        usd("2.005"),
        usd("0.1"),
        usd("0.24"),
    ]
    assert (silent.cost, is_unstated(silent), silent.list_cost) == (None, True, None)
    assert silent.reason == "the provider states neither price nor amount of this line"
    assert (str(metal.quantity), metal.unit_price) == ("3", usd("0.08"))
    assert usage.stated_total == usd("12.345")
    failed = [
        (check.name, str(check.stated), str(check.computed))
        for check in usage.checks
        if not check.holds
    ]
    assert failed == [
        ("price vs. amount", "12.345 USD", "13.00 USD"),
        ("si_differ: price vs. amount", "10.00 USD", "9.90 USD"),
        ("si_differ: unit_price vs. unit_amount", "10.00 USD", "9.90 USD"),
    ]


def test_ids_are_made_of_whatever_a_line_has() -> None:
    begin = "proj_Odd/2026-11-07T09:00:00Z"
    assert [
        charge.id for charge in usage_of(reply("latitude", "get_billing_usage_odd_lines")).charges
    ] == [
        f"{begin}/si_differ/a@2026-11-07T09:00:00Z",
        f"{begin}/si_amount/b@2026-10-07T09:00:00Z",
        f"{begin}/si_silent/c@2026-11-07T09:00:00Z",
        f"{begin}/Setup@2026-11-07T09:00:00Z",
        f"{begin}/Metal/sv_one@2026-11-07T09:00:00Z",
    ]
    assert only_charge("{}").id == "proj_X/2026-11-05T16:03:27Z/line@2026-11-05T16:03:27Z"


def test_an_id_survives_what_changes_while_a_cycle_runs() -> None:
    line = '{"id": "si_a", "name": "v2", "description": "%s", "price": 9, "quantity": 9, "end": %s}'
    early, late = line % ("1 hour", "null"), line % ("9 hour", '"2026-11-30T00:00:00Z"')
    early = early.replace("9,", "1,")
    other = '{"id": "si_b", "price": 4}'
    first = usage_of(cycle_of(early), Period.month(2026, 11)).charges
    second = usage_of(cycle_of(other, late)).charges
    assert first[0].id == second[1].id


def test_the_next_cycle_has_other_ids_though_the_item_started_before() -> None:
    line = '{"id": "si_a", "price": 1, "start": "2026-10-07T09:00:00Z"}'
    november = cycle_of(line, price="2")
    december = november.replace(b"2026-12-05", b"2027-01-05").replace(b"2026-11-05", b"2026-12-05")
    ids = [{charge.id for charge in usage_of(body).charges} for body in (november, december)]
    assert [len(cycle_ids) for cycle_ids in ids] == [2, 2]
    assert not ids[0] & ids[1]


def test_equal_lines_are_numbered() -> None:
    line = '{"id": "si_a", "price": 1}'
    ident = "proj_X/2026-11-05T16:03:27Z/si_a@2026-11-05T16:03:27Z"
    assert [charge.id for charge in usage_of(cycle_of(line, line)).charges] == [ident, f"{ident}#2"]


def test_equal_lines_are_numbered_by_what_they_say_and_not_by_their_place() -> None:
    first, second = '{"id": "si_a", "price": 1}', '{"id": "si_a", "price": 2}'
    ident = "proj_X/2026-11-05T16:03:27Z/si_a@2026-11-05T16:03:27Z"
    for order in ((first, second), (second, first)):
        costs = {charge.id: str(charge.cost) for charge in usage_of(cycle_of(*order)).charges}
        assert costs == {ident: "0.01 USD", f"{ident}#2": "0.02 USD"}


def test_the_id_of_a_tier_is_the_same_before_another_comes() -> None:
    """The second tier begins when a million tokens are used up."""
    first = '{"id": "si_a", "price": 500, "unit_price": 0.50}'
    second = '{"id": "si_a", "price": 80, "unit_price": 0.4}'
    (early,) = usage_of(cycle_of(first)).charges
    late, _ = usage_of(cycle_of(first.replace("0.50", "0.5"), second)).charges
    assert early.id == late.id == "proj_X/2026-11-05T16:03:27Z/si_a@2026-11-05T16:03:27Z"


def test_a_free_tier_keeps_its_id_as_the_paid_ones_come() -> None:
    """A thousand GB are free, then each costs 0.05, and 0.03 beyond that."""
    line = '{"id": "si_a", "name": "traffic", "price": %d, "unit_price": %d, "quantity": %d}'
    free, paid, rest = line % (0, 0, 1000), line % (50, 5, 10), line % (30, 3, 10)
    ident = "proj_X/2026-11-05T16:03:27Z/si_a/traffic@2026-11-05T16:03:27Z"
    (early,) = usage_of(cycle_of(line % (0, 0, 900))).charges
    assert early.id == ident
    later = [(free, paid), (paid, free), (rest, free, paid)]
    for charges in [usage_of(cycle_of(*rows)).charges for rows in later]:
        costs = {charge.id: str(charge.cost) for charge in charges}
        known = {ident: "0.00 USD", f"{ident}#2": "0.50 USD", f"{ident}#3": "0.30 USD"}
        assert costs == dict(list(known.items())[: len(charges)])


def test_lines_of_one_item_keep_their_ids_as_servers_end_and_join() -> None:
    line = (
        '{"id": "si_a", "name": "v2", "price": %d, "unit_price": 10, "end": %s,'
        ' "metadata": {"servers": [%s]}}'
    )
    one, two, three = (f'{{"id": "sv_{number}"}}' for number in (1, 2, 3))
    ident = "proj_X/2026-11-05T16:03:27Z/si_a/v2@2026-11-05T16:03:27Z"
    running = (line % (100, "null", two), line % (200, "null", one))
    ended = (line % (150, '"2026-11-20T00:00:00Z"', two), line % (250, "null", one))
    for rows, costs in ((running, ("2.00", "1.00")), (ended, ("2.50", "1.50"))):
        charges = usage_of(cycle_of(*rows)).charges
        assert {charge.id: charge.cost for charge in charges} == {
            ident: usd(costs[0]),
            f"{ident}#2": usd(costs[1]),
        }
    for servers in (one, f"{one}, {three}"):
        assert only_charge(line % (100, "null", servers)).id == ident


def test_equal_lines_keep_their_numbers_while_one_counts_up_or_ends() -> None:
    line = (
        '{"id": "si_a", "name": "traffic", "price": %d0, "unit_price": 10,'
        ' "description": "%d GB to %s", "end": %s}'
    )
    dallas, end = line % (3, 3, "Dallas", "null"), '"2026-11-06T00:00:00Z"'
    ident = "proj_X/2026-11-05T16:03:27Z/si_a/traffic@2026-11-05T16:03:27Z"
    for tokyo in (line % (9, 9, "Tokyo", "null"), line % (20, 20, "Tokyo", end)):
        charges = usage_of(cycle_of(tokyo, dallas)).charges
        ids = {charge.description.split()[-1]: charge.id for charge in charges}
        assert ids == {"Dallas": ident, "Tokyo": f"{ident}#2"}


PRORATED = '{"id": "si_a", "name": "v2", "price": %s, "unit_price": %s, "proration": true%s}'
CORRECTED = [("-865", "-865"), ("0", "0"), ("null", "-864"), ("null", "null"), ("5", "5")]
UNUSED, REMAINING = (f', "description": "{kind} time on v2"' for kind in ("Unused", "Remaining"))


@pytest.mark.parametrize(("price", "unit_price"), CORRECTED)
@pytest.mark.parametrize("words", [UNUSED, ""])
def test_a_corrected_credit_keeps_its_id(price: str, unit_price: str, words: str) -> None:
    before = only_charge(PRORATED % ("-864", "-864", words))
    assert only_charge(PRORATED % (price, unit_price, words)).id == before.id


@pytest.mark.parametrize(("price", "unit_price"), CORRECTED)
@pytest.mark.parametrize("words", [(UNUSED, REMAINING), ("", "")])
def test_a_corrected_credit_keeps_its_id_beside_its_charge(
    price: str, unit_price: str, words: tuple[str, str]
) -> None:
    """The remaining time costs 9.00, whatever of the 8.64 before it is given back."""
    first, second = words
    remaining = PRORATED % (900, 900, second)
    ids = set[str]()
    for credit in (PRORATED % ("-864", "-864", first), PRORATED % (price, unit_price, first)):
        for rows in ((credit, remaining), (remaining, credit)):
            charges = usage_of(cycle_of(*rows)).charges
            assert len({charge.id for charge in charges}) == 2
            ids |= {charge.id for charge in charges if charge.cost == usd("9.00")}
    assert len(ids) == 1


def test_unused_time_keeps_its_id_as_remaining_time_joins() -> None:
    unused, remaining = PRORATED % (-864, -864, UNUSED), PRORATED % (900, 900, REMAINING)
    alone, (credit, _) = only_charge(unused), usage_of(cycle_of(unused, remaining)).charges
    assert alone.id == credit.id


def test_an_item_called_like_a_numbered_one_takes_no_id_away() -> None:
    lines = ['{"id": "si_a#2", "price": 1}', *['{"id": "si_a", "price": 2}'] * 2]
    assert len({charge.id for charge in usage_of(cycle_of(*lines)).charges}) == 3


def test_tiers_of_an_item_are_numbered_by_unit_price_in_any_order() -> None:
    first, second = (
        '{"id": "si_a", "price": 500, "unit_price": 0.5}',
        '{"id": "si_a", "price": 80, "unit_price": 0.40}',
    )
    other, silent = '{"id": "si_b", "price": 1, "unit_price": 0.5}', '{"id": "si_a", "price": 1}'
    ident = "proj_X/2026-11-05T16:03:27Z/si_a@2026-11-05T16:03:27Z"
    for order in ((first, second, other, silent), (silent, second, first, other)):
        costs = {charge.id: str(charge.cost) for charge in usage_of(cycle_of(*order)).charges}
        assert costs == {
            ident: "5.00 USD",
            f"{ident}#2": "0.80 USD",
            ident.replace("si_a", "si_b"): "0.01 USD",
            f"{ident}#3": "0.01 USD",
        }


def test_what_the_lines_lack_is_one_derived_charge_and_a_failed_check() -> None:
    usage = usage_of(cycle_of('{"id": "si_a", "price": 100}', price="237.25"))
    _, residual = usage.charges
    assert (residual.cost, residual.derived, residual.category) == (
        usd("1.3725"),
        True,
        Category.ADJUSTMENT,
    )
    assert residual.id == "proj_X/2026-11-05T16:03:27Z/residual"
    assert [(check.name, check.gap) for check in usage.checks] == [
        ("project total vs. its lines", usd("1.3725"))
    ]


def test_without_a_stated_total_nothing_is_settled() -> None:
    usage = usage_of(cycle_of('{"id": "si_a", "price": 100}'))
    assert (usage.stated_total, usage.checks, usage.totals()) == (None, (), {"USD": usd("1.00")})
    assert usage.unchecked == ("project total vs. its lines",)


def test_null_lists_and_unknown_fields_break_nothing() -> None:
    body = cycle_of().replace(b'"products": []', b'"products": null, "newer": 1')
    assert usage_of(body).charges == ()
    metadata = '{"servers": null, "tags": [], "bucket": null}'
    charge = only_charge(
        f'{{"id": "si_a", "price": 1, "metadata": {metadata}, "newer": {{"a": []}}}}'
    )
    assert (charge.resource_type, dict(charge.tags)) == (None, {})


cents = st.decimals(min_value=-(10**9), max_value=10**9, places=7) | st.integers(
    -(10**12), 10**12
).map(Decimal)
lines = st.fixed_dictionaries(
    {},
    optional={
        "id": st.sampled_from(["si_a", "si_b", ""]),
        "name": st.sampled_from(["v2", None]),
        "price": cents | cents.map(str) | st.none(),
        "amount": cents | st.none(),
        "proration": st.booleans() | st.none(),
        "usage_type": st.sampled_from(["licensed", "metered", "tiered", None]),
    },
)


@given(products=st.lists(lines, max_size=6), price=cents)
def test_charges_add_up_to_the_stated_total_to_the_last_digit(
    products: list[dict[str, object]], price: Decimal
) -> None:
    period = {"start": "2026-11-05T16:03:27Z", "end": "2026-12-05T16:03:27Z"}
    attributes = {"period": period, "price": price, "products": products}
    usage = usage_of(
        msgspec.json.Encoder(decimal_format="number").encode({"data": {"attributes": attributes}})
    )
    assert (
        sum_by_currency(charge.cost for charge in usage.charges if charge.cost is not None).get(
            "USD", usd("0")
        )
        == usage.stated_total
    )
    assert usage.stated_total == Money.minor(price, "USD")
    assert len({charge.id for charge in usage.charges}) == len(usage.charges)
    assert sum(is_unstated(charge) for charge in usage.charges) == sum(
        line.get("price") is None and line.get("amount") is None for line in products
    )


def test_currencies_without_hundredths_scale_by_iso_4217() -> None:
    yen, _ = cycle_usage(
        wire.Project("proj_X"),
        COPPER,
        "JPY",
        None,
        bill(cycle_of('{"price": 12.5}', price="12.5")),
    )
    assert yen.totals() == {"JPY": Money(Decimal("12.5"), "JPY")}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (cycle_of(price="1e90"), r"at `\$\.data\.attributes\.price`"),
        (
            cycle_of('{"price": 1}', '{"price": "NaN"}'),
            r"at `\$\.data\.attributes\.products\[1\]\.price`",
        ),
        (cycle_of('{"price": 1e50}'), r"at `\$\.data\.attributes\.products\[0\]`"),
        (
            cycle_of('{"price": 1e50, "quantity": 1e999}'),
            r"at `\$\.data\.attributes\.products\[0\]`",
        ),
        (cycle_of('{"price": []}'), r"at `\$\.data\.attributes\.products\[0\]\.price`"),
        (b'{"data": {"attributes": {"price": 1}}}', r"at `\$\.data\.attributes\.period`"),
        (cycle_of().replace(b'"start"', b'"begin"'), r"at `\$\.data\.attributes\.period`"),
        (cycle_of().replace(b'"2026-11', b'"noon-11'), r"at `\$\.data\.attributes\.period\.start`"),
        (cycle_of().replace(b"2026-12", b"2026-10"), r"at `\$\.data\.attributes\.period`"),
        (b"<html>", "is HTML"),
    ],
)
def test_what_cannot_be_understood_is_drift_with_its_path(body: bytes, message: str) -> None:
    with pytest.raises(DriftError, match=message):
        usage_of(body)


def test_a_reply_about_another_project_is_drift() -> None:
    answered = decode(reply("latitude", "get_billing_usage_busy_cycle"), wire.Usage)
    own, other = wire.Project("proj_Kx81mQvZ3bTnY"), wire.Project("proj_Pe4jD9uXo6RsA")
    assert parse.billing(own, answered) is answered.data.attributes
    with pytest.raises(DriftError, match=r"\$\.data\.attributes\.project\.id"):
        parse.billing(other, answered)


@pytest.mark.parametrize(
    ("requested", "state"),
    [
        (None, State.COMPLETE),
        (Period(FIFTH, NEXT_FIFTH), State.COMPLETE),
        (Period.month(2026, 11), State.DIFFERENT_WINDOW),
        (
            Period(datetime(2026, 11, 10, tzinfo=UTC), datetime(2026, 11, 11, tzinfo=UTC)),
            State.DIFFERENT_WINDOW,
        ),
        (Period(datetime(2026, 11, 1, tzinfo=UTC), FIFTH), State.UNAVAILABLE),
        (Period(NEXT_FIFTH, datetime(2027, 1, 1, tzinfo=UTC)), State.UNAVAILABLE),
    ],
)
def test_only_the_cycle_itself_is_a_complete_answer(requested: Period | None, state: State) -> None:
    covered, detail = parse.coverage(requested, Period(FIFTH, NEXT_FIFTH), NOW)
    assert covered is state
    assert (detail is None) == (state is State.COMPLETE)


@pytest.mark.parametrize(
    ("name", "amount"), [("busy_cycle", "-418.75"), ("idle", "64.20"), ("odd_lines", "-1.505")]
)
def test_credit_belongs_to_the_team_and_keeps_the_providers_sign(name: str, amount: str) -> None:
    balance = parse.balance(
        COPPER, "USD", credit(reply("latitude", f"get_billing_usage_{name}")), NOW
    )
    assert balance is not None
    assert (balance.amount, balance.kind, balance.as_of) == (usd(amount), BalanceKind.CREDIT, NOW)
    assert (balance.scope, balance.scope_name) == ("team:team_Yb6oSd2KqH9", "Copper Works")
    assert balance.billing_account_id == "team_Yb6oSd2KqH9"


def test_credit_that_is_not_stated_is_no_balance() -> None:
    assert parse.balance(COPPER, "USD", credit(cycle_of()), NOW) is None


def test_credit_of_a_nameless_team_is_still_shared() -> None:
    balance = parse.balance(
        parse.Payer(None, None, "USD"),
        "USD",
        credit(reply("latitude", "get_billing_usage_idle")),
        NOW,
    )
    assert balance is not None
    assert (balance.scope, balance.scope_name) == ("team", None)
    assert balance.billing_account_id is None


def project(team: str) -> wire.Project:
    return decode(f'{{"id": "proj_X", "attributes": {{"team": {team}}}}}'.encode(), wire.Project)


def teams(*rows: str) -> tuple[wire.Team, ...]:
    return decode(f"[{', '.join(rows)}]".encode(), tuple[wire.Team, ...])


BRL_A = '{"id": "team_A", "attributes": {"name": "A", "slug": "a", "currency": "BRL"}}'
USD_B = '{"id": "team_B", "attributes": {"name": null, "slug": "b", "currency": "USD"}}'


@pytest.mark.parametrize(
    ("own", "stated", "payer"),
    [
        (
            '{"id": "team_A", "name": "A", "currency": {"code": "USD"}}',
            (BRL_A,),
            ("team_A", "A", "USD"),
        ),
        (
            '{"id": "team_A", "name": "A", "currency": {"code": "R$"}}',
            (BRL_A, USD_B),
            ("team_A", "A", "BRL"),
        ),
        ('{"id": "team_A", "currency": {}}', (USD_B,), ("team_A", None, None)),
        ('{"id": "team_B", "currency": null}', (BRL_A, USD_B), ("team_B", "b", "USD")),
        ("null", (USD_B,), ("team_B", "b", "USD")),
        ("null", (BRL_A, USD_B), (None, None, None)),
        ("null", ("{}",), (None, None, None)),
        ('{"id": "team_A"}', ('{"attributes": {"currency": "usd"}}',), ("team_A", None, "USD")),
        ('{"id": "team_A", "currency": {"code": "brl"}}', (), ("team_A", None, "BRL")),
        ('{"id": "team_A", "currency": {"code": "\u0131dr"}}', (), ("team_A", None, None)),
        ('{"id": "team_A", "currency": {"code": " usd"}}', (), ("team_A", None, "USD")),
        ('{"id": "team_A", "currency": {"code": "us dollars"}}', (), ("team_A", None, None)),
        ('{"id": "team_A"}', ('{"attributes": {"currency": "XXX"}}',), ("team_A", None, None)),
        ('{"id": "team_A"}', ('{"attributes": {"currency": "BRL"}}',), ("team_A", None, "BRL")),
    ],
)
def test_a_currency_is_the_projects_word_then_the_same_teams(
    own: str, stated: tuple[str, ...], payer: tuple[str | None, ...]
) -> None:
    assert parse.payer(project(own), teams(*stated)) == parse.Payer(*payer)


def test_a_project_without_attributes_says_nothing_of_its_team() -> None:
    assert parse.payer(wire.Project("proj_X")) == parse.Payer(None, None, None)


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        ("bad_request_code_and_message", "BAD_REQUEST", "A project is needed."),
        ("bad_request_parameter", "VALIDATION_ERROR", "The parameter is not supported here."),
        ("forbidden_symbolic_status", "USER_AUTHORIZATION_ERROR", "Your role cannot read this."),
        ("locked_null_code", None, "Try again later."),
        ("not_found_lower_case_code", "not_found", "No record matches."),
        ("rate_limited_wait_in_body", "RATE_LIMIT_EXCEEDED", "Slow down."),
        ("server_error_internal", "INTERNAL_ERROR", "Unexpected failure."),
        ("unauthorized_bare_list", "UNAUTHORIZED", "This key is not valid."),
        ("unauthorized_code_and_message", "UNAUTHORIZED", "This key is not valid."),
        ("unprocessable_no_status", "UNPROCESSABLE", "The filter cannot be applied."),
    ],
)
def test_error_bodies_in_every_shape(name: str, code: str | None, message: str) -> None:
    problem = parse.problem(reply("latitude", f"error_{name}"))
    assert (problem.code, problem.message) == (code, message)


@pytest.mark.parametrize(
    "body",
    [
        b"<html>502</html>",
        b"",
        b"{}",
        b"[]",
        b'{"errors": null}',
        b'{"errors": []}',
        b'{"errors": 1}',
    ],
)
def test_an_error_body_without_errors_says_nothing(body: bytes) -> None:
    assert parse.problem(body) == parse.Problem()


@pytest.mark.parametrize(
    "odd", ['"code": 429', '"detail": ["a"]', '"title": {}, "code": true', '"message": 5']
)
def test_an_odd_field_of_an_error_hides_no_other(odd: str) -> None:
    keys = {"code": '"C"', "detail": '"d"', "meta": '{"retry_after": 17}'}
    fields = ", ".join(
        [odd, *(f'"{key}": {value}' for key, value in keys.items() if f'"{key}"' not in odd)]
    )
    problem = parse.problem(f'{{"errors": [{{{fields}}}]}}'.encode())
    assert (problem.code, problem.message, problem.retry_after) == (
        None if "code" in odd else "C",
        None if "detail" in odd else "d",
        17.0,
    )


def test_an_error_with_only_a_title_says_that() -> None:
    assert parse.problem(b'{"errors": [{"title": "Locked"}]}').message == "Locked"


@pytest.mark.parametrize(
    ("meta", "seconds"),
    [
        ('{"retry_after": 17}', 17.0),
        ('{"retry_after": 0.25}', 0.25),
        ('{"retry_after": "2.0"}', 2.0),
        ('{"retry_after": 1e999}', 999_999_999.0),
        ('{"retry_after": -3}', None),
        ('{"retry_after": "NaN"}', None),
        ('{"retry_after": null}', None),
        ("{}", None),
        ("null", None),
    ],
)
def test_the_wait_in_the_body_is_seconds_with_their_fraction(
    meta: str, seconds: float | None
) -> None:
    assert parse.problem(f'{{"errors": [{{"meta": {meta}}}]}}'.encode()).retry_after == seconds


@pytest.mark.parametrize(
    ("body", "subject"),
    [
        (reply("latitude", "get_team_one"), "Copper Works"),
        (
            f'{{"data": [{USD_B}, {{"id": "team_C"}}, {{}}]}}'.encode(),
            "b, team_C, a team without a name",
        ),
        (b'{"data": []}', "no team"),
        (b'{"data": null}', "no team"),
    ],
)
def test_a_credential_belongs_to_the_keys_team(body: bytes, subject: str) -> None:
    assert parse.credential(decode(body, wire.Teams)).subject == subject


def test_personal_data_is_not_even_read() -> None:
    shown = repr(decode(reply("latitude", "get_team_one"), wire.Teams))
    assert "cus_Rk4zXw0oTn" not in shown
    assert "address" not in shown


@pytest.mark.parametrize(("price", "at"), [('"price": 12', "price"), ('"amount": 12', "amount")])
def test_lines_and_the_difference_to_the_price_say_where_they_stand(price: str, at: str) -> None:
    body = cycle_of('{"name": "a", "price": 4}', '{"name": "b", "price": 5}').replace(
        b'"price": null', price.encode()
    )
    usage, _ = cycle_usage(
        wire.Project("proj_X"), COPPER, "USD", None, bill(body), "GET /billing/usage"
    )
    ahead = "GET /billing/usage#/data/attributes"
    assert [charge.source for charge in usage.charges] == [
        f"{ahead}/products/0",
        f"{ahead}/products/1",
        f"{ahead}/{at}",
    ]


@pytest.mark.parametrize(
    ("member", "left_out"),
    [
        ('"metadata": []', ["metadata"]),
        ('"metadata": "none"', ["metadata"]),
        ('"metadata": {"servers": {}}', ["metadata.servers"]),
        ('"metadata": {"servers": [null, [], {"id": "sv_a"}]}', ["metadata.servers[1]"]),
        ('"metadata": {"servers": [{"hostname": ["a"]}]}', ["metadata.servers[0].hostname"]),
        ('"metadata": {"servers": [{"tags": [{"id": "t"}, null, "x"]}]}',
         ["metadata.servers[0].tags[0]"]),
        ('"metadata": {"servers": [{"tags": null}], "bucket": []}', ["metadata.bucket"]),
        ('"metadata": {"bucket": {"location": {}}}', ["metadata.bucket.location"]),
        ('"metadata": {"tags": "a,b"}', ["metadata.tags"]),
        ('"metadata": {"billing_unit_divisor": "a thousand"}', ["metadata.billing_unit_divisor"]),
        ('"metadata": {"billing_unit_divisor": 1e999}', []),
        ('"discounts": {}', ["discounts"]),
        ('"discounts": [{"value": "7,5", "type": "percent"}]', ["discounts[0].value"]),
        ('"discounts": [7.5, null]', ["discounts[0]"]),
        ('"discounts": [{"value": 1e999}]', []),
        ('"proration": "maybe"', ["proration"]),
        ('"proration": "true"', []),
        ('"discountable": "yes"', []),
        ('"description": 5', []),
        ('"description": {"en": "a"}', ["description"]),
        ('"name": 5', []),
        ('"resource": []', ["resource"]),
        ('"usage_type": {}', ["usage_type"]),
        ('"unit": 1', []),
        ('"quantity": "7,5"', ["quantity"]),
        ('"unit_price": "7,5"', ["unit_price"]),
        ('"amount_without_discount": {}', ["amount_without_discount"]),
        ('"start": "2026-11-05"', ["start"]),
        ('"start": "2026-11-05T16:03:27"', ["start"]),
        ('"end": "never"', ["end"]),
    ],
)  # fmt: skip
def test_an_odd_value_beside_a_price_loses_nothing_of_the_bill(
    member: str, left_out: list[str]
) -> None:
    told: list[str] = []
    body = cycle_of('{"price": 4.5}', f'{{"price": 1234.56, {member}}}', price="1239.06")
    reply = decode(body, wire.Usage, told)
    project = wire.Project("proj_X")
    usage, _ = cycle_usage(project, COPPER, "USD", None, parse.billing(project, reply))
    assert [str(charge.cost) for charge in usage.charges] == ["0.045 USD", "12.3456 USD"]
    assert (str(usage.stated_total), usage.charges[1].period) == (
        "12.3906 USD",
        Period(FIFTH, NEXT_FIFTH),
    )
    assert told == [f"$.data.attributes.products[1].{path}" for path in left_out]


@pytest.mark.parametrize("text", ['"1_0"', '"\uff11\uff10"', '"1,5"', '"1 0"', '"0x10"', '"ten"'])
@pytest.mark.parametrize("field", ["price", "amount"])
def test_text_that_is_no_number_is_no_amount(field: str, text: str) -> None:
    body = cycle_of('{"price": 1}', f'{{"{field}": {text}}}')
    with pytest.raises(DriftError, match=rf"`\$\.data\.attributes\.products\[1\]\.{field}`"):
        usage_of(body)
    with pytest.raises(DriftError, match=r"`\$\.data\.attributes\.price`"):
        usage_of(cycle_of(price=text))


@pytest.mark.parametrize(
    "member",
    [
        '"quantity": 1e999',
        '"unit_price": 1e60',
        '"unit_amount": -1e60, "unit_price": 1',
        '"amount_without_discount": 1e999',
        '"start": "0001-01-01T00:00:00+14:00"',
        '"start": "9999-12-31T23:59:59Z", "end": "9999-12-31T23:59:59Z"',
    ],
)
def test_values_beside_a_price_that_no_bill_can_have_lose_no_price(member: str) -> None:
    usage = usage_of(cycle_of('{"price": 4.5}', f'{{"price": 12.5, {member}}}', price="17"))
    assert [str(charge.cost) for charge in usage.charges] == ["0.045 USD", "0.125 USD"]
    assert usage.charges[1].period in (usage.covers, Period(FIFTH, NEXT_FIFTH))


@pytest.mark.parametrize("stated", ["2026-03-05T16:03:20+00:00", "March 2026", None])
def test_a_project_says_when_it_was_created_or_it_is_not_known(stated: str | None) -> None:
    row = {"id": "proj_X", "attributes": {"created_at": stated}}
    project = decode(msgspec.json.encode({"data": row}), wire.ProjectReply).data
    is_known = stated is not None and stated.startswith("2026")
    created = datetime(2026, 3, 5, 16, 3, 20, tzinfo=UTC) if is_known else None
    assert parse.created_at(project) == created
