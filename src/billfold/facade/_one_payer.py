"""What can be of one payer or project only: two accounts that give it cannot both be right."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

from billfold.adapter.declaration import Declaration
from billfold.model import Invoice, InvoiceKind, Stream, Usage
from billfold.wire.ids import is_uuid

# Streams whose records may have one.
HAVE_ONE_PAYER = frozenset({Stream.INVOICES, Stream.USAGE})
_PAYER, _PROJECT = "another payer's", "another project's"


def of_one_payer(
    declares: Declaration, stream: Stream, record: Any
) -> Iterator[tuple[str, str, Hashable]]:
    """Yield what of a record has one payer or project.

    Each comes with the words for it and for whose it is elsewhere, and with what tells it from
    others. That is an invoice with a UUID, a legal one by id, number and date, the cost of a
    resource with a UUID over the same time, and what an adapter declares. Of a usage the first such
    cost speaks for all: a server that goes by the token alone repeats all.
    """
    if stream is Stream.INVOICES:
        yield from _invoice(record)
    if stream is Stream.USAGE:
        yield from _first_cost(record)
        for name, own in declares.billed_once(record):
            yield name, _PROJECT, own


def _invoice(invoice: Invoice) -> Iterator[tuple[str, str, Hashable]]:
    """Yield an invoice that has a UUID; whoever issues legal ones gives a number once."""
    own, number, day = invoice.id.casefold(), invoice.number, invoice.issued_on
    if is_uuid(invoice.id):
        yield f"invoice {invoice.id}", _PAYER, (invoice.kind, own)
    elif invoice.kind is InvoiceKind.LEGAL and number and day is not None:
        yield f"invoice {number}", _PAYER, (invoice.kind, own, number, day)


def _first_cost(usage: Usage) -> Iterator[tuple[str, str, Hashable]]:
    for charge in usage.charges:
        resource = charge.resource_id
        if resource is not None and charge.cost is not None and is_uuid(resource):
            known = (resource.casefold(), charge.service, charge.period, charge.cost)
            yield f"the cost of {resource}", _PAYER, known
            return
