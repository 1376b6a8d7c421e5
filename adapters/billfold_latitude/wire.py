"""The shapes of Latitude.sh's replies (CONTRACT.md, sections 1.5, 2.2 and 3).

Any scalar and any list may be null or absent; what is required here is what nothing can be
understood without. Where neither money nor identity nor the time of a cycle hangs on a field, it is
``Cosmetic``: an odd value loses no bill. Personal data is not read at all.
"""

from decimal import Decimal
from typing import Annotated, ClassVar

from msgspec import Meta, Raw, Struct

from billfold.wire import Cosmetic, Time

_NULL = Raw(b"null")


class Currency(Struct, frozen=True, gc=False):
    """A currency as a project states it; the code may be junk."""

    code: Cosmetic[str] = None


# Places differ: a project states an object, a team its code. Both are read wherever one stands.
StatedCurrency = Cosmetic[str | Currency]


class ProjectTeam(Struct, frozen=True):
    """The team as each project carries it; its ``status`` says nothing of a bill."""

    not_read: ClassVar[frozenset[str]] = frozenset({"status"})

    id: Cosmetic[str] = None
    name: Cosmetic[str] = None
    currency: StatedCurrency = None


class ProjectAttributes(Struct, frozen=True):
    """What a project states about itself; what its ``cost`` means is not documented."""

    not_read: ClassVar[frozenset[str]] = frozenset({"cost"})

    name: Cosmetic[str] = None
    slug: Cosmetic[str] = None
    team: Cosmetic[ProjectTeam] = None
    created_at: Cosmetic[Time] = None


class Project(Struct, frozen=True):
    """A project that can be asked for."""

    id: Annotated[str, Meta(min_length=1)]
    attributes: Cosmetic[ProjectAttributes] = None


class Count(Struct, frozen=True):
    """The number of rows over all pages."""

    count: Cosmetic[Decimal] = None


class Stats(Struct, frozen=True):
    """The counts that ``stats[total]=count`` requests."""

    total: Cosmetic[Count] = None


class Beside(Struct, frozen=True):
    """What stands beside a list."""

    stats: Cosmetic[Stats] = None


class ListedProject(Struct, frozen=True):
    """One row of ``GET /projects``; one without an id is named by the list."""

    id: Cosmetic[str] = None
    attributes: Cosmetic[ProjectAttributes] = None


class Projects(Struct, frozen=True):
    """A page of projects; there are no links."""

    data: tuple[ListedProject, ...] | None
    meta: Cosmetic[Beside] = None


class ProjectReply(Struct, frozen=True):
    """``GET /projects/{id}``."""

    data: Project


class TeamAttributes(Struct, frozen=True):
    """What a team states about itself; its ``projects`` are what ``/projects`` lists, too.

    Its ``status`` says nothing of a balance.
    """

    not_read: ClassVar[frozenset[str]] = frozenset({"projects", "status"})

    name: Cosmetic[str] = None
    slug: Cosmetic[str] = None
    currency: StatedCurrency = None


class Team(Struct, frozen=True):
    """One row of ``GET /team``."""

    id: Cosmetic[str] = None
    attributes: Cosmetic[TeamAttributes] = None


class Teams(Struct, frozen=True):
    """``GET /team``: a list on one page."""

    data: tuple[Team, ...] | None


# gc=False for what comes by the thousand.
class Discount(Struct, frozen=True, gc=False):
    """A discount of a line."""

    description: Cosmetic[str] = None
    type: Cosmetic[str] = None
    value: Cosmetic[Decimal] = None


class Server(Struct, frozen=True, gc=False):
    """A server of a line."""

    id: Cosmetic[str] = None
    hostname: Cosmetic[str] = None
    plan: Cosmetic[str] = None
    tags: Cosmetic[tuple[Cosmetic[str], ...]] = None


class Bucket(Struct, frozen=True, gc=False):
    """The object storage of a line."""

    id: Cosmetic[str] = None
    name: Cosmetic[str] = None
    location: Cosmetic[str] = None


class Metadata(Struct, frozen=True, gc=False):
    """What a line is about; the older, flat shape is one server."""

    id: Cosmetic[str] = None
    hostname: Cosmetic[str] = None
    plan: Cosmetic[str] = None
    tags: Cosmetic[tuple[Cosmetic[str], ...]] = None
    servers: Cosmetic[tuple[Cosmetic[Server], ...]] = None
    bucket: Cosmetic[Bucket] = None
    billing_unit_divisor: Cosmetic[Decimal] = None


class Product(Struct, frozen=True, gc=False):
    """A line of the cycle, in cents, possibly fractional."""

    id: Cosmetic[str] = None
    resource: Cosmetic[str] = None
    name: Cosmetic[str] = None
    description: Cosmetic[str] = None
    proration: Cosmetic[bool] = None
    discounts: Cosmetic[tuple[Cosmetic[Discount], ...]] = None
    amount_without_discount: Cosmetic[Decimal] = None
    start: Cosmetic[Time] = None
    end: Cosmetic[Time] = None
    unit: Cosmetic[str] = None
    unit_amount: Cosmetic[Decimal] = None
    unit_price: Cosmetic[Decimal] = None
    usage_type: Cosmetic[str] = None
    quantity: Cosmetic[Decimal] = None
    amount: Decimal | None = None
    price: Decimal | None = None
    metadata: Cosmetic[Metadata] = None


class BilledProject(Struct, frozen=True):
    """A project as its cycle names it."""

    id: Cosmetic[str] = None
    slug: Cosmetic[str] = None
    name: Cosmetic[str] = None


class Cycle(Struct, frozen=True):
    """A billing cycle, half-open; it begins on a day and time of its own."""

    start: Time | None = None
    end: Time | None = None


class Billing(Struct, frozen=True):
    """The current cycle of one project: cents, possibly fractional.

    Its ``threshold`` is the amount at which a charge is triggered, and no cost; its credit is for
    the balances.
    """

    not_read: ClassVar[frozenset[str]] = frozenset({"available_credit_balance", "threshold"})

    period: Cycle | None = None
    project: Cosmetic[BilledProject] = None
    amount: Decimal | None = None
    price: Decimal | None = None
    products: tuple[Product, ...] | None = None


class UsageData(Struct, frozen=True):
    """The inside of the envelope; ``id`` is the subscription that the cycle is billed by."""

    attributes: Billing
    id: Cosmetic[str] = None


class Usage(Struct, frozen=True):
    """``GET /billing/usage``."""

    data: UsageData


class Credit(Struct, frozen=True):
    """The credit that a cycle states beside its bill, in cents; it belongs to the team.

    The bill is for the usage: here it only says how far it is from the ``threshold`` at which it is
    charged.
    """

    not_read: ClassVar[frozenset[str]] = frozenset({"products"})
    project: Cosmetic[BilledProject] = None
    available_credit_balance: Decimal | None = None
    amount: Cosmetic[Decimal] = None
    price: Cosmetic[Decimal] = None
    threshold: Cosmetic[Decimal] = None
    period: Cosmetic[Cycle] = None


class CreditData(Struct, frozen=True):
    """The inside of the envelope."""

    attributes: Credit


class UsageCredit(Struct, frozen=True):
    """``GET /billing/usage`` for its credit alone, which no odd line may take along."""

    data: CreditData


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
