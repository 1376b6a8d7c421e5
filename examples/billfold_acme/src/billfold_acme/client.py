"""What is requested from Acme."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from billfold.adapter import (
    Client,
    Declaration,
    Query,
    Reading,
    Readings,
    State,
    Stream,
    cursor_pages,
    numbered_pages,
    segment,
)
from billfold.model import (
    Balance,
    DailyCost,
    Invoice,
    InvoiceKind,
    LedgerEntry,
    Usage,
    bills_in,
)
from billfold.period import Period, utc_text
from billfold_acme import parse, wire
from billfold_acme.catalogue import CATALOGUE


@frozen
class Acme:
    """A cloud that does not exist, billed from a prepaid balance."""

    provider: ClassVar[str] = "acme"
    declares: ClassVar[Declaration] = Declaration(
        title="Acme",
        base_url="https://api.acme.example",
        token_env="ACME_TOKEN",
        url_env="ACME_API_URL",
        problem=parse.problem,
        requests_per_minute=600,
        offers={
            Stream.BALANCES: "prepaid",
            Stream.USAGE: "any window",
            Stream.DAILY: "whole days",
            Stream.LEDGER: "every entry",
            Stream.INVOICES: "metering and legal, with lines",
        },
        catalogue=CATALOGUE,
    )

    async def balances(self, client: Client) -> Readings[Balance]:
        """Yield the balance."""
        reply = await client.get("/v1/balance", wire.WireBalance)
        yield Reading((parse.balance(reply, client.now()),))

    async def usage(self, client: Client, period: Period | None) -> Readings[Usage]:
        """Yield what started in the period, and the bill for it."""
        window = period or Period.month_of(client.now())
        query = _bounds(window)
        bill = await client.get("/v1/bill", wire.WireBill, query)
        pages = cursor_pages(
            client,
            "/v1/lines",
            wire.WireLines,
            rows=lambda page: page.items,
            row_id=lambda line: line.id,
            next_cursor=lambda page: page.next,
            query=(*query, ("limit", "50")),
            parameter="after",
        )
        lines = [line async for rows in pages for line in rows]
        usage = parse.usage(period, window, lines, bill)
        state = State.PARTIAL if pages.doubtful else State.COMPLETE
        yield Reading((usage,), window, state, pages.note)
        if outside := parse.outside(window, lines):
            yield Reading((), window, State.PARTIAL, outside)

    async def daily(self, client: Client, period: Period | None) -> Readings[DailyCost]:
        """Yield the days of the period, which the core has made one of whole days."""
        window = period or Period.month_of(client.now())
        reply = await client.get("/v1/days", wire.WireDays, _bounds(window))
        days = parse.within(window, parse.daily(reply))
        yield Reading(days, window)
        if missing := parse.missing(days, window, client.now()):
            detail = f"no costs are given for {', '.join(map(str, missing))}"
            yield Reading((), window, State.PARTIAL, detail)

    async def ledger(self, client: Client, period: Period | None) -> Readings[LedgerEntry]:
        """Yield the movements in the period.

        All are read: Acme may add one with an earlier date.
        """
        pages = numbered_pages(
            client,
            "/v1/movements",
            wire.WireMovements,
            rows=lambda page: page.movements,
            row_id=lambda movement: movement.id,
            query=(("per_page", "50"),),
            last=lambda page: page.pages,
        )
        async for rows in pages:
            yield Reading(parse.ledger(rows, period), period)
        state = State.PARTIAL if pages.doubtful else State.COMPLETE
        yield Reading((), period, state, pages.note)

    async def invoices(
        self, client: Client, period: Period | None, kind: InvoiceKind | None
    ) -> Readings[Invoice]:
        """Yield the invoices that bill the period, of one kind or both."""
        reply = await client.get("/v1/invoices", wire.WireInvoices)
        invoices = tuple(
            invoice
            for invoice in parse.invoices(reply)
            if kind in (None, invoice.kind) and bills_in(invoice, period)
        )
        yield Reading(invoices, period)

    async def invoice(self, client: Client, invoice_id: str) -> Reading[Invoice]:
        """Return one invoice with its lines."""
        path = f"/v1/invoices/{segment(invoice_id)}"
        return Reading((parse.invoice(await client.get(path, wire.WireInvoice)),))


def _bounds(window: Period) -> Query:
    return (("from", utc_text(window.start)), ("to", utc_text(window.end)))
