"""Laws of invoices: by kind, by period, and one by one they are the same invoices."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from billfold.answer import Answer
from billfold.errors import BillfoldError, NotFoundError
from billfold.facade.billfold import Billfold
from billfold.model import Invoice, InvoiceKind, Stream, billed_period, bills_in
from billfold.period import Period
from billfold.testing.answers import record_ids, some, states
from billfold.testing.baseline import baseline
from billfold.testing.harness import serve
from billfold.testing.laws.honesty import HOLES, require_honest
from billfold.testing.rules import Rule, fail, require
from billfold.testing.subject import LAST_MONTH, THIS_MONTH, Case, Subject

KINDS = "law 3, each cent once"
PERIODS = "law 7, windows add up"

ONLY_KIND = Rule(
    KINDS, "yield only invoices of the `kind` that is asked, and both where it is None"
)
EVERY_KIND = Rule(KINDS, "yield for each `kind` the invoices that are of it where none is asked")
BILLED = Rule(
    PERIODS,
    "yield the invoices for which billfold.model.bills_in(invoice, period) is true, whatever the "
    "provider's own filter does",
)
KNOWN_INVOICE = Rule(
    HOLES,
    "let `invoice(client, invoice_id)` read what the list names, or leave the method out: then the "
    "list is searched",
)
SAME_INVOICE = Rule(
    HOLES, "read the invoice that is asked, with the id, kind and total of the list"
)
NOT_FOUND = Rule(HOLES, "raise NotFoundError for an invoice that is not there")

_MONTHS = 4  # the latest, of those that invoices bill
_NO_ID = "billfold-no-such-invoice"


async def kinds(subject: Subject) -> None:
    """Require that invoices asked for by kind are of that kind, and the kinds all of them."""
    for case in subject.cases():
        if case.stream is not Stream.INVOICES:
            continue
        everything = (await baseline(subject, case)).answer
        with serve(subject) as harness:
            async with harness.fold() as fold:
                for kind in InvoiceKind:
                    limited = Case(case.stream, case.period, kind)
                    _require_kind(limited, everything, await limited.read(fold))


def _require_kind(case: Case, everything: Answer[Invoice], answer: Answer[Invoice]) -> None:
    require_honest(case, answer)
    of_another = [invoice.id for invoice in answer if invoice.kind is not case.kind]
    require(not of_another, ONLY_KIND, f"{case}: {some(of_another)} are of another kind")
    if everything.complete:
        require(answer.complete, EVERY_KIND, f"{case} are {states(answer)}")
        expected = [invoice for invoice in everything if invoice.kind is case.kind]
        _require_invoices(EVERY_KIND, case, expected, answer)


def _require_invoices(
    rule: Rule, case: Case, expected: Iterable[Invoice], answer: Answer[Invoice]
) -> None:
    right = Answer(case.stream, case.period, tuple(expected), answer.coverage)
    missing = set(record_ids(right)) - set(record_ids(answer))
    require(not missing, rule, f"{case}: {some(missing)} are missing")
    extra = set(record_ids(answer)) - set(record_ids(right))
    require(not extra, rule, f"{case}: {some(extra)} do not belong there")


async def periods(subject: Subject) -> None:
    """Require that invoices asked for by period are those that bill it.

    Those that do not say what they bill belong to every period. All others belong to one of any
    windows that touch.
    """
    if not subject.offers(Stream.INVOICES):
        return
    everything = (await baseline(subject, Case(Stream.INVOICES))).answer
    compared = False
    with serve(subject) as harness:
        async with harness.fold() as fold:
            for period in _periods(everything):
                case = Case(Stream.INVOICES, period)
                answer = await case.read(fold)
                require_honest(case, answer)
                if answer.complete and everything.complete:
                    expected = [invoice for invoice in everything if bills_in(invoice, period)]
                    _require_invoices(BILLED, case, expected, answer)
                    compared = True
    about = "all invoices are complete, but those of no period are"
    require(compared or not everything.complete, BILLED, about)


def _periods(everything: Answer[Invoice]) -> list[Period]:
    """Return months that invoices bill, each also in two parts, and some other months."""
    starts = {billed.start for invoice in everything if (billed := billed_period(invoice))}
    months = sorted({Period.month_of(start) for start in starts})[-_MONTHS:]
    parts = [part for month in months for part in _parts(month, starts)]
    return list(dict.fromkeys([LAST_MONTH, THIS_MONTH, Period.month(2001, 1), *months, *parts]))


def _parts(month: Period, starts: Iterable[Any]) -> tuple[Period, Period]:
    """Return a month in two parts, cut where an invoice's period begins, or in the middle."""
    inside = [start for start in starts if month.start < start < month.end]
    moment = min(inside, default=month.start + (month.end - month.start) / 2)
    return Period(month.start, moment), Period(moment, month.end)


async def single(subject: Subject) -> None:
    """Require that each listed invoice can be read by its id, and an unknown one is not found."""
    if not subject.offers(Stream.INVOICES):
        return
    everything = (await baseline(subject, Case(Stream.INVOICES))).answer
    with serve(subject) as harness:
        async with harness.fold() as fold:
            for listed in everything:
                await _require_same(fold, listed)
            for account in fold.accounts:
                await _require_not_found(fold, account.name)


async def _require_same(fold: Billfold, listed: Invoice) -> None:
    about = f"{listed.account}: {listed.kind} invoice {listed.id}"
    try:
        invoice = await fold.invoice(listed.account, listed.id)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what breaks the law
        fail(KNOWN_INVOICE, f"{about} is listed, and cannot be read: {error!r}")
    stated = invoice.id, invoice.kind, invoice.account
    expected = listed.id, listed.kind, listed.account
    require(stated == expected, SAME_INVOICE, f"{about} is read as {invoice.kind} {invoice.id}")
    same = listed.total is None or invoice.total == listed.total
    require(same, SAME_INVOICE, f"{about} is {listed.total} in the list, and {invoice.total} alone")


async def _require_not_found(fold: Billfold, account: str) -> None:
    try:
        invoice = await fold.invoice(account, _NO_ID)
    except NotFoundError:
        return
    except BillfoldError as error:
        fail(NOT_FOUND, f"{account}: an invoice that is not there fails by {error!r}")
    except Exception as error:  # noqa: BLE001 - a traceback is what breaks the law
        fail(NOT_FOUND, f"{account}: an invoice that is not there ends in {error!r}")
    fail(NOT_FOUND, f"{account}: an invoice that is not there is answered with {invoice.id}")
