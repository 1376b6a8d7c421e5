"""A notebook shows tables: capped, escaped, money on the right, every account's state named."""

from html.parser import HTMLParser

import pytest
from attrs import evolve

from billfold import (
    Answer,
    Balance,
    BalanceKind,
    Cause,
    Coverage,
    Credential,
    DailyCost,
    Invoice,
    InvoiceKind,
    LedgerEntry,
    PaymentMethod,
    State,
    Stream,
    Subscription,
    Usage,
)
from billfold.costs import cost_view, priced_lines
from billfold.notebook import MOST_ROWS
from billfold.reconcile import Identity, NotCompared, Reconciliation
from support.toys import OCTOBER, eur, usage

HOLE = Coverage("a2", "toy", Stream.USAGE, State.DIFFERENT_WINDOW, OCTOBER, "<its> cycle")
ROWS = (Coverage("a1", "toy", Stream.USAGE, State.COMPLETE, OCTOBER), HOLE)


class Table(HTMLParser):
    """Cells by row, with the right ones marked, and the notes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.notes: list[str] = []
        self.tags: set[str] = set()
        self._in = ""
        self._style = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._in, self._style = tag, dict(attrs).get("style") or ""
        if tag == "tr":
            self.rows.append([])

    def handle_data(self, data: str) -> None:
        if self._in == "li":
            self.notes.append(data)
        elif self._in in ("td", "th"):
            self.rows[-1].append(f"{data} |" if "right" in self._style else data)


def answer(*items: Usage) -> Answer[Usage]:
    return Answer(Stream.USAGE, OCTOBER, items, ROWS)


def test_money_and_counts_stand_right_and_states_are_named_holes_first() -> None:
    table = Table(answer(usage("1.105"))._repr_html_())
    assert table.rows == [
        ["Account", "Project", "Period", "Charges", "Cost"],
        ["a1", "-", "2026-10", "1 |", "1.11 EUR |"],
    ]
    assert table.notes == [
        "a2 (toy) usage: different window, <its> cycle",
        "a1 (toy) usage: complete",
    ]


def test_what_comes_from_outside_is_no_markup() -> None:
    named = evolve(usage("1"), sub_account_name="<script>alert(1)</script>\x1b" + "x" * 999)
    html = answer(named)._repr_html_()
    assert "&lt;script&gt;alert(1)" in html
    assert Table(html).tags <= {
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "ul",
        "li",
        "br",
    }
    assert "\x1b" not in html
    assert len(html) < 2_000


def test_only_the_first_rows_are_shown_and_the_others_counted() -> None:
    table = Table(answer(*[usage("1")] * (MOST_ROWS + 5))._repr_html_())
    assert len(table.rows) == 1 + MOST_ROWS
    assert table.notes[0] == "and 5 more rows"


def test_a_total_that_nobody_states_is_no_zero() -> None:
    bill = Invoice("i-1", InvoiceKind.LEGAL, None, account="a1", counts=False)
    table = Table(Answer(Stream.INVOICES, None, (bill,), ())._repr_html_())
    assert table.rows[1] == ["a1", "legal, not counted", "i-1", "-", "0 |", "not stated"]


def test_a_cost_view_shows_its_groups() -> None:
    asked = answer(usage("1.10"))
    view = cost_view(asked, priced_lines(asked), by="provider", currency=None, partial=True)
    assert Table(view._repr_html_()).rows == [["provider", "Cost"], ["toy", "1.10 EUR |"]]
    view = evolve(view, currency="EUR")
    assert Table(view._repr_html_()).rows == [
        ["provider", "Native", "EUR"],
        ["toy", "1.10 EUR |", "-"],
    ]


def test_a_reconciliation_shows_its_gaps_and_what_was_not_compared() -> None:
    identity = Identity("a1", "toy", "usage vs. ledger", OCTOBER, eur("3"), eur("2"), Cause.UNKNOWN)
    left = NotCompared("a1", "toy", None, "days", None, None, "no days")
    table = Table(Reconciliation(OCTOBER, (identity,), ROWS, (), (left,))._repr_html_())
    assert table.rows[1] == [
        *("a1", "usage vs. ledger", "3.00 EUR |", "2.00 EUR |", "1.00 EUR |", "unknown")
    ]
    assert table.notes[0] == "not compared: a1 days: no days"


ITEMS = {
    Stream.BALANCES: Balance(eur("-1"), BalanceKind.CREDIT, "org_1", OCTOBER.end, account="a1"),
    Stream.DAILY: DailyCost(OCTOBER.start.date(), eur("1"), account="a1"),
    Stream.LEDGER: LedgerEntry("e1", OCTOBER.start, eur("1"), "debit", account="a1"),
    Stream.SUBSCRIPTIONS: Subscription("s1", account="a1"),
    Stream.PAYMENT_METHODS: PaymentMethod("pm_1", "card", True, account="a1"),
    Stream.CHECK: Credential("acme", account="a1"),
}
CELLS = {
    Stream.BALANCES: ["a1", "credit", "org_1", "2026-11-01T00:00:00Z", "-1.00 EUR |"],
    Stream.DAILY: ["a1", "2026-10-01", "all", "1.00 EUR |"],
    Stream.LEDGER: ["a1", "2026-10-01T00:00:00Z", "debit", "1.00 EUR |"],
    Stream.SUBSCRIPTIONS: ["a1", "s1", "not stated"],
    Stream.PAYMENT_METHODS: ["a1", "card", "yes"],
    Stream.CHECK: ["a1", "acme"],
}


@pytest.mark.parametrize("stream", ITEMS)
def test_every_stream_has_its_columns(stream: Stream) -> None:
    table = Table(Answer(stream, None, (ITEMS[stream],), ())._repr_html_())
    assert table.rows[1] == CELLS[stream]
