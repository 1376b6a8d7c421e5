"""The options that commands share, and what they mean."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from billfold.costs.policy import Policy
from billfold.errors import BillfoldError, PeriodError

if TYPE_CHECKING:
    from billfold.period import Period

_MONTHS_OFFERED = 12


def complete_periods(incomplete: str) -> list[str]:
    """Return periods that begin so: the words, and the last twelve months, the newest first."""
    from billfold.cli.clock import now
    from billfold.period import Period
    from billfold.period_text import WORDS

    months = [Period.month_of(now())]
    while len(months) < _MONTHS_OFFERED:
        months.append(months[-1].previous_month())
    offered = ("current", *WORDS, "7d", "30d", *map(str, months))
    return [text for text in offered if text.startswith(incomplete.lower())]


class OutputFormat(StrEnum):
    """How a result is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


TABLE = OutputFormat.TABLE
# What --by is where it is not given; each is one or more names with commas.
BY_SERVICE = ["provider,service"]


def read_path(text: str) -> Path:
    """Return the path that an option names. Raises BadParameter, which typer shows, for no name."""
    if not text.strip():
        raise typer.BadParameter("the name is empty")
    return Path(text)


def whole_number(least: int, most: int) -> Callable[[str | int], int]:
    """Return a parser of whole numbers in a range. It raises BadParameter, which typer shows."""

    def parse(given: str | int) -> int:
        text = str(given)  # typer parses an option's default, too
        if re.fullmatch("[0-9]{1,18}", text.strip()) is None or not least <= int(text) <= most:
            raise typer.BadParameter(f"{text!r} is no whole number from {least} to {most}")
        return int(text)

    return parse


FormatOption = Annotated[
    OutputFormat,
    typer.Option(
        "--format",
        "-f",
        case_sensitive=False,
        help="table for reading; json or csv for programs (stdout carries nothing else).",
    ),
]
PeriodOption = Annotated[
    str,
    typer.Option(
        "--period",
        "-p",
        metavar="PERIOD",
        help="2026-10, 2026-10-05, 2026-Q3, 2026, a range like 2026-10-01..2026-10-15 (the end "
        "is excluded), today, yesterday, 7d (the last 7 days), this-month, last-month, or current "
        "(each provider's own); all in UTC.",
        autocompletion=complete_periods,
    ),
]
CurrencyOption = Annotated[
    str | None,
    typer.Option(
        "--in",
        metavar="EUR",
        help="Convert to this currency; the native amounts are shown beside it. native converts "
        "nothing, where the configuration names a currency.",
    ),
]
RatesOption = Annotated[
    Path | None,
    typer.Option(
        metavar="ecb|FILE",
        parser=read_path,
        help="ecb: the ECB's reference rates, as billfold rates update fetched them or as built in "
        "(extra fx), whichever is newer. Or your own: a CSV file with date,base,quote,rate.",
    ),
]
PolicyOption = Annotated[
    Policy | None,
    typer.Option(
        metavar="POLICY",
        case_sensitive=False,
        help="Which day's rate converts a charge: charge-date (the default), month-end, "
        "month-average, or constant (the default with --constant).",
    ),
]
ConstantOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="USD=1.08",
        help="A fixed rate: with --in EUR, USD=1.08 means 1 EUR = 1.08 USD (repeatable).",
    ),
]
StaleRatesOption = Annotated[
    int | None,
    typer.Option(
        metavar="DAYS",
        help="Use the last rate for this many days after the table of rates ends; marked as "
        "estimated.",
        parser=whole_number(0, 3650),
    ),
]
RulesOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        parser=read_path,
        help="Allocate costs to cost centres by the rules in this TOML file.",
    ),
]
LimitOption = Annotated[
    int | None,
    typer.Option(
        "--limit",
        metavar="N",
        parser=whole_number(1, 999_999_999),
        help="Show at most N rows of the table, with the totals of all; json and csv have all.",
    ),
]
SpreadOption = Annotated[
    bool,
    typer.Option(
        "--spread",
        help="Spread each charge without a day over the days of its period. Of billing cycles that "
        "cross the period asked, only its own days count. Parts are marked as estimated.",
    ),
]
PartialOption = Annotated[
    bool, typer.Option("--allow-partial", help="Accept an incomplete total; it is marked as such.")
]


def chosen_period(ctx: typer.Context, text: str) -> Period | None:
    """Return the period of ``--period``, or where it is not given the configuration's.

    Raises PeriodError that names where it stands.
    """
    source = ctx.get_parameter_source("period")
    default = ctx.obj.defaults.period
    if default is None or (source is not None and source.name != "DEFAULT"):
        return read_period(text)
    try:
        return read_period(default)
    except PeriodError as error:
        raise PeriodError(f"[defaults] of the configuration: {error}") from None


def read_period(text: str) -> Period | None:
    """Return the period that ``--period`` names; None is *current*.

    Raises PeriodError that names the option.
    """
    from billfold.cli.clock import now
    from billfold.period import requested_period

    try:
        return requested_period(text, now())
    except PeriodError as error:
        raise PeriodError(f"--period: {error}") from None


def read_period_or_month(text: str) -> Period:
    """Return the period that ``--period`` names; *current* is the running UTC month."""
    from billfold.cli.clock import now
    from billfold.period import Period

    return read_period(text) or Period.month_of(now())


def read_time(text: str) -> datetime:
    """Return the moment of ``--as-of``: a time with its offset, or a UTC day, of which the end.

    Raises BadParameter, which typer shows.
    """
    return _read_moment(text, "end")


def read_start(text: str) -> datetime:
    """Return the moment of ``--since``: a time with its offset, or a UTC day, of which the start.

    Raises BadParameter, which typer shows.
    """
    return _read_moment(text, "start")


def _read_moment(text: str, bound: str) -> datetime:
    from billfold.period import Period, utc

    written, why = text.strip(), ""
    try:
        if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
            day = Period.parse(written)
            return day.start if bound == "start" else day.end
        return utc(datetime.fromisoformat(written))
    except PeriodError as error:
        why = f" ({error})"
    except ValueError:
        pass  # Python's words for what it cannot read are nobody's
    raise typer.BadParameter(
        f"{text!r} is no moment{why}; write 2026-11-03 or 2026-11-03T12:00:00Z"
    )


def read_seconds(text: str) -> float:
    """Return the seconds of ``--deadline``, above zero. Raises BadParameter, which typer shows."""
    from billfold.errors import MoneyError
    from billfold.money import parse_number

    with suppress(MoneyError):
        seconds = parse_number(text)
        if seconds > 0:
            return float(seconds)
    raise typer.BadParameter(f"{text!r} is not more than 0 seconds, written like 30 or 0.5")


def complete_accounts(incomplete: str) -> list[str]:
    """Return the accounts' names that begin so, none where no configuration can be read.

    What is no name is never offered: zsh evaluates what typer hands it (see docs/trust.md).
    """
    from billfold.accounts.config import entries

    try:
        names = [entry.name for entry in entries()]
    except BillfoldError:
        return []
    return [name for name in names if name and name.startswith(incomplete)]


def complete_providers(incomplete: str) -> list[str]:
    """Return the installed providers' names that begin so."""
    from billfold.accounts.account import is_account_name
    from billfold.adapter import installed

    names = filter(is_account_name, installed())
    return [provider for provider in names if provider.startswith(incomplete)]
