"""What a store has of the projects or organizations that an account's settings name. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Any

from attrs import evolve

from billfold.adapter.reading import Reading
from billfold.counted import listed, sentences
from billfold.model import ANSWERED, State
from billfold.store.lacking import ids_of


def reached(reading: Reading[Any], reach: Iterable[str] | None) -> Reading[Any] | None:
    """Return a store's reading of what an account's settings limit it to; None for another's.

    ``reach`` are the ids of projects or organizations; None is every one.
    """
    if reach is None or not reading.items:
        return reading
    asked = set(map(str.casefold, reach))
    items = tuple(each for each in reading.items if ids_of(each) & asked or not ids_of(each))
    return evolve(reading, items=items) if items else None


def doubting(reading: Reading[Any], named: AbstractSet[str]) -> Reading[Any]:
    """Return a store's reading, partial where it has projects that the provider did not name.

    Some failed: these may be among them, or may not be asked for any more.
    """
    every = {each.sub_account_id for each in reading.items if each.sub_account_id}
    others = sorted(each for each in every if each.casefold() not in named)
    if not others or reading.state not in ANSWERED:
        return reading
    said = f"whether {listed(others)} is still asked for is not known, as a part failed"
    return evolve(reading, state=State.PARTIAL, detail=sentences(reading.detail, said))
