"""What the groups around a row say of it: by region, by server, by week. Pure.

A list of lists is a table of which each group states once what its rows have in common. It tells
them apart from those of another group, whatever they say themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from attrs import define, field, frozen

from billfold.wire import is_money_key, one_case
from billfold_bnerd.naming_keys import is_about_request, names_a_thing, names_of, own_name
from billfold_bnerd.standing_keys import names_status
from billfold_bnerd.time_keys import is_about_others, names_time
from billfold_bnerd.values import Node, word_set, words

# What is said of a reply, or of a page of it, and of no row.
_OF_PAGES = word_set(
    "page pages cursor next previous prev first last self link links url href message note notes "
    "error warning currency count limit offset version"
)
_LONGEST = 80

# A key, and how many groups around state it, too.
Key = tuple[str, int]
# What groups say under some keys.
_Under = frozenset[tuple[Key, str]]


@frozen
class Groups:
    """What is ``said`` by key, of the outermost group first; ``names`` are what of that is firm."""

    said: tuple[tuple[str, str], ...] = ()
    names: str = field(default="", eq=False)

    @property
    def by_key(self) -> dict[Key, str]:
        """What is said by each key, of each group around that says it."""
        found: dict[Key, str] = {}
        for key, text in self.said:
            found[key, sum(known == key for known, _ in found)] = text
        return found

    def inside(self, node: Node, skipped: Collection[str], kind: str | None) -> Groups:
        """Return these with what one more group says under other keys than those ``skipped``.

        Of a ``kind`` that has a name in each id, as a project has, what people write is none; a
        project has one that is enough.
        """
        texts = {key: one_case(by) for key in node if (by := _said(key, node, skipped))}
        if not texts:
            return self
        own_id = texts.get("id")
        firm = f"id={own_id}" if own_id else names_of(texts, None)
        every = ",".join(f"{key}={texts[key]}" for key in sorted(texts))
        names = None if kind == "project" else firm or (every if kind is None else None)
        said = (*self.said, *sorted(texts.items()))
        return Groups(said, ",".join(filter(None, (self.names, names))))


@define
class Grouped:
    """The groups in which one record was listed, by the keys that they state."""

    _by_keys: dict[frozenset[Key], list[tuple[Groups, str | None]]] = field(
        factory=dict, init=False
    )
    # Of those of some keys: the projects by what is said under some of these.
    _projects: dict[tuple[frozenset[Key], frozenset[Key]], dict[_Under, set[str | None]]] = field(
        factory=dict, init=False
    )

    def elsewhere(self, groups: Groups) -> set[str | None]:
        """Return whose the record is in groups by other keys, of which none tells it apart."""
        if not self._by_keys:
            return set()  # nearly always
        own = groups.by_key
        keys, found = frozenset(own), set[str | None]()
        for other in self._by_keys:
            if other != keys:
                shared = keys & other
                found |= self._under(other, shared).get(_under(shared, own), set())
        return found

    def add(self, groups: Groups, project: str | None) -> None:
        """Note that the record was listed in these groups, as that project's."""
        own = groups.by_key
        keys = frozenset(own)
        self._by_keys.setdefault(keys, []).append((groups, project))
        for (other, shared), known in self._projects.items():
            if other == keys:
                known.setdefault(_under(shared, own), set()).add(project)

    def _under(self, keys: frozenset[Key], shared: frozenset[Key]) -> dict[_Under, set[str | None]]:
        known = self._projects.get((keys, shared))
        if known is None:
            known = self._projects[keys, shared] = {}
            for groups, project in self._by_keys[keys]:
                known.setdefault(_under(shared, groups.by_key), set()).add(project)
        return known


def _under(keys: frozenset[Key], said: Mapping[Key, str]) -> _Under:
    return frozenset((key, said[key]) for key in keys)


def _said(key: str, node: Node, skipped: Collection[str]) -> str | None:
    """Return what a group says of its rows under one key; a number may count them."""
    value = node[key]
    if key in skipped or value is None or isinstance(value, bool | list):
        return None
    is_name = key == "id" or names_a_thing(key)
    if not (is_name or names_time(key) or isinstance(value, str)):
        return None
    is_others = not is_name and (is_about_others(key) or is_about_request(key))
    if is_others or names_status(key) or is_money_key(key):
        return None
    if not _OF_PAGES.isdisjoint(words(key)):
        return None
    said = own_name(key, value)
    return said if said and len(said) <= _LONGEST else None
