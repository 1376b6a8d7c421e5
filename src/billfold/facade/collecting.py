"""One account's readings of one stream, gathered under a deadline into items, coverage and failures."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any, Generic, TypeVar

from attrs import define, field

from billfold.adapter.contract import Reading, Readings
from billfold.answer import Coverage
from billfold.errors import (
    BillfoldError,
    DeadlineError,
    DriftError,
    MoneyError,
    PeriodError,
    ProviderError,
)
from billfold.http.deadline import within
from billfold.model import ANSWERED, State, Stream, count_unstated, stamp
from billfold.period import merged

T = TypeVar("T")


@define
class Gathering(Generic[T]):
    """What one account has said so far. Items are kept apart from how well they cover, so a stream need not hold them."""

    provider: str
    account: str
    stream: Stream
    readings: list[Reading[T]] = field(factory=list)
    failure: BillfoldError | None = None
    holes: int = 0
    ended: bool = False

    async def each(
        self, readings: Readings[T], until: float | None
    ) -> AsyncGenerator[tuple[T, ...], None]:
        """Yield every reading's items; keep the rest for :meth:`coverage`.

        A provider's failure and the deadline (in the loop's time) end the iteration and are remembered; bugs are raised.
        """
        try:
            async with aclosing(readings):
                while (reading := await within(until, anext(readings, None))) is not None:
                    stamp(reading.items, provider=self.provider, account=self.account)
                    self.holes += count_unstated(reading.items)
                    self.readings.append(self._noted(reading))
                    yield reading.items
        except BillfoldError as error:
            self.failure = self._named(error)
        self.ended = True

    def _noted(self, reading: Reading[T]) -> Reading[T]:
        """Forget the items; a part that failed without any has answered nothing."""
        state = reading.state if reading.items or reading.error is None else State.FAILED
        error = None if reading.error is None else self._named(reading.error)
        return Reading((), reading.covers, state, reading.detail, error)

    def _named(self, error: BillfoldError) -> BillfoldError:
        """Name the account; a value that the model refuses, and nobody closer to it caught, is the provider's drift."""
        if isinstance(error, MoneyError | PeriodError) and not isinstance(error, ProviderError):
            error = DriftError(f"the reply does not fit its contract: {error}")
        return error.locate(provider=self.provider, account=self.account)

    @property
    def failures(self) -> tuple[BillfoldError, ...]:
        """Every error, parts' first, in order; the same one once."""
        errors = [reading.error for reading in self.readings if reading.error is not None]
        if self.failure is not None:
            errors.append(self.failure)
        return tuple(dict.fromkeys(errors))

    def coverage(self) -> tuple[Coverage, ...]:
        """Sum the readings up: one row, or one per state and stretch of time where parts of the account differ."""
        read = [
            reading
            for reading in self.readings
            if reading.error is None or reading.state in ANSWERED
        ]
        if self.failures:
            return self._rows(self._broken(read), read, [error.message for error in self.failures])
        if not self.ended:
            return self._rows(State.PARTIAL, read, ["not read to its end"])
        if self.holes:
            return self._rows(State.PARTIAL, read, [f"{self.holes} without a stated amount"])
        states = list(dict.fromkeys(reading.state for reading in read)) or [State.COMPLETE]
        if State.PARTIAL in states:
            return self._rows(State.PARTIAL, read, [])
        by_state = ([reading for reading in read if reading.state is state] for state in states)
        return tuple(
            row
            for state, group in zip(states, by_state, strict=True)
            for row in self._rows(state, group, [])
        )

    def _broken(self, read: Sequence[Reading[T]]) -> State:
        if any(reading.state in ANSWERED for reading in read):
            return State.PARTIAL
        late = all(isinstance(failure, DeadlineError) for failure in self.failures)
        return State.TIMED_OUT if late else State.FAILED

    def _rows(
        self, state: State, read: Sequence[Reading[T]], details: list[str]
    ) -> tuple[Coverage, ...]:
        """Make a row per stretch of time: windows that touch are one, a part missing in between keeps them apart."""
        said = [reading.detail for reading in read if reading.detail]
        detail = "; ".join(dict.fromkeys([*said, *details])) or None
        covered = merged(
            reading.covers
            for reading in read
            if reading.covers is not None and reading.state in ANSWERED
        )
        return tuple(
            Coverage(self.account, self.provider, self.stream, state, covers, detail)
            for covers in covered or (None,)
        )


def unsupported(gathering: Gathering[Any]) -> tuple[Coverage, ...]:
    """Say that the account's provider has no such stream."""
    detail = "the provider's API has no such thing"
    return (
        Coverage(
            gathering.account, gathering.provider, gathering.stream, State.UNSUPPORTED, None, detail
        ),
    )


async def drained(
    gathering: Gathering[Any], readings: Readings[Any], until: float | None
) -> list[Any]:
    """Read everything into memory."""
    return [item async for items in gathering.each(readings, until) for item in items]
