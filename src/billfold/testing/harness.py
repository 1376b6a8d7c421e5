"""A subject under test: its simulator behind real HTTP, its sample accounts, injected faults."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import aiohttp
from attrs import evolve, frozen

from billfold.accounts.account import Account
from billfold.answer import Answer
from billfold.facade.billfold import Billfold
from billfold.http.retry import RetryPolicy
from billfold.secret import Secret
from billfold.simulators.faults.fault import Effect, Fault
from billfold.simulators.serving import serving_in_thread
from billfold.simulators.simulation import Simulation
from billfold.testing.subject import NOW, Case, Subject

QUICK = RetryPolicy(attempts=3, backoff=0.001, backoff_max=0.002, patience=5)
_NO_RATE_LIMIT = 1_000_000


@frozen
class Harness:
    """A subject that is being served: its simulation and its address."""

    subject: Subject
    simulation: Simulation
    url: str

    def accounts(self, count: int | None = None) -> list[Account]:
        """Return the sample accounts, or the first few."""
        return [
            Account(
                sample.name,
                self.subject.adapter(**sample.settings),
                Secret(sample.token),
                self.url,
                _NO_RATE_LIMIT,
            )
            for sample in self.simulation.samples[:count]
        ]

    def fold(
        self, count: int | None = None, session: aiohttp.ClientSession | None = None
    ) -> Billfold:
        """Return a Billfold over the sample accounts, or the first few.

        Its clock stands still and its retries are quick.
        """
        return Billfold(self.accounts(count), clock=lambda: NOW, retry=QUICK, session=session)

    def inject(self, effect: Effect | None, at: str = "/", times: int | None = None) -> None:
        """Let this go wrong from now on and nothing else, and forget the requests so far.

        None lets nothing go wrong.
        """
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


def simulation_of(subject: Subject) -> Simulation:
    """Return the subject's simulation, without faults; its data is made only once."""
    return evolve(_simulated(subject), faults=[], seen=[])


@cache
def _simulated(subject: Subject) -> Simulation:
    return subject.simulate(NOW)


@contextmanager
def serve(
    subject: Subject, effect: Effect | None = None, at: str = "/", times: int | None = None
) -> Iterator[Harness]:
    """Serve a subject's simulator, with a fault."""
    simulation = simulation_of(subject)
    with serving_in_thread(simulation) as (url,):
        harness = Harness(subject, simulation, url)
        harness.inject(effect, at, times)
        yield harness
