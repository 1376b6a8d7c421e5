"""What we ask b'nerd: usage, subscriptions, invoices and payment methods of one organization."""

from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from datetime import timedelta
from functools import partial
from typing import ClassVar, TypeVar

from attrs import evolve, field, frozen
from attrs.validators import is_callable
from msgspec import Raw

from billfold.adapter import (
    BillfoldError,
    Client,
    ConfigError,
    Declaration,
    DriftError,
    LateData,
    NotFoundError,
    Parts,
    Query,
    Reading,
    Readings,
    RequestError,
    Secret,
    State,
    Stream,
    in_turns,
    segment,
)
from billfold.model import Credential, Invoice, InvoiceKind, PaymentMethod, Subscription, Usage
from billfold.period import Period
from billfold.wire import decode, letting_go, stepwise
from billfold_bnerd import invoices, month, one_invoice, parse, wire
from billfold_bnerd.billed_once import billed_once
from billfold_bnerd.catalogue import CATALOGUE
from billfold_bnerd.documents import Document
from billfold_bnerd.error_bodies import problem
from billfold_bnerd.lenient import Lenient
from billfold_bnerd.lists import Listing
from billfold_bnerd.metering import is_read_alone, is_unnamed
from billfold_bnerd.seen_months import Seen, part_of
from billfold_bnerd.usage import Decoder, decode_usage
from billfold_bnerd.usage_rows import UsageReply
from billfold_bnerd.values import UUID, unfit

T = TypeVar("T")
# Bills follow their month, and what corrects or pays them comes later still (section 3.10).
_LATE_BILLS = LateData(
    timedelta(days=60), "bills, credits, cancellations and payments of a month come after it"
)
# When an hour's usage is stated is not documented (section 3.9).
_LATE_USAGE = LateData(timedelta(days=3), "an hour's usage may be stated days after it")
_PDF = b"%PDF-"
# A byte order mark, line breaks and blanks, of which readers allow so many bytes before it.
_BEFORE_PDF, _MOST_BEFORE_PDF = b"\xef\xbb\xbf\r\n\t \0", 1024


def _document(beginning: bytes) -> bytes:
    """Return a document from where a PDF's may begin on."""
    before = len(beginning) - len(beginning.lstrip(_BEFORE_PDF))
    return beginning[min(before, _MOST_BEFORE_PDF) :]


def _check_organization(_: object, __: object, value: str | None) -> None:
    if value is not None and not UUID.fullmatch(value):
        raise ConfigError(f"org is the organization's UUID, not {value!r}")


@frozen
class Bnerd:
    """Cloud platform with hourly metering, billed per organization.

    ``org`` is the organization's UUID, which no token names. ``usage_decoder`` replaces the decoder
    of usage replies, whose real shape is not documented; it is given in code only.
    """

    provider: ClassVar[str] = "bnerd"
    declares: ClassVar[Declaration] = Declaration(
        title=month.SERVICE,
        base_url="https://api.bnerd.cloud",
        token_env="BNERD_TOKEN",
        url_env="BNERD_API_URL",
        settings_env={"org": "BNERD_ORG_ID"},
        reach=lambda adapter: None if adapter.org is None else (adapter.org,),
        billed_once=billed_once,
        late_data={Stream.USAGE: _LATE_USAGE, Stream.INVOICES: _LATE_BILLS},
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
        """Read the payment methods, which needs token, organization and permission."""
        body = await _read(client, self._path("payment_methods"))
        parse.payment_methods(self._org(), body)  # whatever else answers 200 proves nothing
        yield Reading((Credential(self._org()),))

    async def usage(self, client: Client, period: Period | None) -> Readings[Usage]:
        """Read usage month by month, up to the one that runs."""
        window = period or Period.month_of(client.now())
        if window.start.microsecond or window.end.microsecond:
            raise RequestError(f"b'nerd counts whole seconds; {window} has a fraction of one")
        months, seen = Parts(window.months_begun(client.now())), Seen()
        parts, is_read = months.read(partial(self._read_month, client, period, seen)), False
        async with aclosing(parts) as readings:
            async for reading in readings:
                is_read = is_read or reading.error is None
                yield reading
        if is_read and (note := _LATE_USAGE.not_final(window, client.now())):
            yield Reading(detail=note)
        if again := ", ".join(map(str, seen.repeats())):
            detail = f"the same records in {again} as in another month: what they are of is unsure"
            yield Reading(state=State.PARTIAL, detail=detail)
        elif (alike := seen.in_doubt()) is not None:
            yield await self._try_window(client, seen, *alike)

    async def subscriptions(self, client: Client) -> Readings[Subscription]:
        """Read the organization's subscriptions."""
        body = await _read(client, "/subscriptions", self._scope())
        yield _reading_of(parse.subscriptions(self._org(), body))

    async def subscription(self, client: Client, subscription_id: str) -> Subscription:
        """Read one subscription."""
        body = await _read(client, f"/subscriptions/{segment(subscription_id)}")
        return parse.subscription(self._org(), Lenient(), Raw(body))

    async def payment_methods(self, client: Client) -> Readings[PaymentMethod]:
        """Read the stored payment methods."""
        body = await _read(client, self._path("payment_methods"))
        yield _reading_of(parse.payment_methods(self._org(), body))

    async def invoices(
        self, client: Client, period: Period | None, kind: InvoiceKind | None
    ) -> Readings[Invoice]:
        """Read one family or both, metering first and each of its invoices with its lines.

        One request lists the legal ones, whose service has a tight limit (section 2.4).
        """
        kinds = Parts(tuple(InvoiceKind) if kind is None else (kind,))
        covers = None
        async with aclosing(kinds.read(partial(self._list_invoices, client, period))) as lists:
            async for listing in lists:
                yield evolve(listing, items=())
                covers = covers or listing.covers
                read = partial(self._with_lines, client, period)
                parts = Parts(listing.items).read(read, lambda invoice: invoice.id)
                async with aclosing(parts) as readings:
                    async for reading in readings:
                        yield reading
        if covers is not None and (note := _LATE_BILLS.not_final(covers, client.now())):
            yield Reading(detail=note)

    async def invoice(self, client: Client, invoice_id: str) -> Reading[Invoice]:
        """Read one invoice with its lines, and in the list what the others say of it.

        A UUID names a metering invoice before a legal one, any other id a legal one before a
        metering one.
        """
        if is_unnamed(invoice_id):
            return await self._find_unnamed(client, invoice_id)
        if UUID.fullmatch(invoice_id):
            with suppress(NotFoundError):
                return await self._read_metering(client, invoice_id)
            return await self._read_legal(client, invoice_id)
        try:
            return await self._read_legal(client, invoice_id)
        except RequestError as error:
            with suppress(RequestError):
                return await self._read_metering(client, invoice_id)
            raise error from None

    async def document(self, client: Client, invoice_id: str) -> AsyncGenerator[bytes, None]:
        """Read a legal invoice's PDF, known by its first bytes (section 2.5)."""
        query, beginning = (("invoice_id", invoice_id),), b""
        async with aclosing(client.download(self._path("invoices", "download"), query)) as chunks:
            async for chunk in chunks:
                beginning += chunk
                if len(_document(beginning)) >= len(_PDF):
                    break
            if not _document(beginning).startswith(_PDF):
                raise _no_document(client.token.scrub_reply(beginning))
            yield beginning
            async for chunk in chunks:
                yield chunk

    async def attach_payment_method(
        self, client: Client, payment_method_id: str
    ) -> PaymentMethod | None:
        """Attach a payment method made in the browser (``pm_...``)."""
        path = self._path("payment_methods", "create_and_attach")
        body = await client.send("POST", path, {"payment_method_id": payment_method_id})
        return parse.attached(self._org(), body)

    async def set_default_payment_method(self, client: Client, payment_method_id: str) -> None:
        """Make one the default."""
        await client.send("PUT", self._path("payment_methods", payment_method_id, "set_default"))

    async def remove_payment_method(self, client: Client, payment_method_id: str) -> None:
        """Remove one; what that does to the default is not documented."""
        await client.send("DELETE", self._path("payment_methods", payment_method_id))

    async def setup_intent(self, client: Client) -> Secret:
        """Get the secret for the browser's set-up form; the API calls it a payment intent."""
        body = await client.send("POST", self._path("payment_methods", "payment_intent"))
        try:
            return Secret(decode(body, wire.SetupIntent).client_secret)
        except ConfigError:
            raise unfit("the secret is empty or not sendable", "$.client_secret") from None

    def _org(self) -> str:
        if self.org is None:
            raise ConfigError("b'nerd needs org, the organization's UUID, which no token names")
        return self.org

    def _path(self, *parts: str) -> str:
        return "/".join(("/organizations", *map(segment, (self._org(), *parts))))

    def _scope(self) -> Query:
        return (("organization_id", self._org()),)

    async def _read_month(
        self, client: Client, requested: Period | None, seen: Seen, window: Period
    ) -> Reading[Usage]:
        start, end = month.window_bounds(window)
        query = (*self._scope(), ("from", start), ("to", end))
        reply = await self._decoded(await _read(client, "/billing/usage", query))
        request = client.source("/billing/usage", query)
        await in_turns(seen.adding(window, reply))
        read = await in_turns(
            month.usage.steps(self._org(), requested, window, reply, request, client.now())
        )
        rows = [*reply.rows]
        del reply
        await in_turns(letting_go(rows))
        return _reading_of(read, window)

    async def _decoded(self, body: bytes) -> UsageReply:
        decoder = self.usage_decoder
        return (
            await in_turns(decoder.steps(body)) if isinstance(decoder, stepwise) else decoder(body)
        )

    async def _try_window(
        self, client: Client, seen: Seen, one: Period, other: Period
    ) -> Reading[Usage]:
        """Return whether months that are alike may be one reply to any window (section 3.9).

        It is if an hour of one is as all of it.
        """
        start, end = month.window_bounds(part_of(one))
        query = (*self._scope(), ("from", start), ("to", end))
        try:
            reply = await self._decoded(await _read(client, "/billing/usage", query))
        except BillfoldError as error:
            said = f"{one} and {other} are alike, and whether the window is obeyed is not known"
            return Reading(state=State.PARTIAL, detail=f"{said}: {error.message}")
        if not seen.is_again(one, reply):
            return Reading()
        said = f"{one} and {other} are alike, and an hour of {one} is as all of it"
        return Reading(state=State.PARTIAL, detail=f"{said}: the window seems to be ignored")

    async def _list_invoices(
        self, client: Client, period: Period | None, kind: InvoiceKind
    ) -> Reading[Invoice]:
        body = await self._read_list(client, kind)
        return _reading_of(invoices.invoices(self._org(), kind, period, body), period)

    async def _read_list(self, client: Client, kind: InvoiceKind) -> bytes:
        if kind == InvoiceKind.METERING:
            return await _read(client, "/invoices", self._scope())
        return await _read(client, self._path("invoices"))

    async def _with_lines(
        self, client: Client, period: Period | None, listed: Invoice
    ) -> Reading[Invoice]:
        """Read the lines of a metering invoice; where that fails, the list's word stands.

        What asks for no money by that word lacks nothing without them.
        """
        if not is_read_alone(listed):
            return Reading((listed,))
        try:
            alone = await self._read_lines(client, listed.id)
            return _reading_of(one_invoice.compared(listed, alone, period))
        except BillfoldError as error:
            if not listed.counts:
                return Reading((listed,), detail=f"the lines of {listed.id}: {error.message}")
            gaps = invoices.undated([listed], period)
            return Reading((listed,), detail="; ".join(gaps) or None, error=error)

    async def _read_legal(self, client: Client, invoice_id: str) -> Reading[Invoice]:
        if invoice_id == "download":
            raise NotFoundError("no invoice can have the id 'download', the address of documents")
        body = await _read(client, self._path("invoices", invoice_id))
        alone = one_invoice.invoice(self._org(), InvoiceKind.LEGAL, invoice_id, body)
        return await self._beside_list(client, InvoiceKind.LEGAL, alone)

    async def _read_metering(self, client: Client, invoice_id: str) -> Reading[Invoice]:
        alone = await self._read_lines(client, invoice_id)
        return await self._beside_list(client, InvoiceKind.METERING, alone)

    async def _read_lines(self, client: Client, invoice_id: str) -> Document:
        body = await _read(client, f"/invoices/{segment(invoice_id)}")
        return one_invoice.invoice(self._org(), InvoiceKind.METERING, invoice_id, body)

    async def _beside_list(
        self, client: Client, kind: InvoiceKind, alone: Document
    ) -> Reading[Invoice]:
        """Return an invoice with what only the list says of it, or that this is not known."""
        try:
            body = await self._read_list(client, kind)
            return _reading_of(one_invoice.beside_list(self._org(), kind, alone, body))
        except BillfoldError as error:
            return _reading_of(one_invoice.without_list(kind, alone, error.message))

    async def _find_unnamed(self, client: Client, invoice_id: str) -> Reading[Invoice]:
        listing = await self._list_invoices(client, None, InvoiceKind.METERING)
        for invoice in listing.items:
            if invoice.id == invoice_id:
                return evolve(listing, items=(invoice,), covers=None)
        raise NotFoundError(f"no metering invoice has the id {invoice_id!r}")


def _no_document(body: bytes) -> DriftError:
    """Return the error of a reply that is no PDF, with what it says where it is an error."""
    if not body:
        return DriftError("the reply is empty")
    said = problem(body)
    words = said.message or said.code
    return DriftError(f"the reply is no PDF: {words[:200]}" if words else "the reply is no PDF")


async def _read(client: Client, path: str, query: Query = ()) -> bytes:
    """Return the JSON of a reply as it came: its shape is not documented."""
    body = bytes(await client.get(path, Raw, query))
    if body == b"null":  # as a 204 is read
        raise DriftError("the reply is empty")
    return body


def _reading_of(listing: Listing[T], covers: Period | None = None) -> Reading[T]:
    state = State.PARTIAL if listing.gaps else State.COMPLETE
    gaps, notes = ("; ".join(said) or None for said in (listing.gaps, listing.notes))
    return Reading(tuple(listing.rows), covers, state, gaps, note=notes)
