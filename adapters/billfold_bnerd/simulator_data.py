"""What the fake of b'nerd knows: two organizations, their subscriptions, and what these cost.

Metering stamps every started hour; cost is hours x units x price, never rounded.
"""

import uuid
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any

from attrs import frozen

from billfold.period import Period, utc_text

CLOUD = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"
DEV = "2d0c9b44-7a1f-4e5b-9c38-61f2a07be5d3"
Json = dict[str, Any]

# Months are counted back from here, by an earlier clock from its own: what is over stays as it was.
_FROM = Period.month(2026, 11)
_STATED_LATE = timedelta(hours=2)  # the end of a month, of one product: by a day
_LATE = 18  # hours of one product that arrive after a month's invoice was written, from October on
# What else the invoicing service keeps and is no bill, by its series of numbers.
_NO_BILLS = {"OFFER": "AN", "ORDER": "AB", "DELIVERY": "LS", "CHARGE_CONFIRM": "BB"}
_NO_BILLS |= {"PROFORMA_INVOICE": "PF", "REMINDER": "ZE", "DUNNING": "MA", "LETTER": "BR"}
_VAT = Decimal("1.19")
_DAY = timedelta(days=1)


def uid(*parts: str) -> str:
    """Return a UUID made of words."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(parts)))


@frozen
class _HourlyProduct:
    """Something sold by the hour: ``price`` in the smallest unit, per unit and hour."""

    name: str
    price: Decimal
    unit: str = "hour"
    currency: str = "EUR"
    named: bool = True

    def money(self, cents: Decimal) -> Json:
        # A number, or text where the unit is cut.
        is_whole = cents == cents.to_integral_value()
        count = int(cents) if is_whole else f"{cents.normalize():f}"
        return {"cents": count, "currency_iso": self.currency}


COMPUTE_M = _HourlyProduct("Compute M", Decimal("3.8125"))
COMPUTE_S = _HourlyProduct("Compute S", Decimal("1.15"))
VOLUME = _HourlyProduct("Block volume", Decimal("0.0124"), "gb_hour")
OBJECTS = _HourlyProduct("Object storage", Decimal("0.0031"), "gb_hour", named=False)
BALANCER = _HourlyProduct("Load balancer", Decimal("1.45"))
SUPPORT = _HourlyProduct("Support Plus", Decimal(11))
CREDIT = _HourlyProduct("Start-up credit", Decimal("-2.5"))
TRIAL = _HourlyProduct("Compute Tokyo", Decimal(10), currency="JPY")


@frozen
class _Metered:
    """A product tied to a project, or to the organization, from one whole hour to another."""

    org: str
    project: str | None
    product: _HourlyProduct
    units: int
    start: datetime
    end: datetime | None = None

    @property
    def id(self) -> str:
        return uid(self.org, self.project or "", self.product.name)

    @property
    def ids(self) -> Json:
        project_id = None if self.project is None else uid(self.org, self.project)
        product_id = uid(self.product.name)
        return {"organization_id": self.org, "project_id": project_id, "product_id": product_id}

    def hours(self, window: Period, today: datetime) -> int:
        start = max(self.start, window.start)
        end = min(self.end or today, window.end, today)
        return max(0, _whole_hours(end) - _whole_hours(start))

    def cost(self, hours: int) -> Decimal:
        return hours * self.units * self.product.price

    def row(self) -> Json:
        end = self.end and utc_text(self.end)
        return {"id": self.id, **self.ids, "start_date": utc_text(self.start), "end_date": end}


_Lines = list[tuple[_Metered, int]]


def _whole_hours(moment: datetime) -> int:
    return -(-int(moment.timestamp()) // 3600)


@frozen
class Records:
    """The provider's records as of ``today``, the last midnight: later metering is not there."""

    today: datetime

    def _month(self, back: int) -> Period:
        month = min(_FROM, Period.month_of(self.today), key=lambda month: month.start)
        for _ in range(back):
            month = month.previous_month()
        return month

    def _closed(self, back: int) -> tuple[Period, ...]:
        """Return the months that are over, the newest first."""
        since = Period(self._month(back).start, Period.month_of(self.today).start)
        return since.split_months()[::-1]

    def subscriptions(self, org: str) -> list[Json]:
        """Return every subscription that an organization has or had."""
        return [entry.row() for entry in self._subscriptions(org)]

    def _subscriptions(self, org: str) -> list[_Metered]:
        first, second, third, last = (self._month(back).start for back in (4, 3, 2, 1))
        trial, sandbox = self._month(5), second + timedelta(hours=9)
        gone = last + timedelta(days=24, hours=18)
        entry = _Metered
        entries = (
            entry(CLOUD, "ledger-prod", COMPUTE_M, 3, first),
            entry(CLOUD, "ledger-prod", VOLUME, 900, first + timedelta(hours=13)),
            entry(CLOUD, "ledger-prod", BALANCER, 1, second),
            entry(CLOUD, "ledger-staging", COMPUTE_S, 2, second + timedelta(hours=30)),
            entry(CLOUD, "ledger-staging", CREDIT, 1, third),
            entry(CLOUD, "ledger-staging", COMPUTE_M, 1, third, gone),
            entry(CLOUD, "data-lake", OBJECTS, 5200, first),
            entry(CLOUD, None, SUPPORT, 1, last + timedelta(days=17, hours=23)),
            entry(CLOUD, "kaze-trial", TRIAL, 2, trial.start, trial.end),
            entry(DEV, "sandbox", COMPUTE_S, 1, sandbox),
            entry(DEV, "sandbox", VOLUME, 40, sandbox),
        )
        return [entry for entry in entries if entry.org == org]

    def usage(self, org: str, window: Period) -> list[Json]:
        """Return the rows of a window."""
        rows = (self._usage_row(entry, window) for entry in self._subscriptions(org))
        return [row for row in rows if row is not None]

    def _usage_row(self, entry: _Metered, window: Period) -> Json | None:
        until = self.today
        if entry.product is OBJECTS and until.day == 1:
            until -= _STATED_LATE
        hours = entry.hours(window, until)
        if not hours:
            return None
        quantity, product = hours * entry.units, entry.product
        named = {"product_name": product.name, "subscription_id": entry.id}
        return {
            **entry.ids,
            **{"project_name": entry.project, **(named if product.named else {})},
            "unit": product.unit,
            "quantity": quantity if product.unit == "hour" else f"{quantity}.0",
            "unit_price": product.money(product.price),
            "total": product.money(entry.cost(hours)),
            "from": utc_text(max(entry.start, window.start)),
            "to": utc_text(min(entry.end or until, window.end, until)),
        }

    def metering_invoices(self, org: str) -> list[Json]:
        """Return the metering invoices of closed months with their items, newest first."""
        months = [(str(month), self._lines(org, month)) for month in self._closed(5)]
        return [
            {
                "id": uid(org, "metering", month),
                "organization_id": org,
                "period": month,
                "total": lines[0][0].product.money(_total(lines)),
                "items": [_item(entry, hours) for entry, hours in lines],
            }
            for month, lines in months
            if lines
        ]

    def _lines(self, org: str, month: Period) -> _Lines:
        lines, late_since = [], self._month(1).start
        for entry in self._subscriptions(org):
            is_late = (
                month.start >= late_since
                and entry.project == "ledger-prod"
                and entry.product is COMPUTE_M
            )
            lines.append((entry, entry.hours(month, self.today) - (_LATE if is_late else 0)))
        return [(entry, hours) for entry, hours in lines if hours]

    def legal_documents(self, org: str) -> list[Json]:
        """Return an organization's documents up to today, newest first, as EasyBill writes them."""
        documents = [row for month in self._closed(4) for row in self._documents(org, month)]
        if org == CLOUD:
            write = partial(_document, org, issued=self._month(2).start.date(), net=Decimal(9900))
            documents += [write(kind, series) for kind, series in _NO_BILLS.items()]
            documents += [write("INVOICE", "EN") | {"is_draft": True}]
        written = [row for row in documents if row["document_date"] <= str(self.today.date())]
        return sorted(written, key=lambda row: str(row["document_date"]), reverse=True)

    def _documents(self, org: str, month: Period) -> list[Json]:
        """Return a month's documents; those of even months state the time that they bill.

        Of every fourth one the invoice was wrong: it is cancelled, and written anew.
        """
        lines = self._lines(org, month)
        if not lines:
            return []
        net, issued = _total(lines), month.end.date() + _DAY
        billed = None if month.start.month % 2 else month
        if org != CLOUD or month.start.month % 4:
            return [self._invoice(org, issued, net, billed)]
        wrong = net + 1500
        cancelled = self._invoice(org, issued, wrong, billed)
        cancellation = _document(org, "STORNO", "ST", issued + 4 * _DAY, -wrong)
        cancellation["ref_id"] = cancelled["id"]
        cancelled["cancel_id"] = cancellation["id"]
        return [cancelled, cancellation, self._invoice(org, issued + 5 * _DAY, net, billed)]

    def _invoice(self, org: str, issued: date, net: Decimal, billed: Period | None) -> Json:
        paid = issued + 7 * _DAY
        service: Json = dict.fromkeys(("date", "date_from", "date_to", "text"))
        service["type"] = "DEFAULT" if billed is None else "SERVICE"
        if billed is not None:
            first, last = billed.start.date(), billed.end.date() - _DAY
            service |= {"date_from": str(first), "date_to": str(last)}
        return _document(org, "INVOICE", "RE", issued, net) | {
            "due_date": str(issued + 14 * _DAY),
            "paid_at": str(paid) if paid <= self.today.date() else None,
            "service_date": service,
        }


def _total(lines: _Lines) -> Decimal:
    return sum((entry.cost(hours) for entry, hours in lines), Decimal(0))


def _item(entry: _Metered, hours: int) -> Json:
    product, ids = entry.product, entry.ids
    item = {
        "product": {"id": ids["product_id"], "name": product.name},
        "project": {"id": ids["project_id"], "name": entry.project} if entry.project else None,
        "unit_price": product.money(product.price),
        "unit": product.unit,
    }
    if product is TRIAL:  # an older invoice, with the documented keys only
        return item
    return {**item, "quantity": hours * entry.units, "total": product.money(entry.cost(hours))}


def _document(org: str, kind: str, series: str, issued: date, net: Decimal) -> Json:
    """Return a legal document (CONTRACT.md, section 2.4); ids differ by organization in form."""
    number = f"{series}-{issued:%y}-{issued:%j}{1 if org == CLOUD else 2}"
    digits = uid(number)
    return {
        "id": 70_000_000 + int(digits[:6], 16) if org == CLOUD else f"EB-{digits[:5]}",
        "number": number,
        "type": kind,
        "status": None,  # belongs to offers, orders, deliveries and charges
        "is_draft": False,
        "document_date": str(issued),
        "amount": int((net * _VAT).to_integral_value(ROUND_HALF_UP)),
        "amount_net": int(net.to_integral_value(ROUND_HALF_UP)),
        "currency": "EUR",
        **dict.fromkeys(("cancel_id", "ref_id", "due_date", "paid_at")),
    }
