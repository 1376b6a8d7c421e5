"""From a request to a reading: bodies of undocumented shape, and lists that may not be all."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from billfold.adapter import Client, Query, Reading, State
from billfold.period import Period
from billfold_bnerd.lists import Listing

T = TypeVar("T")


async def read_body(client: Client, path: str, query: Query = ()) -> bytes:
    """Return the JSON of a reply as it came."""
    return bytes(await client.get(path, msgspec.Raw, query))


def reading_of(listing: Listing[T], covers: Period | None = None) -> Reading[T]:
    """Return a list as a reading; with gaps it is partial."""
    state = State.PARTIAL if listing.gaps else State.COMPLETE
    detail = "; ".join((*listing.gaps, *listing.notes)) or None
    return Reading(tuple(listing.rows), covers, state, detail)
