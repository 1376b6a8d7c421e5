"""One account by name: single invoices, documents, and the only writes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from contextlib import aclosing
from typing import Any, TypeVar

from attrs import field, frozen

from billfold.accounts.account import Account
from billfold.adapter.methods import find_method, has_stream
from billfold.adapter.reading import Readings
from billfold.errors import (
    BillfoldError,
    NotFoundError,
    ProviderError,
    TokenError,
    UnsupportedError,
)
from billfold.facade.connections import no_token
from billfold.http.client import Client
from billfold.http.deadline import NO_DEADLINE, Deadline, DeadlineLike
from billfold.model import Invoice, PaymentMethod, State, Stream, stamp
from billfold.secret import Secret

R = TypeVar("R", Invoice, PaymentMethod)
T = TypeVar("T")


@frozen
class OneAccount:
    """One account by name.

    ``deadline`` is in seconds; DeadlineError says that it ended the work.
    """

    _account: Account
    _client: Client

    async def invoice(self, invoice_id: str, *, deadline: DeadlineLike = None) -> Invoice:
        """Return one invoice with its lines.

        Raises NotFoundError, or UnsupportedError where the provider has no invoices. Where it only
        lists invoices, it is the one of that id or number in the list.
        """
        limit = Deadline.after(deadline)
        client = self._client.within(limit)
        adapter = self._account.adapter
        if not callable(getattr(adapter, "invoice", None)) and has_stream(adapter, Stream.INVOICES):
            work = self._find_listed(client, invoice_id)
        else:
            work = self._method("invoice")(client, invoice_id)
        invoice: Invoice = await self._run(work, limit)
        return self._stamped(invoice)

    async def _find_listed(self, client: Client, invoice_id: str) -> Invoice:
        by_number: list[Invoice] = []
        failure: BillfoldError = NotFoundError(f"no invoice has the id or number {invoice_id!r}")
        listed: Readings[Invoice] = self._method("invoices")(client, None, None)
        async with aclosing(listed) as readings:
            async for reading in readings:
                for invoice in reading.items:
                    if invoice.id == invoice_id:
                        return invoice
                by_number += [each for each in reading.items if each.number == invoice_id]
                if reading.state is not State.COMPLETE or reading.error is not None:
                    # What was not read may hold it.
                    failure = reading.error or _not_among(
                        invoice_id, reading.detail or reading.state
                    )
        if by_number:
            return by_number[0]
        unread = [remark.text for remark in client.remarks if remark.gap]
        if unread and isinstance(failure, NotFoundError):
            failure = _not_among(invoice_id, "; ".join(unread))
        raise failure

    async def document(
        self, invoice_id: str, *, deadline: DeadlineLike = None
    ) -> AsyncIterator[bytes]:
        """Yield the bytes of an invoice's PDF. Raises whatever went wrong; nothing is swallowed."""
        limit = Deadline.after(deadline)
        document = self._method("document")
        async with aclosing(document(self._client.within(limit), invoice_id)) as chunks:
            while (chunk := await self._run(anext(chunks, None), limit)) is not None:
                yield chunk

    @property
    def payment_methods(self) -> PaymentMethodWrites:
        """The account's payment methods, to change.

        Raises UnsupportedError where the provider's API cannot.
        """
        self._method("attach_payment_method")
        return PaymentMethodWrites(self)

    def _method(self, name: str) -> Any:
        try:
            return find_method(self._account.adapter, name)
        except UnsupportedError as error:
            named = UnsupportedError(f"account {self._account.name!r}: {error.message}")
            raise self._located(named) from None

    async def _run(self, work: Awaitable[T], deadline: Deadline) -> T:
        """Return what ``work`` does; name the account in whatever goes wrong."""
        try:
            return await deadline.run(work)
        except TokenError as error:
            raise no_token(self._account.name, error) from None
        except BillfoldError as error:
            raise self._located(error) from error.__cause__

    def _located(self, error: BillfoldError) -> BillfoldError:
        return error.locate(provider=self._account.provider, account=self._account.name)

    async def _write(self, name: str, *arguments: str, deadline: DeadlineLike) -> Any:
        """Return what the adapter's write ``name`` does; each is sent once."""
        # The client alone ends a write: only it knows whether the write was sent by then.
        client = self._client.within(Deadline.after(deadline))
        result = await self._run(self._method(name)(client, *arguments), NO_DEADLINE)
        if isinstance(result, PaymentMethod):
            return self._stamped(result)
        return result

    def _stamped(self, record: R) -> R:
        return stamp((record,), provider=self._account.provider, account=self._account.name)[0]


def _not_among(invoice_id: str, reason: str) -> ProviderError:
    return ProviderError(f"invoice {invoice_id!r} is not among those that could be read: {reason}")


@frozen
class PaymentMethodWrites:
    """The writes. Each is sent once; OutcomeUnknownError means: look before repeating it."""

    _account: OneAccount = field(repr=False)

    async def attach(
        self, payment_method_id: str, *, deadline: DeadlineLike = None
    ) -> PaymentMethod | None:
        """Attach a payment method made in the browser (``pm_...``).

        Returns it where the provider does.
        """
        attached: PaymentMethod | None = await self._account._write(
            "attach_payment_method", payment_method_id, deadline=deadline
        )
        return attached

    async def set_default(self, payment_method_id: str, *, deadline: DeadlineLike = None) -> None:
        """Make a payment method the default."""
        await self._account._write(
            "set_default_payment_method", payment_method_id, deadline=deadline
        )

    async def remove(self, payment_method_id: str, *, deadline: DeadlineLike = None) -> None:
        """Remove a payment method."""
        await self._account._write("remove_payment_method", payment_method_id, deadline=deadline)

    async def setup_intent(self, *, deadline: DeadlineLike = None) -> Secret:
        """Return a client secret for the browser's set-up form."""
        secret: Secret = await self._account._write("setup_intent", deadline=deadline)
        return secret
