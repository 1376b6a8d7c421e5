"""The one model that every provider's answers become.

All money is :class:`~billfold.money.Money`; all times are aware and UTC; windows are half-open.
``None`` means *not stated*, never zero. In every record ``provider`` is the adapter's name and
``account`` the configured account's; the core writes both, adapters leave them out.
``billing_account_id`` is whom the provider bills (organization, team, customer) and
``sub_account_id`` the project or pipeline below it. Our own value sets are StrEnums; a provider's
open sets (``kind``, ``unit``, ``status`` ...) stay its text.
"""

from billfold.model.balances import (
    Balance,
    BalanceKind,
    DailyCost,
    DayPart,
    LedgerEntry,
    make_entry,
)
from billfold.model.booking import (
    booking_month,
    booking_months,
    month_of_start,
    start_within,
    time_in_cycle,
    time_within,
)
from billfold.model.first_cycle import first_billed
from billfold.model.invoice_month import billed_period, bills_in
from billfold.model.invoices import (
    Invoice,
    InvoiceKind,
    InvoiceLine,
    is_overdue,
    is_paid,
    payment_text,
    says_paid,
)
from billfold.model.open_amounts import OpenAmount, open_amounts
from billfold.model.payments import Credential, PaymentMethod, Subscription
from billfold.model.record_ids import number_duplicates, numbering, qualify_ids, qualifying
from billfold.model.residual import (
    describe_residual,
    is_residual,
    is_residual_of,
    settling,
    with_residual,
)
from billfold.model.stamping import stamp, stamping
from billfold.model.streams import ANSWERED, READ_WHOLE, RECORDS, WINDOWED, State, Stream
from billfold.model.totals import Totals, amounts_of, currencies, finding_currencies, total
from billfold.model.unstated import (
    MAY_BE_UNSTATED,
    count_unstated,
    counting_unstated,
    is_unstated,
)
from billfold.model.usage import Category, Cause, Charge, Check, Usage, make_charge
from billfold.secret_numbers import redact_tags

__all__ = [
    "Totals",
    "amounts_of",
    "currencies",
    "finding_currencies",
    "first_billed",
    "total",
    "ANSWERED",
    "MAY_BE_UNSTATED",
    "READ_WHOLE",
    "RECORDS",
    "WINDOWED",
    "Balance",
    "BalanceKind",
    "Category",
    "Cause",
    "Charge",
    "Check",
    "Credential",
    "DailyCost",
    "DayPart",
    "Invoice",
    "InvoiceKind",
    "InvoiceLine",
    "LedgerEntry",
    "OpenAmount",
    "PaymentMethod",
    "State",
    "Stream",
    "Subscription",
    "Usage",
    "billed_period",
    "bills_in",
    "booking_month",
    "booking_months",
    "count_unstated",
    "counting_unstated",
    "describe_residual",
    "is_overdue",
    "is_paid",
    "is_residual",
    "is_residual_of",
    "is_unstated",
    "make_charge",
    "make_entry",
    "month_of_start",
    "number_duplicates",
    "numbering",
    "payment_text",
    "open_amounts",
    "redact_tags",
    "qualify_ids",
    "qualifying",
    "says_paid",
    "settling",
    "stamp",
    "stamping",
    "start_within",
    "time_in_cycle",
    "time_within",
    "with_residual",
]
