"""Which types and statuses of invoices ask for money (CONTRACT.md, 2.3 and 2.4). Pure."""

from __future__ import annotations

from collections.abc import Iterator

from billfold.model import says_paid
from billfold.wire import is_zero_time
from billfold_bnerd.marks import REPLACED, TAKEN_BACK, changing_marks, mark
from billfold_bnerd.row_status import open_marks
from billfold_bnerd.values import Node, text, word_set, words, yes_or_no

OWED = frozenset({"INVOICE", "CREDIT", "STORNO", "STORNO_CREDIT"})
_NOTOWED = word_set(
    "OFFER ORDER DELIVERY CHARGE CHARGE_CONFIRM PROFORMA_INVOICE STORNO_PROFORMA_INVOICE REMINDER "
    "DUNNING RECURRING PDF LETTER"
)
# Metering invoices have types that nobody documents, of which some may ask for money or not.
_UNSURE = word_set("ORDER DELIVERY CHARGE CHARGE_CONFIRM RECURRING PDF LETTER")
_NO_BILLS = (_NOTOWED - _UNSURE) | word_set("PROFORMA PRO_FORMA QUOTE ESTIMATE PREVIEW DRAFT")
_VOID = word_set(
    "annulled cancel canceled cancelled deleted draft entwurf preview rejected replaced storniert "
    "storno superseded void voided"
)
# Of these a cancellation says what it is, and not that it was withdrawn itself (section 2.4).
_CANCELLED = word_set("annulled cancel canceled cancelled storniert storno")
# Statuses of what asks for its money, or did; of any other word it is not known (section 2.3).
_IN_FORCE = word_set(
    "accept accepted active billed bezahlt closed complete completed created current done "
    "dropshipping due final finalised finalized finished invoiced issued late new offen open "
    "outstanding overdue paid partial partially_paid past_due posted processed published sent "
    "settled unpaid"
)
# Of these the ones that say that its money is still asked for, at least in part.
_UNPAID = word_set("due late offen open outstanding overdue partial partially_paid past_due unpaid")
_ISSUED, _PAID, _OWED = "issued", "paid", "open"  # what those in force say of their money
_VOID_FLAGS = word_set("draft preview estimate estimated void voided cancelled canceled deleted")
# What a document may be marked as that counts, so that it is not known whether all of it does.
_CHANGED = TAKEN_BACK | REPLACED | word_set("cancelled canceled cancellation")
# What is given up, `written_off`, or was taken from the account again that paid it.
_CHANGED |= word_set("written uncollectible chargeback")
_VOID_TIMES = ("voided_at", "cancelled_at", "canceled_at", "deleted_at")
_STATUSES = ("status", "state")
_PAYMENT_STATUSES = ("payment_status", "payment_state")
_PAID_MARKS = (("paid",), ("fully", "paid"), ("paid", "fully"), ("paid", "in", "full"))


# What says of which type a document is; a `kind` may be anything else, too.
_TYPES = ("type", "document_type", "doc_type", "invoice_type")
_CANCELLING = word_set("storno cancellation")
_NOTES = word_set("credit note memo storno refund cancellation gutschrift")


def stated_type(node: Node) -> tuple[str, object]:
    """Return what a document says of its type, and under which key; None where it says nothing."""
    kind = text(node.get("kind"))
    known = kind is not None and (is_known(kind) or is_no_bill(kind) or gives_back(kind))
    keys = (*(key for key in _TYPES if key in node), *(("kind",) if known else ()), "type")
    return keys[0], node.get(keys[0])


def backward_mark(node: Node) -> str | None:
    """Return the key that says that an invoice gives money back: its type's, or a flag."""
    key, kind = stated_type(node)
    if gives_back(text(kind)):
        return key
    marked = ((key, mark(key)) for key in node if yes_or_no(node[key]))
    return next((key for key, said in marked if said and _NOTES.issuperset(said)), None)


def is_owed(kind: str) -> bool:
    """Return whether a document of this type asks for money of its own, or gives it back."""
    return kind.strip().upper() in OWED


def is_known(kind: str) -> bool:
    """Return whether this is one of EasyBill's types of documents."""
    return is_owed(kind) or kind.strip().upper() in _NOTOWED


def is_no_bill(kind: str | None) -> bool:
    """Return whether a metering invoice's type says that it asks for no money."""
    return kind is not None and _type_word(kind) in _NO_BILLS


def may_be_no_bill(kind: str | None) -> bool:
    """Return whether a metering invoice's type leaves it open whether it asks for money."""
    return kind is not None and _type_word(kind) in _UNSURE


def _type_word(kind: str) -> str:
    return kind.strip().upper().replace("-", "_")


def gives_back(kind: str | None) -> bool:
    """Return whether a metering invoice's type says that it gives money back."""
    return kind is not None and not {"credit", "storno", "cancellation", "refund"}.isdisjoint(
        words(kind.lower())
    )


def cancels(kind: str | None) -> bool:
    """Return whether a type, of either family, is that of a document that takes back another."""
    return kind is not None and not _CANCELLING.isdisjoint(words(kind.lower()))


def is_void(status: str | None) -> bool:
    """Return whether a status says that a document asks for no money, or not yet."""
    return status is not None and status_word(status) in _VOID


def status_word(status: str) -> str:
    """Return a status as statuses are compared."""
    return "_".join(status.lower().replace("-", " ").split())


def contradict(one: str, other: str) -> bool:
    """Return whether two statuses cannot both be true, as `paid` and `open`, or `void` and any.

    One in force that says nothing of payment (`issued`) is true of what is paid and of what is not.
    """
    said = {_matter(one), _matter(other)}
    return len(said) > 1 and not any(said <= {_ISSUED, payment} for payment in (_PAID, _OWED))


def says_more_of_payment(one: str, other: str) -> bool:
    """Return whether one status says whether a document was paid, and another one does not."""
    return _matter(other) == _ISSUED and _matter(one) in (_PAID, _OWED)


def _matter(status: str) -> str:
    """Return what a status says of a document's money; one that is not known, itself."""
    if is_void(status):
        return "void"
    if says_paid(status):
        return _PAID
    if says_unpaid(status):
        return _OWED
    word = status_word(status)
    return _ISSUED if word in _IN_FORCE else word


def status_gaps(node: Node, path: str) -> tuple[str, ...]:
    """Return what keeps a status from saying whether a document that counts asks for its money."""
    gaps = []
    for key in _STATUSES:
        value = node.get(key)
        if value is not None and not isinstance(value, str):
            gaps.append(f"whether a document is void is not readable - at `{path}.{key}`")
        elif value and not is_void(value) and status_word(value) not in _IN_FORCE:
            gaps.append(f"a status that is not known, and counted - at `{path}.{key}`")
    changed = changing_marks(node, _CHANGED, gives_back=backward_mark(node) is not None)
    gaps += [f"a mark that may change what counts - at `{path}.{key}`" for key in changed]
    gaps += [
        f"a mark that it is not final, and counted - at `{path}.{key}`" for key in open_marks(node)
    ]
    return tuple(gaps)


def is_draft(node: Node) -> bool:
    """Return whether a document says that it is a draft, or not final, by a mark of its own."""
    return any(_draft_marks(node))


def _draft_marks(node: Node) -> Iterator[str]:
    for key in ("finalized", "is_finalized"):
        if yes_or_no(node.get(key)) is False:
            yield key
    for key in ("is_draft", "draft"):
        if yes_or_no(node.get(key)):
            yield key


def is_marked_void(node: Node) -> bool:
    """Return whether a document says, in any of the usual ways, that it asks for no money yet."""
    return any(_void_keys(node))


def _void_keys(node: Node) -> Iterator[str]:
    """Yield the keys by which a document says so, its statuses first.

    Of a cancellation, that it is called cancelled says nothing of the kind.
    """
    own = _CANCELLED if cancels(text(stated_type(node)[1])) else frozenset()
    for key in _STATUSES:
        if status_word(text(node.get(key)) or "") in _VOID - own:
            yield key
    yield from _draft_marks(node)
    for key in node:
        if "_".join(mark(key)) in _VOID_FLAGS - own and yes_or_no(node[key]):
            yield key
    for key in _VOID_TIMES:
        is_stated = node.get(key) not in (None, "", False) and not is_zero_time(node[key])
        if is_stated and own.isdisjoint(mark(key)):
            yield key


def called_cancelled(node: Node) -> str | None:
    """Return the key by which a cancellation is itself said to be cancelled, None of all else."""
    if not cancels(text(stated_type(node)[1])):
        return None
    said = ((key, status_word(text(node.get(key)) or "")) for key in _STATUSES)
    return next((key for key, word in said if word in _CANCELLED), None)


def is_marked_paid(node: Node) -> bool:
    """Return whether a document says by a mark, or by a word of its payment, that all was paid."""
    marked = any(mark(key) in _PAID_MARKS and yes_or_no(node[key]) is True for key in node)
    return marked or any(says_paid(text(node.get(key))) for key in _PAYMENT_STATUSES)


def says_unpaid(status: str | None) -> bool:
    """Return whether a status says that not all of a document was paid."""
    return status is not None and status_word(status) in _UNPAID


def _says_payment(status: str | None) -> bool:
    """Return whether a status says that a document was paid, or that it is to be."""
    return says_paid(status) or says_unpaid(status)


def shown_status(node: Node) -> str | None:
    """Return the status that a document states, or that its marks come to.

    Of two that differ it is the one by which the document does not count.
    """
    marked = "draft" if is_draft(node) else "void" if is_marked_void(node) else None
    stated = [word for key in _STATUSES if (word := text(node.get(key)))]
    if (void := next(filter(is_void, stated), None)) is not None:
        return void
    return stated[0] if stated and not (marked and any(map(_says_payment, stated))) else marked


def void_gaps(node: Node, path: str, *, is_paid: bool) -> tuple[str, ...]:
    """Return a gap where a document that is void says otherwise that it was paid, or is to be."""
    void = next(_void_keys(node), None)
    if void is None or not (
        is_paid or any(_says_payment(text(node.get(key))) for key in _STATUSES)
    ):
        return ()
    said = "void by this and paid or open by another word, and not counted"
    return (f"{said} - at `{path}.{void}`",)
