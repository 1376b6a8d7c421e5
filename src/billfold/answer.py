"""What the facade returns: the items, how well they cover what was asked, and totals that refuse holes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Generic, TypeVar, overload

from attrs import frozen

from billfold.errors import BillfoldError, IncompleteError
from billfold.model import Balance, DailyCost, Invoice, InvoiceKind, LedgerEntry, Usage
from billfold.money import Money, sums
from billfold.period import Period

T = TypeVar("T")
Totals = dict[str, Money]


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


class State(StrEnum):
    """How well an account's stream covers what was asked."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    DIFFERENT_WINDOW = "different_window"
    UNAVAILABLE = "unavailable"
    UNSUPPORTED = "unsupported"
    FAILED = "failed"
    TIMED_OUT = "timed_out"


ANSWERED = frozenset({State.COMPLETE, State.PARTIAL, State.DIFFERENT_WINDOW})


@frozen
class Coverage:
    """How one account's stream covers one window; ``covers`` is None where no window applies or none was reached."""

    account: str
    provider: str
    stream: Stream
    state: State
    covers: Period | None = None
    detail: str | None = None


@frozen
class Answer(Generic[T]):
    """Everything the asked accounts said, in the order they are configured; iterating gives the items.

    ``asked`` is the period as given, None for each provider's current one. ``failures`` are the errors themselves.
    """

    stream: Stream
    asked: Period | None
    items: tuple[T, ...]
    coverage: tuple[Coverage, ...]
    failures: tuple[BillfoldError, ...] = ()

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def complete(self) -> bool:
        """Whether every asked account that has the stream answered in full for the window asked, and at least one has it."""
        states = {row.state for row in self.coverage} - {State.UNSUPPORTED}
        return states == {State.COMPLETE}

    @property
    def answered(self) -> bool:
        """Whether anything was answered at all."""
        return any(row.state in ANSWERED for row in self.coverage)

    @property
    def holes(self) -> tuple[Coverage, ...]:
        """The rows that keep the answer from being complete."""
        return tuple(row for row in self.coverage if row.state not in (State.COMPLETE, State.UNSUPPORTED))

    @overload
    def totals(self: Answer[Invoice], *, partial: bool = False) -> dict[str, Totals]: ...
    @overload
    def totals(
        self: Answer[Usage] | Answer[Balance] | Answer[DailyCost] | Answer[LedgerEntry], *, partial: bool = False
    ) -> Totals: ...
    def totals(self: Answer[Any], *, partial: bool = False) -> Totals | dict[str, Totals]:
        """Add up per currency: costs of usage or days, amounts of balances or ledger entries; invoices per kind.

        Streams that are no money (subscriptions, payment methods) add up to nothing. Raises IncompleteError over a hole
        unless ``partial=True``.
        """
        if not partial and not self.complete:
            raise IncompleteError(f"the {self.stream} total would miss something: {self.missing()}; partial=True accepts that")
        return total(self.stream, self.items)

    def missing(self) -> str:
        """Say in one line what keeps the answer from being complete."""
        rows = [f"{row.account} is {row.state}" + (f" ({row.detail})" if row.detail else "") for row in self.holes]
        return ", ".join(rows) or "no account has this stream"

    def to_json(self, *, indent: int | None = None) -> str:
        """Write the answer as one JSON object of schema ``billfold.answer/1``; decimals are text in plain notation."""
        from billfold.codec import dumps

        return dumps(self, indent)

    @staticmethod
    def from_json(text: str | bytes) -> Answer[Any]:
        """Read what :meth:`to_json` wrote; the result equals the answer that was written."""
        from billfold.codec import loads

        return loads(text)


def _usage_costs(item: Usage) -> Iterable[Money]:
    return item.totals().values()


_AMOUNTS: Mapping[Stream, Callable[[Any], Iterable[Money]]] = {
    Stream.USAGE: _usage_costs,
    Stream.BALANCES: lambda item: (item.amount,),
    Stream.LEDGER: lambda item: (item.amount,),
    Stream.DAILY: lambda item: (item.cost,),
}


def total(stream: Stream, items: Iterable[Any]) -> Totals | dict[str, Totals]:
    """Add up a stream's items, whatever their coverage."""
    if stream is Stream.INVOICES:
        bills = [item for item in items if item.total is not None]
        kinds = [kind for kind in InvoiceKind if any(bill.kind is kind for bill in bills)]
        return {kind.value: sums(bill.total for bill in bills if bill.kind is kind) for kind in kinds}
    amounts = _AMOUNTS.get(stream)
    return sums(money for item in items for money in amounts(item)) if amounts else {}


def unstated(items: Iterable[object]) -> int:
    """Count the amounts that nobody states: charges without a cost that no other charge carries, invoices without a total."""
    count = 0
    for item in items:
        if isinstance(item, Usage):
            count += sum(charge.hole for charge in item.charges)
        elif isinstance(item, Invoice):
            count += item.total is None
    return count
