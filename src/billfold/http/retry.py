"""The one retry policy: what is worth another try, how long to wait, and when to give up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, TypeVar

from attrs import frozen

from billfold.errors import ProviderError, RateLimitedError, TransientError, UnreachableError

if TYPE_CHECKING:
    from tenacity import RetryCallState

T = TypeVar("T")
Predicate = Callable[[BaseException], bool]

RETRIED_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})


@frozen
class RetryPolicy:
    """How often and how patiently.

    ``attempts`` counts the first one. Waits grow by full jitter up to ``backoff_max`` seconds; a provider's own wait is obeyed
    up to ``patience`` seconds, and never past the caller's deadline.
    """

    attempts: int = 5
    backoff: float = 0.5
    backoff_max: float = 30.0
    patience: float = 120.0


def worth_another_try(error: BaseException) -> bool:
    """Tell for a read: weather, or a limit that passes."""
    if not isinstance(error, TransientError | RateLimitedError):
        return False
    return (
        error.status is None
        or error.status in RETRIED_STATUSES
        or isinstance(error, RateLimitedError)
    )


def never_sent(error: BaseException) -> bool:
    """Tell for a write: only what surely did not reach the provider."""
    return isinstance(error, UnreachableError)


def retry_after(value: str | None, now: datetime) -> datetime | None:
    """Read a ``Retry-After`` header, seconds or an HTTP date, as a time; None for one that is absent or unreadable."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return now + timedelta(seconds=int(text))
    try:
        moment = parsedate_to_datetime(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


async def retrying(
    attempt: Callable[[], Awaitable[T]],
    *,
    policy: RetryPolicy,
    again: Predicate,
    deadline: float | None,
    now: Callable[[], datetime],
) -> T:
    """Await ``attempt`` until it succeeds, fails for good, or the next wait would not fit the attempts, patience or deadline.

    ``deadline`` is in the running loop's time. What is raised is always the last error itself, with ``retry_at`` where known.
    """
    try:
        return await attempt()
    except ProviderError as error:
        if not again(error):
            raise
        first = error

    # tenacity costs more than a request's own work, and a tenth of billfold's imports, so the happy path never meets it; its
    # first attempt replays the failure.
    from tenacity import AsyncRetrying, retry_if_exception, wait_random_exponential

    spent = [first]

    async def next_attempt() -> T:
        if spent:
            raise spent.pop()
        return await attempt()

    jitter = wait_random_exponential(multiplier=policy.backoff, max=policy.backoff_max)

    def wait(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = getattr(error, "retry_at", None)
        return max(jitter(state), (asked - now()).total_seconds() if asked else 0.0)

    def hopeless(state: RetryCallState) -> bool:
        if state.attempt_number >= policy.attempts or state.upcoming_sleep > policy.patience:
            return True
        return (
            deadline is not None
            and asyncio.get_running_loop().time() + state.upcoming_sleep >= deadline
        )

    retries = AsyncRetrying(retry=retry_if_exception(again), stop=hopeless, wait=wait, reraise=True)
    return await retries(next_attempt)
