"""Laws of invoices: by kind, by period, and one by one they are the same invoices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from attrs import evolve

from billfold.adapter import streams
from billfold.answer import Answer
from billfold.errors import BillfoldError, NotFoundError
from billfold.facade.billfold import Billfold
from billfold.model import Invoice, InvoiceKind, Stream, billed_period, bills_in
from billfold.period import Period
from billfold.testing.harness import LAST_MONTH, THIS_MONTH, Case, Subject
from billfold.testing.laws.holes import HOLES, require_honest
from billfold.testing.laws.windows import WINDOWS
from billfold.testing.rules import LawBroken, Rule, record_ids, require, some, states

OF_KIND = Rule(
    "law 3, each cent once",
    "yield the invoices of the `kind` that is asked and no others, and all where it is None",
)
BILLED = Rule(
    WINDOWS,
    "yield the invoices for which billfold.model.bills_in(invoice, period) is true, whatever the "
    "provider's own filter does",
)
SAME_INVOICE = Rule(
    HOLES,
    "let `invoice(client, invoice_id)` read what the list names, with the same id, kind and total, "
    "and say what the list says of it (whether it counts, what took it back, what it corrects), "
    "or less and `State.PARTIAL`; or leave the method out: then the list is searched",
)
BY_ID = Rule(
    HOLES,
    "let `Invoice.corrects` be the id of another document, as that states it; what is not listed "
    "is called as the correction calls it",
)
NOT_FOUND = Rule(HOLES, "raise NotFoundError for an invoice that is not there")

_MONTHS = 4  # the latest, of those that invoices bill
_NO_ID = "billfold-no-such-invoice"


async def kinds(subject: Subject) -> None:
    """Require that invoices asked for by kind are of that kind, and the kinds all of them."""
    for case in subject.cases():
        if case.stream is not Stream.INVOICES:
            continue
        everything = await subject.answer(case)
        with subject.serve() as harness:
            async with harness.fold() as fold:
                for kind in InvoiceKind:
                    limited = Case(case.stream, case.period, kind)
                    _require_kind(limited, everything, await limited.read(fold))


def _require_kind(case: Case, everything: Answer[Invoice], answer: Answer[Invoice]) -> None:
    require_honest(case, answer)
    others = [invoice.id for invoice in answer if invoice.kind is not case.kind]
    require(not others, OF_KIND, f"{case}: {some(others)} are of another kind")
    if everything.complete:
        require(answer.complete, OF_KIND, f"{case} are {states(answer)}")
        _require_invoices(OF_KIND, case, everything, answer)


def _require_invoices(
    rule: Rule, case: Case, everything: Answer[Invoice], answer: Answer[Invoice]
) -> None:
    expected = tuple(
        invoice
        for invoice in everything
        if case.kind in (None, invoice.kind) and bills_in(invoice, case.period)
    )
    right, read = set(record_ids(evolve(answer, items=expected))), set(record_ids(answer))
    require(right <= read, rule, f"{case}: {some(right - read)} are missing")
    require(read <= right, rule, f"{case}: {some(read - right)} do not belong there")


async def periods(subject: Subject) -> None:
    """Require that invoices asked for by period are those that bill it, or bill no period."""
    if Stream.INVOICES not in streams(subject.adapter):
        return
    everything = await subject.answer(Case(Stream.INVOICES))
    compared = False
    with subject.serve() as harness:
        async with harness.fold() as fold:
            for period in _periods(everything):
                case = Case(Stream.INVOICES, period)
                answer = await case.read(fold)
                require_honest(case, answer)
                if answer.complete and everything.complete:
                    _require_invoices(BILLED, case, everything, answer)
                    compared = True
    about = "all invoices are complete, but those of no period are"
    require(compared or not everything.complete, BILLED, about)


def _periods(everything: Answer[Invoice]) -> list[Period]:
    """Return months that invoices bill, each also in two parts, and some other months."""
    starts = {period.start for period in map(billed_period, everything) if period is not None}
    months = sorted(set(map(Period.month_of, starts)))[-_MONTHS:]
    parts = [part for month in months for part in _parts(month, starts)]
    return list(dict.fromkeys([LAST_MONTH, THIS_MONTH, Period.month(2001, 1), *months, *parts]))


def _parts(month: Period, starts: Iterable[datetime]) -> tuple[Period, Period]:
    """Return a month in two parts, cut where an invoice's period begins, or in the middle."""
    inside = [start for start in starts if month.start < start < month.end]
    moment = min(inside, default=month.start + (month.end - month.start) / 2)
    return Period(month.start, moment), Period(moment, month.end)


async def single(subject: Subject) -> None:
    """Require that each listed invoice can be read by its id, and an unknown one is not found."""
    if Stream.INVOICES not in streams(subject.adapter):
        return
    everything = await subject.answer(Case(Stream.INVOICES))
    _require_ids(everything)
    with subject.serve() as harness:
        async with harness.fold() as fold:
            for listed in everything:
                await _require_same_invoice(fold, listed)
            for account in fold.accounts:
                await _require_not_found(fold, account.name)


async def _require_same_invoice(fold: Billfold, listed: Invoice) -> None:
    about = f"{listed.account}: {listed.kind} invoice {listed.id}"
    try:
        answer = await fold.invoice(listed.account, listed.id)
    except Exception as error:
        raise LawBroken(
            SAME_INVOICE, f"{about} is listed, and cannot be read: {error!r}"
        ) from error
    (invoice,) = answer.items
    stated = invoice.id, invoice.kind, invoice.account
    expected = listed.id, listed.kind, listed.account
    require(stated == expected, SAME_INVOICE, f"{about} is read as {invoice.kind} {invoice.id}")
    if not answer.complete:  # it says less, and that it does
        return
    same = listed.total in (None, invoice.total)
    require(same, SAME_INVOICE, f"{about} is {listed.total} in the list, and {invoice.total} alone")
    _require_known_alone(about, listed, invoice)


def _require_known_alone(about: str, listed: Invoice, invoice: Invoice) -> None:
    """Require that what the list knows of an invoice by the others is known of it alone."""
    said = "counts in the list, and not alone" if listed.counts else "counts alone, and not listed"
    require(listed.counts == invoice.counts, SAME_INVOICE, f"{about} {said}")
    by, alone = listed.cancelled_by, invoice.cancelled_by
    said = f"{about} is cancelled by {by!r} in the list, and by {alone!r} alone"
    require(by == alone, SAME_INVOICE, said)
    said = f"{about} corrects {listed.corrects!r} in the list, and {invoice.corrects!r} alone"
    require(listed.corrects == invoice.corrects, SAME_INVOICE, said)


def _require_ids(everything: Answer[Invoice]) -> None:
    """Require that each correction names what it corrects by its id, and not itself."""
    ids = {(invoice.account, invoice.id) for invoice in everything}
    numbers = {(invoice.account, invoice.number) for invoice in everything if invoice.number}
    for invoice in everything:
        named = invoice.account, invoice.corrects
        said = f"{invoice.account}: invoice {invoice.id} corrects {invoice.corrects!r}, which is"
        require(invoice.corrects != invoice.id, BY_ID, f"{said} itself")
        require(named in ids or named not in numbers, BY_ID, f"{said} the number of another")


async def _require_not_found(fold: Billfold, account: str) -> None:
    about = f"{account}: an invoice that is not there"
    try:
        answer = await fold.invoice(account, _NO_ID)
    except NotFoundError:
        return
    except BillfoldError as error:
        raise LawBroken(NOT_FOUND, f"{about} fails by {error!r}") from error
    except Exception as error:
        raise LawBroken(NOT_FOUND, f"{about} ends in {error!r}") from error
    raise LawBroken(NOT_FOUND, f"{about} is answered with {[one.id for one in answer]}")
