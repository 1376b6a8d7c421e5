"""The shapes of Harmont's replies (CONTRACT.md, sections 2 and 3)."""

import datetime
from decimal import Decimal

from msgspec import Struct

from billfold.wire import Time


class Organization(Struct, frozen=True):
    """One row of ``GET /organizations``."""

    slug: str
    name: str


class Organizations(Struct, frozen=True):
    """A page of ``GET /organizations``, oldest first (section 2)."""

    data: tuple[Organization, ...]
    next_cursor: str | None = None


class User(Struct, frozen=True):
    """``GET /user``: whom the token belongs to."""

    uuid: str
    name: str | None = None
    personal_org_slug: str | None = None


class Balance(Struct, frozen=True):
    """``GET /billing/balance/{org}``: US cents, signed (section 3.1)."""

    balance_cents: Decimal


# gc=False for what comes by the thousand.
class Transaction(Struct, frozen=True, gc=False):
    """A ledger entry: US cents, credit positive, at the time it was inserted (section 3.2)."""

    id: str
    amount_cents: Decimal
    source: str
    created_at: Time
    description: str | None = None


class Transactions(Struct, frozen=True):
    """A page of ``GET /billing/transactions/{org}``, newest first."""

    data: tuple[Transaction, ...]
    next_cursor: str | None = None


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

    cpu_count: Decimal
    memory_gb: Decimal
    disk_gb: Decimal
    amount_cents: Decimal
    started_at: Time
    job_id: str | None = None
    job_name: str | None = None
    step_key: str | None = None
    vm_handle: str | None = None
    duration_seconds: Decimal | None = None
    finished_at: Time | None = None


class Build(Struct, frozen=True, gc=False):
    """A build, or the group of all deleted ones, and its leases of the window: US cents."""

    total_cents: Decimal
    started_at: Time
    jobs: tuple[Job, ...]
    build_id: str | None = None
    build_number: Decimal | None = None
    pipeline_id: str | None = None
    pipeline_name: str | None = None
    pipeline_slug: str | None = None


class Breakdown(Struct, frozen=True):
    """``GET /billing/usage/{org}/breakdown``: all on one page (section 3.5)."""

    data: tuple[Build, ...]


class ErrorBody(Struct, frozen=True):
    """The inside of an error; those of the web framework have only ``detail`` (section 1.5)."""

    code: str | None = None
    message: str | None = None
    request_id: str | None = None
    detail: str | None = None


class ErrorReply(Struct, frozen=True):
    """``{"error": {...}}``, or ``{"errors": {"detail": ...}}``."""

    error: ErrorBody | None = None
    errors: ErrorBody | None = None
