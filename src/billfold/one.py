"""One account by name: single invoices, documents, and the only writes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

from attrs import field, frozen

from billfold import adapter as offers
from billfold.account import Account
from billfold.errors import BillfoldError, DeadlineError, UnsupportedError
from billfold.model import Invoice, PaymentMethod
from billfold.secret import Secret
from billfold.transport import Link


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
        try:
            async with asyncio.timeout(deadline):
                return await adapter.invoice(self._link.until(_at(deadline)), invoice_id)
        except TimeoutError:
            raise _late(self._account) from None
        except BillfoldError as error:
            raise error.located(provider=self._account.provider, account=self._account.name) from error.__cause__

    async def document(self, invoice_id: str, *, deadline: float | None = None) -> AsyncIterator[bytes]:
        """Iterate over the bytes of an invoice's PDF. Raises what went wrong, DeadlineError included; nothing is swallowed."""
        adapter, until = self._account.adapter, _at(deadline)
        if not isinstance(adapter, offers.OffersDocuments):
            raise _unsupported(self._account, "documents")
        async with aclosing(adapter.document(self._link.until(until), invoice_id)) as chunks:
            while True:
                try:
                    async with asyncio.timeout_at(until):
                        chunk = await anext(chunks)
                except StopAsyncIteration:
                    return
                except TimeoutError:
                    raise _late(self._account) from None
                yield chunk

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
        return await self._adapter.attach_payment_method(self._link, payment_method_id)

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


def _late(account: Account) -> DeadlineError:
    return DeadlineError("the deadline ended the work", provider=account.provider, account=account.name)


def _unsupported(account: Account, what: str) -> UnsupportedError:
    return UnsupportedError(
        f"account {account.name!r}: {account.provider} does not offer {what}", provider=account.provider, account=account.name
    )
