"""One invoice, read by itself and beside what the list says of it (section 2.4). Pure."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve
from msgspec import Raw

from billfold.model import Check, Invoice, InvoiceKind, bills_in
from billfold.period import Period
from billfold.wire import DriftError, announced_pages, says_lacking_parts
from billfold_bnerd import values
from billfold_bnerd.bare_totals import odd_counts
from billfold_bnerd.containers import count_rows
from billfold_bnerd.documents import Document
from billfold_bnerd.fields import COSTS
from billfold_bnerd.invoices import READ_BY, RELATED_BY, undated
from billfold_bnerd.lenient import Lenient
from billfold_bnerd.lists import Listing, decode_list, is_foreign, parse_own
from billfold_bnerd.metering import line_checks, metering_document
from billfold_bnerd.pages import paged
from billfold_bnerd.stated_errors import errors_below, in_its_words, stated_error
from billfold_bnerd.status_words import contradict, says_more_of_payment
from billfold_bnerd.unread import described, not_read
from billfold_bnerd.values import Node

_INVOICE_KEYS = ("id", "period", "items", *COSTS, *(f"{key}_cents" for key in COSTS))
# What an invoice may leave out that the list states.
_LEFT_OUT = ("number", "type", "issued_on", "due_on", "paid_on", "net")


def invoice(org: str, kind: InvoiceKind, invoice_id: str, body: bytes) -> Document:
    """Return one invoice that was requested by its id, and what is odd about it.

    Raises DriftError where it is none, another one, or another organization's.
    """
    node, read = values.node_of(Raw(body)), Lenient()
    refusal = stated_error(node)
    if all(node.get(key) is None for key in _INVOICE_KEYS):
        problem = values.unfit(f"no invoice, only the keys {values.key_names(node)}", "$")
        raise refusal or in_its_words(problem, node)
    own_id = values.text(node.get("id"))
    if own_id is not None and own_id.casefold() != invoice_id.casefold():
        raise DriftError("the reply is another invoice than the one requested - at `$.id`")
    if is_foreign(values.organization(node), org):
        raise DriftError("the reply is another organization's invoice - at `$.organization_id`")
    if kind == InvoiceKind.METERING:
        document = metering_document(org, read, Raw(body), named=invoice_id)
    else:
        document = READ_BY[kind](org, read, Raw(body), "$")
    # Its lines may come in pages, too.
    pages = announced_pages(node)
    lacks = document.lacks if pages is None else (*document.lacks, paged(pages))
    lacks += not_read([f"${path}" for path in _odd_totals(node, document.invoice)])
    refused = () if refusal is None else (refusal.message,)
    gaps = (*document.gaps, *refused, *errors_below(node, "$"))
    if lacking := described(says_lacking_parts(node, "$")):
        gaps += (f"not all - at {lacking}",)
    return evolve(document, gaps=gaps, lacks=lacks, notes=(*document.notes, *read.notes()))


def _odd_totals(node: Node, invoice: Invoice) -> list[str]:
    """Return the paths of bare totals that neither count its lines nor are what it asks for."""
    asked = (each for each in (invoice.net, invoice.total) if each is not None)
    lines = count_rows(node)
    paths = [set(odd_counts(node, lines, {each.currency: each})) for each in asked]
    return sorted(set.intersection(*paths)) if paths else [*odd_counts(node, lines, {})]


def beside_list(org: str, kind: InvoiceKind, alone: Document, body: bytes) -> Listing[Invoice]:
    """Return one invoice with what the list of its family says of it.

    What the list says of others is theirs. One that is not in it, or of which another may be
    missing there, has a gap.
    """
    # Where each stands in the list is of no interest here, so what both say is said once.
    listing = parse_own(
        decode_list(body, "invoices"), org, lambda raw, _: READ_BY[kind](org, Lenient(), raw, "$")
    )
    listed = next((one for one in listing.rows if one.own_id == alone.own_id), None)
    if listed is None:
        gap = "it is not in the list, and what that says is not known"
        return _related(kind, alone, [*listing.rows, alone]).missing(*listing.gaps, gap)
    read = _with_listed(listed, alone)
    rows = [read if one.own_id == alone.own_id else one for one in listing.rows]
    return _related(kind, read, rows).missing(*listing.gaps)


def without_list(kind: InvoiceKind, alone: Document, problem: str) -> Listing[Invoice]:
    """Return one invoice where the list of its family cannot be read."""
    return _related(kind, alone, [alone]).missing(
        f"what the list says of it is not known: {problem}"
    )


def _related(kind: InvoiceKind, document: Document, rows: Sequence[Document]) -> Listing[Invoice]:
    """Return one document with what the others of its list, in whose order it is, say of it."""
    own = next(one for one in RELATED_BY[kind](rows) if one.own_id == document.own_id)
    return Listing([own.invoice], own.all_gaps, own.notes)


def _with_listed(listed: Document, alone: Document) -> Document:
    read = _as_listed(listed.invoice, alone, None)
    return evolve(
        read,
        cancel_id=alone.cancel_id or listed.cancel_id,
        ref_id=alone.ref_id or listed.ref_id,
        is_void=alone.is_void or listed.is_void,
        is_draft=alone.is_draft or listed.is_draft,
        is_no_bill=alone.is_no_bill or listed.is_no_bill,
        mentions=alone.mentions.beside(listed.mentions),
        takers=alone.takers | listed.takers,
        versions=alone.versions.beside(listed.versions),
        second_ids=tuple(dict.fromkeys((*alone.second_ids, *listed.second_ids))),
        gaps=tuple(dict.fromkeys((*read.gaps, *listed.gaps))),
        taker_gaps=tuple(dict.fromkeys((*read.taker_gaps, *listed.taker_gaps))),
        lacks=tuple(dict.fromkeys((*read.lacks, *listed.lacks))),
        notes=tuple(dict.fromkeys((*read.notes, *listed.notes))),
    )


def compared(listed: Invoice, alone: Document, requested: Period | None) -> Listing[Invoice]:
    """Return an invoice as it was read by itself, and how it differs from what the list says.

    One that states a period other than ``requested``, where the list states none, is left out.
    """
    invoice = alone.invoice
    if listed.period is None and not bills_in(invoice, requested):
        note = f"invoice {invoice.id} states no period in the list, and {invoice.period} itself"
        return Listing((), notes=(f"{note}: left out",))
    read = _as_listed(listed, alone, requested)
    return Listing([read.invoice], read.all_gaps, read.notes)


def _as_listed(listed: Invoice, alone: Document, requested: Period | None) -> Document:
    """Return a document with what it leaves out: its period, total, status, number, type, dates."""
    invoice, gaps, lacks = alone.invoice, list(alone.gaps), list(alone.lacks)
    if listed.period not in (None, invoice.period):
        if invoice.period is not None:
            lacks.append(f"the list says that it bills {listed.period}, itself {invoice.period}")
        invoice = evolve(invoice, period=listed.period)
    if invoice.status is None:
        counts = invoice.counts and listed.counts
        invoice = evolve(invoice, status=listed.status, counts=counts)
    elif listed.status and contradict(listed.status, invoice.status):
        gaps.append(f"the list says that it is {listed.status!r}, itself {invoice.status!r}")
    elif listed.status and says_more_of_payment(listed.status, invoice.status):
        invoice = evolve(invoice, status=listed.status)
    if invoice.counts and not listed.counts and len(gaps) == len(alone.gaps):
        gaps.append("the list says that it asks for no money, and it is counted")
    missing = [name for name in _LEFT_OUT if getattr(invoice, name) is None]
    invoice = evolve(invoice, **{name: getattr(listed, name) for name in missing})
    lacks += undated([invoice], requested)
    total = _with_list_total(listed, invoice)
    return evolve(alone, invoice=total, gaps=tuple(gaps), lacks=tuple(lacks))


def _with_list_total(listed: Invoice, invoice: Invoice) -> Invoice:
    if listed.total is None or listed.total == invoice.total:
        return invoice
    if invoice.total is None:
        checks = line_checks(listed.total, invoice.lines)
        return evolve(invoice, total=listed.total, reason=None, checks=checks)
    if listed.total.currency != invoice.total.currency:
        if not invoice.counts:
            return invoice
        raise DriftError("the invoice is in another currency than the list says - at `$.total`")
    check = Check("invoice list vs. invoice", listed.total, invoice.total)
    return evolve(invoice, checks=(check, *invoice.checks))
