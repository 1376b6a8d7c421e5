"""The session that a Billfold has while it is entered, and what accounts it is made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct, field

from billfold.accounts.account import Account
from billfold.errors import ConfigError
from billfold.facade.connections import connect
from billfold.facade.once import Once
from billfold.http.client import Client
from billfold.http.deadline import Deadline
from billfold.http.transport import Transport


def require_accounts(given: Iterable[Account]) -> tuple[Account, ...]:
    """Return the accounts. Raises ConfigError for what is none, and for two of one name."""
    accounts = tuple(given)
    for account in accounts:
        if not isinstance(account, Account):
            raise ConfigError(
                f"Billfold takes accounts, not {type(account).__name__}; "
                "Billfold.open('billfold.toml') reads those of a file"
            )
    for name, count in Counter(account.name for account in accounts).items():
        if count > 1:
            raise ConfigError(f"two accounts are named {name!r}; names are unique")
    return accounts


class Session(Struct, eq=False):
    """The one transport of a Billfold: opened once, and closed once."""

    accounts: tuple[Account, ...]
    open_transport: Callable[[], Transport]
    per_account: int
    proxy: str | None
    _transport: Transport | None = None
    _clients: Mapping[str, Client] = {}
    _once: Once = field(default_factory=lambda: Once("Billfold"))

    async def enter(self) -> None:
        """Open the transport.

        Raises ConfigError where that was done before, and for a proxy that cannot be used.
        """
        self._once.enter()
        transport = self.open_transport()
        try:
            self._clients = connect(self.accounts, transport, self.per_account, self.proxy)
        except ConfigError:
            self._once = Once("Billfold")
            await transport.__aexit__(None, None, None)
            raise
        self._transport = transport

    async def leave(self) -> None:
        """Close the transport."""
        self._once.leave()
        if self._transport is not None:
            transport, self._transport, self._clients = self._transport, None, {}
            await transport.__aexit__(None, None, None)

    def client(self, account: Account, deadline: Deadline) -> Client:
        """Return an account's way to its provider for one call."""
        if self._transport is None:
            raise self._once.not_open()
        return self._clients[account.name].within(deadline)
