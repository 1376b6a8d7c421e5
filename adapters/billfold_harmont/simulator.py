"""A simulator of Harmont: two organizations, hundreds of leases, and a ledger that adds up."""

import base64
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from aiohttp import web
from attrs import frozen

from billfold.period import Period
from billfold.simulators import Habits, Handler, PagedRoute, Sample, Simulation, plain_json
from billfold_harmont.simulator_data import Row, SimulatedOrganization, organizations, simulated_id

SAMPLES = (
    Sample("ci", "hm_simulated0000000000000000000000000000000001", {"org": "tidewater-labs"}),
    Sample("ci-legacy", "hm_simulated0000000000000000000000000000000002", {"org": "quarry-9"}),
)
_LIST, _LEDGER = "/api/v0/organizations", "/api/v0/billing/transactions/{org}"
_PIPELINES = "/api/v0/organizations/{org}/pipelines"
HABITS = Habits(
    pages=(
        PagedRoute(_LEDGER, "data", "cursor", "limit", cursor="next_cursor"),
        PagedRoute(_LIST, "data", "cursor", "limit", cursor="next_cursor", row_id="slug"),
        PagedRoute(_PIPELINES, "data", "cursor", "limit", cursor="next_cursor", row_id="slug"),
    )
)
# Type, code and message by status (CONTRACT.md, section 1.5).
_ERRORS = {
    401: ("unauthorized", "unauthorized", "The bearer token was not accepted."),
    404: ("not_found", "organization_not_found", "You have no organization with this slug."),
    422: ("validation_failed", "billing_usage_window_invalid", "The window cannot be read."),
    429: ("rate_limited", "rate_limited", "Too many requests, slow down."),
    500: ("server_error", "internal", "Something failed on our side."),
}


def refuse(code: int) -> web.Response:
    """Return one of the provider's error bodies; most of the framework's have no envelope."""
    if code not in _ERRORS:
        detail = "Not Found" if code < 500 else "Internal Server Error"
        return plain_json({"errors": {"detail": detail}}, status=code)
    kind, name, message = _ERRORS[code]
    request_id = f"F9q-{code}-simulated"
    error = {"type": kind, "code": name, "message": message, "request_id": request_id}
    return plain_json({"error": error}, status=code, headers={"x-request-id": request_id})


def _page(request: web.Request, rows: Sequence[Row]) -> web.Response:
    """Return a page; limits are clamped, and an unreadable cursor is ignored (section 1.6)."""
    try:
        limit = min(max(int(request.query.get("limit", "50")), 1), 100)
    except ValueError:
        limit = 50
    try:
        start = int(base64.urlsafe_b64decode(request.query.get("cursor", "") + "=="))
    except ValueError:
        start = 0
    end = start + limit
    cursor = base64.urlsafe_b64encode(str(end).encode()).decode().rstrip("=")
    next_cursor = cursor if end < len(rows) else None
    return plain_json({"data": rows[start:end], "next_cursor": next_cursor})


def _window(request: web.Request) -> Period:
    """Return the requested window; an offset and seconds are mandatory (section 3.3)."""
    bounds = [request.query.get(name, "") for name in ("from", "to")]
    if any(len(bound) < len("2026-01-01T00:00:00Z") for bound in bounds):
        raise web.HTTPUnprocessableEntity
    try:
        return Period(*map(datetime.fromisoformat, bounds))
    except ValueError:
        raise web.HTTPUnprocessableEntity from None


@frozen
class _Api:
    """What the requests are answered with."""

    orgs: Mapping[str, SimulatedOrganization]

    def _org(self, request: web.Request) -> SimulatedOrganization:
        try:
            return self.orgs[request.match_info["org"]]
        except KeyError:
            raise web.HTTPNotFound from None

    async def user(self, request: web.Request) -> web.Response:
        person = {"email": "ines@example.com", "name": "Ines Okafor", "personal_org_slug": None}
        return plain_json({"uuid": simulated_id("user"), **person})

    async def organizations(self, request: web.Request) -> web.Response:
        more = {"url": None, "created_at": "2026-03-29T09:48:01.000000Z"}
        names = ((slug, slug.replace("-", " ").title()) for slug in self.orgs)
        return _page(request, [{"slug": slug, "name": name, **more} for slug, name in names])

    async def pipelines(self, request: web.Request) -> web.Response:
        return _page(request, self._org(request).pipelines())

    async def balance(self, request: web.Request) -> web.Response:
        cents = sum(entry["amount_cents"] for entry in self._org(request).entries)
        return plain_json({"balance_cents": cents})

    async def transactions(self, request: web.Request) -> web.Response:
        return _page(request, self._org(request).entries)

    def usage(self, reply: Callable[[SimulatedOrganization, Period], Row]) -> Handler:
        async def answer(request: web.Request) -> web.Response:
            return plain_json(reply(self._org(request), _window(request)))

        return answer

    def routes(self) -> list[web.RouteDef]:
        usage_path = "/api/v0/billing/usage/{org}"
        return [
            web.get("/api/v0/user", self.user),
            web.get(_LIST, self.organizations),
            web.get(_PIPELINES, self.pipelines),
            web.get("/api/v0/billing/balance/{org}", self.balance),
            web.get(_LEDGER, self.transactions),
            web.get(usage_path, self.usage(SimulatedOrganization.summary)),
            web.get(f"{usage_path}/series", self.usage(SimulatedOrganization.series)),
            web.get(f"{usage_path}/breakdown", self.usage(SimulatedOrganization.breakdown)),
        ]


def simulate(now: datetime) -> Simulation:
    """Return the simulator as it is at a time."""
    return Simulation("harmont", SAMPLES, _Api(organizations(now)).routes(), refuse, HABITS)
