"""What Acme's replies mean, where they are odd; the money is added up by hand."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from billfold_acme import parse, wire

from billfold.money import Money
from billfold.period import Period
from billfold.wire import DriftError, decode

OCTOBER = Period.month(2026, 10)
BILL = wire.WireBill(Decimal("1.30"), "eur")


def lines(*rows: str) -> tuple[wire.WireLine, ...]:
    return decode(f'{{"items": [{", ".join(rows)}]}}'.encode(), wire.WireLines).items


def line(ident: str, day: str, cost: str, more: str = "") -> str:
    times = f'"started_at": "{day}T10:00:00Z", "ended_at": "{day}T11:00:00Z"'
    return f'{{"id": "{ident}", "product": "Anvil M", {times}, "cost": {cost}{more}}}'


def test_a_line_of_another_window_counts_in_no_other() -> None:
    """1.00 + 0.30 in October; the 7.00 of November are November's."""
    rows = (line("a", "2026-10-31", "1.00"), line("b", "2026-11-01", "7.00"))
    read = lines(*rows, line("c", "2026-10-01", "0.30"))
    usage = parse.usage(OCTOBER, OCTOBER, read, BILL)
    assert [charge.id for charge in usage.charges] == ["a", "c"]
    assert usage.totals() == {"EUR": Money(Decimal("1.30"), "EUR")}
    assert all(check.holds for check in usage.checks)
    assert parse.outside(OCTOBER, read) == "lines that did not start in 2026-10 are left out: 1"


def test_an_odd_note_or_quantity_loses_no_cost() -> None:
    read = lines(line("a", "2026-10-31", "1.30", ', "note": [], "hours": "two"'))
    (charge,) = parse.usage(OCTOBER, OCTOBER, read, BILL).charges
    assert (charge.cost, charge.description, charge.quantity) == (
        Money(Decimal("1.30"), "EUR"),
        None,
        None,
    )


@pytest.mark.parametrize("cost", ['"1,30"', '"1_3"', "[]", "null"])
def test_a_cost_that_cannot_be_read_is_drift_by_its_path(cost: str) -> None:
    with pytest.raises(DriftError, match=r"`\$\.items\[0\]\.cost`"):
        lines(line("a", "2026-10-31", cost))


def test_a_day_that_has_begun_and_is_not_stated_is_missing_and_never_zero() -> None:
    rows = b'[{"date": "2026-09-30", "cost": 5}, {"date": "2026-10-01", "cost": 0}]'
    reply = decode(b'{"currency": "EUR", "days": %s}' % rows, wire.WireDays)
    window = Period.days(date(2026, 10, 1), date(2026, 10, 4))
    days = parse.within(window, parse.daily(reply))
    assert [(day.date.day, str(day.cost)) for day in days] == [(1, "0 EUR")]
    noon = datetime(2026, 10, 3, 12, tzinfo=UTC)
    assert parse.missing(days, window, noon) == (date(2026, 10, 2), date(2026, 10, 3))


@pytest.mark.parametrize(("status", "counts"), [("paid", True), ("draft", False), ("void", False)])
def test_a_draft_asks_for_no_money(status: str, counts: bool) -> None:
    row = wire.WireInvoice("i", "R-1", True, status, Decimal("1.19"), "EUR")
    assert parse.invoice(row).counts is counts


def test_an_error_with_an_odd_wait_still_has_its_words() -> None:
    problem = parse.problem(b'{"code": "E429", "message": "Slow down.", "wait": "soon"}')
    assert (problem.code, problem.message, problem.retry_after) == ("E429", "Slow down.", None)
