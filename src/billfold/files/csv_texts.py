"""CSV: how it is written, and texts that no spreadsheet runs."""

from __future__ import annotations

import csv
import re
from typing import Any, Protocol

# What begins a cell: the text itself, and what follows a separator that a spreadsheet may split at
# (a comma cannot: texts with one are quoted where commas separate, and it is no separator where
# they do not). Blanks and quotes before the formula are passed over, as spreadsheets do.
_FORMULA = re.compile(r"""(^|[;|\t\r\n])(?=[\s"]*[=+\-@＝＋－＠])""")


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
    semicolon, bar, tab or line break within the text.
    """
    return _FORMULA.sub(r"\1'", text)
