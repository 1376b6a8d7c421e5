"""What can be asked of an account, and the record that each answer is made of."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from billfold.model.balances import Balance, DailyCost, LedgerEntry
from billfold.model.invoices import Invoice
from billfold.model.payments import Credential, PaymentMethod, Subscription
from billfold.model.usage import Usage


class Stream(StrEnum):
    """What can be asked of an account."""

    BALANCES = "balances"
    USAGE = "usage"
    DAILY = "daily"
    LEDGER = "ledger"
    INVOICES = "invoices"
    SUBSCRIPTIONS = "subscriptions"
    PAYMENT_METHODS = "payment_methods"
    CHECK = "check"


RECORDS: Mapping[Stream, type] = {
    Stream.BALANCES: Balance,
    Stream.USAGE: Usage,
    Stream.DAILY: DailyCost,
    Stream.LEDGER: LedgerEntry,
    Stream.INVOICES: Invoice,
    Stream.SUBSCRIPTIONS: Subscription,
    Stream.PAYMENT_METHODS: PaymentMethod,
    Stream.CHECK: Credential,
}

# The streams that are asked for a period; the others are answered as of now.
WINDOWED = frozenset({Stream.USAGE, Stream.DAILY, Stream.LEDGER, Stream.INVOICES})


class State(StrEnum):
    """How well an account's stream covers what was asked."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    DIFFERENT_WINDOW = "different_window"
    UNAVAILABLE = "unavailable"
    UNSUPPORTED = "unsupported"
    FAILED = "failed"
    TIMED_OUT = "timed_out"


# The states in which an account has answered something.
ANSWERED = frozenset({State.COMPLETE, State.PARTIAL, State.DIFFERENT_WINDOW})
# The states in which all was read of the window that an answer covers, be it another than asked.
READ_WHOLE = frozenset({State.COMPLETE, State.DIFFERENT_WINDOW})
