"""What a document says of its payment: whole, in part, or not at all (section 2.4). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from attrs import evolve, frozen

from billfold.model import Invoice, is_paid, says_paid
from billfold.money import Money
from billfold.wire import is_zero_time
from billfold_bnerd.document_status import statuses
from billfold_bnerd.marks import is_marked, mark, own_key, said_of
from billfold_bnerd.shares import column_sums
from billfold_bnerd.standing_keys import names_payment_status
from billfold_bnerd.standing_words import TAKEN_BACK
from billfold_bnerd.status_words import says_payment, says_unpaid, status_word
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
# Of a payment that did not stay, whole or in part: `partially_refunded`, `charged_back`.
_NOT_KEPT = TAKEN_BACK | word_set(
    "disputed dispute disputes refund refunds refunding back chargeback chargebacks reversal "
    "reversals void"
)
# Objects of a payment that a document holds, and lists of them: `latest_charge`, `payment_intent`.
_PAYMENTS = word_set("payment payments charge charges")
_ABOUT_PAYMENTS = _PAYMENTS | word_set("latest last intent intents stripe details info")
_ENVELOPE = "data"  # of a list, where that is an object
_SUCCEEDED = word_set(
    "succeeded success successful captured complete completed confirmed cleared received done "
    "closed processed"
)
_PAID_MARKS = (("paid",), ("fully", "paid"), ("paid", "fully"), ("paid", "in", "full"))
# ``paid`` alone may be a yes, a time or an amount.
_AMOUNTS = ("paid_amount", "amount_paid", "paid_total", "total_paid", "paid_cents", "paid")
_TIMES = ("paid_at", "paid_on", "paid_date")


@frozen
class Payment:
    """Whether a document says that it was paid whole, and the keys of what it says was paid.

    ``sums`` are those amounts where they are not all of what it asks for. ``odd`` are the places of
    words by which what was paid may not have stayed so, or not have come.
    """

    is_whole: bool = False
    read: frozenset[str] = frozenset()
    sums: tuple[Money, ...] = ()
    odd: tuple[str, ...] = ()

    def gaps(self, path: str) -> tuple[str, ...]:
        """Return a gap for each odd word, by its place in the reply."""
        said = "a word of its payment that may change what counts"
        return tuple(f"{said} - at `{path}.{place}`" for place in self.odd)


def payment(node: Node, currency: object, total: Money | None) -> Payment:
    """Return what a document says of its payment; a time of payment says that all was paid."""
    amounts = dict(_amounts(node, currency, total))
    lists = frozenset(key for key in node if total is not None and _add_up(key, node, total))
    is_dated = any(_is_time(node[key]) for key in node if own_key(key) in _TIMES)
    stated = _payment_words(node)
    is_whole = (
        any(mark(key) in _PAID_MARKS and yes_or_no(node[key]) is True for key in node)
        or any(map(says_paid, stated.values()))
        or is_dated
        or (number(node.get("paid")) is None and _is_time(node.get("paid")))
        or any(_covers(one, total) for one in amounts.values())
        or bool(lists)
    )
    others = [one for one in amounts.values() if one not in (total, negated(total))]
    denied = (place for place, word in stated.items() if _is_odd(word, is_paid=is_whole))
    gone = (f"{place}.{key}" for place, one in _payments_in(node) for key in _not_kept(one))
    odd = tuple(dict.fromkeys((*denied, *gone)))
    return Payment(is_whole, lists | amounts.keys(), tuple(others), odd)


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


def _payment_words(node: Node) -> dict[str, str]:
    """Return what a document says of how its payment stands, by the places of that."""
    inside = node.get("payment")
    below = {f"payment.{key}": inside[key] for key in inside} if isinstance(inside, dict) else {}
    stated = ((key, text(value)) for key, value in {**node, **below}.items())
    return {key: word for key, word in stated if word is not None and names_payment_status(key)}


def _is_odd(word: str, *, is_paid: bool) -> bool:
    """Return whether a word denies a payment; that one failed says nothing of what is not paid."""
    is_denied = is_paid and not (says_payment(word) or status_word(word) in _SUCCEEDED)
    return is_denied or not _NOT_KEPT.isdisjoint(words(word.lower()))


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
    return is_whole and all(isinstance(one, dict) and _has_stayed(one) for one in listed)


def _has_stayed(payment: Node) -> bool:
    """Return whether nothing of a payment says that it failed, or was given back."""
    stated = (text(payment[key]) for key in statuses(payment))
    was_received = all(
        word is None or says_paid(word) or status_word(word) in _SUCCEEDED for word in stated
    )
    return was_received and not any(_not_kept(payment))


def _not_kept(payment: Node) -> Iterator[str]:
    """Yield the keys by which a payment says that it was given back, or may be, at least in part.

    One that failed was no payment.
    """
    for key in statuses(payment):
        if not _NOT_KEPT.isdisjoint(words((text(payment.get(key)) or "").lower())):
            yield key
    for key in payment:
        if said_of(key) in _NOT_KEPT and is_marked(key, payment[key]):
            yield key


def _payments_in(node: Node, around: str = "") -> Iterator[tuple[str, Node]]:
    """Yield each payment that an object holds, at whatever depth, by its place."""
    for key in node:
        if not (_names_payments(key) or (around and key == _ENVELOPE)):
            continue
        value, place = node[key], f"{around}{key}"
        several = [*enumerate(value)] if isinstance(value, list) else ()
        for at, one in (*((f"{place}[{at}]", each) for at, each in several), (place, value)):
            if isinstance(one, Mapping):
                yield at, one
                yield from _payments_in(one, f"{at}.")


@lru_cache(maxsize=4096)  # of each key of each document
def _names_payments(key: str) -> bool:
    """Return whether payments of a document may stand under a key."""
    spelled = words(key)
    return not _PAYMENTS.isdisjoint(spelled) and _ABOUT_PAYMENTS.issuperset(spelled)


def _covers(paid: Money, total: Money | None) -> bool:
    """Return whether no less was paid than a document asks for, or gives back."""
    return total is not None and abs(paid.amount) >= abs(total.amount) > 0


def _is_time(value: object) -> bool:
    """Return whether a time is stated, be it readable or not; one that stands for none is none."""
    if isinstance(value, bool):
        return value
    is_none = number(value) == 0 or yes_or_no(value) is False or is_zero_time(value)
    return any(digit in (text(value) or "") for digit in "123456789") and not is_none
