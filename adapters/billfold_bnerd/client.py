"""What we ask b'nerd: usage, subscriptions, two families of invoices and payment methods of one organization."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from functools import partial
from typing import ClassVar, TypeVar

import msgspec
from attrs import Attribute, evolve, field, frozen
from attrs.validators import is_callable

from billfold.adapter import Declaration, Reading, Readings, side_by_side
from billfold.errors import BillfoldError, ConfigError, DriftError, NotFoundError
from billfold.http.client import Client, Query
from billfold.http.urls import segment
from billfold.model import (
    Credential,
    Invoice,
    InvoiceKind,
    PaymentMethod,
    State,
    Stream,
    Subscription,
    Usage,
)
from billfold.period import Period
from billfold.secret import Secret
from billfold_bnerd import invoices, parse, wire
from billfold_bnerd import usage_decoder as tolerant
from billfold_bnerd.catalogue import FACTS
from billfold_bnerd.lists import Listing
from billfold_bnerd.untyped import UUID

T = TypeVar("T")

_PDF = b"%PDF-"


def _organization(_: object, __: Attribute[str | None], value: str | None) -> None:
    if value is not None and not UUID.fullmatch(value):
        raise ConfigError(
            "org is the organization's UUID, like 0f0f0f0f-1234-4abc-8def-0123456789ab"
        )


@frozen
class Bnerd:
    """Cloud platform with hourly metering, billed per organization.

    ``org`` is the organization's UUID; no token tells it, so it is required. ``usage_decoder`` replaces the decoder of usage
    replies, whose real shape is not documented; it is given in code only.
    """

    provider: ClassVar[str] = parse.PROVIDER
    declares: ClassVar[Declaration] = Declaration(
        title=parse.SERVICE,
        base_url="https://api.bnerd.cloud",
        token_env="BNERD_TOKEN",
        url_env="BNERD_API_URL",
        settings_env={"org": "BNERD_ORG_ID"},
        required=("org",),
        problem=parse.problem,
        offers={
            Stream.USAGE: "any window of whole seconds, per project and product",
            Stream.INVOICES: "metering (with lines) and legal (with PDF)",
            Stream.SUBSCRIPTIONS: "ids and dates, no price",
            Stream.PAYMENT_METHODS: "list, attach, set default, remove, set-up intent",
        },
        focus=FACTS,
    )

    org: str | None = field(default=None, validator=_organization)
    usage_decoder: tolerant.Decoder = field(
        default=tolerant.usage, validator=is_callable(), eq=False, repr=False
    )

    async def check(self, client: Client) -> Readings[Credential]:
        """Ask for the payment methods: a short list that needs the token, the organization and the right to read bills."""
        body = await self._read(client, f"{self._path()}/payment_methods")
        parse.payment_methods(
            client.account, self._org(), body
        )  # whatever else answers 200 is no sign of a good token
        yield Reading((Credential(self._org()),))

    async def usage(self, client: Client, period: Period | None) -> Readings[Usage]:
        """Read usage month by month, several at once; the longest window the API takes is not documented."""
        window = period or Period.month_of(client.now())
        parse.asked(window)
        async for reading in side_by_side(
            partial(self._usage, client, period, month) for month in window.split_months()
        ):
            yield reading

    async def subscriptions(self, client: Client) -> Readings[Subscription]:
        """Read the organization's subscriptions."""
        body = await self._read(client, "/subscriptions", self._scope())
        yield _reading(parse.subscriptions(client.account, self._org(), body))

    async def subscription(self, client: Client, subscription_id: str) -> Subscription:
        """Read one subscription."""
        row = await client.get(f"/subscriptions/{segment(subscription_id)}", wire.Subscription)
        return parse.subscription(client.account, row)

    async def payment_methods(self, client: Client) -> Readings[PaymentMethod]:
        """Read the stored payment methods."""
        body = await self._read(client, f"{self._path()}/payment_methods")
        yield _reading(parse.payment_methods(client.account, self._org(), body))

    async def invoices(
        self, client: Client, period: Period | None, kind: InvoiceKind | None
    ) -> Readings[Invoice]:
        """Read one family or both, metering first and each of its invoices with its lines; one failing leaves the other.

        Legal invoices come from a service with a tight limit of its own: one request lists them, nothing more (section 2.4).
        """
        families = {InvoiceKind.METERING: self._metering, InvoiceKind.LEGAL: self._legal}
        async for listed in side_by_side(
            partial(families[one], client, period) for one in families if kind in (None, one)
        ):
            yield evolve(listed, items=())
            async for reading in side_by_side(
                partial(self._with_lines, client, bill) for bill in listed.items
            ):
                yield reading

    async def invoice(self, client: Client, invoice_id: str) -> Invoice:
        """Read one invoice: a UUID names a metering one before a legal one. Raises NotFoundError where there is neither."""
        if invoice_id.startswith(invoices.UNNAMED):
            return await self._unnamed(client, invoice_id)
        if UUID.fullmatch(invoice_id):
            try:
                return await self._metering_invoice(client, invoice_id)
            except NotFoundError:
                pass
        if invoice_id == "download":
            raise NotFoundError(
                "no invoice can have the id 'download': the API serves documents under that name"
            )
        row = await client.get(f"{self._path()}/invoices/{segment(invoice_id)}", wire.LegalInvoice)
        invoices.answers(row, invoice_id, self._org())
        return invoices.legal_invoice(client.account, self._org(), row)

    async def document(self, client: Client, invoice_id: str) -> AsyncGenerator[bytes, None]:
        """Stream a legal invoice's PDF; what does not begin like one is drift, whatever media type it claims (section 2.5)."""
        chunks = client.download(f"{self._path()}/invoices/download", (("invoice_id", invoice_id),))
        async with aclosing(chunks):
            async for chunk in _pdf(chunks):
                yield chunk

    async def attach_payment_method(
        self, client: Client, payment_method_id: str
    ) -> PaymentMethod | None:
        """Attach a payment method made in the browser (``pm_...``)."""
        path = f"{self._path()}/payment_methods/create_and_attach"
        body = await client.send("POST", path, {"payment_method_id": payment_method_id})
        return parse.attached(client.account, self._org(), body)

    async def set_default_payment_method(self, client: Client, payment_method_id: str) -> None:
        """Make one the default."""
        await client.send(
            "PUT", f"{self._path()}/payment_methods/{segment(payment_method_id)}/set_default"
        )

    async def remove_payment_method(self, client: Client, payment_method_id: str) -> None:
        """Remove one; what that does to the default is not documented."""
        await client.send("DELETE", f"{self._path()}/payment_methods/{segment(payment_method_id)}")

    async def setup_intent(self, client: Client) -> Secret:
        """Get the secret for the browser's set-up form; the API calls it a payment intent."""
        return parse.client_secret(
            await client.send("POST", f"{self._path()}/payment_methods/payment_intent")
        )

    def _org(self) -> str:
        if self.org is None:
            raise ConfigError("b'nerd needs org, the organization's UUID, which no token tells")
        return self.org

    def _path(self) -> str:
        return f"/organizations/{segment(self._org())}"

    def _scope(self) -> Query:
        return (("organization_id", self._org()),)

    @staticmethod
    async def _read(client: Client, path: str, query: Query = ()) -> bytes:
        return bytes(await client.get(path, msgspec.Raw, query))

    async def _usage(
        self, client: Client, requested: Period | None, window: Period
    ) -> Reading[Usage]:
        start, end = parse.asked(window)
        query = (*self._scope(), ("from", start), ("to", end))
        body = await self._read(client, "/billing/usage", query)
        asked = client.source("/billing/usage", query)
        month = parse.usage(
            client.account, self._org(), requested, window, self.usage_decoder(body), asked
        )
        return _reading(month, window)

    async def _metering(self, client: Client, period: Period | None) -> Reading[Invoice]:
        body = await self._read(client, "/invoices", self._scope())
        return _reading(invoices.metering(client.account, self._org(), period, body), period)

    async def _legal(self, client: Client, period: Period | None) -> Reading[Invoice]:
        body = await self._read(client, f"{self._path()}/invoices")
        return _reading(invoices.legal(client.account, self._org(), period, body), period)

    async def _with_lines(self, client: Client, bill: Invoice) -> Reading[Invoice]:
        """Complete what the list says of a metering invoice; where that fails the list's word stands, beside the failure."""
        if bill.kind is InvoiceKind.LEGAL or bill.lines or bill.id.startswith(invoices.UNNAMED):
            return Reading((bill,))
        try:
            return Reading((invoices.beside(bill, await self._metering_invoice(client, bill.id)),))
        except BillfoldError as error:
            return Reading((bill,), error=error)

    async def _metering_invoice(self, client: Client, invoice_id: str) -> Invoice:
        row = await client.get(f"/invoices/{segment(invoice_id)}", wire.MeteringInvoice)
        invoices.answers(row, invoice_id, self._org())
        return invoices.metering_invoice(
            client.account, self._org(), msgspec.structs.replace(row, id=invoice_id)
        )

    async def _unnamed(self, client: Client, invoice_id: str) -> Invoice:
        listed = await self._metering(client, None)
        for bill in listed.items:
            if bill.id == invoice_id:
                return bill
        raise NotFoundError(
            f"no metering invoice without an id has the period {invoice_id.removeprefix(invoices.UNNAMED)!r}"
        )


def _reading(listing: Listing[T], covers: Period | None = None) -> Reading[T]:
    state = State.PARTIAL if listing.gaps else State.COMPLETE
    return Reading(
        tuple(listing.rows), covers, state, "; ".join((*listing.gaps, *listing.notes)) or None
    )


async def _pdf(chunks: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    """Hold back a document's first bytes until they tell that it is one."""
    held = b""
    async for chunk in chunks:
        if len(held) < len(_PDF):
            held = chunk = held + chunk
            if len(held) < len(_PDF):
                continue
            if not held.startswith(_PDF):
                break
        yield chunk
    if not held.startswith(_PDF):
        raise DriftError(
            "the reply is empty"
            if not held
            else "the reply is no PDF: it does not begin with %PDF-"
        )
