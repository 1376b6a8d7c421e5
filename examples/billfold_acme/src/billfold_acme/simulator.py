"""A fake of Acme: a machine for some hours every eight hours, at a price with many digits; a function of the date."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from aiohttp import web

from billfold.period import Period, midnight, utc_text
from billfold.simulators.faults import Habits, Pages
from billfold.simulators.faults.bodies import Number, write
from billfold.simulators.simulation import Sample, Simulation

SAMPLES = (
    Sample("shop", "acme-simulated-00000000000000000001"),
    Sample("lab", "acme-simulated-00000000000000000002"),
)
_PRICE = Decimal("0.123456789")
_EVERY = timedelta(hours=8)


def _answer(value: object, status: int = 200) -> web.Response:
    return web.Response(text=write(value), status=status, content_type="application/json")


def refuse(code: int) -> web.Response:
    """Answer with the provider's error body."""
    return _answer({"code": f"E{code}", "message": "This does not work.", "wait": None}, code)


def throttle(seconds: int) -> web.Response:
    """Answer 429 with the wait where Acme puts it: in the body."""
    return _answer({"code": "E429", "message": "Slow down.", "wait": Number(seconds)}, 429)


def _cost(at: datetime) -> Decimal:
    return _PRICE * (at.hour // 8 + 1)


def _started(window: Period, now: datetime) -> list[datetime]:
    first, end = midnight(window.start.date()), min(window.end, now)
    begun = midnight((now - timedelta(days=100)).date())
    times = (first + _EVERY * number for number in range((end - first) // _EVERY + 1))
    return [at for at in times if begun <= at < end and at in window]


def _line(at: datetime) -> dict[str, object]:
    hours = at.hour // 8 + 1
    return {
        "id": f"line-{at:%Y%m%d%H}",
        "started_at": utc_text(at),
        "ended_at": utc_text(at + timedelta(hours=hours)),
        "product": "Anvil M",
        "cost": Number(_cost(at)),
        "hours": Number(hours),
        "note": None if at.hour else "the first of its day",
    }


def _window(request: web.Request) -> Period:
    try:
        return Period(*(datetime.fromisoformat(request.query[name]) for name in ("from", "to")))
    except (KeyError, ValueError):
        raise web.HTTPUnprocessableEntity from None


def simulate(now: datetime) -> Simulation:
    """Make the fake as it is at a time."""

    async def balance(request: web.Request) -> web.Response:
        return _answer({"amount": Number("1000.50"), "currency": "EUR"})

    async def bill(request: web.Request) -> web.Response:
        total = sum((_cost(at) for at in _started(_window(request), now)), Decimal(0))
        return _answer({"total": Number(total), "currency": "EUR"})

    async def lines(request: web.Request) -> web.Response:
        rows = [_line(at) for at in _started(_window(request), now)]
        after, limit = request.query.get("after"), int(request.query.get("limit", "50"))
        rows = rows[[row["id"] for row in rows].index(after) + 1 if after else 0 :]
        page = rows[:limit]
        return _answer({"items": page, "next": page[-1]["id"] if len(rows) > limit else None})

    return Simulation(
        "acme",
        SAMPLES,
        [web.get("/v1/balance", balance), web.get("/v1/bill", bill), web.get("/v1/lines", lines)],
        refuse,
        Habits(
            throttle=throttle,
            enums=frozenset({"product"}),
            pages=(Pages("/v1/lines", "items", "after", "limit", cursor="next"),),
        ),
    )
