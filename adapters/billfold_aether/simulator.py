"""A simulator of Aether: two tokens of one organization each, and one of both."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from aiohttp import web
from attrs import frozen

from billfold.simulators import (
    Habits,
    Handler,
    PagedRoute,
    Sample,
    Simulation,
    plain_json,
    token_of,
)
from billfold_aether.simulator_data import Row, SimulatedOrganization, organizations

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

_LIST = "/api/v1/organizations"
_LONGEST = 100  # rows of a page, whatever is asked for (section 1.1)

SAMPLES = (
    Sample("k8s", "aether_51000000000000000000000000000001"),
    Sample("k8s-sandbox", "aether_51000000000000000000000000000002"),
)
OTHERS = (Sample("k8s-all", "aether_51000000000000000000000000000003"),)
HABITS = Habits(pages=(PagedRoute(_LIST, "items", "cursor", "limit", cursor="next_cursor"),))
# Code and message by status; which codes there are is not documented (CONTRACT.md, section 1.2).
_ERRORS = {
    401: ("unauthorized", "This token is not valid."),
    403: ("forbidden", "This token may not read billing data."),
    404: ("not_found", "No such organization."),
    429: ("rate_limited", "Request quota used up."),
    500: ("internal_error", "Unexpected failure."),
}
_REFUSED = "The request cannot be accepted."


def _invalid(*details: Row) -> web.Response:
    error = {"code": "validation_error", "message": _REFUSED, "details": details}
    return plain_json({"error": error}, status=422)


def _detail(field: str, code: str, message: str) -> Row:
    return {"field": field, "code": code, "message": message}


def refuse(code: int) -> web.Response:
    """Return one of the provider's error bodies, or a proxy's page (section 1.2)."""
    if code == 422:
        return _invalid(_detail("orgID", "invalid_format", "Expected a UUID."))
    if code > 500:
        page = "<!doctype html><html><body><h1>Upstream unavailable</h1></body></html>"
        return web.Response(status=code, text=page, content_type="text/html")
    name, message = _ERRORS.get(code, ("bad_request", _REFUSED))
    return plain_json({"error": {"code": name, "message": message}}, status=code)


@frozen
class _Api:
    """What the requests are answered with: a token's own organizations."""

    orgs: Mapping[str, Sequence[SimulatedOrganization]]

    async def organizations(self, request: web.Request) -> web.Response:
        orgs = {org.id.lower(): org for org in self.orgs[token_of(request)]}
        limit, cursor = request.query.get("limit", "50"), request.query.get("cursor")
        details = []
        if not re.fullmatch("0*[1-9][0-9]*", limit):  # a larger one is capped (section 1.1)
            details.append(_detail("limit", "out_of_range", "Expected 1 to 100."))
        if cursor is not None and cursor.lower() not in orgs:
            message = "This cursor is not of a previous page."
            details.append(_detail("cursor", "invalid_cursor", message))
        if details:
            return _invalid(*details)
        start = [*orgs].index(cursor.lower()) + 1 if cursor else 0
        page = [*orgs.values()][start:][: min(int(limit), _LONGEST)]
        is_last = start + len(page) == len(orgs)
        last_page = [*orgs.values()][-1].last_page
        after = last_page if is_last else {"next_cursor": page[-1].id}
        return plain_json({"items": [org.row for org in page], **after})

    def billing(self, reply: Callable[[SimulatedOrganization], Row]) -> Handler:
        async def answer(request: web.Request) -> web.Response:
            orgs, requested = self.orgs[token_of(request)], request.match_info["org"]
            if not _UUID.fullmatch(requested):
                return refuse(422)
            for org in orgs:
                if requested.lower() == org.id.lower():
                    return plain_json(reply(org))
            return refuse(404)

        return answer

    def routes(self) -> list[web.RouteDef]:
        org, path = SimulatedOrganization, f"{_LIST}/{{org}}/billing"
        return [
            web.get(_LIST, self.organizations),
            web.get(f"{path}/usage", self.billing(org.usage)),
            web.get(f"{path}/daily-spend", self.billing(org.daily_spend)),
            web.get(f"{path}/payment-methods", self.billing(org.payment_methods)),
        ]


def simulate(now: datetime) -> Simulation:
    """Return the simulator as it is at a time."""
    both = organizations(now)
    orgs = {sample.token: (org,) for sample, org in zip(SAMPLES, both, strict=True)}
    everything = dict.fromkeys((other.token for other in OTHERS), both)
    routes = _Api({**orgs, **everything}).routes()
    return Simulation("aether", SAMPLES, routes, refuse, HABITS, others=OTHERS)
