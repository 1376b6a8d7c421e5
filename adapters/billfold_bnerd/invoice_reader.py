"""Reading invoices: one request lists each family, metering ones are read invoice by invoice."""

from __future__ import annotations

from contextlib import aclosing
from functools import partial

import msgspec
from attrs import evolve, frozen

from billfold.adapter import (
    BillfoldError,
    Client,
    NotFoundError,
    Parts,
    Reading,
    Readings,
    segment,
)
from billfold.model import Invoice, InvoiceKind
from billfold.period import Period
from billfold_bnerd import invoices as parse
from billfold_bnerd import wire
from billfold_bnerd.reading import read_body, reading_of
from billfold_bnerd.values import UUID


@frozen
class InvoiceReader:
    """One organization's invoices of both families (CONTRACT.md, sections 2.3 and 2.4)."""

    client: Client
    org: str

    async def read_all(self, period: Period | None, kind: InvoiceKind | None) -> Readings[Invoice]:
        """Read one family or both, metering first and each of its invoices with its lines.

        A family that fails leaves the other. Legal invoices come from a service with a tight limit
        of its own: one request lists them, nothing more.
        """
        kinds = Parts(tuple(InvoiceKind) if kind is None else (kind,))
        async with aclosing(kinds.read(partial(self._read_list, period))) as lists:
            async for listing in lists:
                yield evolve(listing, items=())
                invoices = Parts(listing.items)
                parts = invoices.read(self._with_lines, lambda invoice: invoice.id)
                async with aclosing(parts) as readings:
                    async for reading in readings:
                        yield reading

    async def read(self, invoice_id: str) -> Invoice:
        """Read one invoice; a UUID names a metering one before a legal one.

        Raises NotFoundError where there is neither.
        """
        if parse.is_unnamed(invoice_id):
            return await self._find_unnamed(invoice_id)
        if UUID.fullmatch(invoice_id):
            try:
                return await self._read_metering(invoice_id)
            except NotFoundError:
                pass
        return await self._read_legal(invoice_id)

    async def _read_list(self, period: Period | None, kind: InvoiceKind) -> Reading[Invoice]:
        if kind == InvoiceKind.METERING:
            body = await read_body(self.client, "/invoices", (("organization_id", self.org),))
            return reading_of(parse.metering_invoices(self.org, period, body), period)
        body = await read_body(self.client, self._legal_path())
        return reading_of(parse.legal_invoices(self.org, period, body), period)

    async def _with_lines(self, listed: Invoice) -> Reading[Invoice]:
        """Read the lines of a metering invoice; where that fails, the list's word stands."""
        is_legal = listed.kind is InvoiceKind.LEGAL
        if is_legal or listed.lines or parse.is_unnamed(listed.id):
            return Reading((listed,))
        try:
            invoice = await self._read_metering(listed.id)
            return Reading((parse.with_list_check(listed, invoice),))
        except BillfoldError as error:
            return Reading((listed,), error=error)

    async def _read_metering(self, invoice_id: str) -> Invoice:
        path = f"/invoices/{segment(invoice_id)}"
        row = await self.client.get(path, wire.MeteringInvoice)
        parse.require_requested(row, invoice_id, self.org)
        return parse.metering_invoice(self.org, msgspec.structs.replace(row, id=invoice_id))

    async def _read_legal(self, invoice_id: str) -> Invoice:
        if invoice_id == "download":
            raise NotFoundError(
                "no invoice can have the id 'download': the API serves documents under that name"
            )
        path = f"{self._legal_path()}/{segment(invoice_id)}"
        row = await self.client.get(path, wire.LegalInvoice)
        parse.require_requested(row, invoice_id, self.org)
        return parse.legal_invoice(self.org, row)

    def _legal_path(self) -> str:
        return f"/organizations/{segment(self.org)}/invoices"

    async def _find_unnamed(self, invoice_id: str) -> Invoice:
        listing = await self._read_list(None, InvoiceKind.METERING)
        for invoice in listing.items:
            if invoice.id == invoice_id:
                return invoice
        period = invoice_id.removeprefix(parse.UNNAMED)
        raise NotFoundError(f"no metering invoice without an id has the period {period!r}")
