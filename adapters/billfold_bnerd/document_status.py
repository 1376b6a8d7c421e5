"""Whether documents ask for money, and what leaves that open (CONTRACT.md, 2.3 and 2.4). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from billfold_bnerd.document_type import backward_mark, cancels, stated_type, unbinding_kinds
from billfold_bnerd.marks import (
    changing_marks,
    is_set,
    mark,
    never_final,
    said_of,
)
from billfold_bnerd.references import names_document
from billfold_bnerd.row_status import open_marks
from billfold_bnerd.standing_keys import names_status
from billfold_bnerd.standing_words import (
    GIVEN_UP,
    REPLACED,
    TAKEN_BACK,
    WITHDRAWN,
    is_not_binding,
)
from billfold_bnerd.status_words import (
    CANCELLED,
    IN_FORCE,
    TAKEN_OUT,
    VOID,
    binds_nobody,
    is_void,
    says_payment,
    status_word,
)
from billfold_bnerd.takers import taking_keys
from billfold_bnerd.values import Node, text, word_set, words, yes_or_no
from billfold_bnerd.versions import names_version

# What a document may be marked as that counts, so that it is not known whether all of it does.
_CHANGED = TAKEN_BACK | REPLACED | WITHDRAWN | GIVEN_UP | word_set("cancellation")
# What says so by a no: `valid: false`.
_ASKING = word_set("valid issued binding billable chargeable")
# The end of a key for when that was: `discarded_at`, `void_date`, `storniert_am`.
_AT = word_set("at on am date datum time")
# What may be of a time to come in such a key, or of what went before: `cancel_at`, `rejected_on`.
_PERHAPS_AT = word_set("cancel storno rejected")
_STATUSES = ("status", "state")
_HISTORIES = word_set("history transitions statuses states")
_FINALIZED, _ESTIMATED = ("finalized",), ("estimated",)


def statuses(node: Node) -> list[str]:
    """Return the keys of what a document says of its status, the plain ones first."""
    others = (key for key in node if key not in _STATUSES and names_status(key))
    return [*(key for key in _STATUSES if key in node), *others]


def standing_gaps(node: Node, path: str, *, is_negative: bool, is_paid: bool) -> tuple[str, ...]:
    """Return what keeps it from being certain whether a document asks for its money.

    What a bill was taken back by, and other versions of it, are judged beside the list. One that
    ``is_negative`` takes back what it names, as one whose type says so does.
    """
    if is_marked_void(node):
        return _void_gaps(node, path, is_paid=is_paid)
    return _status_gaps(node, path, is_negative=is_negative)


def _void_gaps(node: Node, path: str, *, is_paid: bool) -> tuple[str, ...]:
    """Return a gap where a document that is void says otherwise that it was paid, or is to be.

    So is one that is known to be a draft because it has no time of being made final.
    """
    void = next(_void_keys(node), None)
    if void is None and (at := _draft_by_time(node)) is not None:
        return (f"a draft by this alone, and not counted - at `{path}.{at}`",)
    if void is None or not (
        is_paid or any(says_payment(text(node.get(key))) for key in statuses(node))
    ):
        return ()
    said = "void by this and paid or open by another word, and not counted"
    return (f"{said} - at `{path}.{void}`",)


def _status_gaps(node: Node, path: str, *, is_negative: bool) -> tuple[str, ...]:
    gaps = []
    for key in statuses(node):
        value = node.get(key)
        if value is not None and not isinstance(value, str):
            gaps.append(f"whether a document is void is not readable - at `{path}.{key}`")
        elif value and not is_void(value) and status_word(value) not in IN_FORCE:
            gaps.append(f"a status that is not known, and counted - at `{path}.{key}`")
    is_backward = backward_mark(node) is not None
    gives_back = is_backward or is_negative
    changed = changing_marks(node, _CHANGED, gives_back=gives_back)
    # What gives money back may say of what: `credited_invoice_id`.
    named = [key for key in node if gives_back and names_document(key)]
    named += [key for key in changed if not gives_back and names_version(node, key)]
    named += () if is_backward else taking_keys(node)
    changed = [key for key in changed if key not in named]
    changed += [key for key in node if _dated(key) in _PERHAPS_AT and is_set(node[key])]
    changed += [key for key in node if _asks(key) and yes_or_no(node[key]) is False]
    gaps += [f"a mark that may change what counts - at `{path}.{key}`" for key in changed]
    gaps += [
        f"a mark that it is not final, and counted - at `{path}.{key}`" for key in open_marks(node)
    ]
    gaps += [
        f"a kind that asks for no money, and counted - at `{path}.{key}`"
        for key in unbinding_kinds(node)
    ]
    own = CANCELLED if is_backward else frozenset()
    gaps += [
        f"a history that may end as void, and counted - at `{path}.{key}`"
        for key in node
        if _names_history(key) and _ends_withdrawn(node[key], own)
    ]
    return tuple(gaps)


@lru_cache(maxsize=4096)  # of each key of each document
def _asks(key: str) -> bool:
    return len(mark(key)) == 1 and _ASKING.issuperset(mark(key))


@lru_cache(maxsize=4096)
def _names_history(key: str) -> bool:
    return _HISTORIES.issuperset(words(key)[-1:])


def _ends_withdrawn(history: object, own: frozenset[str]) -> bool:
    """Return whether a list of what was says last, whichever end that is, that all is withdrawn."""
    entries = [history[0], history[-1]] if isinstance(history, list) and history else []
    said = (
        text(value)
        for entry in entries
        for value in (entry.values() if isinstance(entry, Mapping) else [entry])
    )
    return any(status_word(word or "") in TAKEN_OUT - own for word in said)


def is_draft(node: Node) -> bool:
    """Return whether a document says that it is a draft, or not final, by a mark of its own."""
    return any(_draft_marks(node)) or _draft_by_time(node) is not None


def _draft_marks(node: Node) -> Iterator[str]:
    for key in node:
        said, value = mark(key), node[key]
        if (said == _FINALIZED and yes_or_no(value) is False) or (
            (is_not_binding(said) or said == _ESTIMATED) and yes_or_no(value)
        ):
            yield key


def _draft_by_time(node: Node) -> str | None:
    """Return the key by which a document was never made final, where nothing says otherwise."""
    is_said = any(text(node[key]) for key in statuses(node)) or any(_draft_marks(node))
    is_paid = any(said_of(key) == "paid" and is_set(node[key]) for key in node)
    return None if is_said or is_paid else never_final(node)


def is_marked_void(node: Node) -> bool:
    """Return whether a document says, in any of the usual ways, that it asks for no money yet."""
    return any(_void_keys(node)) or _draft_by_time(node) is not None


def _void_keys(node: Node) -> Iterator[str]:
    """Yield the keys by which a document says so, its statuses first.

    Of a cancellation, that it is called cancelled says nothing of the kind.
    """
    own = CANCELLED if cancels(text(stated_type(node)[1])) else frozenset()
    for key in statuses(node):
        stated = text(node.get(key)) or ""
        if status_word(stated) in VOID - own or binds_nobody(stated):
            yield key
    yield from _draft_marks(node)
    for key in node:
        if "_".join(mark(key)) in WITHDRAWN - own and yes_or_no(node[key]):
            yield key
    for key in node:
        # An object says more than when, and is a mark that may change what counts.
        is_time = _dated(key) in WITHDRAWN - own
        if is_time and not isinstance(node[key], bool | dict | list) and is_set(node[key]):
            yield key


@lru_cache(maxsize=4096)  # of each key of each document
def _dated(key: str) -> str | None:
    """Return what a key says something is marked as, where it is that of when that was."""
    word, *at = mark(key) or ("",)
    return word if len(at) == 1 and _AT.issuperset(at) else None


def called_cancelled(node: Node) -> str | None:
    """Return the key by which a cancellation is itself said to be cancelled, None of all else."""
    if not cancels(text(stated_type(node)[1])):
        return None
    said = ((key, status_word(text(node.get(key)) or "")) for key in statuses(node))
    return next((key for key, word in said if word in CANCELLED), None)


def shown_status(node: Node) -> str | None:
    """Return the status that a document states, or that its marks come to.

    Of two that differ it is the one by which the document does not count.
    """
    marked = "draft" if is_draft(node) else "void" if is_marked_void(node) else None
    stated = [word for key in statuses(node) if (word := text(node.get(key)))]
    if (void := next(filter(is_void, stated), None)) is not None:
        return void
    return stated[0] if stated and not (marked and any(map(says_payment, stated))) else marked
