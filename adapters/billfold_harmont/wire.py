"""The shapes of Harmont's replies (CONTRACT.md, sections 2 and 3)."""

import datetime
from decimal import Decimal
from typing import ClassVar

from msgspec import Struct

from billfold.wire import Cosmetic, Time

# A row has an amount only by its debit: how its job or build goes says nothing of the money.
_OF_THE_JOB = frozenset({"status", "state"})


class Organization(Struct, frozen=True):
    """One row of ``GET /organizations``; one without a slug is named by the list."""

    slug: Cosmetic[str] = None


class Organizations(Struct, frozen=True):
    """A page of ``GET /organizations``, oldest first (section 2)."""

    data: tuple[Organization, ...]
    next_cursor: str | int | None = None


class Pipeline(Struct, frozen=True):
    """One row of ``GET /organizations/{org}/pipelines``: no money hangs on it (section 2)."""

    slug: Cosmetic[str] = None
    repository: Cosmetic[str] = None


class Pipelines(Struct, frozen=True):
    """A page of ``GET /organizations/{org}/pipelines``."""

    data: tuple[Pipeline, ...]
    next_cursor: str | int | None = None


class User(Struct, frozen=True):
    """``GET /user``: whom the token belongs to."""

    uuid: str
    name: Cosmetic[str] = None
    personal_org_slug: Cosmetic[str] = None


class Balance(Struct, frozen=True):
    """``GET /billing/balance/{org}``: US cents, signed (section 3.1)."""

    balance_cents: Decimal


# gc=False for what comes by the thousand.
class Transaction(Struct, frozen=True, gc=False):
    """A ledger entry: US cents, credit positive, at the time it was inserted (section 3.2).

    One without an id is named by the list. No ``status`` or ``state`` is documented: what is
    listed has moved the balance.
    """

    amount_cents: Decimal
    created_at: Time
    id: Cosmetic[str] = None
    source: Cosmetic[str] = None
    description: Cosmetic[str] = None
    status: Cosmetic[str] = None
    state: Cosmetic[str] = None


class Transactions(Struct, frozen=True):
    """A page of ``GET /billing/transactions/{org}``, newest first."""

    data: tuple[Transaction, ...]
    next_cursor: str | int | None = None


class Summary(Struct, frozen=True):
    """``GET /billing/usage/{org}``: positive US cents at today's rates (section 3.3)."""

    total_cents: Decimal


class Bucket(Struct, frozen=True):
    """One UTC day of the series: positive US cents at today's rates."""

    date: datetime.date
    total_cents: Decimal


class Series(Struct, frozen=True):
    """``GET /billing/usage/{org}/series``: a bucket a day, that of ``to`` too (section 3.4)."""

    data: tuple[Bucket, ...]


class Job(Struct, frozen=True, gc=False):
    """A debit of one lease of a virtual machine: US cents, zero or negative (section 3.5)."""

    not_read: ClassVar[frozenset[str]] = _OF_THE_JOB

    amount_cents: Decimal
    started_at: Time
    cpu_count: Cosmetic[Decimal] = None
    memory_gb: Cosmetic[Decimal] = None
    disk_gb: Cosmetic[Decimal] = None
    job_id: Cosmetic[str] = None
    job_name: Cosmetic[str] = None
    step_key: Cosmetic[str] = None
    vm_handle: Cosmetic[str] = None
    duration_seconds: Cosmetic[Decimal] = None
    finished_at: Cosmetic[Time] = None


class Build(Struct, frozen=True, gc=False):
    """A build, or the group of all deleted ones, and its leases of the window: US cents."""

    not_read: ClassVar[frozenset[str]] = _OF_THE_JOB

    total_cents: Decimal
    jobs: tuple[Job, ...]
    started_at: Cosmetic[Time] = None
    job_count: Cosmetic[Decimal] = None
    build_id: Cosmetic[str] = None
    build_number: Cosmetic[Decimal] = None
    pipeline_id: Cosmetic[str] = None
    pipeline_name: Cosmetic[str] = None
    pipeline_slug: Cosmetic[str] = None


class Breakdown(Struct, frozen=True):
    """``GET /billing/usage/{org}/breakdown``: all on one page (section 3.5)."""

    data: tuple[Build, ...]
    build_count: Cosmetic[Decimal] = None


class ErrorBody(Struct, frozen=True):
    """The inside of an error; those of the web framework have only ``detail`` (section 1.5)."""

    code: Cosmetic[str] = None
    message: Cosmetic[str] = None
    request_id: Cosmetic[str] = None
    detail: Cosmetic[str] = None


class ErrorReply(Struct, frozen=True):
    """``{"error": {...}}``, or ``{"errors": {"detail": ...}}``."""

    error: Cosmetic[ErrorBody] = None
    errors: Cosmetic[ErrorBody] = None
