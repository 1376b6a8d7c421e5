"""What billfold writes as CSV is what others read, line breaks included, and nothing runs it."""

import csv
import re
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow.csv
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billfold.files import csv_writer, without_formulas

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


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "\t'=1"),
        ("\r=1", "\r'=1"),
        ("a\r\n =1", "a\r\n' =1"),
        ("a;=1", "a;'=1"),
        ('a; "=1"', 'a;\' "=1"'),
        ("a|+1|-2", "a|'+1|'-2"),
        ("\ufeff=1", "'\ufeff=1"),
        ("\0=1", "'\0=1"),
        ("＝1", "'＝1"),
        ('{"k": "a;=1"}', '{"k": "a;\'=1"}'),
        ("a - b = c, -5 %", "a - b = c, -5 %"),
        ("'=1", "'=1"),
        ("", ""),
    ],
)
def test_what_begins_a_formula_behind_any_separator_gets_an_apostrophe(
    text: str, safe: str
) -> None:
    assert without_formulas(text) == safe


@given(st.text(st.sampled_from("=+-@;|\t\r\n\"' a\ufeff\0")))
def test_no_cell_of_a_safe_text_begins_like_a_formula(text: str) -> None:
    safe = without_formulas(text)
    for cell in re.split("[;|\t\r\n]", safe):
        assert not cell.strip(' "\ufeff\0').startswith(("=", "+", "-", "@"))
    assert without_formulas(safe) == safe
    assert safe.replace("'", "") == text.replace("'", "")


def test_a_long_text_takes_linear_time() -> None:
    long = "; " * 100_000 + "=" * 100_000 + " " * 100_000
    assert without_formulas(long).count("'") == 1
