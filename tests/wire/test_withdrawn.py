"""A row of money that says that it does not count is named, and no other row is."""

from decimal import Decimal
from typing import Any, ClassVar

import pytest
from msgspec import Struct

from billfold.wire.unread import unread
from billfold.wire.withdrawn import withdrawn


class Line(Struct, frozen=True):
    amount: Decimal
    status: str | None = None


class Lease(Struct, frozen=True):
    not_read: ClassVar[frozenset[str]] = frozenset({"state"})

    amount: Decimal


class Bill(Struct, frozen=True):
    lines: tuple[Line, ...] = ()
    leases: tuple[Lease, ...] = ()
    by_project: dict[str, Line] = {}


def found(tree: Any) -> tuple[str, ...]:
    """Return the places, which the keys alone have to let be looked for."""
    places = withdrawn(tree, Bill)
    is_looked_for = unread(tree, Bill).may_say_void
    assert is_looked_for or not places
    return places


@pytest.mark.parametrize(
    "said",
    [
        {"voided": True},
        {"is_void": "yes"},
        {"voidedAt": "2026-10-05T00:00:00Z"},
        {"reversed_on": "2026-10-05"},
        {"pending": True},
        {"refunded_at": "2026-10-05T00:00:00Z"},
        {"waived": True},
        {"state": "Void"},
        {"state": "REVERSED"},
        {"state": "refunded"},
        {"state": "Waived"},
        {"state": "credited"},
        {"state": "written_off"},
        {"state": "pending"},
        {"billing_status": "refunded"},
        {"refunded_by": "tx1"},
        {"reversedBy": "tx1"},
        {"refund_id": "re_1"},
        {"refund_id": 12345},
        {"refund": {"id": "re_1"}},
        {"refund": {"id": "re_1", "amount": 3}},
        {"refunded_amount": 3},
        {"amountRefunded": "3.00"},
        {"total_refunded": {"amount": "3.00", "currency": "EUR"}},
        {"refund_amount": -3},
        {"amount_written_off": 3},
        {"reversal": True},
        {"written_off_at": "2026-10-05T00:00:00Z"},
        {"is_written_off": True},
        {"billable": False},
        {"is_billed": "false"},
    ],
)
def test_a_row_that_says_that_it_is_void_is_named(said: dict[str, Any]) -> None:
    (key,) = said
    row, other = {"amount": 5, **said}, {"amount": 7}
    assert found({"lines": [other, row]}) == (f"`$.lines[1].{key}`",)
    assert found({"by_project": {"a": other, "b": row}}) == (f"`$.by_project.b.{key}`",)


@pytest.mark.parametrize(
    "key", ["status_transitions", "stateTransitions", "timestamps", "milestones", "status_history"]
)
def test_a_row_that_says_so_in_an_object_of_its_times_is_named(key: str) -> None:
    void, issued = {"voided_at": "2026-10-05"}, {"finalized_at": "2026-10-05", "voided_at": None}
    assert found({"lines": [{"amount": 5, key: void}]}) == (f"`$.lines[0].{key}.voided_at`",)
    assert found({"lines": [{"amount": 5, key: issued}]}) == ()
    assert found({"lines": [{"amount": 5, "status": "paid", key: void}]}) == ()
    assert found({"lines": [{"amount": 5, "server": void}]}) == ()


def test_rows_of_one_place_are_counted() -> None:
    rows = [{"amount": 5, "voided": True}] * 3
    assert found({"lines": rows}) == ("`$.lines[0].voided` (and 2 more)",)


@pytest.mark.parametrize(
    "said",
    [
        {"voided": False},
        {"voided_at": None},
        {"voided": "false"},
        {"voided_at": ""},
        {"voided_at": "0001-01-01T00:00:00Z"},
        {"reversed_on": "1970-01-01"},
        {"pending": 12},
        {"pending": "12.50"},
        {"reversed": 3},
        {"refunded": "3.00 EUR"},
        {"avoided": True},
        {"cancelled_at": "2026-10-05"},
        {"deleted": True},
        {"state": "failed"},
        {"state": "paid"},
        {"billing_status": "billed"},
        {"refund_id": None},
        {"refund_id": ""},
        {"refund": None},
        {"refund": {}},
        {"refund": False},
        {"refund": 3},
        {"refund": {"amount": "0.00", "currency": "EUR"}},
        {"refund": {"id": None, "reason": ""}},
        {"refund": {"object": "list", "data": [], "has_more": False, "total_count": 0}},
        {"refunded_amount": 0},
        {"amount_refunded": "0.00"},
        {"total_refunded": {"amount": 0, "currency": "EUR"}},
        {"refund_amount": None},
        {"amount_due": 3},
        {"billable": True},
        {"billable": None},
        {"billed": 3},
        {"note": "void"},
    ],
)
def test_a_row_that_says_nothing_of_the_kind_is_not_named(said: dict[str, Any]) -> None:
    assert found({"lines": [{"amount": 5, **said}]}) == ()


def test_a_row_without_an_amount_or_whose_status_is_read_is_not_named() -> None:
    assert found({"lines": [{"amount": 0, "voided": True}]}) == ()
    assert found({"lines": [{"amount": 5, "status": "void"}]}) == ()
    row = {"amount": 5, "status": "void", "voided_at": "2026-10-05"}
    assert found({"lines": [row]}) == ()


def test_a_row_whose_status_could_be_read_and_is_not_stated_is_named() -> None:
    row = {"amount": 5, "status": None, "voided": True}
    assert found({"lines": [row]}) == ("`$.lines[0].voided`",)


def test_a_status_that_is_known_and_not_read_says_nothing_and_speaks_for_no_other_key() -> None:
    assert found({"leases": [{"amount": 5, "state": "pending"}]}) == ()
    for state in ("pending", "passed"):
        row = {"amount": 5, "state": state, "voided_at": "2026-10-05"}
        assert found({"leases": [row]}) == ("`$.leases[0].voided_at`",)
