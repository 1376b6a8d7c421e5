"""Lists, bare or wrapped, and whether they are all (contract section 1.1). Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Generic, Protocol, TypeVar

import msgspec
from attrs import evolve, frozen
from msgspec import defstruct

from billfold.errors import DriftError
from billfold.wire import decode, parse_at
from billfold_bnerd.untyped import keys, load, more

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
    """The rows of a reply; ``gaps`` say why they may not be all, ``notes`` what else is worth a word.

    ``path`` is where their list stands; ``places`` are the rows' own in it, where some are left out.
    """

    rows: Sequence[T]
    gaps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    path: str = "$"
    places: Sequence[int] | None = None

    def each(self, read: Callable[[T], S]) -> Listing[S]:
        """Read every row into the model; DriftError names the row that cannot be."""
        done: list[S] = []
        for place, row in zip(
            range(len(self.rows)) if self.places is None else self.places, self.rows, strict=True
        ):
            with parse_at(f"{self.path}[{place}]"):
                done.append(read(row))
        return Listing(done, self.gaps, self.notes, self.path, self.places)


def listed(body: bytes, shape: type[tuple[T, ...]], name: str) -> Listing[T]:
    """Decode a list, bare or in an object under ``items``, ``data`` or ``name``.

    Raises DriftError, which names keys and paths only, for anything else.
    """
    if body.lstrip()[:1] != b"{":
        return Listing(decode(body, shape))
    wrapped = decode(body, dict[str, msgspec.Raw])
    lists = [key for key in ("items", "data", name) if bytes(wrapped.get(key, b""))[:1] == b"["]
    whole = load(body)
    if not lists or not isinstance(whole, dict):
        raise DriftError(
            f"the reply does not fit its contract: no list, only the keys {keys(wrapped)} - at `$`"
        )
    key = _full(whole, lists)
    found = decode(body, _around(key, shape)).rows
    return Listing(
        found, (PAGED,) if more(whole, len(found), counted=True) else (), path=f"$.{key}"
    )


def _full(whole: Mapping[str, object], lists: list[str]) -> str:
    """Choose the list that is not empty, which would hide the rows of another."""
    full = [key for key in lists if whole[key]]
    if len(full) > 1:
        raise DriftError(
            f"the reply does not fit its contract: {full[0]!r} beside {full[1]!r}, both full - at `$`"
        )
    return (full or lists)[0]


@cache
def _around(key: str, shape: type[tuple[T, ...]]) -> Any:
    """Make the shape of an object around a list, so that errors name places in the whole."""
    return defstruct("Wrapped", [("rows", shape, msgspec.field(name=key))])


def ours(listing: Listing[R], org: str) -> Listing[R]:
    """Leave out what names another organization, and say so."""
    places = [
        place for place, row in enumerate(listing.rows) if not is_others(row.organization_id, org)
    ]
    left_out = len(listing.rows) - len(places)
    notes = (f"{left_out} of other organizations left out",) if left_out else ()
    return evolve(
        listing,
        rows=[listing.rows[place] for place in places],
        notes=(*listing.notes, *notes),
        places=places,
    )


def is_others(owner: str | None, org: str) -> bool:
    """Tell whether ``owner`` names another organization; an empty id names none."""
    return bool(owner) and str(owner).lower() != org.lower()
