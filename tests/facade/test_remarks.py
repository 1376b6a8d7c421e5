"""What a reply has beyond its shape reaches the coverage, without the adapter's doing."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from aiohttp import web
from msgspec import Raw, Struct

from billfold import Answer, ProviderError, State
from billfold.adapter import Parts, Reading, Readings, numbered_pages
from billfold.http.client import Client
from billfold.simulators import plain_json
from billfold.wire import Cosmetic
from support.lines import answering
from support.toys import OCTOBER, TOKEN, fold_of_toys, usage


class Row(Struct, frozen=True):
    id: str


class Rows(Struct, frozen=True):
    rows: tuple[Row, ...] = ()


async def tell(client: Client) -> Readings[Any]:
    await client.get("/rows", Rows)
    yield Reading((usage("1"),), OCTOBER)


async def asked(
    body: Any,
    headers: Mapping[str, str] | None = None,
    status: int = 200,
    tell: Callable[[Client], Readings[Any]] = tell,
) -> Answer[Any]:
    async def answer(request: web.Request) -> web.Response:
        return plain_json(body, status=status, headers=headers)

    async with answering(answer) as url, fold_of_toys(tell, url=url) as fold:
        return await fold.usage()


ROWS = [{"id": "a"}, {"id": "b"}]


async def test_a_reply_that_is_read_whole_is_complete_without_a_word() -> None:
    (row,) = (await asked({"rows": ROWS, "page": 1, "request_id": "r1"})).coverage
    assert (row.state, row.detail) == (State.COMPLETE, None)


@pytest.mark.parametrize("said", [["half is late"], {"message": "late"}, "late"])
async def test_a_warning_beside_data_is_named_and_changes_no_state(said: Any) -> None:
    (row,) = (await asked({"rows": ROWS, "warnings": said, "warning": None})).coverage
    assert row.state is State.COMPLETE
    assert row.detail == "/rows has a warning beside its data, at `$.warnings`"


async def test_a_single_amount_that_is_not_read_is_named_and_changes_no_state() -> None:
    answer = await asked({"rows": ROWS, "fees": {"setup": 3}})
    (row,) = answer.coverage
    assert (row.state, row.detail) == (State.COMPLETE, "not read in /rows: `$.fees.setup`")
    assert str(answer.totals()["EUR"].amount) == "1"


async def test_rows_of_money_that_are_not_read_make_the_account_partial() -> None:
    answer = await asked({"rows": ROWS, "credits": [{"amount": -3}]})
    (row,) = answer.coverage
    assert row.state is State.PARTIAL
    assert row.detail == "rows of money not read in /rows: `$.credits[0].amount`"
    assert not answer.complete


@pytest.mark.parametrize(
    ("beside", "place"),
    [
        ({"status": "processing"}, "$.status"),
        ({"meta": {"state": "pending"}}, "$.meta.state"),
        ({"ready": False}, "$.ready"),
        ({"in_progress": True}, "$.in_progress"),
        ({"status": "degraded"}, "$.status"),
        ({"status": "maintenance"}, "$.status"),
    ],
)
@pytest.mark.parametrize("rows", [ROWS, []], ids=["full", "empty"])
async def test_a_reply_that_says_it_is_not_ready_is_a_hole(
    rows: Any, beside: Any, place: str
) -> None:
    answer = await asked({"rows": rows} | beside)
    (row,) = answer.coverage
    assert row.state is State.PARTIAL
    assert row.detail == f"/rows says that it is not ready: `{place}`"
    assert not answer.complete


@pytest.mark.parametrize(
    "beside", [{"status": "ok"}, {"state": "complete", "ready": True}, {"pending": 0}]
)
async def test_a_reply_that_says_it_is_ready_is_complete(beside: Any) -> None:
    (row,) = (await asked({"rows": ROWS} | beside)).coverage
    assert (row.state, row.detail) == (State.COMPLETE, None)


@pytest.mark.parametrize(
    "beside", [{"currency_code": "USD"}, {"meta": {"currency": "usd"}}, {"unit": "USD"}]
)
async def test_another_currency_than_the_money_was_read_in_is_a_hole(beside: Any) -> None:
    answer = await asked({"rows": ROWS} | beside)  # toys are paid in EUR
    (row,) = answer.coverage
    assert row.state is State.PARTIAL
    assert row.detail is not None
    assert row.detail.endswith("in /rows says USD, and the money was read as EUR")
    assert not answer.complete


@pytest.mark.parametrize("code", ["EUR", "eur", "junk", None])
async def test_the_currency_that_the_money_was_read_in_or_none_says_nothing(code: Any) -> None:
    (row,) = (await asked({"rows": ROWS, "currency_code": code})).coverage
    assert (row.state, row.detail) == (State.COMPLETE, None)


async def tell_october(client: Client) -> Readings[Any]:
    query = (("from", "2026-10-01T00:00:00Z"), ("to", "2026-11-01T00:00:00Z"), ("limit", "100"))
    await client.get("/rows", Rows, query)
    yield Reading((usage("1"),), OCTOBER)


@pytest.mark.parametrize(
    ("beside", "place"),
    [
        ({"from": "2026-10-08T00:00:00Z", "to": "2026-11-01T00:00:00Z"}, "$.from"),
        ({"window": {"from": "2026-10-08"}}, "$.window.from"),
        ({"period": {"start": "2026-10-08", "end": "2026-11-01"}}, "$.period.start"),
        ({"meta": {"dateRange": {"startDate": "2026-10-08"}}}, "$.meta.dateRange.startDate"),
        ({"meta": {"period_start": "2026-10-08T00:00:00Z"}}, "$.meta.period_start"),
        ({"windowStart": "2026-10-08T00:00:00Z"}, "$.windowStart"),
        ({"data_from": "2026-10-08"}, "$.data_from"),
        ({"meta": {"oldest_available": "2026-10-08T00:00:00Z"}}, "$.meta.oldest_available"),
        ({"retentionStart": "2026-10-08"}, "$.retentionStart"),
    ],
)
async def test_a_reply_that_begins_later_than_asked_is_a_hole(beside: Any, place: str) -> None:
    answer = await asked({"rows": ROWS} | beside, tell=tell_october)
    (row,) = answer.coverage
    words = "in /rows says 2026-10-08T00:00:00Z, and 2026-10-01T00:00:00Z was asked"
    assert (row.state, row.detail) == (State.PARTIAL, f"`{place}` {words}")


async def test_a_reply_that_ends_sooner_than_asked_is_a_hole() -> None:
    """A server that limits a window to a week answers for the first one of October."""
    beside = {"period": {"from": "2026-10-01T00:00:00Z", "to": "2026-10-08"}}
    (row,) = (await asked({"rows": ROWS} | beside, tell=tell_october)).coverage
    words = "in /rows says 2026-10-08T00:00:00Z, and 2026-11-01T00:00:00Z was asked"
    assert (row.state, row.detail) == (State.PARTIAL, f"`$.period.to` {words}")


async def test_a_window_that_ends_sooner_in_words_of_its_own_is_a_hole() -> None:
    beside = {"range": {"start": "2026-10-01", "end": "2026-10-08T00:00:00Z"}}
    (row,) = (await asked({"rows": ROWS} | beside, tell=tell_october)).coverage
    words = "in /rows says 2026-10-08T00:00:00Z, and 2026-11-01T00:00:00Z was asked"
    assert (row.state, row.detail) == (State.PARTIAL, f"`$.range.end` {words}")


async def test_the_end_of_a_window_that_is_not_over_is_the_present() -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)

    async def tell_century(client: Client) -> Readings[Any]:
        query = (("from", "2026-10-01T00:00:00Z"), ("to", "2100-01-01T00:00:00Z"))
        await client.get("/rows", Rows, query)
        yield Reading((usage("1"),), OCTOBER)

    (row,) = (await asked({"rows": ROWS, "to": str(yesterday)}, tell=tell_century)).coverage
    assert (row.state, row.detail) == (State.COMPLETE, None)


@pytest.mark.parametrize(
    "beside",
    [
        {"from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z"},
        {"from": "2026-10-01T02:00:00+02:00", "to": "2026-10-31"},
        {"from": "2026-10-01", "limit": "50"},
        {"from": "2026-09-01T00:00:00Z"},  # what is outside is the adapter's to leave out
        {"from": "the 8th", "to": 1793404800},
        {"period": {"start": "2026-09-30T22:00:00Z", "end": "2026-10-31T23:59:59Z"}},
        {"start": "2026-10-08", "project": {"start_date": "2026-10-08"}},
        {"range": {"start": 8, "end": 31}, "period": "2026-10"},
        {"data_from": "2024-01-01", "oldest_available": None, "retention_start": 400},
        {"oldest": "2026-10-08", "oldest_record": "2026-10-08", "effective_from": "2026-10-08"},
        {"rows": [{"id": "a", "from": "2026-10-08T00:00:00Z"}]},
    ],
)
async def test_a_reply_that_begins_as_asked_says_nothing(beside: Any) -> None:
    (row,) = (await asked({"rows": ROWS} | beside, tell=tell_october)).coverage
    assert (row.state, row.detail) == (State.COMPLETE, None)


def before(**ago: float) -> str:
    return (datetime.now(UTC) - timedelta(**ago)).strftime("%Y-%m-%dT%H:%M:%SZ")


class Bill(Struct, frozen=True):
    rows: tuple[Row, ...] = ()
    total: Decimal = Decimal(0)


def bill_of(*query: tuple[str, str]) -> Callable[[Client], Readings[Any]]:
    async def tell(client: Client) -> Readings[Any]:
        await client.get("/rows", Bill, query)
        yield Reading((usage("1"),), OCTOBER)

    return tell


tell_now = bill_of()
tell_of_october = bill_of(("from", "2026-10-01T00:00:00Z"), ("to", "2026-11-01T00:00:00Z"))


@pytest.mark.parametrize(
    ("beside", "place"),
    [
        (lambda until: {"data_until": until}, "$.data_until"),
        (lambda until: {"meta": {"as_of": until, "known_until": before(hours=1)}}, "$.meta.as_of"),
        (lambda until: {"meta": {"usageCompleteThrough": until}}, "$.meta.usageCompleteThrough"),
        (lambda until: {"generated_at": until}, "$.generated_at"),
        (lambda until: {"meta": {"dataSnapshotTime": until}}, "$.meta.dataSnapshotTime"),
        (lambda until: {"last_metered_at": until}, "$.last_metered_at"),
        (lambda until: {"data_updated_at": until}, "$.data_updated_at"),
        (lambda until: {"synced_until": until}, "$.synced_until"),
        (lambda until: {"aggregatedUntil": until}, "$.aggregatedUntil"),
        (lambda until: {"last_sync_at": until}, "$.last_sync_at"),
        (lambda until: {"meta": {"last_updated": until}}, "$.meta.last_updated"),
    ],
)
async def test_a_reply_that_knows_less_than_was_asked_for_is_a_hole(
    beside: Callable[[str], Any], place: str
) -> None:
    said, until = f"`{place}` in /rows says that it is known until", before(days=3)
    (row,) = (await asked({"rows": ROWS} | beside(until), tell=tell_now)).coverage
    assert (row.state, row.detail) == (State.PARTIAL, f"{said} {until}")
    october = await asked({"rows": ROWS} | beside("2026-10-20"), tell=tell_of_october)
    (row,) = october.coverage
    assert (row.state, row.detail) == (State.PARTIAL, f"{said} 2026-10-21T00:00:00Z")


@pytest.mark.parametrize(
    "beside",
    [
        {"data_until": before(hours=20)},
        {"as_of": before(days=1)[:10]},  # a day is known to its end
        {"data_until": None, "as_of": "yesterday", "available_until": 5},
        {"valid_until": "2020-01-01", "until": before(hours=1)},
        {
            "created_at": "2020-01-01",
            "updated_at": "2020-01-01",
            "invoice_generated_at": "2020-01-01",
        },
        {"rows": [{"id": "a", "as_of": "2020-01-01"}]},
        {"team": {"last_updated_at": "2020-01-01"}, "last_payment_at": "2020-01-01"},
        {"last_login_at": "2020-01-01", "synced_at": "2020-01-01", "last_updated": None},
    ],
)
async def test_a_days_delay_and_what_says_nothing_is_no_hole(beside: Any) -> None:
    (row,) = (await asked({"rows": ROWS} | beside, tell=tell_now)).coverage
    assert (row.state, row.detail) == (State.COMPLETE, None)


async def test_of_a_window_that_is_over_only_its_end_needs_to_be_known() -> None:
    for key in ("as_of", "last_updated_at", "synced_until"):
        for until in ("2026-10-31T06:00:00Z", "2026-10-31", "2026-11-02"):
            (row,) = (await asked({"rows": ROWS, key: until}, tell=tell_of_october)).coverage
            assert (row.state, row.detail) == (State.COMPLETE, None)


class Day(Struct, frozen=True):
    date: date


class Days(Struct, frozen=True):
    rows: tuple[Day, ...]


async def tell_days(client: Client) -> Readings[Any]:
    await client.get("/rows", Days)
    yield Reading((usage("1"),), OCTOBER)


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        ({"timezone": "America/New_York"}, "`$.timezone` in /rows says America/New_York"),
        ({"meta": {"time_zone": "+01:00"}}, "`$.meta.time_zone` in /rows says +01:00"),
        ({"utc_offset": "-05:00"}, "`$.utc_offset` in /rows says -05:00"),
        ({"meta": {"tz_offset": -300}}, "`$.meta.tz_offset` in /rows says -300"),
        ({"zone": "Europe/Berlin"}, "`$.zone` in /rows says Europe/Berlin"),
        ({"tz": "-03:00"} | {f"flag{n}": n for n in range(45)}, "`$.tz` in /rows says -03:00"),
        ({"zone": "+02:00"}, "`$.zone` in /rows says +02:00"),
        ({"zone": "UTC-3"}, "`$.zone` in /rows says UTC-3"),
        (
            {"zone": "America/Argentina/Buenos_Aires"},
            "`$.zone` in /rows says America/Argentina/Buenos_Aires",
        ),
        ({"utc_offset": 0, "tz_offset": "+00:00", "gmt_offset": 0.0, "zone": "UTC"}, None),
        ({"zone": "eu-central-1a", "zone_id": "4f3c", "zone_name": "example.com"}, None),
        ({"zone": 4, "utc_offset": True, "tz": 7, "meta": {"zone": {"id": "a"}}}, None),
        ({"timezone": "UTC", "meta": {"timeZone": "Etc/UTC"}}, None),
        ({"timezone": None, "tz": 0, "owner": {"name": "UTC"}}, None),
    ],
)
async def test_days_of_another_zone_are_a_hole(beside: Any, said: str | None) -> None:
    (row,) = (await asked({"rows": [{"date": "2026-10-01"}]} | beside, tell=tell_days)).coverage
    assert row.detail == (said and f"{said}, and its days were read as UTC's")
    assert row.state is (State.COMPLETE if said is None else State.PARTIAL)


async def test_a_zone_says_nothing_of_what_has_no_days() -> None:
    (row,) = (await asked({"rows": ROWS, "timezone": "America/New_York"})).coverage
    assert (row.state, row.detail) == (State.COMPLETE, None)


class Labelled(Struct, frozen=True):
    label: Cosmetic[str] = None
    tags: Cosmetic[tuple[Cosmetic[str], ...]] = None


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"label": [{"amount": -3}]}, "`$.label[0].amount`"),
        ({"tags": {"a": {"cost": 3}, "b": {"cost": 4}}}, "`$.tags.a.cost`, `$.tags.b.cost`"),
        ({"tags": ["x", {"overages": [{"sum": "2.50"}]}]}, "`$.tags[1].overages[0].sum`"),
    ],
)
async def test_rows_of_money_in_what_does_not_fit_make_the_account_partial(
    body: Any, place: str
) -> None:
    async def labelled(client: Client) -> Readings[Any]:
        await client.get("/rows", Labelled)
        yield Reading((usage("1"),), OCTOBER)

    (row,) = (await asked(body, tell=labelled)).coverage
    assert row.state is State.PARTIAL
    assert str(row.detail).endswith(f"rows of money not read in /rows: {place}")


async def test_a_value_that_does_not_fit_and_is_no_row_of_money_changes_no_state() -> None:
    async def labelled(client: Client) -> Readings[Any]:
        await client.get("/rows", Labelled)
        yield Reading((usage("1"),), OCTOBER)

    (row,) = (await asked({"label": {"en": "a"}, "tags": "a,b"}, tell=labelled)).coverage
    assert (row.state, row.detail) == (
        State.COMPLETE,
        "left out of /rows, as it cannot be read: `$.label`, `$.tags`",
    )


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"Link": '</rows?page=2>; rel="next"'}, "the header `Link` points at a next page"),
        ({"X-Next-Page": "2"}, "the header `X-Next-Page` points at a next page"),
        ({"Next-Page": "2"}, "the header `Next-Page` points at a next page"),
        ({"X-Total-Count": "80"}, "the header `X-Total-Count` states 80 rows, and 2 were read"),
        ({"Total": "80"}, "the header `Total` states 80 rows, and 2 were read"),
        ({"X-WP-TotalPages": "4"}, "the header `X-WP-TotalPages` states 4 pages, and this is page"),
        ({"Content-Range": "items 0-1/80"}, "the header `Content-Range` points at a next page"),
    ],
)
async def test_pages_that_headers_announce_make_the_account_partial(
    headers: dict[str, str], words: str
) -> None:
    (row,) = (await asked({"rows": ROWS}, headers)).coverage
    assert row.state is State.PARTIAL
    assert row.detail is not None
    assert row.detail.startswith(
        f"/rows is one page of several, and the others were not read: {words}"
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Total-Count": "2", "X-Page": "1", "X-Total-Pages": "1", "X-Next-Page": ""},
        {"Content-Range": "items 0-1/2"},
        {"Link": '</rows?page=1>; rel="first", </rows?page=1>; rel="last"'},
        {"X-RateLimit-Limit": "60", "X-Total-Time": "12"},
    ],
)
async def test_headers_of_an_only_page_say_nothing(headers: dict[str, str]) -> None:
    (row,) = (await asked({"rows": ROWS}, headers)).coverage
    assert (row.state, row.detail) == (State.COMPLETE, None)


async def test_a_part_of_a_body_is_partial_by_its_status() -> None:
    (row,) = (await asked({"rows": ROWS}, status=206)).coverage
    assert row.state is State.PARTIAL
    (row,) = (await asked({"rows": ROWS}, {"Content-Range": "rows 0-1/2"}, status=206)).coverage
    assert row.state is State.COMPLETE


async def test_a_body_that_is_read_raw_is_its_adapters_business_its_headers_are_not() -> None:
    async def tell(client: Client) -> Readings[Any]:
        await client.get("/rows", Raw)
        yield Reading((usage("1"),), OCTOBER)

    body = {"rows": ROWS, "credits": [{"amount": -3}], "next": "/rows?page=2"}
    assert (await asked(body, tell=tell)).complete
    assert not (await asked(body, {"Link": '</rows?page=2>; rel="next"'}, tell=tell)).complete


async def test_the_part_that_a_remark_is_about_is_named() -> None:
    async def tell(client: Client) -> Readings[Any]:
        async def read(part: str) -> Reading[Any]:
            if part == "p2":
                await client.get("/rows", Rows)
            return Reading((usage("1", name=part),), OCTOBER)

        async for reading in Parts(("p1", "p2", "p3")).read(read):
            yield reading

    (row,) = (await asked({"rows": ROWS, "credits": [{"amount": -3}]}, tell=tell)).coverage
    assert (row.state, row.part) == (State.PARTIAL, "p2")


async def test_what_was_noted_of_one_call_says_nothing_of_the_next() -> None:
    bodies = [{"rows": ROWS, "credits": [{"amount": -3}]}, {"rows": ROWS}]

    async def answer(request: web.Request) -> web.Response:
        return plain_json(bodies.pop(0))

    async with answering(answer) as url, fold_of_toys(tell, url=url) as fold:
        assert not (await fold.usage()).complete
        assert (await fold.usage()).complete


async def test_a_list_read_page_by_page_ends_where_nothing_announces_more() -> None:
    def paged(state: dict[str, Any]) -> Callable[[Client], Readings[Any]]:
        async def tell(client: Client) -> Readings[Any]:
            pages = numbered_pages(
                client,
                "/rows",
                Rows,
                rows=lambda page: page.rows,
                row_id=lambda row: row.id,
                last=lambda page: 1,
            )
            _ = [row async for rows in pages for row in rows]
            state["pages"] = pages
            doubtful = State.PARTIAL if pages.doubtful else State.COMPLETE
            yield Reading((usage("1"),), OCTOBER, doubtful, pages.note)

        return tell

    seen: dict[str, Any] = {}
    assert (await asked({"rows": ROWS, "total_count": 2}, tell=paged(seen))).complete
    assert seen["pages"].unread is None
    (row,) = (await asked({"rows": ROWS, "total_count": 3}, tell=paged(seen))).coverage
    assert row.state is State.PARTIAL
    assert row.detail == (
        "the list was not read to its end: `$.total_count` states 3 rows, and 2 were read"
    )


@pytest.mark.parametrize(
    "body",
    [
        {"code": "INTERNAL", "message": "try later", "errors": [{"code": "INTERNAL"}]},
        {"code": "INTERNAL", "message": "try later", "error": {"x": 1}, "rows": None},
        {"code": "INTERNAL", "message": "try later", "error": "INTERNAL", "rows": []},
        {"code": "INTERNAL", "message": "try later", "success": False},
        {"code": "INTERNAL", "message": "try later", "ok": False, "rows": []},
        {"code": "INTERNAL", "message": "try later", "status": "error", "rows": []},
        {"code": "INTERNAL", "message": "try later", "status": "Failed"},
        {"code": "INTERNAL", "message": "try later", "rows": []},
        {"code": "INTERNAL", "error_message": "try later", "rows": []},
        {"code": "INTERNAL", "errorMessage": "try later", "rows": None},
    ],
)
async def test_an_error_under_a_good_status_is_the_providers_error(body: Any) -> None:
    answer = await asked(body)
    (failure,) = answer.failures
    assert type(failure) is ProviderError
    assert (failure.message, failure.code, failure.status) == ("200 try later", "INTERNAL", 200)
    assert answer.coverage[0].state is State.FAILED


@pytest.mark.parametrize("error", ["overload", ["overload"], {"reason": "overload"}])
@pytest.mark.parametrize("key", ["error", "errors"])
async def test_an_error_in_a_form_that_no_contract_knows_keeps_its_words(
    key: str, error: Any
) -> None:
    (failure,) = (await asked({key: error})).failures
    assert type(failure) is ProviderError
    assert failure.message == "200 overload"


@pytest.mark.parametrize(
    "body",
    [
        {"message": "fine", "success": True, "ok": None, "rows": ROWS},
        {"message": "fine", "errors": [], "rows": ROWS},
        {"message": "fine", "error": None, "rows": []},
        {"message": "fine", "status": "success", "code": 200, "rows": []},
        {"message": "fine", "error_message": "", "error_code": 0, "rows": []},
        {"message": "fine", "code": "SUCCESS", "rows": []},
        {"message": "fine", "code": "200", "rows": []},
        {"message": "fine", "code": "web", "rows": ROWS},
        {"rows": [{"id": "a", "status": "error", "message": "exit 1", "error_message": "exit 1"}]},
        {"rows": [{"id": "server", "status": "unavailable"}, {"id": "b", "state": "maintenance"}]},
    ],
)
async def test_a_reply_without_errors_is_no_error(body: Any) -> None:
    assert (await asked(body)).complete


@pytest.mark.parametrize(
    "error",
    [
        *({"errors": [{"code": "X"}]}, {"success": False}, {"status": "error"}),
        *({"status": "partial_failure"}, {"status": 500}, {"meta": {"status": "unavailable"}}),
    ],
)
async def test_errors_beside_data_make_the_account_partial(error: Any) -> None:
    body = {"message": "half is missing", **error, "rows": ROWS}
    (row,) = (await asked(body)).coverage
    assert row.state is State.PARTIAL
    assert row.detail == "/rows has errors beside its data: half is missing"


@pytest.mark.parametrize(
    ("errors", "words"),
    [
        ([{"detail": "shard 3 down"}], "shard 3 down"),
        ([{"message": "pool N2 not read"}, {"title": "and N3"}], "pool N2 not read; and N3"),
        ({"base": ["is late"]}, "is late"),
        ("half of it", "half of it"),
        ([{"code": "E_SHARD"}], "E_SHARD"),
        ([{"id": 5}], "without a word"),
    ],
)
async def test_errors_beside_data_say_their_words_in_any_form(errors: Any, words: str) -> None:
    (row,) = (await asked({"errors": errors, "rows": ROWS})).coverage
    assert row.state is State.PARTIAL
    assert row.detail == f"/rows has errors beside its data: {words}"


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"status": "failed"}, '`$.status` "failed"'),
        ({"error_code": "X1"}, '`$.error_code` "X1"'),
        ({"meta": {"status": "error"}}, '`$.meta.status` "error"'),
        ({"success": False}, "`$.success` false"),
        ({"ok": False, "status": "failed"}, '`$.ok` false, `$.status` "failed"'),
        ({"error_code": f'of "{TOKEN}" \n used'}, '`$.error_code` "of "***" used"'),
    ],
)
@pytest.mark.parametrize(
    ("rows", "says"),
    [([], "says that it failed"), (ROWS, "has errors beside its data")],
    ids=["empty", "full"],
)
async def test_a_failure_without_words_names_its_places_and_values(
    said: Any, named: str, rows: Any, says: str
) -> None:
    (row,) = (await asked({"rows": rows, **said})).coverage
    assert row.state is State.PARTIAL
    assert row.detail == f"/rows {says}: {named}"


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"pagination": {"total": 30, "page": 1, "per_page": 1}}, "$.pagination.total"),
        ({"total": 50, "limit": 1}, "$.total"),
        ({"meta": {"pagination": {"total": 20, "per_page": 1}}}, "$.meta.pagination.total"),
    ],
)
async def test_what_counts_rows_is_not_called_money(more: Any, place: str) -> None:
    (row,) = (await asked({"rows": ROWS, **more})).coverage
    assert row.state is State.PARTIAL
    assert row.detail is not None
    assert row.detail.startswith("/rows is one page of several, and the others were not read: ")
    assert f"`{place}` states" in row.detail
    assert "; " not in row.detail
