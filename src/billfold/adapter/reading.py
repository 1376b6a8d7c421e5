"""What an adapter yields.

Everything understood so far, so that it is kept whatever happens next.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Generic, TypeVar

from attrs import frozen

from billfold.counted import sentences
from billfold.errors import BillfoldError
from billfold.makers import maker
from billfold.model import State
from billfold.period import Period

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@frozen
class Reading(Generic[T_co]):
    """What one reply, or one part of an account, gave: items, the window they cover, and how well.

    ``error`` marks a part that failed: its items are kept, the account's answer becomes partial.
    ``part`` is the organization, project, team or invoice this is about. ``known_until`` is the
    moment up to which an open window was read, ``read_at`` when it was read: None is now.
    ``since`` is when the part came to be, where the provider says so: it cost nothing before.
    ``note`` is what is said of it besides ``detail`` and is no reason for its state.
    """

    items: tuple[T_co, ...] = ()
    covers: Period | None = None
    state: State = State.COMPLETE
    detail: str | None = None
    error: BillfoldError | None = None
    part: str | None = None
    known_until: datetime | None = None
    read_at: datetime | None = None
    since: datetime | None = None
    note: str | None = None

    @property
    def said(self) -> str | None:
        """The reasons for its state, and what is noted besides."""
        return sentences(self.detail, self.note)

    def of_part(self, part: str | None) -> Reading[T_co]:
        """Return the reading itself where it names a part already, else one about this part."""
        if self.part is not None or part is None:
            return self
        error = None if self.error is None else self.error.of_part(part)
        return self.with_items(self.items, self.state, error, part)

    def with_items(
        self, items: tuple[T, ...], state: State, error: BillfoldError | None, part: str | None
    ) -> Reading[T]:
        """Return the same about other items."""
        # Not `evolve`, which takes ten times as long, twice for each page.
        known = self.known_until, self.read_at, self.since, self.note
        return _make(items, self.covers, state, self.detail, error, part, *known)


_make = maker(Reading)
Readings = AsyncGenerator[Reading[T], None]
