"""Laws of time: waits that fit, cancelling at once, a loop that is never blocked, sessions that are only borrowed."""

from __future__ import annotations

import asyncio
import sys
from contextlib import aclosing
from typing import Any

import aiohttp

from billfold.adapter import streams
from billfold.answer import Answer
from billfold.errors import RateLimitedError
from billfold.facade.billfold import Billfold
from billfold.model import State, Stream
from billfold.simulators.faults import (
    Reply,
    bomb,
    endless,
    nested,
    short_pages,
    slow,
    status,
    throttled,
    throttled_until,
)
from billfold.testing.harness import (
    NOW,
    QUICK,
    Bench,
    Subject,
    View,
    bench,
    broken,
    healthy,
    require,
    states,
    timed,
)
from billfold.testing.laws.faults import BOUNDED, TOLERANCE
from billfold.testing.watch import no_tasks, pulse

UNBLOCKED = "law 6, the loop is never blocked"
BORROWED = "law 6, a borrowed session survives"

_BLOCKED = 0.05
_TRIES = 6


async def waits(subject: Subject) -> None:
    """A wait that fits is waited, one that does not fails at once and says until when."""
    view = subject.short_views()[0]
    well = await healthy(subject, view, 1)
    with (
        bench(subject, throttled(1), times=1) as one,
        bench(subject, throttled_until(1), times=1) as other,
    ):
        answers = await asyncio.gather(timed(one, view, 5, 1), timed(other, view, 5, 1))
        for took, answer in answers:
            require(
                answer == well.answer,
                BOUNDED,
                f"{view}, throttled for a second once, is {states(answer)}",
            )
            require(
                took >= 0.9,
                BOUNDED,
                f"{view}: told to wait a second, it came back after {took:.2f} s",
            )
        one.strike(throttled(30))
        took, answer = await timed(one, view, 3, 1)
        require(
            took < 1,
            BOUNDED,
            f"{view}: a wait of 30 s with a deadline of 3 s is noticed only after {took:.2f} s",
        )
        for error in answer.failures:
            told = isinstance(error, RateLimitedError) and error.retry_at is not None
            require(
                told,
                BOUNDED,
                f"{view}: {type(error).__name__} does not say when to come back: {error}",
            )


async def cancelled(subject: Subject) -> None:
    """Cancelling works at once, wherever the work is, and leaves no task and no connection."""
    for view in subject.short_views():
        with bench(subject) as one:
            took, _ = await timed(one, view, None)
            for step in range(13):
                await _cancel(one, view, took * step / 10)
            for passes in range(0, 40, 3):
                await _cancel(one, view, passes)
            one.strike(slow(5))
            await _cancel(one, view, 0.05)
            one.strike(status(503, retry_after="3"))
            await _cancel(one, view, 0.05)
            await _hung_up(one, view)


async def left(subject: Subject) -> None:
    """Leaving a stream of charges in the middle stops the reading, and leaves no task and no connection."""
    with bench(subject) as one:
        for taken in (1, 2, 50) if Stream.USAGE in streams(subject.adapter) else ():
            async with one.fold() as fold:
                async with aclosing(aiter(fold.charges())) as charges:
                    for _ in range(taken):
                        await anext(charges, None)
                await no_tasks(f"{BOUNDED}: charges were left after {taken}")
        await _hung_up(one, "charges")


async def twice(subject: Subject) -> None:
    """The same accounts work in one event loop after another."""
    view = subject.short_views()[0]
    with bench(subject) as one:
        accounts = one.accounts()

        async def read() -> Answer[Any]:
            async with Billfold(accounts, clock=lambda: NOW, retry=QUICK) as fold:
                return await view.read(fold)

        first = await asyncio.to_thread(asyncio.run, read())
        try:
            second = await asyncio.to_thread(asyncio.run, read())
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what breaks the law
            broken(BOUNDED, f"{view} fails in the second event loop: {error!r}")
        require(first == second, BOUNDED, f"{view} in the second event loop is {states(second)}")


async def _cancel(one: Bench, view: View, when: float) -> None:
    """Cancel after some time, or after whole passes of the loop."""
    loop = asyncio.get_running_loop()
    async with one.fold() as fold:
        asked = asyncio.create_task(view.read(fold), name=f"{view}")
        if isinstance(when, int):
            for _ in range(when):
                await asyncio.sleep(0)
        else:
            await asyncio.sleep(when)
        ran_out = asked.done()
        asked.cancel()
        began = loop.time()
        done, _ = await asyncio.wait({asked}, timeout=3)
        took = loop.time() - began
        require(
            done and took <= TOLERANCE,
            BOUNDED,
            f"{view} goes on for {took:.2f} s after it was cancelled",
        )
        require(
            ran_out or asked.cancelled(),
            BOUNDED,
            f"{view} was cancelled, and answers as if nothing had happened",
        )
        await no_tasks(f"{BOUNDED}: {view} was cancelled")


async def _hung_up(one: Bench, view: object) -> None:
    for _ in range(50):
        if not one.simulation.connections:
            return
        await asyncio.sleep(0.02)
    require(
        False,
        BOUNDED,
        f"{view} ended early, and {one.simulation.connections} connections are still open",
    )


async def unblocked(subject: Subject) -> None:
    """The loop goes on turning, whatever comes in."""
    heavy: list[Reply] = [endless, bomb]
    for view in subject.short_views():
        with bench(subject) as one:
            for reply in (None, nested, status(500), short_pages(), *heavy):
                one.strike(reply)
                await _turning(one, view, 1 if reply in heavy else None)
        heavy.clear()


async def _turning(one: Bench, view: View, count: int | None) -> None:
    """Measure a few times: only what is slow each time is ours, and not the machine's, nor that of a tracer for coverage."""
    longest, limit = [], _BLOCKED if sys.gettrace() is None else _BLOCKED * 4
    for _ in range(_TRIES):
        async with one.fold(count) as fold, pulse() as felt:
            await view.read(fold, 1.0)
        longest.append(felt.longest)
        if felt.longest <= limit:
            return
    require(False, UNBLOCKED, f"{view} blocks the loop for {min(longest) * 1000:.0f} ms")


async def borrowed(subject: Subject) -> None:
    """A borrowed session is used, left as it was, and never closed; also after failures and a deadline."""
    view = subject.short_views()[0]
    with bench(subject) as one:
        async with aiohttp.ClientSession() as session:
            for reply, deadline in ((None, None), (status(500), None), (slow(5), 0.1)):
                one.strike(reply)
                async with one.fold(1, session) as fold:
                    answer = await view.read(fold, deadline)
                require(not session.closed, BORROWED, f"it is closed after {view}")
                require(not list(session.cookie_jar), BORROWED, f"{view} leaves cookies in it")
                expected = (
                    {True: State.COMPLETE, False: State.FAILED}[reply is None]
                    if deadline is None
                    else State.TIMED_OUT
                )
                require(
                    {row.state for row in answer.coverage} == {expected},
                    BORROWED,
                    f"{view} over it is {states(answer)}",
                )
            one.strike(None)
            async with session.get(one.url) as response:
                require(response.status, BORROWED, "it cannot be used any more")
