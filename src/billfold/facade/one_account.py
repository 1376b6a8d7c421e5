"""One account by name: single invoices, documents, and the only writes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import aclosing
from typing import TypeVar

from attrs import field, frozen

from billfold.accounts.account import Account
from billfold.adapter import contract as offers
from billfold.errors import BillfoldError, UnsupportedError
from billfold.http.client import Link
from billfold.http.deadline import within
from billfold.model import Invoice, PaymentMethod, stamp
from billfold.secret import Secret

T = TypeVar("T")


@frozen
class OneAccount:
    """One account by name."""

    _account: Account
    _link: Link

    async def invoice(self, invoice_id: str, *, deadline: float | None = None) -> Invoice:
        """Get one invoice with its lines. Raises NotFoundError, or UnsupportedError where the provider has no invoices."""
        adapter = self._account.adapter
        if not isinstance(adapter, offers.OffersInvoices):
            raise _unsupported(self._account, "invoices")
        until = _at(deadline)
        invoice = await self._within(until, adapter.invoice(self._link.until(until), invoice_id))
        stamp((invoice,), provider=self._account.provider, account=self._account.name)
        return invoice

    async def document(
        self, invoice_id: str, *, deadline: float | None = None
    ) -> AsyncIterator[bytes]:
        """Iterate over the bytes of an invoice's PDF. Raises what went wrong, DeadlineError included; nothing is swallowed."""
        adapter, until = self._account.adapter, _at(deadline)
        if not isinstance(adapter, offers.OffersDocuments):
            raise _unsupported(self._account, "documents")
        async with aclosing(adapter.document(self._link.until(until), invoice_id)) as chunks:
            while (chunk := await self._within(until, anext(chunks, None))) is not None:
                yield chunk

    async def _within(self, until: float | None, work: Awaitable[T]) -> T:
        """Name the account in whatever goes wrong."""
        try:
            return await within(until, work)
        except BillfoldError as error:
            raise self._named(error) from error.__cause__

    def _named(self, error: BillfoldError) -> BillfoldError:
        return error.locate(provider=self._account.provider, account=self._account.name)

    @property
    def payment_methods(self) -> PaymentMethods:
        """The account's payment methods, to change. Raises UnsupportedError where the provider's API cannot."""
        if not isinstance(self._account.adapter, offers.WritesPaymentMethods):
            raise _unsupported(self._account, "changing payment methods")
        return PaymentMethods(self._account.adapter, self._link)


@frozen
class PaymentMethods:
    """The writes. Each is sent once; OutcomeUnknownError means: look before repeating it."""

    _adapter: offers.WritesPaymentMethods = field(repr=False)
    _link: Link

    async def attach(self, payment_method_id: str) -> PaymentMethod | None:
        """Attach a payment method made in the browser (``pm_...``); returns it where the provider does."""
        attached = await self._adapter.attach_payment_method(self._link, payment_method_id)
        stamp(
            [attached] if attached else [], provider=self._link.provider, account=self._link.account
        )
        return attached

    async def set_default(self, payment_method_id: str) -> None:
        """Make one the default."""
        await self._adapter.set_default_payment_method(self._link, payment_method_id)

    async def remove(self, payment_method_id: str) -> None:
        """Remove one."""
        await self._adapter.remove_payment_method(self._link, payment_method_id)

    async def setup_intent(self) -> Secret:
        """Return a client secret for the browser's set-up form."""
        return await self._adapter.setup_intent(self._link)


def _at(deadline: float | None) -> float | None:
    return None if deadline is None else asyncio.get_running_loop().time() + deadline


def _unsupported(account: Account, what: str) -> UnsupportedError:
    return UnsupportedError(
        f"account {account.name!r}: {account.provider} does not offer {what}",
        provider=account.provider,
        account=account.name,
    )
