"""Which other document one names, under whatever key (CONTRACT.md, sections 2.3 and 2.4). Pure."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from billfold.wire import one_case
from billfold_bnerd.values import Node, text, word_set, words

_KEYS = ("ref_id", "cancels", "cancels_id", "reverses", "corrects", "credits")
# Keys of nothing but these words, the first one of which says that it is another's.
_OTHERS = word_set("ref reference referenced original related parent corrects cancels reverses")
_DOCUMENTS = word_set("invoice document doc id uuid")


def named_document(node: Node, own_id: str) -> str | None:
    """Return the id of another document that one names, as ids are compared; None for no other.

    0 is none, as some write null.
    """
    ids = (one_case(named) for named in _stated(node) if named != "0")
    return next((named for named in ids if named != one_case(own_id)), None)


def _stated(node: Node) -> Iterator[str]:
    for key in (*_KEYS, *filter(_names_another, node)):
        value = node.get(key)
        if named := text(value.get("id") if isinstance(value, dict) else value):
            yield named


@lru_cache(maxsize=4096)  # of each key of each document
def _names_another(key: str) -> bool:
    first, *rest = words(key) or ("",)
    return first in _OTHERS and bool(rest) and _DOCUMENTS.issuperset(rest)
