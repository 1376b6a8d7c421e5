"""What we ask b'nerd, and what happens when it answers otherwise."""

import json
import logging
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from billfold import (
    Account,
    Billfold,
    ConfigError,
    CredentialsError,
    DriftError,
    ForbiddenError,
    InvoiceKind,
    NotFoundError,
    OutcomeUnknownError,
    Period,
    RateLimitedError,
    RequestError,
    Secret,
    State,
    TooLargeError,
    TransientError,
)
from billfold.accounts.config import load
from billfold.simulators.faults import Fault, html, raw, reset, status, truncated
from billfold_bnerd import Amount, Bnerd, UsageReply, UsageRow
from billfold_bnerd.simulator import SAMPLES
from support.mocked import Mocked
from support.replies import reply

BASE = "https://api.bnerd.cloud"
ORG = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"
AT = f"{BASE}/organizations/{ORG}"
MONTH = "from=2026-10-01T00:00:00Z&to=2026-10-31T23:59:59Z"
USAGE = f"{BASE}/billing/usage?organization_id={ORG}&{MONTH}"
INVOICES = f"{BASE}/invoices?organization_id={ORG}"
OTHER = "2d0c9b44-7a1f-4e5b-9c38-61f2a07be5d3"
OCTOBER = Period.month(2026, 10)
LEGAL_ID = "70419362"
METERING_ID = "b8e4106f-7d2c-4935-a0b6-e19f53c8d724"
METHOD_ID = "9d2e60b4-f83a-4c71-8b05-d6e47a1f92c3"
# What is said of every window of invoices that ended less than sixty days before 20 November.
LATE = (
    "not final from 2026-09-21 on: bills, credits, cancellations and payments of a month "
    "come after it"
)
PDF = b"%PDF-1.4\n%%EOF\n"


def bnerd(name: str) -> bytes:
    return reply("bnerd", name)


async def test_usage_is_requested_for_an_organization_in_utc_up_to_the_last_second(
    mocked: Mocked, fold_of
) -> None:
    mocked.get(USAGE, body=bnerd("get_billing_usage_october"))
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.usage(OCTOBER)
    assert answer.complete
    assert str(answer.totals()["EUR"]) == "56.595 EUR"
    assert [(row.covers, row.detail) for row in answer.coverage] == [(OCTOBER, None)]
    assert [sent["Authorization"].count("Bearer ") for sent in mocked.headers()] == [1]


@pytest.mark.parametrize("beside", [{"currency": "USD"}, {"meta": {"currency_code": "usd"}}])
async def test_another_currency_than_the_rows_state_makes_the_account_partial(
    mocked: Mocked, fold_of, beside: dict[str, object]
) -> None:
    usage = {"usage": [{"name": "A", "total": {"cents": 500, "currency_iso": "EUR"}}]}
    mocked.get(USAGE, payload=usage | beside)
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.usage(OCTOBER)
    (row,) = answer.coverage
    assert row.state is State.PARTIAL
    assert (row.detail or "").endswith(" says USD, and the money was read as EUR")


async def test_the_current_period_is_the_utc_month(mocked: Mocked, fold_of) -> None:
    window = "from=2026-11-01T00:00:00Z&to=2026-11-30T23:59:59Z"
    mocked.get(f"{BASE}/billing/usage?organization_id={ORG}&{window}", body=b"[]")
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.usage()
    assert answer.complete
    assert [(usage.requested, str(usage.covers), usage.charges) for usage in answer] == [
        (None, "2026-11", ())
    ]


async def test_a_long_window_is_requested_month_by_month_and_one_failing_leaves_the_others(
    mocked: Mocked, fold_of
) -> None:
    at = f"{BASE}/billing/usage?organization_id={ORG}"
    mocked.get(
        f"{at}&from=2026-09-14T12:00:00Z&to=2026-09-30T23:59:59Z",
        body=bnerd("get_billing_usage_october"),
    )
    mocked.get(USAGE, body=b'[{"surprise": 1}]')
    mocked.get(f"{at}&from=2026-11-01T00:00:00Z&to=2026-11-04T23:59:59Z", body=b"[]")
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.usage(
            Period(datetime(2026, 9, 14, 12, tzinfo=UTC), datetime(2026, 11, 5, tzinfo=UTC))
        )
    assert [str(usage.covers) for usage in answer] == [
        "2026-09-14T12:00:00Z..2026-10-01T00:00:00Z",
        "2026-11-01..2026-11-05",
    ]
    september, _ = (usage.covers for usage in answer)
    assert [(row.state, row.part, row.covers) for row in answer.coverage] == [
        (State.PARTIAL, "2026-10", None),
        (State.PARTIAL, f"{september}", september),  # amounts without a known scale
    ]
    (failure,) = answer.failures
    assert isinstance(failure, DriftError)
    assert "'surprise'" in str(failure)
    assert failure.part == "2026-10"


async def test_a_month_ahead_is_neither_asked_for_nor_stated(mocked: Mocked, fold_of) -> None:
    window = "from=2026-11-01T00:00:00Z&to=2026-11-30T23:59:59Z"
    mocked.get(f"{BASE}/billing/usage?organization_id={ORG}&{window}", body=b"[]")
    async with fold_of("bnerd", org=ORG) as fold:  # on 20 November
        answer = await fold.usage(Period.parse("2026-11..2027-02"))
    assert [str(usage.covers) for usage in answer] == ["2026-11"]
    assert len(mocked.sent()) == 1


async def test_an_offset_is_requested_in_utc(mocked: Mocked, fold_of) -> None:
    mocked.get(USAGE, body=b"{}")
    start, end = (
        datetime.fromisoformat("2026-10-01T02:00:00+02:00"),
        datetime.fromisoformat("2026-11-01T01:00:00+01:00"),
    )
    async with fold_of("bnerd", org=ORG) as fold:
        assert (await fold.usage(Period(start, end))).complete


@pytest.mark.parametrize("bound", ["start", "end"])
async def test_a_fraction_of_a_second_is_refused_before_anything_is_sent(
    mocked: Mocked, fold_of, bound: str
) -> None:
    shift = timedelta(microseconds=1)
    window = Period(
        OCTOBER.start + shift * (bound == "start"), OCTOBER.end - shift * (bound == "end")
    )
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.usage(window)
    assert isinstance(answer.failures[0], RequestError)
    assert "whole seconds" in str(answer.failures[0])
    assert mocked.sent() == []


async def test_costs_that_nobody_states_make_the_answer_partial(mocked: Mocked, fold_of) -> None:
    mocked.get(USAGE, body=b'[{"product_id": "p", "hours": 3, "cost": 12.5}]')
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.usage(OCTOBER)
    assert [(row.state, row.detail) for row in answer.coverage] == [
        (State.PARTIAL, "1 without a stated amount")
    ]


async def test_one_page_of_usage_is_partial_and_says_so(mocked: Mocked, fold_of) -> None:
    mocked.get(
        USAGE,
        payload={
            "data": [{"product_id": "p", "total": {"cents": 5, "currency_iso": "EUR"}}],
            "next": "x",
        },
    )
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.usage(OCTOBER)
    assert [row.state for row in answer.coverage] == [State.PARTIAL]
    assert "one page of several" in (answer.coverage[0].detail or "")


async def test_a_caller_may_bring_a_decoder(mocked: Mocked) -> None:
    def decoder(body: bytes) -> UsageReply:
        return UsageReply((UsageRow(Amount(reason=f"{len(body)} bytes")),))

    mocked.get(USAGE, body=b'"10 bytes"')
    account = Account("acct", Bnerd(ORG, decoder), Secret("token-0123456789"))
    async with Billfold([account]) as fold:
        answer = await fold.usage(OCTOBER)
    (charge,) = next(iter(answer)).charges
    assert (charge.reason, charge.service) == ("10 bytes", "b'nerd Cloud")
    with pytest.raises(TypeError):
        Bnerd(ORG, "decoder")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('org = "acme"', "org is the organization's UUID"),
        ("org = 5", "org: is text, not a whole number"),
        (
            f'org = "{ORG}"\nusage_decoder = "json.loads"',
            "usage_decoder: is a function: it is given in code, not in a file",
        ),
        ("", "bnerd needs org, which it cannot discover"),
    ],
)
def test_settings_that_cannot_be_are_refused_by_name(
    tmp_path: Path, line: str, sentence: str
) -> None:
    file = tmp_path / "billfold.toml"
    file.write_text(f'[[accounts]]\nname = "cloud"\nprovider = "bnerd"\n{line}\n')
    with pytest.raises(ConfigError, match=sentence):
        load(file)


async def test_without_an_organization_nothing_is_sent(simulated) -> None:
    fold, _ = await simulated("bnerd")
    client = fold.account("cloud")._client
    with pytest.raises(ConfigError, match="needs org"):
        await Bnerd().invoice(client, METERING_ID)


async def test_subscriptions_are_the_organizations_own(mocked: Mocked, fold_of) -> None:
    rows = json.loads(bnerd("list_subscriptions_several"))
    rows[1]["organization_id"] = "2d0c9b44-7a1f-4e5b-9c38-61f2a07be5d3"
    mocked.get(f"{BASE}/subscriptions?organization_id={ORG}", payload=rows)
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.subscriptions()
    assert [subscription.id for subscription in answer] == [rows[0]["id"], rows[2]["id"]]
    assert [(row.state, row.detail) for row in answer.coverage] == [
        (State.COMPLETE, "1 of other organizations left out")
    ]


async def test_one_subscription_is_read_by_its_id(mocked: Mocked, fold_of) -> None:
    mocked.get(f"{BASE}/subscriptions/a%2Fb", body=bnerd("get_subscription_organization_level"))
    async with fold_of("bnerd", org=ORG) as fold:
        support = await Bnerd(ORG).subscription(fold.account("acct")._client, "a/b")
    assert (support.id, support.sub_account_id) == ("c40e8d57-31a6-4f2b-9780-e5d6b93fa10c", None)


async def test_both_families_are_listed_and_only_metering_ones_are_read_for_lines(
    mocked: Mocked, fold_of
) -> None:
    mocked.get(INVOICES, body=bnerd("list_invoices_several"))
    mocked.get(f"{BASE}/invoices/{METERING_ID}", body=bnerd("get_invoice_october"))
    mocked.get(f"{AT}/invoices", body=bnerd("list_easy_bill_invoices_several"), repeat=True)
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.invoices(OCTOBER)
        listed = await fold.invoices(Period.month(2026, 9), "legal")
    assert answer.complete
    assert [(bill.kind, str(bill.total), len(bill.lines)) for bill in answer] == [
        (InvoiceKind.METERING, "56.59 EUR", 3),
        (InvoiceKind.LEGAL, "67.34 EUR", 0),
    ]
    assert {kind: str(money["EUR"]) for kind, money in answer.totals().items()} == {
        "metering": "56.59 EUR",
        "legal": "67.34 EUR",
    }
    assert [str(bill.total) for bill in listed] == ["91.87 EUR", "-14.33 EUR"]
    assert len(mocked.sent()) == 4


async def test_one_kind_is_requested_alone(mocked: Mocked, fold_of) -> None:
    mocked.get(f"{AT}/invoices", body=bnerd("list_easy_bill_invoices_several"))
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.invoices(kind="legal")
    assert [bill.id for bill in answer] == [LEGAL_ID, "70388157", "70391544"]
    assert len(mocked.sent()) == 1


async def test_rows_that_hold_their_items_or_no_id_are_not_requested_again(
    mocked: Mocked, fold_of
) -> None:
    rows = [json.loads(bnerd("get_invoice_october")), {"period": "2026-09", "total": None}]
    mocked.get(INVOICES, payload=rows)
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.invoices(kind="metering")
    assert [(bill.id, len(bill.lines)) for bill in answer] == [
        (METERING_ID, 3),
        ("metering:2026-09", 0),
    ]
    assert len(mocked.sent()) == 1


async def test_one_family_failing_leaves_the_other(mocked: Mocked, fold_of) -> None:
    mocked.get(INVOICES, payload=[json.loads(bnerd("get_invoice_october"))])
    mocked.get(
        f"{AT}/invoices", status=429, body=bnerd("error_rate_limited_slow_down"), repeat=True
    )
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.invoices()
    assert [bill.id for bill in answer] == [METERING_ID]
    assert [row.state for row in answer.coverage] == [State.PARTIAL]
    assert [(type(failure), failure.part) for failure in answer.failures] == [
        (RateLimitedError, "legal")
    ]


async def test_lines_that_cannot_be_had_leave_the_lists_word_and_the_failure(
    mocked: Mocked, fold_of
) -> None:
    mocked.get(INVOICES, body=bnerd("list_invoices_several"))
    mocked.get(f"{BASE}/invoices/{METERING_ID}", status=404, body=bnerd("error_not_found_unknown"))
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.invoices(OCTOBER, "metering")
    assert [(str(bill.total), bill.lines) for bill in answer] == [("56.59 EUR", ())]
    assert [(row.state, row.part) for row in answer.coverage] == [(State.PARTIAL, METERING_ID)]
    assert isinstance(answer.failures[0], NotFoundError)
    assert answer.failures[0].part == METERING_ID


@pytest.mark.parametrize(
    ("itself", "message"),
    [
        ({"status": "error", "message": "nope"}, "the reply states an error: nope - at `$`"),
        ({"error": {"code": "gone", "message": "nope"}}, "200 nope"),
        ({}, "the reply does not fit its contract: no invoice, only the keys none - at `$`"),
        ({"status": "open"}, "... no invoice, only the keys 'status' - at `$`"),
        ({"id": None, "total": None, "period": None}, "..., 'total' - at `$`"),
        ([], "the reply does not fit its contract: no invoice, only the keys none - at `$`"),
    ],
)
async def test_what_is_no_invoice_leaves_the_lists_word_and_the_failure(
    mocked: Mocked, fold_of, itself: object, message: str
) -> None:
    row = {"id": METERING_ID, "period": "2026-10", "total": {"cents": 300, "currency_iso": "EUR"}}
    mocked.get(INVOICES, payload=[row])
    mocked.get(f"{BASE}/invoices/{METERING_ID}", payload=itself)
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.invoices(OCTOBER, "metering")
    assert [(str(bill.total), bill.status, bill.lines) for bill in answer] == [
        ("3.00 EUR", None, ())
    ]
    (failure,) = answer.failures
    assert failure.message.endswith(message.removeprefix("..."))
    assert (answer.complete, failure.part) == (False, METERING_ID)


async def test_an_error_beside_an_invoice_makes_it_a_hole(mocked: Mocked, fold_of) -> None:
    bill, detail = await bills(mocked, fold_of, {}, {"errors": [{"message": "no items"}]})
    assert (str(bill.total), detail) == ("1.00 EUR", "the reply states an error: no items - at `$`")


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        (
            {"meta": {"errors": [{"message": "no items"}]}},
            "the reply states an error: no items - at `$`",
        ),
        ({"meta": {"error": "no items"}}, "the reply states an error: no items - at `$`"),
        ({"meta": {"success": False}}, "the reply states an error: it was no success - at `$`"),
        (
            {"meta": {"status": "failed"}},
            "the reply states an error: its status is failed - at `$`",
        ),
        ({"has_errors": True}, "the reply states an error: by its has_errors - at `$`"),
        ({"meta": {"failed_projects": ["p2"]}}, "not all - at `$.meta.failed_projects`"),
        (
            {"positions": [{"error": {"message": "not rated"}}]},
            "the reply states an error: not rated - at `$.positions[0]`",
        ),
    ],
)
async def test_what_is_about_an_invoice_may_make_it_a_hole(
    mocked: Mocked, fold_of, beside: dict[str, object], said: str
) -> None:
    bill, detail = await bills(mocked, fold_of, {}, beside)
    assert (str(bill.total), detail) == ("1.00 EUR", said)


@pytest.mark.parametrize(
    ("status", "itself"),
    [
        (200, {"id": METERING_ID, "total": None, "items": []}),
        (200, {"id": METERING_ID, "period": "autumn", "items": []}),
        (404, {"errors": [{"code": "not_found", "message": "Nothing has this id."}]}),
    ],
)
async def test_an_invoice_whose_period_is_nowhere_to_be_read_is_listed_and_a_hole(
    mocked: Mocked, fold_of, status: int, itself: object
) -> None:
    total = {"cents": 300, "currency_iso": "EUR"}
    mocked.get(INVOICES, payload=[{"id": METERING_ID, "total": total}])
    mocked.get(f"{BASE}/invoices/{METERING_ID}", status=status, payload=itself)
    async with fold_of("bnerd", org=ORG) as fold:
        october = await fold.invoices(OCTOBER, "metering")
    assert ([str(bill.total) for bill in october], october.complete) == (["3.00 EUR"], False)
    details = " ".join(each.detail or "" for each in october.coverage)
    assert "1 without a period that can be read, listed whatever the period" in details


async def test_an_invoice_whose_period_only_itself_states_is_of_that_period(
    mocked: Mocked, fold_of
) -> None:
    total = {"cents": 300, "currency_iso": "EUR"}
    mocked.get(INVOICES, payload=[{"id": METERING_ID, "total": total}], repeat=True)
    mocked.get(
        f"{BASE}/invoices/{METERING_ID}",
        payload={"id": METERING_ID, "period": "2026-09", "total": total, "items": []},
        repeat=True,
    )
    async with fold_of("bnerd", org=ORG) as fold:
        october = await fold.invoices(OCTOBER, "metering")
        september = await fold.invoices(Period.month(2026, 9), "metering")
    assert [str(bill.total) for bill in september] == ["3.00 EUR"]
    assert list(october) == []
    assert (september.complete, october.complete) == (True, True)
    assert f"invoice {METERING_ID} states no period in the list, and 2026-09 itself: left out" in (
        "; ".join(row.detail or "" for row in october.coverage)
    )


async def test_an_invoice_whose_lines_come_in_pages_is_a_hole(mocked: Mocked, fold_of) -> None:
    paged = json.loads(bnerd("get_invoice_october")) | {"has_more": True}
    mocked.get(INVOICES, body=bnerd("list_invoices_several"))
    mocked.get(f"{BASE}/invoices/{METERING_ID}", body=json.dumps(paged).encode())
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.invoices(OCTOBER, "metering")
    assert [(row.state, row.part) for row in answer.coverage] == [(State.PARTIAL, METERING_ID)]
    assert "one page of several" in (answer.coverage[0].detail or "")


async def test_lines_of_another_invoice_are_not_taken_for_this_ones(
    mocked: Mocked, fold_of
) -> None:
    mocked.get(INVOICES, body=bnerd("list_invoices_several"))
    mocked.get(
        re.compile(rf"{BASE}/invoices/[-0-9a-f]{{36}}$"),
        body=bnerd("get_invoice_october"),
        repeat=True,
    )
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.invoices(kind="metering")
    assert [(str(bill.total), len(bill.lines)) for bill in answer] == [
        ("56.59 EUR", 3),
        ("-12.04 EUR", 0),
        ("7346 JPY", 0),
    ]
    assert {row.state for row in answer.coverage} == {State.PARTIAL}
    assert [row.part for row in answer.coverage] == [error.part for error in answer.failures]
    assert {failure.message for failure in answer.failures} == {
        "the reply is another invoice than the one requested - at `$.id`"
    }


async def test_one_invoice_by_id_is_metering_then_legal(mocked: Mocked, fold_of) -> None:
    mocked.get(f"{BASE}/invoices/{METERING_ID}", body=bnerd("get_invoice_october"))
    mocked.get(f"{AT}/invoices/{LEGAL_ID}", body=bnerd("get_easy_bill_invoice_paid"))
    async with fold_of("bnerd", org=ORG) as fold:
        (metering,) = await fold.invoice("acct", METERING_ID)
        (legal,) = await fold.invoice("acct", LEGAL_ID)
        mocked.get(
            f"{BASE}/invoices/{METERING_ID}", status=404, body=bnerd("error_not_found_unknown")
        )
        legal_row = {**json.loads(bnerd("get_easy_bill_invoice_text_id")), "id": METERING_ID}
        mocked.get(f"{AT}/invoices/{METERING_ID}", payload=legal_row)
        (legal_with_a_uuid,) = await fold.invoice("acct", METERING_ID)
    assert (metering.kind, len(metering.lines)) == (InvoiceKind.METERING, 3)
    assert (legal.kind, legal.number) == (InvoiceKind.LEGAL, "RE-26-0418")
    assert (legal_with_a_uuid.kind, str(legal_with_a_uuid.total)) == (
        InvoiceKind.LEGAL,
        "22.81 EUR",
    )


@pytest.mark.parametrize("ident", [17, "m1"])
async def test_a_metering_invoice_may_have_an_id_that_is_no_uuid(
    mocked: Mocked, fold_of, ident: str | int
) -> None:
    mocked.get(f"{AT}/invoices/{ident}", status=404, body=bnerd("error_not_found_unknown"))
    body = {**json.loads(bnerd("get_invoice_october")), "id": ident}
    mocked.get(f"{BASE}/invoices/{ident}", payload=body)
    async with fold_of("bnerd", org=ORG) as fold:
        (invoice,) = await fold.invoice("acct", str(ident))
    assert (invoice.kind, invoice.id, len(invoice.lines)) == (InvoiceKind.METERING, str(ident), 3)
    assert str(invoice.total) == "56.59 EUR"


@pytest.mark.parametrize(
    ("path", "invoice_id", "fields", "at"),
    [
        (
            f"{BASE}/invoices/{METERING_ID}",
            METERING_ID,
            {"organization_id": OTHER},
            "organization's invoice - at `$.organization_id`",
        ),
        (
            f"{AT}/invoices/{LEGAL_ID}",
            LEGAL_ID,
            {"id": 99},
            "another invoice than the one requested - at `$.id`",
        ),
        (
            f"{AT}/invoices/{LEGAL_ID}",
            LEGAL_ID,
            {"organization_id": OTHER},
            "organization's invoice - at `$.organization_id`",
        ),
    ],
)
async def test_an_invoice_that_was_not_requested_is_drift(
    mocked: Mocked, fold_of, path: str, invoice_id: str, fields, at: str
) -> None:
    name = "get_invoice_october" if invoice_id == METERING_ID else "get_easy_bill_invoice_paid"
    mocked.get(path, payload={**json.loads(bnerd(name)), **fields})
    async with fold_of("bnerd", org=ORG) as fold:
        with pytest.raises(DriftError, match=re.escape(at)):
            await fold.invoice("acct", invoice_id)


async def test_legal_invoices_of_another_organization_are_left_out(mocked: Mocked, fold_of) -> None:
    first, *others = json.loads(bnerd("list_easy_bill_invoices_several"))
    mocked.get(f"{AT}/invoices", payload=[{**first, "organization_id": OTHER}, *others])
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.invoices(kind="legal")
    assert [bill.id for bill in answer] == ["70388157", "70391544"]
    alone = "STORNO 70391544 counts and takes 70366918 back, which is not listed"
    assert [row.detail for row in answer.coverage] == [
        f"{alone}: by its own date it is of 2026-09; 1 of other organizations left out"
    ]


async def test_a_list_that_says_another_total_than_the_invoice_fails_a_check(
    mocked: Mocked, fold_of
) -> None:
    detail = json.loads(bnerd("get_invoice_october"))
    detail |= {"total": {"cents": 1, "currency_iso": "EUR"}, "items": []}
    mocked.get(INVOICES, body=bnerd("list_invoices_several"))
    mocked.get(f"{BASE}/invoices/{METERING_ID}", payload=detail)
    async with fold_of("bnerd", org=ORG) as fold:
        (bill,) = await fold.invoices(OCTOBER, "metering")
    check = bill.checks[0]
    assert (check.name, str(check.stated), str(check.computed), check.holds) == (
        "invoice list vs. invoice",
        "56.59 EUR",
        "0.01 EUR",
        False,
    )


async def bills(mocked: Mocked, fold_of, listed: object, itself: object):
    row = {"id": METERING_ID, "period": "2026-10", "total": {"cents": 100, "currency_iso": "EUR"}}
    mocked.get(INVOICES, payload=[row | listed])
    mocked.get(f"{BASE}/invoices/{METERING_ID}", payload=row | {"items": []} | itself)
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.invoices(OCTOBER, "metering")
    (bill,) = answer
    *said, late = (answer.coverage[0].detail or "").split("; ")
    assert late == LATE
    return bill, "; ".join(said) or None


async def test_what_an_invoice_leaves_out_the_list_states(mocked: Mocked, fold_of) -> None:
    line = {"product": "vm", "total": {"cents": 70, "currency_iso": "EUR"}}
    itself = {"period": None, "total": None, "items": [line]}
    bill, detail = await bills(mocked, fold_of, {"status": "draft"}, itself)
    assert (str(bill.period), str(bill.total), bill.reason) == ("2026-10", "1.00 EUR", None)
    assert (bill.status, bill.counts, detail) == ("draft", False, None)
    assert [str(check.gap) for check in bill.checks] == ["0.30 EUR"]


@pytest.mark.parametrize(
    ("listed", "itself", "gap"),
    [
        ({}, {"period": "2026-09"}, "the list says that it bills 2026-10, itself 2026-09"),
        (
            {"status": "draft"},
            {"status": "open"},
            "the list says that it is 'draft', itself 'open'",
        ),
        (
            {"status": "open"},
            {"status": "paid"},
            "the list says that it is 'open', itself 'paid'",
        ),
        ({"paid": True}, {"status": "open"}, "the list says that it is 'paid', itself 'open'"),
        (
            {"status": "void"},
            {"status": "issued"},
            "the list says that it is 'void', itself 'issued'",
        ),
    ],
)
async def test_a_list_that_says_otherwise_than_the_invoice_is_a_gap(
    mocked: Mocked, fold_of, listed: object, itself: object, gap: str
) -> None:
    bill, detail = await bills(mocked, fold_of, listed, itself)
    assert (str(bill.period), bill.counts) == ("2026-10", True)
    assert detail == gap


@pytest.mark.parametrize(
    ("listed", "itself", "status"),
    [
        ({"status": "paid"}, {}, "paid"),
        ({"paid": True}, {}, "paid"),
        ({"paid_at": "2026-11-03T10:00:00Z"}, {}, "paid"),
        ({"status": "PAID"}, {"status": "paid"}, "paid"),
        ({"status": "past-due"}, {"status": "Past due"}, "Past due"),
        ({}, {"status": "paid"}, "paid"),
    ],
)
async def test_a_status_that_one_of_both_states_or_both_alike_is_the_invoices(
    mocked: Mocked, fold_of, listed: object, itself: object, status: str
) -> None:
    bill, detail = await bills(mocked, fold_of, listed, itself)
    assert (bill.status, bill.counts, detail) == (status, True, None)


@pytest.mark.parametrize("word", ["issued", "sent", "finalized", "closed", "final"])
@pytest.mark.parametrize(
    "paid",
    [
        {"paid_at": "2026-11-05T10:00:00Z"},
        {"payment_status": "paid"},
        {"fully_paid": True},
        {"paid_amount": {"cents": 100, "currency_iso": "EUR"}},
    ],
)
async def test_that_one_of_both_alone_says_that_it_was_paid_is_no_contradiction(
    mocked: Mocked, fold_of, word: str, paid: dict[str, object]
) -> None:
    said, more = {"status": word}, {"status": word} | paid
    for listed, itself in ((said, more), (more, said)):
        bill, detail = await bills(mocked, fold_of, listed, itself)
        assert (str(bill.total), bill.status, detail) == ("1.00 EUR", "paid", None)


@pytest.mark.parametrize(
    ("listed", "itself", "status"),
    [
        ({"state": "finalized"}, {"status": "issued", "state": "finalized"}, "issued"),
        ({"status": "issued"}, {"status": "finalized"}, "finalized"),
        ({"status": "issued"}, {"status": "overdue"}, "overdue"),
        ({"status": "open"}, {"status": "issued"}, "open"),
        ({"status": "open"}, {"status": "overdue"}, "overdue"),
    ],
)
async def test_words_that_may_both_be_true_are_no_contradiction(
    mocked: Mocked, fold_of, listed: object, itself: object, status: str
) -> None:
    bill, detail = await bills(mocked, fold_of, listed, itself)
    assert (bill.status, bill.counts, detail) == (status, True, None)


async def test_an_unsure_status_of_the_list_is_shown_beside_an_invoice_of_none(
    mocked: Mocked, fold_of
) -> None:
    bill, detail = await bills(mocked, fold_of, {"status": "refunded"}, {})
    assert (bill.status, bill.counts) == ("refunded", True)
    assert detail == "a status that is not known, and counted - at `$[0].status`"


async def test_what_says_itself_that_it_is_no_bill_does_not_count_by_the_lists_status(
    mocked: Mocked, fold_of
) -> None:
    bill, _ = await bills(mocked, fold_of, {"status": "open"}, {"type": "proforma"})
    assert (bill.status, bill.counts) == ("open", False)


async def test_a_list_in_another_currency_than_the_invoice_keeps_its_word_beside_the_failure(
    mocked: Mocked, fold_of
) -> None:
    detail = {
        **json.loads(bnerd("get_invoice_october")),
        "total": {"cents": 5659, "currency_iso": "USD"},
    }
    mocked.get(INVOICES, body=bnerd("list_invoices_several"))
    mocked.get(f"{BASE}/invoices/{METERING_ID}", payload=detail)
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.invoices(OCTOBER, "metering")
    assert [str(bill.total) for bill in answer] == ["56.59 EUR"]
    assert [failure.message for failure in answer.failures] == [
        "the invoice is in another currency than the list says - at `$.total`"
    ]


async def test_an_invoice_named_after_its_period_is_found_in_the_list(
    mocked: Mocked, fold_of
) -> None:
    mocked.get(
        INVOICES, payload=[json.loads(bnerd("get_invoice_documented_keys_only"))], repeat=True
    )
    mocked.get(f"{AT}/invoices", body=b"[]", repeat=True)
    async with fold_of("bnerd", org=ORG) as fold:
        assert str((await fold.invoice("acct", "metering:2026-09")).items[0].total) == "-12.04 EUR"
        with pytest.raises(NotFoundError, match="'metering:2026-08'"):
            await fold.invoice("acct", "metering:2026-08")


async def test_an_id_never_reaches_another_path(mocked: Mocked, fold_of) -> None:
    mocked.get(
        f"{AT}/invoices/..%2Fpayment_methods", status=404, body=bnerd("error_not_found_unknown")
    )
    for ident in ("..%2Fpayment_methods", "download"):  # no legal one, and no metering one
        mocked.get(f"{BASE}/invoices/{ident}", status=404, body=bnerd("error_not_found_unknown"))
    mocked.get(f"{AT}/invoices/download?invoice_id=a%26b%3D1", body=PDF)
    # What is no id may be a number, for which the lists are searched.
    lists = (INVOICES, f"{AT}/invoices")
    for address in lists:
        mocked.get(address, body=b"[]", repeat=True)
    async with fold_of("bnerd", org=ORG) as fold:
        with pytest.raises(NotFoundError, match="Nothing has this id"):
            await fold.invoice("acct", "../payment_methods")
        with pytest.raises(NotFoundError, match="no invoice can have the id 'download'"):
            await fold.invoice("acct", "download")
        with pytest.raises(RequestError, match="cannot be part of a URL"):
            await fold.invoice("acct", "..")
        assert b"".join([chunk async for chunk in fold.document("acct", "a&b=1")]) == PDF
    assert len([address for _, address in mocked.sent() if address not in lists]) == 4


@pytest.mark.parametrize("body", [b"", b" null"])
@pytest.mark.parametrize("code", [200, 204])
async def test_an_empty_reply_is_said_to_be_empty(
    mocked: Mocked, fold_of, body: bytes, code: int
) -> None:
    for address in (USAGE, f"{BASE}/subscriptions?organization_id={ORG}", f"{AT}/invoices"):
        mocked.get(address, body=body, status=code)
    async with fold_of("bnerd", org=ORG) as fold:
        answers = (
            await fold.usage(OCTOBER),
            await fold.subscriptions(),
            await fold.invoices(OCTOBER, kind=InvoiceKind.LEGAL),
        )
    for answer in answers:
        (failure,) = answer.failures
        assert failure.message == "the reply is empty"
        assert answer.items == ()


@pytest.mark.parametrize(
    "media_type", ["application/pdf", "application/octet-stream", "application/json"]
)
@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"\r\n", b"\xef\xbb\xbf\n" * 256])
async def test_a_document_is_known_by_its_first_bytes(
    mocked: Mocked, fold_of, media_type: str, before: bytes
) -> None:
    # A byte order mark and line breaks before it are no other document, and are kept.
    body = before + PDF
    mocked.get(f"{AT}/invoices/download?invoice_id={LEGAL_ID}", body=body, content_type=media_type)
    async with fold_of("bnerd", org=ORG) as fold:
        assert b"".join([chunk async for chunk in fold.document("acct", LEGAL_ID)]) == body


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "is empty"),
        (b"%PD", "is no PDF"),
        (b'{"errors": []}', "is no PDF"),
        (b'{"errors": [{"code": "gone", "message": "not rendered"}]}', "no PDF: not rendered"),
        (b"<html></html>", "is no PDF"),
        (b"\n" * 1025 + PDF, "is no PDF"),
    ],
)
async def test_what_is_no_document_gives_no_byte(
    mocked: Mocked, fold_of, body: bytes, sentence: str
) -> None:
    mocked.get(
        f"{AT}/invoices/download?invoice_id={LEGAL_ID}", body=body, content_type="application/pdf"
    )
    async with fold_of("bnerd", org=ORG) as fold:
        with pytest.raises(DriftError, match=sentence):
            await anext(fold.document("acct", LEGAL_ID))


async def test_a_document_in_small_pieces_comes_whole(simulated) -> None:
    from aiohttp import web

    async def drip(request: web.Request, _: object) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/pdf"})
        await response.prepare(request)
        for byte in PDF:
            await response.write(bytes([byte]))
        return response

    fold, simulation = await simulated("bnerd")
    simulation.faults.append(Fault(drip, at="/download"))
    assert b"".join([chunk async for chunk in fold.document("cloud", LEGAL_ID)]) == PDF


async def test_a_document_over_the_cap_is_too_large(simulated) -> None:
    from attrs import evolve
    from msgspec.structs import replace

    fold, _ = await simulated("bnerd")
    (newest, *_) = await fold.invoices(kind="legal", accounts="cloud")
    client = fold.account("cloud")._client
    transport = evolve(client.exchange.transport, max_body=100)
    small = replace(client, exchange=evolve(client.exchange, transport=transport))
    with pytest.raises(TooLargeError, match="the most that is read at once"):
        await anext(Bnerd(ORG).document(small, newest.id))


async def test_check_tries_token_and_organization(mocked: Mocked, fold_of) -> None:
    mocked.get(f"{AT}/payment_methods", body=bnerd("list_payment_methods_none"))
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.check()
    assert [credential.subject for credential in answer] == [ORG]


@pytest.mark.parametrize(
    "base", [BASE, f"{BASE}/", "https://api.bnerd.net", "https://proxy.example/bnerd/"]
)
async def test_the_base_url_is_the_callers(mocked: Mocked, fold_of, base: str) -> None:
    mocked.get(
        f"{base.rstrip('/')}/organizations/{ORG}/payment_methods",
        body=bnerd("list_payment_methods_several"),
    )
    async with fold_of("bnerd", base, org=ORG) as fold:
        answer = await fold.payment_methods()
    assert [method.kind for method in answer] == ["card", "sepa_debit", "link"]


@pytest.mark.parametrize(
    ("code", "name", "kind", "sends"),
    [
        (401, "error_unauthorized_outside_envelope", CredentialsError, 1),
        (403, "error_forbidden_missing_permission", ForbiddenError, 1),
        (404, "error_not_found_unknown", NotFoundError, 1),
        (422, "error_validation_failed_two_errors", RequestError, 1),
        (429, "error_rate_limited_slow_down", RateLimitedError, 10),
        (500, "error_server_error_internal", TransientError, 5),
        (400, "error_rate_limited_slow_down", RateLimitedError, 10),
        (200, "error_rate_limited_slow_down", RateLimitedError, 10),
    ],
)
async def test_errors_say_what_to_do_next(
    mocked: Mocked, fold_of, code: int, name: str, kind: type, sends: int
) -> None:
    mocked.get(
        f"{AT}/payment_methods",
        status=code,
        body=bnerd(name),
        content_type="text/html",
        repeat=True,
    )
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.payment_methods()
    (failure,) = answer.failures
    assert type(failure) is kind
    assert failure.request_id == json.loads(bnerd(name)).get("request_id")
    assert len(mocked.sent()) == sends


async def test_a_limit_that_a_good_reply_states_is_waited_for(mocked: Mocked, fold_of) -> None:
    row = {"product": "vm", "total": {"cents": 900, "currency_iso": "EUR"}}
    mocked.get(USAGE, body=bnerd("error_rate_limited_slow_down"))
    mocked.get(USAGE, payload=[row])
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.usage(OCTOBER)
    assert (str(answer.totals()["EUR"]), answer.complete) == ("9.00 EUR", True)
    assert len(mocked.sent()) == 2


async def test_a_limit_that_is_stated_beside_rows_is_a_gap(mocked: Mocked, fold_of) -> None:
    row = {"product": "vm", "total": {"cents": 900, "currency_iso": "EUR"}}
    limit = json.loads(bnerd("error_rate_limited_slow_down"))
    mocked.get(USAGE, payload={**limit, "usage": [row]})
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.usage(OCTOBER)
    assert str(answer.totals(partial=True)["EUR"]) == "9.00 EUR"
    assert [each.state for each in answer.coverage] == [State.PARTIAL]
    assert len(mocked.sent()) == 1


async def test_a_wait_that_does_not_fit_ends_at_once_and_says_until_when(
    mocked: Mocked, fold_of
) -> None:
    mocked.get(
        f"{AT}/payment_methods",
        status=429,
        body=bnerd("error_rate_limited_slow_down"),
        headers={"Retry-After": "86400"},
    )
    async with fold_of("bnerd", org=ORG) as fold:
        answer = await fold.payment_methods()
    assert [failure.retry_at for failure in answer.failures] == [
        datetime(2026, 11, 21, 12, tzinfo=UTC)
    ]


@pytest.mark.parametrize("body", [b"", b"<html>Bad gateway</html>"])
async def test_a_proxys_answer_is_weather(mocked: Mocked, fold_of, body: bytes) -> None:
    mocked.get(f"{AT}/payment_methods", status=502, body=body, content_type="text/html")
    mocked.get(f"{AT}/payment_methods", body=bnerd("list_payment_methods_none"))
    async with fold_of("bnerd", org=ORG) as fold:
        assert (await fold.payment_methods()).complete


async def test_attaching_sends_a_flat_body_once(mocked: Mocked, fold_of) -> None:
    mocked.post(
        f"{AT}/payment_methods/create_and_attach",
        status=201,
        body=bnerd("attach_payment_method_card"),
    )
    mocked.post(f"{AT}/payment_methods/create_and_attach", status=204)
    async with fold_of("bnerd", org=ORG) as fold:
        writes = fold.account("acct").payment_methods
        attached = await writes.attach("pm_5HqYt0XcBv8Lr2")
        assert await writes.attach("pm_5HqYt0XcBv8Lr2") is None
    assert attached is not None
    assert (attached.brand, attached.last4, attached.account) == ("amex", "3008", "acct")
    ((_, calls),) = mocked.requests.items()
    assert [json.loads(call.kwargs["data"]) for call in calls] == [
        {"payment_method_id": "pm_5HqYt0XcBv8Lr2"}
    ] * 2


@pytest.mark.parametrize(
    ("code", "body"), [(200, bnerd("set_default_payment_method_debit")), (204, b""), (200, b"fine")]
)
async def test_writes_take_any_success(mocked: Mocked, fold_of, code: int, body: bytes) -> None:
    mocked.put(f"{AT}/payment_methods/a%2Fb/set_default", status=code, body=body)
    mocked.delete(f"{AT}/payment_methods/{METHOD_ID}", status=code, body=body)
    async with fold_of("bnerd", org=ORG) as fold:
        writes = fold.account("acct").payment_methods
        await writes.set_default("a/b")
        await writes.remove(METHOD_ID)
    assert [method for method, _ in mocked.sent()] == ["PUT", "DELETE"]


@pytest.mark.parametrize("fault", [reset, truncated, html(503)])
async def test_a_write_that_may_have_happened_is_not_sent_again(simulated, fault) -> None:
    fold, simulation = await simulated("bnerd")
    (method, *_) = await fold.payment_methods(accounts="cloud")
    simulation.faults.append(Fault(fault, at="/payment_methods"))
    writes = fold.account("cloud").payment_methods
    for write in (
        lambda: writes.attach("pm_1"),
        lambda: writes.set_default(method.id),
        writes.setup_intent,
    ):
        before = len(simulation.seen)
        with pytest.raises(OutcomeUnknownError):
            await write()
        assert len(simulation.seen) == before + 1


@pytest.mark.parametrize(
    "body",
    [
        b'{"client_secret": "not to be shown"}',
        b'{"client_secret": ""}',
        b'{"client_secret": 5}',
        b"{}",
    ],
)
async def test_a_set_up_secret_that_cannot_be_one_is_drift_without_its_text(
    mocked: Mocked, fold_of, body: bytes
) -> None:
    mocked.post(f"{AT}/payment_methods/payment_intent", body=body)
    async with fold_of("bnerd", org=ORG) as fold:
        with pytest.raises(DriftError, match="client_secret") as caught:
            await fold.account("acct").payment_methods.setup_intent()
    assert "shown" not in str(caught.value)


async def test_a_set_up_secret_shows_nowhere(
    mocked: Mocked, fold_of, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    mocked.post(f"{AT}/payment_methods/payment_intent", body=bnerd("create_payment_intent_one"))
    async with fold_of("bnerd", org=ORG) as fold:
        secret = await fold.account("acct").payment_methods.setup_intent()
    assert secret.reveal() == "seti_7Wd0NzKa3_secret_invented"
    assert "invented" not in caplog.text + repr(secret)


async def test_a_reply_that_is_cut_or_gone_is_tried_again(simulated) -> None:
    fold, simulation = await simulated("bnerd")
    simulation.faults += [
        Fault(truncated, at="/usage", times=1),
        Fault(reset, at="/usage", times=1),
    ]
    simulation.faults += [Fault(status(429), at="/usage", times=1)]
    assert (await fold.usage(OCTOBER, accounts="cloud")).complete
    assert len(simulation.seen) == 4
    assert {sample.token for sample in SAMPLES}.isdisjoint(repr(fold.accounts))


async def test_what_is_not_what_it_claims_is_not_tried_again(simulated) -> None:
    fold, simulation = await simulated("bnerd")
    simulation.faults.append(Fault(raw(b"<html>Sign in</html>")))
    streams = (fold.usage, fold.invoices, fold.subscriptions, fold.payment_methods, fold.check)
    for answer in [await stream() for stream in streams]:
        assert {row.state for row in answer.coverage} == {State.FAILED}
        assert {type(failure) for failure in answer.failures} == {DriftError}
