"""What leases cost; the money is written by hand from the replies in this folder."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest

from billfold import Category, Charge, DriftError, Money, Period, Usage
from billfold.wire import decode
from billfold_harmont import totals, wire
from billfold_harmont import usage as leases
from billfold_harmont.parse import builds
from billfold_harmont.usage import summary_total
from support.replies import reply

SEPTEMBER = Period.month(2026, 9)


def usd(text: str) -> Money:
    return Money(Decimal(text), "USD")


def usage(
    org: str,
    requested: Period | None,
    window: Period,
    breakdown: wire.Breakdown,
    recomputed: Money | None,
    request: str = "",
) -> Usage:
    read = builds(breakdown)
    charges = leases.charges_of(org, {}, window, request, read.rows)
    return leases.usage(
        org, requested, window, doubts(breakdown, window).across, charges, recomputed
    )


def doubts(breakdown: wire.Breakdown, window: Period) -> totals.Doubts:
    found = totals.Doubts(window)
    found.add(builds(breakdown).rows)
    return found


def gaps(breakdown: wire.Breakdown, window: Period) -> list[str]:
    return doubts(breakdown, window).gaps(breakdown.build_count)


def outside(breakdown: wire.Breakdown, window: Period) -> list[Money]:
    left_out = totals.outside(doubts(breakdown, window).across, window)
    return [cost for _, cost in left_out]


def unsettled(breakdown: wire.Breakdown, window: Period) -> list[str]:
    return totals.unsettled(doubts(breakdown, window).across, window)


@pytest.fixture
def three_days() -> Usage:
    breakdown = decode(reply("harmont", "get_billing_usage_breakdown_three_days"), wire.Breakdown)
    summary = decode(reply("harmont", "get_billing_usage_three_days"), wire.Summary)
    return usage("tidewater-labs", SEPTEMBER, SEPTEMBER, breakdown, summary_total(summary))


def test_leases_become_positive_charges_that_add_up(three_days: Usage) -> None:
    assert three_days.totals() == {"USD": usd("3.99")}
    costs = [str(charge.cost) for charge in three_days.charges]
    assert costs == [
        "0.78 USD",
        "0.38 USD",
        "0.00 USD",
        "0.27 USD",
        "1.15 USD",
        "1.39 USD",
        "0.02 USD",
    ]
    assert all(charge.category is Category.USAGE for charge in three_days.charges)
    assert all(check.holds for check in three_days.checks)


def test_a_lease_says_what_it_was(three_days: Usage) -> None:
    charge = three_days.charges[0]
    assert charge.id == ("tidewater-labs/lease:2cpu-4gb-20gb@2026-09-16T10:13:36.551020Z")
    assert charge.sub_account_name == "Storefront release"
    assert charge.tags["step"] == "test-integration"
    assert (charge.tags["vcpu"], charge.tags["memory_gb"], charge.tags["disk_gb"]) == (
        "2",
        "4",
        "20",
    )
    assert (str(charge.quantity), charge.unit) == ("1873", "second")
    # 1873 seconds of 2 vCPUs, 4 GB of memory and 20 GB of disk
    measures = [charge.tags[f"{size}_seconds"] for size in ("vcpu", "memory_gb", "disk_gb")]
    assert measures == ["3746", "7492", "37460"]
    assert charge.period == Period(
        datetime(2026, 9, 16, 10, 13, 36, 551020, UTC),
        datetime(2026, 9, 16, 10, 44, 49, 970993, UTC),
    )


def test_a_build_has_the_address_of_its_page() -> None:
    job = wire.Job(Decimal(-7), datetime(2026, 9, 16, 10, tzinfo=UTC))
    numbered = wire.Build(
        Decimal(-7), (job,), build_number=Decimal(417), pipeline_slug="shop/front end"
    )
    (lease,) = charges_of(numbered)
    page = "https://app.harmont.dev/acme/pipelines/shop%2Ffront%20end/builds/417"
    assert lease.tags["build_url"] == page
    for odd in ({"pipeline_slug": None}, {"build_number": None}, {"build_number": Decimal("1.5")}):
        (lease,) = charges_of(msgspec.structs.replace(numbered, **odd))
        assert "build_url" not in lease.tags


def test_what_a_lease_used_is_not_stated_where_its_size_or_duration_is_not() -> None:
    job = wire.Job(
        Decimal(-7),
        datetime(2026, 9, 16, 10, tzinfo=UTC),
        cpu_count=Decimal("1.5"),
        memory_gb=None,
        disk_gb=Decimal("1e400"),
        duration_seconds=Decimal(61),
    )
    (lease,) = charges_of(wire.Build(Decimal(-7), (job,)))
    assert lease.tags == {"vcpu": "1.5", "vcpu_seconds": "91.5"}
    (lease,) = charges_of(
        wire.Build(Decimal(-7), (msgspec.structs.replace(job, duration_seconds=None),))
    )
    assert lease.tags == {"vcpu": "1.5"}


def test_a_lease_of_days_belongs_to_the_day_in_utc_on_which_it_began() -> None:
    """Half past midnight of the 22nd, two hours ahead of UTC, is still the 21st there."""
    began = datetime.fromisoformat("2026-09-22T00:30:00+02:00")
    job = wire.Job(Decimal(-700), began, finished_at=began + timedelta(days=2))
    (lease,) = charges_of(wire.Build(Decimal(-700), (job,)))
    assert lease.day == date(2026, 9, 21)


def deleted(build: wire.Build) -> wire.Build:
    """Return what the breakdown shows of a build once it and its jobs were deleted."""
    jobs = tuple(
        msgspec.structs.replace(job, job_id=None, job_name=None, step_key=None, vm_handle=None)
        for job in build.jobs
    )
    return wire.Build(build.total_cents, jobs, build.started_at)


def charges_of(*builds: wire.Build) -> tuple[Charge, ...]:
    return usage("acme", None, SEPTEMBER, wire.Breakdown(builds), usd("0")).charges


def test_deleted_builds_are_one_group_that_names_no_machine(three_days: Usage) -> None:
    leases = [charge for charge in three_days.charges if "build" not in charge.tags]
    assert [charge.id for charge in leases] == [
        "tidewater-labs/lease:2cpu-4gb-20gb@2026-09-14T06:02:18.445900Z",
        "tidewater-labs/lease:2cpu-4gb-20gb@2026-09-14T19:33:07Z",
    ]
    assert {(charge.sub_account_id, charge.resource_id) for charge in leases} == {(None, None)}


def test_a_lease_keeps_its_id_and_cost_when_its_job_and_build_are_deleted() -> None:
    builds = decode(reply("harmont", "get_billing_usage_breakdown_three_days"), wire.Breakdown).data
    before = [(charge.id, charge.cost) for charge in charges_of(*builds)]
    after = [(charge.id, charge.cost) for charge in charges_of(*map(deleted, builds))]
    assert before == after
    assert len({charge_id for charge_id, _ in before}) == len(before) == 7


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cpu_count", 3),
        ("memory_gb", 5),
        ("disk_gb", 21),
    ],
)
def test_two_different_leases_with_one_start_do_not_share_an_id(field: str, value: int) -> None:
    build, _ = decode(
        reply("harmont", "get_billing_usage_breakdown_equal_leases"), wire.Breakdown
    ).data
    lease = build.jobs[1]
    second = msgspec.structs.replace(lease, **{field: Decimal(value)})
    cents = lease.amount_cents + second.amount_cents
    pair = msgspec.structs.replace(build, total_cents=cents, jobs=(lease, second))
    for charges in (charges_of(pair), charges_of(deleted(pair))):
        assert len({charge.id for charge in charges}) == 2
        assert not any("#" in charge.id for charge in charges)


def test_the_amount_is_no_part_of_an_id_but_decides_which_of_two_is_the_second() -> None:
    build, _ = decode(
        reply("harmont", "get_billing_usage_breakdown_equal_leases"), wire.Breakdown
    ).data
    lease = build.jobs[1]

    def costs(*cents: int) -> dict[str, str]:
        jobs = tuple(msgspec.structs.replace(lease, amount_cents=Decimal(n)) for n in cents)
        total = sum((job.amount_cents for job in jobs), Decimal(0))
        pair = msgspec.structs.replace(build, total_cents=total, jobs=jobs)
        read = [{charge.id: str(charge.cost) for charge in charges_of(pair)}]
        read += [{charge.id: str(charge.cost) for charge in charges_of(deleted(pair))}]
        assert read[0] == read[1]
        return read[0]

    lease_id = "acme/lease:2cpu-4gb-20gb@2026-09-20T04:15:30Z"
    assert costs(-7) == {lease_id: "0.07 USD"}
    assert costs(-9) == {lease_id: "0.09 USD"}
    both = {lease_id: "0.09 USD", f"{lease_id}#2": "0.10 USD"}
    assert costs(-9, -10) == costs(-10, -9) == both


def test_a_lease_with_two_debits_is_two_charges_that_both_count() -> None:
    (build,) = decode(reply("harmont", "get_billing_usage_breakdown_sparse"), wire.Breakdown).data
    twice = wire.Build(build.total_cents * 2, build.jobs * 2, build.started_at)
    used = usage("acme", None, SEPTEMBER, wire.Breakdown((twice,)), usd("0.07"))
    assert used.totals() == {"USD": usd("0.14")}
    assert [charge.id for charge in used.charges] == [
        "acme/lease:4cpu-16gb-60gb@2026-09-20T04:15:30Z",
        "acme/lease:4cpu-16gb-60gb@2026-09-20T04:15:30Z#2",
    ]
    assert [(check.name, check.holds) for check in used.checks] == [
        ("build totals vs. lease charges", True),
        ("usage summary vs. build totals", False),
    ]


def test_a_reply_with_only_the_required_keys_is_read() -> None:
    breakdown = decode(reply("harmont", "get_billing_usage_breakdown_sparse"), wire.Breakdown)
    used = usage("acme", None, SEPTEMBER, breakdown, usd("0.07"))
    (charge,) = used.charges
    assert charge.cost == usd("0.07")
    assert charge.id == "acme/lease:4cpu-16gb-60gb@2026-09-20T04:15:30Z"
    assert charge.quantity is None


def test_recomputed_rates_fail_a_check_and_change_no_charge(three_days: Usage) -> None:
    breakdown = decode(reply("harmont", "get_billing_usage_breakdown_three_days"), wire.Breakdown)
    used = usage("tidewater-labs", SEPTEMBER, SEPTEMBER, breakdown, usd("4.20"))
    (failed,) = [check for check in used.checks if not check.holds]
    assert (failed.name, failed.gap) == ("usage summary vs. build totals", usd("0.21"))
    assert failed.cause is None  # one total against another does not say why
    assert used.charges == three_days.charges


def test_a_build_that_is_not_its_leases_gets_a_derived_charge() -> None:
    body = reply("harmont", "get_billing_usage_breakdown_sparse").replace(
        b'"total_cents": -7', b'"total_cents": -10'
    )
    used = usage(
        "acme",
        None,
        SEPTEMBER,
        decode(body, wire.Breakdown),
        usd("0.10"),
    )
    derived = used.charges[-1]
    assert (derived.derived, derived.cost, derived.category) == (
        True,
        usd("0.03"),
        Category.ADJUSTMENT,
    )
    assert used.totals() == {"USD": usd("0.10")}
    assert [check.holds for check in used.checks] == [False, True]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (b'"total_cents": -7', b'"total_cents": 1e45', "$.data[0].total_cents"),
        (b'"amount_cents": -7', b'"amount_cents": -1e45', "$.data[0].jobs[0]"),
    ],
)
def test_an_amount_that_no_model_can_hold_is_drift_at_its_place(
    old: bytes, new: bytes, place: str
) -> None:
    body = reply("harmont", "get_billing_usage_breakdown_sparse").replace(old, new)
    with pytest.raises(DriftError, match=re.escape(f"at `{place}`")):
        usage("acme", None, SEPTEMBER, decode(body, wire.Breakdown), usd("0.07"))


@pytest.mark.parametrize("total", [Decimal("NaN"), Decimal("1e45")])
def test_a_summary_that_no_model_can_hold_names_its_place(total: Decimal) -> None:
    with pytest.raises(DriftError, match=r"at `\$\.total_cents`"):
        summary_total(wire.Summary(total))


def test_a_build_at_the_end_of_the_calendar_is_drift_at_its_place() -> None:
    last = build_of(1, start="9999-12-31T23:59:59.5Z")
    day = Period(
        datetime(9999, 12, 31, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999999, UTC)
    )
    with pytest.raises(DriftError, match=r"at `\$\.data\[0\]\.started_at`"):
        usage("acme", None, day, wire.Breakdown((last,)), usd("0.01"))


@pytest.mark.parametrize("start", ["9999-12-31T23:59:59.5Z", "0001-01-01T00:00:00+14:00"])
def test_a_lease_that_began_beyond_the_calendar_takes_no_other_down(start: str) -> None:
    october = build_of(7, (FIRST_OF_OCTOBER, 7))
    beyond = msgspec.structs.replace(build_of(5, (start, 5)), build_id="other")
    assert costs_of(OCTOBER, october, beyond) == ["0.07 USD"]
    assert outside(wire.Breakdown((october, beyond)), OCTOBER) == [usd("0.05")]


def test_a_build_that_comes_twice_counts_once() -> None:
    build = build_of(700, (FIRST_OF_OCTOBER, 700))
    assert costs_of(OCTOBER, build, build) == ["7.00 USD"]
    read = builds(wire.Breakdown((build, build)))
    assert (read.notes, read.conflicts) == (["1 build repeated, counted once"], ())


def test_of_two_builds_of_one_id_that_differ_the_first_counts() -> None:
    first, other = build_of(700, (FIRST_OF_OCTOBER, 700)), build_of(800, (FIRST_OF_OCTOBER, 800))
    assert costs_of(OCTOBER, first, other) == ["7.00 USD"]
    assert builds(wire.Breakdown((first, other))).notes == [
        "1 build in conflict with another of the same id, the first was kept: b"
    ]


def test_leases_of_two_builds_that_nothing_tells_apart_are_numbered() -> None:
    (build,) = decode(reply("harmont", "get_billing_usage_breakdown_sparse"), wire.Breakdown).data
    assert [charge.id for charge in charges_of(build, build)] == [
        "acme/lease:4cpu-16gb-60gb@2026-09-20T04:15:30Z",
        "acme/lease:4cpu-16gb-60gb@2026-09-20T04:15:30Z#2",
    ]


@pytest.fixture
def equal_leases() -> tuple[wire.Build, wire.Build]:
    """Return two builds, of whose four leases two are equal in all that a deletion leaves."""
    body = reply("harmont", "get_billing_usage_breakdown_equal_leases")
    earlier, later = decode(body, wire.Breakdown).data
    return earlier, later


def test_equal_leases_keep_their_ids_whatever_the_order_and_whatever_ends_later(
    equal_leases: tuple[wire.Build, wire.Build],
) -> None:
    earlier, later = equal_leases
    turned = msgspec.structs.replace(later, jobs=later.jobs[::-1])

    def by_id(*builds: wire.Build) -> dict[str, tuple[object, ...]]:
        return {
            charge.id: (charge.tags["build"][:4], charge.quantity, str(charge.cost))
            for charge in charges_of(*builds)
        }

    def ended(seconds: int) -> list[wire.Build]:
        """Return what is listed so long after the start: what has ended (section 3.3)."""
        return [with_jobs(build, lambda job: listed_after(job, seconds)) for build in equal_leases]

    both = {
        f"{LEASE}": ("6e0a", 120, "0.05 USD"),
        f"{LEASE}#2": ("c95b", 130, "0.05 USD"),
        f"{LEASE}#3": ("6e0a", 170, "0.07 USD"),
        f"{LEASE}#4": ("c95b", 170, "0.07 USD"),
    }
    assert by_id(earlier, later) == by_id(turned, earlier) == both
    assert by_id(*ended(125)) == dict([*both.items()][:1])
    assert by_id(*ended(135)) == dict([*both.items()][:2])
    assert by_id(*ended(170)) == both


LEASE = "acme/lease:2cpu-4gb-20gb@2026-09-20T04:15:30Z"


def listed_after(job: wire.Job, seconds: int) -> bool:
    return job.duration_seconds is not None and job.duration_seconds <= seconds


def with_jobs(build: wire.Build, keep: Callable[[wire.Job], bool]) -> wire.Build:
    jobs = tuple(job for job in build.jobs if keep(job))
    cents = sum((job.amount_cents for job in jobs), Decimal(0))
    return msgspec.structs.replace(build, jobs=jobs, total_cents=cents)


def running(build: wire.Build, *places: int) -> wire.Build:
    """Return a build some of whose leases still run: a debit, and no duration and no end."""
    jobs = [
        msgspec.structs.replace(job, duration_seconds=None, finished_at=None)
        if place in places
        else job
        for place, job in enumerate(build.jobs)
    ]
    return msgspec.structs.replace(build, jobs=tuple(jobs))


def test_a_lease_that_is_listed_while_it_runs_keeps_its_id_when_it_ends() -> None:
    """Contract 3.5: duration and end may be null while running, beside a debit of 0.07."""
    job = wire.Job(
        Decimal(-7),
        datetime(2026, 10, 20, 4, 15, 30, tzinfo=UTC),
        cpu_count=Decimal(2),
        memory_gb=Decimal(4),
        disk_gb=Decimal(20),
    )
    ended = msgspec.structs.replace(
        job,
        duration_seconds=Decimal(600),
        finished_at=datetime(2026, 10, 20, 4, 25, 30, tzinfo=UTC),
    )
    end_unread = msgspec.structs.replace(ended, finished_at=None)
    duration_unread = msgspec.structs.replace(ended, duration_seconds=None)
    expected = [("acme/lease:2cpu-4gb-20gb@2026-10-20T04:15:30Z", usd("0.07"))]
    for state in (job, ended, end_unread, duration_unread):
        build = wire.Build(Decimal(-7), (state,))
        for shown in (build, deleted(build)):
            assert [(each.id, each.cost) for each in charges_in_october(shown)] == expected


def test_of_equal_leases_one_that_still_runs_takes_no_number_of_those_that_ended(
    equal_leases: tuple[wire.Build, wire.Build],
) -> None:
    """Only the lease of 170 seconds in the later build runs: it ends last, as it is now."""
    earlier, later = equal_leases

    def ends(*builds: wire.Build) -> dict[str, tuple[str, str]]:
        return {each.id: (str(each.quantity), str(each.cost)) for each in charges_of(*builds)}

    still = ends(earlier, running(later, 0))
    assert still == {
        f"{LEASE}": ("120", "0.05 USD"),
        f"{LEASE}#2": ("130", "0.05 USD"),
        f"{LEASE}#3": ("170", "0.07 USD"),
        f"{LEASE}#4": ("None", "0.07 USD"),
    }
    assert ends(deleted(earlier), running(later, 0)) == still
    assert ends(earlier, later) == {**still, f"{LEASE}#4": ("170", "0.07 USD")}


def test_equal_leases_have_the_same_ids_whichever_of_them_is_deleted(
    equal_leases: tuple[wire.Build, wire.Build],
) -> None:
    earlier, later = equal_leases

    def ids(*builds: wire.Build) -> set[str]:
        return {charge.id for charge in charges_of(*builds)}

    assert len(ids(earlier, later)) == 4
    assert ids(deleted(earlier), later) == ids(earlier, deleted(later)) == ids(earlier, later)


def test_numbered_leases_stay_in_the_order_of_the_reply(
    equal_leases: tuple[wire.Build, wire.Build],
) -> None:
    assert [charge.source for charge in charges_of(*equal_leases[::-1])] == [
        f"#/data/{build}/jobs/{job}" for build in (0, 1) for job in (0, 1)
    ]


def test_an_amount_of_the_wrong_type_names_its_path() -> None:
    with pytest.raises(DriftError, match=r"\$\.data\[0\]\.jobs\[0\]\.amount_cents"):
        decode(
            b'{"data": [{"total_cents": 0, "started_at": "2026-09-20T04:15:30Z", "jobs": [{'
            b'"cpu_count": 2, "memory_gb": 4, "disk_gb": 20, "amount_cents": [], '
            b'"started_at": "2026-09-20T04:15:30Z"}]}]}',
            wire.Breakdown,
        )


@pytest.mark.parametrize("field", ["duration_seconds", "cpu_count", "memory_gb", "disk_gb"])
@pytest.mark.parametrize(
    "value", ['"NaN"', '"-Infinity"', "1e30", "1e400", "null", '"n/a"', "{}", '"1_0"']
)
def test_an_odd_size_of_a_lease_loses_none_of_its_money(field: str, value: str) -> None:
    job = {"cpu_count": "2", "memory_gb": "4", "disk_gb": "20", "duration_seconds": "60"}
    members = ", ".join(f'"{key}": {text}' for key, text in {**job, field: value}.items())
    body = (
        f'{{"data": [{{"total_cents": -7, "jobs": [{{{members}, "amount_cents": -7, '
        f'"started_at": "{FIRST_OF_OCTOBER}"}}]}}]}}'
    )
    (charge,) = usage("acme", None, OCTOBER, decode(body.encode(), wire.Breakdown), None).charges
    assert (str(charge.cost), charge.period.start) == (
        "0.07 USD",
        datetime(2026, 10, 1, 0, 0, 10, tzinfo=UTC),
    )


def test_a_size_is_the_same_with_a_point_and_without() -> None:
    build = build_of(7, (FIRST_OF_OCTOBER, 7))
    job = msgspec.structs.replace(build.jobs[0], cpu_count=Decimal("2.0"))
    (whole,) = charges_in_october(build)
    (pointed,) = charges_in_october(msgspec.structs.replace(build, jobs=(job,)))
    assert whole.id == pointed.id == "acme/lease:2cpu-4gb-20gb@2026-10-01T00:00:10Z"


def charges_in_october(*rows: wire.Build) -> tuple[Charge, ...]:
    return usage("acme", None, OCTOBER, wire.Breakdown(rows), None).charges


def test_a_difference_says_which_total_it_was_computed_from() -> None:
    body = reply("harmont", "get_billing_usage_breakdown_sparse").replace(
        b'"total_cents": -7', b'"total_cents": -10'
    )
    used = usage(
        "acme", None, SEPTEMBER, decode(body, wire.Breakdown), usd("0.10"), "GET /breakdown"
    )
    assert [charge.source for charge in used.charges] == [
        "GET /breakdown#/data/0/jobs/0",
        "GET /breakdown#/data/0/total_cents",
    ]


def build_of(total: int, *leases: tuple[str, int], start: str | None = None) -> wire.Build:
    """Return a build of leases, each with its start and its cents; costs are positive here."""
    jobs = ", ".join(
        f'{{"cpu_count": 2, "memory_gb": 4, "disk_gb": 20, "amount_cents": {-cents}, '
        f'"duration_seconds": 60, "started_at": "{at}"}}'
        for at, cents in leases
    )
    started = "" if start is None else f', "started_at": "{start}"'
    body = f'{{"total_cents": {-total}, "build_id": "b", "jobs": [{jobs}]{started}}}'
    return decode(body.encode(), wire.Build)


OCTOBER = Period.month(2026, 10)
LAST_OF_SEPTEMBER, FIRST_OF_OCTOBER = "2026-09-30T23:59:30Z", "2026-10-01T00:00:10Z"


def costs_of(window: Period, *builds: wire.Build) -> list[str]:
    used = usage("acme", None, window, wire.Breakdown(builds), None)
    assert used.totals()["USD"] == used.stated_total
    return [str(charge.cost) for charge in used.charges]


def test_leases_that_began_outside_the_window_are_counted_in_their_own_only() -> None:
    crossing = build_of(300, (LAST_OF_SEPTEMBER, 100), (FIRST_OF_OCTOBER, 200))
    assert costs_of(SEPTEMBER, crossing) == ["1.00 USD"]
    assert costs_of(OCTOBER, crossing) == ["2.00 USD"]
    assert outside(wire.Breakdown((crossing,)), OCTOBER) == [usd("1.00")]
    november = msgspec.structs.replace(build_of(5, ("2026-11-01T00:00:00Z", 5)), build_id="other")
    assert costs_of(OCTOBER, crossing, november) == ["2.00 USD"]
    assert outside(wire.Breakdown((crossing, november)), OCTOBER) == [usd("1.00"), usd("0.05")]


TOTAL = ["`$.data[0].total_cents`"]


@pytest.mark.parametrize("total", [105, 195, 205, 310, 0])
def test_a_total_that_fits_neither_the_leases_asked_for_nor_all_is_named_and_leases_count(
    total: int,
) -> None:
    crossing = build_of(total, (LAST_OF_SEPTEMBER, 100), (FIRST_OF_OCTOBER, 200))
    assert costs_of(SEPTEMBER, crossing) == ["1.00 USD"]
    assert costs_of(OCTOBER, crossing) == ["2.00 USD"]
    both = wire.Breakdown((crossing,))
    assert unsettled(both, SEPTEMBER) == unsettled(both, OCTOBER) == TOTAL


@pytest.mark.parametrize(
    ("total", "costs", "places"),
    [(100, ["1.00 USD"], []), (300, ["1.00 USD"], []), (120, ["1.00 USD"], TOTAL)],
)
def test_a_total_that_fits_the_leases_asked_for_or_all_of_them_is_settled(
    total: int, costs: list[str], places: list[str]
) -> None:
    crossing = build_of(total, (LAST_OF_SEPTEMBER, 100), (FIRST_OF_OCTOBER, 200))
    assert costs_of(SEPTEMBER, crossing) == costs
    assert unsettled(wire.Breakdown((crossing,)), SEPTEMBER) == places


def test_what_a_total_has_beyond_its_leases_counts_where_the_build_began_alone() -> None:
    """Its leases of October alone beside a total of both months: 1.20, and the rest is named."""
    september = build_of(240, (LAST_OF_SEPTEMBER, 120), start=LAST_OF_SEPTEMBER)
    october = build_of(240, (FIRST_OF_OCTOBER, 120), start=LAST_OF_SEPTEMBER)
    assert costs_of(SEPTEMBER, september) == ["1.20 USD", "1.20 USD"]
    assert unsettled(wire.Breakdown((september,)), SEPTEMBER) == []
    assert costs_of(OCTOBER, october) == ["1.20 USD"]
    assert unsettled(wire.Breakdown((october,)), OCTOBER) == TOTAL


def test_a_lease_outside_the_window_that_cost_nothing_leaves_a_total_settled() -> None:
    free = build_of(110, (LAST_OF_SEPTEMBER, 100), (FIRST_OF_OCTOBER, 0))
    assert costs_of(SEPTEMBER, free) == ["1.00 USD", "0.10 USD"]
    assert unsettled(wire.Breakdown((free,)), SEPTEMBER) == []
    assert costs_of(OCTOBER, free) == ["0.00 USD"]
    assert unsettled(wire.Breakdown((free,)), OCTOBER) == TOTAL
    assert unsettled(wire.Breakdown((free,)), Period.month(2026, 11)) == []


def test_a_total_of_the_leases_asked_for_is_no_difference_to_all_of_them() -> None:
    crossing = build_of(100, (LAST_OF_SEPTEMBER, 100), (FIRST_OF_OCTOBER, 200))
    assert costs_of(SEPTEMBER, crossing) == ["1.00 USD"]


def test_a_build_without_leases_is_counted_where_it_began() -> None:
    empty = build_of(7, start=FIRST_OF_OCTOBER)
    assert costs_of(OCTOBER, empty) == ["0.07 USD"]
    assert costs_of(SEPTEMBER, empty) == []
    assert outside(wire.Breakdown((empty,)), SEPTEMBER) == [usd("0.07")]
    with pytest.raises(DriftError, match=r"neither a lease nor a start - at `\$\.data\[0\]`"):
        costs_of(OCTOBER, build_of(7))


def test_a_build_without_lease_start_or_money_takes_no_other_down() -> None:
    october = build_of(7, (FIRST_OF_OCTOBER, 7))
    nothing = msgspec.structs.replace(build_of(0), build_id="other")
    assert costs_of(OCTOBER, nothing, october) == ["0.07 USD"]


def test_a_build_starts_with_its_first_lease_whatever_it_says() -> None:
    odd = build_of(110, (FIRST_OF_OCTOBER, 100), start="2026-12-24T00:00:00Z")
    assert costs_of(OCTOBER, odd) == ["1.00 USD", "0.10 USD"]


def test_a_summary_beside_leases_of_another_window_is_not_compared() -> None:
    crossing = build_of(300, (LAST_OF_SEPTEMBER, 100), (FIRST_OF_OCTOBER, 200))
    used = usage("acme", None, OCTOBER, wire.Breakdown((crossing,)), usd("3.00"))
    assert [check.name for check in used.checks] == ["build totals vs. lease charges"]


@pytest.mark.parametrize(
    ("field", "value", "tags"),
    [
        ("build_number", '"7"', {"build_number": "7"}),
        ("build_number", "9" * 50, {"build_number": "9" * 50}),
        ("build_number", "1e400", {"build_number": "1E+400"}),
        ("build_number", "{}", {}),
        ("build_id", "12", {"build": "12"}),
        ("pipeline_name", '{"en": "Release"}', {}),
        ("pipeline_id", "[]", {}),
        ("started_at", '"soon"', {}),
        ("started_at", "1790812800", {}),
        ("job_count", '"three"', {}),
        ("tags", "[1]", {}),
    ],
)
def test_an_odd_word_about_a_build_loses_none_of_its_money(
    field: str, value: str, tags: dict[str, str]
) -> None:
    body = (
        f'{{"data": [{{"total_cents": -7, "{field}": {value}, "jobs": [{{"cpu_count": 2, '
        f'"memory_gb": 4, "disk_gb": 20, "amount_cents": -7, "started_at": "{FIRST_OF_OCTOBER}"'
        "}]}]}"
    )
    used = usage("acme", None, OCTOBER, decode(body.encode(), wire.Breakdown), None)
    shape = {"vcpu": "2", "memory_gb": "4", "disk_gb": "20"}
    assert [(str(charge.cost), charge.tags) for charge in used.charges] == [
        ("0.07 USD", {**tags, **shape})
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("job_id", "12"),
        ("job_name", "7"),
        ("job_name", "[]"),
        ("step_key", "true"),
        ("vm_handle", "{}"),
        ("finished_at", '""'),
        ("finished_at", "null"),
        ("finished_at", "1790812870"),
        ("user", '{"name": 1}'),
    ],
)
def test_an_odd_word_about_a_lease_loses_none_of_its_money(field: str, value: str) -> None:
    body = (
        '{"data": [{"total_cents": -7, "jobs": [{"cpu_count": 2, "memory_gb": 4, "disk_gb": 20, '
        f'"duration_seconds": 60, "amount_cents": -7, "started_at": "{FIRST_OF_OCTOBER}", '
        f'"{field}": {value}}}]}}]}}'
    )
    used = usage("acme", None, OCTOBER, decode(body.encode(), wire.Breakdown), None)
    assert [(charge.id, str(charge.cost), str(charge.period)) for charge in used.charges] == [
        (
            "acme/lease:2cpu-4gb-20gb@2026-10-01T00:00:10Z",
            "0.07 USD",
            "2026-10-01T00:00:10Z..2026-10-01T00:01:10Z",
        )
    ]


@pytest.mark.parametrize("value", ['"7_0"', '"\uff17"', '"NaN"', "null", '"seven"', "[]"])
def test_an_amount_that_is_no_number_is_drift_at_its_place(value: str) -> None:
    body = (
        '{"data": [{"total_cents": -7, "jobs": [{"cpu_count": 2, "memory_gb": 4, "disk_gb": 20, '
        f'"amount_cents": {value}, "started_at": "{FIRST_OF_OCTOBER}"}}]}}]}}'
    )
    with pytest.raises(DriftError, match=r"at `\$\.data\[0\]\.jobs\[0\]\.amount_cents`"):
        decode(body.encode(), wire.Breakdown)


def test_a_lease_of_over_a_day_without_a_stated_end_is_charged_once() -> None:
    build = build_of(7, (FIRST_OF_OCTOBER, 7))
    job = msgspec.structs.replace(build.jobs[0], duration_seconds=Decimal(100_000))
    long = msgspec.structs.replace(build, jobs=(job,))
    (charge,) = usage("acme", None, OCTOBER, wire.Breakdown((long,)), None).charges
    assert (str(charge.cost), str(charge.period.end)) == ("0.07 USD", "2026-10-02 03:46:50+00:00")


def test_groups_without_an_id_that_say_the_same_are_in_doubt() -> None:
    deleted = msgspec.structs.replace(build_of(70, (FIRST_OF_OCTOBER, 70)), build_id=None)
    other = msgspec.structs.replace(build_of(80, (FIRST_OF_OCTOBER, 80)), build_id=None)
    assert costs_of(OCTOBER, deleted, deleted, other) == ["0.70 USD", "0.70 USD", "0.80 USD"]
    read = builds(wire.Breakdown((deleted, deleted, other)))
    assert (read.doubtful, read.notes) == (
        True,
        ["1 build without an id that says the same as another, counted, too"],
    )
    assert not builds(wire.Breakdown((deleted, other))).doubtful


def test_what_is_no_debit_is_named_by_its_place() -> None:
    refund = build_of(-50, (FIRST_OF_OCTOBER, -50))
    debit = msgspec.structs.replace(build_of(70, (FIRST_OF_OCTOBER, 70)), build_id="other")
    assert gaps(wire.Breakdown((debit, refund)), OCTOBER) == [
        "above zero, where a debit is below (a refund, or a sign that is not known): "
        "`$.data[1].total_cents`, `$.data[1].jobs[0].amount_cents`"
    ]
    assert gaps(wire.Breakdown((debit,)), OCTOBER) == []
