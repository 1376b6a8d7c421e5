"""Laws of time: waits that fit, cancelling at once, a loop that turns, borrowed sessions."""

from __future__ import annotations

import asyncio
import sys
from contextlib import aclosing
from time import perf_counter, thread_time
from typing import Any

import aiohttp

from billfold.adapter import streams
from billfold.answer import Answer
from billfold.errors import RateLimitedError
from billfold.model import State, Stream
from billfold.simulators.faults import (
    Effect,
    bomb,
    endless,
    nested,
    short_pages,
    slow,
    status,
    throttled,
    throttled_until,
)
from billfold.simulators.serving import hung_up
from billfold.testing.harness import Case, Harness, Subject, fold_over
from billfold.testing.laws.faults import BOUNDED
from billfold.testing.rules import LawBroken, Rule, require, some, states
from billfold.testing.watch import Lag, measured_lags, require_no_tasks

WAITED = Rule(
    BOUNDED, "let the client wait for what fits: catch no RateLimitedError, and add no waits"
)
CANCELLED = Rule(BOUNDED, "neither catch CancelledError (or BaseException) nor shield an await")
HUNG_UP = Rule(BOUNDED, "read through the client's methods, which close their connections")
ANY_LOOP = Rule(BOUNDED, "keep no task, lock or other thing of an event loop in a module variable")
SHORT_STEPS = Rule(
    "law 6, the loop is never blocked",
    "do not sleep, wait or compute for long between two awaits; parse page by page",
)
BORROWED = "law 6, a borrowed session"
LEFT_OPEN = Rule(
    BORROWED,
    "send by the client's methods alone, and neither close nor change client.exchange or its "
    "session: it is the caller's",
)
SERVES = Rule(
    BORROWED,
    "send by the client's methods alone and let out what they raise, so that a caller's session "
    "serves as billfold's own does",
)

# Seconds that the loop may do nothing else, and what a tracer for coverage may add.
_BLOCKED, _TRACED = 0.05, 4
_TRIES = 15  # a busy machine is late now and then, and a slow adapter always
# Calls, and the seconds that an ordinary machine computes for them.
_CALLS, _SECONDS = 400_000, 0.025
# Passes of the loop within which cancelled work has ended, and seconds until servers know of it.
_AT_ONCE, _PATIENCE = 100, 10


async def waits(subject: Subject) -> None:
    """Require that a wait that fits is waited, and that one that does not fails at once."""
    case = subject.short_cases()[0]
    expected = await subject.answer(case, 1)
    with subject.serve() as harness:
        for effect in (throttled(1), throttled_until(1)):
            harness.inject(effect, times=1)
            seconds, answer = await harness.read_timed(case, 30, 1)
            about = f"{case}, throttled for a second once, is {states(answer)}"
            require(answer == expected, WAITED, about)
            about = f"{case}: asked to wait a second, it came back after {seconds:.2f} s"
            require(seconds >= 0.9, WAITED, about)
        harness.inject(throttled(30))
        seconds, answer = await harness.read_timed(case, 20, 1)
    about = f"{case}: a wait of 30 s with a deadline of 20 s is noticed after {seconds:.2f} s"
    require(seconds < 10, WAITED, about)
    for error in answer.failures:
        says_when = isinstance(error, RateLimitedError) and error.retry_at is not None
        about = f"{case}: {type(error).__name__} does not say when to come back: {error}"
        require(says_when, WAITED, about)


async def cancelled(subject: Subject) -> None:
    """Require that cancelling works at once, wherever the work is, and leaves nothing behind."""
    for case in subject.short_cases():
        with subject.serve() as harness:
            seconds, _ = await harness.read_timed(case, None)
            for step in range(13):
                await _cancel(harness, case, seconds=seconds * step / 10)
            for passes in range(0, 40, 3):
                await _cancel(harness, case, passes=passes)
            for effect in (slow(5), status(503, retry_after="3")):
                harness.inject(effect)
                await _cancel(harness, case, seconds=0.05)
            await _require_hung_up(harness, f"{case}")


async def _cancel(harness: Harness, case: Case, *, seconds: float = 0, passes: int = 1) -> None:
    """Cancel after some seconds, or after that many passes of the loop."""
    async with harness.fold() as fold:
        reading = asyncio.create_task(case.read(fold), name=f"{case}")
        for _ in range(passes):
            await asyncio.sleep(seconds)
        finished = reading.done()
        reading.cancel()
        ended_in = await _passes_until_done(reading)
        about = f"{case} goes on for {ended_in} passes of the loop after it was cancelled"
        require(ended_in < _AT_ONCE, CANCELLED, about)
        about = f"{case} was cancelled, and answers as if nothing had happened"
        require(finished or reading.cancelled(), CANCELLED, about)
        await require_no_tasks(f"{case} was cancelled")


async def _passes_until_done(task: asyncio.Task[Any]) -> int:
    """Count passes, not seconds: a busy machine takes longer for each, and needs no more."""
    for passes in range(_AT_ONCE):
        if task.done():
            return passes
        await asyncio.sleep(0)
    await asyncio.wait({task}, timeout=3)
    return _AT_ONCE


async def abandoned(subject: Subject) -> None:
    """Require that leaving a stream of charges stops the reading, and leaves nothing behind."""
    if Stream.USAGE not in streams(subject.adapter):
        return
    with subject.serve() as harness:
        for count in (1, 2, 50):
            async with harness.fold() as fold:
                async with aclosing(aiter(fold.charges())) as charges:
                    for _ in range(count):
                        await anext(charges, None)
                await require_no_tasks(f"the charges of fold.charges() were left after {count}")
        await _require_hung_up(harness, "fold.charges()")


async def _require_hung_up(harness: Harness, reading: str) -> None:
    for _ in range(_PATIENCE):
        await hung_up(harness.simulation)
        if not harness.simulation.connections:
            return
    count = harness.simulation.connections
    raise LawBroken(HUNG_UP, f"{reading} ended early, and {count} connections are still open")


async def twice(subject: Subject) -> None:
    """Require that the same accounts work in one event loop after another."""
    case = subject.short_cases()[0]
    with subject.serve() as harness:
        accounts = harness.accounts()

        async def read() -> Answer[Any]:
            async with fold_over(accounts) as fold:
                return await case.read(fold)

        first = await asyncio.to_thread(asyncio.run, read())
        try:
            second = await asyncio.to_thread(asyncio.run, read())
        except Exception as error:
            raise LawBroken(
                ANY_LOOP, f"{case} fails in the second event loop: {error!r}"
            ) from error
        about = f"{case} in the second event loop is another answer: {states(second)}"
        require(first == second, ANY_LOOP, about)


async def unblocked(subject: Subject) -> None:
    """Require that the loop goes on turning, whatever comes in."""
    heavy: list[Effect] = [endless, bomb]
    for case in subject.short_cases():
        with subject.serve() as harness:
            for effect in (None, nested, status(500), short_pages(), *heavy):
                harness.inject(effect)
                await _require_unblocked(harness, case, 1 if effect in heavy else None)
        heavy.clear()  # they take long, and one stream stands for all


async def _require_unblocked(harness: Harness, case: Case, count: int | None) -> None:
    """Measure a few times: what is slow each time is the adapter, and not the machine."""
    longest, limit = [], _BLOCKED if sys.gettrace() is None else _BLOCKED * _TRACED
    for _ in range(_TRIES):
        async with harness.fold(count) as fold, measured_lags() as lags:
            await case.read(fold, 1.0)
        longest.append(max(lags).late)
        if max(lags).late <= limit or await _is_the_machines(max(lags), limit):
            return
    raise LawBroken(SHORT_STEPS, f"{case} blocks the loop for {min(longest) * 1000:.0f} ms")


async def _is_the_machines(lag: Lag, limit: float) -> bool:
    """Return whether a calm and ordinary machine would not have been so late.

    A slow one computes for longer, and a busy one does something else while it computes.
    """
    slower, stretched = _compute()
    if lag.computed > limit * slower:
        return False
    async with measured_lags() as idle:
        await asyncio.sleep(0.2)
    return lag.late <= limit + lag.computed * stretched + 2 * max(idle).late


def _compute() -> tuple[float, float]:
    """Return how many times longer than usual the processor computes, and than it the clock says.

    Both are 1 at least.
    """
    began, computed = perf_counter(), thread_time()
    for _ in range(_CALLS):
        _nothing()
    computed = thread_time() - computed
    return max(computed / _SECONDS, 1), max((perf_counter() - began) / computed, 1)


def _nothing() -> None:
    """Be called."""


async def borrowed(subject: Subject) -> None:
    """Require that a borrowed session is never closed, also after failures and a deadline."""
    case = subject.short_cases()[0]
    tries = (
        ("answered rightly", None, None, State.COMPLETE),
        ("answered by status 500", status(500), None, State.FAILED),
        ("not answered before the deadline", slow(5), 0.1, State.TIMED_OUT),
    )
    with subject.serve() as harness:
        async with aiohttp.ClientSession() as session:
            for how, effect, deadline, expected in tries:
                harness.inject(effect)
                async with harness.fold(1, session) as fold:
                    answer = await case.read(fold, deadline)
                about = f"{case}, {how}: the session that was given to Billfold"
                require(not session.closed, LEFT_OPEN, f"{about} is closed")
                cookies = some(cookie.key for cookie in session.cookie_jar)
                require(not cookies, LEFT_OPEN, f"{about} has cookies: {cookies}")
                right = {row.state for row in answer.coverage} == {expected}
                require(right, SERVES, f"{about} gives {states(answer)}, not {expected}")
