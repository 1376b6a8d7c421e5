"""From the shapes of Aether's replies to billfold's model; ``usage`` reads a month. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from attrs import define, field, frozen

from billfold.model import Credential, PaymentMethod, Usage, is_residual
from billfold.money import Money
from billfold.period import Period, month_turn, utc, utc_text
from billfold.wire import (
    LOOKED_AT,
    DriftError,
    Problem,
    Steps,
    counted,
    decode,
    listed,
    parse_at,
    slices,
    stepwise,
)
from billfold_aether import wire

# No reply names a currency, but every amount's name ends in _eur (section 1).
CURRENCY = "EUR"

# An end may be the month's last day by another clock.
_DAY = timedelta(days=1)
_CONFLICT = "in conflict with another of the same id, the first was kept"

_Owned = wire.UsageItem | wire.Subscription | wire.PaymentMethod


def eur(amount: Decimal) -> Money:
    """Return euros as money."""
    return Money(amount, CURRENCY)


def problem(body: bytes) -> Problem:
    """Return what an error body says; one without the envelope says nothing (section 1.2)."""
    try:
        error = decode(body, wire.ErrorReply).error
    except DriftError:
        return Problem()
    stated = ((detail.field, detail.message) for detail in error.details or ())
    details = "; ".join(": ".join(filter(None, detail)) for detail in stated if any(detail))
    if not details:
        return Problem(error.code, error.message)
    return Problem(error.code, f"{error.message or ''} ({details})".strip())


def credential(orgs: Sequence[wire.Organization]) -> Credential:
    """Return the names of the organizations that the token reaches."""
    return Credential(", ".join(org.name or org.id for org in orgs))


def check_owner(org: wire.Organization, owner: str, path: str) -> None:
    """Raise DriftError unless an owner, stated at a path, is ``org``.

    A server that goes by the token alone would give its money to two accounts (section 1.2).
    """
    if owner.casefold() != org.id.casefold():
        raise DriftError(f"the reply is about another organization than requested - at `{path}`")


@stepwise
def check_rows(org: wire.Organization, rows: Sequence[_Owned | None], name: str) -> Steps[None]:
    """Raise DriftError unless ``org`` owns every row of a list that names an owner."""
    for number, some in enumerate(slices(enumerate(rows), LOOKED_AT)):
        if number:
            yield
        for index, row in some:
            # Without a call for each, as there may be many.
            if row is not None and row.org_id is not None and row.org_id != org.id:
                check_owner(org, row.org_id, f"$.{name}[{index}].org_id")


def billed_month(bill: wire.Usage) -> Period:
    """Return the calendar month a usage reply is about (section 5.6).

    A start that is a month's first instant on its own clock, or on Central Europe's, but not in
    UTC, means that month.
    """
    with parse_at("$.period_start"):
        start, local = utc(bill.period_start), bill.period_start.replace(tzinfo=UTC)
        is_turn = local == Period.month_of(local).start
        return Period.month_of(local if is_turn else month_turn(start))


def ends_late(bill: wire.Usage) -> list[str]:
    """Return in words that a reply says of itself that it goes on after its month.

    Then it is of a cycle that is no calendar month, or of several.
    """
    end, month = bill.period_end, billed_month(bill)
    if end is None or end <= month.end + _DAY:
        return []
    stated = f"{bill.period_start.isoformat()} to {end.isoformat()}"  # which UTC may not have
    return [f"the reply says that it is from {stated}, which is no month - at `$.period_end`"]


def is_short(bill: wire.Usage, now: datetime) -> list[str]:
    """Return in words that a reply says of itself that it is of less than the month to ``now``.

    Whether the end is the month's or the present is not documented, but it is nothing older. One
    that ends after its month is of a cycle (``ends_late``).
    """
    start, end, month = bill.period_start, bill.period_end, billed_month(bill)
    said = []
    if start > month.start + _DAY and not ends_late(bill):
        said.append(f"the reply says that it begins {utc_text(start)} - at `$.period_start`")
    if end is not None and end in month and end < min(now, month.end - _DAY):
        said.append(f"the reply says that it ends {utc_text(end)} - at `$.period_end`")
    return said


def absent_lists(bill: wire.Usage, used: Usage) -> list[str]:
    """Return in words which lists of a bill are null or absent though it may have had rows."""
    said = []
    if bill.items is None and bill.total_eur:
        said.append("no records, so days are not shared over node pools - at `$.items`")
    if bill.subscriptions is None and any(map(is_residual, used.charges)):
        said.append("no fees, which may be in what the total has more - at `$.subscriptions`")
    return said


@frozen
class Records:
    """Each id's first record in the month by its place, and how many others there are.

    They repeat one, contradict one (``conflicts`` are those ids), or are of another month.
    ``untimed`` do not say when they were.
    """

    kept: Mapping[int, wire.UsageItem]
    repeats: int
    conflicts: tuple[str, ...]
    outside: int = 0
    untimed: int = 0

    @property
    def notes(self) -> list[str]:
        """What is odd about the records, in words."""
        notes = [
            (self.repeats, "repeated, counted once"),
            (len(self.conflicts), f"{_CONFLICT}: {listed(self.conflicts)}"),
            (self.outside, "of another month left out"),
            (self.untimed, "without a time that can be read, taken for the month's"),
        ]
        return [f"{counted(count, 'record')} {words}" for count, words in notes if count]


@stepwise
def records(bill: wire.Usage) -> Steps[Records]:
    """Return which records count; their own times decide whether they are the month's."""
    read = _Read(billed_month(bill))
    for number, some in enumerate(slices(enumerate(bill.items or ()), LOOKED_AT)):
        if number:
            yield
        for position, item in some:
            if item is not None:
                read.add(position, item)
    return Records(read.kept, read.repeats, tuple(read.conflicts), read.outside, read.untimed)


@define
class _Read:
    """The records of a month so far; ``first`` are their places by their ids."""

    month: Period
    kept: dict[int, wire.UsageItem] = field(factory=dict)
    first: dict[str, int] = field(factory=dict)
    repeats: int = 0
    conflicts: list[str] = field(factory=list)
    outside: int = 0
    untimed: int = 0

    def add(self, position: int, item: wire.UsageItem) -> None:
        """Add a record, unless it is of another month or its id was there before."""
        if item.recorded_at is not None and item.recorded_at not in self.month:
            self.outside += 1
            return
        first = self.first.setdefault(item.id.lower(), position)
        if first == position:
            self.kept[position] = item
            self.untimed += item.recorded_at is None
        elif _content(self.kept[first]) == _content(item):
            self.repeats += 1
        else:
            self.conflicts.append(item.id)


def day_of(item: wire.UsageItem) -> date | None:
    """Return the UTC day that a record counts in, None where it does not say when it was."""
    return None if item.recorded_at is None else utc(item.recorded_at).date()


def _content(item: wire.UsageItem) -> tuple[object, ...]:
    ids = ((item.cluster_id or "").lower(), (item.node_pool_id or "").lower())
    return (*ids, item.resource_type, item.quantity, item.unit, item.recorded_at)


def payment_methods(org: wire.Organization, reply: wire.PaymentMethods) -> list[PaymentMethod]:
    """Return the stored cards that have an id; digits are text, with zeros (section 3.3)."""
    return [
        PaymentMethod(
            row.id,
            row.type or "card",
            row.is_default is True,
            row.card_brand,
            row.card_last4,
            row.card_exp_month,
            row.card_exp_year,
            created_at=row.created_at,
            billing_account_id=org.id,
        )
        for row in reply.items
        if row.id
    ]
