"""The options that commands share, and what they mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from attrs import frozen
from typer.core import TyperCommand, TyperGroup

from billfold.costs.policy import Policy
from billfold.errors import BillfoldError, ConfigError, PeriodError

if TYPE_CHECKING:
    from billfold.accounts.account import Account
    from billfold.accounts.entry import Entry
    from billfold.period import Period

T = TypeVar("T", "Account", "Entry")

_NEGATIVE = re.compile(r"-[.,]?\d")


class OutputFormat(StrEnum):
    """How a result is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


TABLE = OutputFormat.TABLE


def read_path(text: str) -> Path:
    """Return the path that an option names. Raises BadParameter, which typer shows, for no name."""
    if not text.strip():
        raise typer.BadParameter("the name is empty")
    return Path(text)


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
        help="2026-10, 2026-10-01, 2026-10..2026-12 or 2026-10-01..2026-10-15 (the end is "
        "excluded), current, or last-month; all in UTC.",
    ),
]
CurrencyOption = Annotated[
    str | None,
    typer.Option(
        "--in",
        metavar="EUR",
        help="Convert to this currency; the native amounts are shown beside it.",
    ),
]
RatesOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        parser=read_path,
        help="Your own exchange rates: a CSV file with date,base,quote,rate. Without it, the "
        "ECB's reference rates (needs the extra fx).",
    ),
]
PolicyOption = Annotated[
    Policy | None,
    typer.Option(
        case_sensitive=False,
        help="Which day's rate converts a charge: charge-date, unless --constant is given.",
    ),
]
ConstantOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="USD=1.08",
        help="A fixed rate: with --in EUR, USD=1.08 means 1 EUR = 1.08 USD (repeatable).",
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
SpreadOption = Annotated[
    bool,
    typer.Option(
        "--spread",
        help="Spread each charge that has no day over the days of its period, and count those of "
        "the period asked for where whole billing cycles cover it. Parts are marked as estimated.",
    ),
]
PartialOption = Annotated[
    bool, typer.Option("--allow-partial", help="Accept an incomplete total; it is marked as such.")
]


@frozen
class HistoryOptions:
    """Where answers come from: the providers, and the store for what they forgot, unless said.

    ``stored`` is the store alone, ``live`` the providers alone. ``as_of`` is the moment whose
    knowledge is answered.
    """

    store: str | None = None
    stored: bool = False
    live: bool = False
    as_of: datetime | None = None

    def require_sense(self) -> None:
        """Raise ConfigError for options that exclude each other."""
        if self.stored and self.live:
            raise ConfigError("--stored is the store alone and --live the providers: choose one")
        if self.as_of is not None and not self.stored:
            raise ConfigError("--as-of is about what was stored: add --stored")


@frozen
class GlobalOptions:
    """The options before the command; without names or providers they choose every account."""

    config: Path | None = None
    names: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    deadline: float | None = None
    history: HistoryOptions = HistoryOptions()

    def chosen_entries(self) -> tuple[Entry, ...]:
        """Return the chosen accounts as configured. Raises ConfigError as ``choose`` does."""
        return self.split_entries()[0]

    def split_entries(self) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
        """Return the chosen accounts as configured, and the names of the others."""
        from billfold.accounts.config import entries

        configured = entries(self.config)
        chosen = self.choose(configured)
        return chosen, self.names_left_out(configured, chosen)

    def names_left_out(self, accounts: Sequence[T], chosen: Sequence[T]) -> tuple[str, ...]:
        """Return the names of the accounts that are not among the chosen ones."""
        kept = {id(account) for account in chosen}
        return tuple(account.name or "?" for account in accounts if id(account) not in kept)

    def choose(self, accounts: Sequence[T]) -> tuple[T, ...]:
        """Return the accounts with one of the names, or of one of the providers.

        Raises ConfigError for a name or provider that no account has, listing those there are.
        """
        from billfold.accounts.selection import select

        return select(accounts, names=self.names, providers=self.providers)


def read_period(text: str) -> Period | None:
    """Return the period that ``--period`` names; None is *current*.

    Raises PeriodError that names the option.
    """
    from billfold.cli.clock import now
    from billfold.period import Period

    word = text.strip().lower().replace("_", "-")
    if word == "current":
        return None
    if word == "last-month":
        return Period.month_of(now()).previous_month()
    try:
        return Period.parse(text)
    except PeriodError as error:
        raise PeriodError(f"--period: {error}; current and last-month are periods, too") from None


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

    try:
        if len(text.strip()) == len("2026-11-03"):
            return getattr(Period.parse(text), bound)  # type: ignore[no-any-return]
        return utc(datetime.fromisoformat(text.strip()))
    except (PeriodError, ValueError) as error:
        raise typer.BadParameter(
            f"{text!r} is no moment ({error}); write 2026-11-03 or 2026-11-03T12:00:00Z"
        ) from None


def read_seconds(text: str) -> float:
    """Return the seconds of ``--deadline``, above zero. Raises BadParameter, which typer shows."""
    from billfold.errors import MoneyError
    from billfold.money import parse_number

    with suppress(MoneyError):
        seconds = parse_number(text)
        if seconds > 0:
            return float(seconds)
    raise typer.BadParameter(f"{text!r} is not more than 0 seconds, written like 30 or 0.5")


def whole_number(least: int, most: int) -> Callable[[str | int], int]:
    """Return a parser of whole numbers in a range. It raises BadParameter, which typer shows."""

    def parse(given: str | int) -> int:
        text = str(given)  # typer parses an option's default, too
        if re.fullmatch("[0-9]{1,18}", text.strip()) is None or not least <= int(text) <= most:
            raise typer.BadParameter(f"{text!r} is no whole number from {least} to {most}")
        return int(text)

    return parse


class GlobalOptionsAnywhere(TyperGroup):
    """The program: its own options are taken behind the command, too."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse what ``args`` say, the program's own options first."""
        theirs = _names_of(self, args)
        names = {name: each for each in self.params for name in each.opts if name not in theirs}
        flags = {name for name, each in names.items() if _is_flag(each)}
        valued = names.keys() - flags
        return super().parse_args(ctx, own_first(args, flags, valued))


def _names_of(program: Any, words: Iterable[str]) -> set[str]:
    """Return the options of the command that words name: they are meant before the program's."""
    command = program
    for word in words:
        command = getattr(command, "commands", {}).get(word, command)
    return set() if command is program else {name for each in command.params for name in each.opts}


def _is_flag(param: Any) -> bool:
    return bool(getattr(param, "is_flag", False))


def own_first(words: Sequence[str], flags: Collection[str], valued: Collection[str]) -> list[str]:
    """Return the words with the program's own options before the command; behind ``--`` is none."""
    own: list[str] = []
    others: list[str] = []
    left = iter(words)
    for word in left:
        name, equals, _ = word.partition("=")
        if word == "--":
            others += [word, *left]
        elif word in flags or (equals and name in valued):
            own.append(word)
        elif word in valued:
            own += [word, *islice(left, 1)]
        else:
            others.append(word)
    return [*own, *others]


class WithAmounts(TyperCommand):
    """A command whose arguments may be negative amounts: ``-12.34`` is no option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse what ``args`` say, negative amounts behind the options."""
        valued = {
            name
            for param in self.params
            if not getattr(param, "is_flag", False)
            for name in param.opts
        }
        return super().parse_args(ctx, amounts_last(args, valued))


def amounts_last(words: Iterable[str], valued: Collection[str]) -> list[str]:
    """Return the words with negative amounts behind ``--``, where nothing is an option.

    Those behind an option that is ``valued`` are its value, and stay.
    """
    before: list[str] = []
    amounts: list[str] = []
    words = iter(words)
    for word in words:
        if word == "--":
            break
        is_value = bool(before) and before[-1] in valued
        (amounts if _NEGATIVE.match(word) and not is_value else before).append(word)
    behind = [*amounts, *words]
    return [*before, "--", *behind] if behind else before


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
