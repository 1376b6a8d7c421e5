"""What a document says of its payment: whole, in part, or not at all (section 2.4). Pure."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve, frozen

from billfold.model import Invoice, is_paid
from billfold.money import Money
from billfold.wire import is_zero_time
from billfold_bnerd.document_status import has_stayed, is_marked_paid
from billfold_bnerd.marks import own_name
from billfold_bnerd.shares import column_sums
from billfold_bnerd.status_words import says_unpaid
from billfold_bnerd.values import (
    Node,
    negated,
    number,
    text,
    whole_cents,
    word_set,
    words,
    yes_or_no,
)

_LISTS = word_set("payment payments")
# ``paid`` alone may be a yes, a time or an amount.
_AMOUNTS = ("paid_amount", "amount_paid", "paid_total", "total_paid", "paid_cents", "paid")
_TIMES = ("paid_at", "paid_on", "paid_date")


@frozen
class Payment:
    """Whether a document says that it was paid whole, and the keys of what it says was paid.

    ``sums`` are those amounts where they are not all of what it asks for.
    """

    is_whole: bool = False
    read: frozenset[str] = frozenset()
    sums: tuple[Money, ...] = ()


def payment(node: Node, currency: object, total: Money | None) -> Payment:
    """Return what a document says of its payment; a time of payment says that all was paid."""
    amounts = dict(_amounts(node, currency, total))
    lists = frozenset(key for key in node if total is not None and _add_up(key, node, total))
    is_dated = any(_is_time(node[key]) for key in node if own_name(key) in _TIMES)
    is_whole = (
        is_marked_paid(node)
        or is_dated
        or (number(node.get("paid")) is None and _is_time(node.get("paid")))
        or any(_covers(one, total) for one in amounts.values())
        or bool(lists)
    )
    others = [one for one in amounts.values() if one not in (total, negated(total))]
    return Payment(is_whole, lists | amounts.keys(), tuple(others))


def with_payment(invoice: Invoice, paid: Payment) -> tuple[Invoice, tuple[str, ...]]:
    """Return an invoice that says so where it was paid, and in words what its status does not say.

    A status of another matter gives way to ``paid``; one that says otherwise stays.
    """
    notes = [
        f"invoice {invoice.id} asks for {invoice.total}, and {one} was paid" for one in paid.sums
    ]
    if paid.is_whole and invoice.counts:
        if says_unpaid(invoice.status):
            notes.append(f"invoice {invoice.id} was paid, and its status is {invoice.status!r}")
        elif not is_paid(invoice):
            invoice = evolve(invoice, status="paid")
    return invoice, tuple(notes)


def _amounts(node: Node, currency: object, total: Money | None) -> Iterator[tuple[str, Money]]:
    """Yield what was paid by its key, where it is an amount in the total's currency."""
    for key in _AMOUNTS:
        if yes_or_no(node.get(key)) is not None:
            continue
        paid = whole_cents(node.get(key), currency).money
        if paid is None or total is None or paid.currency != total.currency:
            continue
        if paid.amount:
            yield key, paid


def _add_up(key: str, node: Node, total: Money) -> bool:
    """Return whether a list of payments, all of which stayed, is all that a document asks for."""
    listed = node[key]
    if not isinstance(listed, list) or not listed or not _LISTS.issuperset(words(key)):
        return False
    (sums, *others) = column_sums(key, node, total) or [[]]
    is_whole = not others and total.amount != 0 and (total in sums or -total in sums)
    return is_whole and all(isinstance(one, dict) and has_stayed(one) for one in listed)


def _covers(paid: Money, total: Money | None) -> bool:
    """Return whether no less was paid than a document asks for, or gives back."""
    return total is not None and abs(paid.amount) >= abs(total.amount) > 0


def _is_time(value: object) -> bool:
    """Return whether a time is stated, be it readable or not; one that stands for none is none."""
    if isinstance(value, bool):
        return value
    is_none = number(value) == 0 or yes_or_no(value) is False or is_zero_time(value)
    return any(digit in (text(value) or "") for digit in "123456789") and not is_none
