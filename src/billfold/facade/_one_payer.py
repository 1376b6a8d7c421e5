"""What can be billed to one payer only, so that two accounts that give it cannot both be right."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from billfold.model import Stream, Usage
from billfold.wire.ids import is_uuid

# Streams whose records may have one.
HAVE_ONE_PAYER = frozenset({Stream.INVOICES, Stream.USAGE})


def of_one_payer(stream: Stream, record: Any) -> tuple[str, Hashable] | None:
    """Return what of a record has one payer: the words for it, and what tells it from others.

    That is an invoice with a UUID, and the cost of a resource with a UUID over the same time. Of a
    usage the first such cost speaks for all: a server that goes by the token alone repeats all.
    """
    if stream is Stream.INVOICES and is_uuid(record.id):
        return f"invoice {record.id}", (record.kind, record.id.casefold())
    return _first_cost(record) if stream is Stream.USAGE else None


def _first_cost(usage: Usage) -> tuple[str, Hashable] | None:
    for charge in usage.charges:
        resource = charge.resource_id
        if resource is not None and charge.cost is not None and is_uuid(resource):
            known = (resource.casefold(), charge.service, charge.period, charge.cost)
            return f"the cost of {resource}", known
    return None
