"""CSV: columns that do not depend on the data, exact numbers, text that no spreadsheet runs."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from billfold import (
    Answer,
    Category,
    Charge,
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
from billfold.cli.output.formats import answer_csv, csv_cell, spreadsheet_safe
from billfold.model import RECORDS
from cli.conftest import STREAMS, stream_command
from support.csv_readers import READERS, Reader
from support.records import record, texts

OCTOBER = Period.month(2026, 10)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def usage(*charges: Charge) -> Answer[Usage]:
    return Answer(
        Stream.USAGE,
        OCTOBER,
        (Usage(OCTOBER, OCTOBER, charges, provider="harmont", account="ci"),),
        (),
    )


def charge(**given_fields: object) -> Charge:
    fields: dict[str, Any] = {
        "id": "1",
        "category": Category.USAGE,
        "service": "VM",
        "cost": None,
        **given_fields,
    }
    return Charge(provider="harmont", account="ci", period=OCTOBER, **fields)


def test_fields_are_flattened_and_numbers_stay_exact() -> None:
    (row,) = rows(
        answer_csv(
            usage(
                charge(
                    cost=Money(Decimal("-1E-7"), "EUR"),
                    quantity=Decimal("1E+3"),
                    derived=True,
                    tags={"team": "büro", "env": "ci"},
                    description='a "quoted", line',
                )
            )
        )
    )
    assert (row["cost"], row["cost_currency"]) == ("-0.0000001", "EUR")
    assert (row["period_start"], row["period_end"]) == (
        "2026-10-01T00:00:00Z",
        "2026-11-01T00:00:00Z",
    )
    assert (row["quantity"], row["derived"], row["category"]) == ("1000", "true", "usage")
    assert row["tags"] == '{"team": "büro", "env": "ci"}'
    assert row["description"] == 'a "quoted", line'
    assert (row["unit_price"], row["unit_price_currency"], row["unit"]) == ("", "", "")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1"])
def test_text_that_looks_like_a_formula_gets_an_apostrophe(text) -> None:
    (row,) = rows(answer_csv(usage(charge(description=text))))
    assert row["description"] == "'" + text.replace("\t", " ")


def test_control_characters_do_not_pass() -> None:
    (row,) = rows(answer_csv(usage(charge(description="a\x1b[31mb\r\nc\x9b", tags={"k": "\x9b"}))))
    assert row["description"] == "a\N{REPLACEMENT CHARACTER}[31mb\r\nc\N{REPLACEMENT CHARACTER}"
    assert row["tags"] == '{"k": "\N{REPLACEMENT CHARACTER}"}'


def test_an_invoice_has_a_row_per_line_and_one_without_lines() -> None:
    lines = tuple(InvoiceLine(f"l{n}", Money(Decimal(n), "EUR")) for n in (1, 2))
    with_lines = Invoice(
        "a",
        InvoiceKind.METERING,
        Money(Decimal(3), "EUR"),
        lines=lines,
        provider="bnerd",
        account="cloud",
    )
    without = Invoice(
        "b",
        InvoiceKind.LEGAL,
        None,
        issued_on=date(2026, 11, 2),
        reason="not said",
        provider="bnerd",
        account="cloud",
    )
    listed = rows(answer_csv(Answer(Stream.INVOICES, None, (with_lines, without), ())))
    assert [(row["id"], row["total"], row["line_id"], row["line_cost"]) for row in listed] == [
        ("a", "3", "l1", "1"),
        ("a", "3", "l2", "2"),
        ("b", "", "", ""),
    ]
    assert (listed[2]["issued_on"], listed[2]["reason"], listed[2]["kind"]) == (
        "2026-11-02",
        "not said",
        "legal",
    )


@pytest.mark.parametrize(
    ("state", "complete"), [(State.COMPLETE, "true"), (State.PARTIAL, "false")]
)
def test_every_row_says_whether_the_answer_is_complete_and_until_when_it_is_known(
    state: State, complete: str
) -> None:
    now = datetime(2026, 10, 20, 15, 54, tzinfo=UTC)
    coverage = (
        Coverage("ci", "harmont", Stream.USAGE, state, OCTOBER, known_until=now),
        Coverage("metal", "latitude", Stream.USAGE, State.COMPLETE, OCTOBER),
    )
    items = tuple(
        evolve(item, account=name, charges=(evolve(charge(), account=name),))
        for name in ("ci", "metal")
        for item in usage()
    )
    text = answer_csv(Answer(Stream.USAGE, OCTOBER, items, coverage))
    assert text.splitlines()[0].endswith(",known_until,complete")
    assert [(row["account"], row["known_until"], row["complete"]) for row in rows(text)] == [
        ("ci", "2026-10-20T15:54:00Z", complete),
        ("metal", "", complete),
    ]


@pytest.mark.parametrize("stream", Stream)
def test_the_last_column_is_complete(stream: Stream) -> None:
    header, row = answer_csv(Answer(stream, None, (), ())).splitlines()
    assert header.split(",")[-1] == "complete"
    assert row.strip(",") == "false"


@pytest.mark.parametrize("stream", Stream)
def test_the_header_does_not_depend_on_the_records(stream) -> None:
    header, _ = answer_csv(Answer(stream, None, (), ())).splitlines()
    assert {"provider", "account"} <= set(header.split(","))


@given(st.data())
@pytest.mark.parametrize("stream", Stream)
def test_any_record_fits_its_columns(stream, data) -> None:
    item = data.draw(record(RECORDS[stream]))
    text = answer_csv(Answer(stream, None, (item,), ()))
    assert all(None not in row and None not in row.values() for row in rows(text))
    assert all(char in "\r\n" or char.isprintable() for char in text)


@given(texts)
def test_a_safe_text_never_begins_like_a_formula(text) -> None:
    assert not spreadsheet_safe(text).lstrip().startswith(("=", "+", "-", "@"))


def test_times_are_utc() -> None:
    assert csv_cell(datetime(2026, 10, 1, 12, tzinfo=UTC)) == "2026-10-01T12:00:00Z"


@pytest.mark.parametrize("stream", STREAMS)
def test_csv_has_a_row_per_record_charge_or_line(ask, stream) -> None:
    answer = Answer.from_json(ask(*stream_command(stream), "--format", "json").out)
    done = ask(*stream_command(stream), "--format", "csv")
    counted = {
        "usage": lambda: sum(len(usage.charges) for usage in answer),
        "invoices": lambda: sum(max(len(invoice.lines), 1) for invoice in answer),
    }
    assert done.code == 0
    assert len(rows(done.out)) == counted.get(stream, lambda: len(answer))()


def test_nothing_to_list_and_nothing_answered_are_told_apart() -> None:
    """An idle month has no charge, and all of it was read; where nobody answers it was not."""
    until = datetime(2026, 10, 9, tzinfo=UTC)
    read = Coverage("ci", "harmont", Stream.USAGE, State.COMPLETE, OCTOBER, known_until=until)
    unread = Coverage("ci", "harmont", Stream.USAGE, State.FAILED)
    (idle,) = rows(answer_csv(evolve(usage(), coverage=(read,))))
    (failed,) = rows(answer_csv(Answer(Stream.USAGE, OCTOBER, (), (unread,))))
    assert {name: cell for name, cell in idle.items() if cell} == {
        "known_until": "2026-10-09T00:00:00Z",
        "complete": "true",
    }
    assert {name: cell for name, cell in failed.items() if cell} == {"complete": "false"}


@pytest.mark.usefixtures("two_accounts")
def test_csv_of_nothing_is_a_row_that_says_so(billfold) -> None:
    done = billfold("--account", "bad", "balances", "--format", "csv")
    assert done.out == (
        "provider,account,amount,amount_currency,kind,scope,as_of,scope_name,"
        "billing_account_id,complete\r\n,,,,,,,,,false\r\n"
    )
    assert "bad (latitude) failed" in done.err


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_reads_back_what_was_written(tmp_path: Path, reader: Reader) -> None:
    texts = {
        "a lone\rcarriage return": "a lone\rcarriage return",
        "two\r\nlines": "two\r\nlines",
        'q"q", x': 'q"q", x',
        "=1+1": "'=1+1",
        "x;=1+1;y": "x;'=1+1;y",
        "zero\0byte": "zero\N{REPLACEMENT CHARACTER}byte",
    }
    charges = (
        charge(id=str(n), description=text, cost=Money(Decimal("1.00"), "EUR"))
        for n, text in enumerate(texts)
    )
    path = tmp_path / "usage.csv"
    path.write_text(answer_csv(usage(*charges)), "utf-8", newline="")
    read = reader(path, ("description", "cost"))
    assert [text for text, _ in read] == list(texts.values())
    assert {cost for _, cost in read} == {"1.00"}
