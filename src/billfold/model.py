"""The one view that every provider is folded into.

All money is :class:`~billfold.money.Money`; all times are aware and UTC; windows are half-open. ``None`` means *not stated*,
never zero. In every record ``provider`` is the adapter's name and ``account`` the configured account's;
``billing_account_id`` is whom the provider bills (organization, team, customer) and ``sub_account_id`` the project or
pipeline below it. Our own value sets are StrEnums; a provider's open sets (``kind``, ``unit``, ``status`` ...) stay its text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from attrs import evolve, field, frozen

from billfold.money import Money, exact, sums
from billfold.period import Period
from billfold.secret import last_four, mask_iban


class Category(StrEnum):
    """What a charge is, in FOCUS' words."""

    USAGE = "usage"
    PURCHASE = "purchase"
    CREDIT = "credit"
    TAX = "tax"
    ADJUSTMENT = "adjustment"


class BalanceKind(StrEnum):
    """Whether a balance was paid in before (prepaid) or granted or credited (credit)."""

    PREPAID = "prepaid"
    CREDIT = "credit"


class DayPart(StrEnum):
    """Which part of a day's cost the provider gives."""

    ALL = "all"
    AUTOSCALING = "autoscaling"


class InvoiceKind(StrEnum):
    """Metering is the platform's own statement, legal the binding document: the same money, never added up."""

    METERING = "metering"
    LEGAL = "legal"


def _exact_or_none(_: object, __: object, value: Decimal | None) -> None:
    if value is not None:
        exact(value)


@frozen
class Charge:
    """One cost line.

    ``id`` is stable across runs and unique in its account. ``cost`` is what was charged after discounts, ``None`` where the
    provider does not say; ``reason`` then says why. ``included_in`` is the id of the charge that carries this line's cost.
    ``derived`` marks a line computed here from totals the provider stated. ``list_cost`` is before discounts. ``source`` is the
    request and the JSON pointer the line came from, like
    ``GET /api/v0/billing/usage/acme/breakdown?from=...&to=...#/data/3/jobs/2``; where two charges differ in nothing else they
    are equal.
    """

    id: str
    provider: str
    account: str
    category: Category
    period: Period
    service: str
    cost: Money | None
    billing_account_id: str | None = None
    billing_account_name: str | None = None
    sub_account_id: str | None = None
    sub_account_name: str | None = None
    description: str | None = None
    resource_id: str | None = None
    resource_name: str | None = None
    resource_type: str | None = None
    quantity: Decimal | None = field(default=None, validator=_exact_or_none)
    unit: str | None = None
    unit_price: Money | None = None
    list_cost: Money | None = None
    included_in: str | None = None
    derived: bool = False
    reason: str | None = None
    tags: Mapping[str, str] = field(factory=dict, hash=False)
    invoice_id: str | None = None
    source: str | None = field(default=None, eq=False)

    @property
    def hole(self) -> bool:
        """Whether nobody states this line's cost."""
        return self.cost is None and self.included_in is None


@frozen
class Check:
    """An identity that the provider's own numbers should satisfy; ``stated`` and ``computed`` should be equal.

    ``cause`` is what a gap means, where the provider's habits tell.
    """

    name: str
    stated: Money
    computed: Money
    cause: str | None = None

    @property
    def gap(self) -> Money:
        """What ``stated`` has more than ``computed``."""
        return self.stated - self.computed

    @property
    def holds(self) -> bool:
        """Whether the identity is satisfied to the last digit."""
        return self.gap.amount == 0


@frozen
class Usage:
    """What one account, or one project of it, used in one period.

    ``requested`` is the caller's period (``None``: the current one), ``covers`` the one the provider really answered for.
    The charges' costs add up to ``stated_total`` exactly, by a visible ``derived`` charge where the provider's lines do not.
    """

    provider: str
    account: str
    requested: Period | None
    covers: Period
    charges: tuple[Charge, ...]
    billing_account_id: str | None = None
    billing_account_name: str | None = None
    sub_account_id: str | None = None
    sub_account_name: str | None = None
    stated_total: Money | None = None
    checks: tuple[Check, ...] = ()

    def totals(self) -> dict[str, Money]:
        """Add the charges' stated costs per currency; a currency the provider states a total in is there even when idle."""
        stated = [] if self.stated_total is None else [Money.zero(self.stated_total.currency)]
        return sums([*stated, *(charge.cost for charge in self.charges if charge.cost is not None)])


@frozen
class Balance:
    """Prepaid money or credit; ``amount`` may be negative and keeps the provider's sign. ``scope`` is what shares it."""

    provider: str
    account: str
    amount: Money
    kind: BalanceKind
    scope: str
    as_of: datetime
    scope_name: str | None = None


@frozen
class DailyCost:
    """The cost of one UTC day, or of the ``part`` of it that the provider gives."""

    provider: str
    account: str
    date: date
    cost: Money
    part: DayPart = DayPart.ALL
    billing_account_id: str | None = None


@frozen
class LedgerEntry:
    """A signed movement on a prepaid balance: credit positive, debit negative. ``kind`` is the provider's word.

    ``for_usage`` marks what pays for the charges that ``usage`` tells of: the same money, seen from the balance. The
    description may hold a coupon's code and stays out of the repr.
    """

    provider: str
    account: str
    id: str
    at: datetime
    amount: Money
    kind: str
    description: str | None = field(default=None, repr=False)
    billing_account_id: str | None = None
    for_usage: bool = False


@frozen
class InvoiceLine:
    """One line of an invoice; ``cost`` is None, with a ``reason``, where the provider does not state it."""

    id: str
    cost: Money | None
    product_id: str | None = None
    product_name: str | None = None
    sub_account_id: str | None = None
    sub_account_name: str | None = None
    description: str | None = None
    quantity: Decimal | None = field(default=None, validator=_exact_or_none)
    unit: str | None = None
    unit_price: Money | None = None
    reason: str | None = None


@frozen
class Invoice:
    """A bill. ``kind`` tells metering from legal; ``total`` is what it asks for, tax included where ``net`` is stated too."""

    provider: str
    account: str
    id: str
    kind: InvoiceKind
    total: Money | None
    number: str | None = None
    type: str | None = None
    status: str | None = None
    period: Period | None = None
    issued_on: date | None = None
    due_on: date | None = None
    paid_on: date | None = None
    net: Money | None = None
    lines: tuple[InvoiceLine, ...] = ()
    checks: tuple[Check, ...] = ()
    reason: str | None = None
    billing_account_id: str | None = None


Named = TypeVar("Named", Charge, InvoiceLine, Invoice)


@frozen
class Subscription:
    """A standing order of a product. ``price`` is the fee of ``period`` where the provider states one; ``end`` None: active."""

    provider: str
    account: str
    id: str
    kind: str | None = None
    name: str | None = None
    product_id: str | None = None
    sub_account_id: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    price: Money | None = None
    period: Period | None = None
    billing_account_id: str | None = None


@frozen
class PaymentMethod:
    """A stored way to pay. Only the card's last four digits are kept, and an IBAN only masked, here and everywhere after."""

    provider: str
    account: str
    id: str
    kind: str
    default: bool
    brand: str | None = None
    last4: str | None = field(default=None, converter=last_four)
    exp_month: int | None = None
    exp_year: int | None = None
    iban: str | None = field(default=None, converter=mask_iban)
    created_at: datetime | None = None
    billing_account_id: str | None = None


@frozen
class Credential:
    """A token that was tried and works; ``subject`` is whom or what the provider says it belongs to."""

    provider: str
    account: str
    subject: str


def apart(records: Iterable[Named], tell: Callable[[Named], str | None]) -> tuple[Named, ...]:
    """Put what ``tell`` says into the ids that several records share, where it differs; so their order says nothing."""
    records = tuple(records)
    if len({record.id for record in records}) == len(records):
        return records
    told: dict[str, set[str | None]] = {}
    for record in records:
        told.setdefault(record.id, set()).add(tell(record))
    return tuple(
        evolve(record, id=f"{record.id}/{said}") if len(told[record.id]) > 1 and (said := tell(record)) else record
        for record in records
    )


def distinct(records: Iterable[Named]) -> tuple[Named, ...]:
    """Number records that nothing tells apart (``#2``, ``#3``), so that ids stay unique; an id that is taken is passed over."""
    records = tuple(records)
    taken = {record.id for record in records}
    if len(taken) == len(records):
        return records
    seen: Counter[str] = Counter()
    told_apart = []
    for record in records:
        seen[record.id] += 1
        if seen[record.id] == 1:
            told_apart.append(record)
            continue
        while (numbered := f"{record.id}#{seen[record.id]}") in taken:
            seen[record.id] += 1
        taken.add(numbered)
        told_apart.append(evolve(record, id=numbered))
    return tuple(told_apart)


def settle(usage: Usage, *, name: str, residual_id: str, service: str, source: str | None = None) -> Usage:
    """Make the charges add up to the stated total: law 3.

    Adds the check ``name``, and where the provider's lines and its total disagree one ``derived`` adjustment charge
    ``residual_id`` over the difference, whose ``source`` is where the total is stated. A usage without a stated total is
    returned as it is.
    """
    stated = usage.stated_total
    if stated is None:
        return usage
    computed = usage.totals()[stated.currency]
    check = Check(name, stated, computed)
    charges = usage.charges
    if not check.holds:
        residual = Charge(
            id=residual_id,
            provider=usage.provider,
            account=usage.account,
            category=Category.ADJUSTMENT,
            period=usage.covers,
            service=service,
            cost=check.gap,
            billing_account_id=usage.billing_account_id,
            billing_account_name=usage.billing_account_name,
            sub_account_id=usage.sub_account_id,
            sub_account_name=usage.sub_account_name,
            description=f"Difference between the stated total and the lines ({name})",
            derived=True,
            reason=f"the provider states {stated} in all and {computed} in lines",
            source=source,
        )
        charges = (*charges, residual)
    return evolve(usage, charges=charges, checks=(*usage.checks, check))
