"""What a fault is, and what it has to know about the simulator that it is in."""

from __future__ import annotations

import re
import socket
from collections.abc import Awaitable, Callable

from aiohttp.web import AppKey, AppRunner, Request, Response, StreamResponse
from attrs import define, frozen

from billfold.http.auth import Auth
from billfold.wire.words import is_money_key

Handler = Callable[[Request], Awaitable[StreamResponse]]
# Answers a request instead of the provider, whose own answer is the handler's.
Effect = Callable[[Request, Handler], Awaitable[StreamResponse]]
Refuse = Callable[[int], Response]


@frozen
class PagedRoute:
    """How the list at a route is paged.

    ``route`` is the route's template, like ``/v1/accounts/{id}/lines``. ``items`` is the reply's
    key of the rows. ``parameter`` is the query's parameter for a page, ``size`` the one for a
    page's length. ``cursor`` is the reply's key of the next page, None where pages are numbered
    from one. ``row_id`` is a row's key of its id.
    """

    route: str
    items: str
    parameter: str
    size: str
    cursor: str | None = None
    row_id: str = "id"


@frozen
class Habits:
    """What faults and laws have to know about a provider that its replies do not show.

    ``throttle(seconds)`` returns a 429 whose body says how long to wait; None: no body says that.

    ``pages`` are the lists that come in pages. Faults of paging leave other lists alone.

    ``enums`` are the keys, at any depth, whose texts are an open set of values; frozenset() says
    that there are none. The default are common names.

    ``amounts`` matches whole keys, at any depth, whose numbers are money: all that is added up, and
    no quantity. None: keys of which one word says money, like ``unitPrice``.

    ``queries`` are the templates of routes that are asked by POST and change nothing.

    ``undocumented`` are the templates of routes whose bodies nobody documented: money in them that
    is not understood makes its account partial.
    """

    throttle: Callable[[int], Response] | None = None
    pages: tuple[PagedRoute, ...] = ()
    enums: frozenset[str] = frozenset({"status", "state", "kind", "source", "category", "reason"})
    amounts: re.Pattern[str] | None = None
    queries: frozenset[str] = frozenset()
    undocumented: frozenset[str] = frozenset()

    def paging(self, route: str | None) -> PagedRoute | None:
        """Return how the list at a route is paged, None for one that is not."""
        return next((paged for paged in self.pages if paged.route == route), None)

    def is_amount(self, key: str) -> bool:
        """Return whether a number under this key is money."""
        if self.amounts is None:
            return is_money_key(key)
        return self.amounts.fullmatch(key) is not None


# What an application keeps for the faults in it.
AUTH = AppKey[Auth]("AUTH", object)  # type: ignore[arg-type]  # a union is no class
HABITS = AppKey("HABITS", Habits)
REFUSE = AppKey[Refuse]("REFUSE", object)  # type: ignore[arg-type]  # nor is a Callable
RUNNER = AppKey("RUNNER", AppRunner)
LISTENER = AppKey("LISTENER", socket.socket)


@define
class Fault:
    """One thing that goes wrong: ``effect`` answers instead of the provider.

    ``at`` is a part of the path or a route's whole template, ``skip`` lets that many matching
    requests through first, ``times`` is how often it happens (None: always).
    """

    effect: Effect
    at: str = "/"
    skip: int = 0
    times: int | None = None

    def hits(self, request: Request) -> bool:
        """Return whether this request is hit, and count it."""
        if self.times == 0 or not (self.at in request.path or self.at == route(request)):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True


def route(request: Request) -> str | None:
    """Return the template of a request's route, like ``/invoices/{id}``; None if there is none."""
    resource = request.match_info.route.resource
    return None if resource is None else resource.canonical


def token_of(request: Request) -> str:
    """Return the token of a request, as the simulation's ``auth`` reads it; empty text for none."""
    return request.app[AUTH].token_of(request.headers)
