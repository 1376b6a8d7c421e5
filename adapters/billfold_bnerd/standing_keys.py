"""Which keys say what a record is and how it stands: its kind, its status, its payment's. Pure."""

from __future__ import annotations

from functools import lru_cache

from billfold_bnerd.values import word_set, words

_STATUSES = word_set("status state")
_KINDS = word_set("type kind category direction subtype subcategory")
# What a kind is called, for people or machines: `type_name`.
_LABELS = word_set("name label text code")
# What a record calls itself in such a key: `invoice_status`, `usage_state`. Rails' `aasm_state` is
# the record's, too.
_ITSELF = word_set(
    "invoice document doc bill billing record usage row entry line item charge transaction "
    "lifecycle workflow aasm current metering metered cost event posting easybill"
)
_A_DOCUMENT = word_set("invoice document doc bill record easybill")
_PAYMENT = word_set("payment payments")
# Whose kind another key says: a card is of type credit, and pays in full.
_OTHERS = word_set(
    "payment card product project customer account contact discount price pricing tax vat tier "
    "resource server instance address method service unit"
)


@lru_cache(maxsize=4096)  # of each key of each row
def names_status(key: str) -> bool:
    """Return whether a key says how the record around it stands."""
    *before, last = words(key) or ("",)
    return last in _STATUSES and _ITSELF.issuperset(before)


@lru_cache(maxsize=4096)
def names_payment_status(key: str) -> bool:
    """Return whether a key says how the payment of the record around it stands."""
    *before, last = words(key) or ("",)
    of_payment = last in _STATUSES and not _PAYMENT.isdisjoint(before)
    return of_payment and (_PAYMENT | _ITSELF).issuperset(before)


@lru_cache(maxsize=4096)
def names_type_of_document(key: str) -> bool:
    """Return whether a key says of which type the document around it is, where it is one."""
    *before, last = words(key) or ("",)
    is_kind = last in _KINDS and (before or last == "kind")
    return bool(is_kind) and _A_DOCUMENT.issuperset(before)


@lru_cache(maxsize=4096)
def names_kind(key: str) -> bool:
    """Return whether a key says of which kind the record around it is."""
    *before, last = words(key) or ("",)
    if before and last in _LABELS:
        last = before.pop()
    return last in _KINDS and _OTHERS.isdisjoint(before)
