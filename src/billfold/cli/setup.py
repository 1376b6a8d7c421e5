"""What the options say: which accounts, which period, how long, in which format."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from attrs import frozen

from billfold.errors import BillfoldError, ConfigError, PeriodError

if TYPE_CHECKING:
    from billfold.accounts.account import Account
    from billfold.accounts.entry import Entry
    from billfold.period import Period

T = TypeVar("T", "Account", "Entry")


class Format(StrEnum):
    """How an answer is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class Walk(StrEnum):
    """How an explanation is written, which is no table of rows."""

    TABLE = "table"
    JSON = "json"


@frozen
class Setup:
    """The options that every command shares; without names or providers every account is meant."""

    config: Path | None = None
    names: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    deadline: float | None = None

    def entries(self) -> tuple[Entry, ...]:
        """Choose among what is configured. Raises ConfigError for a name or provider that is not, naming those that are."""
        from billfold.accounts.config import entries

        return self.chosen(entries(self.config))

    def chosen(self, there: Sequence[T]) -> tuple[T, ...]:
        """Keep what has one of the names, or one of the providers."""
        if not (self.names or self.providers):
            return tuple(there)
        _known(self.names, [one.name for one in there if one.name], "account is named")
        _known(
            self.providers,
            [one.provider for one in there if one.provider],
            "account has the provider",
        )
        return tuple(
            one for one in there if one.name in self.names or one.provider in self.providers
        )


def _known(asked: Sequence[str], there: Sequence[str], what: str) -> None:
    unknown = [name for name in asked if name not in there]
    if not unknown:
        return
    near = difflib.get_close_matches(unknown[0], there, 1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    listed = ", ".join(dict.fromkeys(there)) or "none"
    raise ConfigError(
        f"no {what} {', '.join(repr(name) for name in unknown)}; {hint}there are: {listed}"
    )


def period(text: str) -> Period | None:
    """Read ``--period``; None is *current*. Raises PeriodError that names the option."""
    from billfold.http.transport import utc_now
    from billfold.period import Period

    if text == "current":
        return None
    if text == "last-month":
        return Period.month_of(utc_now()).previous_month()
    try:
        return Period.parse(text)
    except PeriodError as error:
        raise PeriodError(
            f"--period: {error} (current and last-month are understood, too)"
        ) from None


def configured(incomplete: str) -> list[str]:
    """Complete an account's name, for the shell; a configuration that cannot be read completes nothing."""
    from billfold.accounts.config import entries

    try:
        return [
            entry.name for entry in entries() if entry.name and entry.name.startswith(incomplete)
        ]
    except BillfoldError:
        return []


def installed(incomplete: str) -> list[str]:
    """Complete a provider's name, for the shell."""
    from billfold import adapter

    return [provider for provider in adapter.installed() if provider.startswith(incomplete)]
