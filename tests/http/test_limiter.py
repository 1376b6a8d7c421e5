"""No minute holds more requests than are allowed, in the order in which they came."""

import asyncio

import pytest

from billfold.http.limiter import Limiter, rate_limiter
from support.hurried import hurried


@pytest.mark.parametrize("allowed", [1, 2, 3, 4, 7, 60, 100, 1000])
def test_no_minute_holds_more_requests_than_allowed(allowed: int) -> None:
    async def main() -> list[float]:
        limiter, loop = rate_limiter(allowed), asyncio.get_running_loop()
        assert limiter is not None
        moments = []
        for number in range(4 * allowed):
            if number == allowed:
                await asyncio.sleep(90)  # a pause must not save up a second burst
            await limiter.acquire()
            moments.append(loop.time())
        return moments

    moments = hurried(main, idle=0)
    for first, later in zip(moments, moments[allowed:], strict=False):
        assert later - first > 59.9
    if allowed > 3:
        assert moments[-1] - moments[0] < 60 * 4 * 1.5 + 90


def test_no_known_limit_is_no_limiter() -> None:
    assert rate_limiter(None) is None


def test_requests_are_sent_in_the_order_in_which_they_came() -> None:
    async def main() -> list[int]:
        limiter, sent = Limiter(2, 1.0), list[int]()

        async def send(number: int) -> None:
            await limiter.acquire()
            sent.append(number)

        await asyncio.gather(*(send(number) for number in range(6)))
        return sent

    assert hurried(main, idle=0) == [0, 1, 2, 3, 4, 5]


def test_who_gives_up_waiting_used_nothing() -> None:
    async def main() -> float:
        limiter, loop = Limiter(1, 10.0), asyncio.get_running_loop()
        await limiter.acquire()
        began = loop.time()
        waiting = [asyncio.create_task(limiter.acquire()) for _ in range(5)]
        await asyncio.sleep(1)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        await limiter.acquire()
        return loop.time() - began

    assert hurried(main, idle=0) == pytest.approx(10, abs=0.1)
