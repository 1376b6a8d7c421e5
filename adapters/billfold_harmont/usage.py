"""What a window of Harmont costs: its leases as charges that add up to the builds' totals. Pure."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from functools import partial

from attrs import evolve

from billfold.model import Category, Charge, Check, Usage, number_duplicates, with_residual
from billfold.money import Money, exact_or_unstated, plain
from billfold.period import Period, utc_text
from billfold.wire import DriftError, parse_at, parse_rows
from billfold_harmont import wire
from billfold_harmont.parse import builds, usd
from billfold_harmont.totals import outside, starts_of, stated_of, summed

_SUMMARY = "usage summary vs. build totals"

SERVICE = "Harmont CI virtual machines"

_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)


def usage(
    org: str,
    requested: Period | None,
    window: Period,
    breakdown: wire.Breakdown,
    recomputed: Money | None,
    request: str = "",
) -> Usage:
    """Return a window's leases as positive charges (section 3.5).

    The breakdown, which ``request`` is for, states what was really debited, so its builds are the
    total, each once, as far as their leases began in the window. The summary's total is
    ``recomputed`` with today's rates (section 3.3) and only becomes a check: None where it could
    not be read.
    """
    charges = [
        charge
        for index, build in builds(breakdown).rows
        for charge in _build_charges(org, build, index, window, request)
    ]
    with parse_at("$.data"):
        stated = summed(_costs(charges))
        leases = summed(_costs(charge for charge in charges if not charge.derived))
    checks = [Check("build totals vs. lease charges", stated, leases)]
    if recomputed is not None and not outside(breakdown, window):
        checks.append(Check(_SUMMARY, recomputed, stated))
    return Usage(
        requested,
        window,
        number_duplicates(charges, order=_content),
        billing_account_id=org,
        stated_total=stated,
        checks=tuple(checks),
        unchecked=() if len(checks) > 1 else (_SUMMARY,),
    )


def summary_total(summary: wire.Summary) -> Money:
    """Return what a window would cost at today's rates."""
    with parse_at("$.total_cents"):
        return usd(summary.total_cents)


def _build_charges(
    org: str, build: wire.Build, index: int, window: Period, request: str
) -> tuple[Charge, ...]:
    """Return a build's leases of the window, and a charge over what its total has beyond them."""
    path, source = f"$.data[{index}]", f"{request}#/data/{index}"
    if not (starts := starts_of(build)):
        if not build.total_cents:
            return ()  # no money, and so no loss
        raise DriftError(f"a build has neither a lease nor a start - at `{path}`")
    jobs = ((f"{source}/jobs/{number}", job) for number, job in enumerate(build.jobs))
    costs = parse_rows(f"{path}.jobs", jobs, partial(_cost_and_charge, org, build, window))
    if not any(start in window for start in starts):
        return ()
    first = min(starts)
    with parse_at(f"{path}.started_at"):
        start = Period(first, first + _SECOND)
    name = build.build_id or "deleted"
    with parse_at(f"{path}.total_cents"):
        used = Usage(
            None,
            start,
            tuple(charge for _, charge in costs if charge is not None),
            billing_account_id=org,
            sub_account_id=build.pipeline_id or build.pipeline_slug,
            sub_account_name=build.pipeline_name or build.pipeline_slug,
        )
        leases = [cost for cost, _ in costs]
        return with_residual(
            evolve(used, stated_total=stated_of(build, leases, used.charges, window)),
            check=f"total of build {name} vs. its leases",
            residual_id=f"{org}/residual:{name}@{utc_text(first)}",
            service=SERVICE,
            source=f"{source}/total_cents",
        ).charges


def _costs(charges: Iterable[Charge]) -> list[Money]:
    return [charge.cost for charge in charges if charge.cost is not None]


def _content(charge: Charge) -> tuple[Decimal, Period, str]:
    """Return what a charge says, since equal starts have no order.

    First comes what a deletion leaves, so that numbers seldom change.
    """
    assert charge.cost is not None
    return charge.cost.amount, charge.period, repr(evolve(charge, source=None))


def _cost_and_charge(
    org: str, build: wire.Build, window: Period, sourced: tuple[str, wire.Job]
) -> tuple[Money, Charge | None]:
    """Return what a lease cost, and its charge if it began in the window."""
    source, job = sourced
    cost = -usd(job.amount_cents)
    if job.started_at not in window:
        return cost, None
    return cost, _lease_charge(org, build, job, cost, source)


def _lease_charge(org: str, build: wire.Build, job: wire.Job, cost: Money, source: str) -> Charge:
    seconds = exact_or_unstated(job.duration_seconds)
    resource_id, resource_name, resource_type = _resource(job)
    period = _lease_period(job)
    return Charge(
        _lease_id(org, job),
        Category.USAGE,
        period,
        SERVICE,
        cost,
        org,
        sub_account_id=build.pipeline_id or build.pipeline_slug,
        sub_account_name=build.pipeline_name or build.pipeline_slug,
        description=job.job_name or job.step_key,
        resource_id=resource_id,
        resource_name=resource_name,
        resource_type=resource_type,
        quantity=seconds,
        unit=None if seconds is None else "second",
        tags=_tags(build, job),
        # Every lease belongs wholly to the day it began (section 3.4), a longer one has to say so.
        day=job.started_at.date() if period.end - period.start > _DAY else None,
        source=source,
    )


def _lease_id(org: str, job: wire.Job) -> str:
    """Return an id without what a deletion clears or a correction changes (section 3.5)."""
    sizes = zip((job.cpu_count, job.memory_gb, job.disk_gb), ("cpu", "gb", "gb"), strict=True)
    shape = "-".join(f"{_size_text(size) or '?'}{unit}" for size, unit in sizes)
    seconds = _size_text(job.duration_seconds)
    duration = "" if seconds is None else f":{seconds}s"
    return f"{org}/lease:{shape}{duration}@{utc_text(job.started_at)}"


def _size_text(number: Decimal | None) -> str | None:
    """Write a count, whole ones without a point: 2.0 is the 2 that was stated before."""
    size = exact_or_unstated(number)
    if size is None:
        return None
    return str(int(size)) if size == int(size) else plain(size)


def _resource(job: wire.Job) -> tuple[str | None, str | None, str | None]:
    """Return id, name and type of what was leased: the job, else its machine, else nothing."""
    if job.job_id:
        return job.job_id, job.job_name or job.vm_handle, "job"
    if job.vm_handle:
        return job.vm_handle, job.vm_handle, "virtual machine"
    return None, None, None


def _lease_period(job: wire.Job) -> Period:
    """Return when a lease ran; one without an end, or of no length, gets one second."""
    end = job.finished_at
    seconds = exact_or_unstated(job.duration_seconds)
    if end is None and seconds is not None:
        try:
            end = job.started_at + timedelta(seconds=int(seconds))
        except OverflowError:
            end = None  # beyond the calendar: nobody knows when it ended
    return Period(job.started_at, max(end or job.started_at, job.started_at + _SECOND))


def _tags(build: wire.Build, job: wire.Job) -> dict[str, str]:
    tags = {
        "build": build.build_id,
        "build_number": None if build.build_number is None else _numeral(build.build_number),
        "step": job.step_key,
        "vm": job.vm_handle,
        "vcpu": _size_text(job.cpu_count),
        "memory_gb": _size_text(job.memory_gb),
        "disk_gb": _size_text(job.disk_gb),
    }
    return {key: value for key, value in tags.items() if value is not None}


def _numeral(number: Decimal) -> str:
    """Write a number that is no amount; one of any size has to be written, none by the page."""
    return format(number, "f") if -40 < number.adjusted() < 40 else str(number)
