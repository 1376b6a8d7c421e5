"""One account's readings of one stream, collected into items, coverage and failures."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Any, Generic, TypeVar

from attrs import evolve
from msgspec import Struct, field

from billfold.adapter.reading import Reading, Readings
from billfold.coverage import NOT_OFFERED, Coverage
from billfold.errors import (
    BillfoldError,
    DeadlineError,
    DriftError,
    MoneyError,
    PeriodError,
    ProviderError,
    TooLargeError,
)
from billfold.http.deadline import Deadline, Finishing
from billfold.http.remarks import Remark, Remarks
from billfold.http.turns import in_turns
from billfold.leaving import alone, forget_variables
from billfold.model import (
    ANSWERED,
    MAY_BE_UNSTATED,
    State,
    Stream,
    counting_unstated,
    finding_currencies,
    stamping,
)
from billfold.period import Period, merged
from billfold.steps import Steps

T = TypeVar("T")
# Of more parts that one thing is said of, there is their number.
_NAMED_PARTS = 3
# A text, and the part of the account that it is about.
Said = tuple[str | None, str]


class Collector(Struct, Generic[T]):
    """What one account has answered so far.

    Items are passed on, so that a stream need not hold them. ``remarks`` are what the account's
    client notes of its replies meanwhile, ``read_in`` the currencies that the items of parts are
    in, kept where replies state one beside what is read, ``filled`` the parts that have any items.
    ``has_periods`` is whether the provider
    can be asked for a period of it, which what is too large says. ``judge`` says what a reading is
    besides what its adapter said, and ``sign_in`` reads the account's token, before anything is
    asked.
    """

    provider: str
    account: str
    stream: Stream
    remarks: Remarks = field(default_factory=Remarks)
    readings: list[Reading[T]] = []
    failure: BillfoldError | None = None
    unstated: Counter[str | None] = field(default_factory=Counter)
    read_in: dict[str | None, set[str]] = {}
    filled: set[str | None] = set()
    ended: bool = False
    has_periods: bool = True
    judge: Callable[[Reading[T]], Steps[Reading[T]]] | None = None
    sign_in: Callable[[], Awaitable[None]] | None = None

    async def collect(
        self, readings: Readings[T], deadline: Deadline
    ) -> AsyncGenerator[tuple[T, ...], None]:
        """Yield every reading's items, stamped with whose they are.

        Keep the rest for :meth:`coverage`.

        A provider's failure and the deadline end the iteration and are kept; bugs are raised. What
        had been read when the deadline came is yielded all the same.
        """
        finishing = Finishing(deadline)
        try:
            async with aclosing(readings):
                if self.sign_in is not None:
                    await self.sign_in()
                deadline.require("the deadline ended the work before it began")
                while (reading := await finishing.run(anext(readings, None))) is not None:
                    items = await in_turns(self._take(reading))
                    yield items
                # What comes late is kept, and is never all.
                if not any(isinstance(each, DeadlineError) for each in self.failures):
                    deadline.require()
        except BillfoldError as error:
            self.failure = self._located(error)
        except BaseException as bug:
            reading = items = None  # as this frame's own variables are shown, too
            forget_variables(bug)
            raise
        self.ended = True

    def _take(self, reading: Reading[T]) -> Steps[tuple[T, ...]]:
        """Return a reading's items, stamped with whose they are, and keep the rest."""
        if self.judge is not None:
            reading = yield from self.judge(reading)
        items = reading.items
        if items:
            items = yield from stamping(items, provider=self.provider, account=self.account)
        if self.remarks.currencies:
            codes = self.read_in.setdefault(reading.part, set())
            codes |= yield from finding_currencies(self.stream, items)
        if self.stream in MAY_BE_UNSTATED and (count := (yield from counting_unstated(items))):
            self.unstated[reading.part] += count
        if items:
            self.filled.add(reading.part)
        said, before = self._without_items(reading), self.readings[-1:]
        # As most pages are alike, one is kept for all of them.
        self.readings += before if before == [said] else [said]
        return items

    def _remarks(self) -> list[Remark]:
        """Return what was noted, and each stated currency that the money was not read in."""
        if not self.remarks.currencies:
            return [*self.remarks]
        every = set().union(*self.read_in.values())
        read_in = [(each, self.read_in.get(each.part) or every) for each in self.remarks.currencies]
        other = [each.remark(codes) for each, codes in read_in if codes and each.code not in codes]
        return [*self.remarks, *other]

    def _without_items(self, reading: Reading[T]) -> Reading[T]:
        """Return a reading without its items.

        A part that failed without any has answered nothing.
        """
        state = reading.state if reading.items or reading.error is None else State.FAILED
        error = None if reading.error is None else self._located(reading.error, reading.part)
        return reading.with_items((), state, error, reading.part)

    def _located(self, error: BillfoldError, part: str | None = None) -> BillfoldError:
        """Return the error with the account's name.

        A value that the model refuses is the provider's drift.
        """
        if isinstance(error, MoneyError | PeriodError) and not isinstance(error, ProviderError):
            error = DriftError(f"the reply does not fit its contract: {error}")
        if isinstance(error, TooLargeError) and not self.has_periods:
            error = error.of_any_period()
        return alone(error.locate(provider=self.provider, account=self.account, part=part))

    @property
    def failures(self) -> tuple[BillfoldError, ...]:
        """Every error, parts' first, in order; the same one once."""
        errors = [reading.error for reading in self.readings if reading.error is not None]
        if self.failure is not None:
            errors.append(self.failure)
        return tuple(dict.fromkeys(errors))

    def coverage(self) -> tuple[Coverage, ...]:
        """Return a row per part with a hole, else one for the account, or per state and part.

        There is one per part, too, where parts are known until other moments than the account.
        What is said of the other parts is in the first row, by their names.
        """
        if self._is_plain():
            reading = self.readings[0]
            covers = reading.covers if reading.state in ANSWERED else None
            about = self.account, self.provider, self.stream, reading.state
            rows = [Coverage(*about, covers, reading.said, None, reading.known_until)]
        else:
            rows = [*self._rows_of_parts()]
        idle = self._idle()
        return (evolve(rows[0], idle=idle), *rows[1:]) if idle else tuple(rows)

    def _idle(self) -> tuple[str, ...]:
        """Return the parts that were read in full and have no item."""
        empty = [
            each.part
            for each in self.readings
            if each.part is not None
            and each.state is State.COMPLETE
            and each.error is None
            and each.part not in self.filled
        ]
        return tuple(dict.fromkeys(empty)) if empty else ()

    def _rows_of_parts(self) -> tuple[Coverage, ...]:
        answered = [
            reading
            for reading in self.readings
            if reading.error is None or reading.state in ANSWERED
        ]
        remarks, failures = self._remarks(), self.failures
        noted = [(remark.part, remark.text) for remark in remarks]
        if holes := self._holes(answered, remarks, failures):
            state = self._failed_state(answered, failures) if failures else State.PARTIAL
            # What failed comes last, as what matters most.
            missing = [(part, text) for part, texts in holes.items() for text in texts]
            return self._rows(state, answered, [*noted, *missing], list(holes))
        if len({reading.state for reading in answered}) < 2 and not _differ_in_time(answered):
            state = answered[0].state if answered else State.COMPLETE
            return self._rows(state, answered, noted)
        return self._rows_by_state(answered, noted)

    def _is_plain(self) -> bool:
        """Return whether all readings are one, without a hole and with nothing said besides.

        So most accounts are, whose row then takes a tenth of the time.
        """
        if self.failure is not None or not self.ended or self.unstated or not self.readings:
            return False
        reading = self.readings[0]
        if any(each is not reading for each in self.readings):
            return False
        is_whole = reading.error is None and reading.state is not State.PARTIAL
        return is_whole and not self._remarks()

    def _rows_by_state(
        self, answered: Sequence[Reading[T]], noted: Sequence[Said]
    ) -> tuple[Coverage, ...]:
        """Return a row per state and part; what is about no part that has one is in the first."""
        groups: dict[tuple[State, str | None], list[Reading[T]]] = {}
        for reading in answered:
            groups.setdefault((reading.state, reading.part), []).append(reading)
        first = {part: (state, part) for state, part in reversed(groups)}
        said: dict[tuple[State, str | None], list[Said]] = {group: [] for group in groups}
        for part, text in noted:
            said[first.get(part, next(iter(groups)))].append((part, text))
        return tuple(
            row
            for (state, part), readings in groups.items()
            for row in self._rows(state, readings, said[state, part], [part])
        )

    def _holes(
        self,
        answered: Sequence[Reading[T]],
        remarks: Sequence[Remark],
        failures: Sequence[BillfoldError],
    ) -> dict[str | None, list[str]]:
        """Return what keeps each part from being complete, in words beside what readings say."""
        holes: dict[str | None, list[str]] = {}
        for error in failures:
            holes.setdefault(error.part, []).append(error.message)
        if not failures and not self.ended:
            holes[None] = ["not read to its end"]
        for part, count in self.unstated.items():
            holes.setdefault(part, []).append(f"{count} without a stated amount")
        gaps = [reading.part for reading in answered if reading.state is State.PARTIAL]
        if self._answers(answered):
            gaps += [remark.part for remark in remarks if remark.gap]
        return holes | {part: [] for part in gaps if part not in holes}

    def _detail(self, said: dict[str, dict[str | None, None]], part: str | None) -> str | None:
        """Return each text once, with the names of the parts it is about unless its row says that.

        Where it is about every one of more than three parts, there is their number instead.
        """
        if not said:
            return None
        parts = {each.part for each in self.readings} | {each.part for each in self.failures}
        known = len(parts - {None})
        texts: list[str] = []
        for text, about in said.items():
            others = [each for each in about if each not in (None, part)]
            if known < 2 or len(others) < len(about):
                texts.append(text)
            if known > 1 and others:
                every = len(others) == known > _NAMED_PARTS
                names = f"each of {known} parts" if every else ", ".join(others)
                texts.append(f"{names}: {text}")
        return "; ".join(texts) or None

    def _answers(self, readings: Sequence[Reading[T]]) -> bool:
        return not readings or any(reading.state in ANSWERED for reading in readings)

    def _failed_state(
        self, answered: Sequence[Reading[T]], failures: Sequence[BillfoldError]
    ) -> State:
        if answered and self._answers(answered):
            return State.PARTIAL
        late = all(isinstance(failure, DeadlineError) for failure in failures)
        return State.TIMED_OUT if late else State.FAILED

    def _rows(
        self,
        state: State,
        readings: Sequence[Reading[T]],
        said: Sequence[Said],
        parts: Sequence[str | None] = (None,),
    ) -> tuple[Coverage, ...]:
        """Return a row per part and stretch of time.

        Windows that meet are one, a time missing in between keeps them apart. A part's rows show
        what was covered of it, the account's all that was. What readings say comes before what is
        ``said`` besides.
        """
        texts: dict[str | None, dict[str, dict[str | None, None]]] = {part: {} for part in parts}
        stated = [
            (each.part, text) for each in readings for text in (each.detail, each.note) if text
        ]
        for about, text in (*stated, *said):
            part = about if about in texts else parts[0]
            texts[part].setdefault(text, {})[about] = None
        windows: dict[str | None, list[Period]] = {part: [] for part in parts}
        for reading in readings:
            if reading.covers is not None and reading.state in ANSWERED:
                for part in {None, reading.part} & windows.keys():
                    windows[part].append(reading.covers)
        about_all = self.account, self.provider, self.stream, state
        known: dict[str | None, datetime] = {}
        for reading in readings:
            if (until := reading.known_until) is not None:
                part = reading.part if reading.part in texts else parts[0]
                known[part] = min(until, known.get(part, until))
        return tuple(
            Coverage(
                *about_all,
                covers,
                self._detail(texts[part], part),
                part,
                None if _is_over(covers, known.get(part)) else known.get(part),
            )
            for part in texts
            for covers in merged(windows[part]) or (None,)
        )


def _differ_in_time(readings: Sequence[Reading[Any]]) -> bool:
    """Return whether a part was read until a moment that is not the other readings' own."""
    moments = {reading.known_until for reading in readings}
    return len(moments) > 1 and any(each.part and each.known_until for each in readings)


def _is_over(covers: Period | None, known_until: datetime | None) -> bool:
    """Return whether a window is known to its end, and another one runs."""
    return covers is not None and known_until is not None and covers.end <= known_until


def unsupported(collector: Collector[Any]) -> tuple[Coverage, ...]:
    """Return the row of an account whose provider has no such stream."""
    account, provider, stream = collector.account, collector.provider, collector.stream
    return (Coverage(account, provider, stream, State.UNSUPPORTED, None, NOT_OFFERED),)


async def collect_items(
    collector: Collector[Any], readings: Readings[Any], deadline: Deadline
) -> list[Any]:
    """Return all items at once."""
    collected: list[Any] = []
    async for items in collector.collect(readings, deadline):
        collected += items
    return collected
