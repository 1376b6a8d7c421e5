"""How many rows a decoded body has, and what only stands around them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

# Keys are compared in lower case, without "_", "-", "$" and " ".
_FOLDED = str.maketrans("", "", "_-$ ")
_ABOUT = ("info", "meta", "metadata")
# Objects about nothing but a list's pages: their names are words for paging, alone or as in
# `page_info`.
_PAGED = ("page", "pages", "paging", "pagination", "paginate", "paginator", "pager", "pagy")
NUMBERED = {f"{paged}{about}" for paged in _PAGED for about in ("", *_ABOUT, "data", "details")}
# A bare total beside a count or a page is one of rows in these.
_LISTED = ("list", "result", "results", "resultset", "response", "search", "collection")
ABOUT_A_LIST = {
    *(f"{listed}{about}" for listed in _LISTED for about in _ABOUT),
    *("meta", "metadata", "resultset"),
}
PAGING = {
    *NUMBERED,
    *ABOUT_A_LIST,
    "link",
    "links",
    "stats",
    "cursors",
    "cursor",
    "view",
    "navigation",
}
_ASIDE = {"included", "links", "link"}  # lists of no rows
# What stands around rows and has none itself.
_NO_ROWS = {*PAGING, "jsonapi", "included", "stat", "total"}


@lru_cache(maxsize=4096)
def fold(key: str) -> str:
    """Return a key as keys are compared, without the name of a vocabulary before it."""
    name = key.lower().translate(_FOLDED)
    vocabulary, mark, rest = name.partition(":" if ":" in name else ".")
    is_named = mark and rest.isalpha() and vocabulary.lstrip("@").isalpha()
    return rest if is_named else name.removeprefix("@")


def shown_rows(tree: object) -> int | None:
    """Return how many rows a body has, a map's entries too; None where it has neither."""
    if isinstance(tree, list):
        return len(tree)
    if not isinstance(tree, Mapping):
        return None
    if isinstance(tree.get("data"), list):  # of several lists the rows of an envelope
        return len(tree["data"])
    named = {
        name: value
        for key, value in tree.items()
        if isinstance(value, list) and (name := fold(key)) not in _ASIDE
    }
    lists = [value for name, value in named.items() if not _are_links(name, named)]
    rows = [value for value in lists if value and isinstance(value[0], Mapping)]
    if rows or lists:
        return max(map(len, rows or lists))
    members = [value for key, value in tree.items() if fold(key) not in _NO_ROWS]
    inside = _counts(members) or _counts(tree.values())
    return max([*inside, sum(inside), *([len(tree)] if _is_map(tree) else ())], default=None)


def _are_links(name: str, lists: Mapping[str, object]) -> bool:
    """Return whether a list is called by another one's name: `items_links`, beside `items`."""
    listed = name.removesuffix("links")
    return listed != name and (listed in lists or f"{listed}s" in lists)


def _counts(values: Iterable[object]) -> list[int]:
    return [count for value in values if (count := shown_rows(value)) is not None]


def _is_map(tree: Mapping[str, Any]) -> bool:
    """Return whether an object's members are rows under their ids: alike, and no envelope."""
    if not tree or not all(isinstance(value, Mapping) for value in tree.values()):
        return False
    first, *others = tree.values()
    is_envelope = any(key == "data" or fold(key) in _NO_ROWS for key in tree)
    return not is_envelope and (not others or bool(set(first).intersection(*others)))
