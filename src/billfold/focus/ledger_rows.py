"""A ledger entry as a row of Cost and Usage, for the movements that are neither a payment nor in the usage. Pure."""

from __future__ import annotations

from datetime import timedelta

from billfold.adapter.catalogue import Catalogue
from billfold.focus.row_values import (
    Row,
    account_level,
    billed_to,
    booked,
    sold_by,
    unpriced,
    words,
)
from billfold.model import Category, LedgerEntry
from billfold.period import Period


def row(entry: LedgerEntry, category: Category, catalogue: Catalogue) -> Row:
    """Map an entry: what the ledger adds (a coupon, a grant, a refund) lowers the cost, so its sign turns.

    The description stays behind: it may hold a coupon's code.
    """
    return {
        **sold_by(catalogue),
        **billed_to(catalogue, entry.account, entry.billing_account_id, None),
        **booked(Period.month_of(entry.at), entry.at, entry.at + timedelta(seconds=1)),
        **unpriced(-entry.amount),
        **account_level(),
        "ChargeCategory": category.value.capitalize(),
        "ChargeDescription": words(entry.kind),
        "ChargeFrequency": "One-Time",
        "x_CostBasis": "ledger",
        "x_ProviderRecordId": entry.id,
    }
