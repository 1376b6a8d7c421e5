"""The months that rows are booked in, as rows of Billing Period."""

from __future__ import annotations

from datetime import datetime, timedelta

from billfold.focus.row_values import FocusRow, whole_second
from billfold.period import Period

# Charges of a month may arrive a day or two after its end (Harmont's CONTRACT.md, section 3.3).
_SETTLED_AFTER = timedelta(days=2)


def billing_period_row(issuer: str, month: Period, now: datetime) -> FocusRow:
    """Return the row of an invoice issuer's month, closed from two days after its end."""
    closes = month.end + _SETTLED_AFTER
    return {
        "BillingPeriodCreated": month.start,
        "BillingPeriodEnd": month.end,
        "BillingPeriodLastUpdated": max(min(closes, whole_second(now)), month.start),
        "BillingPeriodStart": month.start,
        "BillingPeriodStatus": "Closed" if now >= closes else "Open",
        "InvoiceIssuerName": issuer,
    }
