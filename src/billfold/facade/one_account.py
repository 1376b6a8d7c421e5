"""One account by name: single invoices, documents, and the only writes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from functools import partial
from typing import Any, TypeVar

from attrs import evolve, field, frozen
from msgspec import Struct

from billfold.accounts.account import Account
from billfold.adapter.methods import find_method, has_stream
from billfold.adapter.reading import Reading, Readings
from billfold.answer import Answer
from billfold.counted import sentences
from billfold.errors import (
    BillfoldError,
    ConfigError,
    NotFoundError,
    ProviderError,
    RequestError,
    TokenError,
    UnsupportedError,
)
from billfold.facade.collecting import Collector, collect_items
from billfold.facade.connections import no_token
from billfold.http.client import Client
from billfold.http.deadline import NO_DEADLINE, Deadline, DeadlineLike
from billfold.http.remarks import Remarks
from billfold.leaving import alone, forget_variables
from billfold.model import Invoice, InvoiceKind, PaymentMethod, State, Stream, is_unstated, stamp
from billfold.secret import Secret

T = TypeVar("T")


class OneAccount(Struct, frozen=True):
    """One account by name.

    ``deadline`` is in seconds; DeadlineError says that it ended the work.
    """

    _account: Account
    _client: Client
    _others: tuple[str, ...] = ()

    async def invoice(self, invoice_id: str, *, deadline: DeadlineLike = None) -> Answer[Invoice]:
        """Return an answer of one invoice with its lines, and how well it is known.

        ``invoice_id`` may be its number, too: where no invoice has that id, the list is searched,
        and a legal invoice goes before a metering one. Raises NotFoundError, UnsupportedError where
        the provider has no invoices, and ConfigError where several have the number.
        """
        _require_id(invoice_id)
        limit = Deadline.after(deadline)
        client = self._client.within(limit)
        adapter = self._account.adapter
        if not callable(getattr(adapter, "invoice", None)) and has_stream(adapter, Stream.INVOICES):
            work = self._find_listed(client, invoice_id)
        else:
            read = partial(self._method("invoice"), client)
            work = self._by_id_or_number(client, invoice_id, read)
        reading: Reading[Invoice] = await self._run(work, limit, invoice_id)
        return await self._answer(reading, invoice_id, client.remarks)

    async def _answer(
        self, reading: Reading[Invoice], invoice_id: str, remarks: Remarks
    ) -> Answer[Invoice]:
        """Return what was read of one invoice, with what the client noted of its replies."""
        account = self._account
        collector: Collector[Invoice] = Collector(
            account.provider, account.name, Stream.INVOICES, remarks
        )
        said = reading.said or ""
        reasons = [one.reason for one in reading.items if is_unstated(one) and one.reason]
        more = [reason for reason in reasons if reason not in said]
        with_reasons = evolve(reading, detail=sentences(reading.detail, *more))
        items = await collect_items(collector, _once(with_reasons), NO_DEADLINE)
        rows = tuple(evolve(row, part=row.part or invoice_id) for row in collector.coverage())
        named, failures = (account.name,), collector.failures
        return Answer(Stream.INVOICES, None, tuple(items), rows, failures, named, self._others)

    async def _by_id_or_number(
        self, client: Client, wanted: str, read: Callable[[str], Awaitable[T]]
    ) -> T:
        """Return what is read by an id or, where the provider refuses it, by a number's id."""
        try:
            return await read(wanted)
        except RequestError as error:
            if not has_stream(self._account.adapter, Stream.INVOICES):
                raise
            try:
                listed = await self._find_listed(client, wanted)
            except NotFoundError:
                raise error from None
            if listed.items[0].id == wanted:
                raise
            return await read(listed.items[0].id)

    async def _find_listed(self, client: Client, invoice_id: str) -> Reading[Invoice]:
        """Return the one listed, by its id or number, as well as it was read with the others."""
        by_number: list[Reading[Invoice]] = []
        failure: BillfoldError = NotFoundError(f"no invoice has the id or number {invoice_id!r}")
        listed: Readings[Invoice] = self._method("invoices")(client, None, None)
        async with aclosing(listed) as readings:
            async for reading in readings:
                for invoice in reading.items:
                    alone = evolve(reading, items=(invoice,))
                    if invoice.id == invoice_id:
                        return alone
                    if invoice.number == invoice_id:
                        by_number.append(alone)
                if reading.state is not State.COMPLETE or reading.error is not None:
                    # What was not read may hold it.
                    failure = reading.error or _not_among(
                        invoice_id, reading.detail or reading.state
                    )
        # A metering invoice may have the number of the legal one that bills it.
        legal = [each for each in by_number if each.items[0].kind is InvoiceKind.LEGAL]
        by_number = legal or by_number
        if len(by_number) > 1:
            ids = ", ".join(reading.items[0].id for reading in by_number)
            raise ConfigError(f"several invoices have the number {invoice_id!r}; give an id: {ids}")
        if by_number:
            return by_number[0]
        unread = [remark.text for remark in client.remarks if remark.gap]
        if unread and isinstance(failure, NotFoundError):
            failure = _not_among(invoice_id, "; ".join(unread))
        raise failure

    async def document(
        self, invoice_id: str, *, deadline: DeadlineLike = None
    ) -> AsyncIterator[bytes]:
        """Yield the bytes of an invoice's PDF, named by its id or number; raise what went wrong."""
        _require_id(invoice_id)
        limit = Deadline.after(deadline)
        client, document = self._client.within(limit), self._method("document")
        begin = partial(_first_chunk, partial(document, client))
        work = self._by_id_or_number(client, invoice_id, begin)
        chunks, chunk = await self._run(work, limit, invoice_id)
        async with aclosing(chunks):
            while chunk is not None:
                yield chunk
                del chunk  # an error shows the variables of the frames it goes through
                chunk = await self._run(anext(chunks, None), limit, invoice_id)

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

    async def _run(self, work: Awaitable[T], deadline: Deadline, part: str | None = None) -> T:
        """Return what ``work`` does; name the account and the part in whatever goes wrong."""
        try:
            return await deadline.run(work)
        except BillfoldError as error:
            failure = self._located(error, part)
        except BaseException as bug:
            forget_variables(bug)
            raise
        raise failure  # not where it would have another one behind it

    def _located(self, error: BillfoldError, part: str | None = None) -> BillfoldError:
        account = self._account
        if isinstance(error, TokenError):
            return no_token(account.name, error)
        return alone(error.locate(provider=account.provider, account=account.name, part=part))

    async def _write(self, name: str, *arguments: str, deadline: DeadlineLike) -> Any:
        """Return what the adapter's write ``name`` does; each is sent once."""
        # The client alone ends a write: only it knows whether the write was sent by then.
        client = self._client.within(Deadline.after(deadline))
        result = await self._run(self._method(name)(client, *arguments), NO_DEADLINE)
        if isinstance(result, PaymentMethod):
            return self._stamped(result)
        return result

    def _stamped(self, record: PaymentMethod) -> PaymentMethod:
        return stamp((record,), provider=self._account.provider, account=self._account.name)[0]


async def _once(reading: Reading[Invoice]) -> Readings[Invoice]:
    yield reading


def _not_among(invoice_id: str, reason: str) -> ProviderError:
    return ProviderError(f"invoice {invoice_id!r} is not among those that could be read: {reason}")


def _require_id(invoice_id: str) -> None:
    if not isinstance(invoice_id, str):
        raise ConfigError(f"an invoice's id is text, not {invoice_id!r}")
    if not invoice_id.strip():
        raise ConfigError("the invoice's id is empty; give an id or number that `invoices` shows")


async def _first_chunk(
    document: Callable[[str], AsyncGenerator[bytes, None]], invoice_id: str
) -> tuple[AsyncGenerator[bytes, None], bytes | None]:
    """Begin to read a document: only then is known whether there is one."""
    chunks = document(invoice_id)
    return chunks, await anext(chunks, None)


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
