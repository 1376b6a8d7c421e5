"""The law of documents that take each other back: which one, by its id, and to which end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from billfold.adapter import streams
from billfold.model import Invoice, Stream
from billfold.testing.harness import Case, Subject
from billfold.testing.laws.holes import HOLES
from billfold.testing.rules import Rule, require

TAKEN_BACK = Rule(
    HOLES,
    "let `Invoice.cancelled_by` be the id of the document that took it back, and let the two count "
    "or not count together",
)
IN_FORCE = Rule(
    HOLES,
    "let `Invoice.cancelled_by` be None where what took an invoice back was taken back itself, "
    "whole, and let `Invoice.corrects` lead to a document that corrects none",
)

_Ids = Mapping[str, Invoice]


async def chained(subject: Subject) -> None:
    """Require that documents name what took them back by its id, and are in force after it."""
    if Stream.INVOICES not in streams(subject.adapter):
        return
    everything = await subject.answer(Case(Stream.INVOICES))
    accounts = {(one.account, one.kind, one.billing_account_id) for one in everything}
    for owner in accounts:
        own = [
            one for one in everything if (one.account, one.kind, one.billing_account_id) == owner
        ]
        by_id = {one.id: one for one in own}
        numbers = {one.number for one in own if one.number}
        for one in own:
            _require_taker(one, by_id, numbers)
            _require_an_end(one, by_id)


def _require_taker(one: Invoice, by_id: _Ids, numbers: Iterable[str]) -> None:
    named = one.cancelled_by
    if named is None:
        return
    said = f"{one.account}: invoice {one.id} is cancelled by {named!r}, which"
    require(named != one.id, TAKEN_BACK, f"{said} is itself")
    other = by_id.get(named)
    if other is None:
        require(named not in numbers, TAKEN_BACK, f"{said} is the number of another")
        return
    require(one.counts == other.counts, TAKEN_BACK, f"{said} does not count as it does")
    undone = _undone_by(other, by_id, frozenset())
    require(undone is None, IN_FORCE, f"{said} was taken back by {undone!r}")


def _undone_by(one: Invoice, by_id: _Ids, passed: frozenset[str]) -> str | None:
    """Return the id of what takes all of a document back and is in force; None for none."""
    if one.total is None or one.id in passed:
        return None
    for other in by_id.values():
        is_whole = other.counts and other.corrects == one.id and other.total == -one.total
        if is_whole and _undone_by(other, by_id, passed | {one.id}) is None:
            return other.id
    return None


def _require_an_end(one: Invoice, by_id: _Ids) -> None:
    passed, said = [one.id], f"{one.account}: invoice {one.id} corrects itself by way of"
    while (named := by_id[passed[-1]].corrects) in by_id:
        assert named is not None
        require(named not in passed, IN_FORCE, f"{said} {', '.join(passed[1:]) or 'nothing'}")
        passed.append(named)
