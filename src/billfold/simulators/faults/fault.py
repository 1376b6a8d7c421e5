"""What a fault is, and what an application keeps for the faults in it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web
from attrs import define

from billfold.http.auth import Auth
from billfold.simulators.faults.habits import Habits

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
# Answers a request instead of the provider, whose own answer is the handler's.
Effect = Callable[[web.Request, Handler], Awaitable[web.StreamResponse]]
Refuse = Callable[[int], web.Response]

AUTH = web.AppKey[Auth]("AUTH", object)  # type: ignore[arg-type]
HABITS = web.AppKey("HABITS", Habits)
REFUSE = web.AppKey[Refuse]("REFUSE", object)  # type: ignore[arg-type]
RUNNER = web.AppKey("RUNNER", web.AppRunner)


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

    def hits(self, request: web.Request) -> bool:
        """Return whether this request is hit, and count it."""
        if self.times == 0 or not (self.at in request.path or self.at == route(request)):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True


def route(request: web.Request) -> str | None:
    """Return the template of a request's route, like ``/invoices/{id}``; None if there is none."""
    resource = request.match_info.route.resource
    return None if resource is None else resource.canonical
