"""Documents that another one took back whole: the two ask for nothing, so nobody is billed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from billfold.model import Invoice, billed_period
from billfold.money import Money
from billfold.period import Period
from billfold.reconcile._spans import label

Pair = tuple[Invoice, Invoice]


def taken_back(documents: Sequence[Invoice]) -> list[Pair]:
    """Return each document that one of the others took back to the last digit, with that one."""
    by_id = {(each.billing_account_id, each.id): each for each in documents}
    passed = set[int]()
    pairs = list[Pair]()
    for each in documents:
        other = by_id.get((each.billing_account_id, each.cancelled_by or ""))
        if other is None or {id(each), id(other)} & passed or not _is_nothing(each, other):
            continue
        passed |= {id(each), id(other)}
        pairs.append((each, other))
    return pairs


def in_force(documents: Sequence[Invoice]) -> list[Invoice]:
    """Return the documents that ask for something, or may: all but the pairs."""
    gone = {id(each) for pair in taken_back(documents) for each in pair}
    return [each for each in documents if id(each) not in gone]


def said_of(documents: Sequence[Invoice], period: Period) -> Iterator[str]:
    """Yield a sentence for each document that billed some of a period and was taken back."""
    for each, other in taken_back(documents):
        billed = billed_period(each)
        if billed is not None and billed.overlaps(period):
            yield f"{label(each)} was taken back by {other.number or other.id}"


def _is_nothing(each: Invoice, other: Invoice) -> bool:
    return _cancel(each.total, other.total) and (
        each.net is other.net is None or _cancel(each.net, other.net)
    )


def _cancel(one: Money | None, other: Money | None) -> bool:
    return one is not None and other is not None and one == -other
