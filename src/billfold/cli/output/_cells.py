"""Values as people read them: rounded money, UTC times to the minute, holes dimmed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from rich.box import Box
from rich.table import Table
from rich.text import Text

from billfold.cli.output.terminal import clean
from billfold.errors import CurrencyError
from billfold.money import Money, plain
from billfold.period import Period

UNSTATED = "not stated"
_PLACES, _ROOM = 4, Context(prec=100)

_LINES = Box("    \n    \n ── \n    \n ── \n ── \n    \n    \n")


def grid(*columns: str | tuple[str, str]) -> Table:
    """Make an empty table; a column given as ``(name, "right")`` holds numbers, which are never folded. Nothing is cut off."""
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


def words(text: object, style: str = "") -> Text:
    """Write anything as harmless text; None is a dim dash."""
    return dash() if text is None else Text(clean(str(text)).rstrip(), style)


def dash() -> Text:
    """Stand for what there is nothing to say about."""
    return Text("-", "dim")


def stacked(*lines: Text | None) -> Text:
    """Put texts under each other in one cell."""
    return Text("\n").join(line for line in lines if line is not None)


def amount(money: Money) -> str:
    """Round for a human; an amount that is not zero but rounds to it is marked ``~``."""
    text = money.rounded()
    return f"~{text}" if money.amount and not Decimal(text) else text


def cash(money: Money | None, style: str = "") -> Text:
    """Write an amount with its currency; what nobody states is dim."""
    if money is None:
        return Text(UNSTATED, "dim")
    return Text(f"{amount(money)} {money.currency}", style or ("red" if money.amount < 0 else ""))


def noise(gap: Money) -> bool:
    """Tell whether a gap is less than half the currency's smallest unit, so that rounding alone can have made it."""
    try:
        return abs(gap) * 2 < Money.minor(1, gap.currency)
    except CurrencyError:
        return False


def moment(when: datetime | date | None) -> Text:
    """Write a UTC time to the minute, or a day."""
    if when is None:
        return dash()
    return Text(f"{when:%Y-%m-%d %H:%M}" if isinstance(when, datetime) else when.isoformat())


def window(period: Period | None) -> Text:
    """Write a period; bounds within a day only as the days, and a year once."""
    if period is None:
        return dash()
    if len(text := str(period)) <= len("2026-10-01..2026-10-15"):
        return Text(text)
    start, end = f"{period.start:%Y-%m-%d}", f"{period.end:%Y-%m-%d}"
    return Text(f"{start}..{end.removeprefix(start[:5])}")


def number(value: Decimal | None, unit: str | None = None) -> Text:
    """Write a quantity to at most four decimals, and its unit."""
    if value is None:
        return dash()
    places = -int(value.as_tuple().exponent)
    short = (
        value
        if places <= _PLACES
        else value.quantize(Decimal(1).scaleb(-_PLACES), ROUND_HALF_UP, _ROOM)
    )
    return Text(f"{plain(short)} {clean(unit or '')}".rstrip())


def bar(share: int, of: int, width: int = 24) -> str:
    """Draw ``share`` of ``of`` as a bar, in eighths of a character."""
    eighths = share * width * 8 // of if of else 0
    return "█" * (eighths // 8) + ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")[eighths % 8]


def spark(amounts: Sequence[Money]) -> str:
    """Draw amounts of one currency as a row of small bars; only nothing is blank."""
    lengths = [hundredths(money) for money in amounts]
    top = max(lengths, default=0)
    return "".join(" ▁▂▃▄▅▆▇█"[-(-share * 8 // top)] if share else " " for share in lengths)


def hundredths(money: Money) -> int:
    """Count the hundredths of an amount without its sign: how long its bar is."""
    return int(_ROOM.multiply(money.amount.copy_abs(), 100))


def changes(values: Iterable[Any], key: Callable[[Any], Any]) -> Iterable[tuple[bool, Any]]:
    """Pair every value with whether its key differs from the one before, so that repetitions can be left blank."""
    before: Any = object()
    for value in values:
        now = key(value)
        yield now != before, value
        before = now
