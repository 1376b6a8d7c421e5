"""What stands for an adapter whose package cannot be used: its accounts fail, and no others."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, cast

from attrs import field, frozen
from msgspec import Struct

from billfold.accounts.account import Account
from billfold.adapter.declaration import Adapter, Declaration
from billfold.adapter.reading import Readings
from billfold.adapter.registry import NotUsable
from billfold.errors import ConfigError, TokenError
from billfold.http.client import Client
from billfold.secret import Secret
from billfold.wire import Problem


def account_of(name: str, missing: NotUsable) -> Account:
    """Return an account of which every question fails with the reason. Nothing is ever sent."""
    reason = NotImported(missing.reason)
    # Its provider is an instance's, which no type of a class variable allows; nobody minds.
    return Account(name, cast(Adapter, NoAdapter(missing.provider, missing.reason)), reason)


class NotImported(Struct, frozen=True):
    """Where the token of such an account comes from: it is not read."""

    reason: str

    async def read(self) -> Secret:
        """Raise ConfigError with the reason."""
        raise ConfigError(self.reason)


@frozen
class NoAdapter:
    """Has every method, as it is not known which ones the adapter has: each fails."""

    provider: str
    reason: str = field(repr=False)
    # RFC 2606: an address that leads nowhere.
    declares: ClassVar[Declaration] = Declaration(
        "not imported", "https://not-imported.invalid", "", "", lambda _: Problem()
    )

    async def _read(self, client: Client, *_: Any) -> Readings[Any]:
        await client.sign_in()
        yield self._refuse()

    def _refuse(self, *_: Any) -> NoReturn:
        raise TokenError(self.reason)

    balances = usage = daily = ledger = invoices = subscriptions = payment_methods = check = _read
    invoice = document = setup_intent = _refuse
    attach_payment_method = set_default_payment_method = remove_payment_method = _refuse
