"""Answers and cost views go into pandas, polars, DuckDB and pyarrow as they are, to the last digit."""

import csv
import decimal
import io
import subprocess
import sys
from decimal import Decimal

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from attrs import evolve

from billfold import (
    Answer,
    Balance,
    BalanceKind,
    Coverage,
    DailyCost,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    LedgerEntry,
    MoneyError,
    State,
    Stream,
    Usage,
)
from billfold.cli.output.cost_csv import costs_csv
from billfold.cli.output.formats import answer_csv
from billfold.costs import ConstantRates, CostView, Exchange, Policy, cost_view, priced_lines
from billfold.model import RECORDS
from support.toys import OCTOBER, eur, usage

NOW = OCTOBER.end
# Added up as floats these are 10000000000000.3 or so; exactly they are this.
COSTS = ("10000000000000.1", "0.1", "0.1", "0.000000000000000000000001")
TOTAL = Decimal("10000000000000.300000000000000000000001")


def answer_of(stream: Stream, *items: object) -> Answer[object]:
    row = Coverage("a1", "toy", stream, State.COMPLETE, OCTOBER)
    return Answer(stream, OCTOBER, items, (row,))


USAGE = answer_of(Stream.USAGE, usage(*COSTS), usage(None, name="unstated"))
ITEMS: dict[Stream, tuple[object, ...]] = {
    Stream.USAGE: USAGE.items,
    Stream.BALANCES: (
        Balance(eur("-1.5"), BalanceKind.PREPAID, "org", NOW, account="a1", provider="toy"),
    ),
    Stream.DAILY: (DailyCost(OCTOBER.start.date(), eur("1"), account="a1", provider="toy"),),
    Stream.LEDGER: (LedgerEntry("e1", NOW, eur("-1"), "usage", account="a1", provider="toy"),),
    Stream.INVOICES: (
        Invoice(
            "i-1",
            InvoiceKind.LEGAL,
            eur("3"),
            period=OCTOBER,
            lines=(InvoiceLine("l1", eur("1"), quantity=Decimal("2.5")), InvoiceLine("l2", None)),
            account="a1",
            provider="toy",
        ),
        Invoice("i-2", InvoiceKind.METERING, None, account="a1", provider="toy"),
    ),
}


def view() -> CostView:
    asked: Answer[Usage] = USAGE  # type: ignore[assignment]
    exchange = Exchange(ConstantRates({"EUR": Decimal(1), "USD": Decimal(2)}), Policy.CONSTANT)
    lines = priced_lines(asked, currency="USD", exchange=exchange)
    return cost_view(asked, lines, by="provider,service", currency="USD")


def test_pyarrow_polars_pandas_and_duckdb_add_up_to_the_last_digit() -> None:
    answer = USAGE
    assert pc.sum(pa.table(answer)["cost"]).as_py() == TOTAL
    assert pl.DataFrame(answer)["cost"].sum() == TOTAL
    frame = pd.DataFrame.from_arrow(answer)
    with decimal.localcontext(prec=38):  # Python's own rounds to 28 digits
        assert frame["cost"].dropna().sum() == TOTAL
    (row,) = duckdb.sql("SELECT sum(cost), count(*), count(cost) FROM answer").fetchall()
    assert row == (TOTAL, 5, 4)


def test_a_cost_view_adds_up_in_all_four_too() -> None:
    shown = view()
    dollars = Decimal("20000000000000.600000000000000000000002")
    assert pc.sum(pa.table(shown)["native"]).as_py() == TOTAL
    assert pl.DataFrame(shown)["converted"].sum() == dollars
    assert list(pd.DataFrame.from_arrow(shown)["converted"]) == [dollars]
    assert duckdb.sql("SELECT service, sum(converted) FROM shown GROUP BY ALL").fetchall() == [
        ("Toys", dollars)
    ]


@pytest.mark.parametrize("stream", ITEMS)
def test_the_columns_and_rows_are_those_of_csv(stream: Stream) -> None:
    answer = answer_of(stream, *ITEMS[stream])
    header, *rows = csv.reader(io.StringIO(answer_csv(answer)))
    table = answer.to_arrow()
    assert table.column_names == header
    assert table.num_rows == len(rows)
    nulls = [[value is None for value in row.values()] for row in table.to_pylist()]
    empty = [[not value or value == "{}" for value in row] for row in rows]
    assert nulls == empty


def test_the_columns_of_a_cost_view_are_those_of_csv() -> None:
    header, *rows = csv.reader(io.StringIO(costs_csv(view())))
    assert view().to_arrow().column_names == header
    assert view().to_arrow().num_rows == len(rows) == 1


@pytest.mark.parametrize("stream", RECORDS)
def test_an_empty_answer_has_its_columns(stream: Stream) -> None:
    table = answer_of(stream).to_arrow()
    assert table.num_rows == 0
    assert {"account", "complete"} <= set(table.column_names)


def test_types_are_exact_decimals_times_and_days() -> None:
    schema = answer_of(Stream.INVOICES).to_arrow().schema
    assert schema.field("line_quantity").type == schema.field("total").type == pa.decimal128(38, 24)
    assert schema.field("period_start").type == pa.timestamp("us", "UTC")
    assert schema.field("issued_on").type == pa.date32()
    assert schema.field("complete").type == pa.bool_()


def test_each_row_says_whether_the_answer_is_complete_and_until_when_it_is_known() -> None:
    row = Coverage("a1", "toy", Stream.USAGE, State.PARTIAL, OCTOBER, known_until=NOW)
    holed = evolve(USAGE, coverage=(row,))
    assert {(each["complete"], each["known_until"]) for each in holed.to_arrow().to_pylist()} == {
        (False, NOW)
    }


def test_of_several_accounts_the_error_says_whose_number_does_not_fit() -> None:
    whose = {"provider": "toy", "billing_account_id": "bee"}
    first, odd = (
        DailyCost(OCTOBER.start.date(), eur(cost), account=account, **whose)
        for account, cost in (("a1", "1"), ("a2", "3.552713678800501E-15"))
    )
    with pytest.raises(MoneyError) as raised:
        answer_of(Stream.DAILY, first, odd).to_arrow()
    assert (raised.value.account, raised.value.part) == ("a2", "bee")
    assert str(raised.value) == (
        "a2 bee: cost of day (2026-10-01) is 0.000000000000003552713678800501, and a column "
        "holds 14 digits before the point and 24 behind it"
    )


def test_a_number_that_does_not_fit_is_refused_by_name_and_never_rounded() -> None:
    beyond = answer_of(Stream.USAGE, usage("0.0000000000000000000000001"))
    with pytest.raises(
        MoneyError,
        match=r"cost of charge \S+ \(.*\) is 0.0000000000000000000000001, and a column holds",
    ):
        beyond.to_arrow()


def test_without_pyarrow_the_error_names_what_to_install() -> None:
    script = """
import sys
sys.modules["pyarrow"] = None
from importlib import util
from billfold import Answer, ConfigError, Stream
try:
    Answer(Stream.USAGE, None, (), ()).to_arrow()
except ConfigError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert 'Parquet and Arrow need pyarrow: run pip install "pyarrow' in done.stdout, done.stderr
