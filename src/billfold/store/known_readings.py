"""Records as readings: one of all that is known alike, and others of what is known apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import evolve

from billfold.adapter.reading import Reading
from billfold.counted import counted, sentences
from billfold.model import State, Stream, Usage
from billfold.period import Period, span
from billfold.store.earned import Earned
from billfold.store.reading_back import without_owner
from billfold.store.reading_words import no_total_text
from billfold.store.records import LINES_AND_TOTAL
from billfold.store.scopes import scope_name, scope_of
from billfold.store.tables import TABLES
from billfold.unfit import part_of

if TYPE_CHECKING:
    import pyarrow as pa


def readings_of(
    stream: Stream, items: tuple[Any, ...], known: Earned, lost: str | None
) -> Sequence[Reading[Any]]:
    """Return records as well as they are known; of windows known apart, another for each.

    ``lost`` says what is known besides and cannot be counted.
    """
    state = State.PARTIAL if lost else known.state
    said = [known.detail, *no_total_text(_without_total(stream, items)), lost]
    whole: Reading[Any] = Reading(
        items,
        known.covers,
        state,
        sentences(*said),
        known_until=known.known_until,
        read_at=known.read_at,
    )
    apart = [evolve(whole, items=(), covers=window) for window in known.apart]
    return [*_by_moment(stream, whole, known.behind), *apart] if known.behind else [whole, *apart]


def _by_moment(
    stream: Stream, whole: Reading[Any], behind: Mapping[str, datetime]
) -> list[Reading[Any]]:
    """Return the records that are known as long as any, and in a reading each those that are not.

    Of usages each is of its own time. Who was lost may have no record, and has a reading.
    """
    own: dict[str | None, list[Any]] = {None: []}
    if stream is not Stream.USAGE:
        own |= {scope: [] for scope in behind}
    for item in whole.items:
        scope = scope_of(stream, item)
        own.setdefault(scope if scope in behind else None, []).append(item)
    return [
        evolve(whole, items=tuple(own.pop(None))),
        *(
            evolve(
                whole,
                items=tuple(items),
                covers=span(each.covers for each in items)
                if stream is Stream.USAGE
                else whole.covers,
                part=part_of(items[0]) if items else scope_name(scope),
                known_until=behind[scope],
            )
            for scope, items in own.items()
            if scope is not None
        ),
    ]


def lost_text(rows: pa.Table | None, stream: Stream) -> str | None:
    """Return the words about charges or lines whose usage or invoice is not known."""
    if rows is None or not (count := without_owner(rows, stream)):
        return None
    header, kind = TABLES[stream].kinds
    lost = counted(count, kind.name)
    return f"not counted: {lost} in no {header.name} that is known; run billfold store check"


def _without_total(stream: Stream, items: Sequence[Any]) -> set[str]:
    """Return the names of the usages of which only some charges were restated."""
    if stream is not Stream.USAGE:
        return set()
    parts = [usage for usage in items if LINES_AND_TOTAL in usage.unchecked]
    return {usage.sub_account_id or usage.billing_account_id or "the account" for usage in parts}


def as_seen(stream: Stream, items: tuple[Any, ...], known: Earned) -> tuple[Any, ...]:
    """Return usages with the moment until which each was seen to cost what it costs."""
    if stream is not Stream.USAGE:
        return items
    return tuple(evolve(each, known_until=known.seen.get(window_of_usage(each))) for each in items)


def window_of_usage(usage: Usage) -> tuple[str, Period]:
    """Return whose a usage is, and of what time."""
    return scope_of(Stream.USAGE, usage), usage.covers
