"""What billfold writes as CSV is what others read: text by text, line breaks included."""

import csv
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow.csv

from billfold.files import csv_writer

# A line break of each kind, alone, within, at both ends, beside quotes and commas.
TEXTS = ["a\nb", "a\r\nb", "a\rb", "\n", "\r", "x\r", "\ry", '"\r\n"', "a,\nb", 'q"q', "plain", ""]


def test_csv_is_read_back_as_it_was_line_breaks_and_all(tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv_writer(file).writerows(
            [("n", "text", "end"), *((n, t, "e") for n, t in enumerate(TEXTS))]
        )
    with path.open(newline="", encoding="utf-8") as file:
        assert [row["text"] for row in csv.DictReader(file)] == TEXTS
    assert list(pandas.read_csv(path, dtype=str, keep_default_na=False)["text"]) == TEXTS
    assert [text or "" for text in polars.read_csv(path, infer_schema=False)["text"]] == TEXTS
    options = pyarrow.csv.ParseOptions(newlines_in_values=True)
    arrow = pyarrow.csv.read_csv(path, parse_options=options)
    assert [text or "" for text in arrow["text"].to_pylist()] == TEXTS
    with duckdb.connect() as database:
        read = database.execute(
            "SELECT text FROM read_csv(?, header = true)", [str(path)]
        ).fetchall()
    assert [text or "" for (text,) in read] == TEXTS
