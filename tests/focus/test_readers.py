"""A FOCUS export is read back as it was by csv, DuckDB, pyarrow, polars and pandas."""

from collections.abc import Iterable
from pathlib import Path

import duckdb
import pyarrow.parquet
import pytest

from billfold import ConfigError
from support.csv_readers import READERS, Reader
from support.exports import written
from support.shop import Shop, charge, usage

COLUMNS = ("ChargeDescription", "BilledCost")
TEXTS = {  # as the provider sends them, and as they are read: a line is a row
    "a lone\rcarriage return": "a lone carriage return",
    "x\r": "x ",
    "two\r\nlines": "two lines",
    "two\nlines": "two lines",
    "separated\u2028lines": "separated lines",
    'quoted "text", and a comma': 'quoted "text", and a comma',
    "\ufeffmark": "\ufeffmark",
    "bell\x07 escape\x1b": "bell\x07 escape\x1b",
    "zero\0byte": "zero\0byte",
    "=1+1": "=1+1",
    "x;=1+1;y": "x;=1+1;y",
    "-5 % off": "-5 % off",
}


def shop(texts: Iterable[str]) -> Shop:
    charges = (charge(str(n), f"-0.{n + 1}", description=text) for n, text in enumerate(texts))
    return Shop((usage(*charges),))


@pytest.mark.parametrize("reader", READERS)
async def test_texts_of_any_kind_and_exact_costs_are_read_back(
    tmp_path: Path, reader: Reader
) -> None:
    await written(tmp_path, shop(TEXTS))
    costs = [f"-0.{n + 1}" for n in range(len(TEXTS))]
    assert reader(tmp_path / "cost_and_usage.csv", COLUMNS) == list(
        zip(TEXTS.values(), costs, strict=True)
    )


async def test_many_rows_with_line_breaks_are_as_many_for_every_reader(tmp_path: Path) -> None:
    await written(tmp_path, shop("a\rb" if n % 3 else "plain" for n in range(6000)))
    for reader in READERS:
        read = reader(tmp_path / "cost_and_usage.csv", COLUMNS)
        assert [text for text, _ in read] == ["a b" if n % 3 else "plain" for n in range(6000)]
    assert (tmp_path / "cost_and_usage.csv").read_bytes().count(b"\n") == 6001


@pytest.mark.parametrize("reader", READERS)
async def test_made_safe_for_spreadsheets_texts_have_an_apostrophe_and_numbers_stay_numbers(
    tmp_path: Path, reader: Reader
) -> None:
    texts = ("=1+1", "x;=1+1;y", "\t@SUM(1)", "plain; text - here")
    await written(tmp_path, shop(texts), spreadsheet_safe=True)
    assert reader(tmp_path / "cost_and_usage.csv", COLUMNS) == [
        ("'=1+1", "-0.1"),
        ("x;'=1+1;y", "-0.2"),
        ("\t'@SUM(1)", "-0.3"),
        ("plain; text - here", "-0.4"),
    ]


async def test_parquet_keeps_texts_as_they_are(tmp_path: Path) -> None:
    await written(tmp_path, shop(TEXTS), file_format="parquet")
    table = pyarrow.parquet.read_table(tmp_path / "cost_and_usage.parquet")
    assert table["ChargeDescription"].to_pylist() == list(TEXTS)


async def test_parquet_needs_no_apostrophes_and_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is for CSV: no formula runs in Parquet"):
        await written(tmp_path, shop(()), spreadsheet_safe=True, file_format="parquet")


async def test_parquet_is_added_up_exactly_by_duckdb(tmp_path: Path) -> None:
    await written(tmp_path, shop(["a", "b\r"]), file_format="parquet")
    with duckdb.connect() as database:
        query = "SELECT sum(BilledCost)::VARCHAR, count(*) FROM read_parquet(?)"
        read = database.execute(query, [str(tmp_path / "cost_and_usage.parquet")]).fetchall()
    assert read == [("-0.300000000000000000000000", 2)]
