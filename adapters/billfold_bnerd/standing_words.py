"""Words by which a document, a row or a mark says how it stands, in each of their forms. Pure."""

from __future__ import annotations

from billfold_bnerd.values import word_set, words

# What was taken out of force whole, by a status, a mark (`is_voided`) or its time (`voided_at`).
OUT_OF_FORCE = word_set("annulled invalidated nullified rescinded storniert void voided withdrawn")
# These say the same of a document, and may be of the resource where a row is marked so.
WITHDRAWN = OUT_OF_FORCE | word_set("canceled cancelled deleted discarded revoked")
# What may be marked so and count, so that it is not known whether all of it does: another took its
# place, its money was given back, or given up.
REPLACED = word_set("corrected replaced superseded disputed")
TAKEN_BACK = word_set("refunded credited reversed voided")
GIVEN_UP = word_set(
    "waived waiver written write writeoff removed reverted declined uncollectible chargeback "
    "invalid"
)
# What a document says that it is beside them: of another kind, or not made yet.
_NOT_BINDING = word_set(
    "draft entwurf preview estimate proforma pro_forma quote quotation offer angebot"
)
_DOCUMENTS = word_set("invoice bill document rechnung")
# The beginnings and ends of what gives money back, which German writes as one word.
_BACK = word_set("credit storno cancellation refund")
_CANCELLING = word_set("storno cancellation")


def is_not_binding(spelled: tuple[str, ...]) -> bool:
    """Return whether words are what a document is called that asks for no money, or not yet."""
    kept = spelled[:-1] if len(spelled) > 1 and spelled[-1] in _DOCUMENTS else spelled
    return "_".join(kept) in _NOT_BINDING


def names_giving_back(kind: str) -> bool:
    """Return whether a kind is that of what gives money back: ``Gutschrift``, ``credit_note``."""
    return any(
        word in _BACK or word.startswith(("storno", "creditnote")) or word.endswith("gutschrift")
        for word in words(kind.lower())
    )


def names_cancelling(kind: str) -> bool:
    """Return whether a kind is that of what takes another document back."""
    return any(word in _CANCELLING or word.startswith("storno") for word in words(kind.lower()))
