"""Where a reply's rows are, and whether they are all (CONTRACT.md, sections 1.1 and 3.1). Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Generic, TypeVar

import msgspec
from attrs import evolve, frozen

from billfold.money import Money, sum_by_currency
from billfold.wire import DriftError, decode, in_body, parse_at
from billfold_bnerd import values
from billfold_bnerd.fields import COSTS, Fields
from billfold_bnerd.stated_errors import (
    errors_below,
    in_its_words,
    stated_error,
    warnings_of,
    words_beside_nothing,
)
from billfold_bnerd.unread import not_read, unread
from billfold_bnerd.values import UUID, Node, key_names, load_json, text, unfit

T = TypeVar("T")
S = TypeVar("S")

PAGED = "the reply is one page of several, and how to ask for the others is not documented"

LISTS = ("usage", "usages", "data", "items", "entries", "records", "results", "lines")
NESTED = {"projects": "project", "products": "product"}
PRODUCT_KEYS = {"product_id", "product"}
_COST_KEYS = (*COSTS, "price")
ROW_KEYS = {
    *PRODUCT_KEYS,
    "quantity",
    "hours",
    *_COST_KEYS,
    *(f"{key}_cents" for key in _COST_KEYS),
}
_SHOWN = 3
_PAGING = ("pagination", "paging", "pagy", "page_info")


class _Object(msgspec.Struct, frozen=True):
    """An object, whatever it says."""


@frozen
class Listing(Generic[T]):
    """Rows at a path; ``gaps`` say why they may not be all, ``notes`` what else was odd."""

    rows: Sequence[T]
    gaps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    path: str = "$"

    def noting(self, *notes: str) -> Listing[T]:
        """Return the same with further notes."""
        return evolve(self, notes=(*self.notes, *notes))

    def missing(self, *gaps: str) -> Listing[T]:
        """Return the same with further gaps."""
        return evolve(self, gaps=(*self.gaps, *gaps))


def decode_list(body: bytes, name: str) -> Listing[msgspec.Raw]:
    """Return a list's rows as they came, bare or in an object under ``items``, ``data``, ``name``.

    What else the object holds is a gap where there is money in it.
    """
    reply = load_json(body) if body.lstrip()[:1] == b"{" else None
    if not isinstance(reply, dict):
        return Listing(decode(body, tuple[msgspec.Raw, ...]))
    lists = [key for key in ("items", "data", name) if isinstance(reply.get(key), list)]
    refusal = stated_error(reply)
    if not lists or (refusal and not any(reply[key] for key in lists)):
        problem = unfit(f"no list, only the keys {key_names(reply)}", "$")
        raise refusal or in_its_words(problem, reply)
    # An empty list would hide the rows of another.
    full = [key for key in lists if reply[key]]
    if len(full) > 1:
        raise unfit(f"{full[0]!r} beside {full[1]!r}, both full", "$")
    key = (full or lists)[0]
    rows = decode(body, dict[str, msgspec.Raw])[key]
    gaps = [*([] if refusal is None else [refusal.message]), *errors_below(reply)]
    if is_page(reply, len(reply[key]), ("total",)):
        gaps.append(PAGED)
    costs = [Fields(row).amount(*COSTS).money for row in reply[key] if isinstance(row, dict)]
    counts = () if isinstance(reply.get("total"), dict) else ("total",)
    around = unread(Fields(reply), (*lists, *counts), _sums(costs))
    gaps += not_read([f"${path}" for path in around])
    notes = (*warnings_of(reply), *(() if reply[key] else words_beside_nothing(reply)))
    return Listing(decode(bytes(rows), tuple[msgspec.Raw, ...]), tuple(gaps), notes, f"$.{key}")


def _sums(costs: Iterable[Money | None]) -> list[Money]:
    return list(sum_by_currency(cost for cost in costs if cost is not None).values())


def parse_own(
    listing: Listing[msgspec.Raw], org: str, parse: Callable[[msgspec.Raw, str], S]
) -> Listing[S]:
    """Return an organization's rows, parsed by themselves and their path, and a note of others.

    One that is not understood takes no other with it: it is a gap, by its path. Raises its error
    where there is no other row.
    """
    parsed: list[S] = []
    problems: list[DriftError] = []
    foreign = 0
    for index, raw in enumerate(listing.rows):
        path = f"{listing.path}[{index}]"
        try:
            decode_row(raw, _Object, path)
            if is_foreign(values.organization(values.node_of(raw)), org, path):
                foreign += 1
                continue
            with parse_at(path):
                parsed.append(parse(raw, path))
        except DriftError as error:
            problems.append(error)
    if problems and not parsed and not foreign:
        raise problems[0]
    notes = (f"{foreign} of other organizations left out",) if foreign else ()
    gaps = (*listing.gaps, *not_understood(problems))
    return Listing(parsed, gaps, (*listing.notes, *notes), listing.path)


def not_understood(problems: Iterable[DriftError]) -> tuple[str, ...]:
    """Return a gap for rows that were not understood, which names the first of them."""
    messages = [error.message for error in problems]
    if not messages:
        return ()
    more = f" and {len(messages) - _SHOWN} more" if len(messages) > _SHOWN else ""
    return (f"{len(messages)} left out: {'; '.join(messages[:_SHOWN])}{more}",)


def decode_row(raw: msgspec.Raw, shape: type[T], path: str) -> T:
    """Return one row in its shape; the error for what does not fit names its place in the reply."""
    try:
        return decode(bytes(raw), shape)
    except DriftError as error:
        raise DriftError(error.message.replace("`$", f"`{path}")) from None


def is_foreign(owner: object, org: str, path: str = "$") -> bool:
    """Return whether ``owner`` names another organization; an empty id names none.

    Raises DriftError for what is no id.
    """
    if owner in (None, ""):
        return False
    named = text(owner)
    if named is None:
        raise unfit("whose it is", f"{path}.organization_id")
    return named.lower() != org.lower()


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


def is_page(node: Node, shown: int | None = None, counts: Collection[str] = ()) -> bool:
    """Return whether this object around rows, or one inside it, announces another page.

    ``counts`` are keys that count rows here; elsewhere a bare ``total`` may be money.
    """
    # Pages are made of what the outermost list or map holds, which may stand deeper: the empty list
    # says that this object is around rows all the same. No page was asked for, so one of
    # several is not all, whichever it says it is.
    shown = count_rows(node) if shown is None else shown
    found = in_body({**node, "": []}, shown, counts)
    is_first = found is not None and (found.unread() is not None or (found.pages or 1) > 1)
    return is_first or any(map(_has_more, (node, *map(node.get, _PAGING))))


def _has_more(info: object) -> bool:
    """Return whether an object says that more rows follow."""
    if not isinstance(info, dict):
        return False
    remaining = values.number(info.get("remaining"))
    return values.yes_or_no(info.get("more")) is True or (remaining or 0) > 0


def count_rows(node: object) -> int:
    """Return how many rows or projects the outermost list or map has: pages are made of those."""
    inside = containers(node) if isinstance(node, dict) else []
    if isinstance(node, dict) and inside:
        return sum(count_rows(node[key]) for key in inside)
    return len(node) if isinstance(node, list | dict) else 0


def is_row(node: Node, *, is_product: bool) -> bool:
    """Return whether an object says what was used or what it costs; a product's needs no more."""
    usage = node.get("usage")
    return (
        bool(ROW_KEYS & node.keys())
        or (usage is not None and not isinstance(usage, list | dict))
        or (is_product and bool({"id", "name"} & node.keys()))
    )


def states_its_money(node: Node) -> bool:
    """Return whether a product's row states its own Money, which its lists only break down."""
    return bool(PRODUCT_KEYS & node.keys()) and Fields(node).cost().money is not None


def is_single_row(top: Node, inside: list[str]) -> bool:
    """Return whether a reply is one row with its lists, not an object around rows."""
    is_empty = not any(top[key] for key in inside)
    return states_its_money(top) or (bool(PRODUCT_KEYS & top.keys()) and is_empty)
