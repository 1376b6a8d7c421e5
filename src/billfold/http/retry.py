"""The one retry policy: what is worth another try, how long to wait, and when to give up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from attrs import Attribute, field, frozen
from msgspec import Struct

from billfold.errors import ProviderError, RateLimitedError, TransientError, UnreachableError
from billfold.http.bounds import require_count, require_seconds
from billfold.http.deadline import Deadline
from billfold.http.quota import MOST, PER_ANSWER, Quota

if TYPE_CHECKING:
    from tenacity import RetryCallState

T = TypeVar("T")
Predicate = Callable[[BaseException], bool]

# Which attempt of its request runs, for the log.
ATTEMPT: ContextVar[int] = ContextVar("attempt", default=1)
RETRIED_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})


def _counted(_: object, attribute: Attribute[int], count: int) -> None:
    require_count(count, f"RetryPolicy.{attribute.name}")


def _timed(_: object, attribute: Attribute[float], seconds: float) -> None:
    if seconds != 0 or isinstance(seconds, bool):
        require_seconds(seconds, f"RetryPolicy.{attribute.name}")


@frozen
class RetryPolicy:
    """How often and how patiently to try again.

    ``attempts`` counts the first one. Waits grow with full jitter up to ``backoff_max`` seconds; a
    provider's own wait is obeyed up to ``patience`` seconds, and never past the caller's deadline.
    A limit (429) that does not say when it ends is ridden out: twice the attempts, and waits of at
    least half of what they may grow to, by default over a minute in all. Raises ConfigError for a
    number that is not finite or below zero.
    """

    attempts: int = field(default=5, validator=_counted)
    backoff: float = field(default=0.5, validator=_timed)
    backoff_max: float = field(default=30.0, validator=_timed)
    patience: float = field(default=120.0, validator=_timed)

    def attempts_after(self, error: BaseException) -> int:
        """Return how many attempts there are in all, where the last one failed so."""
        return self.attempts * 2 if self.attempts > 1 and _is_silent(error) else self.attempts


def _is_silent(error: BaseException) -> bool:
    return isinstance(error, RateLimitedError) and error.retry_at is None


def may_repeat_read(error: BaseException) -> bool:
    """Return whether a read is worth another try: the fault may pass, or a limit does."""
    if isinstance(error, RateLimitedError):
        return True
    return isinstance(error, TransientError) and (
        error.status is None or error.status in RETRIED_STATUSES
    )


def may_repeat_write(error: BaseException) -> bool:
    """Return whether a write is worth another try: only if it surely did not reach the provider."""
    return isinstance(error, UnreachableError)


class Failed(Struct, frozen=True):
    """An attempt that failed, and when it began by the loop's clock."""

    error: ProviderError
    began: float


async def retry(
    attempt: Callable[[], Awaitable[T]],
    *,
    policy: RetryPolicy,
    may_repeat: Predicate,
    deadline: Deadline,
    now: Callable[[], datetime],
    quota: Quota,
    failed: Failed | None = None,
) -> T:
    """Return what ``attempt`` does, as soon as it succeeds.

    ``failed`` is a first attempt that was made already, and is worth another one.

    Gives up when it fails for good, or the next wait fits neither attempts, patience, deadline nor
    the origin's quota; what is raised is always the last error itself, with ``retry_at`` where
    known, and how often and how long it was tried in its message.
    """
    clock = asyncio.get_running_loop().time
    if failed is None:
        began = clock()
        try:
            result = await attempt()
            if quota.left < MOST:
                quota.give(PER_ANSWER)
            return result
        except ProviderError as error:
            if not may_repeat(error):
                raise
            failed = Failed(error, began)

    # tenacity costs more than a request's own work, and a tenth of billfold's imports, so a request
    # that succeeds at once never meets it; its first attempt replays the failure.
    from tenacity import AsyncRetrying, retry_if_exception

    first, began, taken, tried = [failed.error], failed.began, 0.0, 0

    async def next_attempt() -> T:
        nonlocal tried
        tried += 1
        if first:
            raise first.pop()
        token = ATTEMPT.set(tried)
        try:
            return await attempt()
        finally:
            ATTEMPT.reset(token)

    def give_up(state: RetryCallState) -> bool:
        nonlocal taken
        error, left = _error_of(state), quota.left
        exhausted = state.attempt_number >= policy.attempts_after(error)
        ends = (
            exhausted
            or state.upcoming_sleep > policy.patience
            or not deadline.fits(state.upcoming_sleep)
            or not quota.take(error)
        )
        taken += left - quota.left
        if ends and state.attempt_number > 1:
            error.give_up(state.attempt_number, clock() - began)
        return ends

    retrying = AsyncRetrying(
        retry=retry_if_exception(may_repeat), stop=give_up, wait=_waits(policy, now), reraise=True
    )
    result = await retrying(next_attempt)
    quota.give(taken + PER_ANSWER)
    return result


def _waits(policy: RetryPolicy, now: Callable[[], datetime]) -> Callable[[RetryCallState], float]:
    from tenacity import wait_exponential, wait_random_exponential

    half: dict[str, float] = {"multiplier": policy.backoff / 2, "max": policy.backoff_max / 2}
    full_jitter = wait_random_exponential(multiplier=policy.backoff, max=policy.backoff_max)
    half_jitter = wait_exponential(**half) + wait_random_exponential(**half)

    def wait(state: RetryCallState) -> float:
        error = _error_of(state)
        if error.retry_at is None:
            return (half_jitter if _is_silent(error) else full_jitter)(state)
        return max(full_jitter(state), (error.retry_at - now()).total_seconds())

    return wait


def _error_of(state: RetryCallState) -> ProviderError:
    """Return what an attempt failed by; only providers' failures are repeated."""
    error = state.outcome and state.outcome.exception()
    assert isinstance(error, ProviderError)
    return error
