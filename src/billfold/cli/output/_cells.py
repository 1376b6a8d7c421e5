"""Values as people read them: rounded money, UTC times to the minute, what is unknown dimmed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, TypeVar

from rich.box import Box
from rich.console import JustifyMethod
from rich.table import Table
from rich.text import Text

from billfold.answer import Answer
from billfold.money import Money, plain
from billfold.period import Period
from billfold.printable import printable

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

NOT_STATED = "not stated"
HOLE, WARNING = "*", "!"  # marks in tables that point at the notes below
_MOST_CHARACTERS = 1000  # of one value; CSV and JSON have all of it
_PLACES = 4
_EXACT = Context(prec=100)
_EIGHTHS = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")

_LINES = Box("    \n    \n ── \n    \n ── \n ── \n    \n    \n")


def title(name: str, details: str = "") -> Text:
    """Return a heading: a name, and dim details beside it."""
    return Text(name, "bold cyan") + Text(f"  {details}" if details else "", "dim")


def new_table(*columns: str) -> Table:
    """Return an empty table; nothing in it is cut off.

    A column whose name begins with ``#`` holds numbers and one with ``=`` times: neither is folded.
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
        whole, name = column[:1] in ("#", "="), column.lstrip("#=")
        justify: JustifyMethod = "right" if column.startswith("#") else "left"
        table.add_column(name, justify=justify, no_wrap=whole, overflow="fold")
    return table


def add_row(table: Table, *values: object) -> None:
    """Add a row of any values."""
    table.add_row(*map(cell, values))


def cell(value: object, style: str = "") -> Text:
    """Return a value as a cell; None is a dim dash, and other text is made harmless.

    A text too long to read is cut, with its length.
    """
    match value:
        case Text():
            return value
        case None:
            return Text("-", "dim")
        case Money():
            return money_cell(value, style)
        case Period():
            return Text(_window_text(value), style)
        case datetime():
            return Text(f"{value:%Y-%m-%d %H:%M}", style)
        case _:
            return Text(_readable(str(value)), style)


def _readable(text: str) -> str:
    # Every row of a table is as wide as its widest one, and a provider may send megabytes.
    if len(text) <= _MOST_CHARACTERS:
        return printable(text).rstrip()
    return f"{printable(text[:_MOST_CHARACTERS])}... ({len(text):,} characters)"


def stack(*values: object) -> Text:
    """Return values under each other, for one cell; None is left out."""
    return Text("\n").join(cell(value) for value in values if value is not None)


def rounded_amount(money: Money) -> str:
    """Return an amount rounded to the currency's unit, marked ``~`` if only rounding makes it 0."""
    text = money.rounded()
    return f"~{text}" if money.amount and not Decimal(text) else text


def amount_cell(money: Money | None, style: str = "") -> Text:
    """Return a rounded amount without its currency, which the column has."""
    return cell(None if money is None else rounded_amount(money), style)


def money_cell(money: Money | None, style: str = "") -> Text:
    """Return a rounded amount with its currency; one that nobody states is dim."""
    if money is None:
        return Text(NOT_STATED, "dim")
    return Text(f"{rounded_amount(money)} {money.currency}", style)


def sums_cell(sums: Iterable[Money], style: str = "") -> Text:
    """Return amounts of several currencies under each other, as what they are: parts of one sum."""
    amounts = list(sums)
    if not amounts:
        return cell(None)
    others = (_added(money, style) for money in amounts[1:])
    return Text("\n").join([money_cell(amounts[0], style), *others])


def _added(money: Money, style: str) -> Text:
    sign = "- " if rounded_amount(money).lstrip("~").startswith("-") else "+ "
    return Text(sign, "dim") + money_cell(abs(money) if sign == "- " else money, style)


def _window_text(period: Period) -> str:
    """Return a period; a day is itself, bounds within days are days, and a year is there once."""
    if "T" not in str(period):
        return period_text(period)
    start, end = f"{period.start:%Y-%m-%d}", f"{period.end:%Y-%m-%d}"
    return f"{start}..{end.removeprefix(start[:5])}"


def period_text(period: Period) -> str:
    """Return a period in full, whose midnights are days: ``2026-11-16 to 2026-11-22 05:04 UTC``.

    A whole day is itself, as ``--period`` takes it.
    """
    if period == Period.day(period.start.date()):
        return f"{period.start:%Y-%m-%d}"
    if "T" not in (text := str(period)):
        return text
    start, end = (f"{bound:%Y-%m-%d %H:%M:%S}" for bound in (period.start, period.end))
    return f"{_short(start)} to {_short(end)} UTC"


def _short(time: str) -> str:
    return time.removesuffix(" 00:00:00").removesuffix(":00")


def quantity_cell(value: Decimal | None, unit: str | None = None) -> Text:
    """Return a quantity to at most four decimals, and its unit."""
    if value is None:
        return cell(None)
    if -int(value.as_tuple().exponent) > _PLACES:
        value = value.quantize(Decimal(1).scaleb(-_PLACES), ROUND_HALF_UP, _EXACT)
    return cell(f"{plain(value)} {unit or ''}")


def total_mark(*, complete: bool) -> Text:
    """Return the mark of a total: one that misses something is marked."""
    return Text("" if complete else HOLE, "yellow")


def item_mark(answer: Answer[Any], item: Any) -> Text:
    """Return the mark of an item: a failed check, and an account with a hole, are marked."""
    checks = getattr(item, "checks", ())
    failed = any(not check.holds and not check.gap.is_rounding_noise() for check in checks)
    hole = any(row.account == item.account for row in answer.holes)
    return Text((WARNING if failed else "") + (HOLE if hole else ""), "yellow")


def bar(length: int, longest: int, width: int = 24) -> str:
    """Return a bar of ``width`` characters for ``longest``, in eighths of a character."""
    eighths = length * width * 8 // longest if longest else 0
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8]


def bar_length(money: Money) -> int:
    """Return the hundredths of an amount without its sign."""
    return int(_EXACT.multiply(money.amount.copy_abs(), 100))


def mark_group_starts(values: Iterable[V], key: Callable[[V], object]) -> Iterator[tuple[bool, V]]:
    """Pair every value with whether its key differs from the one before; what repeats is blank."""
    previous: object = object()
    for value in values:
        current = key(value)
        yield current != previous, value
        previous = current


def grouped(values: Iterable[V], key: Callable[[V], K]) -> dict[K, list[V]]:
    """Return values by their key, in the order in which the keys come first."""
    groups: dict[K, list[V]] = {}
    for value in values:
        groups.setdefault(key(value), []).append(value)
    return groups
