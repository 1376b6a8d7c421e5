"""The two families of invoices, listed (CONTRACT.md, sections 2.3 and 2.4). Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import partial

from attrs import evolve
from msgspec import Raw

from billfold.model import Invoice, InvoiceKind, billed_period, bills_in, number_duplicates
from billfold.period import Period
from billfold.wire import counted, one_case
from billfold_bnerd import values
from billfold_bnerd.cancellations import doubted, given_back, settled
from billfold_bnerd.corrections import in_month_of_what_they_correct
from billfold_bnerd.documents import Document
from billfold_bnerd.legal import legal_document
from billfold_bnerd.lenient import Lenient
from billfold_bnerd.lists import Listing, decode_list, parse_own
from billfold_bnerd.metering import is_read_alone, is_unnamed, metering_document
from billfold_bnerd.named import with_named
from billfold_bnerd.numbers_in_texts import as_number
from billfold_bnerd.repeats import conflict, counted_once
from billfold_bnerd.written_anew import unsure_beside_what_they_name

READ_BY: Mapping[InvoiceKind, Callable[[str, Lenient, Raw, str], Document]] = {
    InvoiceKind.METERING: metering_document,
    InvoiceKind.LEGAL: legal_document,
}
# What only the other documents of a list say of each.
RELATED_BY: Mapping[InvoiceKind, Callable[[Sequence[Document]], list[Document]]] = {
    InvoiceKind.METERING: lambda some: _told_apart(doubted(given_back(with_named(some)))),
    InvoiceKind.LEGAL: lambda some: _told_apart(settled(with_named(some))),
}

_SHOWN = 5


def _told_apart(documents: Sequence[Document]) -> list[Document]:
    return unsure_beside_what_they_name(in_month_of_what_they_correct(documents))


def invoices(org: str, kind: InvoiceKind, period: Period | None, body: bytes) -> Listing[Invoice]:
    """Return the invoices of a family that bill in a period, or do not say when, each once."""
    read, rows = Lenient(), decode_list(body, "invoices")
    listing = parse_own(rows, org, partial(READ_BY[kind], org, read))
    listing = evolve(listing, rows=RELATED_BY[kind](listing.rows))
    matching = [one for one in listing.rows if bills_in(one.invoice, period)]
    kept, repeats, conflicts = _once(
        [one.invoice for one in matching], [one.invoice for one in listing.rows]
    )
    gaps = [*listing.gaps, *(gap for one in matching for gap in one.all_gaps)]
    notes = [*listing.notes, *read.notes(), *(note for one in matching for note in one.notes)]
    gaps += _of_unsure_periods(listing.rows, period)
    gaps += conflict(conflicts, "the first reading was kept")
    gaps += _alike(kept)
    gaps += _of_one_number(listing.rows, {one.invoice.number for one in matching})
    notes += counted_once(repeats)
    notes += values.scale_notes(bill.total for bill in kept)
    return Listing(number_duplicates(kept), tuple(dict.fromkeys(gaps)), tuple(dict.fromkeys(notes)))


def _of_unsure_periods(documents: Sequence[Document], period: Period | None) -> list[str]:
    """Return gaps for documents that count, of which it is not certain what month they bill.

    One that is read by itself, too, may state that there.
    """
    asking = [one for one in documents if one.invoice.counts]
    gaps = undated([one.invoice for one in asking if not is_read_alone(one.invoice)], period)
    dated = [one for one in asking if billed_period(one.invoice) is not None]
    legal = [one for one in dated if one.invoice.kind is InvoiceKind.LEGAL]
    if guessed := sum(one.invoice.period is None and bool(one.billed.unreadable) for one in legal):
        said = "a time of service that cannot be read, billed by the document's date"
        gaps.append(f"{guessed} with {said}")
    if several := sum(bool(one.billed.against) for one in dated):
        gaps.append(f"{several} with two times of service, of which one decides")
    return gaps


def undated(invoices: Iterable[Invoice], period: Period | None) -> list[str]:
    """Return a gap for invoices that state no time at all, and may be of another one.

    They are in every month that is requested, and in no other view. What asks for no money (an
    offer, a draft) may be in any.
    """
    some = [bill for bill in invoices if bill.counts and billed_period(bill) is None]
    if not some or period is None:
        return []
    named = [bill.id if bill.total is None else f"{bill.id} over {bill.total}" for bill in some]
    if (more := len(named) - _SHOWN) > 0:
        named = [*named[:_SHOWN], f"and {more} more"]
    said = "without a period that can be read, listed whatever the period"
    return [f"{len(some)} {said}: {', '.join(named)}"]


def _of_one_number(documents: Iterable[Document], matching: Set[str | None]) -> list[str]:
    """Return a gap for each number of what matches that several documents of one type have.

    A number names one invoice, so one of them may be the other again, under another id.
    """
    ids: dict[tuple[str, str], set[str]] = {}
    shown: dict[str, str] = {}
    wanted = {as_number(number) for number in matching if number}
    for one in documents:
        number = as_number(one.invoice.number or "")
        if number in wanted and number and one.invoice.counts:
            shown.setdefault(number, str(one.invoice.number))
            ids.setdefault((one.kind, number), set()).add(one.own_id)
    return [
        f"number {shown[number]} is that of {counted(len(own), 'document')}, and all of them count"
        for (_, number), own in ids.items()
        if len(own) > 1
    ]


def _alike(invoices: Iterable[Invoice]) -> list[str]:
    """Return a gap where invoices without ids, which bill one period, do not differ in anything.

    One of them may be the other again.
    """
    unnamed = [repr(invoice) for invoice in invoices if is_unnamed(invoice.id) and invoice.counts]
    again = len(unnamed) - len(set(unnamed))
    return [f"{again} without an id like another of its period, and counted"] if again else []


def _once(
    matching: Sequence[Invoice], listed: Iterable[Invoice]
) -> tuple[list[Invoice], int, list[str]]:
    """Return the first of each id that matches, how many come again, and the ids of other content.

    An id of our own making proves nothing: two invoices of a period without ids are two.
    """
    by_id: dict[str, list[Invoice]] = {}
    for invoice in listed:
        if not is_unnamed(invoice.id):
            by_id.setdefault(one_case(invoice.id), []).append(invoice)
    first = {one_case(invoice.id): invoice for invoice in reversed(matching)}
    kept = [bill for bill in matching if is_unnamed(bill.id) or first[one_case(bill.id)] is bill]
    listings = [by_id.get(one_case(invoice.id), []) for invoice in kept]
    repeated = [alike for alike in listings if len(alike) > 1]
    conflicts = [
        alike[0].id
        for alike in repeated
        if any(evolve(again, id=alike[0].id) != alike[0] for again in alike)
        and any(again.counts for again in alike)
    ]
    return kept, len(repeated) - len(conflicts), conflicts
