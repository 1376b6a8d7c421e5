"""A deadline is a value that shrinks, and ends work in one way."""

import asyncio
import math
from contextlib import suppress

import pytest

from billfold import Billfold, ConfigError, DeadlineError
from billfold.http.deadline import NO_DEADLINE, Deadline
from support.hurried import hurried


@pytest.mark.parametrize("seconds", [math.nan, math.inf, -math.inf, 0, 0.0, -1, -0.5, 10**400])
async def test_what_is_not_finite_and_above_zero_is_refused(seconds: float) -> None:
    with pytest.raises(ConfigError, match="a finite number of seconds above zero"):
        Deadline.after(seconds)


@pytest.mark.parametrize("seconds", ["5", True])
async def test_what_is_no_number_is_refused(seconds: object) -> None:
    with pytest.raises(ConfigError, match="a deadline is a number of seconds"):
        Deadline.after(seconds)  # type: ignore[arg-type]


async def test_a_bad_deadline_is_refused_by_every_call_and_stops_no_timer() -> None:
    async with Billfold([]) as fold:
        with pytest.raises(ConfigError):
            await fold.usage(deadline=math.nan)
    await asyncio.wait_for(asyncio.sleep(0), 30)


async def test_none_is_no_limit_and_a_deadline_stays_itself() -> None:
    deadline = Deadline.after(5)
    assert Deadline.after(None) is NO_DEADLINE
    assert Deadline.after(deadline) is deadline
    assert NO_DEADLINE.remaining() == math.inf
    assert NO_DEADLINE.fits(1e9)
    assert NO_DEADLINE.for_requests() is NO_DEADLINE


def test_it_shrinks_with_the_clock_and_never_below_zero() -> None:
    async def main() -> tuple[float, float, bool, bool]:
        deadline = Deadline.after(10)
        await asyncio.sleep(4)
        fits, too_long = deadline.fits(5.5), deadline.fits(6)
        left = deadline.remaining()
        await asyncio.sleep(7)
        return left, deadline.remaining(), fits, too_long

    assert hurried(main, idle=0) == (pytest.approx(6, abs=0.4), 0.0, True, False)


def _earlier(deadline: Deadline) -> float:
    requests = deadline.for_requests()
    assert deadline.at is not None
    assert requests.at is not None
    return deadline.at - requests.at


def test_requests_end_a_moment_before_their_call() -> None:
    async def main() -> tuple[float, float]:
        long, short = Deadline.after(10), Deadline.after(0.1)
        return _earlier(long), _earlier(short)

    long, short = hurried(main, idle=0)
    assert long == pytest.approx(0.05, abs=0.0001)
    assert short == pytest.approx(0.01, abs=0.005)


async def test_work_in_time_is_returned_and_late_work_is_an_error_with_its_place() -> None:
    assert await Deadline.after(5).run(asyncio.sleep(0, "done")) == "done"
    with pytest.raises(DeadlineError) as caught:
        await Deadline.after(0.01).run(asyncio.sleep(5), account="ci")
    assert caught.value.account == "ci"


async def test_a_time_out_of_the_works_own_is_no_deadline() -> None:
    async def work() -> None:
        raise TimeoutError("a bug")

    with pytest.raises(TimeoutError, match="a bug"):
        await Deadline.after(5).run(work())


async def test_work_that_swallows_its_end_is_late_all_the_same() -> None:
    async def work() -> str:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(5)
        return "finished"

    with pytest.raises(DeadlineError):
        await Deadline.after(0.01).run(work())


async def test_work_after_the_deadline_does_not_begin() -> None:
    begun = []

    async def work() -> None:
        begun.append(True)

    deadline = Deadline.after(0.01)
    await asyncio.sleep(0.02)
    with pytest.raises(DeadlineError, match="before it began"):
        await deadline.run(work())
    assert begun == []
