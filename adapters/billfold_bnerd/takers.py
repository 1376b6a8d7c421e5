"""What a document says that it was taken back by: ids, numbers and amounts (2.3 and 2.4). Pure."""

from __future__ import annotations

from functools import lru_cache

from billfold.wire import one_case
from billfold_bnerd.marks import is_marked, mark
from billfold_bnerd.references import DOCUMENTS, IDS, NUMBERS, texts_below
from billfold_bnerd.values import Node, word_set, words

# What takes a bill back, in its keys: `storno_id`, `refund_amount`.
_TAKING = word_set(
    "cancel cancellation cancellations storno stornos refund refunds reversal reversals gutschrift"
)
# What does only with one of the words after it: `cancelled_by`, `credit_note_ids`.
_TAKEN, _BY = word_set("cancelled canceled credited refunded reversed voided"), "by"
_CREDITS, _NOTES = word_set("credit"), word_set("note notes memo memos")
_NAMING = DOCUMENTS | IDS | NUMBERS
_AMOUNTS = word_set("amount total sum cents pre post payment")
_ALL = _TAKING | _TAKEN | _CREDITS | _NOTES | _NAMING | _AMOUNTS | {_BY}


def taking_keys(node: Node) -> list[str]:
    """Return the keys that name what takes a document back, or how much that did."""
    return [key for key in node if _names_taker(key) and is_marked(key, node[key])]


def takers(taking: Node) -> dict[str, frozenset[str]]:
    """Return the ids and numbers under the keys of what takes a document back, where any are."""
    found = {
        top: frozenset(one_case(said) for key, said in texts_below(top, value) if _is_called(key))
        for top, value in taking.items()
    }
    return {key: named for key, named in found.items() if named}


@lru_cache(maxsize=4096)  # of each key of each document
def _names_taker(key: str) -> bool:
    spelled = set(mark(key))
    is_taken = _BY in spelled and not _TAKEN.isdisjoint(spelled)
    is_credit = not _CREDITS.isdisjoint(spelled) and not (_NOTES | _NAMING).isdisjoint(spelled)
    is_taker = is_taken or is_credit or not _TAKING.isdisjoint(spelled)
    return is_taker and _ALL.issuperset(spelled)


@lru_cache(maxsize=4096)
def _is_called(key: str) -> bool:
    """Return whether an id or a number stands under a key, which may be a count without these."""
    return not ({_BY} | IDS | NUMBERS).isdisjoint(words(key))
