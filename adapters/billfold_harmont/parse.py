"""What Harmont's replies mean: from wire shapes to the model. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import pairwise
from sys import intern

from attrs import evolve

from billfold.errors import DriftError, PeriodError
from billfold.model import (
    Balance,
    BalanceKind,
    Category,
    Charge,
    Check,
    Credential,
    DailyCost,
    LedgerEntry,
    Usage,
    number_duplicates,
)
from billfold.money import Money, exact, plain, sum_by_currency
from billfold.period import Period, midnight, utc_text
from billfold.wire import Problem, decode, parse_at, parse_rows
from billfold_harmont import wire

PROVIDER = "harmont"
# No reply names a currency; top-ups are made in US dollars (contract section 1.4).
CURRENCY = "USD"
SERVICE = "Harmont CI virtual machines"
LEASE_DEBIT = "vm_lease_debit"
# Entries that the server writes and dates itself; others come from people, who may backdate them (section 3.2).
WRITTEN = frozenset({LEASE_DEBIT, "stripe_topup", "coupon_redemption"})


def usd(cents: Decimal) -> Money:
    """Read US cents."""
    return Money.minor(cents, CURRENCY)


def problem(body: bytes) -> Problem:
    """Read an error body; one without the envelope says nothing (section 1.5)."""
    try:
        reply = decode(body, wire.ErrorReply)
    except DriftError:
        return Problem()
    told = reply.error or reply.errors or wire.ErrorBody()
    return Problem(told.code, told.message or told.detail, told.request_id)


def credential(account: str, user: wire.User) -> Credential:
    """Name the token's owner without personal data beyond the name."""
    return Credential(user.name or user.personal_org_slug or user.uuid)


def balance(account: str, org: str, reply: wire.Balance, as_of: datetime) -> Balance:
    """Read a prepaid balance; below zero when running builds overdrew it (section 3.1)."""
    with parse_at("$.balance_cents"):
        amount = usd(reply.balance_cents)
    return Balance(amount, BalanceKind.PREPAID, f"organization:{org}", as_of, org)


def ledger(
    account: str, org: str, rows: Iterable[wire.Transaction], period: Period | None
) -> tuple[LedgerEntry, ...]:
    """Read the entries posted in the period; signs are kept, kinds are the provider's (section 3.2)."""

    def entry(row: wire.Transaction) -> LedgerEntry:
        amount = Money.minor(row.amount_cents, CURRENCY)
        lease = row.source == LEASE_DEBIT
        kind = intern(row.source)  # few kinds, many entries
        return LedgerEntry(row.id, row.created_at, amount, kind, row.description, org, lease)

    return each(
        "$.data", [row for row in rows if period is None or row.created_at in period], entry
    )


def older(rows: Iterable[wire.Transaction], period: Period) -> bool:
    """Tell whether whatever follows these entries was posted before the period.

    Pages go by the time of insertion (section 1.6), which is that of posting only where the server wrote the entry: these tell,
    as long as they descend.
    """
    times = [row.created_at for row in rows if row.source in WRITTEN]
    return (
        times != []
        and times[-1] < period.start
        and all(one >= other for one, other in pairwise(times))
    )


def daily(account: str, org: str, reply: wire.Series, window: Period) -> tuple[DailyCost, ...]:
    """Read the days; the bucket of a day that only begins at the window's end is not part of it (section 3.4).

    Raises DriftError for a day outside the window, and for one that comes twice: both would be counted too much.
    """
    seen: set[date] = set()

    def cost(bucket: wire.Bucket) -> DailyCost:
        if bucket.date in seen or not window.start.date() <= bucket.date <= window.end.date():
            raise PeriodError(
                f"the day {bucket.date} {'comes twice' if bucket.date in seen else f'is not in {window}'}"
            )
        seen.add(bucket.date)
        return DailyCost(bucket.date, usd(bucket.total_cents), billing_account_id=org)

    return tuple(
        day for day in parse_rows("$.data", reply.data, cost) if midnight(day.date) < window.end
    )


def gaps(days: Iterable[DailyCost], window: Period) -> tuple[date, ...]:
    """List the window's days that have no bucket; the provider promises one for each (section 3.4)."""
    given = {day.date for day in days}
    return tuple(day.start.date() for day in window.split_days() if day.start.date() not in given)


def usage(
    account: str,
    org: str,
    requested: Period | None,
    window: Period,
    reply: wire.Breakdown,
    summary: wire.Summary,
    asked: str = "",
) -> Usage:
    """Read a window's leases as positive charges (section 3.5); ``asked`` is the request for the breakdown.

    The breakdown is the ledger's own money and decides; the summary is recomputed with today's rates and becomes a check.
    A build whose total differs from its leases gets a derived charge over the difference.
    """
    charges: list[Charge] = []
    for index, build in enumerate(reply.data):
        place = f"{asked}#/data/{index}"
        jobs = ((f"{place}/jobs/{nth}", job) for nth, job in enumerate(build.jobs))
        leases = parse_rows(f"$.data[{index}].jobs", jobs, partial(lease, account, org, build))
        charges += leases
        with parse_at(f"$.data[{index}].total_cents"):
            gap = -usd(build.total_cents) - total(leases)
        if gap.amount:
            with parse_at(f"$.data[{index}].started_at"):
                charges.append(residual(account, org, build, gap, f"{place}/total_cents"))
    with parse_at("$.data"):
        stated = -total_of(build.total_cents for build in reply.data)
        leased = total(charge for charge in charges if not charge.derived)
    with parse_at("$.total_cents"):
        summed = Check(
            "usage summary = builds", usd(summary.total_cents), stated, cause="rate change"
        )
    return Usage(
        requested,
        window,
        _told_apart(charges),
        billing_account_id=org,
        stated_total=stated,
        checks=(Check("builds = their leases", stated, leased), summed),
    )


def _told_apart(charges: Sequence[Charge]) -> tuple[Charge, ...]:
    """Number twins by what they say, wherever they stand: the order of equal starts is unspecified (section 3.5)."""
    if len({charge.id for charge in charges}) == len(charges):
        return tuple(charges)
    ranked = sorted(
        range(len(charges)), key=lambda place: repr(evolve(charges[place], source=None))
    )
    numbered = dict(zip(ranked, number_duplicates(charges[place] for place in ranked), strict=True))
    return tuple(numbered[place] for place in range(len(charges)))


def total(charges: Iterable[Charge]) -> Money:
    """Add charges up."""
    return sum_by_currency(
        [Money.zero(CURRENCY), *(charge.cost for charge in charges if charge.cost is not None)]
    )[CURRENCY]


def total_of(cents: Iterable[Decimal]) -> Money:
    """Add US cents up."""
    return sum_by_currency([Money.zero(CURRENCY), *(usd(count) for count in cents)])[CURRENCY]


def lease(account: str, org: str, build: wire.Build, placed: tuple[str, wire.Job]) -> Charge:
    """Read one lease and where it stands. Its id is made of what survives the deletion of job and build: machine and start."""
    source, job = placed
    return Charge(
        id=f"{org}/{job.vm_handle or job.job_id or _nameless(job)}@{utc_text(job.started_at)}",
        category=Category.USAGE,
        period=_leased(job),
        service=SERVICE,
        cost=-usd(job.amount_cents),
        billing_account_id=org,
        sub_account_id=build.pipeline_id or build.pipeline_slug,
        sub_account_name=build.pipeline_name or build.pipeline_slug,
        description=job.job_name or job.step_key,
        resource_id=job.job_id or job.vm_handle,
        resource_name=job.job_name or job.vm_handle if job.job_id else job.vm_handle,
        resource_type="job" if job.job_id else "virtual machine" if job.vm_handle else None,
        quantity=job.duration_seconds,
        unit=None if job.duration_seconds is None else "second",
        tags=_tags(build, job),
        source=source,
    )


def _nameless(job: wire.Job) -> str:
    """Name a lease without a machine by what it cost and how long it took, so that one found later takes no other's id."""
    known = ((-usd(job.amount_cents)).amount, job.duration_seconds)
    return ":".join(("lease", *(plain(number) for number in known if number is not None)))


def _leased(job: wire.Job) -> Period:
    """Tell when; a lease without an end, or of no length, is given one second."""
    end = job.finished_at
    if end is None and job.duration_seconds is not None:
        try:
            end = job.started_at + timedelta(seconds=int(exact(job.duration_seconds)))
        except OverflowError:
            raise PeriodError("the lease ends after the year 9999") from None
    return Period(job.started_at, max(end or job.started_at, job.started_at + timedelta(seconds=1)))


def _tags(build: wire.Build, job: wire.Job) -> dict[str, str]:
    tags = {
        "build": build.build_id,
        "build_number": None if build.build_number is None else plain(build.build_number),
        "step": job.step_key,
        "vm": job.vm_handle,
        "vcpu": plain(job.cpu_count),
        "memory_gb": plain(job.memory_gb),
        "disk_gb": plain(job.disk_gb),
    }
    return {key: value for key, value in tags.items() if value is not None}


def residual(account: str, org: str, build: wire.Build, gap: Money, source: str) -> Charge:
    """Carry what a build's total has more than its leases."""
    name = build.build_id or "deleted"
    return Charge(
        id=f"{org}/residual:{name}@{utc_text(build.started_at)}",
        category=Category.ADJUSTMENT,
        period=Period(build.started_at, build.started_at + timedelta(seconds=1)),
        service=SERVICE,
        cost=gap,
        billing_account_id=org,
        sub_account_id=build.pipeline_id or build.pipeline_slug,
        sub_account_name=build.pipeline_name or build.pipeline_slug,
        description=f"Difference between the stated total and the leases of build {name}",
        derived=True,
        reason="the build's stated total differs from the sum of its leases",
        source=source,
    )
