"""A subject under test, served over real HTTP, and what its cases give when nothing is wrong."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any

from aiohttp import ClientSession, web
from attrs import evolve, frozen

from billfold.accounts.account import Account
from billfold.adapter import Adapter, find, streams
from billfold.answer import Answer
from billfold.facade.billfold import Billfold
from billfold.http.retry import RetryPolicy
from billfold.model import WINDOWED, InvoiceKind, Stream
from billfold.period import Period
from billfold.simulators.faults.bodies import json_body
from billfold.simulators.faults.fault import Effect, Fault, Handler, route, token_of
from billfold.simulators.json_text import parse, places
from billfold.simulators.serving import Simulation, find_simulator, serving_in_thread

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
THIS_MONTH = Period.month_of(NOW)
LAST_MONTH = THIS_MONTH.previous_month()

_QUICK = RetryPolicy(attempts=3, backoff=0.001, backoff_max=0.002, patience=5)

# The values at every place of a route's replies, by path.
Places = dict[str, list[Any]]


@frozen
class Case:
    """One thing to read: a stream, the period, and for invoices the kind."""

    stream: Stream
    period: Period | None = None
    kind: InvoiceKind | None = None

    async def read(self, fold: Billfold, deadline: float | None = None) -> Answer[Any]:
        """Return the facade's answer."""
        arguments: list[Any] = [self.period] if self.stream in WINDOWED else []
        if self.stream is Stream.INVOICES:
            arguments.append(self.kind)
        answer: Answer[Any] = await getattr(fold, self.stream)(*arguments, deadline=deadline)
        return answer

    def __str__(self) -> str:
        kind = "" if self.kind is None else f"{self.kind} "
        return f"{kind}{self.stream}" + ("" if self.period is None else f" of {self.period}")


@frozen
class Harness:
    """A subject that is being served: its simulation and its address."""

    subject: Subject
    simulation: Simulation
    url: str

    def accounts(self, count: int | None = None) -> list[Account]:
        """Return the sample accounts, or the first few."""
        samples = self.simulation.samples[:count]
        return [sample.account(self.subject.adapter, self.url) for sample in samples]

    def fold(self, count: int | None = None, session: ClientSession | None = None) -> Billfold:
        """Return a Billfold over the sample accounts, or the first few."""
        return fold_over(self.accounts(count), session)

    def inject(self, effect: Effect | None, at: str = "/", times: int | None = None) -> None:
        """Let this go wrong from now on, or nothing, and forget the requests so far."""
        self.simulation.seen.clear()
        self.simulation.faults[:] = [] if effect is None else [Fault(effect, at, times=times)]

    async def read(self, case: Case, count: int | None = None) -> Answer[Any]:
        """Return the answer of the sample accounts, or of the first few."""
        async with self.fold(count) as fold:
            return await case.read(fold)

    async def read_timed(
        self, case: Case, deadline: float | None, count: int | None = None
    ) -> tuple[float, Answer[Any]]:
        """Return the answer, and before it how many seconds it took."""
        loop = asyncio.get_running_loop()
        async with self.fold(count) as fold:
            began = loop.time()
            answer = await case.read(fold, deadline)
            return loop.time() - began, answer

    def requests(self) -> Counter[tuple[str, str]]:
        """Return how often each token requested each address since the last ``inject``."""
        return Counter((token_of(request), request.path_qs) for request in self.simulation.seen)


def fold_over(
    accounts: Iterable[Account], session: ClientSession | None = None, now: datetime = NOW
) -> Billfold:
    """Return a Billfold whose clock stands still, and whose retries are quick."""
    return Billfold(accounts, clock=lambda: now, retry=_QUICK, session=session)


@frozen
class Baseline:
    """An answer without faults, and what was requested for it."""

    answer: Answer[Any]
    routes: dict[str, Places]
    requests: Counter[tuple[str, str]]


@frozen
class Subject:
    """What is proved: an adapter's class and its simulator."""

    adapter: type[Adapter]
    simulate: Callable[[datetime], Simulation]

    @classmethod
    def installed(cls, provider: str) -> Subject:
        """Return an installed adapter and its simulator. Raises ConfigError without one."""
        return cls(find(provider), find_simulator(provider))

    def cases(self) -> list[Case]:
        """Return each stream as it is now, and last month where a period can be given."""
        offered = streams(self.adapter)
        months = [Case(stream, LAST_MONTH) for stream in offered if stream in WINDOWED]
        return [*map(Case, offered), *months]

    def short_cases(self) -> list[Case]:
        """Return each stream once, over a window that is not long."""
        unbounded = {Stream.LEDGER, Stream.INVOICES}
        return [
            Case(stream, LAST_MONTH if stream in unbounded else None)
            for stream in streams(self.adapter)
        ]

    def simulation(self, now: datetime = NOW) -> Simulation:
        """Return the simulation as it is at a moment, without faults; its data is made once."""
        return evolve(_simulated(self, now), faults=[], seen=[])

    @contextmanager
    def serve(
        self, effect: Effect | None = None, at: str = "/", now: datetime = NOW
    ) -> Iterator[Harness]:
        """Serve the simulator as it is at a moment, with a fault."""
        simulation = self.simulation(now)
        with serving_in_thread(simulation) as (url,):
            harness = Harness(self, simulation, url)
            harness.inject(effect, at)
            yield harness

    async def baseline(self, case: Case, count: int | None = None) -> Baseline:
        """Return what a case gives for all sample accounts or the first few; read only once."""
        known = self, case, count
        if known not in _BASELINES:
            routes: dict[str, Places] = {}
            with self.serve(_recording(routes)) as harness:
                answer = await harness.read(case, count)
                _BASELINES[known] = Baseline(answer, routes, harness.requests())
        return _BASELINES[known]

    async def answer(self, case: Case, count: int | None = None) -> Answer[Any]:
        """Return the answer of a baseline."""
        return (await self.baseline(case, count)).answer


_BASELINES: dict[tuple[Subject, Case, int | None], Baseline] = {}


@cache
def _simulated(subject: Subject, now: datetime) -> Simulation:
    return subject.simulate(now)


def _recording(routes: dict[str, Places]) -> Effect:
    """Answer rightly, and keep every place of the replies in ``routes``."""

    async def effect(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        kept = routes.setdefault(route(request) or request.path, {})
        body = b"null" if response.status == 204 else json_body(response)
        if body is not None:
            for path, value in places(parse(body)):
                kept.setdefault(path, []).append(value)
        return response

    return effect
