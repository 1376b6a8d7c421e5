"""The laws, as functions over any adapter with a simulator. None of them knows pytest."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from billfold.extras import how_to_install, is_store_there
from billfold.testing.harness import Subject
from billfold.testing.laws import (
    declared,
    documents,
    drift,
    faults,
    history,
    holes,
    invoices,
    knowledge,
    lateness,
    nameless,
    numbers,
    overlap,
    parts,
    secrecy,
    timing,
    unread,
    windows,
)
from billfold.testing.watch import run

# Returns how many times something was made to go wrong, where that is worth counting.
Law = Callable[[Subject], Awaitable[int | None]]

LAWS: Mapping[str, Law] = {
    "methods": declared.methods,
    "owned": declared.owned,
    "overlapping": overlap.overlapping,
    "habits": declared.habits,
    "exact": numbers.exact,
    "conserved": numbers.conserved,
    "signed": numbers.signed,
    "stable": numbers.stable,
    "split": windows.split,
    "window-kept": windows.kept,
    "window-of-another": windows.of_another,
    "times-respelled": windows.respelled,
    "ahead-of-time": windows.ahead,
    "invoice-kinds": invoices.kinds,
    "invoice-periods": invoices.periods,
    "single-invoices": invoices.single,
    "invoice-chains": documents.chained,
    "covered": holes.covered,
    "failing": holes.failing,
    "isolated": holes.isolated,
    "parts-named": parts.named,
    "parts-repeated": parts.repeated,
    "open-world": drift.open_world,
    "nulls": drift.nulls,
    "wrong-types": drift.wrong_types,
    "unread-amounts": unread.amounts,
    "unread-rows": unread.rows,
    "other-currencies": unread.currencies,
    "void-rows": unread.void_rows,
    "total-rows": unread.total_rows,
    "announced-pages": unread.pages,
    "known-until": knowledge.known,
    "not-ready": knowledge.ready,
    "late-rows": lateness.declared,
    "rows-without-id": nameless.nameless,
    "secret": secrecy.secret,
    "waits": timing.waits,
    "cancelled": timing.cancelled,
    "abandoned": timing.abandoned,
    "twice": timing.twice,
    "unblocked": timing.unblocked,
    "borrowed": timing.borrowed,
    "history-replayed": history.replayed,
    "history-as-of": history.as_of,
    "history-not-final": history.not_final,
    "history-split": history.split,
    "history-restated": history.restated,
    "history-withdrawn": history.withdrawn,
    **{f"fault {name}": partial(faults.survived, name=name) for name in faults.EXPECTATIONS},
}


def what_to_install(law: str) -> str | None:
    """Return the command that installs what a law needs, None where that is there."""
    is_ready = not law.startswith("history-") or is_store_there()
    return None if is_ready else how_to_install("store")


def prove(subject: Subject, law: str) -> int:
    """Try one law in an event loop of its own, and return how many faults were injected.

    A fault is counted once for each endpoint of each stream, or for each place. Raises LawBroken
    (an AssertionError) that says what was seen and what to do about it.
    """
    injected = 0

    async def work() -> None:
        nonlocal injected
        injected = await LAWS[law](subject) or 0

    run(law, work)
    return injected
