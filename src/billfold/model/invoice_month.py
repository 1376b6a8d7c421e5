"""The one rule for which period an invoice bills, used by every view."""

from __future__ import annotations

from datetime import timedelta

from billfold.errors import PeriodError
from billfold.model.invoices import Invoice
from billfold.period import Period, midnight

# Bills are dated on the last days of the month they bill, or later.
_EARLY = timedelta(days=3)


def billed_period(invoice: Invoice) -> Period | None:
    """Return the period that an invoice bills; None where nothing on it says so.

    That is the period it states. Without one it is the UTC calendar month that ended last, because
    providers bill a month at its end: one dated in the last three days of a month bills that month.
    """
    if invoice.period is not None:
        return invoice.period
    if invoice.issued_on is None:
        return None
    try:
        later = midnight(invoice.issued_on) + _EARLY
        return Period.month_of(later).previous_month()
    except (OverflowError, PeriodError):
        return None  # dated to the first or the last month of the calendar: a way to say nothing


def bills_in(invoice: Invoice, period: Period | None) -> bool:
    """Return whether an invoice belongs to ``period``: what it bills begins there.

    So periods that meet share no invoice. Every invoice belongs to None, and one that does not say
    what it bills belongs to every period: leaving it out would hide money.
    """
    billed = billed_period(invoice)
    return period is None or billed is None or billed.start in period
