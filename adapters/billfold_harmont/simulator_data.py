"""What Harmont's simulated organizations leased and were debited, as a function of the date.

What happened stays as it was while the clock moves. The rate card changes in the middle of each
quarter's first month: ledger and breakdown keep what was debited, summary and series are recomputed
(CONTRACT.md, section 3.3).
"""

import random
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from attrs import evolve, frozen

from billfold.period import Period, midnight, utc_text

Row = dict[str, Any]

# Leases are known from this day on, by an earlier clock of so many days: what is over stays.
_FIRST_DAY, _DAYS = date(2026, 8, 12), 100
_FOUNDED = date(2020, 1, 1)
# Micro-cents per second of the one machine shape (section 5): from one change to the next.
_RATES = (40_000, 42_000)
_TOPPED_UP, _REFUNDED = (2, 4, 8, 12), (5, 11)  # months of a year
_STEPS = ("lint", "test-unit", "test-integration", "build-image")
_SECONDS = (17, 61, 412, 905, 1873, 3311)
_APART = timedelta(milliseconds=350)  # the machines of one build start by themselves
_PIPELINES = (*["storefront-release"] * 3, *["warehouse-sync"] * 2, None)
_CPUS, _MEMORY_GB, _DISK_GB = 2, 4, 20
# How long before the end of each month a lease begins that is stated in the next one, and how long
# it lasts: 22:40 to 03:40.
_BEFORE_THE_END, _OVERNIGHT = timedelta(hours=1, minutes=20), 18_000


def simulated_id(*parts: str) -> str:
    """Return a UUID that is the same for the same parts."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(parts)))


@frozen
class _Lease:
    """One lease of a virtual machine; ``seconds`` is None and ``debits`` empty while it runs."""

    org: str
    build: int
    pipeline: str | None
    step: str
    started: datetime
    seconds: int | None
    debits: tuple[int, ...]
    deleted: bool = False

    @property
    def finished(self) -> datetime:
        assert self.seconds is not None
        return self.started + timedelta(seconds=self.seconds)

    def id(self, kind: str) -> str:
        return simulated_id(self.org, kind, str(self.build), self.step)


def _cost(seconds: int, rate: int) -> int:
    return seconds * rate // 1_000_000


@frozen
class SimulatedOrganization:
    """What one organization leased, and its ledger, newest entry first."""

    leases: Sequence[_Lease]
    entries: tuple[Row, ...]
    rate: int

    def _in(self, window: Period) -> list[_Lease]:
        return [lease for lease in self.leases if lease.started in window]

    def pipelines(self) -> list[Row]:
        """Return the pipelines that are there, each with the repository that it builds."""
        slugs = {lease.pipeline for lease in self.leases if lease.pipeline and not lease.deleted}
        return [_pipeline(slug) for slug in sorted(slugs)]

    def summary(self, window: Period) -> Row:
        """Return the sums of a window, by today's rate card; a running lease counts 0."""
        seconds = [lease.seconds or 0 for lease in self._in(window)]
        return {
            "cpu_seconds": _CPUS * sum(seconds),
            "memory_gb_seconds": _MEMORY_GB * sum(seconds),
            "disk_gb_seconds": _DISK_GB * sum(seconds),
            "total_cents": sum(_cost(count, self.rate) for count in seconds),
        }

    def series(self, window: Period) -> Row:
        """Return the sums of every UTC day, that of the window's end included (section 3.4)."""
        days = Period.days(window.start.date(), window.end.date() + timedelta(days=1)).split_days()
        inside = SimulatedOrganization(self._in(window), (), self.rate)
        return {"data": [{"date": str(day.start.date()), **inside.summary(day)} for day in days]}

    def breakdown(self, window: Period) -> Row:
        """Return the debited leases by build, newest first; deleted ones are one group."""
        groups: dict[int | None, list[_Lease]] = {}
        for lease in self._in(window):
            if lease.debits:
                groups.setdefault(None if lease.deleted else lease.build, []).append(lease)
        rows = [_build(number, group) for number, group in groups.items()]
        return {"data": sorted(rows, key=lambda row: str(row["started_at"]), reverse=True)}


def organizations(now: datetime) -> dict[str, SimulatedOrganization]:
    """Return a busy organization, with a halved debit and a running lease, and a small one.

    The small one's leases go on over the end of each month.
    """
    busy, small = "tidewater-labs", "quarry-9"
    busy_leases = list(_leases(busy, now, builds_a_day=4))
    small_leases = [*_leases(small, now, builds_a_day=1), *_overnight(small, now)]
    busy_leases = _with_halved_debits(busy_leases)
    busy_leases.append(_Lease(busy, 999, None, "soak-test", midnight(now.date()), None, ()))
    return {
        name: SimulatedOrganization(leases, _ledger(name, leases, now, topup), _rate(now))
        for name, leases, topup in ((busy, busy_leases, 48_213), (small, small_leases, 3_000))
    }


def _pipeline(slug: str) -> Row:
    return {
        "slug": slug,
        "name": slug.replace("-", " ").capitalize(),
        "description": None,
        "repository": f"https://git.example.com/tidewater/{slug.split('-')[0]}",
        "repo_name": None,
        "default_branch": "main",
        "visibility": "private",
        "allow_manual": True,
        "created_at": "2026-03-29T09:48:01.000000Z",
    }


def _first_day(now: datetime) -> date:
    return min(_FIRST_DAY, now.date() - timedelta(days=_DAYS))


def _leases(org: str, now: datetime, builds_a_day: int) -> Iterator[_Lease]:
    for each in Period.days(_first_day(now), now.date()).split_days():
        day = each.start
        dice = random.Random(f"{org} {day.day} {day.month}")
        for nth in range(builds_a_day):
            # By its date, so that a build keeps its number and ids as the clock moves.
            number = (day.date() - _FOUNDED).days * builds_a_day + nth + 1
            seconds, fraction = dice.randrange(3000), dice.randrange(1_000_000)
            started = day + timedelta(hours=8 + 3 * nth, seconds=seconds, microseconds=fraction)
            pipeline = dice.choice(_PIPELINES)
            for place, step in enumerate(_STEPS[: dice.randint(1, 4)]):
                seconds = dice.choice(_SECONDS)
                deleted = pipeline == "warehouse-sync" and dice.random() < 0.2
                debits = (_cost(seconds, _rate(started)),)
                began = started + place * _APART
                yield _Lease(org, number, pipeline, step, began, seconds, debits, deleted)


def _overnight(org: str, now: datetime) -> Iterator[_Lease]:
    """Yield a lease over the end of each month: as any, it is stated once it is finished."""
    since = Period(midnight(_first_day(now)), Period.month_of(now).start)
    for month in since.split_months():
        began = month.end - _BEFORE_THE_END
        number, debits = int(f"{began:%Y%m}"), (_cost(_OVERNIGHT, _rate(began)),)
        lease = _Lease(org, number, "warehouse-sync", "soak-test", began, _OVERNIGHT, debits)
        if lease.finished <= now:
            yield lease


def _rate(at: datetime) -> int:
    """Return the rate card of a moment: it changes on 15 January, April, July and October."""
    quarters = (at.year * 12 + at.month - 1 - (at.day < 15)) // 3
    return _RATES[quarters % 2]


def _with_halved_debits(leases: Iterable[_Lease]) -> list[_Lease]:
    """Make two debits of the first of 19 May and 19 November that can be halved."""
    halved: set[date] = set()
    found = []
    for lease in leases:
        (debit,), day = lease.debits, lease.started.date()
        is_wanted = day.day == 19 and day.month in _REFUNDED and day not in halved
        if is_wanted and debit and debit % 2 == 0:
            halved.add(day)
            lease = evolve(lease, debits=(debit // 2, debit // 2))
        found.append(lease)
    return found


def _ledger(org: str, leases: Iterable[_Lease], now: datetime, topup: int) -> tuple[Row, ...]:
    begun = midnight(_first_day(now).replace(day=1))
    entries = [
        entry
        for month in Period(begun, now).split_months()
        for entry in _booked_in(org, month.start, topup)
    ]
    for lease in leases:
        for number, debit in enumerate(lease.debits):
            debit_id = lease.id(f"debit {number}" if number else "debit")
            entries.append((lease.finished, debit_id, -debit, "vm_lease_debit", "VM lease debit"))
    posted = [entry for entry in entries if entry[0] <= now]
    posted.sort(key=lambda entry: entry[:2], reverse=True)
    keys = ("created_at", "id", "amount_cents", "source", "description")
    return tuple(dict(zip(keys, (utc_text(at), *more), strict=True)) for at, *more in posted)


def _booked_in(org: str, month: datetime, topup: int) -> Iterator[tuple[Any, ...]]:
    """Yield what is no debit of a lease in a month that begins at a moment."""
    name = f"{month:%Y-%m}"
    if month.month in _TOPPED_UP:
        first, code = month + timedelta(hours=9), "Coupon AUTUMN-K7Q2 redeemed"
        yield first, simulated_id(org, "topup", name), topup, "stripe_topup", "Stripe top-up"
        at = first + timedelta(hours=1)
        yield at, simulated_id(org, "coupon", name), 2750, "coupon_redemption", code
    if month.month in _REFUNDED:
        at = month + timedelta(hours=8, minutes=20)
        yield at, simulated_id(org, "refund", name), 1990, "refund", None
        at = month + timedelta(seconds=1)
        yield at, simulated_id(org, "chargeback", name), -425, "chargeback", None


def _build(number: int | None, leases: list[_Lease]) -> Row:
    leases = sorted(leases, key=lambda lease: lease.started)
    first, deleted = leases[0], number is None
    slug = None if deleted else first.pipeline
    jobs = [_job(lease, debit) for lease in leases for debit in lease.debits]
    return {
        "build_id": None if deleted else simulated_id(first.org, "build", str(number)),
        "build_number": number,
        "build_external_id": None if deleted else simulated_id(first.org, "external", str(number)),
        "pipeline_id": None if slug is None else simulated_id(first.org, slug),
        "pipeline_name": None if slug is None else slug.replace("-", " ").capitalize(),
        "pipeline_slug": slug,
        "total_cents": -sum(debit for lease in leases for debit in lease.debits),
        "started_at": utc_text(first.started),
        "finished_at": utc_text(max(lease.finished for lease in leases)),
        "job_count": len(jobs),
        "jobs": jobs,
    }


def _job(lease: _Lease, debit: int) -> Row:
    """Return one debit of a lease; a deleted job takes its id, names and machine along."""
    job: Row = {
        "job_id": lease.id("job"),
        "job_name": None if lease.step == "lint" else lease.step.replace("-", " "),
        "step_key": lease.step,
        "vm_handle": f"vm-{lease.id('vm')[:6]}",
    }
    return {
        **(dict.fromkeys(job) if lease.deleted else job),
        "cpu_count": _CPUS,
        "memory_gb": _MEMORY_GB,
        "disk_gb": _DISK_GB,
        "duration_seconds": lease.seconds,
        "amount_cents": -debit,
        "started_at": utc_text(lease.started),
        "finished_at": utc_text(lease.finished),
    }
