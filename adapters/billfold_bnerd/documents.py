"""Invoices as they are read, of either family, beside what each says of others. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from attrs import evolve, field, frozen

from billfold.model import Invoice
from billfold.money import Money
from billfold.wire import one_case
from billfold_bnerd.billed_time import BilledTime
from billfold_bnerd.document_type import backward_mark, gives_back
from billfold_bnerd.marks import own_key, with_marks_inside
from billfold_bnerd.references import (
    Mentions,
    bill_names,
    mentions,
    names_document,
    second_ids,
)
from billfold_bnerd.takers import takers, taking_keys
from billfold_bnerd.values import Node
from billfold_bnerd.versions import Versions, versions

_CANCELLING = frozenset({"STORNO", "STORNO_CREDIT"})


@frozen
class Document:
    """An invoice of either family, what it cancels or what cancels it, and what was odd.

    Ids of other documents are as they are compared. ``gaps`` are about whether it counts, and
    ``lacks`` about its amount and its month. ``is_no_bill`` is whether it asks for no money by its
    type, so that nothing gives any of it back. What a correction says of others is in its
    ``mentions``, and so are the keys by which a bill names documents, which may be itself.
    ``takers`` are what a bill says that it was taken back by, and ``taker_gaps`` the doubt in that.
    ``versions`` are what it says that it replaces or is replaced by; ``also_named`` those of the
    list that it names beside the first. ``second_ids`` are those that it may have beside its own,
    each after its key, and ``unsigned`` is its amount where nothing says which way the money goes.
    """

    invoice: Invoice
    cancel_id: str | None = None
    ref_id: str | None = None
    gaps: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    billed: BilledTime = field(factory=BilledTime)
    is_void: bool = False
    is_draft: bool = False
    is_no_bill: bool = False
    mentions: Mentions = field(factory=Mentions)
    takers: frozenset[str] = frozenset()
    taker_gaps: tuple[str, ...] = ()
    versions: Versions = field(factory=Versions)
    also_named: tuple[str, ...] = ()
    second_ids: tuple[tuple[str, str], ...] = ()
    unsigned: Money | None = None

    @property
    def all_gaps(self) -> tuple[str, ...]:
        """What leaves a sum open; what it lacks changes none where it asks for no money."""
        gaps = (*self.gaps, *self.taker_gaps)
        return (*gaps, *self.lacks) if self.invoice.counts else gaps

    @property
    def own_id(self) -> str:
        """Its own id as ids are compared."""
        return one_case(self.invoice.id)

    @property
    def number(self) -> str | None:
        """What others may name it by, beside its id."""
        return self.invoice.number

    @property
    def kind(self) -> str:
        """The type as EasyBill writes it; a document without one is an invoice."""
        return (self.invoice.type or "INVOICE").strip().upper()

    @property
    def corrects(self) -> bool:
        """Whether it gives money back, by its type or its amount."""
        return is_correction(self.invoice)

    @property
    def is_cancellation(self) -> bool:
        """Whether it takes back another document."""
        return self.kind in _CANCELLING

    def takes_back(self, other: Document) -> bool:
        """Return whether it is in force against another one, which it names, and all of that.

        A void cancellation is not by itself. A credit takes back what it is over, which may be all.
        """
        if self.is_cancellation:
            is_void_alone = self.is_void and not other.is_void
            return other.cancel_id == self.own_id or not is_void_alone
        in_force = self.invoice.counts and self.cancel_id is None
        is_credit = self.kind == "CREDIT" and other.kind == "INVOICE"
        return is_credit and in_force and self.is_over_as_much(other)

    def is_over_as_much(self, other: Document) -> bool:
        """Return whether both state the same amount, whatever the signs."""
        own, total = self.invoice.total, other.invoice.total
        return own is not None and total is not None and own in (total, -total)


def with_said_of_others(
    document: Document, node: Node, path: str, read: Collection[str] = ()
) -> Document:
    """Return a document, read from an object at a path, with all that this says of others.

    Under the keys that were ``read`` stand documents whose effect the list tells.
    """
    marked = with_marks_inside(node)
    taking = {key: marked[key] for key in taking_keys(marked) if own_key(key) not in read}
    named = {} if document.corrects else takers(taking)
    others = () if backward_mark(marked) else [key for key in taking if key not in named]
    if document.corrects:  # it may say what it takes back itself
        others = [key for key in others if not names_document(key)]
    counts = document.invoice.counts
    return evolve(
        document,
        gaps=(*document.gaps, *_taker_gaps(others, path)) if counts else document.gaps,
        mentions=mentions(node) if document.corrects else bill_names(node),
        takers=frozenset().union(*named.values()),
        taker_gaps=_taker_gaps(named, path) if counts else (),
        versions=versions(node),
        second_ids=second_ids(node),
    )


def _taker_gaps(keys: Iterable[str], path: str) -> tuple[str, ...]:
    return tuple(f"another document that may take it back - at `{path}.{key}`" for key in keys)


def is_correction(invoice: Invoice) -> bool:
    """Return whether an invoice gives money back, by its type or its amount."""
    return gives_back(invoice.type) or (invoice.total is not None and invoice.total.amount < 0)
