"""What faults and laws have to know about a provider that its replies do not show."""

from __future__ import annotations

import re
from collections.abc import Callable

from aiohttp import web
from attrs import frozen

_MONEY_WORDS = (
    *("amount", "cents", "cost", "costs", "fee", "gross", "net", "price", "spend", "tax"),
    "total",
)
_LOWER = "|".join(_MONEY_WORDS)
_CAPITAL = "|".join(word.capitalize() for word in _MONEY_WORDS)
# A key of which one word says money; words end at "_", at "-" and before a capital letter.
_AMOUNTS = re.compile(rf"(.*[_-])?({_LOWER})([_A-Z-].*)?|.*[a-z0-9]({_CAPITAL})([_A-Z-].*)?")


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
    """What the faults and laws need to know about a provider.

    The law ``habits`` fails where it does not fit the replies.

    ``throttle(seconds)`` returns a 429 whose body says how long to wait; None: the bodies never say
    that.

    ``pages`` are the lists that come in pages. Only they are hit by the faults of paging: a list
    with pages that is not named here is not tried.

    ``enums`` are the keys, at any depth, whose texts are an open set of values. The fault
    ``new-values`` puts values there that nobody knows. The default are common names; frozenset()
    says that the provider has none.

    ``amounts`` matches whole keys, at any depth, whose numbers are money. The laws multiply and
    change these numbers and compare the sums. The default matches keys of which one word is amount,
    cents, cost, costs, fee, gross, net, price, spend, tax or total, like ``amount``,
    ``total_cents``, ``net-price`` and ``unitPrice``. It has to match all the money that is added
    up, and no quantity.

    ``queries`` are the templates of routes that are asked by POST and change nothing. POST to any
    other route, while billfold reads, breaks the law that reading changes nothing.
    """

    throttle: Callable[[int], web.Response] | None = None
    pages: tuple[PagedRoute, ...] = ()
    enums: frozenset[str] = frozenset({"status", "state", "kind", "source", "category", "reason"})
    amounts: re.Pattern[str] = _AMOUNTS
    queries: frozenset[str] = frozenset()

    def paging(self, route: str | None) -> PagedRoute | None:
        """Return how the list at a route is paged, None for one that is not."""
        return next((paged for paged in self.pages if paged.route == route), None)

    def is_amount(self, key: str) -> bool:
        """Return whether a number under this key is money."""
        return self.amounts.fullmatch(key) is not None
