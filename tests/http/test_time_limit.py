"""A request's time ends as asyncio's own timeouts do, by one timer for all of them."""

import asyncio
import time
from contextlib import suppress

import pytest

from billfold.http.time_limit import TimeLimit
from support.hurried import hurried, skipped


async def limited(limit: TimeLimit, seconds: float) -> str:
    """Wait so long as a request would."""
    task = limit.begin()
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        if not limit.ended(task):
            raise
        return f"late after {skipped():.0f}"
    finally:
        limit.end(task)
    return f"done after {skipped():.0f}"


def test_each_ends_when_its_own_time_is_over() -> None:
    async def main() -> list[str]:
        limit = TimeLimit(10)
        first = asyncio.create_task(limited(limit, 99))
        await asyncio.sleep(4)
        both = [asyncio.create_task(limited(limit, each)) for each in (99, 8)]
        said = await asyncio.gather(first, *both)
        return [*said, await limited(limit, 99), await limited(limit, 1)]

    assert hurried(main, idle=0) == [
        *("late after 10", "late after 14", "done after 12"),
        *("late after 24", "done after 25"),
    ]


def test_all_of_a_thousand_need_one_timer() -> None:
    async def main() -> int:
        limit, loop = TimeLimit(10), asyncio.get_running_loop()
        many = [asyncio.create_task(limited(limit, 0)) for _ in range(1_000)]
        await asyncio.gather(*many)
        timers: list[asyncio.TimerHandle] = loop._scheduled
        left = len([timer for timer in timers if not timer.cancelled()])
        limit.stop()
        assert all(timer.cancelled() for timer in timers)
        return left

    assert hurried(main, idle=0) == 1


def test_it_stops_once_nothing_is_under_way() -> None:
    async def main() -> tuple[list[str], list[bool]]:
        limit, loop = TimeLimit(10), asyncio.get_running_loop()
        both = [asyncio.create_task(limited(limit, each)) for each in (99, 12)]
        await asyncio.sleep(4)
        limit.stop()
        said = [*await asyncio.gather(*both), await limited(limit, 1)]
        timers: list[asyncio.TimerHandle] = loop._scheduled
        return said, [timer.cancelled() for timer in timers if timer.when() > loop.time()]

    said, cancelled = hurried(main, idle=0)
    assert said == ["late after 10", "late after 10", "done after 11"]
    assert all(cancelled)


@pytest.mark.parametrize("first", [True, False], ids=["cancelled first", "late first"])
def test_who_is_cancelled_as_its_time_is_over_stays_cancelled(first: bool) -> None:
    async def main() -> bool:
        limit, loop = TimeLimit(10), asyncio.get_running_loop()
        loop.call_at(loop.time() + 9.99, time.sleep, 0.05)  # so that one round has both
        if first:
            loop.call_at(loop.time() + 10, lambda: task.cancel())
        task = asyncio.create_task(limited(limit, 99))
        await asyncio.sleep(0)
        if not first:
            loop.call_at(loop.time() + 10, lambda: task.cancel())
        with suppress(asyncio.CancelledError):
            await task
        return task.cancelled()

    assert hurried(main, idle=0)


def test_who_is_not_stopped_by_it_is_not_cancelled_later() -> None:
    async def main() -> int:
        limit, task = TimeLimit(10), asyncio.current_task()
        assert task is not None
        assert limit.begin() is task
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(99)
        limit.end(task)
        await asyncio.sleep(1)
        return task.cancelling()

    assert hurried(main, idle=0) == 0


def test_what_waits_for_the_whole_is_ended_by_its_own_timeout() -> None:
    async def main() -> str:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(5):
                await limited(TimeLimit(10), 99)
        return f"{skipped():.0f}"

    assert hurried(main, idle=0) == "5"
