"""A fake of Acme: what it answers at its addresses, page by page, and how it refuses."""

from __future__ import annotations

from datetime import datetime

from aiohttp import web
from attrs import frozen

from billfold.period import Period
from billfold.simulators import Habits, PagedRoute, Sample, Simulation, plain_json
from billfold_acme.simulator_data import BALANCE, CURRENCY, Data

SAMPLES = (
    Sample("shop", "acme-simulated-00000000000000000001"),
    Sample("lab", "acme-simulated-00000000000000000002"),
)
_PAGE = "50"


def refuse(code: int) -> web.Response:
    """Return the provider's error body."""
    error = {"code": f"E{code}", "message": "This does not work.", "wait": None}
    return plain_json(error, status=code)


def throttle(seconds: int) -> web.Response:
    """Return a 429 with the wait where Acme puts it: in the body."""
    error = {"code": "E429", "message": "Slow down.", "wait": seconds}
    return plain_json(error, status=429)


HABITS = Habits(
    throttle=throttle,
    pages=(
        PagedRoute("/v1/lines", "items", "after", "limit", cursor="next"),
        PagedRoute("/v1/movements", "movements", "page", "per_page"),
    ),
    enums=frozenset({"product", "status"}),
)


@frozen
class Routes:
    """What Acme answers at each address."""

    data: Data

    async def balance(self, request: web.Request) -> web.Response:
        """Answer ``GET /v1/balance``."""
        return plain_json({"amount": BALANCE, "currency": CURRENCY})

    async def bill(self, request: web.Request) -> web.Response:
        """Answer ``GET /v1/bill``."""
        return plain_json({"total": self.data.cost(_window(request)), "currency": CURRENCY})

    async def lines(self, request: web.Request) -> web.Response:
        """Answer ``GET /v1/lines``: the rows after the one that ``after`` names."""
        rows = self.data.lines(_window(request))
        after, limit = request.query.get("after"), int(request.query.get("limit", _PAGE))
        start = [row["id"] for row in rows].index(after) + 1 if after else 0
        page, more = rows[start : start + limit], len(rows) > start + limit
        return plain_json({"items": page, "next": page[-1]["id"] if more else None})

    async def days(self, request: web.Request) -> web.Response:
        """Answer ``GET /v1/days``."""
        return plain_json({"days": self.data.days(_window(request)), "currency": CURRENCY})

    async def movements(self, request: web.Request) -> web.Response:
        """Answer ``GET /v1/movements``: a numbered page."""
        rows = self.data.movements()
        number = int(request.query.get("page", "1"))
        size = int(request.query.get("per_page", _PAGE))
        page = rows[(number - 1) * size : number * size]
        return plain_json({"movements": page, "pages": -(-len(rows) // size)})

    async def invoices(self, request: web.Request) -> web.Response:
        """Answer ``GET /v1/invoices``: without lines."""
        rows = [{**invoice, "lines": []} for invoice in self.data.invoices()]
        return plain_json({"invoices": rows})

    async def invoice(self, request: web.Request) -> web.Response:
        """Answer ``GET /v1/invoices/{id}``: by id or number, with lines."""
        for row in self.data.invoices():
            if request.match_info["id"] in (row["id"], row["number"]):
                return plain_json(row)
        raise web.HTTPNotFound


def simulate(now: datetime) -> Simulation:
    """Return the fake as it is at a time."""
    routes = Routes(Data(now))
    return Simulation(
        "acme",
        SAMPLES,
        [
            web.get("/v1/balance", routes.balance),
            web.get("/v1/bill", routes.bill),
            web.get("/v1/lines", routes.lines),
            web.get("/v1/days", routes.days),
            web.get("/v1/movements", routes.movements),
            web.get("/v1/invoices", routes.invoices),
            web.get("/v1/invoices/{id}", routes.invoice),
        ],
        refuse,
        HABITS,
    )


def _window(request: web.Request) -> Period:
    try:
        return Period(*(datetime.fromisoformat(request.query[name]) for name in ("from", "to")))
    except (KeyError, ValueError):
        raise web.HTTPUnprocessableEntity from None
