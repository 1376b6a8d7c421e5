"""The fake of b'nerd keeps the contract, and its own numbers agree with each other."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import aiohttp
import pytest

from billfold import (
    Billfold,
    ForbiddenError,
    InvoiceKind,
    Money,
    NotFoundError,
    Period,
    RequestError,
    State,
)
from billfold.period import midnight, utc_text
from billfold.simulators import serving
from billfold.simulators.faults import Fault, status
from billfold_bnerd.simulator import SAMPLES, simulate
from billfold_bnerd.simulator_data import CLOUD, Records
from support.contract import operations, violations

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MONTH = "from=2026-10-01T00:00:00Z&to=2026-10-31T23:59:59Z"
ORG = SAMPLES[0].settings["org"]
AT = f"/organizations/{ORG}"


async def read(session: aiohttp.ClientSession, url: str) -> Any:
    async with session.get(url) as response:
        return await response.json()


async def requests(
    session: aiohttp.ClientSession, url: str
) -> dict[tuple[str, str], tuple[str, int, Any]]:
    """Return how to reach every operation: template -> address, status, payload."""
    subscription, invoice, legal, method = [
        (await read(session, url + path))[1]["id"]
        for path in ("/subscriptions", "/invoices", f"{AT}/invoices", f"{AT}/payment_methods")
    ]
    org, payment_method = "/organizations/{id}", {"payment_method_id": "pm_5HqYt0XcBv8Lr2"}
    return {
        ("GET", "/billing/usage"): (f"/billing/usage?organization_id={ORG}&{MONTH}", 200, None),
        ("GET", "/subscriptions"): (f"/subscriptions?organization_id={ORG}", 200, None),
        ("GET", "/subscriptions/{id}"): (f"/subscriptions/{subscription}", 200, None),
        ("GET", "/invoices"): (f"/invoices?organization_id={ORG}", 200, None),
        ("GET", "/invoices/{id}"): (f"/invoices/{invoice}", 200, None),
        ("GET", f"{org}/invoices"): (f"{AT}/invoices", 200, None),
        ("GET", f"{org}/invoices/{{invoice_id}}"): (f"{AT}/invoices/{legal}", 200, None),
        ("GET", f"{org}/invoices/download"): (
            f"{AT}/invoices/download?invoice_id={legal}",
            200,
            None,
        ),
        ("GET", f"{org}/payment_methods"): (f"{AT}/payment_methods", 200, None),
        ("POST", f"{org}/payment_methods/create_and_attach"): (
            f"{AT}/payment_methods/create_and_attach",
            201,
            payment_method,
        ),
        ("POST", f"{org}/payment_methods/payment_intent"): (
            f"{AT}/payment_methods/payment_intent",
            200,
            None,
        ),
        ("PUT", f"{org}/payment_methods/{{payment_method_id}}/set_default"): (
            f"{AT}/payment_methods/{method}/set_default",
            200,
            None,
        ),
        ("DELETE", f"{org}/payment_methods/{{payment_method_id}}"): (
            f"{AT}/payment_methods/{method}",
            204,
            None,
        ),
    }


OPERATIONS = sorted(operations("bnerd"))


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize("code", [None, 401, 403, 429, 500, 502, 503])
async def test_every_reply_of_every_operation_is_as_the_slice_says(
    method: str, path: str, code: int | None
) -> None:
    simulation = simulate(NOW)
    token = {"Authorization": f"Bearer {SAMPLES[0].token}"}
    async with serving(simulation) as url, aiohttp.ClientSession(headers=token) as session:
        address, fine, payload = (await requests(session, url))[method, path]
        if code is not None:
            simulation.faults.append(Fault(status(code)))
        async with session.request(method, url + address, json=payload) as response:
            assert response.status == (code or fine)
            body = await response.read()
            assert (
                violations("bnerd", method, path, response.status, response.content_type, body)
                == []
            )


@pytest.mark.parametrize(
    ("address", "code"),
    [
        (f"/billing/usage?{MONTH}", 422),
        (f"/billing/usage?organization_id={ORG}", 422),
        (f"/billing/usage?organization_id={ORG}&from=2026-10-01&to=2026-10-31", 422),
        (
            f"/billing/usage?organization_id={ORG}&from=2026-13-01T00:00:00Z&to=2026-10-31T00:00:00Z",
            422,
        ),
        (
            f"/billing/usage?organization_id={ORG}&from=2026-10-02T00:00:00Z&to=2026-10-01T00:00:00Z",
            422,
        ),
        (f"{AT}/invoices/download", 422),
        ("/subscriptions/00000000-0000-4000-8000-000000000000", 404),
        (f"{AT}/invoices/download?invoice_id=1", 404),
        ("/organizations/2d0c9b44-7a1f-4e5b-9c38-61f2a07be5d3/invoices", 403),
        ("/subscriptions?organization_id=2d0c9b44-7a1f-4e5b-9c38-61f2a07be5d3", 403),
    ],
)
async def test_what_the_real_server_refuses_is_refused(address: str, code: int) -> None:
    template = re.sub(r"^/organizations/[^/]+", "/organizations/{id}", address.partition("?")[0])
    template = re.sub(r"^/subscriptions/.+", "/subscriptions/{id}", template)
    token = {"Authorization": f"Bearer {SAMPLES[0].token}"}
    async with (
        serving(simulate(NOW)) as url,
        aiohttp.ClientSession(headers=token) as session,
        session.get(url + address) as response,
    ):
        assert response.status == code
        assert (
            violations("bnerd", "GET", template, code, response.content_type, await response.read())
            == []
        )


@pytest.mark.parametrize(
    "now",
    [NOW, NOW.replace(day=1, hour=0), NOW.replace(month=3, day=31), NOW.replace(month=1, day=3)],
)
async def test_two_runs_on_one_day_are_the_same(now: datetime) -> None:
    bodies = []
    for moment in (now, now.replace(hour=23, minute=59)):
        token = {"Authorization": f"Bearer {SAMPLES[0].token}"}
        async with (
            serving(simulate(moment)) as url,
            aiohttp.ClientSession(headers=token) as session,
        ):
            window = Period.month_of(now)
            bounds = f"from={utc_text(window.start)}&to={utc_text(window.end)}"
            query = f"organization_id={ORG}&{bounds}"
            paths = (
                f"/billing/usage?{query}",
                "/subscriptions",
                "/invoices",
                f"{AT}/invoices",
                f"{AT}/payment_methods",
            )
            bodies.append([await read(session, url + path) for path in paths])
    assert bodies[0] == bodies[1]
    assert all(bodies[0][1:])


def months(back: int) -> list[Period]:
    """Return that many closed months, the newest first."""
    closed = [Period.month_of(NOW).previous_month()]
    while len(closed) < back:
        closed.append(closed[-1].previous_month())
    return closed


@pytest.mark.parametrize(
    "later", [datetime(2027, 3, 1, tzinfo=UTC), datetime(2028, 4, 16, tzinfo=UTC)]
)
def test_a_month_that_is_over_stays_whenever_it_is_asked_for(later: datetime) -> None:
    then, now = Records(midnight(NOW.date())), Records(later)
    for month in months(5):
        assert now.usage(CLOUD, month) == then.usage(CLOUD, month)
    for stated in (Records.metering_invoices, Records.legal_documents):
        assert stated(now, CLOUD)[-len(stated(then, CLOUD)) :] == stated(then, CLOUD)
    # 3 units at 3.8125 cents: 744 hours of use, of which the invoice has 726.
    used = [row["total"]["cents"] for row in now.usage(CLOUD, months(1)[0])]
    (invoice,) = [row for row in now.metering_invoices(CLOUD) if row["period"] == "2026-10"]
    billed = [item["total"]["cents"] for item in invoice["items"]]
    assert (used[0], billed[0]) == ("8509.5", "8303.625")


async def test_usage_and_metering_invoices_agree_except_for_late_hours_last_month(
    simulated,
) -> None:
    fold, _ = await simulated("bnerd")
    last, *earlier = months(5)
    gaps = {}
    for month in (last, *earlier):
        usage = await fold.usage(month, accounts="cloud", strict=True)
        metering = await fold.invoices(month, InvoiceKind.METERING, accounts="cloud", strict=True)
        assert metering.totals()["metering"].keys() == usage.totals().keys()
        ((currency, used),) = usage.totals().items()
        gaps[str(month)] = str(used - metering.totals()["metering"][currency])
        assert all(check.holds for bill in metering for check in bill.checks)
    # 18 hours x 3 units x 3.8125 cents
    assert gaps.pop("2026-10") == "2.05875 EUR"
    assert {Decimal(gap.split()[0]) for gap in gaps.values()} == {Decimal(0)}
    assert [gap.split()[1] for gap in gaps.values()] == ["EUR", "EUR", "EUR", "JPY"]


def test_two_hours_of_a_month_are_stated_a_day_after_it() -> None:
    """5,200 GB for 742 hours at 0.0031 cents are 119.61 EUR; those of 744 hours 119.93."""
    first, second = (Records(datetime(2026, 11, day, tzinfo=UTC)) for day in (1, 2))
    early, later = (
        [row for row in each.usage(CLOUD, months(1)[0]) if row["project_name"] == "data-lake"]
        for each in (first, second)
    )
    assert [(row["total"]["cents"], row["to"]) for row in (*early, *later)] == [
        ("11961.04", "2026-10-31T22:00:00Z"),
        ("11993.28", "2026-11-01T00:00:00Z"),
    ]


async def test_a_months_legal_documents_add_up_to_its_metering_invoice(simulated) -> None:
    fold, _ = await simulated("bnerd")
    for month in months(4)[1:]:
        (metering,) = await fold.invoices(month, "metering", accounts="cloud", strict=True)
        legal = await fold.invoices(month, "legal", accounts="cloud", strict=True)
        bills = [bill for bill in legal if bill.counts and bill.net is not None]
        net = sum((bill.net.amount for bill in bills if bill.net is not None), Decimal(0))
        assert metering.total is not None
        assert abs(net - metering.total.amount) < Decimal("0.01")
    kinds = [bill.type for bill in await fold.invoices(None, "legal", accounts="cloud")]
    assert kinds.count("STORNO") == 1


async def test_legal_documents_are_as_the_invoicing_services_own_client_has_them() -> None:
    token = {"Authorization": f"Bearer {SAMPLES[0].token}"}
    async with serving(simulate(NOW)) as url, aiohttp.ClientSession(headers=token) as session:
        documents = await read(session, f"{url}{AT}/invoices")
    counting = ("INVOICE", "CREDIT", "STORNO", "STORNO_CREDIT")
    others = [document for document in documents if document["type"] not in counting]
    assert {document["type"] for document in others} == {
        *("OFFER", "ORDER", "DELIVERY", "CHARGE_CONFIRM", "PROFORMA_INVOICE"),
        *("REMINDER", "DUNNING", "LETTER"),
    }
    (draft,) = [row for row in documents if row["is_draft"]]
    documents = [row for row in documents if row not in (*others, draft)]
    assert {document["status"] for document in documents} == {None}
    (cancelled,) = [document for document in documents if document["cancel_id"] is not None]
    (cancellation,) = [document for document in documents if document["type"] == "STORNO"]
    assert (cancelled["type"], cancelled["cancel_id"]) == ("INVOICE", cancellation["id"])
    assert cancellation["ref_id"] == cancelled["id"]
    assert cancelled["amount"] == -cancellation["amount"]
    stated = {document["type"]: set() for document in documents}
    for document in documents:
        stated[document["type"]].add(document.get("service_date", {}).get("type"))
    assert stated == {"INVOICE": {"DEFAULT", "SERVICE"}, "STORNO": {None}}


async def test_documents_that_ask_for_no_money_change_no_total(simulated) -> None:
    fold, _ = await simulated("bnerd")
    answer = await fold.invoices(None, "legal", accounts="cloud")
    assert answer.complete
    others = [bill for bill in answer if not bill.counts]
    assert len(others) == 9
    assert {str(bill.total) for bill in others} == {"117.81 EUR"}  # 99.00 and 19 % of it
    counted = sum(
        (bill.total.amount for bill in answer if bill.counts and bill.total is not None), Decimal(0)
    )
    assert answer.totals()["legal"]["EUR"].amount == counted


async def test_a_stated_service_date_is_the_month_that_a_document_bills(simulated) -> None:
    fold, _ = await simulated("bnerd")
    for month in months(4):
        legal = await fold.invoices(month, "legal", accounts="cloud", strict=True)
        assert legal
        assert {invoice.period for invoice in legal} <= {None, month}
    periods = {invoice.period for invoice in await fold.invoices(None, "legal", accounts="cloud")}
    assert periods == {None, months(1)[-1], months(3)[-1]}


async def test_any_split_of_a_window_adds_up_to_the_whole(simulated) -> None:
    fold, _ = await simulated("bnerd")
    whole = Period(datetime(2026, 9, 3, 7, 30, 1, tzinfo=UTC), datetime(2026, 11, 9, 1, tzinfo=UTC))
    cut = datetime(2026, 10, 14, 22, 15, 30, tzinfo=UTC)
    parts = [await fold.usage(part) for part in (Period(whole.start, cut), Period(cut, whole.end))]
    added = parts[0].totals()["EUR"] + parts[1].totals()["EUR"]
    assert (await fold.usage(whole)).totals() == {"EUR": added}
    assert added > Money.zero("EUR")


async def test_ids_of_charges_are_unique_and_the_same_whatever_the_window(simulated) -> None:
    fold, _ = await simulated("bnerd")
    wide, narrow = Period.parse("2026-08-05..2026-11-15"), Period.parse("2026-10-10..2026-10-20")
    ids = [
        charge.id for usage in await fold.usage(wide, accounts="cloud") for charge in usage.charges
    ]
    assert len(set(ids)) == len(ids)
    assert {
        charge.id
        for usage in await fold.usage(narrow, accounts="cloud")
        for charge in usage.charges
    } <= set(ids)


async def test_writes_change_the_payment_methods(simulated) -> None:
    fold, _ = await simulated("bnerd")
    writes = fold.account("cloud").payment_methods
    attached = await writes.attach("pm_5HqYt0XcBv8Lr2")
    assert attached is not None
    await writes.set_default(attached.id)
    listed = list(await fold.payment_methods(accounts="cloud"))
    assert [method.id for method in listed if method.default] == [attached.id]
    await writes.remove(listed[0].id)
    assert [method.id for method in await fold.payment_methods(accounts="cloud")] == [
        method.id for method in listed[1:]
    ]
    assert len(await fold.payment_methods(accounts="cloud-dev")) == 1
    with pytest.raises(NotFoundError):
        await writes.remove(listed[0].id)
    with pytest.raises(RequestError, match="must be a payment method of the provider"):
        await writes.attach("card number")
    assert (await writes.setup_intent()).reveal().startswith("seti_")


async def test_every_legal_invoice_has_a_whole_pdf_that_names_it(simulated) -> None:
    fold, _ = await simulated("bnerd")
    for account in ("cloud", "cloud-dev"):
        for bill in await fold.invoices(None, "legal", accounts=account):
            document = b"".join([chunk async for chunk in fold.document(account, bill.id)])
            assert bill.number is not None
            assert bill.number.encode() in document
            start = int(re.findall(rb"startxref\n(\d+)\n%%EOF\n$", document)[0])
            assert document[start:].startswith(b"xref\n0 6\n")
            offsets = [
                int(offset) for offset in re.findall(rb"(\d{10}) 00000 n \n", document[start:])
            ]
            assert [document[offset:].split(b" ", 1)[0] for offset in offsets] == [
                b"1",
                b"2",
                b"3",
                b"4",
                b"5",
            ]
            length, stream = re.findall(
                rb"/Length (\d+) >>\nstream\n(.*)\nendstream", document, re.DOTALL
            )[0]
            assert len(stream) == int(length)


async def test_everything_is_complete_but_the_lines_that_state_no_cost(simulated) -> None:
    fold, _ = await simulated("bnerd")
    for answer in (
        await fold.check(),
        await fold.usage(),
        await fold.subscriptions(),
        await fold.invoices(),
    ):
        assert answer.complete
        assert {row.state for row in answer.coverage} == {State.COMPLETE}
    unpriced = [line for bill in await fold.invoices() for line in bill.lines if line.cost is None]
    assert {line.product_name for line in unpriced} == {"Compute Tokyo"}


async def test_a_token_of_another_organization_is_forbidden(simulated) -> None:
    fold, simulation = await simulated("bnerd")
    swapped = Billfold(
        [
            type(fold.accounts[0])(
                "cloud", fold.accounts[1].adapter, fold.accounts[0].token, fold.accounts[0].base_url
            )
        ]
    )
    async with swapped:
        answer = await swapped.check()
    assert isinstance(answer.failures[0], ForbiddenError)
    assert simulation.seen
