"""Values as people read them: rounded money, UTC times to the minute, what is unknown dimmed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from rich.box import Box
from rich.table import Table
from rich.text import Text

from billfold.cli.output.terminal import printable
from billfold.money import Money, plain
from billfold.period import Period

NOT_STATED = "not stated"
_PLACES = 4
_EXACT = Context(prec=100)
_EIGHTHS = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")
_SPARKS = " ▁▂▃▄▅▆▇█"

_LINES = Box("    \n    \n ── \n    \n ── \n ── \n    \n    \n")


def new_table(*columns: str | tuple[str, str]) -> Table:
    """Return an empty table.

    A column given as ``(name, "right")`` holds numbers, which are never folded. Nothing is cut off.
    """
    table = Table(
        box=_LINES,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1),
        collapse_padding=True,
        header_style="bold",
    )
    for column in columns:
        name, align = (column, "left") if isinstance(column, str) else column
        right = align == "right"
        table.add_column(name, justify="right" if right else "left", no_wrap=right, overflow="fold")
    return table


def text_cell(value: object, style: str = "") -> Text:
    """Return any value as harmless text; None is a dim dash."""
    return dash() if value is None else Text(printable(str(value)).rstrip(), style)


def dash() -> Text:
    """Return a dim dash, which stands for no value."""
    return Text("-", "dim")


def stack(*lines: Text | None) -> Text:
    """Return texts under each other, for one cell."""
    return Text("\n").join(line for line in lines if line is not None)


def rounded_amount(money: Money) -> str:
    """Return an amount rounded to the currency's unit, marked ``~`` if only rounding makes it 0."""
    text = money.rounded()
    return f"~{text}" if money.amount and not Decimal(text) else text


def money_cell(money: Money | None, style: str = "") -> Text:
    """Return a rounded amount with its currency; one that nobody states is dim."""
    if money is None:
        return Text(NOT_STATED, "dim")
    negative = "red" if money.amount < 0 else ""
    return Text(f"{rounded_amount(money)} {money.currency}", style or negative)


def time_cell(when: datetime | date | None) -> Text:
    """Return a UTC time to the minute, or a day."""
    if when is None:
        return dash()
    return Text(f"{when:%Y-%m-%d %H:%M}" if isinstance(when, datetime) else when.isoformat())


def period_cell(period: Period | None) -> Text:
    """Return a period; bounds within a day are shown as days, and a year once."""
    if period is None:
        return dash()
    text = str(period)
    if len(text) <= len("2026-10-01..2026-10-15"):
        return Text(text)
    start, end = f"{period.start:%Y-%m-%d}", f"{period.end:%Y-%m-%d}"
    return Text(f"{start}..{end.removeprefix(start[:5])}")


def quantity_cell(value: Decimal | None, unit: str | None = None) -> Text:
    """Return a quantity to at most four decimals, and its unit."""
    if value is None:
        return dash()
    if -int(value.as_tuple().exponent) > _PLACES:
        value = value.quantize(Decimal(1).scaleb(-_PLACES), ROUND_HALF_UP, _EXACT)
    return Text(f"{plain(value)} {printable(unit or '')}".rstrip())


def bar(length: int, longest: int, width: int = 24) -> str:
    """Return a bar of ``width`` characters for ``longest``, in eighths of a character."""
    eighths = length * width * 8 // longest if longest else 0
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8]


def sparkline(amounts: Sequence[Money]) -> str:
    """Return amounts of one currency as a row of small bars; only zero is blank."""
    lengths = [bar_length(money) for money in amounts]
    longest = max(lengths, default=0)
    return "".join(_SPARKS[-(-length * 8 // longest)] if length else " " for length in lengths)


def bar_length(money: Money) -> int:
    """Return the hundredths of an amount without its sign."""
    return int(_EXACT.multiply(money.amount.copy_abs(), 100))


def mark_group_starts(
    values: Iterable[Any], key: Callable[[Any], Any]
) -> Iterator[tuple[bool, Any]]:
    """Pair every value with whether its key differs from the one before.

    What repeats can then be left blank.
    """
    previous: Any = object()
    for value in values:
        current = key(value)
        yield current != previous, value
        previous = current
