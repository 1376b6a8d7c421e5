"""Why an answer has holes, in words that several of them may share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from attrs import frozen

from billfold.answer import Answer, Coverage
from billfold.errors import BillfoldError


@frozen
class Hole:
    """A row of an answer that is a hole, and the failures that its detail tells of.

    ``reason`` is that detail without what tells the failures of several rows apart: which project
    each is about, and how long it was tried.
    """

    row: Coverage
    reason: str
    failures: tuple[BillfoldError, ...] = ()


def holes_of(answer: Answer[Any]) -> list[Hole]:
    """Return an answer's holes."""
    by_part: dict[tuple[str | None, str | None], list[BillfoldError]] = {}
    for error in answer.failures:
        by_part.setdefault((error.account, error.part), []).append(error)
    return [_hole(row, by_part.get((row.account, row.part), [])) for row in answer.holes]


def _hole(row: Coverage, failures: Iterable[BillfoldError]) -> Hole:
    reason = row.detail or ""
    told = tuple(error for error in failures if error.message in reason)
    for error in told:
        reason = reason.replace(error.message, error.reason)
    return Hole(row, reason, told)


def places_of(holes: Iterable[Hole]) -> list[str]:
    """Return what of their parts the failures behind some holes are about, each once."""
    failures = [error for hole in holes for error in hole.failures]
    return list(dict.fromkeys(error.what for error in failures if error.what))


def tried(holes: Iterable[Hole]) -> str:
    """Return how often and how long the failures behind some holes were tried; "" for once."""
    each = [error.tried for hole in holes for error in hole.failures if error.tried]
    if not each:
        return ""
    times = _from_to([str(times) for times in sorted(times for times, _ in each)])
    seconds = _from_to([f"{length:.1f}" for length in sorted(length for _, length in each)])
    return f"tried {times} times over {seconds} s"


def _from_to(texts: Sequence[str]) -> str:
    return " to ".join(dict.fromkeys((texts[0], texts[-1])))
