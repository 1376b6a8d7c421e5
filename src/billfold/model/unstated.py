"""The one rule for what is a hole inside a record: an amount that nobody states."""

from __future__ import annotations

from collections.abc import Iterable

from billfold.model.invoices import Invoice
from billfold.model.streams import Stream
from billfold.model.usage import Charge, Usage
from billfold.steps import LOOKED_AT, Steps, at_once, slices

# The streams whose records may lack an amount; those of the others always have one.
MAY_BE_UNSTATED = frozenset({Stream.USAGE, Stream.INVOICES})


def is_unstated(record: Charge | Invoice) -> bool:
    """Return whether nobody states what this charge or invoice costs.

    A charge included in another is stated there, and what asks for no money costs none.
    """
    if isinstance(record, Charge):
        return record.cost is None and record.included_in is None
    return record.total is None and record.counts


def count_unstated(items: Iterable[object]) -> int:
    """Return how many charges and invoices among a stream's items nobody states the cost of."""
    return at_once(counting_unstated(items))


def counting_unstated(items: Iterable[object]) -> Steps[int]:
    """Return what :func:`count_unstated` does; pauses where there are very many charges."""
    count = 0
    for item in items:
        if isinstance(item, Usage):
            for number, some in enumerate(slices(item.charges, LOOKED_AT)):
                if number:
                    yield
                # Without a call each, as there may be very many.
                unknown = [charge for charge in some if charge.cost is None]
                count += sum(map(is_unstated, unknown))
        elif isinstance(item, Invoice):
            count += is_unstated(item)
    return count
