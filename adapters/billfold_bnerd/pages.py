"""What says of rows, around them, that they are one page of several (section 1.1). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from functools import lru_cache

from billfold.wire import Announcement, in_body
from billfold_bnerd import values
from billfold_bnerd.containers import (
    LISTS,
    NESTED,
    are_ids,
    containers,
    count_rows,
    is_id,
    is_map,
    wrappers,
)
from billfold_bnerd.values import Node

_NAMES = frozenset({*LISTS, *NESTED})
# What the whole reply is called.
_USAGE = "usage"
PAGED = "the reply is one page of several, and how to ask for the others is not documented"


def page_gaps(
    said: Node,
    at: str,
    shown: int | None = None,
    counts: Collection[str] = (),
    around: Node | None = None,
) -> tuple[str, ...]:
    """Return a gap where this object around rows, or one inside it, announces another page.

    It stands ``at`` a place, and ``counts`` are keys that count rows here; elsewhere a bare
    ``total`` may be money. ``around`` is the object with its rows, where what is ``said`` is
    without the ids of its map.
    """
    # The rows of a page may stand deeper than this object: an empty list marks it as one around
    # rows. The request names no page, so a reply that is one of several pages is incomplete.
    shown = count_rows(said) if shown is None else shown
    found = in_body({**_with_lists_below(said, around or said), "": []}, shown, counts)
    words = None if found is None else (found.unread() or _of_several(found))
    words = words or _has_more(said)
    return () if words is None else (paged(words.replace("`$", f"`{at}")),)


def paged(words: str) -> str:
    """Return the gap of a page of several, which these words announce."""
    return f"{PAGED}: {words}"


def _of_several(page: Announcement) -> str | None:
    """Return in words that there is a page before this one, if so."""
    several = page.pages is not None and page.pages > 1
    return f"{page.pages_at} states {page.pages} pages" if several else None


def counting_paths(node: Node, shown: int) -> frozenset[str]:
    """Return the paths below an object around so many rows of what counts them, and is no money."""
    found = in_body({**node, "": []}, shown)
    return frozenset() if found is None else frozenset(path[1:] for path in found.counted)


def _has_more(info: Node) -> str | None:
    """Return in words that an object around rows says that more of them follow, if so."""
    remaining = values.number(info.get("remaining"))
    more = [
        *(["more"] if values.yes_or_no(info.get("more")) is True else []),
        *(["remaining"] if (remaining or 0) > 0 else []),
    ]
    return f"`$.{more[0]}` says that more follow" if more else None


def _with_lists_below(said: Node, around: Node) -> Node:
    """Return what an object says beside as many rows as stand in the lists inside of its own.

    A key may name such a list: ``usage_next`` beside projects that hold their ``usage``.
    """
    if not any(_name_lists(tuple(info)) for _, info, _ in wrappers(around)):
        return said
    lengths = Counter[str]()
    for name, length in _lists_inside(around):
        lengths[name] += length
    lengths.setdefault(_USAGE, lengths.total())  # all that there is, whatever its lists are called
    return {**{name: [None] * length for name, length in lengths.items()}, **said}


@lru_cache(maxsize=1024)  # most objects around rows have the same keys
def _name_lists(keys: tuple[str, ...]) -> bool:
    """Return whether any of an object's keys has the name of a list in it, and is not it."""
    return any(name in key.lower() for key in keys for name in _NAMES - {key})


def _lists_inside(node: Node, *, is_outermost: bool = True) -> Iterator[tuple[str, int]]:
    """Yield the name and the length of each list or map in an object, but for outermost lists."""
    inside = [*node] if is_map(node) else containers(node)
    if are_ids(inside):
        yield _USAGE, len(inside)
    for key in inside:
        value, is_named = node[key], not is_id(key)
        if isinstance(value, dict):
            yield from _lists_inside(value, is_outermost=is_outermost and is_named)
        elif isinstance(value, list):
            if not (is_outermost and is_named):
                yield key if is_named else _USAGE, len(value)
            for row in value:
                if isinstance(row, dict):
                    yield from _lists_inside(row, is_outermost=False)
