"""What a fault is, and what it may know of the provider it strikes."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from aiohttp import web
from attrs import define, frozen

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Reply = Callable[[web.Request, Handler], Awaitable[web.StreamResponse]]
Refuse = Callable[[int], web.Response]


@define
class Fault:
    """One thing that goes wrong: ``reply`` answers instead of the provider.

    ``at`` is a part of the path or a route's whole template, ``skip`` lets that many matching requests through first,
    ``times`` is how often it happens (None: always).
    """

    reply: Reply
    at: str = "/"
    skip: int = 0
    times: int | None = None

    def strikes(self, request: web.Request) -> bool:
        """Tell whether this request is hit, and count it."""
        if self.times == 0 or not (self.at in request.path or self.at == route(request)):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True


def route(request: web.Request) -> str | None:
    """Return the template of the route that a request takes, like ``/invoices/{id}``; None for a path nobody serves."""
    resource = request.match_info.route.resource
    return None if resource is None else resource.canonical


@frozen
class Pages:
    """How the list at a route's template is paged.

    ``items`` is the key of its rows, ``parameter`` the query's for a page, ``size`` that for its length. ``cursor`` is the
    reply's key of the next page, None where pages are numbered from one. ``ident`` is a row's key.
    """

    route: str
    items: str
    parameter: str
    size: str
    cursor: str | None = None
    ident: str = "id"


@frozen
class Habits:
    """What the faults need to know about a provider.

    ``throttle`` answers 429 with the seconds to wait in the provider's own body. ``enums`` are the keys of its open value
    sets; ``amounts`` matches the keys of its money, in a whole key.
    """

    throttle: Callable[[int], web.Response] | None = None
    pages: tuple[Pages, ...] = ()
    enums: frozenset[str] = frozenset({"status", "state", "kind", "source", "category", "reason"})
    amounts: re.Pattern[str] = re.compile(
        r"(.*_)?(amount|cents|cost|costs|price|spend|total|fee|net|tax|gross)(_.*)?"
    )

    def paging(self, route: str | None) -> Pages | None:
        """Find how the list at a route is paged, None for what is no such list."""
        return next((pages for pages in self.pages if pages.route == route), None)


HABITS = web.AppKey("HABITS", Habits)
REFUSE = web.AppKey[Refuse]("REFUSE", object)  # type: ignore[arg-type]
RUNNER = web.AppKey("RUNNER", web.AppRunner)
