"""CSV: how it is written, and texts that no spreadsheet runs."""

from __future__ import annotations

import csv
import re
from typing import Any, Protocol

# What begins a cell: the text itself, and what follows a separator that a spreadsheet may split at.
# A comma is none: texts with one are quoted where commas separate. What a spreadsheet may pass over
# before a formula (blanks, quotes, controls, what takes no room) is passed over here.
_PASSED_OVER = '[^\\S\t\r\n]|["\\x00-\\x08\\x0e-\\x1f\\x7f\\u200b-\\u200f\\u2060\\ufeff]'
_FORMULA = re.compile(f"(^|[;|\t\r\n])(?=(?:{_PASSED_OVER})*[=+\\-@＝＋－＠])")

_LINE_BREAK = re.compile("\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")


class _Writable(Protocol):
    def write(self, text: str, /) -> object: ...


def csv_writer(target: _Writable) -> Any:
    """Return a writer of CSV as RFC 4180 has it: commas, doubled quotes, lines that end with CRLF.

    A line break in a text is kept as it is, within quotes. With another end of line Python 3.11
    does not quote a lone carriage return, and readers then take it for one. Open files for it with
    ``newline=""``.
    """
    return csv.writer(target, lineterminator="\r\n")


def without_formulas(text: str) -> str:
    """Return text that no spreadsheet runs as a formula, whatever separates the file's cells.

    What begins with ``=``, ``+``, ``-`` or ``@`` gets an apostrophe in front, also behind a
    semicolon, bar, tab or line break within the text. Full-width signs count, too.
    """
    return _FORMULA.sub(r"\1'", text)


def one_line(text: str) -> str:
    """Return text with a blank for each line break, for readers that take each line for a row."""
    return _LINE_BREAK.sub(" ", text)
