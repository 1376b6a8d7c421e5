"""What a document says of other versions of itself (CONTRACT.md, section 2.4). Pure."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from attrs import frozen

from billfold.wire import one_case
from billfold_bnerd.references import DOCUMENTS, IDS, NUMBERS
from billfold_bnerd.values import Node, ident, word_set, words

# What was done to a document, which alone is a mark: `superseded`.
_DONE = word_set("revised amended replaced superseded reissued rebilled")
_DOES = word_set(
    "revises amends amendment replaces replacement supersedes reissue reissues rebill instead "
    "ersetzt berichtigt berichtigung korrigiert korrektur"
)
# Which alone may be the number of its own version.
_VERSIONS = word_set("revision version")
_BY = word_set("by durch as")
_LATER, _EARLIER = word_set("latest newest next successor"), word_set("previous prior preceding")
_OF = word_set("of from for zu")
# What may only come before or after it: each month's invoice names the last one's.
_LINKS = word_set("next following successor previous prior preceding copy copied")
_NAMES = DOCUMENTS | IDS | NUMBERS
_ALL = _DONE | _DOES | _VERSIONS | _BY | _LATER | _EARLIER | _OF | _LINKS | _NAMES
_PERSON = word_set("name email")  # of who replaced it
_ORIGIN = "from"  # Stripe's `from_invoice`


@frozen
class Versions:
    """The ids and numbers of other versions of a document.

    It takes the place of ``earlier`` ones, ``later`` ones that of it. ``linked`` ones may be either
    if they bill its month, or the documents of the month before and after.
    """

    earlier: frozenset[str] = frozenset()
    later: frozenset[str] = frozenset()
    linked: frozenset[str] = frozenset()

    @property
    def any(self) -> bool:
        """Whether it says anything."""
        return bool(self.earlier or self.later or self.linked)

    def beside(self, other: Versions) -> Versions:
        """Return these and what the same document says elsewhere."""
        return Versions(
            self.earlier | other.earlier, self.later | other.later, self.linked | other.linked
        )


def versions(node: Node) -> Versions:
    """Return what a document says of other versions of itself."""
    found: dict[str, set[str]] = {"earlier": set(), "later": set(), "linked": set()}
    for key, value in node.items():
        if (which := _which(key)) is not None:
            found[which].update(_named(value))
    return Versions(**{which: frozenset(named) for which, named in found.items()})


def names_version(node: Node, key: str) -> bool:
    """Return whether a key names what a document takes the place of, or what takes its own."""
    return _which(key) in ("earlier", "later") and any(_named(node[key]))


@lru_cache(maxsize=4096)  # of each key of each document
def _which(key: str) -> str | None:
    spelled = set(words(key))
    if not _ALL.issuperset(spelled):
        return None
    if not spelled.isdisjoint(_DOES) or (not spelled.isdisjoint(_DONE) and spelled - _DONE):
        is_later = not spelled.isdisjoint(_BY) or (
            "replacement" in spelled and spelled.isdisjoint(_OF)
        )
        return "later" if is_later else "earlier"
    if not spelled.isdisjoint(_VERSIONS):
        if not spelled.isdisjoint(_LATER | _BY):
            return "later"
        return None if spelled.isdisjoint(_OF | _EARLIER) else "earlier"
    if _ORIGIN in spelled and not spelled.isdisjoint(DOCUMENTS):
        return "earlier"
    return None if spelled.isdisjoint(_LINKS) else "linked"


def _named(value: object) -> Iterator[str]:
    """Yield the ids and numbers in a value, as ids are compared."""
    if isinstance(value, dict):
        is_person = any(not _PERSON.isdisjoint(words(key)) for key in value)
        for key, inside in value.items():
            if not is_person and _NAMES.issuperset(words(key)):
                yield from _named(inside)
    elif isinstance(value, list):
        for each in value:
            yield from _named(each)
    elif (said := ident(value)) is not None:
        yield one_case(said)
