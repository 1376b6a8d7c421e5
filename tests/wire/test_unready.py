"""A reply that says that it is not ready is found by what stands around its rows alone."""

from decimal import Decimal
from typing import Any

import pytest
from msgspec import Struct

from billfold.wire.speakers import speakers
from billfold.wire.unread import unread
from billfold.wire.unready import failed, shown, unready


class Row(Struct, frozen=True):
    amount: Decimal


class Inner(Struct, frozen=True):
    rows: tuple[Row, ...] | None = None


class Rows(Struct, frozen=True):
    rows: tuple[Row, ...] = ()
    data: Inner = Inner()


class Balance(Struct, frozen=True):
    amount: Decimal


class Resource(Struct, frozen=True):
    attributes: Inner = Inner()
    rows: tuple[Row, ...] = ()


class Document(Struct, frozen=True):
    data: Resource = Resource()


class WithStatus(Struct, frozen=True):
    rows: tuple[Row, ...]
    status: str


ROWS = [{"amount": 3}, {"amount": 4}]
STATUSES = (
    *("processing", "pending", "queued", "calculating", "computing", "running", "in_progress"),
    *("partial", "In Progress", "PROCESSING", "not_ready", "degraded", "maintenance"),
)
LACKING = ("failed", "missing", "omitted", "skipped", "unavailable", "unreachable")
SAID: dict[str, tuple[Any, str]] = {
    **{f"status {word}": ({"status": word}, "$.status") for word in STATUSES},
    "state": ({"state": "queued"}, "$.state"),
    "meta": ({"meta": {"status": "processing"}}, "$.meta.status"),
    "report": ({"report": {"state": "computing"}}, "$.report.state"),
    "job": ({"job": {"ready": False}}, "$.job.ready"),
    "report_status": ({"report_status": "running"}, "$.report_status"),
    **{
        key: ({key: False}, f"$.{key}")
        for key in ("ready", "finished", "completed", "complete", "is_ready")
    },
    **{
        key: ({key: True}, f"$.{key}")
        for key in ("processing", "pending", "in_progress", "inProgress", "isProcessing")
    },
    "degraded": ({"degraded": True}, "$.degraded"),
    **{
        f"{key} in {around}": (
            {around: {key: said}} if around else {key: said},
            f"$.{around}.{key}" if around else f"$.{key}",
        )
        for around in ("", "meta")
        for key, said in (
            ("failed_projects", ["p1"]),
            ("failedProjects", ["p1"]),
            ("failed_shards", 1),
            ("missing", ["p1"]),
            ("skipped", 2),
            ("skipped_items", "2"),
            ("unavailable", ["eu-1"]),
            ("unreachable_regions", {"eu-1": "timeout"}),
            *((f"{lacking}_clusters", ["c1"]) for lacking in LACKING),
            *((f"{lacking}NodePools", 2) for lacking in LACKING),
            ("failed_nodes", ["n1"]),
            ("missing_vm_ids", ["v1"]),
            ("unavailable_builds", ["b1"]),
            *((f"{lacking}_region", ["fra"]) for lacking in LACKING),
            ("missing_service", {"dns": "timeout"}),
            ("failed_entries", 1),
            ("failed_project", ["p3"]),
            ("missing_month", ["2026-09"]),
            ("failed_shard", 1),
            ("missingRow", 2),
            ("failed_ids", 2),
            ("failed_id_count", 2),
            ("missing_builds", 3),
            ("failed_team_count", 1),
            ("num_failed_tenants", "1"),
            ("zones_unavailable", ["eu-1"]),
            ("missing_usage", ["2026-10-03"]),
        )
    },
    "shards": ({"_shards": {"total": 5, "successful": 4, "failed": 1}}, "$._shards.failed"),
}


@pytest.mark.parametrize("name", SAID)
@pytest.mark.parametrize("rows", [[], ROWS], ids=["empty", "full"])
def test_what_says_beside_rows_that_they_are_not_ready_is_named(name: str, rows: Any) -> None:
    beside, place = SAID[name]
    tree = {"rows": rows} | beside
    assert unread(tree, Rows).may_say_unready
    assert unready(speakers(tree, Rows)) == (f"`{place}`",)


@pytest.mark.parametrize("said", [{"partial": True}, {"complete": False}, {"incomplete": "true"}])
def test_whose_a_reply_is_says_only_that_it_is_not_all(said: Any) -> None:
    (key,) = said
    tree = {"rows": ROWS, "organization": {"id": "o1", "pending": True} | said}
    found = unready(speakers(tree, Rows))
    assert found == (f"`$.organization.{key}`",)


def test_it_is_named_around_an_object_with_rows_and_in_it() -> None:
    tree = {"data": {"rows": ROWS, "ready": False}, "status": "processing"}
    assert unready(speakers(tree, Rows)) == ("`$.status`", "`$.data.ready`")


@pytest.mark.parametrize(
    ("tree", "shape"),
    [
        ({"rows": [{"amount": 3, "status": "pending"}]}, Rows),  # of a row
        ({"amount": 3, "status": "pending", "id": "r1"}, Balance),  # of a single resource
        ({"id": "s1", "status": "maintenance", "rows": ROWS}, Rows),  # of a thing with its rows
        ({"rows": ROWS, "status": "pending"}, WithStatus),  # which its shape reads
        *(
            ({"rows": ROWS} | beside, Rows)
            for beside in (
                {"status": "ok"},
                {"status": "success", "state": "complete"},
                {"status": "done", "ready": True, "finished": True, "processing": False},
                {"status": None, "pending": 0, "running": 3, "completed": "2026-11-01"},
                {"status": "active", "account": {"status": "pending"}},
                {"status": "no job of this report has failed so far"},
                {"completed": 0, "processing": 1, "failed": 2},  # which count
                {"failed_projects": [], "skipped": 0, "missing": None, "unavailable": {}},
                {"failed_builds": ["b1"], "skipped_steps": ["lint"], "failedChecks": {"a": 1}},
                *({f"failed_{work}": 3} for work in ("workflows", "stages", "leases", "webhooks")),
                *({f"skipped_{work}": ["w1"]} for work in ("workflows", "commits", "backups")),
                {"failed_nodes": 1, "nodes_unavailable": 1, "unreachable_servers": 2},
                {"missing_backups": 1, "failedPods": 2, "missing_region": "fra"},
                {"failed_builds": 3, "failed_at": "2026-11-01", "missing_tags": ["a"]},
                {"failed_jobs": 2, "jobs_failed": 2, "skipped_tests": 4, "failed_build_count": 1},
                {"failed_count": 3, "failed_attempts": [1], "failedSince": {"day": 3}},
                {"missing_address": {"city": "?"}, "unavailable_status": 2, "was_skipped": 1},
                {"missing_properties": ["a"], "skipped_lines": 7, "unavailable_minutes": 12},
                {"omitted_charges": 500, "unavailable_until": "2026-11-01", "is_missing": {}},
                {"_shards": {"total": 5, "successful": 5, "failed": 0, "skipped": 0}},
                {"degraded": False},
            )
        ),
    ],
)
def test_what_says_nothing_of_the_kind_is_not_named(tree: Any, shape: Any) -> None:
    assert unready(speakers(tree, shape)) == ()
    assert not failed(tree, speakers(tree, shape))


@pytest.mark.parametrize(
    "beside",
    [
        *(
            {"status": word}
            for word in (
                *("error", "ERROR", "fail", "failed", "failure", "timeout", "timed_out"),
                *("unavailable", "internal_error", "completed with errors", "partial_failure"),
                *("forbidden", 500, "503"),
            )
        ),
        {"state": "error"},
        {"job_status": "failed"},
        {"statusCode": 503},
        {"code": 500},
        {"meta": {"status": "error"}},
        {"error_message": "db down"},
        {"errorMessage": "db down"},
        {"timed_out": True},
        {"aborted": "true"},
        {"failures": [{"project": "p1"}]},
        {"exception": "Timeout"},
        {"fault": {"code": 1}},
        {"success": "false"},
        {"error_code": "E1"},
        {"error_code": 17},
        *(
            {key: True}
            for key in (
                *("failed", "isError", "is_error", "hasErrors", "has_errors", "partial_failure"),
                *("partiallyFailed", "anyFailures", "unavailable"),
            )
        ),
        *({key: "boom"} for key in ("Error", "_error", "err", "errmsg", "error_msg", "traceback")),
        {"errmsg": "boom", "errno": 5},
        {"error_count": 3},
        {"http_status": 502},
        {"problem": {"title": "boom"}},
        {"meta": {"has_errors": True}},
        *({key: False} for key in ("isSuccess", "succeeded", "was_successful", "isOk")),
        *(
            {key: ["p1"]}
            for key in ("errorMessages", "partial_errors", "error-list", "queryErrors")
        ),
        *({key: 1} for key in ("num_errors", "errorsCount", "number_of_errors")),
        *({key: "boom"} for key in ("error_details", "ExceptionMessage", "failureReason")),
        {"timeout": True},
        {"responseStatus": {"errorCode": "X1", "message": "boom"}},
        *({key: 502} for key in ("http_code", "returnCode", "response_status")),
    ],
)
@pytest.mark.parametrize("rows", [[], ROWS], ids=["empty", "full"])
def test_a_reply_that_says_around_its_rows_that_it_failed_did(beside: Any, rows: Any) -> None:
    tree = {"rows": rows} | beside
    assert unread(tree, Rows).may_say_unready
    assert failed(tree, speakers(tree, Rows))


@pytest.mark.parametrize(
    "said",
    [
        {"error_code": "E1"},
        {"error_message": "db down"},
        {"timed_out": True},
        {"degraded": True},
        {"status": "error"},
        {"meta": {"status": "failed"}},
        {"failed_regions": ["eu-1"]},
        {"error_code": 17},
        {"isSuccess": False},
        {"missing_invoices": 1},
    ],
)
def test_a_balance_that_says_that_it_failed_or_is_no_whole_one_does(said: Any) -> None:
    tree = {"amount": 0} | said
    assert failed(tree, speakers(tree, Balance)) or unready(speakers(tree, Balance))


def test_a_reply_of_nothing_but_a_status_that_failed_did() -> None:
    down = {"status": "error", "message": "db down"}
    assert shown(failed(down, speakers(down, Rows))) == '`$.status` "error"'
    thing = {"status": "error", "id": "r1"}
    assert not failed(thing, speakers(thing, Balance))


@pytest.mark.parametrize(
    ("tree", "shape"),
    [
        *(
            ({"rows": [{"amount": 3, "status": word, "error_message": "exit 1"}]}, Rows)
            for word in ("error", "failed", "unavailable", "maintenance")
        ),
        ({"amount": 3, "status": "failed", "error_message": "exit 1", "id": "r1"}, Balance),
        ({"amount": 3, "error_count": 1, "failures": ["exit 1"], "slug": "r1"}, Balance),
        ({"id": "s1", "status": "unavailable", "rows": ROWS}, Rows),
        ({"id": "s1", "error_count": 2, "was_ok": False, "rows": ROWS}, Rows),
        ({"id": "s1", "amount": 3, "succeeded": False}, Balance),
        *(
            ({"amount": 3, key: 4}, Balance)
            for key in ("error_count", "num_errors", "api_errors", "total_errors", "errors")
        ),
        *(
            ({"rows": ROWS} | beside, Rows)
            for beside in (
                {"status": "ok", "code": 200},
                {"status": "success", "code": "success"},
                {"status": "active", "statusCode": 204},
                {"status": 0, "status_text": "no errors"},
                {"status": "no errors", "state": "error-free"},
                {"status": "no job of this report has failed so far"},
                {"error_message": "", "error_code": 0, "errorMessage": None},
                {"error_message": False, "error_code": 200},
                {"error_message": "OK", "error_code": "00000"},
                {"error_message": "No error", "error_code": "SUCCESS"},
                {"project": {"status": "error"}, "failed": 2, "errors_seen": 0},
                {"code": "acme", "status": True},
                {"timed_out": False, "failures": [], "exception": "none", "fault": None},
                {"failures": 3, "timed_out": 0, "success": "true"},
                {"failed": False, "has_errors": "false", "isError": None, "partial_failure": 0},
                {"errno": 0, "errmsg": "", "error_count": 0, "error_rate": "0.0", "problems": []},
                *({"error": word} for word in ("none", "null", "no", "ok", "", "OK.")),
                {"isSuccess": True, "succeeded": 3, "successful": None},
                {"errorMessages": [], "partial_errors": {}, "error_details": "", "errorList": None},
                {"num_errors": 0, "failure_count": 3, "total_failures": 2, "timeout": 30},
                {"error_rate": 0.5, "error_budget": 3, "error_url": "https://x", "last_error": "x"},
                {"errors_url": "https://x", "default": True, "terror": 1, "error_reporting": True},
                {"api_errors": 12, "http_errors": 17, "request_errors": 5, "server_error_count": 4},
                {"total_errors": 2, "errors_total": 2, "problem_type": "about:blank"},
                {"error_codes": [137], "error_types": ["oom"], "failure_reasons": ["oom"]},
                {"failure_types": {"oom": 2}},
                {"responseStatus": {}, "http_code": 200, "returnCode": 0, "result_code": 42},
            )
        ),
    ],
)
def test_what_does_not_say_that_its_reply_failed_is_no_failure(tree: Any, shape: Any) -> None:
    assert not failed(tree, speakers(tree, shape))
    assert unready(speakers(tree, shape)) == ()


@pytest.mark.parametrize("rows", [[], ROWS], ids=["empty", "full"])
@pytest.mark.parametrize(
    ("thing", "status", "is_named"),
    [
        *(
            ({"id": "sub_1", "type": "billing_usage"}, word, False)
            for word in ("running", "maintenance", "degraded", "unavailable", "active")
        ),
        ({"id": "sub_1"}, "maintenance", False),
        # A report that runs lacks rows, and what has no id is no thing.
        *(({"id": "r1", "type": kind}, "running", True) for kind in ("usage_reports", "jobs", 7)),
        *((thing, "running", True) for thing in ({"id": "r1"}, {"type": "billing_usage"}, {})),
        ({"type": "billing_usage"}, "maintenance", True),
        *(
            ({"id": "sub_1", "type": "billing_usage"}, word, True)
            for word in ("processing", "partial", "calculating", "failed")
        ),
    ],
)
@pytest.mark.parametrize("key", ["status", "state"])
def test_a_things_own_status_is_no_replys_beside_its_id_or_in_its_attributes(
    key: str, thing: Any, status: str, is_named: bool, rows: Any
) -> None:
    beside = {"data": {**thing, key: status, "rows": rows, "attributes": {}}}
    inside = {"data": {**thing, "attributes": {key: status, "rows": rows}}}
    for tree, place in ((beside, f"$.data.{key}"), (inside, f"$.data.attributes.{key}")):
        said = [
            *unready(speakers(tree, Document)),
            *(f"`{at}`" for at in failed(tree, speakers(tree, Document))),
        ]
        assert said == ([f"`{place}`"] if is_named else [])


def test_what_runs_and_is_no_resource_or_is_a_resources_report_is_not_ready() -> None:
    thing = {"id": "sub_1", "type": "usage", "rows": ROWS}
    running = {"data": {**thing, "status": "running"}}
    assert unready(speakers(running, Document)) == ("`$.data.status`",)
    report = {**thing, "report_status": "running", "attributes": {}}
    assert unready(speakers({"data": report}, Document)) == ("`$.data.report_status`",)


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        ({"status": "failed"}, '`$.status` "failed"'),
        ({"code": 503}, "`$.code` 503"),
        ({"error_code": "X1", "state": "error"}, '`$.error_code` "X1", `$.state` "error"'),
        ({"meta": {"status": "error"}}, '`$.meta.status` "error"'),
    ],
)
@pytest.mark.parametrize("rows", [[], ROWS], ids=["empty", "full"])
def test_by_what_a_reply_says_that_it_failed_is_named_with_its_value(
    beside: Any, said: str, rows: Any
) -> None:
    tree = {"rows": rows} | beside
    assert shown(failed(tree, speakers(tree, Rows))) == said
