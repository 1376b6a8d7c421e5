"""A reply that says that it is not ready is found by what stands around its rows alone."""

from decimal import Decimal
from typing import Any

import pytest
from msgspec import Struct

from billfold.wire.unread import unread
from billfold.wire.unready import unready


class Row(Struct, frozen=True):
    amount: Decimal


class Inner(Struct, frozen=True):
    rows: tuple[Row, ...] | None = None


class Rows(Struct, frozen=True):
    rows: tuple[Row, ...] = ()
    data: Inner = Inner()


class Balance(Struct, frozen=True):
    amount: Decimal


class WithStatus(Struct, frozen=True):
    rows: tuple[Row, ...]
    status: str


ROWS = [{"amount": 3}, {"amount": 4}]
STATUSES = (
    *("processing", "pending", "queued", "calculating", "computing", "running", "in_progress"),
    *("partial", "failed", "In Progress", "PROCESSING", "not_ready"),
)
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
}


@pytest.mark.parametrize("name", SAID)
@pytest.mark.parametrize("rows", [[], ROWS], ids=["empty", "full"])
def test_what_says_beside_rows_that_they_are_not_ready_is_named(name: str, rows: Any) -> None:
    beside, place = SAID[name]
    tree = {"rows": rows} | beside
    assert unread(tree, Rows).may_say_unready
    assert unready(tree, Rows) == (f"`{place}`",)


def test_it_is_named_around_an_object_with_rows_and_in_it() -> None:
    tree = {"data": {"rows": ROWS, "ready": False}, "status": "processing"}
    assert unready(tree, Rows) == ("`$.status`", "`$.data.ready`")


@pytest.mark.parametrize(
    ("tree", "shape"),
    [
        ({"rows": [{"amount": 3, "status": "pending"}]}, Rows),  # of a row
        ({"amount": 3, "status": "pending"}, Balance),  # of a single resource
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
                {"completed": 0, "processing": 1, "failed": 0},  # which count
            )
        ),
    ],
)
def test_what_says_nothing_of_the_kind_is_not_named(tree: Any, shape: Any) -> None:
    assert unready(tree, shape) == ()
