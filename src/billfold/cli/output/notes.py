"""What people must know beside the numbers: failed checks, holes and why, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.table import Table
from rich.text import Text

from billfold import errors
from billfold.answer import Answer, holes_of, windows_read
from billfold.cli.output._cells import HOLE, WARNING, cell, grouped, period_text, stack
from billfold.cli.output.terminal import Part, print_stderr
from billfold.cli.verbosity import is_verbose, is_watched
from billfold.coverage import NOT_OFFERED, Coverage
from billfold.holes import places_of, why_alone
from billfold.model import Check, Invoice, State, Usage, is_unstated
from billfold.period import Period, utc_text

Note = tuple[str, Text]

_MOST_REASONS = 3
_MOST_NAMES = 10

# The nearest class of an error decides, as in the tree that errors.py draws.
_ADVICE: Mapping[type[errors.BillfoldError], str] = {
    errors.ConfigError: "correct the account's configuration",
    errors.TokenError: "correct where the token is kept; billfold accounts shows where that is",
    errors.CredentialsError: "replace the token, or change where it is read from",
    errors.ForbiddenError: "give the token the permission, or use another token",
    errors.RequestError: "check the account's settings, and the ids given",
    errors.TooLargeError: "",  # the message says whether half the period helps
    errors.RateLimitedError: "wait, or set a lower requests_per_minute",
    errors.TransientError: "run the command again",
    errors.UnreachableError: "check the network and the account's base URL",
    errors.DriftError: "update billfold, or report that the provider's reply has changed",
    errors.DeadlineError: "allow more time with --deadline",
}


def print_notes(answer: Answer[Any]) -> None:
    """Print an answer's notes on standard error; those that warn of nothing to who watches."""
    if has_warnings(answer) or is_watched():
        print_stderr(*answer_notes(answer))


def has_warnings(answer: Answer[Any]) -> bool:
    """Return whether something is missing, or a check failed by more than rounding."""
    return not answer.complete or any(_broken_checks(answer, by_rounding=False))


def answer_notes(answer: Answer[Any]) -> list[Part]:
    """Return an answer's notes, laid out; none where there is nothing to say.

    What matters most comes last, where the eye rests: what is not offered, rounding (with
    --verbose), windows, remarks, checks, holes, and which accounts this is not about.
    """
    notes = [
        *_not_offered(answer),
        *(_rounding(answer) if is_verbose() else ()),
        *_windows(answer),
        *_remarks(answer),
        *_failed_checks(answer),
        *_holes(answer),
        *_left_out(answer),
    ]
    return laid_out(notes)


def lacking_notes(answer: Answer[Any]) -> list[Part]:
    """Return the notes on an answer's holes, which say of what it is an answer, laid out."""
    return laid_out([*_holes(answer, f"{answer.stream} incomplete")])


def laid_out(notes: Sequence[Note]) -> list[Part]:
    """Return notes below each other, each wrapped beside its mark; none for none."""
    if not notes:
        return []
    table = Table.grid(padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column(no_wrap=True, min_width=1)
    table.add_column(overflow="fold")
    for mark, text in notes:
        table.add_row(Text(mark, "yellow"), text)
    return [table]


def _not_offered(answer: Answer[Any]) -> Iterator[Note]:
    rows = [row for row in answer.coverage if row.state is State.UNSUPPORTED]
    for why, alike in grouped(rows, lambda row: row.detail or NOT_OFFERED).items():
        yield "", cell(f"{why}: {', '.join(row.account for row in alike)}", "dim")


def _rounding(answer: Answer[Any]) -> Iterator[Note]:
    broken = _broken_checks(answer, by_rounding=True)
    checks = grouped(broken, lambda pair: (pair[0].account, pair[1].name))
    for (account, name), alike in checks.items():
        largest = max((check.gap for _, check in alike), key=lambda gap: gap.amount.copy_abs())
        text = f"rounding difference of {largest}"
        if len(alike) > 1:
            text = f"rounding differences of up to {abs(largest)} ({len(alike)} checks)"
        yield "", cell(f"{account}: {name}: {text}", "dim")


def _windows(answer: Answer[Any]) -> Iterator[Note]:
    """Give notes on windows that are not over, and on one total over several."""
    # Accounts are told apart by what is shown: seconds between their readings are not.
    open_rows = grouped(answer.coverage, lambda row: row.known_until and so_far(row.known_until))
    for mark, rows in open_rows.items():
        if mark:
            yield "", cell(f"{mark}: {_some(row.account for row in rows)}")
    windows = windows_read(answer)
    if answer.requested is None and len(windows) > 1:
        shown = (f"{cell(window)} ({_some(accounts)})" for window, accounts in windows.items())
        yield "", cell(f"windows differ: {_some(shown)}")


def _remarks(answer: Answer[Any]) -> Iterator[Note]:
    """Give what is said of accounts that answered in full; those with the same share a note."""
    said = [row for row in answer.coverage if row.state is State.COMPLETE and row.detail]
    for (provider, detail), rows in grouped(said, lambda row: (row.provider, row.detail)).items():
        yield "", cell(f"{_some(row.name for row in rows)} ({provider}): {detail}", "dim")


def so_far(moment: datetime) -> str:
    """Return the mark of figures of a window that is not over."""
    return f"so far, until {cell(moment)} UTC"


def window_text(requested: Period | str | None, coverage: Iterable[Coverage]) -> str:
    """Return what was asked for, and until when it is known where that is not over."""
    named = period_text(requested) if isinstance(requested, Period) else requested
    open_until = {row.known_until for row in coverage if row.known_until is not None}
    return ", ".join(filter(None, [named, *dict.fromkeys(map(so_far, sorted(open_until)))]))


def _some(names: Iterable[str]) -> str:
    """Return names in a line, the first few of many."""
    names = list(dict.fromkeys(names))
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more


def _failed_checks(answer: Answer[Any]) -> Iterator[Note]:
    from billfold.model.shared_names import SharedNames

    projects = SharedNames.of("sub_account", (item for item in answer if isinstance(item, Usage)))
    for item, check in _broken_checks(answer, by_rounding=False):
        if isinstance(item, Invoice):
            part = item.number or item.id
        else:
            part = f"{projects.name(item) or ''} {cell(item.covers)}".strip()
        yield WARNING, cell(f"{item.account} {part}: {check.text}")


def _broken_checks(
    answer: Answer[Any], *, by_rounding: bool
) -> Iterator[tuple[Usage | Invoice, Check]]:
    for item in answer.items:
        for check in getattr(item, "checks", ()):
            if not check.holds and check.is_broken is not by_rounding:
                yield item, check


def _holes(answer: Answer[Any], what: str = "incomplete") -> Iterator[Note]:
    """Give a note for each hole; accounts with the same one share a note."""
    if not answer.complete and not answer.holes:
        yield HOLE, Text("none of the chosen accounts answers for this", "yellow")
    holes = grouped(
        holes_of(answer),
        lambda hole: (hole.row.provider, hole.row.state, hole.reason),
    )
    for (provider, state, _), alike in holes.items():
        rows = [hole.row for hole in alike]
        windows = grouped(rows, lambda row: row.covers)
        about, covered = _covered(windows)
        text = f"{what}: {about} ({provider}) {state.replace('_', ' ')}{covered}"
        places, reason = places_of(alike), why_alone(alike)
        lines = dict.fromkeys(
            [
                *_each_window(windows),
                *([f"about {_some(places)}"] if len(places) > 1 else ()),
                *(line for row in rows for line in _details(answer, row)),
            ]
        )
        said = cell(f": {reason}" if reason else "")
        yield HOLE, stack(cell(text, "yellow") + said, *(cell(line, "dim") for line in lines))


def _covered(windows: Mapping[Period | None, Sequence[Coverage]]) -> tuple[str, str]:
    """Return whom a hole is about, and the window they all cover where it is one."""
    if len(windows) > 1:
        return _some(row.account for rows in windows.values() for row in rows), ""
    ((covers, rows),) = windows.items()
    return _some(row.name for row in rows), f", covers {cell(covers)}" if covers else ""


def _each_window(windows: Mapping[Period | None, Sequence[Coverage]]) -> Iterator[str]:
    """Give whom each of several windows is of, the first few of many."""
    if len(windows) > 1:
        for covers, rows in list(windows.items())[:_MOST_NAMES]:
            window = f"covers {cell(covers)}" if covers else "no window stated"
            yield f"{_some(row.name for row in rows)}: {window}"
        if len(windows) > _MOST_NAMES:
            yield f"and {len(windows) - _MOST_NAMES} more; see --format json"


def _left_out(answer: Answer[Any]) -> Iterator[Note]:
    if answer.left_out:
        yield WARNING, cell(scope_text(answer), "yellow")


def scope_text(answer: Answer[Any]) -> str:
    """Return how complete an answer is over how many of the configured accounts."""
    state = "complete" if answer.complete else "incomplete"
    answering, left_out = len(answer.accounts), answer.left_out
    everybody = answering + len(left_out)
    return f"{state} - {answering} of {everybody} accounts; left out: {_some(left_out)}"


def _details(answer: Answer[Any], row: Coverage) -> Iterator[str]:
    """Give the reasons of amounts that are not stated, and what to do about the row's failures."""
    reasons = list(dict.fromkeys(_reasons(answer, row.account)))
    yield from reasons[:_MOST_REASONS]
    if len(reasons) > _MOST_REASONS:
        yield f"and {len(reasons) - _MOST_REASONS} more; see --format json"
    for error in answer.failures:
        if (error.account, error.part) == (row.account, row.part):
            yield advice(error)


def _reasons(answer: Answer[Any], account: str) -> Iterator[str]:
    for item in answer.items:
        if item.account != account:
            continue
        for charge in getattr(item, "charges", ()):
            if is_unstated(charge):
                name = charge.description or charge.service
                yield f"{name}: {charge.reason or 'no cost stated'}"
        if isinstance(item, Invoice) and is_unstated(item):
            yield f"{item.number or item.id}: {item.reason or 'no total stated'}"


def how_to_complete(answer: Answer[Any], now: datetime, *, is_spread: bool) -> list[str]:
    """Return what answers for a window that is over where its providers cannot any more."""
    if answer.requested is None or answer.requested.end > now:
        return []
    whole, said = answer.requested, []
    covered = [row.covers for row in answer.holes if row.covers is not None]
    if any(row.state is State.UNAVAILABLE for row in answer.holes):
        said.append("billfold sync, run while a month lasts, keeps what its provider forgets.")
    if not is_spread and any(each.start < whole.start or each.end > whole.end for each in covered):
        said.append("--spread cuts billing cycles to the period's days, where they cover it.")
    return said


def advice(error: errors.BillfoldError) -> str:
    """Return what to do about an error, when, and what to quote to the provider."""
    known = next((_ADVICE[kind] for kind in type(error).__mro__ if kind in _ADVICE), None)
    when = f"not before {utc_text(error.retry_at)}" if error.retry_at else None
    actions = "; ".join(text for text in (known, when) if text) or "what the message says"
    quotes = {"code": error.code, "request id": error.request_id}
    quoted = ", ".join(f"{name} {value}" for name, value in quotes.items() if value)
    return f"Try: {actions}" + (f" ({quoted})" if quoted else "")
