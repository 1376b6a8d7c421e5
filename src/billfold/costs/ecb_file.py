"""The ECB's file of euro reference rates since 1999: a ZIP of one CSV, the newest day first.

``Date,USD,JPY,...`` is its header, a row is ``2026-10-30,1.1592,...`` with ``N/A`` where a currency
has no rate, and every line may end in a comma. Pure.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from io import BytesIO

from attrs import field, frozen

from billfold.counted import counted
from billfold.money import parse_number

# Twenty times what it has today.
_MOST = 64 * 1024 * 1024
# The comment of a ZIP whose rates are made up.
SIMULATED = b"simulated exchange rates"
_NO_RATE = "N/A"
_CODE = re.compile("[A-Z]{3}")
_CELL = r"(?:N/A|(?![0.]+(?:,|$))[0-9]{1,12}(?:\.[0-9]{1,12})?)"


@frozen
class EcbFile:
    """The ECB's table as it was read: each day's row is taken apart when it is asked for.

    ``simulated`` is one that says that it is, as the sandbox's does.
    """

    columns: Mapping[str, int]
    rows: Mapping[date, str] = field(repr=False)
    simulated: bool = False

    @property
    def newest_day(self) -> date:
        """The last day that has rates."""
        return next(iter(self.rows))

    def published(self, currency: str, day: date) -> Decimal | None:
        """Return units of ``currency`` per euro on that very day, None where there are none."""
        if currency == "EUR":
            return Decimal(1)
        row, column = self.rows.get(day), self.columns.get(currency)
        if row is None or column is None:
            return None
        return _rate(row.split(",")[column])

    def require_all(self, known: Iterable[date]) -> None:
        """Raise ValueError unless every rate is one above zero and every known day is there."""
        row_of_rates = re.compile(rf"[0-9-]{{10}}(?:,{_CELL}){{{len(self.columns)}}},?")
        for day, row in self.rows.items():
            if not row_of_rates.fullmatch(row):
                raise ValueError(
                    f"the row of {day} is not {counted(len(self.columns), 'rate')} above zero"
                )
        missing = [day for day in known if day not in self.rows]
        if missing:
            raise ValueError(
                f"it lacks {counted(len(missing), 'day')} that were known before, "
                f"like {max(missing)}"
            )


def read_ecb_file(content: bytes) -> EcbFile:
    """Return the table that a ZIP holds. Raises ValueError that says what is wrong with it."""
    text, comment = _text_and_comment(content)
    header, *lines = text.splitlines() or [""]
    first, *codes = [cell.strip() for cell in header.rstrip(",").split(",")]
    odd = next((code for code in codes if not _CODE.fullmatch(code)), None)
    if first != "Date" or "USD" not in codes or odd or len(set(codes)) != len(codes):
        raise ValueError("its first line is not the header Date,USD,... that the ECB writes")
    rows: dict[date, str] = {}
    before = date.max
    for line in filter(None, map(str.strip, lines)):
        day = _day(line)
        if day >= before:
            raise ValueError(f"{day} comes after {before}: the days are not in order")
        rows[day] = line
        before = day
    if not rows:
        raise ValueError("it has no day")
    columns = {code: column for column, code in enumerate(codes, 1)}
    return EcbFile(columns, rows, comment == SIMULATED)


def _text_and_comment(content: bytes) -> tuple[str, bytes]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = [name for name in archive.namelist() if name.endswith(".csv")]
            if len(names) != 1:
                raise ValueError(f"it is a ZIP of {counted(len(names), 'CSV file')}, not of one")
            with archive.open(names[0]) as file:
                text = file.read(_MOST + 1)
            comment = archive.comment
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise ValueError("it is no ZIP file, or a damaged one") from None
    if len(text) > _MOST:
        raise ValueError(f"it is longer than {_MOST // 2**20} MiB")
    try:
        return text.decode("ascii"), comment
    except UnicodeDecodeError:
        raise ValueError("it is no table of rates") from None


def _day(line: str) -> date:
    text = line.partition(",")[0]
    try:
        if len(text) == len("2026-10-30"):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError(f"{text[:20]!r} is not a day like 2026-10-30")


def _rate(text: str) -> Decimal | None:
    return None if text == _NO_RATE else parse_number(text)
