"""From the shapes of Harmont's replies to billfold's model; ``usage`` reads leases. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from sys import intern

from billfold.model import Balance, BalanceKind, Credential, DailyCost, LedgerEntry
from billfold.money import Money
from billfold.period import Period, midnight
from billfold.wire import DriftError, Problem, decode, parse_at, parse_rows
from billfold_harmont import wire

# No reply names a currency; top-ups are made in US dollars (section 1.4).
CURRENCY = "USD"


def usd(cents: Decimal) -> Money:
    """Return US cents as money."""
    return Money.minor(cents, CURRENCY)


def problem(body: bytes) -> Problem:
    """Return what an error body says; one without an envelope says nothing (section 1.5)."""
    try:
        reply = decode(body, wire.ErrorReply)
    except DriftError:
        return Problem()
    error = reply.error or reply.errors or wire.ErrorBody()
    return Problem(error.code, error.message or error.detail, error.request_id)


def credential(user: wire.User) -> Credential:
    """Return the token's owner."""
    return Credential(user.name or user.personal_org_slug or user.uuid)


def balance(org: str, reply: wire.Balance, as_of: datetime) -> Balance:
    """Return a prepaid balance; builds that outran it make it negative (section 3.1)."""
    with parse_at("$.balance_cents"):
        amount = usd(reply.balance_cents)
    scope = f"organization:{org}"
    return Balance(amount, BalanceKind.PREPAID, scope, as_of, org, billing_account_id=org)


def ledger_entries(
    org: str, rows: Iterable[wire.Transaction], period: Period | None
) -> tuple[LedgerEntry, ...]:
    """Return the entries posted in the period; signs and kinds are Harmont's (section 3.2)."""

    def entry(row: wire.Transaction) -> LedgerEntry:
        return LedgerEntry(
            id=row.id,
            at=row.created_at,
            amount=Money.minor(row.amount_cents, CURRENCY),  # many entries: a call less each
            kind=intern(row.source),  # few kinds, many entries
            description=row.description,
            billing_account_id=org,
            for_usage=row.source == "vm_lease_debit",
        )

    posted = [row for row in rows if period is None or row.created_at in period]
    return parse_rows("$.data", posted, entry)


def reaches_before(rows: Sequence[wire.Transaction], period: Period) -> bool:
    """Return whether a page of the ledger ends before the period, so that no later page is in it.

    Pages come newest first (section 3.2). A page out of that order decides nothing.
    """
    times = [row.created_at for row in rows]
    descending = all(newer >= older for newer, older in pairwise(times))
    return bool(times) and descending and times[-1] < period.start


def daily_costs(org: str, reply: wire.Series, window: Period) -> tuple[DailyCost, ...]:
    """Return the days of a window, whatever other days are there, each once (section 3.4)."""
    costs = parse_rows(
        "$.data",
        reply.data,
        lambda row: DailyCost(row.date, usd(row.total_cents), billing_account_id=org),
    )
    days: dict[date, DailyCost] = {}
    for index, day in enumerate(costs):
        if midnight(day.date) not in window:
            continue
        if day.date in days:
            raise DriftError(f"the day {day.date} comes twice - at `$.data[{index}]`")
        days[day.date] = day
    return tuple(days.values())


def missing_days(costs: Iterable[DailyCost], window: Period, now: datetime) -> tuple[date, ...]:
    """Return the days that are over and have no bucket; every day has one (section 3.4)."""
    stated = {day.date for day in costs}
    return tuple(day for day in window.days_over(now) if day not in stated)


def days_outside(reply: wire.Series, window: Period) -> tuple[date, ...]:
    """Return the days that were not asked for, but the empty one at the end (section 3.4)."""
    return tuple(
        row.date
        for row in reply.data
        if midnight(row.date) not in window
        and not (midnight(row.date) == window.end and row.total_cents == 0)
    )


def listed(days: Iterable[date]) -> str:
    """Write the first few of some days."""
    texts = [str(day) for day in days]
    more = f" and {len(texts) - 6} more" if len(texts) > 6 else ""
    return ", ".join(texts[:6]) + more
