"""What single statuses of invoices say of their money (CONTRACT.md, 2.3 and 2.4). Pure."""

from __future__ import annotations

from billfold.model import says_paid
from billfold_bnerd.standing_words import WITHDRAWN, is_not_binding
from billfold_bnerd.values import word_set, words

TAKEN_OUT = WITHDRAWN | word_set(
    "cancel storno gelöscht geloescht ungültig ungueltig widerrufen zurückgezogen "
    "zurueckgezogen annulliert"
)
VOID = TAKEN_OUT | word_set("rejected replaced superseded ersetzt")
# Of these a cancellation says what it is, and not that it was withdrawn itself (section 2.4).
CANCELLED = word_set("annulled annulliert cancel canceled cancelled storniert storno")
# That its money is still asked for, at least in part.
_UNPAID = word_set(
    "due late offen open outstanding overdue partial partially_paid past_due unpaid fällig faellig "
    "überfällig ueberfaellig unbezahlt teilbezahlt teil_bezahlt teilweise_bezahlt"
)
# Statuses of what asks for its money, or did; of any other word it is not known (section 2.3).
IN_FORCE = _UNPAID | word_set(
    "accept accepted active billed bezahlt closed complete completed created current done "
    "dropshipping due final finalised finalized finished invoiced issued late new offen open "
    "outstanding overdue paid partial partially_paid past_due posted processed published sent "
    "exported exportiert synced synchronised synchronized uploaded "
    "settled unpaid versendet versandt gesendet ausgestellt abgeschlossen erledigt "
    "gebucht verbucht beglichen ausgeglichen neu aktiv"
)
_ISSUED, _PAID, _OWED = "issued", "paid", "open"  # what those in force say of their money


def is_void(status: str | None) -> bool:
    """Return whether a status says that a document asks for no money, or not yet."""
    return status is not None and (status_word(status) in VOID or binds_nobody(status))


def binds_nobody(status: str) -> bool:
    """Return whether a status is that of a draft, or of what is called a pro-forma or a quote."""
    return is_not_binding(words(status.lower()))


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
    return _ISSUED if word in IN_FORCE else word


def says_unpaid(status: str | None) -> bool:
    """Return whether a status says that not all of a document was paid."""
    return status is not None and status_word(status) in _UNPAID


def says_payment(status: str | None) -> bool:
    """Return whether a status says that a document was paid, or that it is to be."""
    return says_paid(status) or says_unpaid(status)
