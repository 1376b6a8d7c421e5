"""What statuses and broken connections mean, as our errors."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable
from datetime import datetime
from typing import Any

import aiohttp
from aiohttp.http_exceptions import LineTooLong
from yarl import URL

from billfold.errors import (
    CredentialsError,
    DriftError,
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
# A handshake that broke off is weather; any other failure of it stays.
_BROKEN_TLS = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)


def network_error(
    error: Exception, host: str | None, proxy: str | None = None, **where: Any
) -> ProviderError:
    """Return our error for an exception of aiohttp's on the way to a host, maybe by a proxy.

    The only place that does. ``where`` is for the error's own fields. Raise it where the other one
    is no longer handled: that quotes bytes of the reply, and holds the request.
    """
    if isinstance(error, aiohttp.ClientHttpProxyError):
        kind, message = _proxy_refusal(error, proxy)
    else:
        kind, message = _network_kind(error)
    return kind(f"{host}: {message}", **where)


def network_message(error: BaseException) -> str:
    """Return what happened to a connection, without what the library's own text may hold."""
    return error.message if isinstance(error, ProviderError) else _network_kind(error)[1]


def _network_kind(error: BaseException) -> tuple[type[ProviderError], str]:
    """Return the kind of error for a connection that failed, and what happened to it."""
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return UnreachableError, "no answer in time"
    if isinstance(error, TimeoutError):
        return TransientError, "no answer in time"
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ClientConnectorCertificateError):
        return _unconnected(error)
    if isinstance(error, aiohttp.ClientPayloadError):
        return TransientError, "the reply was cut off"
    if _is_over_long(error):
        return DriftError, "a response header is over 64 KiB, which is not read"
    if isinstance(error, aiohttp.ClientResponseError):
        return TransientError, "the connection broke (the reply is not HTTP)"
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return TransientError, "the connection broke (the server closed it without an answer)"
    reason = error.strerror if isinstance(error, OSError) else None
    return TransientError, f"the connection broke ({reason})" if reason else "the connection broke"


def _is_over_long(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, LineTooLong):
        cause = cause.__cause__
    return cause is not None


def _proxy_refusal(
    error: aiohttp.ClientHttpProxyError, proxy: str | None
) -> tuple[type[ProviderError], str]:
    kind = UnreachableError if error.status >= 500 else ProviderError
    advice = "; its user name and password belong in HTTPS_PROXY" if error.status == 407 else ""
    named = f"the proxy {proxy}" if proxy else "the proxy"
    return kind, f"{named} refused the connection with status {error.status}{advice}"


def _unconnected(
    error: aiohttp.ClientConnectorError | aiohttp.ClientConnectorCertificateError,
) -> tuple[type[ProviderError], str]:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return ProviderError, f"its certificate is not trusted: {_untrusted(error)}"
    cause = error.os_error
    if isinstance(cause, ssl.SSLError) and not isinstance(cause, _BROKEN_TLS):
        reason = (cause.reason or "no reason given").replace("_", " ").lower()
        return ProviderError, f"cannot connect (no TLS: {reason}); is the address right?"
    reason = _reason(cause)
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        return UnreachableError, f"cannot connect to the proxy {error.host} ({reason})"
    return UnreachableError, f"cannot connect ({reason})"


def _reason(error: OSError) -> str:
    """Return what the system calls an error; asyncio's own words name a socket's address."""
    if error.errno is not None and error.errno > 0:
        return os.strerror(error.errno)
    return error.strerror or "no reason given"


def _untrusted(error: aiohttp.ClientConnectorCertificateError) -> str:
    reason = getattr(error.certificate_error, "verify_message", None) or "it cannot be verified"
    return f"{reason.rstrip('.')}. {_authority_advice()}"


def _authority_advice() -> str:
    named = os.environ.get("SSL_CERT_FILE")
    if not named:
        return (
            "Where a company's own authority signs what passes its network, the environment "
            "variable SSL_CERT_FILE names that authority's file"
        )
    if not os.access(named, os.R_OK):
        return f"SSL_CERT_FILE names {named}, which cannot be read"
    return (
        f"SSL_CERT_FILE names {named}; where a company's own authority signs what passes its "
        "network, that authority belongs in it"
    )


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
    if 300 <= response.status < 400:
        advice = scrub(_redirect_advice(response))
    message = scrub(problem.message or response.reason or "no reason given")
    request_id = problem.request_id or response.headers.get("X-Request-Id")
    return (problem.kind or kind)(
        f"{response.status} {_joined(message[:_MAX_MESSAGE], advice)}",
        **where,
        status=response.status,
        code=scrub(problem.code) if problem.code else None,
        request_id=scrub(request_id) if request_id else None,
        retry_at=retry_at(
            response.headers, status=response.status, in_body=problem.retry_after, now=now
        ),
    )


def _joined(message: str, advice: str) -> str:
    """Return the provider's sentence with ours behind it, by one sign."""
    return f"{message.rstrip('. ')}{advice}" if advice else message


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
    return RequestError, ""


def _redirect_advice(response: aiohttp.ClientResponse) -> str:
    """Return what to do about a redirect, and where it points, without its query."""
    try:
        target = response.url.join(URL(response.headers["Location"]))
        points = f" (it points to {target.origin()}{target.raw_path})"
    except (KeyError, ValueError):  # no target, or none that can be asked
        points = ""
    shown = points if len(points) <= _MAX_MESSAGE else ""
    return f"; redirects are not followed{shown}: is the base URL right?"
