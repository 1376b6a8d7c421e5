"""Where a reply's rows are, and whether they are all (CONTRACT.md, sections 1.1 and 3.1). Pure."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Generic, Protocol, TypeVar

import msgspec
from attrs import frozen

from billfold.wire import decode, parse_at
from billfold_bnerd.values import UUID, Node, key_names, load_json, number, unfit

T = TypeVar("T")
S = TypeVar("S")

PAGED = "the reply is one page of several, and how to ask for the others is not documented"

LISTS = ("usage", "usages", "data", "items", "entries", "records", "results", "lines")
NESTED = {"projects": "project", "products": "product"}
COSTS = ("total", "cost", "price", "amount")
PRODUCT_KEYS = {"product_id", "product"}
ROW_KEYS = {*PRODUCT_KEYS, "quantity", "hours", *COSTS, *(f"{name}_cents" for name in COSTS)}

# What lists elsewhere say about their pages, beside the rows or up to two objects deeper.
_PAGE_INFO = ("links", "_links", "meta", "pagination", "pagy", "paging", "page_info")
_NEXT = (
    *("next", "next_page", "next_cursor", "next_url", "next_page_url", "next_page_token"),
    *("has_more", "has_next_page"),
)
_PAGE_SIZES = {"limit", "per_page", "page_size", "current_page"}


class Owned(Protocol):
    """A row that may name its organization."""

    @property
    def organization_id(self) -> str | None:
        """Whose it is."""
        ...


R = TypeVar("R", bound=Owned)


@frozen
class Listing(Generic[T]):
    """Rows at a path; ``gaps`` say why they may not be all, ``notes`` what else was odd."""

    rows: Sequence[T]
    gaps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    path: str = "$"


def decode_list(body: bytes, shape: type[tuple[T, ...]], name: str) -> Listing[T]:
    """Return a list, bare or in an object under ``items``, ``data`` or ``name``."""
    reply = load_json(body) if body.lstrip()[:1] == b"{" else None
    if not isinstance(reply, dict):
        return Listing(decode(body, shape))
    lists = [key for key in ("items", "data", name) if isinstance(reply.get(key), list)]
    if not lists:
        raise unfit(f"no list, only the keys {key_names(reply)}", "$")
    # An empty list would hide the rows of another.
    full = [key for key in lists if reply[key]]
    if len(full) > 1:
        raise unfit(f"{full[0]!r} beside {full[1]!r}, both full", "$")
    key = (full or lists)[0]
    rows = decode(body, _wrapper(key, shape)).rows
    gaps = (PAGED,) if has_more_pages(reply, len(rows), total_counts_rows=True) else ()
    return Listing(rows, gaps, path=f"$.{key}")


@cache
def _wrapper(key: str, shape: type[tuple[T, ...]]) -> Any:
    # The shape of an object around a list, so that errors name places in the reply.
    return msgspec.defstruct("Wrapped", [("rows", shape, msgspec.field(name=key))])


def parse_own(listing: Listing[R], org: str, parse: Callable[[R, str], S]) -> Listing[S]:
    """Return an organization's rows, parsed by themselves and their path, and a note of others."""
    parsed: list[S] = []
    foreign = 0
    for index, row in enumerate(listing.rows):
        if is_foreign(row.organization_id, org):
            foreign += 1
            continue
        path = f"{listing.path}[{index}]"
        with parse_at(path):
            parsed.append(parse(row, path))
    notes = (f"{foreign} of other organizations left out",) if foreign else ()
    return Listing(parsed, listing.gaps, (*listing.notes, *notes))


def is_foreign(owner: str | None, org: str) -> bool:
    """Return whether ``owner`` names another organization; an empty id names none."""
    return owner is not None and owner.lower() not in ("", org.lower())


def has_more_pages(node: Node, shown: int, *, total_counts_rows: bool = False) -> bool:
    """Return whether the object around a list of ``shown`` rows points at another page.

    ``total_counts_rows`` says that a bare ``total`` counts rows; elsewhere it could be money.
    """
    outer = _page_info(node)
    inner = [deeper for info in outer for deeper in _page_info(info)]
    return any(_names_more(info, shown, total_counts_rows) for info in (node, *outer, *inner))


def _page_info(node: Node) -> list[Node]:
    return [value for key in _PAGE_INFO if isinstance(value := node.get(key), Mapping)]


def _names_more(info: Node, shown: int, total_counts_rows: bool) -> bool:
    limits = {"pages": 1, "total_pages": 1, "last_page": 1, "total_count": shown}
    if total_counts_rows or info.keys() & _PAGE_SIZES:
        limits["total"] = shown
    counts = [(number(info.get(key)), limit) for key, limit in limits.items()]
    exceeds = any(count is not None and count > limit for count, limit in counts)
    return exceeds or any(info.get(key) for key in _NEXT)


def containers(node: Node) -> list[str]:
    """Return the keys that hold rows: a list, projects and products, or an object around those.

    A full one goes before an empty one of any kind, which would hide its money.
    """
    lists = [key for key in LISTS if isinstance(node.get(key), list)]
    objects = [key for key in LISTS if isinstance(node.get(key), dict)]
    nested = [key for key in NESTED if isinstance(node.get(key), list | dict)]
    full_lists = [key for key in lists if node[key]]
    if full_lists:
        return full_lists[:1]
    if any(node[key] for key in nested):
        return nested
    around = [] if PRODUCT_KEYS & node.keys() else [key for key in objects if _wraps(node[key])]
    if around:
        return around[:1]  # what costs something beside them is a total over their rows
    if ROW_KEYS & node.keys():
        return nested or lists[:1]
    full_objects = [key for key in objects if node[key]]
    return full_objects[:1] or nested or lists[:1] or objects[:1]


def _wraps(value: object) -> bool:
    """Return whether this is an object around rows, as seen from outside, and no row's detail."""
    if not isinstance(value, dict):
        return False
    lists = [key for key in LISTS if isinstance(value.get(key), list)]
    nested = [key for key in NESTED if isinstance(value.get(key), list | dict)]
    return is_map(value) or any(value[key] for key in (*lists, *nested))


def may_hold_rows(value: object) -> bool:
    """Return whether there may be rows in this; an object that wraps nothing is a detail."""
    if isinstance(value, dict):
        return is_map(value) or any(may_hold_rows(value[key]) for key in containers(value))
    return isinstance(value, list) and bool(value)


def is_map(node: Node) -> bool:
    """Return whether ids are its keys; under an empty one stands what belongs to no project."""
    return bool(node) and all(UUID.fullmatch(key) or key in ("", "null") for key in node)


def is_page(node: Node) -> bool:
    """Return whether this object around rows, or one inside it, points at another page."""
    inner = [node[key] for key in containers(node)]
    around = [value for value in inner if isinstance(value, dict) and containers(value)]
    return has_more_pages(node, _count(node)) or any(map(is_page, around))


def _count(node: object) -> int:
    """Return how many rows or projects the outermost list or map has: pages are made of those."""
    inside = containers(node) if isinstance(node, dict) else []
    if isinstance(node, dict) and inside:
        return sum(_count(node[key]) for key in inside)
    return len(node) if isinstance(node, list | dict) else 0
