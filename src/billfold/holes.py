"""Why an answer has holes, in words that several of them may share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Generic, TypeVar

from msgspec import Struct

from billfold.counted import listed
from billfold.errors import BillfoldError

R = TypeVar("R")
Holes = Sequence["Hole[Any]"]


class Hole(Struct, Generic[R], frozen=True):
    """A row of an answer that is a hole, and the failures that its detail tells of.

    ``reason`` is that detail without what tells the failures of several rows apart: which project
    each is about, and how long it was tried.
    """

    row: R
    reason: str
    failures: tuple[BillfoldError, ...] = ()


def hole(row: R, detail: str | None, failures: Iterable[BillfoldError]) -> Hole[R]:
    """Return a row that is a hole with those of its failures that its detail tells of."""
    reason = detail or ""
    told = tuple(error for error in failures if error.message in reason)
    for error in told:
        reason = reason.replace(error.message, error.reason)
    return Hole(row, reason, told)


def why(holes: Holes) -> str:
    """Return the reason that some holes share, with how long it was tried and what it is about."""
    places = places_of(holes)
    about = f", about {listed(places)}" if len(places) > 1 else ""
    return _beside_failures(holes[0], _ends(holes) + about)


def why_alone(holes: Holes) -> str:
    """Return the same, and what it is about only where that is one thing."""
    return _beside_failures(holes[0], _ends(holes))


def _ends(holes: Holes) -> str:
    places = places_of(holes)
    ends = [tried(holes), *(places if len(places) == 1 else ())]
    return "".join(f" ({end})" for end in ends if end)


def _beside_failures(hole: Hole[Any], ends: str) -> str:
    """Return a reason with what is about its failures after the last of them, not at its end."""
    if not hole.failures:
        return hole.reason + ends
    last = hole.failures[-1].reason
    before, _, after = hole.reason.rpartition(last)
    return f"{before}{last}{ends}{after}"


def places_of(holes: Holes) -> list[str]:
    """Return what of their parts the failures behind some holes are about, each once."""
    failures = [error for hole in holes for error in hole.failures]
    return list(dict.fromkeys(error.what for error in failures if error.what))


def tried(holes: Holes) -> str:
    """Return how often and how long the failures behind some holes were tried; "" for once."""
    each = [error.tried for hole in holes for error in hole.failures if error.tried]
    if not each:
        return ""
    times = _from_to([str(times) for times in sorted(times for times, _ in each)])
    seconds = _from_to([f"{length:.1f}" for length in sorted(length for _, length in each)])
    return f"tried {times} times over {seconds} s"


def _from_to(texts: Sequence[str]) -> str:
    return " to ".join(dict.fromkeys((texts[0], texts[-1])))
