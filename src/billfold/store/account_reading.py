"""One account's answer for one stream and window, as it is booked: what was read, and how well."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from attrs import astuple, field, frozen

from billfold import codec
from billfold.answer import Answer
from billfold.columns import Row
from billfold.counted import sentences
from billfold.coverage import Coverage
from billfold.model import ANSWERED, WINDOWED, State, Stream, total
from billfold.period import Period
from billfold.store.counted_elsewhere import Held
from billfold.store.known import Changes, Window
from billfold.store.records import Block, blocks
from billfold.store.scopes import scope_of, scope_text, stated_scope
from billfold.store.sync_rows import is_read_whole

# A record as of now has no window: it holds until another reading says otherwise.
ALWAYS = Period(datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


@frozen
class AccountReading:
    """What an account answered. ``origin`` is where it was asked, ``read_at`` when.

    Nothing of the scopes in ``unfit`` can be kept, and so its answer has nothing of them but a row
    each, which says why. So have scopes that another account holds, where that has other amounts,
    in ``differing``, each with what is kept of it. Either was read whole. What is ``handed`` over
    is another account's from here on; ``new_names`` of payers are those that other readings of the
    same sync have proven.
    """

    account: str
    provider: str
    origin: str
    read_at: datetime
    answer: Answer[Any]
    unfit: Mapping[str, Coverage] = field(factory=dict)
    differing: Mapping[Coverage, str] = field(factory=dict)
    handed: tuple[Window, ...] = ()
    new_names: frozenset[tuple[str, str]] = frozenset()

    @property
    def stream(self) -> Stream:
        """The stream that was asked for."""
        return self.answer.stream

    @property
    def month(self) -> Period:
        """The window that was asked for, or the month of asking where the stream has none."""
        return self.answer.requested or Period.month_of(self.read_at)

    @property
    def is_answered(self) -> bool:
        """Whether there is anything to book."""
        return any(row.state in ANSWERED for row in self.answer.coverage)

    @property
    def is_whole(self) -> bool:
        """Whether all was read of the windows that the answer covers."""
        said_besides = *self.unfit.values(), *self.differing
        rows = [
            row
            for row in self.answer.coverage
            if row.state is not State.UNSUPPORTED and row not in said_besides
        ]
        return bool(rows) and all(map(self._is_read_whole, rows))

    def _is_read_whole(self, row: Coverage) -> bool:
        return is_read_whole(self.stream, row.state, row.covers, self.month)

    def windows(self) -> tuple[Window, ...]:
        """Return the scopes and times that were read."""
        if self.stream is Stream.USAGE and (self.answer.items or self.unfit):
            return tuple(
                Window(scope_text(usage.billing_account_id, usage.sub_account_id), usage.covers)
                for usage in self.answer
            )
        return (Window(None, self.month if self.stream in WINDOWED else ALWAYS),)

    def blocks(self) -> tuple[Block, ...]:
        """Return the records that were read."""
        return tuple(blocks(self.stream, self.answer.items, self.month, self.read_at))

    def as_stated(self, scopes: Collection[str | None]) -> list[str | None]:
        """Return scopes with their ids as this reading states them."""
        if not scopes:
            return []
        items = self.answer.items
        stated = {scope_of(self.stream, each): stated_scope(self.stream, each) for each in items}
        return [stated.get(scope, scope) if scope else scope for scope in scopes]

    def sync_rows(
        self,
        sync_id: str,
        known_at: datetime,
        done: Changes,
        left: Sequence[Held],
        unconfirmed: Sequence[str | None],
        stands: str | None,
    ) -> list[Row]:
        """Return the rows that say how this went; what was changed stands in the first.

        ``left`` is what others hold, ``stands`` is the sentence about what was not changed.
        """
        confirmed = self._confirmed(done.unconfirmed) if self.is_whole else []
        errors = {error.part: type(error).__name__ for error in self.answer.failures}
        rows: list[Row] = [
            {
                "month": f"{known_at:%Y-%m}",
                "sync_id": sync_id,
                "known_at": known_at,
                "read_at": self.read_at,
                "provider": self.provider,
                "origin": self.origin,
                "account": self.account,
                "stream": self.stream.value,
                "requested_start": _bound(self.answer.requested, "start"),
                "requested_end": _bound(self.answer.requested, "end"),
                "state": row.state.value,
                "part": row.part,
                "covers_start": _bound(row.covers, "start"),
                "covers_end": _bound(row.covers, "end"),
                "detail": row.detail,
                "error": errors.get(row.part) or errors.get(None),
                "differing": self.differing.get(row),
            }
            for row in self.answer.coverage
        ]
        if rows:
            stated = total(self.stream, self.answer.items)
            idle = [part for row in self.answer.coverage for part in row.idle]
            rows[0] |= {
                "confirmed": _json(confirmed),
                "unconfirmed": _json(unconfirmed) if unconfirmed else None,
                "counted_elsewhere": _json([astuple(each) for each in left]) if left else None,
                "idle": _json(idle) if idle else None,
                "stated": _json(codec.totals_text(stated)),
                **done.counts,
            }
            rows[0]["detail"] = sentences(rows[0]["detail"], stands)
        return rows

    def _confirmed(self, unconfirmed: Sequence[Window]) -> list[Any]:
        """Return the windows that are known whole; not that of all scopes while one is unfit."""
        return [
            (window.scope, window.period.start, window.period.end)
            for window in self.windows()
            if window not in unconfirmed and not (self.unfit and window.scope is None)
        ]


def _bound(period: Period | None, name: str) -> datetime | None:
    return None if period is None else getattr(period, name)


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
