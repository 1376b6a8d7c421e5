"""No minute holds more requests than are allowed."""

import asyncio

import pytest

from billfold.http.limiter import rate_limiter
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
