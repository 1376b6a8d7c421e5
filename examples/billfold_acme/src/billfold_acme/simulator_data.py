"""What the fake of Acme has, as a function of the date alone.

So two runs on one day give the same numbers.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from attrs import frozen

from billfold.period import Period, midnight, utc_text

Json = dict[str, object]

CURRENCY = "EUR"
BALANCE = Decimal("1000.50")

_PRICE = Decimal("0.123456789")  # of an hour: many digits, so that a lost one shows
_EVERY = timedelta(hours=8)
_DAY = timedelta(days=1)
_FIRST_DAY = date(2026, 8, 12)  # of machines: the same whenever somebody asks
_TAX = Decimal("1.19")


@frozen
class Data:
    """Everything as it is at a time.

    A machine runs for one to three hours, three times a day, and is paid for once a week.
    """

    now: datetime

    def started(self, window: Period) -> list[datetime]:
        """Return when machines were started in a window."""
        first = midnight(max(window.start.date(), _FIRST_DAY))
        end = min(window.end, self.now)
        times = (first + _EVERY * number for number in range((end - first) // _EVERY + 1))
        return [at for at in times if at < end and at in window]

    def cost(self, window: Period) -> Decimal:
        """Return what a window costs."""
        return sum(map(_cost, self.started(window)), Decimal(0))

    def lines(self, window: Period) -> list[Json]:
        """Return a window's lines, oldest first."""
        return [_line(at) for at in self.started(window)]

    def days(self, window: Period) -> list[Json]:
        """Return the days that have begun in a window, also those that cost nothing."""
        days: list[Json] = []
        day = window.start.date()
        while midnight(day) < min(window.end, self.now):
            days.append({"date": day.isoformat(), "cost": self.cost(Period.day(day))})
            day += _DAY
        return days

    def movements(self) -> list[Json]:
        """Return all movements, newest first.

        Money is paid in on the first of a month, and what was used is taken on Sundays.
        """
        movements: list[Json] = []
        day = self.now.date()
        while day > _FIRST_DAY:
            if day.day == 1:
                movements.append(_movement("payment", day, Decimal("250.00")))
            if day.isoweekday() == 7:
                week = Period.days(day - 7 * _DAY, day)
                movements.append(_movement("usage", day, -self.cost(week)))
            day -= _DAY
        return movements

    def invoices(self) -> list[Json]:
        """Return a statement and an invoice of each month that is over.

        A fee comes with them that has no date at all.
        """
        invoices = [_invoice("inv-fee", "F-1", Decimal("1.19"), binding=True)]
        month = Period.month_of(self.now).previous_month()
        while month.end.date() > _FIRST_DAY:
            invoices += self._invoices_of(month, month.end.date() + 2 * _DAY)
            month = month.previous_month()
        return invoices

    def _invoices_of(self, month: Period, issued_on: date) -> list[Json]:
        """Return a month's statement, and the invoice, which adds tax and names no month."""
        cost = self.cost(month)
        statement = _invoice(f"st-{month}", f"S-{month}", cost, binding=False, issued_on=issued_on)
        invoice = _invoice(
            f"inv-{month}", f"R-{month}", cost * _TAX, binding=True, issued_on=issued_on
        )
        return [{**statement, "month": f"{month}"}, invoice]


def _cost(at: datetime) -> Decimal:
    return _PRICE * (at.hour // 8 + 1)


def _line(at: datetime) -> Json:
    hours = at.hour // 8 + 1
    return {
        "id": f"line-{at:%Y%m%d%H}",
        "started_at": utc_text(at),
        "ended_at": utc_text(at + timedelta(hours=hours)),
        "product": "Anvil M",
        "cost": _cost(at),
        "hours": hours,
        "note": None if at.hour else "the first of its day",
    }


def _movement(kind: str, day: date, amount: Decimal) -> Json:
    return {
        "id": f"{kind}-{day}",
        "at": utc_text(midnight(day) + timedelta(hours=9)),
        "amount": amount,
        "currency": CURRENCY,
        "kind": kind,
    }


def _invoice(
    id_: str, number: str, total: Decimal, *, binding: bool, issued_on: date | None = None
) -> Json:
    return {
        "id": id_,
        "number": number,
        "binding": binding,
        "status": "paid",
        "total": total,
        "currency": CURRENCY,
        "month": None,
        "issued_on": None if issued_on is None else issued_on.isoformat(),
        "lines": [{"id": f"{id_}/1", "product": "Anvil M", "cost": total}],
    }
