"""From the shapes of Harmont's replies to billfold's model; ``usage`` reads leases. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from operator import attrgetter
from sys import intern

from msgspec import Struct
from msgspec.structs import replace

from billfold.model import Balance, BalanceKind, Credential, DailyCost, LedgerEntry, make_entry
from billfold.money import Money, minor_units
from billfold.period import Period, midnight
from billfold.wire import (
    LOOKED_AT,
    DriftError,
    Problem,
    Steps,
    counted,
    decode,
    listed,
    one_case,
    parse_at,
    parse_rows,
    slices,
    stepwise,
)
from billfold_harmont import wire

# No reply names a currency; top-ups are made in US dollars (section 1.4).
CURRENCY = "USD"
# US cents as money.
usd = minor_units(CURRENCY)
_CONFLICT = "in conflict with another of the same id, the first was kept"
_POSTED = {
    *("posted", "complete", "completed", "succeeded", "success", "settled", "paid", "cleared"),
    *("confirmed", "applied", "processed", "done", "approved", "active", "ok"),
}
# The kind of an entry that states none: nothing says what it is for.
_NO_SOURCE = "unknown"
_DAY = timedelta(days=1)
_STATUS = attrgetter("status", "state")


def problem(body: bytes) -> Problem:
    """Return what an error body says; one without an envelope says nothing (section 1.5)."""
    try:
        reply = decode(body, wire.ErrorReply)
    except DriftError:
        return Problem()
    error = reply.error or reply.errors or wire.ErrorBody()
    return Problem(error.code, error.message or error.detail, error.request_id)


def credential(user: wire.User) -> Credential:
    """Return the token's owner."""
    return Credential(user.name or user.personal_org_slug or user.uuid)


def balance(org: str, reply: wire.Balance, as_of: datetime) -> Balance:
    """Return a prepaid balance; builds that outran it make it negative (section 3.1)."""
    with parse_at("$.balance_cents"):
        amount = usd(reply.balance_cents)
    scope = f"organization:{org}"
    return Balance(amount, BalanceKind.PREPAID, scope, as_of, org, billing_account_id=org)


def ledger_entries(
    org: str, rows: Iterable[wire.Transaction], period: Period | None
) -> tuple[LedgerEntry, ...]:
    """Return the entries posted in the period; signs and kinds are Harmont's (section 3.2)."""

    def entry(row: wire.Transaction) -> LedgerEntry:
        assert row.id is not None  # as pages are without rows that have none
        source = row.source
        # By position, which takes less, as there are many; and of few kinds.
        return make_entry(
            row.id,
            row.created_at,
            usd(row.amount_cents),
            intern(source or _NO_SOURCE),
            row.description,
            org,
            source == "vm_lease_debit",
        )

    if period is not None:
        rows = [row for row in rows if row.created_at in period]
    return parse_rows("$.data", rows, entry)


def not_posted(rows: Iterable[wire.Transaction], period: Period | None) -> list[str]:
    """Return the entries that state another status than that of what has moved the balance."""
    rows = tuple(rows)
    if set(map(_STATUS, rows)) <= {(None, None)}:  # as nearly always, and without a step for each
        return []
    odd = (row for row in rows if not {word.lower() for word in _statuses(row)} <= _POSTED)
    return [
        f"entry {row.id} ({', '.join(_statuses(row))})"
        for row in odd
        if period is None or row.created_at in period
    ]


def _statuses(row: wire.Transaction) -> tuple[str, ...]:
    """Return what an entry says of its status, by either name; two that say the same are one."""
    return tuple(dict.fromkeys(word for word in (row.status, row.state) if word))


def reaches_before(rows: Sequence[wire.Transaction], period: Period) -> bool:
    """Return whether a page of the ledger ends before the period, so that no later page is in it.

    Pages come newest first (section 3.2). A page out of that order decides nothing.
    """
    times = [row.created_at for row in rows]
    descending = all(newer >= older for newer, older in pairwise(times))
    return bool(times) and descending and times[-1] < period.start


class Builds(Struct, frozen=True):
    """The builds of a reply with their places, each once, and how many others there are.

    Those of one id repeat each other, or contradict each other: ``conflicts`` are those ids. One
    without an id is no other's. ``shared`` are jobs of several builds: a job is of one, and nothing
    says which. ``alike`` are groups without an id that say the same as another: there should be one
    (section 3.5). ``stated`` is how many builds the reply says that there are.
    """

    rows: tuple[tuple[int, wire.Build], ...]
    repeats: int
    conflicts: tuple[str, ...]
    shared: int = 0
    alike: int = 0
    stated: Decimal | None = None

    @property
    def doubtful(self) -> bool:
        """Whether what counts may not be what was debited."""
        return bool(self.conflicts or self.shared or self.alike)

    @property
    def notes(self) -> list[str]:
        """What is odd about the builds, in words."""
        notes = [
            (self.repeats, "build", "repeated, counted once"),
            (
                len(self.conflicts),
                "build",
                f"{_CONFLICT}: {listed(self.conflicts)}",
            ),
            (self.shared, "job", "in several builds, counted in each"),
            (self.alike, "build", "without an id that says the same as another, counted, too"),
        ]
        return [f"{counted(count, kind)} {words}" for count, kind, words in notes if count]


@stepwise
def builds(breakdown: wire.Breakdown) -> Steps[Builds]:
    """Return which builds count: an id comes once in a reply (section 3.5)."""
    read = _Read()
    for number, some in enumerate(slices(enumerate(breakdown.data), LOOKED_AT, leases_in)):
        if number:
            yield
        for index, build in some:
            read.add(index, build)
    alike = len(read.nameless) - len(set(read.nameless))
    rows, conflicts = tuple(read.rows), tuple(read.conflicts)
    return Builds(rows, read.repeats, conflicts, len(read.shared), alike, breakdown.build_count)


def leases_in(row: tuple[int, wire.Build]) -> int:
    """Return how many records a build is worth in a step of long work."""
    return len(row[1].jobs) + 1


class _Read(Struct):
    """The builds of a reply so far; ``shared`` are jobs that stand in several, by their ids."""

    rows: list[tuple[int, wire.Build]] = []
    repeats: int = 0
    conflicts: list[str] = []
    nameless: list[wire.Build] = []
    shared: set[str] = set()
    _first: dict[str, wire.Build] = {}
    _jobs: set[str] = set()

    def add(self, index: int, build: wire.Build) -> None:
        """Add a build, unless its id was there before."""
        ident = one_case(build.build_id or "")
        kept = self._first.get(ident)
        if kept is None:
            self.rows.append((index, build))
            if ident:
                self._first[ident] = build
            elif build.total_cents:
                self.nameless.append(build)
            jobs = {one_case(job.job_id) for job in build.jobs if job.job_id}
            self.shared |= self._jobs & jobs
            self._jobs |= jobs
        elif kept == replace(build, build_id=kept.build_id):
            self.repeats += 1
        else:
            self.conflicts.append(ident)


def daily_costs(org: str, reply: wire.Series, window: Period) -> tuple[DailyCost, ...]:
    """Return the days of a window, whatever other days are there, each once (section 3.4).

    Raises DriftError for a day that comes with two costs.
    """
    costs = parse_rows(
        "$.data",
        reply.data,
        lambda row: DailyCost(row.date, usd(row.total_cents), billing_account_id=org),
    )
    days: dict[date, DailyCost] = {}
    for index, day in enumerate(costs):
        if midnight(day.date) not in window:
            continue
        if days.setdefault(day.date, day) != day:
            raise DriftError(f"the day {day.date} comes twice - at `$.data[{index}]`")
    return tuple(days.values())


def repeated_days(reply: wire.Series, window: Period) -> tuple[date, ...]:
    """Return the days of a window that come more than once."""
    times = Counter(row.date for row in reply.data)
    return tuple(day for day, count in times.items() if count > 1 and midnight(day) in window)


def missing_days(costs: Iterable[DailyCost], window: Period, now: datetime) -> tuple[date, ...]:
    """Return the days that have begun and have no bucket; every day has one (section 3.4)."""
    stated = {day.date for day in costs}
    return tuple(day for day in window.days_begun(now) if day not in stated)


def costs_outside(reply: wire.Series, window: Period) -> tuple[Money, ...]:
    """Return what days cost that were not asked for, but the empty one at the end (section 3.4)."""
    return tuple(
        usd(row.total_cents)
        for row in reply.data
        if midnight(row.date) not in window
        and not (midnight(row.date) == window.end and row.total_cents == 0)
    )


def days_over(
    reply: wire.Series, window: Period, now: datetime
) -> tuple[list[tuple[datetime, Money]], list[tuple[datetime, Money]]]:
    """Return the days outside the window and those inside that are over, with their costs.

    That of the window's end is left aside: a bucket at the edge may be a part of its day
    (section 3.4).
    """
    costs = [(midnight(row.date), usd(row.total_cents)) for row in reply.data]
    over = [day for day in costs if day[0] + _DAY <= now and day[0] != window.end]
    return (
        [day for day in over if day[0] not in window],
        [day for day in over if day[0] in window],
    )
