"""What a legal document means: a document of EasyBill (CONTRACT.md, section 2.4). Pure."""

from __future__ import annotations

from msgspec import Raw

from billfold.model import Invoice, InvoiceKind
from billfold.money import Money, exponent
from billfold.wire import one_case
from billfold_bnerd import wire
from billfold_bnerd.billed_time import billed_time
from billfold_bnerd.document_status import (
    called_cancelled,
    is_draft,
    is_marked_void,
    shown_status,
    standing_gaps,
)
from billfold_bnerd.document_type import backward_mark, is_known, is_owed, stated_type
from billfold_bnerd.documents import Document, is_correction, with_said_of_others
from billfold_bnerd.fields import Fields
from billfold_bnerd.lenient import Lenient
from billfold_bnerd.lists import decode_row
from billfold_bnerd.marks import own_key, with_marks_inside
from billfold_bnerd.payments import Payment, payment, with_payment
from billfold_bnerd.references import corrected_keys, named_document
from billfold_bnerd.shares import lines, taxes
from billfold_bnerd.unread import Unread, unread
from billfold_bnerd.values import (
    Node,
    amount,
    ident,
    load_json,
    node_of,
    text,
    whole_cents,
    yes_or_no,
)

# Amounts of EasyBill's documents that repeat ``amount``, or are terms and none of it.
_REPEATED = {"items", "discount", "cash_allowance", "customer_snapshot"}
_REPEATED |= {"calc_vat_from", "advanced_data", "address", "label_address"}
_READ = set(wire.LegalInvoice.__struct_fields__)
_CENTS = 2
_CANCEL_ID = "cancel_id"


def legal_document(org: str, read: Lenient, raw: Raw, path: str = "$") -> Document:
    """Return a binding document; a cancellation is negative."""
    row = decode_row(raw, wire.LegalInvoice, path)
    currency = load_json(bytes(row.currency))
    node = node_of(raw)
    stated = load_json(bytes(row.amount))
    total = amount(node.get("total")) if stated is None else whole_cents(stated, currency)
    net = whole_cents(load_json(bytes(row.amount_net)), currency).money
    is_against = _are_against(total.money, net)
    marked = with_marks_inside(node)
    _, kind = stated_type(marked)
    is_void = is_marked_void(marked)
    paid = payment(marked, currency, total.money)
    billed = billed_time(node)
    invoice = Invoice(
        str(row.id),
        InvoiceKind.LEGAL,
        total.money,
        number=ident(read.text(row.number, f"{path}.number")),
        type=text(kind),
        status=shown_status(marked),
        period=billed.period,
        issued_on=read.day(row.document_date, f"{path}.document_date"),
        due_on=read.day(row.due_date, f"{path}.due_date"),
        paid_on=read.day(row.paid_at, f"{path}.paid_at"),
        net=None if is_against else net,
        reason=total.reason,
        billing_account_id=org,
        counts=_counts(kind) and not is_void,
    )
    invoice, payments = with_payment(invoice, paid)
    found = Unread()
    fields = Fields(node, considered={"amount", "amount_net"})
    skipped = _READ | _REPEATED | paid.read | lines(node, total.money, invoice.net)
    skipped |= taxes(node, total.money, invoice.net).keys | corrected_keys(node)
    found.add(path, unread(fields, skipped, [total.money, invoice.net]), fields.considered)
    found.add_currencies(path, fields, total.money)
    lacks, notes = found.gaps_and_notes(
        beside_a_total=stated is not None and total.money is not None
    )
    if is_against:
        lacks += (f"a net amount of {net} against one of {total.money} - at `{path}.amount_net`",)
    (cancelling, cancel_id), ref_id = _cancelled_by(marked), named_document(node, invoice.id)
    if cancel_id == one_case(invoice.id):
        cancel_id = None
        lacks += (f"a document that is said to be cancelled by itself - at `{path}.{cancelling}`",)
    read_alone = Document(
        invoice,
        cancel_id,
        ref_id,
        _gaps(marked, path, invoice, paid),
        (*_unsure_draft(marked, path), *billed.gaps(path), *lacks),
        (*notes, *payments, *_scale(total.money), *_called_cancelled(marked, invoice)),
        billed,
        is_void,
        is_draft(marked),
        is_known(text(kind) or "") and not is_owed(text(kind) or ""),
    )
    return with_said_of_others(read_alone, node, path, (_CANCEL_ID,))


def _are_against(total: Money | None, net: Money | None) -> bool:
    """Return whether a document's net amount has not the sign of its amount, so that one is wrong.

    The amount is that which counts.
    """
    return total is not None and net is not None and total.amount * net.amount < 0


def _cancelled_by(node: Node) -> tuple[str, str | None]:
    """Return the key under which a document names its cancellation, and that one's id, if any."""
    named = ((key, ident(node[key])) for key in node if own_key(key) == _CANCEL_ID)
    return next(((key, one_case(said)) for key, said in named if said), (_CANCEL_ID, None))


def _counts(kind: object) -> bool:
    """Return whether a type asks for money; a document without one is an invoice."""
    return kind in (None, "") or is_owed(text(kind) or "")


def _gaps(node: Node, path: str, invoice: Invoice, paid: Payment) -> tuple[str, ...]:
    """Return what keeps it from being certain whether a document counts."""
    (key, kind), gaps = stated_type(node), []
    if key in node and kind in (None, ""):
        gaps.append(f"a document of no type, taken for an invoice - at `{path}.{key}`")
    elif kind is not None and not is_known(text(kind) or ""):
        gaps.append(f"a type of document that is not known, and not counted - at `{path}.{key}`")
    if _counts(kind):
        is_negative = is_correction(invoice)
        gaps += standing_gaps(node, path, is_negative=is_negative, is_paid=paid.is_whole)
    if invoice.counts:
        gaps += paid.gaps(path)
        if (back := backward_mark(node)) not in (None, key):
            gaps.append(f"a mark that it gives money back, and counted - at `{path}.{back}`")
    return tuple(gaps)


def _unsure_draft(node: Node, path: str) -> tuple[str, ...]:
    stated = [key for key in node if own_key(key) == "is_draft" and yes_or_no(node[key]) is None]
    said = "whether a document is a draft is not readable"
    return tuple(f"{said} - at `{path}.{key}`" for key in stated)


def _scale(total: Money | None) -> tuple[str, ...]:
    """Return a note where the smallest unit is no hundredth, which documents call cents."""
    if total is None or (places := exponent(total.currency)) == _CENTS:
        return ()
    return (f"whole cents of {total.currency} were scaled by ISO 4217's {places} decimals",)


def _called_cancelled(node: Node, invoice: Invoice) -> tuple[str, ...]:
    """Return a note where a cancellation that counts is called cancelled, as what it takes back."""
    if not invoice.counts or (key := called_cancelled(node)) is None:
        return ()
    return (
        f"{invoice.type} {invoice.id} counts, and its {key} {text(node[key])!r} changes nothing",
    )
