from decimal import Decimal
from typing import Any

import pytest

from billfold.wire.paging_values import counts_rows

# Two rows that come to 1.39, in cents and in units.
CENTS = [{"id": "a", "cents": 100}, {"id": "b", "cents": 39}]
UNITS = [{"id": "a", "cost": Decimal("1.00")}, {"id": "b", "cost": Decimal(1)}]


@pytest.mark.parametrize(
    "body",
    [
        {"data": CENTS, "meta": {"total": 9}},
        {"data": CENTS, "pagination": {"total": "9"}},
        {"data": CENTS, "total": 9},
        {"data": CENTS, "total": 2},
        {"data": [], "total": 9},
        {"data": [5, None], "total": 9},
        {"data": [{"cents": Decimal("1E+999999999")}, {"cents": 1}], "total": 9},
    ],
)
def test_a_whole_number_that_nothing_adds_up_to_counts_rows(body: dict[str, Any]) -> None:
    assert counts_rows(body)


@pytest.mark.parametrize(
    "body",
    [
        {"data": CENTS, "meta": {"total": 139}},
        {"data": CENTS, "total": 139},
        {"data": [{"cents": -100}, {"cents": -39}], "total": 139},
        {"data": [{"cents": 100}, {"cents": 100}], "total": 2},
        {"data": UNITS, "total": 2},
        {"data": CENTS, "total": "9.00"},
        {"data": CENTS, "total": Decimal("9.00")},
        {"data": CENTS, "total": 1.39},
        {"data": CENTS, "total": {"cents": 139}},
        {"data": CENTS, "meta": {"total": None}},
        {"data": CENTS, "spend": {"total": 9}},
        {"data": CENTS, "total": True},
        [{"total": 9}],
    ],
)
def test_money_does_not(body: Any) -> None:
    assert not counts_rows(body)
