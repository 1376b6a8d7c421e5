"""Lists, bare or wrapped, and whether they are all (contract section 1.1). Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

import msgspec
from attrs import evolve, frozen

from billfold.errors import DriftError
from billfold.wire import decode, each
from billfold_bnerd.loose import keys, load, more

T = TypeVar("T")
S = TypeVar("S")

PAGED = "the reply is one page of several, and how to ask for the others is not documented"


class Owned(Protocol):
    """A row that may name its organization."""

    @property
    def organization_id(self) -> str | None:
        """Whose it is."""
        ...


R = TypeVar("R", bound=Owned)


@frozen
class Listing(Generic[T]):
    """The rows of a reply; ``gaps`` say why they may not be all, ``notes`` what else is worth a word."""

    rows: Sequence[T]
    gaps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def each(self, read: Callable[[T], S]) -> Listing[S]:
        """Read every row into the model; DriftError names the row that cannot be."""
        return Listing(each("$", self.rows, read), self.gaps, self.notes)


def listed(body: bytes, shape: type[tuple[T, ...]], name: str) -> Listing[T]:
    """Decode a list, bare or in an object under ``items``, ``data`` or ``name``.

    Raises DriftError, which names keys and paths only, for anything else.
    """
    if body.lstrip()[:1] != b"{":
        return Listing(decode(body, shape))
    wrapped = decode(body, dict[str, msgspec.Raw])
    for key in ("items", "data", name):
        rows = bytes(wrapped.get(key, b""))
        if rows[:1] == b"[":
            whole, found = load(body), decode(rows, shape)
            return Listing(found, (PAGED,) if isinstance(whole, dict) and more(whole, len(found)) else ())
    raise DriftError(f"the reply does not fit its contract: no list, only the keys {keys(wrapped)} - at `$`")


def ours(listing: Listing[R], org: str) -> Listing[R]:
    """Leave out what names another organization, and say so; an empty id names none."""
    rows = [row for row in listing.rows if (row.organization_id or org).lower() == org.lower()]
    left_out = len(listing.rows) - len(rows)
    notes = (f"{left_out} of other organizations left out",) if left_out else ()
    return evolve(listing, rows=rows, notes=(*listing.notes, *notes))
