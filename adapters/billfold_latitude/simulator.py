"""A fake of Latitude.sh: two teams, one paying in dollars, one in reais, with a cycle per project.

Everything is a function of the date, so that two runs on one day give the same numbers. Pages are
clamped to two rows without a word, credit repeats for every project of a team, and one project's
lines do not add up to its price (CONTRACT.md, sections 1.6 and 2.4).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from aiohttp import web

from billfold.simulators import Habits, PagedRoute, Sample, Simulation, token_of
from billfold_latitude.simulator_data import TEAMS, SimulatedProject, SimulatedTeam
from billfold_latitude.simulator_errors import json_reply, refuse, throttling
from billfold_latitude.simulator_lines import Row

_CLAMP = 2

SAMPLES = (
    Sample("metal", "latitude-simulated-0000000000000001"),
    Sample("metal-br", "latitude-simulated-0000000000000002"),
)


def _habits() -> Habits:
    open_sets = ("resource", "type", "unit", "usage_type", "billing_type", "billing_method")
    return Habits(
        throttle=throttling(),
        pages=(PagedRoute("/projects", "data", "page[number]", "page[size]"),),
        enums=frozenset((*open_sets, "environment", "status")),
        amounts=re.compile(
            r"(unit_)?(amount|price)|amount_without_discount|available_credit_balance|threshold"
        ),
    )


def _team_row(team: SimulatedTeam) -> Row:
    return {
        "id": team.id,
        "type": "teams",
        "attributes": {
            "name": team.name,
            "slug": team.slug,
            "description": None,
            "address": None,
            "currency": team.currency,
            "status": "verified",
            "enforce_mfa": True,
            "users": [],
            "projects": [{"id": project.id, "name": project.name} for project in team.projects],
            "owner": {},
            "billing": {},
            "feature_flags": [],
            "limits": {"bare_metal": 12, "virtual_machine": None},
        },
    }


def _project_row(team: SimulatedTeam, project: SimulatedProject) -> Row:
    billing = {"subscription_id": project.subscription, "type": "Monthly", "method": "Normal"}
    currency = {"id": f"cur_{team.slug}", "code": team.code, "name": "as the project states it"}
    return {
        "id": project.id,
        "type": "projects",
        "attributes": {
            "name": project.name,
            "slug": project.slug,
            "description": "" if project.idle else None,
            "tags": [],
            "billing_type": None if project.idle else "Monthly",
            "billing_method": None if project.idle else "Normal",
            "cost": None,
            "environment": None if project.idle else "Production",
            "provisioning_type": "on_demand",
            "billing": {} if project.idle else billing,
            "team": {
                "id": team.id,
                "name": team.name,
                "slug": team.slug,
                "address": None,
                "currency": currency,
            },
            "stats": {} if project.idle else {"servers": 3},
            "created_at": "2026-03-05T16:03:20+00:00",
            "updated_at": "2026-07-28T05:47:02+00:00",
        },
    }


def _billing(
    team: SimulatedTeam, project: SimulatedProject, now: datetime, query: Mapping[str, list[str]]
) -> Row:
    """Return the cycle; filters leave the other lines, and what is on no line, out of the price."""
    cycle, lines = project.billed(now)
    plans, items = query.get("filter[plan]"), query.get("filter[products][]")
    matching = [
        line
        for line in lines
        if (not plans or line["name"] in plans) and (not items or line["id"] in items)
    ]
    prices: list[Decimal] = [line["price" if "price" in line else "amount"] for line in matching]
    price = sum(prices, Decimal(0) if plans or items else project.unlisted)
    return {
        "id": "" if project.idle else project.subscription,
        "type": "billing_usage",
        "attributes": {
            "project": {"id": project.id, "slug": project.slug, "name": project.name},
            "period": {"start": cycle.start.isoformat(), "end": cycle.end.isoformat()},
            "available_credit_balance": team.credit,
            "amount": price,
            "price": price,
            "threshold": project.threshold,
            "products": matching,
        },
    }


def _page_parameter(request: web.Request, name: str, default: int) -> int:
    try:
        number = int(request.query.get(f"page[{name}]", str(default)))
    except ValueError:
        raise web.HTTPBadRequest from None
    if number < 1:
        raise web.HTTPBadRequest
    return number


def _filtered(request: web.Request, rows: list[Row]) -> Iterator[Row]:
    filters = {
        key[7:-1]: value for key, value in request.query.items() if key.startswith("filter[")
    }
    return (
        row
        for row in rows
        if all(row["attributes"].get(key) == value for key, value in filters.items())
    )


def simulate(now: datetime) -> Simulation:
    """Return the fake as it is at a time."""
    teams = {sample.token: team for sample, team in zip(SAMPLES, TEAMS, strict=True)}

    def team_of(request: web.Request) -> SimulatedTeam:
        return teams[token_of(request)]

    def project_of(request: web.Request, name: str) -> SimulatedProject:
        for project in team_of(request).projects:
            if name in (project.id, project.slug):
                return project
        raise web.HTTPNotFound

    async def team(request: web.Request) -> web.Response:
        return json_reply({"data": [_team_row(team_of(request))], "meta": {}})

    async def projects(request: web.Request) -> web.Response:
        if "sort" in request.query:
            raise web.HTTPBadRequest
        owner = team_of(request)
        every_row = [_project_row(owner, project) for project in owner.projects]
        rows = list(_filtered(request, every_row))
        size = min(_page_parameter(request, "size", 20), _CLAMP)
        number = _page_parameter(request, "number", 1)
        counted = request.query.get("stats[total]") == "count"
        meta: dict[str, Any] = {"stats": {"total": {"count": len(rows)}}} if counted else {}
        return json_reply({"data": rows[(number - 1) * size : number * size], "meta": meta})

    async def project(request: web.Request) -> web.Response:
        requested = project_of(request, request.match_info["id_or_slug"])
        return json_reply({"data": _project_row(team_of(request), requested), "meta": {}})

    async def usage(request: web.Request) -> web.Response:
        name = request.query.get("filter[project]")
        if not name:
            raise web.HTTPUnprocessableEntity
        query = {key: request.query.getall(key) for key in request.query}
        row = _billing(team_of(request), project_of(request, name), now, query)
        return json_reply({"data": row, "meta": {}})

    routes = [
        web.get("/team", team),
        web.get("/projects", projects),
        web.get("/projects/{id_or_slug}", project),
        web.get("/billing/usage", usage),
    ]
    return Simulation("latitude", SAMPLES, routes, refuse, _habits())
