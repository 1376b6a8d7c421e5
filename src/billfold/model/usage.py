"""Usage: charges, the total the provider states over them, and the checks between the two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from attrs import converters, field, frozen

from billfold.counted import counted
from billfold.makers import maker
from billfold.model._validators import exact_or_none
from billfold.money import Money, sum_by_currency
from billfold.one_line import amounts, names, one_line
from billfold.period import Period, utc_or_none
from billfold.secret_numbers import redact_tags
from billfold.steps import LOOKED_AT, Steps, at_once, in_slices


class Category(StrEnum):
    """What a charge is, in FOCUS' words."""

    USAGE = "usage"
    PURCHASE = "purchase"
    CREDIT = "credit"
    TAX = "tax"
    ADJUSTMENT = "adjustment"


class Cause(StrEnum):
    """Why two statements of the same money differ."""

    ROUNDING = "rounding"
    TAX = "tax"
    TIMING = "timing"
    LATE_DATA = "late data"
    RATE_CHANGE = "rate change"
    MISSING_USAGE = "missing usage"
    UNKNOWN = "unknown"


@frozen
class Charge:
    """One cost line.

    ``id`` is stable across runs and unique in its account. ``cost`` is what was charged after
    discounts, ``None`` where the provider does not say; ``reason`` then says why. ``included_in``
    is the id of the charge that carries this line's cost. ``derived`` marks a line computed here
    from totals the provider stated. ``day`` is the UTC day that the provider counts all of it in,
    where it is longer than a day. ``list_cost`` is before discounts. ``source`` is the request
    and the JSON pointer the line came from, like ``GET
    /api/v0/billing/usage/acme/breakdown?from=...&to=...#/data/3/jobs/2``; where two charges differ
    in nothing else they are equal.
    """

    id: str
    provider: str = field(default="", kw_only=True)
    account: str = field(default="", kw_only=True)
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
    quantity: Decimal | None = field(default=None, validator=exact_or_none)
    unit: str | None = None
    unit_price: Money | None = None
    list_cost: Money | None = None
    included_in: str | None = None
    derived: bool = False
    reason: str | None = None
    tags: Mapping[str, str] = field(factory=dict, hash=False, converter=redact_tags)
    invoice_id: str | None = None
    day: date | None = None
    source: str | None = field(default=None, eq=False)


# For lines that come by the thousand, whose quantity was checked, and whose tags that people wrote
# were masked.
make_charge = maker(Charge)


@frozen
class Check:
    """An identity that the provider's own numbers should satisfy.

    ``stated`` and ``computed`` should be equal.

    ``cause`` says what a gap means, where the provider's habits are known. Raises ValueError for a
    word that is no cause.
    """

    name: str
    stated: Money
    computed: Money
    cause: Cause | None = field(default=None, converter=converters.optional(Cause))

    @property
    def gap(self) -> Money:
        """What ``stated`` has more than ``computed``."""
        return self.stated - self.computed

    @property
    def holds(self) -> bool:
        """Whether the identity is satisfied to the last digit."""
        return self.gap.amount == 0

    @property
    def is_broken(self) -> bool:
        """Whether it is not satisfied, by more than rounding."""
        return not self.holds and not self.gap.is_rounding_noise()

    @property
    def text(self) -> str:
        """Its name, both sides, and the gap between them with its cause."""
        cause = f" ({self.cause})" if self.cause else ""
        return f"{self.name}: {self.stated} stated, {self.computed} computed, gap {self.gap}{cause}"


@frozen(repr=False)
class Usage:
    """What one account, or one project of it, used in one period.

    ``requested`` is the caller's period (``None``: the current one), ``covers`` the one the
    provider really answered for. The charges' costs add up to ``stated_total`` exactly, by a
    visible ``derived`` charge where the provider's lines do not. ``unchecked`` names the checks
    that could not be made, because one of their sides could not be read, or is not stated, for
    this period. ``known_until`` is until when it was seen to cost this, its window's end at most;
    None is as the coverage of the answer says. Usages that differ in nothing else are equal.
    ``since`` is when the project came to be, where the provider says so: it cost nothing before.
    """

    provider: str = field(default="", kw_only=True)
    account: str = field(default="", kw_only=True)
    requested: Period | None
    covers: Period
    charges: tuple[Charge, ...]
    billing_account_id: str | None = None
    billing_account_name: str | None = None
    sub_account_id: str | None = None
    sub_account_name: str | None = None
    stated_total: Money | None = None
    checks: tuple[Check, ...] = ()
    unchecked: tuple[str, ...] = ()
    known_until: datetime | None = field(default=None, eq=False)
    since: datetime | None = field(default=None, converter=utc_or_none)

    def __repr__(self) -> str:
        whose = names(self.account, self.sub_account_name or self.sub_account_id, self.covers)
        failed = sum(not check.holds for check in self.checks)
        return one_line(
            f"Usage {whose}",
            counted(len(self.charges), "charge"),
            counted(failed, "check does not hold", "checks do not hold") if failed else None,
            *amounts(self.totals()),
        )

    def with_lines(self, charges: tuple[Charge, ...], checks: tuple[Check, ...]) -> Usage:
        """Return the same with other charges and checks."""
        # Not `evolve`, which takes four times as long, once for each project.
        return _make_usage(
            self.requested,
            self.covers,
            charges,
            self.billing_account_id,
            self.billing_account_name,
            self.sub_account_id,
            self.sub_account_name,
            self.stated_total,
            checks,
            self.unchecked,
            self.known_until,
            self.since,
            provider=self.provider,
            account=self.account,
        )

    def totals(self) -> dict[str, Money]:
        """Add the charges' stated costs per currency.

        A currency the provider states a total in is there even when idle.
        """
        return at_once(self.adding_up())

    def adding_up(self) -> Steps[dict[str, Money]]:
        """Return the totals; pauses where there are very many charges."""
        stated = [] if self.stated_total is None else [Money.zero(self.stated_total.currency)]
        if len(self.charges) <= LOOKED_AT:
            return sum_by_currency([*stated, *_costs(self.charges)])
        sums = yield from in_slices(self.charges, _sums, LOOKED_AT)
        return sum_by_currency([*stated, *sums])


_make_usage = maker(Usage)


def _costs(charges: Iterable[Charge]) -> list[Money]:
    return [charge.cost for charge in charges if charge.cost is not None]


def _sums(charges: Iterable[Charge]) -> Iterable[Money]:
    return sum_by_currency(_costs(charges)).values()
