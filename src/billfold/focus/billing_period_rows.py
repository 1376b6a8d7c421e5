"""The months that rows are booked in, as rows of Billing Period. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from billfold.focus.row_values import Row, whole
from billfold.period import Period

# Late lines are usual for a day or two after the month (Harmont's contract, section 3.3).
SETTLED = timedelta(days=2)


def row(issuer: str, month: Period, now: datetime) -> Row:
    """Map a month of one issuer; it is closed two days after its end."""
    closed = month.end + SETTLED
    return {
        "BillingPeriodCreated": month.start,
        "BillingPeriodEnd": month.end,
        "BillingPeriodLastUpdated": max(min(closed, whole(now)), month.start),
        "BillingPeriodStart": month.start,
        "BillingPeriodStatus": "Closed" if now >= closed else "Open",
        "InvoiceIssuerName": issuer,
    }
