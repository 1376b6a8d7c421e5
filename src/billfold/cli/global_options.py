"""What is said before or behind any command: which accounts, how long, and from where."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from attrs import frozen

from billfold.errors import ConfigError

if TYPE_CHECKING:
    from billfold.accounts.account import Account
    from billfold.accounts.defaults import Defaults
    from billfold.accounts.entry import Entry

T = TypeVar("T", "Account", "Entry")


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
            raise ConfigError(
                "--stored answers only from the store and --live only from the providers: "
                "choose one"
            )
        if self.as_of is not None and not self.stored:
            raise ConfigError("--as-of needs --stored: only the store knows what was known then")

    def require_requests(self, command: str) -> None:
        """Raise ConfigError where a command that cannot do without is to make no request."""
        if self.stored:
            raise ConfigError(
                f"--stored makes no request, and billfold {command} is for nothing else: "
                "leave --stored out"
            )


@frozen(slots=False)  # for cached_property
class GlobalOptions:
    """The options before the command; without names or providers they choose every account."""

    config: Path | None = None
    names: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    deadline: float | None = None
    history: HistoryOptions = HistoryOptions()

    @cached_property
    def defaults(self) -> Defaults:
        """What the configuration says of options that are not given. Raises ConfigError."""
        from billfold.accounts.defaults import read_defaults

        return read_defaults(self.config)

    def require_other_file(self, out: Path) -> None:
        """Raise ConfigError for a file to write that is the configuration."""
        from billfold.accounts.config import source

        used = source(self.config)
        if used is not None and out.exists() and out.samefile(used):
            raise ConfigError(f"{out} is the configuration: name another file to write")

    def seconds(self) -> float | None:
        """Return how long the accounts may take, None for no limit."""
        return self.defaults.deadline if self.deadline is None else self.deadline

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
