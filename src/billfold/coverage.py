"""How well an answer covers what was asked: a row per account, and one per part that differs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from attrs import converters, field, frozen

from billfold.model import State, Stream
from billfold.period import Period, utc_text
from billfold.secret_numbers import redact_sure

# What a detail says of parts that another account has, in the words between the two.
COUNTED = "already counted in account"
# What a detail says of a stream that a provider does not have.
NOT_OFFERED = "not offered by the provider"
# What a detail says of a stream that a store has nothing of, whatever the provider has.
NOT_KEPT = "the store does not keep this: ask with --live"


def unwatched_text(period: Period, first: datetime) -> str:
    """Return that of a period nothing is known that was deleted before the ``first`` reading."""
    said = f"{period}: nothing was read before {utc_text(first)}"
    return f"{said}, and what was deleted by then is not known"


@frozen
class Coverage:
    """How one account's stream covers one window.

    ``part`` is the organization, project or team this is about, None for the whole account.
    ``covers`` is None where no window applies or none was reached. ``known_until`` is the moment up
    to which anything can be known of a window that is not over, None where it is over.
    ``counted_in`` are the accounts that have counted some of what this one reaches (law 3),
    ``idle``, in an account's first row, the parts that were read in full and have no record.
    ``first_read`` is when a period that is over was read first, where nobody states what was
    deleted by then, and that was after it had begun.
    """

    account: str
    provider: str
    stream: Stream
    state: State
    covers: Period | None = None
    detail: str | None = field(default=None, converter=converters.optional(redact_sure))
    part: str | None = None
    known_until: datetime | None = None
    counted_in: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()
    first_read: datetime | None = None

    @property
    def name(self) -> str:
        """The account's name, and that of its part."""
        return self.account if self.part is None else f"{self.account} {self.part}"

    @property
    def said(self) -> str | None:
        """The detail, after the part's name."""
        is_named = self.part is not None and self.detail
        return f"{self.part}: {self.detail}" if is_named else self.detail

    @property
    def is_hole(self) -> bool:
        """Whether this keeps an answer from being complete: the one rule for it."""
        return self.state not in (State.COMPLETE, State.UNSUPPORTED)


def known_until(coverage: Iterable[Coverage]) -> datetime | None:
    """Return until when all of it is known; None where every window is over."""
    return min((row.known_until for row in coverage if row.known_until is not None), default=None)


def states(coverage: Iterable[Coverage]) -> list[str]:
    """Return a line for each row but of what is not supported, holes first."""
    rows = [row for row in coverage if row.state is not State.UNSUPPORTED]
    rows.sort(key=lambda row: not row.is_hole)
    return [
        f"{row.name} ({row.provider}) {row.stream}: {row.state.replace('_', ' ')}"
        + (f", {row.detail}" if row.detail else "")
        for row in rows
    ]


def open_until(coverage: Iterable[Coverage]) -> dict[str, datetime]:
    """Return until when each account's open window is known, by the account's name."""
    until: dict[str, datetime] = {}
    for row in coverage:
        if row.known_until is not None:
            until[row.account] = min(row.known_until, until.get(row.account, row.known_until))
    return until
