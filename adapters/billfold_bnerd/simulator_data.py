"""What the fake of b'nerd knows: two organizations, their subscriptions, and what these cost.

Metering stamps every started hour of a subscription; cost is hours x units x price, never rounded,
so that any split of a window adds up. Everything is a function of the date: metering has arrived up
to the last midnight. Last month's metering invoice was written before the last hours of one product
arrived, so it asks for less than the usage says.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from decimal import Decimal

from attrs import frozen

from billfold.period import Period, midnight, utc_text

CLOUD = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"
DEV = "2d0c9b44-7a1f-4e5b-9c38-61f2a07be5d3"
_LATE = 18  # hours of one product that arrived after last month's invoice was written
_HOUR = timedelta(hours=1)

Json = dict[str, object]


def uid(*parts: str) -> str:
    """Return a UUID made of words."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(parts)))


@frozen
class SimulatedProduct:
    """Something sold by the hour: ``price`` in the smallest unit, per unit and hour."""

    name: str
    price: Decimal
    unit: str = "hour"
    currency: str = "EUR"
    named: bool = True


COMPUTE_M = SimulatedProduct("Compute M", Decimal("3.8125"))
COMPUTE_S = SimulatedProduct("Compute S", Decimal("1.15"))
VOLUME = SimulatedProduct("Block volume", Decimal("0.0124"), "gb_hour")
OBJECTS = SimulatedProduct("Object storage", Decimal("0.0031"), "gb_hour", named=False)
BALANCER = SimulatedProduct("Load balancer", Decimal("1.45"))
SUPPORT = SimulatedProduct("Support Plus", Decimal(11))
CREDIT = SimulatedProduct("Start-up credit", Decimal("-2.5"))
TRIAL = SimulatedProduct("Compute Tokyo", Decimal(10), currency="JPY")


@frozen
class SimulatedSubscription:
    """A product tied to a project, or to the organization, from one whole hour to another."""

    org: str
    project: str | None
    product: SimulatedProduct
    units: int
    start: datetime
    end: datetime | None = None

    @property
    def id(self) -> str:
        """Its UUID."""
        return uid(self.org, self.project or "", self.product.name)

    @property
    def project_id(self) -> str | None:
        """Its project's UUID, if it has one."""
        return None if self.project is None else uid(self.org, self.project)

    def hours(self, window: Period, known_until: datetime) -> int:
        """Return how many hours start in the window and are metered."""
        start = max(self.start, window.start)
        end = min(self.end or known_until, window.end, known_until)
        return max(0, _whole_hours(end) - _whole_hours(start))

    def cost(self, hours: int) -> Decimal:
        """Return what that many hours cost, in the smallest unit."""
        return hours * self.units * self.product.price

    def row(self) -> Json:
        """Return it as the API has it."""
        return {
            "id": self.id,
            "organization_id": self.org,
            "project_id": self.project_id,
            "product_id": uid(self.product.name),
            "start_date": utc_text(self.start),
            "end_date": None if self.end is None else utc_text(self.end),
        }


def _whole_hours(moment: datetime) -> int:
    return -(-int(moment.timestamp()) // 3600)


def money(cents: Decimal, currency: str) -> Json:
    """Return money as the provider writes it: a number, or text where the unit is cut."""
    whole = cents == cents.to_integral_value()
    return {"cents": int(cents) if whole else f"{cents.normalize():f}", "currency_iso": currency}


@frozen
class Records:
    """The provider's records as of a time; months are counted back from the current one."""

    now: datetime

    def month(self, back: int) -> Period:
        """Return the month that lies ``back`` months before the current one."""
        month = Period.month_of(self.now)
        for _ in range(back):
            month = month.previous_month()
        return month

    def subscriptions(self, org: str) -> list[SimulatedSubscription]:
        """Return every subscription that an organization has or had."""
        return [entry for entry in self._subscriptions() if entry.org == org]

    def _subscriptions(self) -> tuple[SimulatedSubscription, ...]:
        first, second, third = (self.month(back).start for back in (4, 3, 2))
        last, trial = self.month(1).start, self.month(5)
        gone = last + timedelta(days=24, hours=18)
        support = last + timedelta(days=17, hours=23)
        sandbox = second + 9 * _HOUR
        entry = SimulatedSubscription
        return (
            entry(CLOUD, "ledger-prod", COMPUTE_M, 3, first),
            entry(CLOUD, "ledger-prod", VOLUME, 900, first + 13 * _HOUR),
            entry(CLOUD, "ledger-prod", BALANCER, 1, second),
            entry(CLOUD, "ledger-staging", COMPUTE_S, 2, second + 30 * _HOUR),
            entry(CLOUD, "ledger-staging", CREDIT, 1, third),
            entry(CLOUD, "ledger-staging", COMPUTE_M, 1, third, gone),
            entry(CLOUD, "data-lake", OBJECTS, 5200, first),
            entry(CLOUD, None, SUPPORT, 1, support),
            entry(CLOUD, "kaze-trial", TRIAL, 2, trial.start, trial.end),
            entry(DEV, "sandbox", COMPUTE_S, 1, sandbox),
            entry(DEV, "sandbox", VOLUME, 40, sandbox),
        )

    @property
    def known_until(self) -> datetime:
        """The last midnight: later metering has not arrived."""
        return midnight(self.now.date())

    def usage(self, org: str, window: Period) -> list[Json]:
        """Return the rows of a window."""
        entries = self.subscriptions(org)
        metered = [(entry, entry.hours(window, self.known_until)) for entry in entries]
        return [self._usage_row(entry, hours, window) for entry, hours in metered if hours]

    def _usage_row(self, entry: SimulatedSubscription, hours: int, window: Period) -> Json:
        quantity, product = hours * entry.units, entry.product
        named: Json = {"product_name": product.name, "subscription_id": entry.id}
        end = min(entry.end or self.known_until, window.end, self.known_until)
        return {
            "organization_id": entry.org,
            "project_id": entry.project_id,
            "project_name": entry.project,
            "product_id": uid(product.name),
            **(named if product.named else {}),
            "unit": product.unit,
            "quantity": quantity if product.unit == "hour" else f"{quantity}.0",
            "unit_price": money(product.price, product.currency),
            "total": money(entry.cost(hours), product.currency),
            "from": utc_text(max(entry.start, window.start)),
            "to": utc_text(end),
        }

    def metering_invoices(self, org: str) -> list[Json]:
        """Return the metering invoices of closed months with their items, newest first."""
        months = [(self.month(back), self._lines(org, back)) for back in range(1, 6)]
        return [_metering_invoice(org, month, lines) for month, lines in months if lines]

    def billed_total(self, org: str, back: int) -> Decimal | None:
        """Return what a month's metering invoice asks for; None where there is none."""
        lines = self._lines(org, back)
        return _total(lines) if lines else None

    def _lines(self, org: str, back: int) -> list[tuple[SimulatedSubscription, int]]:
        lines = [(entry, self._billed_hours(entry, back)) for entry in self.subscriptions(org)]
        return [(entry, hours) for entry, hours in lines if hours]

    def _billed_hours(self, entry: SimulatedSubscription, back: int) -> int:
        hours = entry.hours(self.month(back), self.known_until)
        is_late = back == 1 and entry.project == "ledger-prod" and entry.product is COMPUTE_M
        return hours - _LATE if is_late else hours


def _metering_invoice(
    org: str, month: Period, lines: list[tuple[SimulatedSubscription, int]]
) -> Json:
    return {
        "id": uid(org, "metering", str(month)),
        "organization_id": org,
        "period": str(month),
        "total": money(_total(lines), lines[0][0].product.currency),
        "items": [_item(entry, hours) for entry, hours in lines],
    }


def _total(lines: list[tuple[SimulatedSubscription, int]]) -> Decimal:
    return sum((entry.cost(hours) for entry, hours in lines), Decimal(0))


def _item(entry: SimulatedSubscription, hours: int) -> Json:
    product = entry.product
    project: Json = {"id": entry.project_id, "name": entry.project}
    item: Json = {
        "product": {"id": uid(product.name), "name": product.name},
        "project": None if entry.project is None else project,
        "unit_price": money(product.price, product.currency),
        "unit": product.unit,
    }
    if product is TRIAL:  # an older invoice, with the documented keys only
        return item
    total = money(entry.cost(hours), product.currency)
    return {**item, "quantity": hours * entry.units, "total": total}
