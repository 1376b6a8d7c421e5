"""Readers of CSV: each returns columns of a file as texts, and none needs to be told of quotes."""

import csv
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow.csv

Columns = list[tuple[str, ...]]
Reader = Callable[[Path, tuple[str, ...]], Columns]


def by_csv(path: Path, names: tuple[str, ...]) -> Columns:
    with path.open(newline="", encoding="utf-8") as file:
        return [tuple(row[name] for name in names) for row in csv.DictReader(file)]


def by_duckdb(path: Path, names: tuple[str, ...]) -> Columns:
    with duckdb.connect() as database:
        query = f"SELECT {', '.join(names)} FROM read_csv(?, all_varchar = true)"
        return database.execute(query, [str(path)]).fetchall()


def by_pyarrow(path: Path, names: tuple[str, ...]) -> Columns:
    types = dict.fromkeys(names, pyarrow.string())
    options = pyarrow.csv.ConvertOptions(column_types=types, include_columns=list(names))
    table = pyarrow.csv.read_csv(path, convert_options=options)
    return list(zip(*(table[name].to_pylist() for name in names), strict=True))


def by_polars(path: Path, names: tuple[str, ...]) -> Columns:
    return polars.read_csv(path, infer_schema=False).select(names).rows()


def by_pandas(path: Path, names: tuple[str, ...]) -> Columns:
    frame = pandas.read_csv(path, dtype=str)
    return list(zip(*(frame[name] for name in names), strict=True))


READERS: list[Reader] = [by_csv, by_duckdb, by_pyarrow, by_polars, by_pandas]
