"""What statuses and broken connections mean, in our errors' words."""

from __future__ import annotations

import aiohttp

from billfold.errors import (
    CredentialsError,
    ForbiddenError,
    NotFoundError,
    ProviderError,
    RateLimitedError,
    RequestError,
    TransientError,
)

NETWORK = (aiohttp.ClientError, TimeoutError, OSError)


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


def meaning(status: int) -> tuple[type[ProviderError], str]:
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
