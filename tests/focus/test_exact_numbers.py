"""Exported costs keep every digit; what a format cannot hold fails its account alone, by name."""

import json
from collections.abc import Iterator
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.compute
import pyarrow.csv
import pyarrow.dataset
import pyarrow.parquet
import pytest

from billfold import IncompleteError, MoneyError, ProviderError, focus
from support.exports import names, written
from support.shop import NOW, OCTOBER, Shop, charge, entry, eur, fold, legal, usage

# An ordinary double of nineteen decimals, the most that decimal128(38, 24) holds, its smallest.
COSTS = ("0.0033333333333333335", "1234567.123456789012345678901234", "-0.000000000000000000000001")
TOTAL = Decimal("1234567.126790122345679012401233")
TYPE = pyarrow.decimal128(38, 24)
TOO_FINE = "0.0000000000000000000000001"  # twenty-five decimals
TOO_LARGE = "100000000000000"  # fifteen digits


def parquet_sums(path: Path) -> Iterator[Any]:
    with duckdb.connect() as database:
        yield database.execute(
            "SELECT sum(BilledCost) FROM read_parquet(?)", [str(path)]
        ).fetchall()[0][0]
    yield polars.read_parquet(path)["BilledCost"].sum()
    yield pandas.read_parquet(path, dtype_backend="pyarrow")["BilledCost"].sum()
    yield pyarrow.compute.sum(pyarrow.parquet.read_table(path)["BilledCost"]).as_py()


def csv_sums(path: Path) -> Iterator[Any]:
    query = "SELECT sum(BilledCost) FROM read_csv(?, types = {'BilledCost': 'DECIMAL(38, 24)'})"
    with duckdb.connect() as database:
        yield database.execute(query, [str(path)]).fetchall()[0][0]
    columns = {"BilledCost": polars.Decimal(38, 24)}
    yield polars.read_csv(path, schema_overrides=columns)["BilledCost"].sum()
    texts = pandas.read_csv(path, dtype=str)["BilledCost"]
    yield texts.astype(pandas.ArrowDtype(TYPE)).sum()
    options = pyarrow.csv.ConvertOptions(column_types={"BilledCost": TYPE})
    yield pyarrow.compute.sum(
        pyarrow.csv.read_csv(path, convert_options=options)["BilledCost"]
    ).as_py()


@pytest.mark.parametrize(("form", "sums"), [("parquet", parquet_sums), ("csv", csv_sums)])
async def test_duckdb_polars_pandas_and_pyarrow_add_up_to_the_last_digit(
    tmp_path: Path, form: str, sums: Any
) -> None:
    charges = [charge(str(number), cost) for number, cost in enumerate(COSTS)]
    done, _ = await written(tmp_path, Shop((usage(*charges),)), file_format=form)
    assert list(sums(tmp_path / f"cost_and_usage.{form}")) == [TOTAL] * 4
    assert done.totals["EUR"].amount == TOTAL


async def test_csv_writes_every_digit_that_money_has(tmp_path: Path) -> None:
    longest = "1234567890123456789012345678901234567890.1234567890123456789012345678901234567890"
    shop = Shop((usage(charge("1", longest), charge("2", TOO_FINE), charge("3", TOO_LARGE)),))
    done, rows = await written(tmp_path, shop)
    assert [row["BilledCost"] for row in rows["cost_and_usage.csv"]] == [
        longest,
        TOO_FINE,
        "100000000000000.0",
    ]
    assert done.complete
    columns = json.loads((tmp_path / "focus-metadata.json").read_text())["datasets"]
    assert not any("NumberScale" in column for column in columns["cost_and_usage"])


def mixed(odd: str) -> tuple[Shop, Shop]:
    """Return a shop that can be written, and one whose second usage cannot: its first was."""
    good = Shop((usage(charge("1", "1.50"), charge("2", "2.25")),), (entry("coupon", "1"),))
    pages = (charge("3", "7"), charge("4", odd), charge("5", "8"))
    return good, Shop(tuple(usage(page, account="b") for page in pages), bills=())


@pytest.mark.parametrize("odd", [TOO_FINE, TOO_LARGE])
@pytest.mark.parametrize("partition", [False, True])
async def test_a_cost_that_parquet_cannot_hold_fails_its_account_alone(
    tmp_path: Path, odd: str, partition: bool
) -> None:
    options: dict[str, Any] = {"file_format": "parquet", "partition": partition}
    with pytest.raises(
        IncompleteError,
        match=r": invoices and usage of b: failed \(BilledCost of charge 4 of acme is",
    ):
        await written(tmp_path, *mixed(odd), **options)
    assert names(tmp_path) == []
    done, _ = await written(tmp_path, *mixed(odd), **options, allow_partial=True)
    table = pyarrow.dataset.dataset(
        [str(path) for path in done.files if "cost_and_usage" in str(path)]
    ).to_table()
    # 1.50 + 2.25 of the usage, and a coupon of 1: nothing of b, though its first line could be.
    assert table["BilledCost"].to_pylist() == [Decimal("1.50"), Decimal("2.25"), Decimal("-1")]
    assert (done.complete, done.totals, done.rows["cost_and_usage"]) == (
        False,
        {"EUR": eur("3.75")},
        3,
    )
    (failure,) = done.failures
    assert (type(failure), failure.account) == (MoneyError, "b")
    assert f"BilledCost of charge 4 of acme is {odd}: " in failure.message
    assert failure.message.endswith("CSV holds every digit")
    metadata = json.loads((tmp_path / "focus-metadata.json").read_text())
    states = {(row["account"], row["stream"]): row["state"] for row in metadata["coverage"]}
    assert (states["a", "usage"], states["b", "usage"]) == ("complete", "failed")
    assert [row["account"] for row in metadata["failures"]] == ["b"]
    assert metadata["usage_totals"] == {"EUR": "3.75"}
    assert not [file for file in metadata["files"] if "account=b" in file["path"]]
    async with fold(*mixed(odd)) as opened:
        tables = await focus.arrow(opened, period=OCTOBER, allow_partial=True, clock=lambda: NOW)
    assert tables["cost_and_usage"]["x_Account"].to_pylist() == ["a", "a", "a"]


async def test_csv_without_a_failed_accounts_rows_is_whole_and_a_line_per_row(
    tmp_path: Path,
) -> None:
    texts = ["größer\r\nzweite Zeile", 'a\rb "c", d', "x\n"]
    lines = [charge(str(n), "1.50", description=text) for n, text in enumerate(texts)]
    huge = "9" * 40
    odd = tuple(usage(charge(f"x{n}", huge, description="€\r\n"), account="b") for n in (1, 2))
    done, rows = await written(tmp_path, Shop((usage(*lines),)), Shop(odd), allow_partial=True)
    read = [(row["x_Account"], row["ChargeDescription"]) for row in rows["cost_and_usage.csv"]]
    texts = ["größer zweite Zeile", 'a b "c", d', "x "]
    assert read == [("a", text) for text in texts]
    path = tmp_path / "cost_and_usage.csv"
    assert list(pandas.read_csv(path, dtype=str)["ChargeDescription"]) == texts
    with duckdb.connect() as database:
        query = "SELECT ChargeDescription FROM read_csv(?, header = true, all_varchar = true)"
        assert [text for (text,) in database.execute(query, [str(path)]).fetchall()] == texts
    assert path.read_bytes().endswith(b"\r\n")
    assert (done.rows["cost_and_usage"], [error.account for error in done.failures]) == (3, ["b"])


async def test_duckdb_multiplies_as_the_page_says(tmp_path: Path) -> None:
    sold = charge("1", "0.06", quantity=Decimal("2"), unit="hour", unit_price=eur("0.03"))
    await written(tmp_path, Shop((usage(sold),)), file_format="parquet")
    query = "SELECT ListUnitPrice * PricingQuantity::DECIMAL(38, 14) FROM read_parquet(?)"
    with duckdb.connect() as database:
        product = database.execute(query, [str(tmp_path / "cost_and_usage.parquet")]).fetchall()
    assert product == [(Decimal("0.06"),)]


async def test_a_failed_account_leaves_what_was_exported_of_it_before(tmp_path: Path) -> None:
    good, _ = mixed("1")
    before = Shop((usage(charge("3", "7", "b"), account="b"),))
    options: dict[str, Any] = {"file_format": "parquet", "partition": True}
    done, _ = await written(tmp_path, good, before, **options)
    (old,) = [path for path in done.files if "account=b" in str(path)]
    await written(tmp_path, *mixed(TOO_FINE), **options, allow_partial=True)
    assert pyarrow.parquet.read_table(old)["BilledCost"].to_pylist() == [Decimal(7)]
    listed = json.loads((tmp_path / "focus-metadata.json").read_text())["files"]
    assert str(old.relative_to(tmp_path)) in [file["path"] for file in listed]


async def test_where_no_account_can_be_written_nothing_is(tmp_path: Path) -> None:
    shop = Shop((usage(charge("1", TOO_FINE)),))
    with pytest.raises(
        ProviderError, match="nothing was exported: invoices and usage of a: failed"
    ):
        await written(tmp_path, shop, file_format="parquet", allow_partial=True)
    assert names(tmp_path) == []


async def test_amounts_that_do_not_add_up_exactly_fail_their_account_in_csv_too(
    tmp_path: Path,
) -> None:
    huge = "9" * 40  # twice that has 41 digits before the point, one more than an amount may have
    good = Shop((usage(charge("1", "1.50")), usage(charge("2", "2.25"))))
    odd = Shop((usage(charge("3", huge), account="b"), usage(charge("4", huge), account="b")))
    done, rows = await written(tmp_path, good, odd, allow_partial=True)
    lines = [(row["x_Account"], row["BilledCost"]) for row in rows["cost_and_usage.csv"]]
    assert lines == [("a", "1.50"), ("a", "2.25")]
    assert [(error.account, error.message) for error in done.failures] == [
        ("b", "the result has too many digits to be exact")
    ]


async def test_an_invoice_that_parquet_cannot_hold_fails_its_account(tmp_path: Path) -> None:
    shop = Shop((usage(charge("1", "1")),), bills=(legal("1", "1." + "0" * 24 + "1"),))
    good = Shop((usage(charge("2", "2", "b"), account="b"),))
    done, _ = await written(tmp_path, shop, good, file_format="parquet", allow_partial=True)
    assert [error.message.split(":")[0] for error in done.failures] == [
        "BilledCost of invoice 70 of acme is 0.0000000000000000000000001"
    ]
    assert done.rows == {"cost_and_usage": 1, "invoice_detail": 0, "billing_period": 1}


async def test_a_quantity_that_parquet_cannot_hold_is_left_out_and_csv_has_it(
    tmp_path: Path,
) -> None:
    with localcontext() as context:
        context.prec = 31
        third = Decimal(1) / 3
    sold = charge("1", "0.01", quantity=third, unit="hour", unit_price=eur("0.03"))
    _, rows = await written(tmp_path, Shop((usage(sold),)))
    (row,) = rows["cost_and_usage.csv"]
    assert (row["ConsumedQuantity"], row["x_Quantity"]) == ("0." + "3" * 31, "0." + "3" * 31)
    done, _ = await written(tmp_path, Shop((usage(sold),)), file_format="parquet")
    (cells,) = pyarrow.parquet.read_table(done.files[1]).to_pylist()
    assert (cells["BilledCost"], cells["x_Quantity"]) == (Decimal("0.01"), None)
    assert (cells["ListUnitPrice"], cells["PricingQuantity"]) == (Decimal("0.01"), Decimal(1))
