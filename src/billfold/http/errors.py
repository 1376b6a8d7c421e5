"""What statuses and broken connections mean, in our errors' words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import aiohttp
from multidict import CIMultiDict, CIMultiDictProxy

from billfold.errors import (
    CredentialsError,
    ForbiddenError,
    NotFoundError,
    ProviderError,
    RateLimitedError,
    RequestError,
    TransientError,
    UnreachableError,
)
from billfold.http.retry import retry_after
from billfold.wire import Problem

NETWORK = (aiohttp.ClientError, TimeoutError, OSError)
_MAX_MESSAGE = 200


def renamed(error: BaseException, host: str | None, **where: Any) -> ProviderError:
    """Give an exception of aiohttp's our name; the only place that does. ``where`` is for the error's own fields."""
    if isinstance(error, aiohttp.ClientResponseError):
        # It holds the request's headers and shows them in its repr: the token must not leave that way.
        error.request_info = error.request_info._replace(headers=CIMultiDictProxy(CIMultiDict()))
        error.args = ()
    inner: BaseException | None = error
    while inner is not None:  # the library's frames hold the bytes that were sent
        inner.__traceback__ = None
        inner = inner.__cause__ or inner.__context__
    unsent = isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)
    kind = UnreachableError if unsent else TransientError
    return kind(f"{host}: {sentence(error)}", **where)


def sentence(error: BaseException) -> str:
    """Say what happened to a connection, without what the library's own text may hold."""
    if isinstance(error, ProviderError):
        return error.message
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"cannot connect ({error.os_error.strerror or type(error.os_error).__name__})"
    if isinstance(error, aiohttp.ClientPayloadError):
        return "the reply was cut off"
    return f"the connection broke ({type(error).__name__})"


def _meaning(status: int) -> tuple[type[ProviderError], str]:
    """Return the error that a status beyond 2xx stands for, and advice to go with it."""
    if status == 401:
        return CredentialsError, "; check the token"
    if status == 403:
        return ForbiddenError, "; the token lacks the permission"
    if status in (404, 410):
        return NotFoundError, ""
    if status == 429:
        return RateLimitedError, ""
    if status in (408, 425) or status >= 500:
        return TransientError, ""
    if status < 400:
        return RequestError, "; redirects are not followed: is the base URL right?"
    return RequestError, ""


def refused(
    response: aiohttp.ClientResponse,
    problem: Problem,
    *,
    now: datetime,
    told: Callable[[str], str],
    **where: Any,
) -> ProviderError:
    """Make the error that a status beyond 2xx stands for; ``told`` takes what is secret out of the provider's words."""
    kind, advice = _meaning(response.status)
    message = told(" ".join((problem.message or response.reason or "no reason given").split()))
    request_id = problem.request_id or response.headers.get("X-Request-Id")
    return (problem.kind or kind)(
        f"{response.status} {message[:_MAX_MESSAGE]}{advice}",
        **where,
        status=response.status,
        code=told(problem.code) if problem.code else None,
        request_id=told(request_id) if request_id else None,
        retry_at=_retry_at(response, problem, now),
    )


def _retry_at(response: aiohttp.ClientResponse, problem: Problem, now: datetime) -> datetime | None:
    """Find when to come back; a date is read against the server's own clock, which may differ from ours."""
    there = retry_after(response.headers.get("Date"), now) or now
    moment = retry_after(response.headers.get("Retry-After"), there) or retry_after(
        problem.retry_after, there
    )
    try:
        return None if moment is None else now + (moment - there)
    except OverflowError:
        return None
