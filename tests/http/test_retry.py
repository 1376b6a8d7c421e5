"""What is tried again, after how long, and when it is given up."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from billfold import (
    BillfoldError,
    DriftError,
    OutcomeUnknownError,
    ProviderError,
    RateLimitedError,
    RequestError,
    RetryPolicy,
    TransientError,
    UnreachableError,
)
from billfold.errors import KINDS
from billfold.http.deadline import NO_DEADLINE, Deadline
from billfold.http.quota import Quota
from billfold.http.retry import may_repeat_read, may_repeat_write, retry
from support.hurried import hurried, skipped

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Failing:
    """Fail in turn, then succeed.

    ``at`` lists when each attempt was made, in the loop's seconds since the first; ``now`` is NOW
    then.
    """

    def __init__(self, *failures: BaseException) -> None:
        self._failures: Iterator[BaseException] = iter(failures)
        self._times: list[float] = []

    async def __call__(self) -> str:
        self._times.append(asyncio.get_running_loop().time())
        if (failure := next(self._failures, None)) is not None:
            raise failure
        return "done"

    @property
    def at(self) -> list[float]:
        return [moment - self._times[0] for moment in self._times]

    def now(self) -> datetime:
        return NOW + timedelta(seconds=asyncio.get_running_loop().time() - self._times[0])


def run(
    attempt: Failing,
    *,
    seconds: float | None = None,
    policy: RetryPolicy | None = None,
    may_repeat=may_repeat_read,
    quota: Quota | None = None,
) -> str:
    """Retry under a deadline of so many seconds, without waiting for the clock."""

    async def main() -> str:
        return await retry(
            attempt,
            policy=policy or RetryPolicy(),
            may_repeat=may_repeat,
            deadline=Deadline.after(seconds),
            now=attempt.now,
            quota=quota or Quota(),
        )

    return hurried(main, idle=0)


def limited(seconds: float) -> RateLimitedError:
    return RateLimitedError("429", status=429, retry_at=NOW + timedelta(seconds=seconds))


def test_success_is_asked_for_once() -> None:
    attempt = Failing()
    assert run(attempt) == "done"
    assert attempt.at == [0]


def test_five_attempts_and_no_more() -> None:
    errors = [TransientError(f"try {number}", status=503) for number in range(1, 9)]
    attempt = Failing(*errors)
    with pytest.raises(TransientError, match="try 5") as caught:
        run(attempt)
    assert len(attempt.at) == 5
    assert caught.value is errors[4]


def test_repetitions_cost_the_quota_unless_one_succeeds() -> None:
    weather, quota = TransientError("503", status=503), Quota(left=10)
    assert run(Failing(weather, limited(1), weather, weather), quota=quota) == "done"
    assert quota.left == pytest.approx(10.2)
    with pytest.raises(TransientError):
        run(Failing(*[weather] * 5), quota=quota)
    assert quota.left == pytest.approx(6.2)


def test_a_failure_says_how_often_and_how_long_it_was_tried() -> None:
    attempt = Failing(*[limited(wait) for wait in (1, 3, 6, 10, 15)])
    with pytest.raises(RateLimitedError) as caught:
        run(attempt, policy=RetryPolicy(backoff=0.001, backoff_max=0.001))
    assert str(caught.value) == caught.value.message == "429 (tried 5 times over 10.0 s)"


def test_what_was_tried_once_says_nothing_of_trying() -> None:
    attempt = Failing(limited(86_400))
    with pytest.raises(RateLimitedError) as caught:
        run(attempt)
    assert str(caught.value) == "429"


def silent(count: int) -> list[RateLimitedError]:
    return [RateLimitedError("429", status=429) for _ in range(count)]


def test_a_limit_that_says_nothing_is_ridden_out_for_over_a_minute() -> None:
    attempt = Failing(*silent(9))
    assert run(attempt) == "done"
    assert 60 < attempt.at[-1] < 122
    waits = [later - earlier for earlier, later in zip(attempt.at, attempt.at[1:], strict=False)]
    bounds = [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    assert all(
        bound / 2 - 0.01 <= wait <= bound + 0.2 for wait, bound in zip(waits, bounds, strict=True)
    )


def test_a_limit_that_says_nothing_ends_some_time() -> None:
    attempt = Failing(*silent(99))
    with pytest.raises(RateLimitedError, match=r"429 \(tried 10 times over \d+\.\d s\)"):
        run(attempt)
    assert len(attempt.at) == 10


def test_a_limit_that_says_nothing_is_ridden_out_as_far_as_the_deadline_allows() -> None:
    attempt = Failing(*silent(99))
    with pytest.raises(RateLimitedError, match=r"tried . times over"):
        run(attempt, seconds=20)
    assert 5 < attempt.at[-1] < 20


def test_who_wants_one_attempt_gets_one_for_a_limit_too() -> None:
    attempt = Failing(*silent(3))
    with pytest.raises(RateLimitedError, match=r"429$"):
        run(attempt, policy=RetryPolicy(attempts=1))
    assert attempt.at == [0]


def test_the_last_attempt_may_succeed() -> None:
    attempt = Failing(*[TransientError("no", status=503)] * 4)
    assert run(attempt) == "done"
    assert len(attempt.at) == 5


def test_waits_grow_by_full_jitter_up_to_their_bound() -> None:
    attempt = Failing(*[TransientError("no")] * 11)
    run(attempt, policy=RetryPolicy(attempts=12, backoff=1, backoff_max=8))
    waits = [later - earlier for earlier, later in zip(attempt.at, attempt.at[1:], strict=False)]
    bounds = [1, 2, 4, 8, 8, 8, 8, 8, 8, 8, 8]
    assert all(wait <= bound + 0.2 for wait, bound in zip(waits, bounds, strict=True))
    assert max(waits) > 1


def test_one_attempt_is_no_retry() -> None:
    attempt = Failing(TransientError("no"))
    with pytest.raises(TransientError):
        run(attempt, policy=RetryPolicy(attempts=1))
    assert len(attempt.at) == 1


def test_the_providers_wait_is_obeyed() -> None:
    attempt = Failing(limited(7), limited(20))
    assert run(attempt, policy=RetryPolicy(backoff=0.001, backoff_max=0.001)) == "done"
    assert attempt.at == pytest.approx([0, 7, 20], abs=0.5)
    # Times are in microseconds, the loop's clock is finer.
    assert attempt.at[1] >= 7 - 1e-5
    assert attempt.at[2] >= 20 - 1e-5


@pytest.mark.parametrize(
    ("wait", "seconds", "patience"),
    [(121, None, 120), (86_400, None, 120), (10, 9, 120), (6, None, 5)],
)
def test_a_wait_that_does_not_fit_fails_at_once_and_tells_when(
    wait: float, seconds: float | None, patience: float
) -> None:
    attempt = Failing(limited(wait))
    with pytest.raises(RateLimitedError) as caught:
        run(attempt, seconds=seconds, policy=RetryPolicy(patience=patience))
    assert attempt.at == [0]
    assert caught.value.retry_at == NOW + timedelta(seconds=wait)


def test_retries_stay_within_the_deadline() -> None:
    attempt = Failing(*[TransientError("no")] * 100)
    with pytest.raises(TransientError):
        run(attempt, seconds=10, policy=RetryPolicy(attempts=100, backoff=3, backoff_max=3))
    assert len(attempt.at) > 2
    assert attempt.at[-1] < 10


@pytest.mark.parametrize(
    "failure", [RequestError("no", status=400), DriftError("no"), ValueError("a bug")]
)
def test_what_another_try_does_not_mend_is_raised_at_once(failure: Exception) -> None:
    for attempt in (Failing(failure), Failing(TransientError("weather"), failure)):
        with pytest.raises(type(failure)) as caught:
            run(attempt, policy=RetryPolicy(backoff=0.001, backoff_max=0.001))
        assert caught.value is failure


def test_cancelling_ends_a_wait_at_once() -> None:
    async def main() -> float:
        attempt = Failing(limited(100))
        task = asyncio.create_task(
            retry(
                attempt,
                policy=RetryPolicy(),
                may_repeat=may_repeat_read,
                deadline=NO_DEADLINE,
                now=lambda: NOW,
                quota=Quota(),
            )
        )
        await asyncio.sleep(1)
        start = skipped()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert len(attempt.at) == 1
        return skipped() - start

    assert hurried(main, idle=0) == 0


def test_cancellation_is_never_taken_for_weather() -> None:
    for attempt in (
        Failing(asyncio.CancelledError()),
        Failing(TransientError("no"), asyncio.CancelledError()),
    ):
        with pytest.raises(asyncio.CancelledError):
            run(attempt, policy=RetryPolicy(backoff=0.001, backoff_max=0.001))


def test_reads_are_retried_for_weather_and_limits_alone() -> None:
    retried = {name for name, kind in KINDS.items() if may_repeat_read(kind("no"))}
    assert retried == {"TransientError", "UnreachableError", "RateLimitedError"}
    assert not may_repeat_read(asyncio.CancelledError())
    assert not may_repeat_read(TimeoutError())


@pytest.mark.parametrize(
    ("status", "retried"),
    [
        (408, True),
        (425, True),
        (500, True),
        (502, True),
        (503, True),
        (504, True),
        (501, False),
        (505, False),
        (507, False),
    ],
)
def test_only_passing_statuses_are_weather_may_repeat_read(status: int, retried: bool) -> None:
    assert may_repeat_read(TransientError("no", status=status)) is retried


def test_a_write_is_retried_only_if_it_was_never_sent() -> None:
    retried = {name for name, kind in KINDS.items() if may_repeat_write(kind("no"))}
    assert retried == {"UnreachableError"}
    attempt = Failing(UnreachableError("no route"), OutcomeUnknownError("cut off"))
    with pytest.raises(OutcomeUnknownError):
        run(
            attempt,
            may_repeat=may_repeat_write,
            policy=RetryPolicy(backoff=0.001, backoff_max=0.001),
        )


def test_every_retried_error_is_a_providers() -> None:
    assert all(
        issubclass(kind, ProviderError) for kind in KINDS.values() if may_repeat_read(kind(""))
    )
    assert not may_repeat_read(BillfoldError("no"))
