"""A fake of Latitude.sh, whose pages are clamped to two rows without a word."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from itertools import count

from aiohttp import web

from billfold.simulators import Habits, PagedRoute, Sample, Simulation, plain_json, token_of
from billfold_latitude.simulator_data import TEAMS, SimulatedProject, SimulatedTeam, slug
from billfold_latitude.simulator_lines import Row

SAMPLES = (
    Sample("metal", "latitude-simulated-0000000000000001"),
    Sample("metal-br", "latitude-simulated-0000000000000002"),
)
_JSON_API = "application/vnd.api+json"
_PAGE = "<!DOCTYPE html><html><head><title>{0}</title></head><body>Error {0}</body></html>"
# No two are alike (CONTRACT.md, section 1.5).
_ERRORS: Mapping[int, Row] = {
    400: {
        "code": "VALIDATION_ERROR", "status": "400", "title": "Bad parameter",
        "detail": "A parameter is not supported here.", "source": {"parameter": "page"},
        "meta": {"attribute": "page", "message": "unsupported"},
    },
    401: {"code": "UNAUTHORIZED", "message": "This key is not valid."},
    403: {
        "code": "USER_AUTHORIZATION_ERROR", "status": "forbidden",
        "detail": "Your role cannot read this.",
    },
    404: {
        "code": "not_found", "status": "404", "title": "Error", "detail": "No record matches.",
        "meta": {},
    },
    422: {
        "code": "UNPROCESSABLE", "detail": "A project is needed.",
        "source": {"pointer": "/filter/project"},
    },
    423: {
        "code": None, "status": "locked", "title": "Locked", "detail": "Try again later.",
        "meta": {},
    },
    429: {
        "code": "RATE_LIMIT_EXCEEDED", "status": "429", "title": "Too many requests",
        "detail": "Slow down.", "meta": {},
    },
}  # fmt: skip


def _json(value: object, code: int = 200, media_type: str = _JSON_API) -> web.Response:
    """Return a reply with the headers that the provider's edge adds."""
    headers = {
        "X-Request-Id": f"5a1c7d90-6b1e-4f0a-9a53-simulated{code}",
        "Cache-Control": "max-age=0, private, must-revalidate",
    }
    return plain_json(value, status=code, media_type=media_type, headers=headers)


def refuse(code: int) -> web.Response:
    """Return the provider's error body for a status."""
    if code in (502, 503, 504):
        return web.Response(text=_PAGE.format(code), status=code, content_type="text/html")
    unexpected = {"code": "INTERNAL_ERROR", "status": str(code), "title": "Error"}
    error = _ERRORS.get(code, {**unexpected, "detail": "Unexpected failure."})
    return _json({"errors": [error]}, code, "application/json" if code == 423 else _JSON_API)


def _throttling() -> Callable[[int], web.Response]:
    """Return what answers 429 with a wait in its body, and in every third one's headers, too."""
    numbers = count(1)

    def throttle(seconds: int) -> web.Response:
        meta = {"retry_after": seconds}
        error = {"code": "RATE_LIMIT_EXCEEDED", "status": "429", "meta": meta}
        response = _json({"errors": [error]}, 429)
        if next(numbers) % 3 == 0:
            response.headers["retry-after-ms"] = str(seconds * 1000)
        return response

    return throttle


def _habits() -> Habits:
    amounts = r"(unit_)?(amount|price)|amount_without_discount|available_credit_balance|threshold"
    open_sets = ("resource", "type", "unit", "usage_type", "billing_type", "billing_method")
    return Habits(
        throttle=_throttling(),
        pages=(PagedRoute("/projects", "data", "page[number]", "page[size]"),),
        enums=frozenset((*open_sets, "environment", "status")),
        amounts=re.compile(amounts),
    )


def _team_row(team: SimulatedTeam) -> Row:
    empty: Row = {"description": None, "address": None, "owner": {}, "billing": {}, "users": []}
    return {
        "id": team.id,
        "type": "teams",
        "attributes": {
            "name": team.name,
            "slug": slug(team.name),
            "currency": team.currency,
            "status": "verified",
            **empty,
            "enforce_mfa": True,
            "feature_flags": [],
            "projects": [{"id": project.id, "name": project.name} for project in team.projects],
            "limits": {"bare_metal": 12, "virtual_machine": None},
        },
    }


def _project_row(team: SimulatedTeam, project: SimulatedProject) -> Row:
    billing = {"subscription_id": project.subscription, "type": "Monthly", "method": "Normal"}
    currency = {"id": f"cur_{slug(team.name)}", "code": team.code, "name": "as stated here"}
    used: Row = {"billing_type": "Monthly", "billing_method": "Normal", "environment": "Production"}
    more: Row = {"description": None, "billing": billing, "stats": {"servers": 3}}
    idle: Row = {"description": "", "billing": {}, "stats": {}}
    owner = {"id": team.id, "name": team.name, "slug": slug(team.name), "address": None}
    return {
        "id": project.id,
        "type": "projects",
        "attributes": {
            "name": project.name,
            "slug": slug(project.name),
            **(dict.fromkeys(used) | idle if project.idle else used | more),
            "tags": [],
            "cost": None,
            "provisioning_type": "on_demand",
            "team": {**owner, "currency": currency},
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
    if plans:
        lines = [line for line in lines if line["name"] in plans]
    if items:
        lines = [line for line in lines if line["id"] in items]
    prices: list[Decimal] = [line["price" if "price" in line else "amount"] for line in lines]
    price = sum(prices, Decimal(0) if plans or items else project.unlisted)
    return {
        "id": "" if project.idle else project.subscription,
        "type": "billing_usage",
        "attributes": {
            "project": {"id": project.id, "slug": slug(project.name), "name": project.name},
            "period": {"start": cycle.start.isoformat(), "end": cycle.end.isoformat()},
            "available_credit_balance": team.credit,
            "amount": price,
            "price": price,
            "threshold": None if project.idle else 25000,
            "products": lines,
        },
    }


def _page_parameter(request: web.Request, name: str, default: str) -> int:
    number = request.query.get(f"page[{name}]", default)
    if not re.fullmatch("[1-9][0-9]*", number):
        raise web.HTTPBadRequest
    return int(number)


def simulate(now: datetime) -> Simulation:
    """Return the fake as it is at a time."""
    teams = {sample.token: team for sample, team in zip(SAMPLES, TEAMS, strict=True)}

    def team_of(request: web.Request) -> SimulatedTeam:
        return teams[token_of(request)]

    def project_of(request: web.Request, name: str) -> SimulatedProject:
        for project in team_of(request).projects:
            if name in (project.id, slug(project.name)):
                return project
        raise web.HTTPNotFound

    async def team(request: web.Request) -> web.Response:
        return _json({"data": [_team_row(team_of(request))], "meta": {}})

    async def projects(request: web.Request) -> web.Response:
        query, owner = request.query, team_of(request)
        if "sort" in query:
            raise web.HTTPBadRequest
        filters = {key[7:-1]: value for key, value in query.items() if key.startswith("filter[")}
        rows = [_project_row(owner, project) for project in owner.projects]
        rows = [row for row in rows if filters.items() <= row["attributes"].items()]
        size = min(_page_parameter(request, "size", "20"), 2)
        number = _page_parameter(request, "number", "1")
        counted = {"stats": {"total": {"count": len(rows)}}}
        meta = counted if query.get("stats[total]") == "count" else {}
        return _json({"data": rows[(number - 1) * size : number * size], "meta": meta})

    async def project(request: web.Request) -> web.Response:
        requested = project_of(request, request.match_info["id_or_slug"])
        return _json({"data": _project_row(team_of(request), requested), "meta": {}})

    async def usage(request: web.Request) -> web.Response:
        name = request.query.get("filter[project]")
        if not name:
            raise web.HTTPUnprocessableEntity
        query = {key: request.query.getall(key) for key in request.query}
        row = _billing(team_of(request), project_of(request, name), now, query)
        return _json({"data": row, "meta": {}})

    routes = [
        web.get("/team", team),
        web.get("/projects", projects),
        web.get("/projects/{id_or_slug}", project),
        web.get("/billing/usage", usage),
    ]
    return Simulation("latitude", SAMPLES, routes, refuse, _habits())
