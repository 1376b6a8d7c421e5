"""What holds many records is one short line in a console, a log and a debugger."""

from attrs import evolve

from billfold import (
    Answer,
    Balance,
    BalanceKind,
    Check,
    Coverage,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    Money,
    Period,
    State,
    Stream,
    Usage,
)
from billfold.costs import cost_view, priced_lines, trend_view
from billfold.period import midnight
from billfold.reconcile import Reconciliation
from support.toys import OCTOBER, eur, usage

COMPLETE = Coverage("a1", "toy", Stream.USAGE, State.COMPLETE, OCTOBER)
HOLE = Coverage("a2", "toy", Stream.USAGE, State.PARTIAL, OCTOBER)


def answer(*rows: Coverage, charges: int = 2) -> Answer[Usage]:
    return Answer(Stream.USAGE, OCTOBER, (usage(*["1.105"] * charges),), rows)


def test_an_answer_says_its_stream_period_items_state_and_totals() -> None:
    assert repr(answer(COMPLETE)) == "<Answer usage 2026-10: 1 item, complete, 2.21 EUR>"
    assert (
        repr(answer(COMPLETE, HOLE))
        == "<Answer usage 2026-10: 1 item, not complete (1 hole), 2.21 EUR>"
    )
    assert repr(Answer(Stream.USAGE, None, (), ())) == (
        "<Answer usage current: 0 items, not complete>"
    )


def test_balances_are_shown_per_kind() -> None:
    now = midnight(OCTOBER.start.date())
    items = (
        Balance(eur("1"), BalanceKind.PREPAID, "one", now),
        Balance(Money.parse("-2 USD"), BalanceKind.CREDIT, "two", now),
    )
    row = evolve(COMPLETE, stream=Stream.BALANCES, covers=None)
    assert repr(Answer(Stream.BALANCES, None, items, (row,))) == (
        "<Answer balances current: 2 items, complete, prepaid 1.00 EUR, credit -2.00 USD>"
    )


def test_its_length_does_not_grow_with_its_records() -> None:
    many = answer(COMPLETE, charges=3_000)
    for shown in (repr(many), repr(many.items[0]), repr(cost_view_of(many))):
        assert len(shown) < 120
        assert "\n" not in shown


def test_a_usage_says_whose_it_is_and_which_checks_do_not_hold() -> None:
    whole = usage("1.10", "2.20")
    assert repr(whole) == "<Usage a1 2026-10: 2 charges, 3.30 EUR>"
    check = Check("total", eur("1"), eur("2"))
    failed = evolve(whole, sub_account_name="web\x1b[31m" + "x" * 90, checks=(check,))
    assert repr(failed) == (
        f"<Usage a1 web\N{REPLACEMENT CHARACTER}[31m{'x' * 52}... 2026-10: 2 charges, "
        "1 check does not hold, 3.30 EUR>"
    )


def test_an_invoice_says_its_kind_number_and_total() -> None:
    line = InvoiceLine("l1", eur("5"))
    bill = Invoice(
        "i-1",
        InvoiceKind.LEGAL,
        eur("5"),
        number="R7",
        period=OCTOBER,
        lines=(line,),
        account="k8s",
    )
    assert repr(bill) == "<Invoice k8s legal R7 2026-10: 1 line, 5.00 EUR>"
    draft = evolve(bill, number=None, total=None, counts=False, lines=())
    assert repr(draft) == ("<Invoice k8s legal i-1 2026-10: 0 lines, not counted, not stated>")


def cost_view_of(asked: Answer[Usage]) -> object:
    lines = priced_lines(asked)
    return cost_view(asked, lines, by="provider,service", currency=None, partial=True)


def test_a_cost_view_says_its_dimensions_rows_and_totals() -> None:
    assert repr(cost_view_of(answer(COMPLETE))) == (
        "<CostView 2026-10 by provider, service: 1 row, complete, 2.21 EUR>"
    )
    assert "not complete (1 hole)" in repr(cost_view_of(answer(COMPLETE, HOLE)))


def test_a_trend_says_its_months() -> None:
    september = evolve(answer(COMPLETE), requested=Period.parse("2026-09"))
    shown = trend_view([september, answer(COMPLETE)], by="provider", currency=None, now=OCTOBER.end)
    assert repr(shown) == "<Trend 2026-09 to 2026-10: 2 months, complete, 1 row>"


def test_a_reconciliation_says_what_agrees() -> None:
    assert repr(Reconciliation(OCTOBER, (), (HOLE,), ())) == (
        "<Reconciliation 2026-10: 0 identities, 0 gaps, 1 not read>"
    )
