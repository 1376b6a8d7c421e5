"""Tables of any answer: nothing cut, nothing that a terminal would obey."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.table import Table

from billfold import (
    Answer,
    Balance,
    BalanceKind,
    BillfoldError,
    Category,
    Charge,
    Coverage,
    DailyCost,
    Invoice,
    LedgerEntry,
    Period,
    State,
    Stream,
    Usage,
)
from billfold.cli.output.answers import answer_table
from billfold.cli.output.details import charges_table, lines_table, services_table
from billfold.cli.output.folding import Foldable
from billfold.cli.output.notes import answer_notes
from billfold.model import RECORDS
from cli.conftest import STREAMS, stream_command
from cli.output.rendering import eur, plain
from support.records import periods, record, texts

OCTOBER = Period.month(2026, 10)


def sound(item: Any) -> Any:
    """Return the item without checks that compare two currencies, which none does."""
    if not isinstance(item, Usage | Invoice):
        return item
    return evolve(
        item,
        checks=tuple(
            check for check in item.checks if check.stated.currency == check.computed.currency
        ),
    )


@given(st.data())
@settings(max_examples=25)
@pytest.mark.parametrize("stream", Stream)
def test_any_answer_can_be_shown_in_80_columns_if_its_numbers_fit_and_without_control_characters(
    stream, data
) -> None:
    items = tuple(sound(item) for item in data.draw(st.lists(record(RECORDS[stream]), max_size=2)))
    states = data.draw(st.lists(st.sampled_from(State), min_size=1, max_size=3))
    rows = tuple(
        Coverage(data.draw(texts), data.draw(texts), stream, state, detail=data.draw(texts))
        for state in states
    )
    answer = Answer(
        stream,
        data.draw(st.none() | periods),
        items,
        rows,
        (BillfoldError("x\x1b", account="a\x1b"),),
    )
    more = {Stream.USAGE: [services_table, charges_table], Stream.INVOICES: [lines_table]}.get(
        stream, []
    )
    parts = [*answer_table(answer), *(layout(answer) for layout in more), *answer_notes(answer)]
    shown, narrow = plain(*parts), plain(*parts, width=1)
    assert all(char == "\n" or char.isprintable() for char in shown)
    assert max(map(cell_len, shown.splitlines()), default=0) <= max(80, *map(least, parts))
    assert all(number in narrow for part in parts for number in numbers(part))


def numbers(part: object) -> list[str]:
    """Return the numbers of a table, also of what a narrow terminal shows below others."""
    table = part.table if isinstance(part, Foldable) else part
    if not isinstance(table, Table):
        return []
    columns = [column.cells for column in table.columns if column.justify == "right"]
    return [line for cells in columns for cell in cells for line in str(cell).split("\n")]


def least(part: object) -> int:
    """Return the least width: numbers and times in full, a short name in other columns, gaps."""
    table = part.fitting(80) if isinstance(part, Foldable) else part
    if not isinstance(table, Table):
        return 0
    whole = [
        [str(cell) for cell in (column.header, *column.cells)] if column.no_wrap else []
        for column in table.columns
    ]
    lines = [[line for cell in cells for line in cell.split("\n")] for cells in whole]
    return sum(max(map(cell_len, ["x" * 10, *column])) + 2 for column in lines)


def test_daily_bars_share_a_scale_per_currency() -> None:
    days = tuple(
        DailyCost(date(2026, 10, n), eur(cost), provider="p", account="a")
        for n, cost in ((1, "10"), (2, "5"), (3, "0"))
    )
    coverage = (Coverage("a", "p", Stream.DAILY, State.COMPLETE),)
    shown = plain(*answer_table(Answer(Stream.DAILY, None, days, coverage)))
    assert [line.count("█") for line in shown.splitlines()[2:5]] == [24, 12, 0]


@pytest.mark.parametrize("stream", STREAMS)
def test_tables_name_every_account_that_answered_and_are_never_cut(
    ask, monkeypatch, stream
) -> None:
    answer = Answer.from_json(ask(*stream_command(stream), "--format", "json").out)
    wide = ask(*stream_command(stream))
    monkeypatch.setenv("COLUMNS", "80")
    narrow = ask(*stream_command(stream))
    assert (wide.code, wide.err, narrow.err) == (0, "", "")
    assert max(len(line) for line in narrow.out.splitlines()) <= 80
    for account in {item.account for item in answer}:
        assert account in wide.out
    assert "…" not in wide.out + narrow.out


def test_projects_and_payers_of_one_name_are_told_apart_by_their_ids() -> None:
    def used(ident: str, name: str, kind: str = "sub_account") -> Usage:
        whose: dict[str, Any] = {f"{kind}_id": ident, f"{kind}_name": name}
        one = Charge(ident, Category.USAGE, OCTOBER, "s", eur("1.00"), account="metal", **whose)
        return Usage(OCTOBER, OCTOBER, (one,), provider="latitude", account="metal", **whose)

    projects = [used("proj_1", "One"), used("proj_2", "One"), used("proj_3", "Two")]
    payers = [used(ident, "Acme", "billing_account") for ident in ("org_1", "org_2")]
    answer = Answer(Stream.USAGE, OCTOBER, (*projects, *payers), ())
    for parts in (
        answer_table(answer),
        [charges_table(Answer(Stream.USAGE, OCTOBER, (*projects,), ()))],
    ):
        shown = "\n".join(map(plain, parts))
        assert "One (proj_1)" in shown
        assert "One (proj_2)" in shown
        assert "Two" in shown
        assert "Two (" not in shown
    shown = "\n".join(map(plain, answer_table(answer)))
    assert "Acme (org_1)" in shown
    assert "Acme (org_2)" in shown


NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)


def shown_of(stream: Stream, *items: Any) -> str:
    return "\n".join(map(plain, answer_table(Answer(stream, OCTOBER, items, ()))))


def test_balances_of_two_teams_of_one_name_are_told_apart() -> None:
    def credit(team: str, name: str) -> Balance:
        whose: dict[str, Any] = {"provider": "latitude", "account": "metal"}
        return Balance(eur("5.00"), BalanceKind.CREDIT, f"team:{team}", NOON, name, **whose)

    shown = shown_of(Stream.BALANCES, credit("t1", "T"), credit("t2", "T"), credit("t3", "U"))
    assert "T (team:t1)" in shown
    assert "T (team:t2)" in shown
    assert "U (" not in shown


def day(cost: str, payer: str | None, account: str = "ci") -> DailyCost:
    return DailyCost(
        NOON.date(), eur(cost), provider="harmont", account=account, billing_account_id=payer
    )


def entry(ident: str, payer: str | None, account: str = "ci") -> LedgerEntry:
    whose: dict[str, Any] = {"account": account, "billing_account_id": payer}
    return LedgerEntry(ident, NOON, eur("1.00"), "debit", provider="harmont", **whose)


@pytest.mark.parametrize(
    ("stream", "two", "one_each"),
    [
        (Stream.DAILY, [day("1", "acme"), day("2", "beta")], [day("1", "a"), day("2", "b", "cd")]),
        (
            Stream.LEDGER,
            [entry("1", "acme"), entry("2", "beta")],
            [entry("1", "a"), entry("2", "b", "cd")],
        ),
    ],
)
def test_records_of_an_account_of_several_organizations_say_whose_they_are(
    stream: Stream, two: list[Any], one_each: list[Any]
) -> None:
    lines = shown_of(stream, *two).splitlines()
    assert lines[0].split()[:2] == ["Account", "Organization"]
    assert [line.split()[:2] for line in lines[2:4]] == [["ci", "acme"], ["ci", "beta"]]
    for items in (one_each, two[:1]):
        assert "Organization" not in shown_of(stream, *items)
