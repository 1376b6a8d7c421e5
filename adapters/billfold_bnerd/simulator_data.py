"""What the fake of b'nerd knows: two organizations, their subscriptions, and the bills that follow from them.

Metering stamps every started hour of a subscription; cost is hours x units x price, never rounded, so that any split of a
window adds up. Everything is a function of the date: metering has arrived up to the last midnight. Last month's metering
invoice was written before the last hours of one product arrived, so it asks for less than the usage says.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import reduce

from attrs import frozen

from billfold.period import Period, midnight, utc_text

CLOUD = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"
DEV = "2d0c9b44-7a1f-4e5b-9c38-61f2a07be5d3"
_LATE = 18  # hours of one product that arrived after last month's invoice was written
_VAT = Decimal("1.19")
_HOUR = timedelta(hours=1)

Json = dict[str, object]


def uid(*parts: str) -> str:
    """Make a UUID of words."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(parts)))


@frozen
class Product:
    """Something sold by the hour: ``price`` is in the currency's smallest unit, per unit and hour."""

    name: str
    price: Decimal
    unit: str = "hour"
    currency: str = "EUR"
    named: bool = True


COMPUTE_M = Product("Compute M", Decimal("3.8125"))
COMPUTE_S = Product("Compute S", Decimal("1.15"))
VOLUME = Product("Block volume", Decimal("0.0124"), "gb_hour")
OBJECTS = Product("Object storage", Decimal("0.0031"), "gb_hour", named=False)
BALANCER = Product("Load balancer", Decimal("1.45"))
SUPPORT = Product("Support Plus", Decimal(11))
CREDIT = Product("Start-up credit", Decimal("-2.5"))
TRIAL = Product("Compute Tokyo", Decimal(10), currency="JPY")


@frozen
class Subscription:
    """A product tied to a project, or to the organization, from one whole hour to another."""

    org: str
    project: str | None
    product: Product
    units: int
    start: datetime
    end: datetime | None = None

    def id(self) -> str:
        """Name it."""
        return uid(self.org, self.project or "", self.product.name)

    def hours(self, window: Period, known_until: datetime) -> int:
        """Count the hours that start in the window and are metered."""
        start, end = (
            max(self.start, window.start),
            min(self.end or known_until, window.end, known_until),
        )
        return max(0, _whole_hours(end) - _whole_hours(start))


def _whole_hours(moment: datetime) -> int:
    return -(-int(moment.timestamp()) // 3600)


def money(cents: Decimal, currency: str) -> Json:
    """Write money as the provider does: an integer, or text where the smallest unit is cut."""
    whole = cents == cents.to_integral_value()
    return {"cents": int(cents) if whole else f"{cents.normalize():f}", "currency_iso": currency}


@frozen
class World:
    """The provider's records as of a time. The first months are counted back from the current one."""

    now: datetime

    def month(self, back: int) -> Period:
        """Return the month that lies ``back`` months before the current one."""
        return reduce(
            lambda month, _: Period(month.previous_month().start, month.start),
            range(back),
            Period.month_of(self.now),
        )

    @property
    def subscriptions(self) -> tuple[Subscription, ...]:
        """List every subscription there is or was."""
        first, second, third = (self.month(back).start for back in (4, 3, 2))
        last, trial = self.month(1).start, self.month(5)
        return (
            Subscription(CLOUD, "ledger-prod", COMPUTE_M, 3, first),
            Subscription(CLOUD, "ledger-prod", VOLUME, 900, first + 13 * _HOUR),
            Subscription(CLOUD, "ledger-prod", BALANCER, 1, second),
            Subscription(CLOUD, "ledger-staging", COMPUTE_S, 2, second + 30 * _HOUR),
            Subscription(CLOUD, "ledger-staging", CREDIT, 1, third),
            Subscription(
                CLOUD, "ledger-staging", COMPUTE_M, 1, third, last + timedelta(days=24, hours=18)
            ),
            Subscription(CLOUD, "data-lake", OBJECTS, 5200, first),
            Subscription(CLOUD, None, SUPPORT, 1, last + timedelta(days=17, hours=23)),
            Subscription(CLOUD, "kaze-trial", TRIAL, 2, trial.start, trial.end),
            Subscription(DEV, "sandbox", COMPUTE_S, 1, second + 9 * _HOUR),
            Subscription(DEV, "sandbox", VOLUME, 40, second + 9 * _HOUR),
        )

    @property
    def known_until(self) -> datetime:
        """The last midnight: later metering has not arrived."""
        return midnight(self.now.date())

    def of(self, org: str) -> list[Subscription]:
        """List an organization's subscriptions."""
        return [one for one in self.subscriptions if one.org == org]

    def usage(self, org: str, window: Period) -> list[Json]:
        """List the rows of a window."""
        metered = [(one, one.hours(window, self.known_until)) for one in self.of(org)]
        return [self._row(one, hours, window) for one, hours in metered if hours]

    def _row(self, one: Subscription, hours: int, window: Period) -> Json:
        quantity, product = hours * one.units, one.product
        named: Json = (
            {"product_name": product.name, "subscription_id": one.id()} if product.named else {}
        )
        return {
            "organization_id": one.org,
            "project_id": one.project and uid(one.org, one.project),
            "project_name": one.project,
            "product_id": uid(product.name),
            **named,
            "unit": product.unit,
            "quantity": quantity if product.unit == "hour" else f"{quantity}.0",
            "unit_price": money(product.price, product.currency),
            "total": money(quantity * product.price, product.currency),
            "from": utc_text(max(one.start, window.start)),
            "to": utc_text(min(one.end or self.known_until, window.end, self.known_until)),
        }

    def invoices(self, org: str) -> list[Json]:
        """List the metering invoices of closed months with their items, newest first."""
        return [bill for back in range(1, 6) if (bill := self._invoice(org, back)) is not None]

    def _invoice(self, org: str, back: int) -> Json | None:
        month, lines = self.month(back), self._lines(org, back)
        if not lines:
            return None
        return {
            "id": uid(org, "metering", str(month)),
            "organization_id": org,
            "period": str(month),
            "total": money(_sum(lines), lines[0][0].product.currency),
            "items": [self._item(one, hours) for one, hours in lines],
        }

    def _lines(self, org: str, back: int) -> list[tuple[Subscription, int]]:
        lines = [(one, self._billed(one, back)) for one in self.of(org)]
        return [(one, hours) for one, hours in lines if hours]

    def _billed(self, one: Subscription, back: int) -> int:
        hours = one.hours(self.month(back), self.known_until)
        return (
            hours - _LATE
            if back == 1 and one.project == "ledger-prod" and one.product is COMPUTE_M
            else hours
        )

    @staticmethod
    def _item(one: Subscription, hours: int) -> Json:
        product, quantity = one.product, hours * one.units
        item: Json = {
            "product": {"id": uid(product.name), "name": product.name},
            "project": one.project and {"id": uid(one.org, one.project), "name": one.project},
            "unit_price": money(product.price, product.currency),
            "unit": product.unit,
        }
        if product is TRIAL:  # an older invoice, with the documented keys only
            return item
        return {
            **item,
            "quantity": quantity,
            "total": money(quantity * product.price, product.currency),
        }

    def legal(self, org: str) -> list[Json]:
        """List the binding invoices, newest first; one was cancelled and written anew."""
        months = [(back, self._lines(org, back)) for back in range(1, 5)]
        bills = [
            bill
            for back, lines in months
            if lines
            for bill in self._documents(org, back, _sum(lines))
        ]
        dated = [bill for bill in bills if str(bill["document_date"]) <= str(self.now.date())]
        return sorted(dated, key=lambda bill: str(bill["document_date"]), reverse=True)

    def _documents(self, org: str, back: int, net: Decimal) -> list[Json]:
        issued = self.month(back).end.date() + timedelta(days=1)
        if org != CLOUD or back != 3:
            return [self._document(org, "RE", issued, net)]
        wrong = net + 1500
        return [
            self._document(org, "RE", issued, wrong),
            self._document(org, "ST", issued + timedelta(days=4), -wrong),
            self._document(org, "RE", issued + timedelta(days=5), net),
        ]

    def _document(self, org: str, series: str, issued: date, net: Decimal) -> Json:
        number = f"{series}-{issued:%y}-{issued:%j}{1 if org == CLOUD else 2}"
        paid = issued + timedelta(days=7)
        settled = series == "RE" and paid <= self.now.date()
        return {
            "id": 70_000_000 + int(uid(number)[:6], 16)
            if org == CLOUD
            else f"EB-{uid(number)[:5]}",
            "number": number,
            "type": "INVOICE" if series == "RE" else "STORNO",
            "status": "DONE" if settled else "ACCEPT" if series == "RE" else "CANCEL",
            "document_date": issued.isoformat(),
            "due_date": (issued + timedelta(days=14)).isoformat() if series == "RE" else None,
            "paid_at": paid.isoformat() if settled else None,
            "amount": _cents(net * _VAT),
            "amount_net": _cents(net),
            "currency": "EUR",
        }


def _sum(lines: list[tuple[Subscription, int]]) -> Decimal:
    return sum((hours * one.units * one.product.price for one, hours in lines), Decimal(0))


def _cents(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))
