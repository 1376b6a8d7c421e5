"""Ledger entries as rows of Cost and Usage: credits and refunds, which the usage does not have."""

from __future__ import annotations

from datetime import timedelta

from billfold.adapter.catalogue import Catalogue
from billfold.focus.row_values import (
    FocusRow,
    account_level_columns,
    billing_account_columns,
    cost_columns,
    period_columns,
    provider_columns,
    title_words,
)
from billfold.model import Category, LedgerEntry
from billfold.period import Period


def ledger_row(entry: LedgerEntry, category: Category, catalogue: Catalogue) -> FocusRow:
    """Return the row of a ledger entry.

    What is added to the balance lowers the cost, so the sign is turned. The entry's description is
    not exported: it may contain the code of a coupon.
    """
    month = Period.month_of(entry.at)
    return {
        **provider_columns(catalogue),
        **billing_account_columns(catalogue, entry.account, entry.billing_account_id),
        **period_columns(month, entry.at, entry.at + timedelta(seconds=1)),
        **cost_columns(-entry.amount),
        **account_level_columns(),
        "ChargeCategory": category.value.capitalize(),
        "ChargeDescription": title_words(entry.kind),
        "ChargeFrequency": "One-Time",
        "x_CostBasis": "ledger",
        "x_ProviderRecordId": entry.id,
    }
