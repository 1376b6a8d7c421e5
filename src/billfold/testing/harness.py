"""An adapter on the bench: its simulator behind real HTTP, its sample accounts, and what they say when all is well."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any, NoReturn

import aiohttp
from aiohttp import web
from attrs import evolve, frozen

from billfold.accounts.account import Account
from billfold.adapter import Adapter, find, streams
from billfold.answer import Answer, total
from billfold.facade.billfold import Billfold
from billfold.http.retry import RetryPolicy
from billfold.model import Stream
from billfold.period import Period
from billfold.secret import Secret
from billfold.simulators.faults import Fault, Reply
from billfold.simulators.faults.bodies import is_json, parse, places
from billfold.simulators.faults.fault import Handler, route
from billfold.simulators.simulation import Simulation, serving, simulators, token_of

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LAST_MONTH = Period.month_of(NOW).previous_month()
QUICK = RetryPolicy(attempts=3, backoff=0.001, backoff_max=0.002, patience=5)
WINDOWED = frozenset({Stream.USAGE, Stream.DAILY, Stream.LEDGER, Stream.INVOICES})


class LawBroken(AssertionError):
    """An adapter breaks a law; the message names it, and what was seen."""


def require(condition: object, law: str, seen: str) -> None:
    """Raise LawBroken unless the condition holds."""
    if not condition:
        broken(law, seen)


def broken(law: str, seen: str) -> NoReturn:
    """Raise LawBroken."""
    raise LawBroken(f"{law}: {seen}")


@frozen
class View:
    """One thing to ask: a stream and a period."""

    stream: Stream
    period: Period | None = None

    async def read(self, fold: Billfold, deadline: float | None = None) -> Answer[Any]:
        """Ask for it."""
        ask = getattr(fold, self.stream.value)
        answer: Answer[Any] = await (
            ask(self.period, deadline=deadline)
            if self.stream in WINDOWED
            else ask(deadline=deadline)
        )
        return answer

    def __str__(self) -> str:
        return self.stream.value if self.period is None else f"{self.stream.value} of {self.period}"


@frozen
class Subject:
    """What is proved: an adapter's class and its simulator."""

    adapter: type[Adapter]
    simulate: Callable[[datetime], Simulation]

    @classmethod
    def installed(cls, provider: str) -> Subject:
        """Find an installed adapter and its simulator. Raises ConfigError, or KeyError where no simulator is installed."""
        return cls(find(provider), simulators()[provider])

    def views(self) -> tuple[View, ...]:
        """List what can be asked of it: each stream as it is now, and last month where a window can be given."""
        offered = streams(self.adapter)
        return (
            *(View(stream) for stream in offered),
            *(View(stream, LAST_MONTH) for stream in offered if stream in WINDOWED),
        )

    def short_views(self) -> tuple[View, ...]:
        """List each stream once, over a window that is not long."""
        unbounded = {Stream.LEDGER, Stream.INVOICES}
        return tuple(
            View(stream, LAST_MONTH if stream in unbounded else None)
            for stream in streams(self.adapter)
        )


@contextmanager
def served(*simulations: Simulation) -> Iterator[list[str]]:
    """Serve simulations from a thread of their own and give the base URLs: their work is not counted as the client's."""
    told: queue.SimpleQueue[list[str] | BaseException] = queue.SimpleQueue()
    stop: list[Callable[[], object]] = []

    async def serve() -> None:
        end, loop = asyncio.Event(), asyncio.get_running_loop()
        stop.append(lambda: loop.call_soon_threadsafe(end.set))
        async with AsyncExitStack() as stack:
            told.put([await stack.enter_async_context(serving(one)) for one in simulations])
            await end.wait()
            for _ in range(100):  # clients that have hung up are still to be noticed
                await asyncio.sleep(0)
                if not any(one.connections for one in simulations):
                    break
                await asyncio.sleep(0.002)

    def run() -> None:
        try:
            asyncio.run(serve())
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            told.put(error)

    thread = threading.Thread(target=run, name="billfold-simulators", daemon=True)
    thread.start()
    urls = told.get()
    if isinstance(urls, BaseException):
        raise urls
    try:
        yield urls
    finally:
        stop[0]()
        thread.join()


@frozen
class Bench:
    """A subject under way: its simulation, to switch faults on, and its address."""

    subject: Subject
    simulation: Simulation
    url: str

    def accounts(self, count: int | None = None) -> list[Account]:
        """Make the sample accounts, or the first few."""
        return [
            Account(
                sample.name,
                self.subject.adapter(**sample.settings),
                Secret(sample.token),
                self.url,
                1_000_000,
            )
            for sample in self.simulation.samples[:count]
        ]

    def fold(
        self, count: int | None = None, session: aiohttp.ClientSession | None = None
    ) -> Billfold:
        """Make a Billfold over the sample accounts, or the first few; its clock stands still and its retries do not dawdle."""
        return Billfold(self.accounts(count), clock=lambda: NOW, retry=QUICK, session=session)

    def strike(self, reply: Reply | None, **where: Any) -> None:
        """Let this go wrong from now on, and nothing else; forget what was asked."""
        self.simulation.seen.clear()
        self.simulation.faults[:] = [] if reply is None else [Fault(reply, **where)]


def fresh(subject: Subject) -> Simulation:
    """Make the simulation with no fault and nothing seen; its data, which reading does not change, is made only once."""
    return evolve(_simulated(subject), faults=[], seen=[])


@cache
def _simulated(subject: Subject) -> Simulation:
    return subject.simulate(NOW)


@contextmanager
def bench(subject: Subject, reply: Reply | None = None, **where: Any) -> Iterator[Bench]:
    """Serve a subject's simulator, with a fault."""
    simulation = fresh(subject)
    with served(simulation) as (url,):
        one = Bench(subject, simulation, url)
        one.strike(reply, **where)
        yield one


@frozen
class Healthy:
    """What a view gives when all is well: the answer, and the routes asked with every place of their replies."""

    answer: Answer[Any]
    routes: dict[str, dict[str, list[Any]]]
    asked: Counter[tuple[str, str]]


async def healthy(subject: Subject, view: View, count: int | None = None) -> Healthy:
    """Read a view without faults; once per view."""
    key = (view, count)
    known = _known(subject)
    if key not in known:
        routes: dict[str, dict[str, list[Any]]] = {}
        with bench(subject, _recording(routes)) as one:
            async with one.fold(count) as fold:
                answer = await view.read(fold)
            known[key] = Healthy(answer, routes, asked(one.simulation.seen))
    return known[key]


def asked(seen: Iterable[web.Request]) -> Counter[tuple[str, str]]:
    """Count the requests of each token for each address."""
    return Counter((token_of(request), request.path_qs) for request in seen)


@cache
def _known(subject: Subject) -> dict[tuple[View, int | None], Healthy]:
    return {}


def _recording(routes: dict[str, dict[str, list[Any]]]) -> Reply:
    async def reply(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        found = routes.setdefault(route(request) or request.path, {})
        if (
            isinstance(response, web.Response)
            and isinstance(response.body, bytes)
            and is_json(response)
        ):
            for path, value in places(parse(response.body)):
                found.setdefault(path, []).append(value)
        return response

    return reply


async def timed(
    one: Bench, view: View, deadline: float | None, count: int | None = None
) -> tuple[float, Answer[Any]]:
    """Read a view, and measure how many seconds it takes."""
    loop = asyncio.get_running_loop()
    async with one.fold(count) as fold:
        began = loop.time()
        answer = await view.read(fold, deadline)
        return loop.time() - began, answer


def totals(answer: Answer[Any]) -> Any:
    """Add an answer up, whatever its coverage; count what is no money."""
    return total(answer.stream, answer.items) or len(answer.items)


def idents(answer: Answer[Any]) -> list[Any]:
    """List what tells an answer's records apart: account, kind and id."""
    if answer.stream is Stream.USAGE:
        return [(usage.account, charge.id) for usage in answer for charge in usage.charges]
    if answer.stream in (Stream.BALANCES, Stream.DAILY):
        return [
            (item.account, getattr(item, "scope", ""), str(getattr(item, "date", "")), _part(item))
            for item in answer
        ]
    return [(item.account, _part(item), item.id) for item in answer]


def _part(item: Any) -> str:
    return str(getattr(item, "part", getattr(item, "kind", ""))) + str(
        getattr(item, "billing_account_id", "")
    )


def states(answer: Answer[Any]) -> str:
    """Say how an answer came out, for messages."""
    rows = [
        f"{row.account} {row.state}" + (f" ({row.detail})" if row.detail else "")
        for row in answer.coverage
    ]
    return ", ".join(rows)


def by_account(items: Sequence[Any], account: str) -> list[Any]:
    """Pick one account's records."""
    return [item for item in items if item.account == account]
