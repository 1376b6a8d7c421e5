"""What answers from a store say of the readings that they stand on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

from billfold.columns import Row
from billfold.counted import counted, listed
from billfold.model import State, Stream
from billfold.period import Period, span, utc_text
from billfold.store.confirmed import WINDOWS, Confirmed
from billfold.store.scopes import one_spelling, scope_name
from billfold.store.sync_rows import cut_off_rows, is_about, last_reading, period_of, unconfirmed


def how_it_went(rows: Sequence[Row]) -> str:
    """Return how a reading went, by a row that is not complete where it has one."""
    holes = (row for row in rows if row["state"] not in (State.COMPLETE, State.UNSUPPORTED))
    row = next(holes, rows[-1])
    part, detail = row["part"], row["detail"]
    whose = f" for {part}" if part else ""
    words = f": {detail}" if detail else ""
    return f"the reading of {utc_text(row['read_at'])} was {row['state']}{whose}{words}"


def never(readings: Sequence[Row]) -> str:
    """Return that no reading was answered, and how the last one went."""
    return f"it was never answered; {how_it_went(last_reading(readings))}"


def read_in_part(readings: Sequence[Row], window: Period | None = None) -> str:
    """Return that some was read, and never all, and how the last reading went.

    ``window`` is named where other times were read whole; None is all that readings are about.
    """
    about = [row for row in readings if window is None or is_about(row, window)]
    named = "" if window is None else f"{window} was "
    return f"{named}read in part only; {how_it_went(last_reading(about))}"


def nothing_read(*, is_past: bool) -> str:
    """Return that an account was not read, and what to do unless the moment asked for is past."""
    return (
        "nothing of it was known by then" if is_past else "nothing was read yet: run billfold sync"
    )


def not_read(
    about: Sequence[Row], window: Period, forgotten_by: str | None, *, is_past: bool
) -> str:
    """Return that nothing was read of a window, and why or what to do.

    ``forgotten_by`` names a provider that cannot be asked for it any more. What was known at a
    moment that ``is_past`` does not change.
    """
    if about:
        last = last_reading(about)
        said = f"{window} was not answered; {how_it_went(last)}"
        has_failed = last[0]["state"] in (State.FAILED, State.TIMED_OUT)
        can_help = has_failed and forgotten_by is None and not is_past
        return f"{said}; {_read_it(window)}" if can_help else said
    if forgotten_by is not None:
        return f"{window} was never read, and {forgotten_by} answers only for what runs now"
    if is_past:
        return f"nothing of {window} was known by then"
    return f"{window} was never read: {_read_it(window)}"


def _read_it(window: Period) -> str:
    """Return the command that reads a window: whole months are kept, so those that hold it."""
    months = span(Period.month_of(part.start) for part in window.split_months())
    return f"run billfold sync --period {months}"


def as_read(about: Sequence[Row], windows: Sequence[Confirmed]) -> list[str]:
    """Return what the readings that stand said themselves, each with its time.

    Some of it was true only then ("so far"); what was in no record then is not in the book either.
    What was said at the same moment of another time, that was read again since, does not stand.
    """
    said = list[str]()
    for moment in sorted({each.read_at for each in windows}):
        stand = [each.period for each in windows if each.read_at == moment]
        rows = (row for row in about if row["read_at"] == moment)
        own = own_words([row for row in rows if any(is_about(row, each) for each in stand)])
        said += [f"read at {utc_text(moment)}: {'; '.join(own)}"] if own else []
    return said


def own_words(rows: Sequence[Row]) -> list[str]:
    """Return what a reading said of what it read, each once, with the part that it is about."""
    whole = (row for row in rows if row["state"] == State.COMPLETE and row["detail"])
    said = (f"{row['part']}: {row['detail']}" if row["part"] else row["detail"] for row in whole)
    return [*dict.fromkeys(said)]


def not_confirmed(stream: Stream, about: Sequence[Row]) -> str | None:
    """Return the sentence about what the last whole reading did not confirm.

    One that was cut off confirms nothing, and says nothing of it.
    """
    cut_off = {row["known_at"] for row in cut_off_rows(stream, about)}
    whole = [row for row in about if row["known_at"] not in cut_off]
    return unconfirmed_text(unconfirmed(last_reading(whole) if whole else []))


def passed_over(
    about: Sequence[Row], windows: Sequence[Confirmed]
) -> Mapping[datetime, AbstractSet[str]]:
    """Return the scopes with months that later whole readings do not state, by when they were read.

    A billing cycle that has ended is stated no more by itself, which says nothing of it.
    """
    whole: dict[Period, datetime] = {}
    told: set[str | None] = set()
    for row in about:
        if WINDOWS.decode(row["confirmed"] or "[]"):
            asked = period_of(row, "requested") or Period.month_of(row["read_at"])
            whole[asked] = row["read_at"]
            told = {scope and one_spelling(scope) for scope in unconfirmed([row])}
    older: dict[datetime, set[str]] = {}
    for each in windows:
        if each.scope is None or each.scope in told or not each.period.is_whole_months:
            continue
        since = (asked for asked, read_at in whole.items() if read_at > each.read_at)
        if any(asked.encloses(each.period) for asked in since):
            older.setdefault(each.read_at, set()).add(each.scope)
    return older


def passed_over_text(
    older: Mapping[datetime, AbstractSet[str]], known: AbstractSet[str]
) -> list[str]:
    """Return the sentences about those of such scopes of which anything is known still."""
    return [
        f"{', '.join(map(scope_name, sorted(scopes & known)))}: as read at {utc_text(moment)}, "
        "no later reading states it"
        for moment, scopes in sorted(older.items())
        if scopes & known
    ]


def unconfirmed_text(scopes: Iterable[str | None]) -> str | None:
    """Return the sentence about scopes of which nothing was stated where something is known."""
    names = dict.fromkeys(map(scope_name, scopes))
    return f"nothing was stated for {', '.join(names)}: what is known stays" if names else None


def withdrawn_text(scopes: Mapping[str, int]) -> str | None:
    """Return the sentence about what a reading took back, as it is stated no more."""
    taken_back = (f"{counted(scopes[each], 'record')} of {scope_name(each)}" for each in scopes)
    return f"taken back: {listed(taken_back)}" if scopes else None


def behind_text(scopes: Iterable[str | None]) -> str | None:
    """Return the sentence about scopes of which a cut-off reading has other lines than are known.

    Its new lines may stand for known ones that it does not have.
    """
    names = dict.fromkeys(map(scope_name, scopes))
    if not names:
        return None
    return f"{', '.join(names)}: cut off, this reading adds no charges, and restates no total"


def other_time_text(scopes: Iterable[str | None], times: Iterable[Period]) -> str:
    """Return the sentence that names scopes, and the times that were read of all of them."""
    names = listed(sorted(scope_name(scope) for scope in scopes if scope is not None))
    whose = f"{names}: " if names else ""
    return f"{whose}what was read is of {', '.join(map(str, times))}"


def ended_text(scopes: Iterable[str | None]) -> str:
    """Return the sentence that names scopes of which only windows that have ended were read."""
    names = listed(sorted(map(scope_name, scopes)))
    return f"{names}: what was read has ended, and nothing was read of what runs"


def missed_text(scopes: Iterable[str | None]) -> str | None:
    """Return the sentence about scopes of which a cut-off reading has records that nobody booked.

    They may have been in another month, which no longer has them.
    """
    names = ", ".join(dict.fromkeys(map(scope_name, scopes)))
    return f"{names}: what only a cut-off reading has is not counted" if names else None


def no_total_text(names: Iterable[str]) -> list[str]:
    """Return the sentence about usages that are restated in part, by their scopes' names."""
    named = ", ".join(sorted(names))
    return [f"{named}: no total is known, as only some charges were restated"] if named else []


def tail_words(
    late: Sequence[Confirmed], in_part: Sequence[Row], tolerance: timedelta
) -> list[str]:
    """Return until when windows are known that were read last before their end.

    Of several those count that were read too early. ``in_part`` is the last reading that changed
    some of them since.
    """
    if not late:
        return []
    too_early = [each for each in late if each.is_early(tolerance)]
    earliest = min(each.read_at for each in too_early or late)
    since = [row["read_at"] for row in in_part if row["read_at"] > earliest]
    more = f", and in part until {utc_text(max(since))}" if since else ""
    return [f"as read until {utc_text(earliest)}{more}"]
