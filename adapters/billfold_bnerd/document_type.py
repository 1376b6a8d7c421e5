"""Of which type an invoice is, and whether that asks for money (CONTRACT.md, 2.3 and 2.4). Pure."""

from __future__ import annotations

from billfold_bnerd.marks import mark
from billfold_bnerd.standing_keys import names_kind, names_type_of_document
from billfold_bnerd.standing_words import is_not_binding, names_cancelling, names_giving_back
from billfold_bnerd.status_words import is_void
from billfold_bnerd.values import Node, text, word_set, words, yes_or_no

OWED = frozenset({"INVOICE", "CREDIT", "STORNO", "STORNO_CREDIT"})
_NOTOWED = word_set(
    "OFFER ORDER DELIVERY CHARGE CHARGE_CONFIRM PROFORMA_INVOICE STORNO_PROFORMA_INVOICE REMINDER "
    "DUNNING RECURRING PDF LETTER"
)
# Metering invoices have types that nobody documents, of which some may ask for money or not.
_UNSURE = word_set("ORDER DELIVERY CHARGE CHARGE_CONFIRM RECURRING PDF LETTER")
_NO_BILLS = _NOTOWED - _UNSURE
# What says of which type a document is.
_TYPES = ("type", "document_type", "doc_type", "invoice_type")
_NOTES = word_set("credit note memo storno refund cancellation gutschrift")


def stated_type(node: Node) -> tuple[str, object]:
    """Return what a document says of its type, and under which key; None where it says nothing."""
    others = (key for key, kind in _kinds(node).items() if _is_type(key, kind))
    key = (*(key for key in _TYPES if key in node), *others, _TYPES[0])[0]
    return key, node.get(key)


def backward_mark(node: Node) -> str | None:
    """Return the key that says that an invoice gives money back: its type's, or a flag."""
    own, _ = stated_type(node)
    for key in (own, *_kinds(node)):
        if gives_back(text(node.get(key))):
            return key
    marked = ((key, mark(key)) for key in node if yes_or_no(node[key]))
    return next((key for key, said in marked if said and _NOTES.issuperset(said)), None)


def unbinding_kinds(node: Node) -> list[str]:
    """Return the other keys of a document's kind that call it one that asks for no money."""
    own, _ = stated_type(node)
    kinds = ((key, kind) for key, kind in _kinds(node).items() if key != own)
    return [key for key, kind in kinds if is_no_bill(kind) or _is_void(kind)]


def _kinds(node: Node) -> dict[str, str]:
    """Return what other keys say of a document's kind, which may be anything else, too."""
    kinds = ((key, text(node[key])) for key in node if names_kind(key))
    return {key: kind for key, kind in kinds if kind is not None}


def _is_type(key: str, kind: str) -> bool:
    if not names_type_of_document(key):
        return False
    return is_known(kind) or is_no_bill(kind) or gives_back(kind)


def is_owed(kind: str) -> bool:
    """Return whether a document of this type asks for money of its own, or gives it back."""
    return kind.strip().upper() in OWED


def is_known(kind: str) -> bool:
    """Return whether this is one of EasyBill's types of documents."""
    return is_owed(kind) or kind.strip().upper() in _NOTOWED


def is_no_bill(kind: str | None) -> bool:
    """Return whether a metering invoice's type says that it asks for no money."""
    return kind is not None and (
        _type_word(kind) in _NO_BILLS or is_not_binding(words(kind.lower()))
    )


def may_be_no_bill(kind: str | None) -> bool:
    """Return whether a metering invoice's type leaves it open whether it asks for money."""
    return kind is not None and (_type_word(kind) in _UNSURE or _is_void(kind))


def _is_void(kind: str) -> bool:
    """Return whether a kind is a status of what is void, and not that of what takes back."""
    return is_void(kind) and not (gives_back(kind) or cancels(kind))


def _type_word(kind: str) -> str:
    return kind.strip().upper().replace("-", "_")


def gives_back(kind: str | None) -> bool:
    """Return whether a metering invoice's type says that it gives money back."""
    return kind is not None and names_giving_back(kind)


def cancels(kind: str | None) -> bool:
    """Return whether a type, of either family, is that of a document that takes back another."""
    return kind is not None and names_cancelling(kind)
