"""What a metering invoice means (CONTRACT.md, section 2.3). Pure."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import define, field
from msgspec import Raw

from billfold.model import Check, Invoice, InvoiceKind, InvoiceLine, number_duplicates
from billfold.money import Money, sum_by_currency
from billfold.period import Period
from billfold.wire import DriftError, at_once, one_case
from billfold_bnerd import wire
from billfold_bnerd.billed_time import billed_time
from billfold_bnerd.called_totals import LIKE_A_PRODUCT, NO_SUM, totals_of_list
from billfold_bnerd.document_status import (
    called_cancelled,
    is_draft,
    is_marked_void,
    shown_status,
    standing_gaps,
)
from billfold_bnerd.document_type import backward_mark, is_no_bill, may_be_no_bill, stated_type
from billfold_bnerd.documents import Document, is_correction, with_said_of_others
from billfold_bnerd.fields import COSTS, Fields
from billfold_bnerd.lenient import Lenient
from billfold_bnerd.lists import decode_row, not_understood
from billfold_bnerd.marks import with_marks_inside
from billfold_bnerd.payments import Payment, payment, with_payment
from billfold_bnerd.references import corrected_keys, named_document
from billfold_bnerd.shares import taxes
from billfold_bnerd.totals import sums
from billfold_bnerd.unread import Unread, unread
from billfold_bnerd.values import Node, ident, load_json, node_of, text, unfit

_UNNAMED = "metering:"
_READ = ("id", "organization_id", "period", "total", "status", "state")


def is_unnamed(invoice_id: str) -> bool:
    """Return whether this is the id that we give a metering invoice without one: its period."""
    return invoice_id.startswith(_UNNAMED)


def is_read_alone(invoice: Invoice) -> bool:
    """Return whether a listed invoice is read by itself, too, for its lines."""
    is_metering = invoice.kind is InvoiceKind.METERING
    return is_metering and not invoice.lines and not is_unnamed(invoice.id)


def metering_document(
    org: str, read: Lenient, raw: Raw, path: str = "$", named: str | None = None
) -> Document:
    """Return a metering invoice, which stands at ``path``; without an id it has its period's.

    ``named`` is the id that it was requested by.
    """
    row = decode_row(raw, wire.MeteringInvoice, path)
    node = node_of(raw)
    marked = with_marks_inside(node)
    billed = billed_time(node)
    fields = Fields(node)
    total = fields.amount(*COSTS)
    read.text(row.status, f"{path}.status")
    invoice_id = (
        named or ident(read.text(row.id, f"{path}.id")) or f"{_UNNAMED}{billed.period or 'undated'}"
    )
    paid = payment(marked, node.get("currency"), total.money)
    items = _Items(one_case(invoice_id), f"{path}.items")
    items.read(load_json(bytes(row.items)))
    is_none = is_no_bill(text(stated_type(marked)[1]))
    invoice = Invoice(
        invoice_id,
        InvoiceKind.METERING,
        total.money,
        number=_number(node, total.money),
        status=shown_status(marked),
        period=billed.period,
        lines=number_duplicates(items.lines),
        checks=() if items.problems else line_checks(total.money, items.lines),
        reason=total.reason,
        billing_account_id=org,
        counts=not is_marked_void(marked) and not is_none,
    )
    invoice, payments = with_payment(invoice, paid)
    taxed = taxes(node, total.money)
    skipped = {
        *_READ,
        *paid.read,
        *taxed.keys,
        *corrected_keys(node),
        *(("items",) if items.is_list else ()),
    }
    items.unread.add(path, unread(fields, skipped, [total.money, taxed.net]), fields.considered)
    items.unread.add_currencies(path, fields, total.money)
    lacks, notes = items.unread.gaps_and_notes(beside_a_total=total.money is not None)
    back = backward_mark(marked)
    if back is not None and total.money is not None and total.money.amount > 0:
        lacks += (f"a type that gives money back, over {total.money} - at `{path}.{back}`",)
    lacks += (*_other_currencies(invoice, path), *(billed.gaps(path) if billed.period else ()))
    lacks += items.of_another_time(billed.period)
    read_alone = Document(
        invoice,
        ref_id=named_document(node, invoice.id),
        billed=billed,
        gaps=() if is_none else _gaps(marked, path, invoice, paid),
        lacks=(*lacks, *not_understood(items.problems)),
        notes=(*notes, *payments),
        is_void=is_marked_void(marked),
        is_draft=is_draft(marked),
        is_no_bill=is_none,
    )
    return with_said_of_others(read_alone, node, path)


def _number(node: Node, total: Money | None) -> str | None:
    """Return an invoice's own number; what gives money back may name its bill by another key."""
    is_bill = total is None or total.amount >= 0
    return ident(node.get("number")) or (ident(node.get("invoice_number")) if is_bill else None)


def _gaps(marked: Node, path: str, invoice: Invoice, paid: Payment) -> tuple[str, ...]:
    """Return what keeps it from being certain whether an invoice counts."""
    is_negative = is_correction(invoice)
    standing = standing_gaps(marked, path, is_negative=is_negative, is_paid=paid.is_whole)
    if not invoice.counts:
        return standing
    return (*_type_gaps(marked, path), *standing, *paid.gaps(path))


def _type_gaps(node: Node, path: str) -> tuple[str, ...]:
    """Return gaps where a type leaves it open whether an invoice that counts asks for money."""
    (key, kind), cancelled = stated_type(node), called_cancelled(node)
    gaps = []
    if may_be_no_bill(text(kind)):
        gaps.append(f"a type that may ask for no money, and counted - at `{path}.{key}`")
    if cancelled is not None:
        said = "a cancellation that is called cancelled itself, and counted"
        gaps.append(f"{said} - at `{path}.{cancelled}`")
    return tuple(gaps)


def _other_currencies(invoice: Invoice, path: str) -> tuple[str, ...]:
    """Return a gap where lines are in a currency other than the total, which then is not theirs."""
    costs = sums(line.cost for line in invoice.lines)
    total = invoice.total
    others = [] if total is None else sorted(costs.keys() - {total.currency})
    if total is None or not others:
        return ()
    return (f"lines in {', '.join(others)} of a total in {total.currency} - at `{path}.items`",)


def line_checks(total: Money | None, lines: Sequence[InvoiceLine]) -> tuple[Check, ...]:
    """Compare a total with its lines, where every one states its cost in its currency."""
    costs = [line.cost for line in lines if line.cost is not None]
    sums = sum_by_currency(costs)
    if total is None or len(costs) != len(lines) or sums.keys() != {total.currency}:
        return ()
    return (Check("invoice total vs. its lines", total, sums[total.currency]),)


@define
class _Items:
    """The items of an invoice as its lines, and what of them was not read or not understood."""

    invoice_id: str
    path: str
    lines: list[InvoiceLine] = field(factory=list)
    times: list[Period | None] = field(factory=list)
    unread: Unread = field(factory=Unread)
    problems: list[DriftError] = field(factory=list)
    is_list: bool = False

    def read(self, items: object) -> None:
        """Read what may be a list; its last item, or its first, may be the others' total."""
        self.is_list = isinstance(items, list)
        for index, item in enumerate(items if isinstance(items, list) else ()):
            place = f"{self.path}[{index}]"
            if item == {}:
                self.problems.append(unfit("an item says nothing", place))
            elif isinstance(item, dict):
                self.lines.append(self._line(Fields(item), place))
            else:
                self.problems.append(unfit("an item is no object", place))
        if isinstance(items, list) and len(self.lines) == len(items) > 1:
            self._leave_out_total(items)

    def _leave_out_total(self, items: Sequence[object]) -> None:
        costs = [sums([line.cost]) for line in self.lines]
        totals = at_once(totals_of_list(items, costs, in_named=False))
        odd = [(at, LIKE_A_PRODUCT) for at in totals.doubted]
        odd += [(one.at, NO_SUM) for one in totals.called if not one.is_sum]
        self.problems += [unfit(f"an item {why}", f"{self.path}[{at}]") for at, why in odd]
        for one in reversed(totals.called):
            del self.lines[one.at], self.times[one.at]

    def of_another_time(self, billed: Period | None) -> tuple[str, ...]:
        """Return a gap where each line states a time, and none shares any with what is billed."""
        stated = [time for time in self.times if time is not None]
        if billed is None or not stated or len(stated) < len(self.lines):
            return ()
        if any(time.overlaps(billed) for time in stated):
            return ()
        return (f"lines of {stated[0]} in an invoice of {billed} - at `{self.path}`",)

    def _line(self, fields: Fields, place: str) -> InvoiceLine:
        product, project = fields.ref("product"), fields.ref("project")
        cost, (quantity, unit) = fields.cost(), fields.quantity()
        project_id = project.id or project.name
        line = InvoiceLine(
            f"{self.invoice_id}/{project_id or '-'}/{product.id or product.name or '-'}",
            cost.money,
            product.id,
            product.name,
            project_id,
            project.name,
            fields.text("description"),
            quantity,
            unit,
            fields.unit_price(),
            cost.reason,
        )
        skipped = fields.used - {"product", "project"}
        self.unread.add(place, unread(fields, skipped, [cost.money], quantity))
        self.unread.add_currencies(place, fields, cost.money)
        self.times.append(_time_of(fields))
        return line


def _time_of(fields: Fields) -> Period | None:
    """Return which months a line says that it is of, or between which bounds; a day may be any."""
    time = fields.time()
    is_span = time.period is not None and (not time.is_stamp or time.period.is_whole_months)
    return time.period if is_span and not time.is_life else None
