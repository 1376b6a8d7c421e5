"""A fake of b'nerd: two tokens, each for one organization, whose payment methods can be changed."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from aiohttp import web

from billfold.period import Period, midnight
from billfold.simulators import Habits, Handler, Sample, Simulation, plain_json, token_of
from billfold_bnerd.simulator_data import CLOUD, DEV, Json, Records, uid

SAMPLES = (
    Sample("cloud", "bnerd_tok_simulated0000000000000001", {"org": CLOUD}),
    Sample("cloud-dev", "bnerd_tok_simulated0000000000000002", {"org": DEV}),
)
# The types of documents are none of them: one that nobody knows makes its account partial.
HABITS = Habits(
    enums=frozenset({"brand", "payment_type", "unit"}),
    undocumented=frozenset({"/billing/usage", "/invoices", "/invoices/{id}"}),
)
_ORGS = {sample.token: str(sample.settings["org"]) for sample in SAMPLES}
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
_EDGE = "<html><head><title>Service unavailable</title></head><body>nginx</body></html>"
_ERRORS = {
    403: ("forbidden", "A billing permission is missing."),
    404: ("not_found", "Nothing has this id."),
    422: ("validation_failed", "The request is not usable."),
    429: ("rate_limited", "Too many requests."),
}


def refuse(code: int) -> web.Response:
    """Return the provider's error body for a status (CONTRACT.md, section 1.4)."""
    if code in (502, 503):  # what fails at the edge is HTML
        return web.Response(text=_EDGE, status=code, content_type="text/html")
    if code == 401:  # authentication answers outside of the envelope
        return plain_json({"error": "This token is not valid."}, status=401)
    return _error(code, {})


def _error(code: int, more: Json) -> web.Response:
    name, message = _ERRORS.get(code, ("internal_error", "Unexpected failure."))
    error = {"code": name, "message": message, "status": code, **more}
    return plain_json({"request_id": uid("request", str(code)), "errors": [error]}, status=code)


def _invalid(operation: str, wrong: Mapping[str, Sequence[str]]) -> web.Response:
    source = {"service": "billing", "operation": operation}
    meta = {"validation_errors": wrong}
    return _error(422, {"field": next(iter(wrong)), "source": source, "meta": meta})


def _window(query: Mapping[str, str]) -> Period | dict[str, list[str]]:
    """Return a window whose last second is included, or what is wrong with it."""
    wrong = {
        name: ["is missing"] if name not in query else ["must be a timestamp"]
        for name in ("from", "to")
        if not _TIME.fullmatch(query.get(name, ""))
    }
    if wrong:
        return wrong
    try:
        start, last = map(datetime.fromisoformat, (query["from"], query["to"]))
    except ValueError:
        return {"from": ["must be a timestamp"]}
    if start > last:
        return {"to": ["must lie after from"]}
    return Period(start, last + timedelta(seconds=1))


def _payment_methods(org: str) -> list[Json]:
    card = {"payment_type": "card", "brand": "mastercard", "last4": "0417", "iban": None}
    debit = {"payment_type": "sepa_debit", "brand": None, "last4": None, "exp_month": None}
    stored: list[Json] = [
        {**card, "exp_month": 3, "exp_year": 2030},
        {**debit, "iban": "DE00500105175407326173"},
        {"payment_type": "link", "brand": None},
    ]
    return [
        {"id": uid(org, "method", str(index)), "default": index == 0, **method}
        for index, method in enumerate(stored[:1] if org == DEV else stored)
    ]


def simulate(now: datetime) -> Simulation:
    """Return the fake as it is at a time."""
    records = Records(midnight(now.date()))
    methods = {org: _payment_methods(org) for org in _ORGS.values()}

    def org_of(request: web.Request) -> str:
        org = _ORGS[token_of(request)]
        named = request.match_info.get("org", request.query.get("organization_id", org))
        if named.lower() != org:
            raise web.HTTPForbidden
        return org

    def by_id(rows: list[Json], row_id: str) -> Json:
        for row in rows:
            if str(row["id"]) == row_id:
                return row
        raise web.HTTPNotFound

    async def usage(request: web.Request) -> web.Response:
        if "organization_id" not in request.query:
            return _invalid("usage", {"organization_id": ["is missing"]})
        org, window = org_of(request), _window(request.query)
        if not isinstance(window, Period):
            return _invalid("usage", window)
        return plain_json(records.usage(org, window))

    def without_items(org: str) -> list[Json]:
        invoices = records.metering_invoices(org)
        return [{key: row[key] for key in row if key != "items"} for row in invoices]

    def listed(rows_of: Callable[[str], list[Json]]) -> Handler:
        async def answer(request: web.Request) -> web.Response:
            return plain_json(rows_of(org_of(request)))

        return answer

    def single(rows_of: Callable[[str], list[Json]]) -> Handler:
        async def answer(request: web.Request) -> web.Response:
            return plain_json(by_id(rows_of(org_of(request)), request.match_info["id"]))

        return answer

    async def download(request: web.Request) -> web.Response:
        org, invoice_id = org_of(request), request.query.get("invoice_id")
        if invoice_id is None:
            return _invalid("download", {"invoice_id": ["is missing"]})
        document = by_id(records.legal_documents(org), invoice_id)
        return web.Response(body=_pdf(document), content_type="application/pdf")

    async def attach(request: web.Request) -> web.Response:
        org, sent = org_of(request), await request.json()
        method_id = str(sent.get("payment_method_id"))
        if not re.fullmatch("pm_[A-Za-z0-9]{1,40}", method_id):
            wrong = {"payment_method_id": ["must be a payment method of the provider"]}
            return _invalid("create_and_attach", wrong)
        card = {"id": uid(org, method_id), "payment_type": "card", "default": not methods[org]}
        card |= {"brand": "amex", "last4": "3008", "exp_month": 11, "exp_year": 2028, "iban": None}
        methods[org] = [row for row in methods[org] if row["id"] != card["id"]] + [card]
        return plain_json(card, status=201)

    async def set_default(request: web.Request) -> web.Response:
        org = org_of(request)
        chosen = by_id(methods[org], request.match_info["id"])
        for row in methods[org]:
            row["default"] = row is chosen
        return plain_json(chosen)

    async def remove(request: web.Request) -> web.Response:
        org = org_of(request)
        methods[org].remove(by_id(methods[org], request.match_info["id"]))
        return web.Response(status=204)

    async def payment_intent(request: web.Request) -> web.Response:
        return plain_json({"client_secret": f"seti_{uid(org_of(request))[:8]}_secret_simulated"})

    documents = "/organizations/{org}/invoices"
    payment = "/organizations/{org}/payment_methods"
    routes = [
        web.get("/billing/usage", usage),
        web.get("/subscriptions", listed(records.subscriptions)),
        web.get("/subscriptions/{id}", single(records.subscriptions)),
        web.get("/invoices", listed(without_items)),
        web.get("/invoices/{id}", single(records.metering_invoices)),
        web.get(documents, listed(records.legal_documents)),
        web.get(f"{documents}/download", download),
        web.get(f"{documents}/{{id}}", single(records.legal_documents)),
        web.get(payment, listed(lambda org: methods[org])),
        web.post(f"{payment}/create_and_attach", attach),
        web.post(f"{payment}/payment_intent", payment_intent),
        web.put(f"{payment}/{{id}}/set_default", set_default),
        web.delete(f"{payment}/{{id}}", remove),
    ]
    return Simulation("bnerd", SAMPLES, routes, refuse, HABITS)


def _pdf(document: Json) -> bytes:
    """Return a document of one line as a PDF, small and complete enough for any viewer."""
    amount = f"{Decimal(document['amount']).scaleb(-2)} {document['currency']}"
    text = f"{document['type']} {document['number']}, {document['document_date']}: {amount}"
    content = f"BT /F1 14 Tf 72 760 Td ({text}) Tj ET".encode("latin-1")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    body, table = b"%PDF-1.4\n", b"0000000000 65535 f \n"
    for number, written in enumerate(objects, 1):
        table += b"%010d 00000 n \n" % len(body)
        body += b"%d 0 obj\n%b\nendobj\n" % (number, written)
    end = b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    return body + b"xref\n0 6\n%b%b" % (table, end)
