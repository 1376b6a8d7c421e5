"""A provider that answers for more time than it was asked for, whatever the names are."""

import aiohttp
import pytest
from aiohttp import web

from billfold.simulators import Habits, Sample, Simulation, plain_json, serving
from billfold.simulators.faults import named
from billfold.simulators.faults.windows import is_moment

HEADERS = {"Authorization": "Bearer toy-token-0123456789"}


def toy_of(route: web.RouteDef) -> Simulation:
    sample = Sample("toy", "toy-token-0123456789")
    toy = Simulation("toy", (sample,), [route], lambda code: web.Response(status=code), Habits())
    toy.faults.append(named("wider-window"))
    return toy


async def asked_for(query: str) -> dict[str, str]:
    """Return the query as it reaches a provider with the fault."""

    async def echo(request: web.Request) -> web.Response:
        return plain_json(dict(request.query))

    toy = toy_of(web.get("/bill", echo))
    async with (
        serving(toy) as url,
        aiohttp.ClientSession(headers=HEADERS) as session,
        session.get(f"{url}/bill?{query}") as response,
    ):
        answer: dict[str, str] = await response.json()
        return answer


@pytest.mark.parametrize(
    ("query", "reached"),
    [
        (
            "from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z&limit=100",
            {"from": "2026-08-22T00:00:00Z", "to": "2026-12-11T00:00:00Z", "limit": "100"},
        ),
        (
            "until=2026-11-01&since=2026-10-01",
            {"since": "2026-08-22", "until": "2026-12-11"},
        ),
        (
            "a=2026-10-01T00:00:00%2B02:00&b=2026-11-01T00:00:00%2B01:00",
            {"a": "2026-08-22T00:00:00+02:00", "b": "2026-12-11T00:00:00+01:00"},
        ),
        (
            "from=1790812800&to=1793491200000&id=9999999999",  # October in UTC, seconds and millis
            {"from": "1787356800", "to": "1796947200000", "id": "9999999999"},
        ),
        ("limit=20261001&page=20261101", {"limit": "20261001", "page": "20261101"}),
        ("from=2026-10-01T00:00:00Z", {"from": "2026-10-01T00:00:00Z"}),
    ],
)
async def test_two_times_of_a_query_are_moved_apart(query: str, reached: dict[str, str]) -> None:
    assert await asked_for(query) == reached


@pytest.mark.parametrize(
    ("asked", "reached"),
    [
        (
            {"start": 1790812800, "end": 1793491200, "limit": 50},
            {"start": 1787356800, "end": 1796947200, "limit": 50},
        ),
        (
            {"since": "2026-10-01", "until": "2026-11-01"},
            {"since": "2026-08-22", "until": "2026-12-11"},
        ),
        ([1790812800, 1793491200], [1790812800, 1793491200]),
    ],
)
async def test_two_times_of_a_posted_query_are_moved_apart(asked: object, reached: object) -> None:
    async def echo(request: web.Request) -> web.Response:
        return plain_json(await request.json())

    toy = toy_of(web.post("/bill", echo))
    async with (
        serving(toy) as url,
        aiohttp.ClientSession(headers=HEADERS) as session,
        session.post(f"{url}/bill", json=asked) as response,
    ):
        assert await response.json() == reached


def test_days_and_times_are_moments_and_numbers_are_none() -> None:
    assert all(map(is_moment, ("2026-10-01", "2026-10-01T00:00:00Z", "2026-10-01T02:00+02:00")))
    assert not any(map(is_moment, ("20261001", "12.50", "", "october", 20261001, None)))
