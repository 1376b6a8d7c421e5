"""What every law requires of coverage: that it agrees with records, errors and period."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from billfold.answer import Answer, Coverage
from billfold.errors import ConfigError, IncompleteError, ProviderError
from billfold.model import DailyCost, LedgerEntry, State, Usage
from billfold.period import Period
from billfold.testing.answers import duplicates, of_account, record_ids, some, totals
from billfold.testing.rules import Rule, fail, require
from billfold.testing.subject import Case

HOLES = "law 4, holes are visible"

NO_ERRORS = Rule(HOLES, "answer State.PARTIAL or raise the error where something failed")
RIGHT_WINDOW = Rule(
    HOLES,
    "yield Reading(..., covers=) with the window that the reply is for, and State.DIFFERENT_WINDOW "
    "where that is not the period asked",
)
INSIDE = Rule(
    "law 7, windows are half-open",
    "leave out what is not in the window, or say State.DIFFERENT_WINDOW and which window it is",
)
NAMED_FAILURE = Rule(HOLES, "raise one of billfold.adapter's errors, and do not catch them")
NO_RECORDS = Rule(HOLES, "yield what was read before the error, so that it counts as partial")
EXPLAINED = Rule(HOLES, "give Reading(..., detail=) a few words about what is missing and why")
KNOWN_ERROR = Rule(
    HOLES,
    "raise an error that says what the provider did (ProviderError and those below it) or what to "
    "configure (ConfigError)",
)
LOCATED = Rule(HOLES, "raise the error as it is: the core adds the provider and the account")
NO_TOTAL = Rule(HOLES, "do not wrap the facade's answers")
SAME_RECORDS = Rule(
    HOLES,
    "read every page, count a record once, and pass on what Pages says of the list: "
    "State.PARTIAL where it is doubtful, its note as the detail",
)


def require_honest(case: Case, answer: Answer[Any]) -> None:
    """Require that the coverage is true.

    Failures are named, holes explained, and what is called complete is for the window asked.
    """
    for row in answer.coverage:
        about = f"{case}: {row.account} is {row.state}"
        errors = [error for error in answer.failures if error.account == row.account]
        records = of_account(answer.items, row.account)
        if row.state is State.COMPLETE:
            require(not errors, NO_ERRORS, f"{about} in spite of {errors}")
            _require_window(about, case, row, records)
        elif row.state in (State.FAILED, State.TIMED_OUT):
            require(errors, NAMED_FAILURE, f"{about} without an error")
            require(not records, NO_RECORDS, f"{about}, and has records")
        else:
            explained = errors or row.detail or row.covers != case.period
            require(explained, EXPLAINED, f"{about}, and nothing says why")
    for error in answer.failures:
        known = isinstance(error, ProviderError | ConfigError)
        require(known, KNOWN_ERROR, f"{case} fails by {type(error).__name__}: {error}")
        require(
            error.provider and error.account, LOCATED, f"{case}: nobody knows whose {error!r} is"
        )
    if not answer.complete:
        _require_no_total(case, answer)


def _require_window(about: str, case: Case, row: Coverage, records: list[Any]) -> None:
    if case.period is not None and row.covers is not None:
        require(row.covers == case.period, RIGHT_WINDOW, f"{about} for {row.covers}")
    window = row.covers or case.period
    for record in records:
        if isinstance(record, Usage):
            _require_usage_inside(about, record, window)
        elif case.period is not None and isinstance(record, LedgerEntry):
            inside = record.at in case.period
            require(inside, INSIDE, f"{about}, with an entry of {record.at}")
        elif case.period is not None and isinstance(record, DailyCost):
            start = datetime.combine(record.date, time(), case.period.start.tzinfo)
            inside = Period(start, start + timedelta(days=1)).overlaps(case.period)
            require(inside, INSIDE, f"{about}, with the day {record.date}")


def _require_usage_inside(about: str, usage: Usage, window: Period | None) -> None:
    inside = window is None or (
        window.start <= usage.covers.start and usage.covers.end <= window.end
    )
    require(inside, INSIDE, f"{about} for {window}, with usage of {usage.covers}")
    for charge in usage.charges:
        require(
            charge.period.overlaps(usage.covers),
            INSIDE,
            f"{about}, with a charge of {charge.period} in usage of {usage.covers}",
        )


def _require_no_total(case: Case, answer: Answer[Any]) -> None:
    try:
        sums = answer.totals()
    except IncompleteError:
        return
    fail(NO_TOTAL, f"{case}: a total over a hole is given to who did not ask for it: {sums}")


def require_whole_list(case: Case, expected: Answer[Any], answer: Answer[Any]) -> None:
    """Require that a list whose pages go wrong is whole, or not called complete.

    No record may be in it twice.
    """
    require_honest(case, answer)
    if answer.complete:
        about = f"{case} is called complete"
        require(
            totals(answer) == totals(expected),
            SAME_RECORDS,
            f"{about}, and adds up to {totals(answer)}, not {totals(expected)}",
        )
        differing = set(record_ids(answer)) ^ set(record_ids(expected))
        require(not differing, SAME_RECORDS, f"{about}, with other records: {some(differing)}")
    repeated = duplicates(record_ids(answer))
    require(not repeated, SAME_RECORDS, f"{case} has a record twice: {some(repeated)}")
