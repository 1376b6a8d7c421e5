"""The session all accounts share, and how many requests may be under way on it at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp.hdrs import AUTHORIZATION
from attrs import Factory, field, frozen
from multidict import CIMultiDict
from yarl import URL

from billfold.http.authorities import tls_context
from billfold.http.places import Places
from billfold.http.quota import Quota
from billfold.http.retry import RetryPolicy
from billfold.http.time_limit import TimeLimit
from billfold.http.turns import Turns
from billfold.wire.structure import most_marks

MAX_BODY = 32 * 1024 * 1024
# How much is sent, and how much decoded, before the loop comes round to other work: in bytes, as
# decoding takes the longer, the more there are, and for each message some more. That is a few
# milliseconds. However many replies arrive together, they do not hold the loop for the sum of their
# decoding.
_WORK_PER_TURN = 40 * 1024
A_MESSAGE = 1024
_LARGE_BODIES = 4
REQUEST_TIMEOUT = 60.0  # seconds that one request may take, its body included
_CONNECT_TIMEOUT = 10.0
_MAX_HEADER = 64 * 1024
# How every request is sent, whatever the session's own ways.
_REQUEST: dict[str, Any] = {
    "allow_redirects": False,
    "auto_decompress": False,
    "raise_for_status": False,
    "max_line_size": _MAX_HEADER,
    "max_field_size": _MAX_HEADER,
}
Middleware = aiohttp.ClientMiddlewareType


def utc_now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)


def _has_credentials(session: aiohttp.ClientSession) -> bool:
    # Asked for by name: a session may be anything that sends requests.
    given = getattr(session, "auth", None) or AUTHORIZATION in getattr(session, "headers", ())
    return bool(given) or getattr(session, "trust_env", False)


@lru_cache(maxsize=256)  # most accounts have the same
def _options(total: float | None, connect: float) -> Mapping[str, Any]:
    # Without sock_read, whose timer, set anew for each piece that arrives, costs a tenth of a
    # request; what bounds the whole bounds stalls, too.
    timeout = aiohttp.ClientTimeout(total=total, sock_connect=connect)
    # A dict, as each request is given its items: of a read-only view that takes twice as long.
    return {**_REQUEST, "timeout": timeout}


def _middlewares(session: aiohttp.ClientSession) -> tuple[Middleware, ...]:
    return tuple(getattr(session, "_middlewares", ()))


def sign_last(headers: Mapping[str, str]) -> tuple[Mapping[str, str], Middleware]:
    """Return a request's headers without ``Authorization``, and the middleware that puts it there.

    Where the session has credentials of its own, aiohttp adds none beside them.
    """
    others = CIMultiDict(headers)
    ours = others.popall(AUTHORIZATION, [])

    async def sign(
        request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        request.headers.popall(AUTHORIZATION, None)
        request.headers.extend((AUTHORIZATION, value) for value in ours)
        return await handler(request)

    return others, sign


@frozen(eq=False, repr=False)
class Transport:
    """A session, owned or borrowed, and the bounds of all requests on it."""

    session: aiohttp.ClientSession
    owned: bool
    places: Places
    policy: RetryPolicy = field(factory=RetryPolicy)
    clock: Callable[[], datetime] = utc_now
    max_body: int = MAX_BODY
    request_timeout: float = REQUEST_TIMEOUT
    most_marks: int = field(
        init=False, default=Factory(lambda self: most_marks(self.max_body), takes_self=True)
    )
    # Whether the session has credentials of its own, or what a netrc file names.
    signs_last: bool = False
    # The session's own middlewares, which those of a request replace.
    watching: tuple[Middleware, ...] = field(
        init=False,
        default=Factory(lambda self: _middlewares(self.session), takes_self=True),
    )
    # Places of bodies beyond a MiB, so that all under way have bounded room.
    large: Places = field(init=False, factory=lambda: Places(_LARGE_BODIES))
    _quotas: dict[URL, Quota] = field(init=False, factory=dict)
    _time_limits: dict[float, TimeLimit] = field(init=False, factory=dict)
    # Apart, so that who had a turn for a reply need not wait again to send what it leads to.
    sending: Turns = field(init=False, factory=lambda: Turns(_WORK_PER_TURN))
    decoding: Turns = field(init=False, factory=lambda: Turns(_WORK_PER_TURN))

    @classmethod
    def over(
        cls, session: aiohttp.ClientSession | None, *, concurrency: int, **options: Any
    ) -> Self:
        """Return a transport over the caller's session, or over one of its own without cookies.

        The caller's is never closed here.
        """
        if session is not None:
            places = Places(concurrency)
            return cls(session, False, places, signs_last=_has_credentials(session), **options)
        connector = aiohttp.TCPConnector(limit=concurrency, ssl=tls_context() or True)
        own = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        return cls(own, True, Places(concurrency), **options)

    def time_limit(self, seconds: float | None) -> TimeLimit:
        """Return what ends requests that may take so many seconds."""
        limit = TimeLimit(seconds or self.request_timeout)
        return self._time_limits.setdefault(limit.seconds, limit)

    @staticmethod
    def request_options(seconds: float) -> Mapping[str, Any]:
        """Return how a request is sent whose time a :class:`TimeLimit` ends."""
        return _options(None, min(seconds, _CONNECT_TIMEOUT))

    @staticmethod
    def document_options(seconds: float) -> Mapping[str, Any]:
        """Return how one is sent that may take so many seconds until its last byte is read."""
        return _options(seconds, min(seconds, _CONNECT_TIMEOUT))

    def quota(self, origin: URL) -> Quota:
        """Return how many requests to an origin may be repeated."""
        return self._quotas.setdefault(origin, Quota())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for limit in self._time_limits.values():
            limit.stop()
        if self.owned:
            await self.session.close()
