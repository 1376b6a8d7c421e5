"""What statuses and broken connections mean, as our errors."""

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
from billfold.http.retry_after import retry_at
from billfold.wire import Problem

NETWORK_ERRORS = (aiohttp.ClientError, TimeoutError, OSError)
_MAX_MESSAGE = 200


def network_error(error: BaseException, host: str | None, **where: Any) -> ProviderError:
    """Return our error for an exception of aiohttp's.

    The only place that does. ``where`` is for the error's own fields.
    """
    if isinstance(error, aiohttp.ClientResponseError):
        # It holds the request's headers and shows them in its repr: the token must not leave that
        # way.
        error.request_info = error.request_info._replace(headers=CIMultiDictProxy(CIMultiDict()))
        error.args = ()
    cause: BaseException | None = error
    while cause is not None:  # the library's frames hold the bytes that were sent
        cause.__traceback__ = None
        cause = cause.__cause__ or cause.__context__
    unsent = isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)
    kind = UnreachableError if unsent else TransientError
    return kind(f"{host}: {network_message(error)}", **where)


def network_message(error: BaseException) -> str:
    """Return what happened to a connection, without what the library's own text may hold."""
    if isinstance(error, ProviderError):
        return error.message
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"cannot connect ({error.os_error.strerror or type(error.os_error).__name__})"
    if isinstance(error, aiohttp.ClientPayloadError):
        return "the reply was cut off"
    return f"the connection broke ({type(error).__name__})"


def status_error(
    response: aiohttp.ClientResponse,
    problem: Problem,
    *,
    now: datetime,
    scrub: Callable[[str], str],
    **where: Any,
) -> ProviderError:
    """Return the error that a status beyond 2xx stands for, or an error's body under one of 2xx.

    ``scrub`` takes secrets out of the provider's words.
    """
    kind, advice = _meaning(response.status)
    message = scrub(" ".join((problem.message or response.reason or "no reason given").split()))
    request_id = problem.request_id or response.headers.get("X-Request-Id")
    return (problem.kind or kind)(
        f"{response.status} {message[:_MAX_MESSAGE]}{advice}",
        **where,
        status=response.status,
        code=scrub(problem.code) if problem.code else None,
        request_id=scrub(request_id) if request_id else None,
        retry_at=retry_at(
            response.headers, status=response.status, in_body=problem.retry_after, now=now
        ),
    )


def _meaning(status: int) -> tuple[type[ProviderError], str]:
    """Return the kind of error for a status, and advice to add to its message."""
    if status < 300:
        return ProviderError, ""
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
