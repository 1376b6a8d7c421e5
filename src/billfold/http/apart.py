"""Connections that one credential has for itself, and that hold nothing unread."""

from __future__ import annotations

import select
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache
from http import HTTPStatus
from itertools import count
from time import monotonic
from typing import Any

import aiohttp
from attrs import Factory, define, field
from multidict import CIMultiDict

_numbers = count(1)
# Credentials whose connections are kept for their next request: of a thousand, each with a
# connection that waits, a process has not enough files.
_MOST_WAITING = 64
_MARGIN = 1.0  # seconds before a connection was kept too long
_poll = getattr(select, "poll", None)
_PHRASES = {status.value: status.phrase for status in HTTPStatus}


@define(eq=False, repr=False)
class Apart:
    """Keeps a credential's requests on connections of their own.

    A reply that nobody asked for, on a connection that waits to be used again, would be taken for
    the answer to the next request. So that it is never another credential's, connections are not
    shared; and one on which something arrived meanwhile, even unseen by the loop, is closed.
    """

    _number: str = field(init=False, factory=lambda: str(next(_numbers)))
    _headers: CIMultiDict[str] = field(
        init=False,
        default=Factory(lambda self: CIMultiDict(credential=self._number), takes_self=True),
    )
    # What aiohttp pools by where there is no proxy: the same for every request, as one credential
    # has one origin; None before the first.
    _key: Any = field(init=False, default=None)

    async def send(
        self,
        sent: list[aiohttp.ClientRequest],
        request: aiohttp.ClientRequest,
        handler: aiohttp.ClientHandlerType,
    ) -> aiohttp.ClientResponse:
        """Send one request by a connection of this credential's own: a middleware, given ``sent``.

        It notes the request there and lets nobody send it again. aiohttp itself repeats an
        idempotent one on a dropped connection, unasked: past the limit of requests, the count of
        attempts and, for a write, what is known of it.
        """
        # One for both, as each costs a request two per cent.
        if sent:
            raise aiohttp.ServerDisconnectedError()
        sent.append(request)
        self._choose_connection(request)
        response = await handler(request)
        # What watches a session reports a reply's reason before anybody can mask it.
        response.reason = _PHRASES.get(response.status, "")
        return response

    def _choose_connection(self, request: aiohttp.ClientRequest) -> None:
        # aiohttp pools by what a proxy is sent, and sends it where there is one: then it pools by
        # the proxy's URL, whose fragment is not sent.
        if request.proxy is None:
            request.proxy_headers = self._headers
            key = self._key = self._key or request.connection_key
        else:
            request.proxy = request.proxy.with_fragment(self._number)
            key = request.connection_key
        # aiohttp has no public name for the connections that wait, by what they may be used for.
        connector = request.session.connector
        pool = getattr(connector, "_conns", None) or {}
        kept = getattr(connector, "_keepalive_timeout", 0.0)
        if (waiting := pool.get(key)) is not None:
            _close_spoilt(waiting, kept)
        while len(pool) > _MOST_WAITING:
            for protocol, *_ in pool.pop(next(iter(pool))):
                protocol.close()


def _close_spoilt(waiting: Iterable[tuple[Any, float]], kept: float | None) -> None:
    """Close the connections that hold anything, up to the one that is used; the pool drops them.

    aiohttp uses the one that has waited longest, unless it was ``kept`` too long; None is for ever.
    To look at all that wait, for each request, would take a fifth of its time.
    """
    now = monotonic()
    for protocol, since in waiting:
        if protocol.should_close or _arrived(protocol.transport):
            protocol.close()
        elif protocol.is_connected() and (kept is None or now - since < kept - _MARGIN):
            return


def _arrived(transport: Any) -> Collection[object]:
    """Return something where a socket has bytes, or its end, that were not read yet."""
    socket = None if transport is None else transport.get_extra_info("socket")
    return () if socket is None else _look(socket.fileno())(0)


@lru_cache(maxsize=1024)  # as to make one takes half as long as to look
def _look(descriptor: int) -> Callable[[float], Collection[object]]:
    """Return what looks at a descriptor, whichever socket has it by then."""
    if _poll is None:  # Windows, where any number of a socket can be selected
        return lambda seconds: select.select([descriptor], [], [], seconds)[0]
    poll = _poll()
    poll.register(descriptor, select.POLLIN)
    look: Callable[[float], Collection[object]] = poll.poll
    return look
