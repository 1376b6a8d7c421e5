"""How far a project is from the amount at which it is charged (CONTRACT.md, section 2.2). Pure."""

from decimal import Decimal

from billfold.money import Money, minor_units
from billfold_latitude import wire


def until_charged(label: str, currency: str, bill: wire.Credit) -> str | None:
    """Return in words what a cycle comes to so far, at what it is charged, and when it renews.

    None where threshold or price is not stated, or is no amount: nothing is owed by this.
    """
    used = _money(bill.amount if bill.price is None else bill.price, currency)
    threshold = _money(bill.threshold, currency)
    if used is None or threshold is None or threshold.amount <= 0:
        return None
    distance = threshold - used
    left = f"{distance} to go" if distance.amount > 0 else "reached"
    end = None if bill.period is None else bill.period.end
    renewal = "" if end is None else f", renews on {end:%Y-%m-%d}"
    return f"{label}: {used} so far, charged at {threshold} ({left}){renewal}"


def _money(cents: Decimal | None, currency: str) -> Money | None:
    try:
        return None if cents is None else minor_units(currency)(cents)
    except ValueError:  # as every error about money is
        return None
