"""What we ask b'nerd: usage, subscriptions, invoices and payment methods of one organization."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial
from typing import ClassVar

from attrs import Attribute, evolve, field, frozen
from attrs.validators import is_callable

from billfold.adapter import (
    Client,
    ConfigError,
    Declaration,
    DriftError,
    Parts,
    Query,
    RateLimitedError,
    Reading,
    Readings,
    RequestError,
    Secret,
    Stream,
    segment,
)
from billfold.model import Credential, Invoice, InvoiceKind, PaymentMethod, Subscription, Usage
from billfold.period import Period, utc_text
from billfold.wire import Problem
from billfold_bnerd import parse, wire
from billfold_bnerd.catalogue import CATALOGUE
from billfold_bnerd.invoice_reader import InvoiceReader
from billfold_bnerd.pdf import pdf_chunks
from billfold_bnerd.reading import read_body, reading_of
from billfold_bnerd.usage import decode_usage
from billfold_bnerd.usage_reply import Decoder
from billfold_bnerd.values import UUID


def problem(body: bytes) -> Problem:
    """Return what an error body says; a rate limit is worth waiting for (section 4)."""
    kind = RateLimitedError if parse.is_rate_limited(body) else None
    return evolve(parse.problem(body), kind=kind)


def _check_organization(_: object, __: Attribute[str | None], value: str | None) -> None:
    if value is not None and not UUID.fullmatch(value):
        raise ConfigError(
            "org is the organization's UUID, like 0f0f0f0f-1234-4abc-8def-0123456789ab"
        )


@frozen
class Bnerd:
    """Cloud platform with hourly metering, billed per organization.

    ``org`` is the organization's UUID; no token names it, so it is required. ``usage_decoder``
    replaces the decoder of usage replies, whose real shape is not documented; it is given in code
    only.
    """

    provider: ClassVar[str] = "bnerd"
    declares: ClassVar[Declaration] = Declaration(
        title=parse.SERVICE,
        base_url="https://api.bnerd.cloud",
        token_env="BNERD_TOKEN",
        url_env="BNERD_API_URL",
        settings_env={"org": "BNERD_ORG_ID"},
        required=("org",),
        problem=problem,
        offers={
            Stream.USAGE: "any window of whole seconds, per project and product",
            Stream.INVOICES: "metering (with lines) and legal (with PDF)",
            Stream.SUBSCRIPTIONS: "ids and dates, no price",
            Stream.PAYMENT_METHODS: "list, attach, set default, remove, set-up intent",
        },
        catalogue=CATALOGUE,
    )

    org: str | None = field(default=None, validator=_check_organization)
    usage_decoder: Decoder = field(
        default=decode_usage, validator=is_callable(), eq=False, repr=False
    )

    async def check(self, client: Client) -> Readings[Credential]:
        """Read the payment methods: a short list that needs token, organization and permission."""
        body = await read_body(client, f"{self._path()}/payment_methods")
        parse.payment_methods(self._org(), body)  # whatever else answers 200 proves nothing
        yield Reading((Credential(self._org()),))

    async def usage(self, client: Client, period: Period | None) -> Readings[Usage]:
        """Read usage month by month, several at once; the longest window is not documented."""
        window = period or Period.month_of(client.now())
        _require_whole_seconds(window)
        months = Parts(window.split_months())
        async with aclosing(months.read(partial(self._read_month, client, period))) as readings:
            async for reading in readings:
                yield reading

    async def subscriptions(self, client: Client) -> Readings[Subscription]:
        """Read the organization's subscriptions."""
        body = await read_body(client, "/subscriptions", self._scope())
        yield reading_of(parse.subscriptions(self._org(), body))

    async def subscription(self, client: Client, subscription_id: str) -> Subscription:
        """Read one subscription."""
        row = await client.get(f"/subscriptions/{segment(subscription_id)}", wire.Subscription)
        return parse.subscription(row)

    async def payment_methods(self, client: Client) -> Readings[PaymentMethod]:
        """Read the stored payment methods."""
        body = await read_body(client, f"{self._path()}/payment_methods")
        yield reading_of(parse.payment_methods(self._org(), body))

    async def invoices(
        self, client: Client, period: Period | None, kind: InvoiceKind | None
    ) -> Readings[Invoice]:
        """Read one family or both, metering ones with their lines (sections 2.3 and 2.4)."""
        reader = InvoiceReader(client, self._org())
        async with aclosing(reader.read_all(period, kind)) as readings:
            async for reading in readings:
                yield reading

    async def invoice(self, client: Client, invoice_id: str) -> Invoice:
        """Read one invoice of either family, with its lines."""
        return await InvoiceReader(client, self._org()).read(invoice_id)

    async def document(self, client: Client, invoice_id: str) -> AsyncGenerator[bytes, None]:
        """Read a legal invoice's PDF (section 2.5)."""
        chunks = client.download(f"{self._path()}/invoices/download", (("invoice_id", invoice_id),))
        async with aclosing(chunks), aclosing(pdf_chunks(chunks)) as document:
            async for chunk in document:
                yield chunk

    async def attach_payment_method(
        self, client: Client, payment_method_id: str
    ) -> PaymentMethod | None:
        """Attach a payment method made in the browser (``pm_...``)."""
        path = f"{self._path()}/payment_methods/create_and_attach"
        body = await client.send("POST", path, {"payment_method_id": payment_method_id})
        return parse.attached(self._org(), body)

    async def set_default_payment_method(self, client: Client, payment_method_id: str) -> None:
        """Make one the default."""
        path = f"{self._path()}/payment_methods/{segment(payment_method_id)}/set_default"
        await client.send("PUT", path)

    async def remove_payment_method(self, client: Client, payment_method_id: str) -> None:
        """Remove one; what that does to the default is not documented."""
        await client.send("DELETE", f"{self._path()}/payment_methods/{segment(payment_method_id)}")

    async def setup_intent(self, client: Client) -> Secret:
        """Get the secret for the browser's set-up form; the API calls it a payment intent."""
        body = await client.send("POST", f"{self._path()}/payment_methods/payment_intent")
        try:
            return Secret(parse.client_secret(body))
        except ConfigError:
            raise DriftError(
                "the reply does not fit its contract: the secret is empty or not sendable - "
                "at `$.client_secret`"
            ) from None

    def _org(self) -> str:
        if self.org is None:
            raise ConfigError("b'nerd needs org, the organization's UUID, which no token names")
        return self.org

    def _path(self) -> str:
        return f"/organizations/{segment(self._org())}"

    def _scope(self) -> Query:
        return (("organization_id", self._org()),)

    async def _read_month(
        self, client: Client, requested: Period | None, month: Period
    ) -> Reading[Usage]:
        start, end = parse.window_bounds(month)
        query = (*self._scope(), ("from", start), ("to", end))
        reply = self.usage_decoder(await read_body(client, "/billing/usage", query))
        request = client.source("/billing/usage", query)
        return reading_of(parse.usage(self._org(), requested, month, reply, request), month)


def _require_whole_seconds(window: Period) -> None:
    for bound in (window.start, window.end):
        if bound.microsecond:
            raise RequestError(
                "b'nerd counts whole seconds; ask for a period without the fraction of "
                f"{utc_text(bound)}"
            )
