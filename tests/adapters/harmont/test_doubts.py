"""What may have been counted twice, or was not listed: stated as it came, and never as complete."""

from typing import Any

import pytest

from billfold import Answer, Money, Period, State
from support.mocked import Mocked

BASE = "https://api.harmont.dev/api/v0"
SEPTEMBER = "from=2026-09-01T00:00:00Z&to=2026-10-01T00:00:00Z"
OCTOBER = "from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z"
IN_SEPTEMBER, IN_OCTOBER = "2026-09-30T23:50:00Z", "2026-10-01T00:10:00Z"


def build(name: str | None, *leases: tuple[str, int], total: int | None = None) -> dict[str, Any]:
    """Return a build with a lease for each start and cents, and their sum or another total."""
    jobs = [
        {"cpu_count": 2, "memory_gb": 4, "disk_gb": 20, "started_at": at, "amount_cents": -cents}
        for at, cents in leases
    ]
    stated = sum(cents for _, cents in leases) if total is None else total
    start = leases[0][0] if leases else IN_OCTOBER
    return {"build_id": name, "total_cents": -stated, "started_at": start, "jobs": jobs}


def answer_usage(mocked: Mocked, org: str, window: str, *builds: dict[str, Any]) -> None:
    path = f"{BASE}/billing/usage/{org}"
    cents = -sum(each["total_cents"] for each in builds)
    mocked.get(f"{path}/breakdown?{window}", payload={"data": builds})
    mocked.get(f"{path}?{window}", payload={"total_cents": cents})


def answer_organizations(mocked: Mocked, *slugs: str) -> None:
    rows = [{"slug": slug} for slug in slugs]
    mocked.get(f"{BASE}/organizations?limit=100", payload={"data": rows, "next_cursor": None})


def require_doubt(answer: Answer[Any], dollars: str, detail: str) -> None:
    """Require what counts, and one sentence about why it may not be what was debited."""
    assert answer.totals(partial=True) == {"USD": Money.parse(f"{dollars} USD")}
    states = [(row.state, row.detail) for row in answer.coverage if row.detail is not None]
    assert states == [(State.PARTIAL, detail)]


async def test_a_row_of_money_without_a_lease_is_in_doubt(mocked: Mocked, fold_of) -> None:
    """7.00 and 3.00 are debited, and a last row adds them up: 20.00 would be twice as much."""
    leases = build("a", (IN_OCTOBER, 700)), build("b", (IN_OCTOBER, 300))
    answer_usage(mocked, "acme", OCTOBER, *leases, build(None, total=1000))
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.usage(Period.month(2026, 10))
    require_doubt(
        answer,
        "20.00",
        "money without any lease, which may be that of other rows: `$.data[2].total_cents`",
    )


async def test_a_row_without_leases_and_money_is_no_hole(mocked: Mocked, fold_of) -> None:
    answer_usage(mocked, "acme", OCTOBER, build("a", (IN_OCTOBER, 700)), build(None, total=0))
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.usage(Period.month(2026, 10))
    assert answer.complete
    assert answer.totals() == {"USD": Money.parse("7.00 USD")}


async def test_a_total_beyond_the_leases_of_two_months_is_in_doubt(mocked: Mocked, fold_of) -> None:
    """One build, 3.00 in September and 5.00 in October, whose total is 8.00 in both replies."""
    answer_usage(mocked, "acme", SEPTEMBER, build("a", (IN_SEPTEMBER, 300), total=800))
    answer_usage(mocked, "acme", OCTOBER, build("a", (IN_OCTOBER, 500), total=800))
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.usage(Period.parse("2026-09-01..2026-11-01"))
    require_doubt(
        answer,
        "16.00",
        "totals with money beyond their leases, counted in each: build a (2026-09, 2026-10)",
    )


async def test_a_total_beyond_the_leases_of_one_month_is_that_months(
    mocked: Mocked, fold_of
) -> None:
    answer_usage(mocked, "acme", SEPTEMBER, build("a", (IN_SEPTEMBER, 300), total=350))
    answer_usage(mocked, "acme", OCTOBER, build("a", (IN_OCTOBER, 500)))
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.usage(Period.parse("2026-09-01..2026-11-01"))
    assert answer.complete
    assert answer.totals() == {"USD": Money.parse("8.50 USD")}


async def test_a_build_of_two_organizations_is_in_doubt(mocked: Mocked, fold_of) -> None:
    """An organization under two slugs, as after a new name: 7.00 would count as 14.00."""
    answer_organizations(mocked, "acme", "acme-old")
    for slug in ("acme", "acme-old"):
        answer_usage(mocked, slug, OCTOBER, build("a", (IN_OCTOBER, 700)))
    async with fold_of("harmont") as fold:
        answer = await fold.usage(Period.month(2026, 10))
    require_doubt(
        answer,
        "14.00",
        "of several organizations, counted in each: build a (acme, acme-old)",
    )


@pytest.mark.parametrize("second", ["e", "f"])
async def test_an_entry_of_two_organizations_is_in_doubt(
    mocked: Mocked, fold_of, second: str
) -> None:
    answer_organizations(mocked, "acme", "acme-old")
    for slug, entry in (("acme", "e"), ("acme-old", second)):
        row = {"id": entry, "amount_cents": -700, "created_at": IN_OCTOBER}
        path = f"{BASE}/billing/transactions/{slug}?limit=100"
        mocked.get(path, payload={"data": [row], "next_cursor": None})
    async with fold_of("harmont") as fold:
        answer = await fold.ledger(Period.month(2026, 10))
    assert answer.totals(partial=True) == {"USD": Money.parse("-14.00 USD")}
    assert answer.complete == (second == "f")
    if second == "e":
        doubt = "of several organizations, counted in each: entry e (acme, acme-old)"
        require_doubt(answer, "-14.00", doubt)


async def test_two_slugs_that_differ_in_case_are_two_organizations(mocked: Mocked, fold_of) -> None:
    answer_organizations(mocked, "acme", "Acme")
    for slug, cents in (("acme", 700), ("Acme", 500)):
        answer_usage(mocked, slug, OCTOBER, build(f"of {slug}", (IN_OCTOBER, cents)))
    async with fold_of("harmont") as fold:
        answer = await fold.usage(Period.month(2026, 10))
    assert answer.complete
    assert answer.totals() == {"USD": Money.parse("12.00 USD")}
    assert [used.billing_account_id for used in answer] == ["acme", "Acme"]


async def test_an_entry_that_changed_while_the_ledger_was_read_is_named(
    mocked: Mocked, fold_of
) -> None:
    path = f"{BASE}/billing/transactions/acme?limit=100"
    rows = [
        {"id": ident, "amount_cents": cents, "created_at": IN_OCTOBER}
        for ident, cents in (("e1", -700), ("e2", -500), ("e2", -600))
    ]
    mocked.get(path, payload={"data": rows[:2], "next_cursor": "c"})
    mocked.get(f"{path}&cursor=c", payload={"data": rows[2:] + rows[:1], "next_cursor": None})
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.ledger(Period.month(2026, 10))
    require_doubt(
        answer,
        "-12.00",
        "1 record repeated over pages, counted once; "
        "1 record changed between pages, the first reading was kept: e2",
    )


async def test_a_lease_that_begins_tomorrow_counts_and_is_in_doubt(mocked: Mocked, fold_of) -> None:
    """It was debited, and of what month it is nobody knows: it is 20 November, noon."""
    window = "from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z"
    soon, tomorrow = "2026-11-20T12:00:30Z", "2026-11-21T12:00:00Z"
    answer_usage(mocked, "acme", window, build("a", (soon, 300), (tomorrow, 700)))
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.usage()
    require_doubt(
        answer,
        "10.00",
        "1 line not begun yet, counted all the same: `breakdown#/data/0/jobs/1`; "
        "not final from 2026-11-18 on: a lease is stated once its job has ended",
    )


async def test_a_build_under_one_uuid_in_two_cases_counts_once(mocked: Mocked, fold_of) -> None:
    uuid = "19b7e5d0-84ca-4f3b-a16e-d5027c98f3b4"
    twice = [build(name, (IN_OCTOBER, 700)) for name in (uuid, uuid.upper())]
    answer_usage(mocked, "acme", OCTOBER, *twice)
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.usage(Period.month(2026, 10))
    assert answer.complete
    assert answer.totals() == {"USD": Money.parse("7.00 USD")}


@pytest.mark.parametrize(("count", "complete"), [(1, True), (5, False), (None, True), ("x", True)])
async def test_fewer_builds_than_counted_are_in_doubt(
    mocked: Mocked, fold_of, count: object, complete: bool
) -> None:
    path = f"{BASE}/billing/usage/acme"
    rows = {"data": [build("a", (IN_OCTOBER, 700))], "build_count": count}
    mocked.get(f"{path}/breakdown?{OCTOBER}", payload=rows)
    mocked.get(f"{path}?{OCTOBER}", payload={"total_cents": 700})
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.usage(Period.month(2026, 10))
    assert answer.complete == complete
    if not complete:
        require_doubt(answer, "7.00", "more builds counted than listed: `$.build_count`")


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"total": 9}, "$.total"),
        ({"meta": {"total": 9}}, "$.meta.total"),
        ({"pagination": {"total": 9}}, "$.pagination.total"),
        ({"total": 2}, None),
        ({"total": 1000}, None),
        ({"total": 10}, None),
        ({"meta": {"total": 1000}}, None),
    ],
)
async def test_a_bare_total_above_the_rows_that_is_not_their_money_is_a_hole(
    mocked: Mocked, fold_of, more: dict[str, Any], place: str | None
) -> None:
    """7.00 and 3.00 are 10.00, or 1000 cents, of two builds."""
    builds = [build("a", (IN_OCTOBER, 700)), build("b", (IN_OCTOBER, 300))]
    path = f"{BASE}/billing/usage/acme"
    mocked.get(f"{path}/breakdown?{OCTOBER}", payload={"data": builds, **more})
    mocked.get(f"{path}?{OCTOBER}", payload={"total_cents": 1000})
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.usage(Period.month(2026, 10))
    assert answer.complete == (place is None)
    assert answer.totals(partial=True) == {"USD": Money.parse("10.00 USD")}
    if place is not None:
        assert f"`{place}` states 9 rows, and 2 were read" in answer.missing()


@pytest.mark.parametrize("more", [{"total": 9}, {"meta": {"total": 9}}])
async def test_so_is_one_of_the_ledger_unless_its_pages_have_as_many(
    mocked: Mocked, fold_of, more: dict[str, Any]
) -> None:
    def entries(first: int, count: int) -> list[dict[str, Any]]:
        return [
            {
                "id": f"00000000-0000-4000-8000-{number:012}",
                "amount_cents": -100,
                "source": "vm_lease_debit",
                "created_at": f"2026-10-{20 - number:02}T00:00:00Z",
            }
            for number in range(first, first + count)
        ]

    ledger = f"{BASE}/billing/transactions/acme?limit=100"
    pages = [{"data": entries(0, 5), "next_cursor": "b"}, {"data": entries(5, 4)}]
    mocked.get(ledger, payload={**pages[0], **more})
    mocked.get(f"{ledger}&cursor=b", payload={**pages[1], "next_cursor": None, **more})
    async with fold_of("harmont", org="acme") as fold:
        assert (await fold.ledger(Period.month(2026, 10))).complete
    mocked.get(ledger, payload={"data": entries(0, 6), "next_cursor": None, **more})
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.ledger(Period.month(2026, 10))
    assert not answer.complete
    assert "states 9 rows, and 6 were read" in answer.missing()


@pytest.mark.parametrize("row", [{"name": "Acme"}, {"slug": None}, {"slug": ""}, {"slug": {}}])
async def test_an_organization_without_a_slug_takes_no_other_along(
    mocked: Mocked, fold_of, row: dict[str, Any]
) -> None:
    rows = [{"slug": "acme"}, row]
    mocked.get(f"{BASE}/organizations?limit=100", payload={"data": rows, "next_cursor": None})
    mocked.get(f"{BASE}/billing/balance/acme", payload={"balance_cents": 700})
    async with fold_of("harmont") as fold:
        answer = await fold.balances()
    assert not answer.complete
    assert [str(balance.amount) for balance in answer] == ["7.00 USD"]
    (failure,) = answer.failures
    assert "1 record without an id left out (the first is 2 of page 1)" in failure.message


async def test_an_entry_without_an_id_is_left_out_by_name(mocked: Mocked, fold_of) -> None:
    rows = [
        {"id": "e", "amount_cents": -700, "created_at": IN_OCTOBER},
        {"amount_cents": -300, "created_at": IN_OCTOBER},
    ]
    path = f"{BASE}/billing/transactions/acme?limit=100"
    mocked.get(path, payload={"data": rows, "next_cursor": None})
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.ledger(Period.month(2026, 10))
    require_doubt(answer, "-7.00", "1 record without an id left out (the first is 2 of page 1)")


async def test_a_lease_of_the_last_nanosecond_is_of_the_month_asked(
    mocked: Mocked, fold_of
) -> None:
    lease = build("a", ("2026-10-31T23:59:59.999999999Z", 700))
    answer_usage(mocked, "acme", OCTOBER, lease)
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.usage(Period.month(2026, 10))
    assert answer.complete
    assert answer.totals() == {"USD": Money.parse("7.00 USD")}


@pytest.mark.parametrize(
    ("statuses", "odd"),
    [
        ([None, "posted", "Succeeded"], None),
        (["confirmed", "applied", "processed"], None),
        (["done", "Approved", "OK"], None),
        (["active", "inactive", "unconfirmed"], "entry t2 (inactive), entry t3 (unconfirmed)"),
        (["posted", "pending", "failed"], "entry t2 (pending), entry t3 (failed)"),
    ],
)
@pytest.mark.parametrize("key", ["status", "state"])
async def test_an_entry_that_may_not_have_moved_the_balance_is_in_doubt(
    mocked: Mocked, fold_of, statuses: list[str | None], odd: str | None, key: str
) -> None:
    rows = [
        {"id": f"t{number}", "amount_cents": 500, "created_at": IN_OCTOBER, key: status}
        for number, status in enumerate(statuses, start=1)
    ]
    mocked.get(
        f"{BASE}/billing/transactions/acme?limit=100", payload={"data": rows, "next_cursor": None}
    )
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.ledger()
    assert answer.totals(partial=True) == {"USD": Money.parse("15.00 USD")}
    said = None if odd is None else f"may not have moved the balance, counted all the same: {odd}"
    assert [row.detail for row in answer.coverage] == [said]
    assert answer.complete == (odd is None)


async def test_an_entry_whose_two_words_differ_is_in_doubt(mocked: Mocked, fold_of) -> None:
    words = [("posted", "pending"), ("pending", "posted"), ("posted", "settled"), ("void", "void")]
    rows = [
        {
            "id": f"t{number}",
            "amount_cents": 500,
            "created_at": IN_OCTOBER,
            "status": status,
            "state": state,
        }
        for number, (status, state) in enumerate(words, start=1)
    ]
    mocked.get(
        f"{BASE}/billing/transactions/acme?limit=100", payload={"data": rows, "next_cursor": None}
    )
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.ledger()
    require_doubt(
        answer,
        "20.00",
        "may not have moved the balance, counted all the same: entry t1 (posted, pending), "
        "entry t2 (pending, posted), entry t4 (void)",
    )


async def test_that_two_months_are_not_final_is_said_once(mocked: Mocked, fold_of) -> None:
    """It is 20 November, noon, and one of the two months has something else to say."""
    twice = build("a", ("2026-11-19T00:10:00Z", 700))
    windows = [
        "from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z",
        "from=2026-12-01T00:00:00Z&to=2027-01-01T00:00:00Z",
    ]
    answer_usage(mocked, "acme", windows[0], twice, twice)
    answer_usage(mocked, "acme", windows[1])
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.usage(Period.parse("2026-11-01..2027-01-01"))
    assert answer.totals() == {"USD": Money.parse("7.00 USD")}
    assert [row.detail for row in answer.coverage] == [
        "1 build repeated, counted once; "
        "not final from 2026-11-18 on: a lease is stated once its job has ended"
    ]


@pytest.mark.parametrize(
    ("summary", "is_partial"), [(100, False), (170, False), (150, True), (90, True)]
)
async def test_a_summary_that_neither_what_counts_nor_all_of_the_reply_has_is_in_doubt(
    mocked: Mocked, fold_of, summary: int, is_partial: bool
) -> None:
    """A server shifts the window by hours: 0.70 of September are there, and October's end is not.

    A summary of 1.00 is what counts, and one of 1.70 is of the window that the reply is of, too.
    """
    path, rows = f"{BASE}/billing/usage/acme", [build("a", (IN_SEPTEMBER, 70))]
    rows.append(build("b", (IN_OCTOBER, 100)))
    mocked.get(f"{path}/breakdown?{OCTOBER}", payload={"data": rows})
    mocked.get(f"{path}?{OCTOBER}", payload={"total_cents": summary})
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.usage(Period.month(2026, 10))
    assert answer.totals(partial=True) == {"USD": Money.parse("1.00 USD")}
    assert answer.complete is not is_partial
    said = (
        "the reply may be of another window than the one asked: its summary is 1.50 USD, and what "
        "counts is 1.00 USD, or 1.70 USD with what began outside"
    )
    (row,) = answer.coverage
    assert (said.replace("1.50", f"{summary / 100:.2f}") in str(row.detail)) is is_partial


@pytest.mark.parametrize(
    ("in_september", "dollars", "is_lost"),
    [([], "5.00", True), ([("b", -70)], "5.70", False), ([("b", -60)], "5.60", True)],
)
async def test_a_lease_of_another_month_counts_in_neither_unless_its_own_has_it(
    mocked: Mocked, fold_of, in_september: list[Any], dollars: str, is_lost: bool
) -> None:
    """October's reply corrects September by 0.70: that is lost if September's does not have it."""
    correction = build("b", ("2026-09-12T08:00:00Z", 70))
    known = [build(name, ("2026-09-12T08:00:00Z", -cents)) for name, cents in in_september]
    september = build("a", ("2026-09-20T00:00:00Z", 300))
    october = build("c", (IN_OCTOBER, 100)), build("d", ("2026-10-31T20:00:00Z", 100))
    answer_usage(mocked, "acme", SEPTEMBER, september, *known)
    answer_usage(mocked, "acme", OCTOBER, *october, correction)
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.usage(Period.parse("2026-09-01..2026-11-01"))
    left_out = (
        "leases that began outside of the window asked are left out: "
        "1 (0.70 USD) in the reply for 2026-10"
    )
    lost = (
        "leases stand in the reply for another window, and not so in that for their own; "
        "they count in neither: 0.70 USD of 2026-09-12T08:00:00Z"
    )
    assert answer.totals(partial=True) == {"USD": Money.parse(f"{dollars} USD")}
    state, words = (State.PARTIAL, f"{left_out}; {lost}") if is_lost else (State.COMPLETE, left_out)
    assert [(row.state, row.detail) for row in answer.coverage] == [(state, words)]


@pytest.mark.parametrize(("cents", "is_lost"), [(999, True), (20, False)])
async def test_a_day_of_two_costs_is_in_doubt(
    mocked: Mocked, fold_of, cents: int, is_lost: bool
) -> None:
    """September's reply has 0.20 for its last day, and October's has that day, too."""
    september = [{"date": f"2026-09-{day:02}", "total_cents": 20} for day in range(1, 31)]
    october = [{"date": f"2026-10-{day:02}", "total_cents": 10} for day in range(1, 32)]
    before = {"date": "2026-09-30", "total_cents": cents}
    part = {"date": "2026-10-01", "total_cents": 3}  # at the edge, so it may be a part of its day
    path = f"{BASE}/billing/usage/acme/series"
    mocked.get(f"{path}?{SEPTEMBER}", payload={"data": [*september, part]})
    mocked.get(f"{path}?{OCTOBER}", payload={"data": [before, *october]})
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.daily(Period.parse("2026-09-01..2026-11-01"))
    assert answer.totals(partial=True) == {"USD": Money.parse("9.10 USD")}
    assert answer.complete is not is_lost
    (row,) = answer.coverage
    lost = "days stand in the reply for another window, and not so in that for their own"
    words = f"{lost}; they count in neither: 9.99 USD of 2026-09-30T00:00:00Z"
    assert (words in str(row.detail)) is is_lost


@pytest.mark.parametrize(
    ("said", "is_void"),
    [
        ({"voided_at": "2026-10-06T00:00:00Z"}, True),
        ({"pending": True}, True),
        ({"voided_at": None, "pending": False}, False),
    ],
)
async def test_an_entry_that_says_that_it_is_void_makes_its_ledger_partial(
    mocked: Mocked, fold_of, said: dict[str, Any], is_void: bool
) -> None:
    """50.00 were paid in, and a debit of 9.00 was voided or not: 41.00, and 50.00 if it was."""
    rows = [
        {"id": "t2", "amount_cents": -900, "created_at": IN_OCTOBER, **said},
        {"id": "t1", "amount_cents": 5000, "created_at": IN_OCTOBER},
    ]
    mocked.get(
        f"{BASE}/billing/transactions/acme?limit=100", payload={"data": rows, "next_cursor": None}
    )
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.ledger()
    assert answer.totals(partial=True) == {"USD": Money.parse("41.00 USD")}
    words = (
        "rows of money in /api/v0/billing/transactions/acme say that they do not count, "
        f"and were read all the same: `$.data[0].{next(iter(said))}`"
    )
    assert [row.detail for row in answer.coverage] == [words if is_void else None]
    assert answer.complete is not is_void


async def test_days_whose_rows_name_another_zone_are_a_hole(mocked: Mocked, fold_of) -> None:
    rows = [
        {"date": f"2026-10-{day:02}", "total_cents": 10, "timezone": "Europe/Berlin"}
        for day in range(1, 32)
    ]
    mocked.get(f"{BASE}/billing/usage/acme/series?{OCTOBER}", payload={"data": rows})
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.daily(Period.month(2026, 10))
    words = (
        "`$.data[0].timezone` in /api/v0/billing/usage/acme/series says Europe/Berlin, "
        "and its days were read as UTC's"
    )
    require_doubt(answer, "3.10", words)
