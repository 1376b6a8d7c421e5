"""What is of one organization only, whichever accounts state it. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from billfold.model import Charge, Invoice, Usage
from billfold.wire import one_case
from billfold_bnerd.metering import is_unnamed
from billfold_bnerd.values import UUID


def billed_once(record: Usage | Invoice) -> Iterator[tuple[str, Hashable]]:
    """Yield the words for what is one organization's, and what tells it from others.

    A project is, by its UUID, and so are a usage's row and an invoice by ids of their own: of rows
    the first speaks for all. A server that goes by the token alone repeats them for another.
    """
    if isinstance(record, Invoice):
        if not is_unnamed(record.id):
            yield f"invoice {record.id}", (record.kind, one_case(record.id))
        return
    billed = [charge for charge in record.charges if charge.cost is not None and charge.cost.amount]
    projects = dict.fromkeys(charge.sub_account_id for charge in billed)
    for project in projects:
        if project is not None and UUID.fullmatch(project):
            yield f"project {project}", (record.covers, one_case(project))
    row = next(filter(None, map(_own_id, billed)), None)
    if row is not None:
        yield f"row {row}", row


def _own_id(charge: Charge) -> str | None:
    """Return the UUID in a charge's id that is its row's: the others are what it is for."""
    others = charge.sub_account_id, charge.resource_id, charge.tags.get("product_id")
    known = {one_case(each) for each in others if each is not None}
    own = (each for each in charge.id.split("/")[1:] if UUID.fullmatch(each))
    return next((each for each in own if each not in known), None)
