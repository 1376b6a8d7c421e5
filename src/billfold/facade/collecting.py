"""One account's readings of one stream, collected into items, coverage and failures."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from traceback import clear_frames
from typing import Any, Generic, TypeVar

from attrs import define, evolve, field

from billfold.adapter.reading import Reading, Readings
from billfold.answer import Coverage
from billfold.errors import (
    BillfoldError,
    DeadlineError,
    DriftError,
    MoneyError,
    PeriodError,
    ProviderError,
)
from billfold.http.deadline import Deadline
from billfold.http.remarks import Remarks
from billfold.model import ANSWERED, State, Stream, count_unstated, stamp
from billfold.period import merged

T = TypeVar("T")


@define
class Collector(Generic[T]):
    """What one account has answered so far.

    Items are passed on, so that a stream need not hold them. ``remarks`` are what the account's
    client notes of its replies meanwhile.
    """

    provider: str
    account: str
    stream: Stream
    remarks: Remarks = field(factory=Remarks)
    readings: list[Reading[T]] = field(factory=list)
    failure: BillfoldError | None = None
    unstated: int = 0
    ended: bool = False

    async def collect(
        self, readings: Readings[T], deadline: Deadline
    ) -> AsyncGenerator[tuple[T, ...], None]:
        """Yield every reading's items, stamped with whose they are.

        Keep the rest for :meth:`coverage`.

        A provider's failure and the deadline end the iteration and are kept; bugs are raised.
        """
        try:
            async with aclosing(readings):
                while (reading := await deadline.run(anext(readings, None))) is not None:
                    items = stamp(reading.items, provider=self.provider, account=self.account)
                    self.unstated += count_unstated(items)
                    self.readings.append(self._without_items(reading))
                    yield items
        except BillfoldError as error:
            _clear_frames(error)
            self.failure = self._located(error)
        self.ended = True

    def _without_items(self, reading: Reading[T]) -> Reading[T]:
        """Return a reading without its items.

        A part that failed without any has answered nothing.
        """
        state = reading.state if reading.items or reading.error is None else State.FAILED
        error = None if reading.error is None else self._located(reading.error, reading.part)
        return evolve(reading, items=(), state=state, error=error)

    def _located(self, error: BillfoldError, part: str | None = None) -> BillfoldError:
        """Return the error with the account's name.

        A value that the model refuses is the provider's drift.
        """
        if isinstance(error, MoneyError | PeriodError) and not isinstance(error, ProviderError):
            error = DriftError(f"the reply does not fit its contract: {error}")
        return error.locate(provider=self.provider, account=self.account, part=part)

    @property
    def failures(self) -> tuple[BillfoldError, ...]:
        """Every error, parts' first, in order; the same one once."""
        errors = [reading.error for reading in self.readings if reading.error is not None]
        if self.failure is not None:
            errors.append(self.failure)
        return tuple(dict.fromkeys(errors))

    def coverage(self) -> tuple[Coverage, ...]:
        """Return one row for the account, or one per state and window where its parts differ."""
        answered = [
            reading
            for reading in self.readings
            if reading.error is None or reading.state in ANSWERED
        ]
        unstated = f"{self.unstated} without a stated amount"
        partial = [reading.part for reading in answered if reading.state is State.PARTIAL]
        if self._answers(answered):
            partial += [remark.part for remark in self.remarks if remark.gap]
        if self.failures:
            messages = [self._named(error.part, error.message) for error in self.failures]
            parts = [*(error.part for error in self.failures), *partial]
            if self.unstated:  # in whichever part
                parts.append(None)
                messages.insert(0, unstated)
            return self._rows(self._failed_state(answered), answered, messages, parts)
        if not self.ended:
            return self._rows(State.PARTIAL, answered, ["not read to its end"])
        if self.unstated:
            return self._rows(State.PARTIAL, answered, [unstated])
        if partial:
            return self._rows(State.PARTIAL, answered, parts=partial)
        states = list(dict.fromkeys(reading.state for reading in answered)) or [State.COMPLETE]
        rows: list[Coverage] = []
        for state in states:
            in_state = [reading for reading in answered if reading.state is state]
            several = len(states) > 1
            rows += self._rows(
                state, in_state, parts=[reading.part for reading in in_state] if several else ()
            )
        return tuple(rows)

    def _named(self, part: str | None, text: str) -> str:
        """Return a text about a part, with its name where the account has others beside it."""
        parts = {each.part for each in self.readings} | {each.part for each in self.failures}
        return (
            text if part is None or len(parts - {None}) < 2 or part in text else f"{part}: {text}"
        )

    def _answers(self, readings: Sequence[Reading[T]]) -> bool:
        return not readings or any(reading.state in ANSWERED for reading in readings)

    def _failed_state(self, answered: Sequence[Reading[T]]) -> State:
        if answered and self._answers(answered):
            return State.PARTIAL
        late = all(isinstance(failure, DeadlineError) for failure in self.failures)
        return State.TIMED_OUT if late else State.FAILED

    def _rows(
        self,
        state: State,
        readings: Sequence[Reading[T]],
        messages: Iterable[str] = (),
        parts: Iterable[str | None] = (),
    ) -> tuple[Coverage, ...]:
        """Return a row per stretch of time.

        Windows that meet are one, a part missing in between keeps them apart.

        ``parts`` are those the state is about; several of them are named by nothing but the
        messages.
        """
        details = [self._named(each.part, each.detail) for each in readings if each.detail]
        # What failed comes last, as what matters most.
        noted = [remark.text for remark in self.remarks]
        detail = "; ".join(dict.fromkeys([*details, *noted, *messages])) or None
        named = set(parts)
        part = named.pop() if len(named) == 1 else None
        windows = merged(
            reading.covers
            for reading in readings
            if reading.covers is not None and reading.state in ANSWERED
        )
        return tuple(
            Coverage(self.account, self.provider, self.stream, state, covers, detail, part)
            for covers in windows or (None,)
        )


def _clear_frames(error: BaseException | None) -> None:
    """Drop the local variables that an error's tracebacks hold.

    A failure is kept as long as its answer, and with it a generator that still has a page on its
    way, and every body that was being read.
    """
    while error is not None:
        clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__


def unsupported(collector: Collector[Any]) -> tuple[Coverage, ...]:
    """Return the row of an account whose provider has no such stream."""
    detail = "the provider's API has no such thing"
    account, provider, stream = collector.account, collector.provider, collector.stream
    return (Coverage(account, provider, stream, State.UNSUPPORTED, None, detail),)


async def collect_items(
    collector: Collector[Any], readings: Readings[Any], deadline: Deadline
) -> list[Any]:
    """Return all items at once."""
    return [item async for items in collector.collect(readings, deadline) for item in items]
