"""The one retry policy: what is worth another try, how long to wait, and when to give up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from attrs import frozen

from billfold.errors import ProviderError, RateLimitedError, TransientError, UnreachableError
from billfold.http.deadline import Deadline

if TYPE_CHECKING:
    from tenacity import RetryCallState

T = TypeVar("T")
Predicate = Callable[[BaseException], bool]

RETRIED_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})


@frozen
class RetryPolicy:
    """How often and how patiently to try again.

    ``attempts`` counts the first one. Waits grow with full jitter up to ``backoff_max`` seconds; a
    provider's own wait is obeyed up to ``patience`` seconds, and never past the caller's deadline.
    """

    attempts: int = 5
    backoff: float = 0.5
    backoff_max: float = 30.0
    patience: float = 120.0


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


async def retry(
    attempt: Callable[[], Awaitable[T]],
    *,
    policy: RetryPolicy,
    may_repeat: Predicate,
    deadline: Deadline,
    now: Callable[[], datetime],
) -> T:
    """Return what ``attempt`` does, as soon as it succeeds.

    Gives up when it fails for good, or the next wait fits neither attempts, patience nor deadline;
    what is raised is always the last error itself, with ``retry_at`` where known.
    """
    try:
        return await attempt()
    except ProviderError as error:
        if not may_repeat(error):
            raise
        first_error = error

    # tenacity costs more than a request's own work, and a tenth of billfold's imports, so a request
    # that succeeds at once never meets it; its first attempt replays the failure.
    from tenacity import AsyncRetrying, retry_if_exception, wait_random_exponential

    failed = [first_error]

    async def next_attempt() -> T:
        if failed:
            raise failed.pop()
        return await attempt()

    jitter = wait_random_exponential(multiplier=policy.backoff, max=policy.backoff_max)

    def wait(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        retry_at = getattr(error, "retry_at", None)
        return max(jitter(state), (retry_at - now()).total_seconds() if retry_at else 0.0)

    def give_up(state: RetryCallState) -> bool:
        exhausted = state.attempt_number >= policy.attempts
        return (
            exhausted
            or state.upcoming_sleep > policy.patience
            or not deadline.fits(state.upcoming_sleep)
        )

    retrying = AsyncRetrying(
        retry=retry_if_exception(may_repeat), stop=give_up, wait=wait, reraise=True
    )
    return await retrying(next_attempt)
