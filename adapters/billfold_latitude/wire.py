"""The shapes of Latitude.sh's replies (CONTRACT.md, sections 1.5, 2.2 and 3).

Any scalar and any list may be null or absent; what is required here is what nothing can be
understood without. Personal data is not read at all.
"""

from decimal import Decimal
from typing import ClassVar

from msgspec import Raw, Struct

from billfold.wire import Time

_NULL = Raw(b"null")


class Currency(Struct, frozen=True):
    """A currency as a project states it; the code may be junk."""

    code: str | None = None


class ProjectTeam(Struct, frozen=True):
    """The team as each project carries it."""

    id: str | None = None
    name: str | None = None
    currency: Currency | None = None


class ProjectAttributes(Struct, frozen=True):
    """What a project states about itself; what its ``cost`` means is not documented."""

    not_read: ClassVar[frozenset[str]] = frozenset({"cost"})

    name: str | None = None
    slug: str | None = None
    team: ProjectTeam | None = None


class Project(Struct, frozen=True):
    """One row of ``GET /projects``."""

    id: str
    attributes: ProjectAttributes | None = None


class Count(Struct, frozen=True):
    """The number of rows over all pages."""

    count: int | None = None


class Stats(Struct, frozen=True):
    """The counts that ``stats[total]=count`` requests."""

    total: Count | None = None


class Meta(Struct, frozen=True):
    """What stands beside a list."""

    stats: Stats | None = None


class Projects(Struct, frozen=True):
    """A page of projects; there are no links."""

    data: tuple[Project, ...] | None
    meta: Meta | None = None


class ProjectReply(Struct, frozen=True):
    """``GET /projects/{id}``."""

    data: Project


class TeamAttributes(Struct, frozen=True):
    """What a team states about itself."""

    name: str | None = None
    slug: str | None = None
    currency: str | None = None


class Team(Struct, frozen=True):
    """One row of ``GET /team``."""

    id: str | None = None
    attributes: TeamAttributes | None = None


class Teams(Struct, frozen=True):
    """``GET /team``: a list on one page."""

    data: tuple[Team, ...] | None


# gc=False for what comes by the thousand.
class Discount(Struct, frozen=True, gc=False):
    """A discount of a line."""

    description: str | None = None
    type: str | None = None
    value: Decimal | None = None


class Server(Struct, frozen=True, gc=False):
    """A server of a line."""

    id: str | None = None
    hostname: str | None = None
    plan: str | None = None
    tags: tuple[str | None, ...] | None = None


class Bucket(Struct, frozen=True, gc=False):
    """The object storage of a line."""

    id: str | None = None
    name: str | None = None
    location: str | None = None


class Metadata(Struct, frozen=True, gc=False):
    """What a line is about; the older, flat shape is one server."""

    id: str | None = None
    hostname: str | None = None
    plan: str | None = None
    tags: tuple[str | None, ...] | None = None
    servers: tuple[Server, ...] | None = None
    bucket: Bucket | None = None
    billing_unit_divisor: Decimal | None = None


class Product(Struct, frozen=True, gc=False):
    """A line of the cycle, in cents, possibly fractional."""

    id: str | None = None
    resource: str | None = None
    name: str | None = None
    description: str | None = None
    proration: bool | None = None
    discounts: tuple[Discount, ...] | None = None
    amount_without_discount: Decimal | None = None
    start: Time | None = None
    end: Time | None = None
    unit: str | None = None
    unit_amount: Decimal | None = None
    unit_price: Decimal | None = None
    usage_type: str | None = None
    quantity: Decimal | None = None
    amount: Decimal | None = None
    price: Decimal | None = None
    metadata: Metadata | None = None


class BilledProject(Struct, frozen=True):
    """A project as its cycle names it."""

    id: str | None = None
    slug: str | None = None
    name: str | None = None


class Cycle(Struct, frozen=True):
    """A billing cycle, half-open; it begins on a day and time of its own."""

    start: Time
    end: Time


class Billing(Struct, frozen=True):
    """The current cycle of one project: cents, possibly fractional.

    Its ``threshold`` is the amount at which a charge is triggered, and no cost.
    """

    not_read: ClassVar[frozenset[str]] = frozenset({"threshold"})

    period: Cycle
    project: BilledProject | None = None
    available_credit_balance: Decimal | None = None
    amount: Decimal | None = None
    price: Decimal | None = None
    products: tuple[Product, ...] | None = None


class UsageData(Struct, frozen=True):
    """The inside of the envelope."""

    attributes: Billing


class Usage(Struct, frozen=True):
    """``GET /billing/usage``."""

    data: UsageData


class ErrorMeta(Struct, frozen=True):
    """Seconds to wait, with 429."""

    retry_after: Decimal | None = None


class Error(Struct, frozen=True):
    """One error; each field is read by itself."""

    code: Raw = _NULL
    title: Raw = _NULL
    detail: Raw = _NULL
    message: Raw = _NULL
    meta: Raw = _NULL


class Errors(Struct, frozen=True):
    """The envelope, which one documentation page leaves out."""

    errors: tuple[Error, ...] | None = None
