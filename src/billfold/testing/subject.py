"""What is proved, and the cases in which it is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from attrs import frozen

from billfold.adapter import Adapter, find, streams
from billfold.answer import Answer
from billfold.errors import ConfigError
from billfold.facade.billfold import Billfold
from billfold.model import WINDOWED, InvoiceKind, Stream
from billfold.period import Period
from billfold.simulators.serving import installed_simulators
from billfold.simulators.simulation import Simulation

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
THIS_MONTH = Period.month_of(NOW)
LAST_MONTH = THIS_MONTH.previous_month()


@frozen
class Case:
    """One thing to read: a stream, the period, and for invoices the kind."""

    stream: Stream
    period: Period | None = None
    kind: InvoiceKind | None = None

    async def read(self, fold: Billfold, deadline: float | None = None) -> Answer[Any]:
        """Return the facade's answer."""
        read = getattr(fold, self.stream.value)
        if self.stream is Stream.INVOICES:
            answer: Answer[Any] = await read(self.period, self.kind, deadline=deadline)
        elif self.stream in WINDOWED:
            answer = await read(self.period, deadline=deadline)
        else:
            answer = await read(deadline=deadline)
        return answer

    def __str__(self) -> str:
        kind = "" if self.kind is None else f"{self.kind} "
        period = "" if self.period is None else f" of {self.period}"
        return f"{kind}{self.stream.value}{period}"


@frozen
class Subject:
    """What is proved: an adapter's class and its simulator."""

    adapter: type[Adapter]
    simulate: Callable[[datetime], Simulation]

    @classmethod
    def installed(cls, provider: str) -> Subject:
        """Return an installed adapter and its simulator.

        Raises ConfigError where one of them is not installed.
        """
        simulators = installed_simulators()
        if provider not in simulators:
            names = ", ".join(simulators) or "none"
            raise ConfigError(
                f"no simulator is installed for {provider!r}; there are: {names}. Name it in the "
                'package\'s pyproject.toml under [project.entry-points."billfold.simulators"]'
            )
        return cls(find(provider), simulators[provider])

    def offers(self, stream: Stream) -> bool:
        """Return whether the adapter has a stream."""
        return stream in streams(self.adapter)

    def cases(self) -> tuple[Case, ...]:
        """Return each stream as it is now, and last month where a period can be given."""
        offered = streams(self.adapter)
        return (
            *(Case(stream) for stream in offered),
            *(Case(stream, LAST_MONTH) for stream in offered if stream in WINDOWED),
        )

    def short_cases(self) -> tuple[Case, ...]:
        """Return each stream once, over a window that is not long."""
        unbounded = {Stream.LEDGER, Stream.INVOICES}
        return tuple(
            Case(stream, LAST_MONTH if stream in unbounded else None)
            for stream in streams(self.adapter)
        )
