"""What a document says of others: their ids and numbers (CONTRACT.md, 2.3 and 2.4). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from attrs import frozen

from billfold.wire import one_case
from billfold_bnerd.values import Node, ident, word_set, words

_KEYS = ("ref_id", "cancels", "cancels_id", "reverses", "corrects", "credits")
# Keys of nothing but these words, the first one of which says that it is another's.
_OTHERS = word_set("ref reference referenced original related parent corrects cancels reverses")

# What says that a key is of another document, alone or before what a document is called.
_RELATED = _OTHERS | word_set(
    "references predecessor preceding previous root credits refunds applies relates adjusts "
    "betrifft bezug"
)
# What does so only beside that: a thing may be linked, or credited, by itself.
_MARKED = word_set(
    "linked credited corrected cancelled canceled refunded reversed voided applied adjusted source "
    "base initial for of on against to zu storniert stornierte stornierter korrigiert korrigierte "
    "korrigierter gutgeschriebene gutgeschriebener ursprung urspruengliche urspruenglicher"
)
DOCUMENTS = word_set("invoice invoices document documents doc docs bill bills rechnung beleg")
# What follows one of these first says whom the document goes to: `bill_to`, `invoice_to_id`.
_TO = "to"
# By what a document is named, and around what of it.
IDS, NUMBERS = word_set("id ids uuid uuids"), word_set("number numbers no nr nummer")
_CALLED = DOCUMENTS | IDS
_AROUND = IDS | NUMBERS | word_set("data")
# A voucher may be one that was redeemed, but beside a word of relation: lexoffice's invoices.
_ALL = _RELATED | _MARKED | DOCUMENTS | _AROUND
_ALL |= word_set("credit billing easybill legal sales voucher vouchers")
# What a correction is, of the document that such a key names: `correction_of`, `storno_of_id`.
_CORRECTIONS = word_set(
    "correction cancellation reversal refund adjustment credit applied storno gutschrift korrektur"
)
_NOTE, _OF = word_set("note memo"), word_set("of for to zu")
# What may be an order of the customer's, the document's own number, or a subject.
_VAGUE = word_set("ref reference referenced credit betrifft bezug")
# By what a document may say again which one it is: `easybill_document_id`.
_ITSELF = word_set("document doc")
_ABOUT_ITSELF = _ITSELF | word_set("id uuid billing easybill legal")
# By what a document says which one it is, beside its own id.
_SECOND = _ABOUT_ITSELF | word_set("external internal invoice")
# How an id or a number is written, and what else is: a day, a month, a file.
_NAME = re.compile(r"#?\w+([-/.]\w+)*")
_NO_NAME = re.compile(r"\d{4}-\d\d(-\d\d.*)?|.*\.(pdf|xml|html?)|\D*", re.IGNORECASE)
# Links and files, which are no sentences: a path may end as a number does.
_PLACES = word_set("url urls uri uris href path file filename")
_PLACE = re.compile(r"(\w+:/)?/\S*|\S+\.(pdf|xml|html?)", re.IGNORECASE)
# What a document says of itself, of what takes it back, or of what takes its place.
_OWN = ("id", "number", "cancel_id")
_LATER = word_set("by next successor replacement")


@frozen
class Mentions:
    """What stands in a document that may name others.

    ``ids`` stand under keys that name a document, ``firm`` ones, each after its key, under keys
    that can mean nothing else. ``texts`` are all, as they are written.
    """

    ids: frozenset[str] = frozenset()
    firm: tuple[tuple[str, str], ...] = ()
    texts: frozenset[str] = frozenset()

    def beside(self, other: Mentions) -> Mentions:
        """Return these and what the same document says elsewhere."""
        return Mentions(
            self.ids | other.ids,
            self.firm + other.firm,
            self.texts | other.texts,
        )


def named_document(node: Node, own_id: str) -> str | None:
    """Return the id of another document that one names, as ids are compared; None for no other."""
    ids = map(one_case, _stated(node))
    return next((named for named in ids if named != one_case(own_id)), None)


def mentions(node: Node) -> Mentions:
    """Return what a document says of others, at any depth."""
    stated = [(key, said) for key, said in texts_below("", node) if key not in _OWN]
    ids = [(key, one_case(said)) for key, said in stated if names_document(key)]
    texts = frozenset(said for key, said in stated if not (_is_later(key) or _is_place(key, said)))
    return Mentions(
        frozenset(said for _, said in ids),
        tuple((key, said) for key, said in ids if _is_firm(key, said)),
        texts,
    )


def bill_names(node: Node) -> Mentions:
    """Return by which keys, that do not say that they are another's, a bill names documents.

    It may name itself so, by another id than its own: `easybill_document_id`.
    """
    return Mentions(
        firm=tuple((key, one_case(said)) for key, said in texts_below("", node) if _may_be_own(key))
    )


def texts_below(key: str, value: object) -> Iterator[tuple[str, str]]:
    """Yield each text and number below a value, by the last key around it that says what it is."""
    if isinstance(value, dict):
        for inner, below in value.items():
            is_of_it = bool(key) and _AROUND.issuperset(words(inner))
            yield from texts_below(f"{key}_{inner}" if is_of_it else inner, below)
    elif isinstance(value, list):
        for each in value:
            yield from texts_below(key, each)
    elif (said := ident(value)) is not None:
        yield key, said


@lru_cache(maxsize=4096)  # of each key of each correction
def names_document(key: str) -> bool:
    """Return whether what stands under a key is the id or the number of another document."""
    spelled = set(words(key))
    is_named = not (_RELATED | DOCUMENTS).isdisjoint(spelled) or _names_credit(spelled)
    is_addressed = not DOCUMENTS.isdisjoint(words(key)[:1]) and words(key)[1:2] == (_TO,)
    is_anothers = is_named and _ALL.issuperset(spelled) and not is_addressed
    return is_anothers or _names_corrected(key)


def corrected_keys(node: Node) -> set[str]:
    """Return the keys of an id, alone, of what a document corrects, which is no amount."""
    stated = ((key, ident(node[key])) for key in node if _names_corrected(key))
    return {key for key, said in stated if said is not None and said.isalnum()}


@lru_cache(maxsize=4096)
def _names_corrected(key: str) -> bool:
    first, *spelled = (*words(key), "")
    of, *rest = spelled[1:] if not _NOTE.isdisjoint(spelled[:1]) else spelled
    return first in _CORRECTIONS and of in _OF and (_CALLED | {""}).issuperset(rest)


def _names_credit(spelled: set[str]) -> bool:
    return "credit" in spelled and not (_AROUND | _MARKED).isdisjoint(spelled)


def _is_firm(key: str, said: str) -> bool:
    """Return whether a text can be that of no order of the customer's, nor of the document."""
    if may_be_its_own(key):
        return False
    return _names_surely(key) or (_names_likely(key) and _is_name(said))


@lru_cache(maxsize=4096)
def may_be_its_own(key: str) -> bool:
    """Return whether a key may name the document itself: what gives money back is one, no bill."""
    spelled = set(words(key))
    return not _ITSELF.isdisjoint(spelled) and _ABOUT_ITSELF.issuperset(spelled)


def second_ids(node: Node) -> tuple[tuple[str, str], ...]:
    """Return the ids that a document may have beside its own, each after its key."""
    return tuple(
        (key, one_case(said))
        for top in node
        if top not in _OWN and _SECOND.issuperset(words(top))
        for key, said in texts_below(top, node[top])
        if _is_second_id(key)
    )


@lru_cache(maxsize=4096)  # of each key of each document
def _is_second_id(key: str) -> bool:
    spelled = words(key)
    return spelled[-1:] in (("id",), ("uuid",)) and _SECOND.issuperset(spelled)


@lru_cache(maxsize=4096)
def _names_surely(key: str) -> bool:
    spelled = set(words(key))
    is_related = not (_RELATED | _MARKED).isdisjoint(spelled)
    is_noun, is_id = not DOCUMENTS.isdisjoint(spelled), not IDS.isdisjoint(spelled)
    is_called = is_id or not NUMBERS.isdisjoint(spelled)
    return names_document(key) and ((is_related and (is_noun or is_id)) or (is_noun and is_called))


@lru_cache(maxsize=4096)  # of each key of each bill
def _may_be_own(key: str) -> bool:
    spelled = set(words(key))
    is_related = not (_RELATED | _MARKED).isdisjoint(spelled)
    is_others = (is_related and not DOCUMENTS.isdisjoint(spelled)) or _names_corrected(key)
    return names_document(key) and not is_others


@lru_cache(maxsize=4096)
def _names_likely(key: str) -> bool:
    return names_document(key) and not (_VAGUE | NUMBERS).issuperset(words(key))


def _is_name(said: str) -> bool:
    """Return whether a text is written as the id or the number of a document."""
    return _NAME.fullmatch(said) is not None and _NO_NAME.fullmatch(said) is None


def _is_place(key: str, said: str) -> bool:
    """Return whether a text is where something is: a link, a path, the name of a file."""
    return _PLACE.fullmatch(said.strip()) is not None or _has_place(key)


@lru_cache(maxsize=4096)
def _has_place(key: str) -> bool:
    return not _PLACES.isdisjoint(words(key))


@lru_cache(maxsize=4096)
def _is_later(key: str) -> bool:
    return not _LATER.isdisjoint(words(key))


def _stated(node: Node) -> Iterator[str]:
    for key in (*_KEYS, *filter(_names_another, node)):
        value = node.get(key)
        if named := ident(value.get("id") if isinstance(value, dict) else value):
            yield named


@lru_cache(maxsize=4096)  # of each key of each document
def _names_another(key: str) -> bool:
    first, *rest = words(key) or ("",)
    is_others = first in _OTHERS and bool(rest) and _CALLED.issuperset(rest)
    return is_others or _names_corrected(key)
