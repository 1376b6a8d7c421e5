"""Lists, bare or wrapped, and whether they are all (CONTRACT.md, section 1.1). Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Generic, Protocol, TypeVar

import msgspec
from attrs import evolve, frozen
from msgspec import defstruct

from billfold.wire import DriftError, decode, parse_at
from billfold_bnerd.values import key_names, load_json, number

T = TypeVar("T")
S = TypeVar("S")

PAGED = "the reply is one page of several, and how to ask for the others is not documented"

# What lists elsewhere say about their pages: beside the rows, or one or two objects deeper.
_PAGE_INFO = ("links", "_links", "meta", "pagination", "pagy", "paging", "page_info")
_NEXT = (
    "next",
    "next_page",
    "next_cursor",
    "next_url",
    "next_page_url",
    "next_page_token",
    "has_more",
    "has_next_page",
)
_PAGE_COUNTS = ("pages", "total_pages", "last_page")
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
    """The rows of a reply; ``gaps`` say why they may not be all, ``notes`` what else was odd.

    ``path`` is where their list stands; ``indices`` is where the rows stand in it, where some are
    left out.
    """

    rows: Sequence[T]
    gaps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    path: str = "$"
    indices: Sequence[int] | None = None

    def parse(self, parse: Callable[[T, str], S]) -> Listing[S]:
        """Return the same with every row parsed into the model, by the row and its path.

        Raises DriftError that names the path of a row with a value that the model refuses.
        """
        parsed: list[S] = []
        indices = range(len(self.rows)) if self.indices is None else self.indices
        for index, row in zip(indices, self.rows, strict=True):
            path = f"{self.path}[{index}]"
            with parse_at(path):
                parsed.append(parse(row, path))
        return Listing(parsed, self.gaps, self.notes, self.path, self.indices)

    def replaced(
        self, rows: Sequence[S], gaps: Iterable[str] = (), notes: Iterable[str] = ()
    ) -> Listing[S]:
        """Return other rows made of these, with further gaps and notes."""
        return Listing(rows, (*self.gaps, *gaps), (*self.notes, *notes))


def decode_list(body: bytes, shape: type[tuple[T, ...]], name: str) -> Listing[T]:
    """Return a list, bare or in an object under ``items``, ``data`` or ``name``.

    Raises DriftError, which names keys and paths only, for anything else.
    """
    if body.lstrip()[:1] != b"{":
        return Listing(decode(body, shape))
    members = decode(body, dict[str, msgspec.Raw])
    lists = [key for key in ("items", "data", name) if bytes(members.get(key, b""))[:1] == b"["]
    reply = load_json(body)
    if not lists or not isinstance(reply, dict):
        raise DriftError(
            "the reply does not fit its contract: no list, only the keys "
            f"{key_names(members)} - at `$`"
        )
    key = _filled_key(reply, lists)
    rows = decode(body, _wrapper(key, shape)).rows
    gaps = (PAGED,) if has_more_pages(reply, len(rows), total_counts_rows=True) else ()
    return Listing(rows, gaps, path=f"$.{key}")


def _filled_key(reply: Mapping[str, object], lists: list[str]) -> str:
    """Return the key of the list that is not empty; an empty one would hide the other's rows."""
    filled = [key for key in lists if reply[key]]
    if len(filled) > 1:
        raise DriftError(
            f"the reply does not fit its contract: {filled[0]!r} beside {filled[1]!r}, both full - "
            "at `$`"
        )
    return (filled or lists)[0]


@cache
def _wrapper(key: str, shape: type[tuple[T, ...]]) -> Any:
    """Return the shape of an object around a list, so that errors name places in the reply."""
    return defstruct("Wrapped", [("rows", shape, msgspec.field(name=key))])


def has_more_pages(
    node: Mapping[str, object], shown: int, *, total_counts_rows: bool = False
) -> bool:
    """Return whether the object around a list of ``shown`` rows points at another page.

    ``total_counts_rows`` says that a bare ``total`` counts rows; elsewhere it could be money.
    """
    outer = _page_info(node)
    inner = [deeper for info in outer for deeper in _page_info(info)]
    return any(_names_more(info, shown, total_counts_rows) for info in (node, *outer, *inner))


def _page_info(node: Mapping[str, object]) -> list[Mapping[str, object]]:
    values = [node.get(key) for key in _PAGE_INFO]
    return [value for value in values if isinstance(value, Mapping)]


def _names_more(info: Mapping[str, object], shown: int, total_counts_rows: bool) -> bool:
    if any(info.get(key) for key in _NEXT) or _exceeds(info, _PAGE_COUNTS, 1):
        return True
    is_count = total_counts_rows or bool(info.keys() & _PAGE_SIZES)
    return _exceeds(info, ("total_count", "total") if is_count else ("total_count",), shown)


def _exceeds(info: Mapping[str, object], keys: Iterable[str], limit: int) -> bool:
    counts = [number(info.get(key)) for key in keys]
    return any(count is not None and count > limit for count in counts)


def own_rows(listing: Listing[R], org: str) -> Listing[R]:
    """Return the list without the rows that name another organization, and a note about those."""
    indices = [
        index for index, row in enumerate(listing.rows) if not is_foreign(row.organization_id, org)
    ]
    left_out = len(listing.rows) - len(indices)
    notes = (f"{left_out} of other organizations left out",) if left_out else ()
    return evolve(
        listing,
        rows=[listing.rows[index] for index in indices],
        notes=(*listing.notes, *notes),
        indices=indices,
    )


def is_foreign(owner: str | None, org: str) -> bool:
    """Return whether ``owner`` names another organization; an empty id names none."""
    return bool(owner) and str(owner).lower() != org.lower()
