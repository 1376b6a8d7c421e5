"""What can be of one payer or project only: two accounts that give it cannot both be right."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

from billfold.adapter.declaration import Declaration
from billfold.model import Stream, Usage
from billfold.wire.ids import is_uuid

# Streams whose records may have one.
HAVE_ONE_PAYER = frozenset({Stream.INVOICES, Stream.USAGE})
_PAYER, _PROJECT = "another payer's", "another project's"


def of_one_payer(
    declares: Declaration, stream: Stream, record: Any
) -> Iterator[tuple[str, str, Hashable]]:
    """Yield what of a record has one payer or project.

    Each comes with the words for it and for whose it is elsewhere, and with what tells it from
    others. That is an invoice with a UUID, the cost of a resource with a UUID over the same time,
    and what an adapter declares. Of a usage the first such cost speaks for all: a server that goes
    by the token alone repeats all.
    """
    if stream not in HAVE_ONE_PAYER:
        return
    if stream is Stream.INVOICES and is_uuid(record.id):
        yield f"invoice {record.id}", _PAYER, (record.kind, record.id.casefold())
    if stream is Stream.USAGE:
        yield from _first_cost(record)
    whose = _PROJECT if getattr(record, "sub_account_id", None) else _PAYER
    for name, own in declares.billed_once(record):
        yield name, whose, own


def _first_cost(usage: Usage) -> Iterator[tuple[str, str, Hashable]]:
    for charge in usage.charges:
        resource = charge.resource_id
        if resource is not None and charge.cost is not None and is_uuid(resource):
            known = (resource.casefold(), charge.service, charge.period, charge.cost)
            yield f"the cost of {resource}", _PAYER, known
            return
