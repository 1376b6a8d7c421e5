"""What a window of Harmont costs: its leases as charges that add up to the builds' totals. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Context, Decimal
from functools import lru_cache, partial
from urllib.parse import quote

from attrs import evolve
from msgspec import Struct

from billfold.model import (
    Category,
    Charge,
    Check,
    Usage,
    make_charge,
    numbering,
    with_residual,
)
from billfold.money import Money, exact_or_unstated, plain
from billfold.period import Period, between, utc_text
from billfold.wire import (
    LOOKED_AT,
    DriftError,
    Steps,
    in_slices,
    parse_at,
    parse_rows,
    stepwise,
)
from billfold_harmont import wire
from billfold_harmont.parse import usd
from billfold_harmont.totals import Rows, adds_up, is_beyond, starts_of, stated_of, summed

_SUMMARY = "usage summary vs. build totals"

SERVICE = "Harmont CI virtual machines"

_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)
_USAGE = Category.USAGE  # Python 3.11 looks members up slowly, and there are many leases
_LONG = 40  # digits that no count has
_WIDE = Context(prec=200)  # in which a product of two numbers of eighty digits is exact


@stepwise
def usage(
    org: str,
    requested: Period | None,
    window: Period,
    across: Rows,
    charges: Sequence[Charge],
    recomputed: Money | None,
) -> Steps[Usage]:
    """Return a window's leases, read by :func:`charges_of`, as one usage (section 3.5).

    The breakdown states what was really debited, so its builds are the total, each once, as far as
    their leases began in the window. The summary's total is ``recomputed`` with today's rates
    (section 3.3) and only becomes a check: None where it could not be read. ``across`` are the
    builds of which anything may have begun outside the window.
    """
    sums = yield from in_slices(charges, _stated_and_debited, LOOKED_AT)
    with parse_at("$.data"):
        stated = summed(stated for stated, _ in sums)
        debited = summed(debited for _, debited in sums)
    checks = [Check("build totals vs. lease charges", stated, debited)]
    if recomputed is not None and not is_beyond(across, window):
        checks.append(Check(_SUMMARY, recomputed, stated))
    return Usage(
        requested,
        window,
        (yield from numbering(charges, order=_content)),
        billing_account_id=org,
        stated_total=stated,
        checks=tuple(checks),
        unchecked=() if len(checks) > 1 else (_SUMMARY,),
    )


def _stated_and_debited(charges: Sequence[Charge]) -> list[tuple[Money, Money]]:
    """Return what some charges cost, and those of them that are leases."""
    with parse_at("$.data"):
        stated = summed(_costs(charges))
        leases = [charge for charge in charges if not charge.derived]
        return [(stated, stated if len(leases) == len(charges) else summed(_costs(leases)))]


class _OfBuild(Struct, frozen=True):
    """What the leases of a build share."""

    pipeline: str | None
    pipeline_name: str | None
    tags: Mapping[str, str]


def charges_of(
    org: str,
    repositories: Mapping[str, str],
    window: Period,
    request: str,
    rows: Rows,
) -> list[Charge]:
    """Return the leases of some builds of the reply to ``request`` as positive charges.

    They are tagged with the repository of their pipeline, by its slug.
    """
    return [
        charge
        for index, build in rows
        for charge in _build_charges(
            org, _of_build(org, build, repositories), build, index, window, request
        )
    ]


def build_page(org: str, pipeline_slug: str, number: str) -> str:
    """Return the address of a build's page in the provider's own application (section 3.6)."""
    return f"{_pipeline_page(org, pipeline_slug)}/builds/{number}"


@lru_cache(maxsize=256)  # as the builds of a month are of few
def _pipeline_page(org: str, slug: str) -> str:
    return f"https://app.harmont.dev/{quote(org, safe='')}/pipelines/{quote(slug, safe='')}"


def summary_total(summary: wire.Summary) -> Money:
    """Return what a window would cost at today's rates."""
    with parse_at("$.total_cents"):
        return usd(summary.total_cents)


def _build_charges(
    org: str, shared: _OfBuild, build: wire.Build, index: int, window: Period, request: str
) -> tuple[Charge, ...]:
    """Return a build's leases of the window, and a charge over what its total has beyond them."""
    path, source = f"$.data[{index}]", f"{request}#/data/{index}"
    if not (starts := starts_of(build)):
        if not build.total_cents:
            return ()  # no money, and so no loss
        raise DriftError(f"a build has neither a lease nor a start - at `{path}`")
    first = min(starts)
    whole = first in window and max(starts) in window
    lease = partial(_cost_and_charge, org, shared, None if whole else window, source)
    costs = parse_rows(f"{path}.jobs", enumerate(build.jobs), lease)
    charges = tuple([charge for _, charge in costs if charge is not None])
    with parse_at(f"{path}.total_cents"):
        if whole and adds_up(build):
            return charges  # nearly always
    if not any(start in window for start in starts):
        return ()
    with parse_at(f"{path}.started_at"):
        start = Period(first, first + _SECOND)
    with parse_at(f"{path}.total_cents"):
        wanted = summed(_costs(charges))
        stated = stated_of(build, [cost for cost, _ in costs], wanted, window, whole=whole)
        if stated == wanted:
            return charges
        return _with_rest(org, build, start, charges, stated, source)


def _with_rest(
    org: str,
    build: wire.Build,
    start: Period,
    charges: tuple[Charge, ...],
    stated: Money,
    source: str,
) -> tuple[Charge, ...]:
    """Return charges and one over what the stated total has beyond them."""
    name = build.build_id or "deleted"
    used = Usage(
        None,
        start,
        charges,
        billing_account_id=org,
        sub_account_id=build.pipeline_id or build.pipeline_slug,
        sub_account_name=build.pipeline_name or build.pipeline_slug,
        stated_total=stated,
    )
    return with_residual(
        used,
        check=f"total of build {name} vs. its leases",
        residual_id=f"{org}/residual:{name}@{utc_text(start.start)}",
        service=SERVICE,
        source=f"{source}/total_cents",
    ).charges


def _costs(charges: Iterable[Charge]) -> list[Money]:
    return [charge.cost for charge in charges if charge.cost is not None]


def _content(charge: Charge) -> tuple[bool, datetime, Decimal, str]:
    """Return what a charge says, since equal starts have no order.

    First comes the end, as a lease is listed when it ends: what comes later takes no number of
    what was there. One without an end may still run, so it is last. Then comes what else a
    deletion leaves.
    """
    assert charge.cost is not None
    start, end = charge.period.start, charge.period.end
    is_open = charge.quantity is None and end - start == _SECOND
    return is_open, end, charge.cost.amount, repr(evolve(charge, source=None))


def _of_build(org: str, build: wire.Build, repositories: Mapping[str, str]) -> _OfBuild:
    tags = {"build": build.build_id} if build.build_id is not None else {}
    if build.build_number is not None:
        number = tags["build_number"] = _numeral(build.build_number)
        if build.pipeline_slug and number.isascii() and number.isdigit():
            tags["build_url"] = build_page(org, build.pipeline_slug, number)
    repository = repositories.get(build.pipeline_slug or "")
    if repository is not None:
        tags["repository"] = repository
    pipeline = build.pipeline_id or build.pipeline_slug
    return _OfBuild(pipeline, build.pipeline_name or build.pipeline_slug, tags)


def _cost_and_charge(
    org: str, build: _OfBuild, window: Period | None, source: str, numbered: tuple[int, wire.Job]
) -> tuple[Money, Charge | None]:
    """Return what a lease cost, and its charge if it began in the window, as all do without one."""
    number, job = numbered
    cost = usd(job.amount_cents.copy_negate())
    if window is not None and job.started_at not in window:
        return cost, None
    return cost, _lease_charge(org, build, job, cost, f"{source}/jobs/{number}")


def _lease_charge(org: str, build: _OfBuild, job: wire.Job, cost: Money, source: str) -> Charge:
    seconds = exact_or_unstated(job.duration_seconds)
    shape, sizes = _shape_and_sizes(job.cpu_count, job.memory_gb, job.disk_gb, seconds)
    resource_id, resource_name, resource_type = _resource(job)
    period = between(job.started_at, _end_of(job, seconds))
    began = period.start
    tags = {**build.tags, **sizes}
    if job.step_key is not None:
        tags["step"] = job.step_key
    if job.vm_handle is not None:
        tags["vm"] = job.vm_handle
    # By position, as there are many leases.
    return make_charge(
        f"{org}/lease:{shape}@{utc_text(began)}",
        _USAGE,
        period,
        SERVICE,
        cost,
        org,
        None,
        build.pipeline,
        build.pipeline_name,
        job.job_name or job.step_key,
        resource_id,
        resource_name,
        resource_type,
        seconds,
        None if seconds is None else "second",
        tags=tags,
        # Every lease belongs wholly to the day it began (section 3.4), a longer one has to say so.
        day=began.date() if period.end - began > _DAY else None,
        source=source,
    )


@lru_cache(maxsize=4096)  # machines have few sizes, and jobs of one step similar durations
def _shape_and_sizes(
    cpu: Decimal | None, memory: Decimal | None, disk: Decimal | None, seconds: Decimal | None
) -> tuple[str, Mapping[str, str]]:
    """Return a lease's part of an id, and its tags: its size, and that times its seconds.

    An id is without what a deletion clears, a correction changes, or the lease's end adds
    (section 3.5).
    """
    sizes = {"vcpu": cpu, "memory_gb": memory, "disk_gb": disk}
    texts = {name: text for name, size in sizes.items() if (text := _size_text(size)) is not None}
    for name, size in sizes.items():
        used = _times(size, seconds)
        if used is not None:
            texts[f"{name}_seconds"] = used
    cpus, gb, disk_gb = (texts.get(name, "?") for name in sizes)
    return f"{cpus}cpu-{gb}gb-{disk_gb}gb", texts


def _size_text(number: Decimal | None) -> str | None:
    """Write a count, whole ones without a point: 2.0 is the 2 that was stated before."""
    if number is None:
        return None
    text = str(number)
    if text.isdigit() and len(text) < _LONG:
        return text  # nearly always
    size = exact_or_unstated(number)
    if size is None:
        return None
    return str(int(size)) if size == int(size) else plain(size)


def _times(size: Decimal | None, seconds: Decimal | None) -> str | None:
    """Write a size times seconds, the provider's own measure (section 3.3), None for unknown."""
    size = exact_or_unstated(size)
    if size is None or seconds is None:
        return None
    return _size_text(_WIDE.multiply(size, seconds))


def _resource(job: wire.Job) -> tuple[str | None, str | None, str | None]:
    """Return id, name and type of what was leased: the job, else its machine, else nothing."""
    if job.job_id:
        return job.job_id, job.job_name or job.vm_handle, "job"
    if job.vm_handle:
        return job.vm_handle, job.vm_handle, "virtual machine"
    return None, None, None


def _end_of(job: wire.Job, seconds: Decimal | None) -> datetime:
    """Return when a lease ended; one without an end, or of no length, gets one second."""
    began, end = job.started_at, job.finished_at
    if end is None and seconds is not None:
        try:
            end = began + timedelta(seconds=int(seconds))
        except OverflowError:
            end = None  # beyond the calendar: nobody knows when it ended
    return began + _SECOND if end is None or end - began < _SECOND else end


def _numeral(number: Decimal) -> str:
    """Write a number that is no amount; one of any size has to be written, none by the page."""
    return format(number, "f") if -40 < number.adjusted() < 40 else str(number)
