"""A fake of Acme: what it answers at its addresses, page by page, and how it refuses."""

from __future__ import annotations

from datetime import datetime

from aiohttp import web

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


def simulate(now: datetime) -> Simulation:
    """Return the fake as it is at a time."""
    data = Data(now)

    async def balance(request: web.Request) -> web.Response:
        return plain_json({"amount": BALANCE, "currency": CURRENCY})

    async def bill(request: web.Request) -> web.Response:
        return plain_json({"total": data.cost(_window(request)), "currency": CURRENCY})

    async def lines(request: web.Request) -> web.Response:
        rows = data.lines(_window(request))
        after, limit = request.query.get("after"), int(request.query.get("limit", _PAGE))
        rows = rows[[row["id"] for row in rows].index(after) + 1 if after else 0 :]
        page = rows[:limit]
        return plain_json({"items": page, "next": page[-1]["id"] if len(rows) > limit else None})

    async def days(request: web.Request) -> web.Response:
        return plain_json({"days": data.days(_window(request)), "currency": CURRENCY})

    async def movements(request: web.Request) -> web.Response:
        rows = data.movements()
        number = int(request.query.get("page", "1"))
        size = int(request.query.get("per_page", _PAGE))
        page = rows[(number - 1) * size : number * size]
        return plain_json({"movements": page, "pages": -(-len(rows) // size)})

    async def invoices(request: web.Request) -> web.Response:
        rows = [{**invoice, "lines": []} for invoice in data.invoices()]
        return plain_json({"invoices": rows})

    async def invoice(request: web.Request) -> web.Response:
        for row in data.invoices():
            if request.match_info["id"] in (row["id"], row["number"]):
                return plain_json(row)
        raise web.HTTPNotFound

    return Simulation(
        "acme",
        SAMPLES,
        [
            web.get("/v1/balance", balance),
            web.get("/v1/bill", bill),
            web.get("/v1/lines", lines),
            web.get("/v1/days", days),
            web.get("/v1/movements", movements),
            web.get("/v1/invoices", invoices),
            web.get("/v1/invoices/{id}", invoice),
        ],
        refuse,
        HABITS,
    )


def _window(request: web.Request) -> Period:
    try:
        return Period(*(datetime.fromisoformat(request.query[name]) for name in ("from", "to")))
    except (KeyError, ValueError):
        raise web.HTTPUnprocessableEntity from None
