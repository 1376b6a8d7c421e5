"""A fake of Latitude.sh: two teams, one paying in dollars and one in reais, each project on a cycle of its own.

Everything is a function of the date, so that two runs on one day give the same numbers. Pages are clamped to two rows without
a word, credit repeats for every project of a team, and one project's lines do not add up to its price (contract 1.6, 2.4).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from aiohttp import web

from billfold.simulators.faults import Habits, Pages
from billfold.simulators.simulation import Sample, Simulation, token_of
from billfold_latitude.simulator_data import TEAMS, Project, Row, Team

_CLAMP = 2
# Numbers leave as the exact text of their Decimal.
_JSON = msgspec.json.Encoder(decimal_format="number")
_PAGE = (
    "<!DOCTYPE html><html><head><title>{0}</title></head><body>Error {0} at the edge</body></html>"
)

SAMPLES = (
    Sample("metal", "latitude-simulated-0000000000000001"),
    Sample("metal-br", "latitude-simulated-0000000000000002"),
)


def _answer(
    value: object, code: int = 200, media_type: str = "application/vnd.api+json"
) -> web.Response:
    headers = {
        "X-Request-Id": f"5a1c7d90-6b1e-4f0a-9a53-simulated{code}",
        "Cache-Control": "max-age=0, private, must-revalidate",
    }
    return web.Response(
        body=_JSON.encode(value), status=code, content_type=media_type, headers=headers
    )


def refuse(code: int) -> web.Response:
    """Answer with one of the provider's error shapes, of which no two are alike (contract section 1.5)."""
    if code in (502, 503, 504):
        return web.Response(text=_PAGE.format(code), status=code, content_type="text/html")
    known: Mapping[int, Row] = {
        400: {
            "code": "VALIDATION_ERROR",
            "status": "400",
            "title": "Bad parameter",
            "detail": "A parameter is not supported here.",
            "source": {"parameter": "page"},
            "meta": {"attribute": "page", "message": "unsupported"},
        },
        401: {"code": "UNAUTHORIZED", "message": "This key is not valid."},
        403: {
            "code": "USER_AUTHORIZATION_ERROR",
            "status": "forbidden",
            "detail": "Your role cannot read this.",
        },
        404: {
            "code": "not_found",
            "status": "404",
            "title": "Error",
            "detail": "No record matches.",
            "meta": {},
        },
        422: {
            "code": "UNPROCESSABLE",
            "detail": "A project is needed.",
            "source": {"pointer": "/filter/project"},
        },
        423: {
            "code": None,
            "status": "locked",
            "title": "Locked",
            "detail": "Try again later.",
            "meta": {},
        },
        429: {
            "code": "RATE_LIMIT_EXCEEDED",
            "title": "Too many requests",
            "status": "429",
            "detail": "Slow down.",
            "meta": {},
        },
    }
    error = known.get(code) or {
        "code": "INTERNAL_ERROR",
        "status": str(code),
        "title": "Error",
        "detail": "Unexpected failure.",
    }
    return _answer(
        {"errors": [error]}, code, "application/json" if code == 423 else "application/vnd.api+json"
    )


def _throttle(seconds: int) -> web.Response:
    """Answer 429 with the wait where the provider documents it: in the body."""
    return _answer(
        {
            "errors": [
                {"code": "RATE_LIMIT_EXCEEDED", "status": "429", "meta": {"retry_after": seconds}}
            ]
        },
        429,
    )


HABITS = Habits(
    throttle=_throttle,
    pages=(Pages("/projects", "data", "page[number]", "page[size]"),),
    enums=frozenset(
        {
            "resource",
            "type",
            "unit",
            "usage_type",
            "billing_type",
            "billing_method",
            "environment",
            "status",
        }
    ),
    amounts=re.compile(
        r"(unit_)?(amount|price)|amount_without_discount|available_credit_balance|threshold"
    ),
)


def _team_row(team: Team) -> Row:
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


def _project_row(team: Team, project: Project) -> Row:
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
            "billing": {}
            if project.idle
            else {"subscription_id": project.subscription, "type": "Monthly", "method": "Normal"},
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


def _billing(team: Team, project: Project, now: datetime, chosen: Mapping[str, list[str]]) -> Row:
    """Make the cycle; filters leave the other lines out of the price, and with them what no line shows."""
    cycle, lines = project.billed(now)
    plans, items = chosen.get("filter[plan]"), chosen.get("filter[products][]")
    kept = [
        line
        for line in lines
        if (not plans or line["name"] in plans) and (not items or line["id"] in items)
    ]
    prices: list[Decimal] = [line["price"] if "price" in line else line["amount"] for line in kept]
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
            "products": kept,
        },
    }


def _number(request: web.Request, name: str, default: int) -> int:
    try:
        number = int(request.query.get(f"page[{name}]", str(default)))
    except ValueError:
        raise web.HTTPBadRequest from None
    if number < 1:
        raise web.HTTPBadRequest
    return number


def _matching(request: web.Request, rows: list[Row]) -> Iterator[Row]:
    wanted = {key[7:-1]: value for key, value in request.query.items() if key.startswith("filter[")}
    return (
        row
        for row in rows
        if all(row["attributes"].get(key) == value for key, value in wanted.items())
    )


def simulate(now: datetime) -> Simulation:
    """Make the fake as it is at a time."""
    teams = {sample.token: team for sample, team in zip(SAMPLES, TEAMS, strict=True)}

    def team_of(request: web.Request) -> Team:
        return teams[token_of(request)]

    def project_of(request: web.Request, name: str) -> Project:
        for project in team_of(request).projects:
            if name in (project.id, project.slug):
                return project
        raise web.HTTPNotFound

    async def team(request: web.Request) -> web.Response:
        return _answer({"data": [_team_row(team_of(request))], "meta": {}})

    async def projects(request: web.Request) -> web.Response:
        if "sort" in request.query:
            raise web.HTTPBadRequest
        payer = team_of(request)
        rows = list(
            _matching(request, [_project_row(payer, project) for project in payer.projects])
        )
        size, number = min(_number(request, "size", 20), _CLAMP), _number(request, "number", 1)
        counted = request.query.get("stats[total]") == "count"
        meta: dict[str, Any] = {"stats": {"total": {"count": len(rows)}}} if counted else {}
        return _answer({"data": rows[(number - 1) * size : number * size], "meta": meta})

    async def project(request: web.Request) -> web.Response:
        found = project_of(request, request.match_info["id_or_slug"])
        return _answer({"data": _project_row(team_of(request), found), "meta": {}})

    async def usage(request: web.Request) -> web.Response:
        if not (name := request.query.get("filter[project]")):
            raise web.HTTPUnprocessableEntity
        chosen = {key: request.query.getall(key) for key in request.query}
        return _answer(
            {"data": _billing(team_of(request), project_of(request, name), now, chosen), "meta": {}}
        )

    return Simulation(
        "latitude",
        SAMPLES,
        [
            web.get("/team", team),
            web.get("/projects", projects),
            web.get("/projects/{id_or_slug}", project),
            web.get("/billing/usage", usage),
        ],
        refuse,
        HABITS,
    )
