"""One account by name: its invoices, and writes under a deadline."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any, ClassVar, cast

import pytest
from aiohttp import web
from attrs import frozen

from billfold import (
    Account,
    Billfold,
    ConfigError,
    DeadlineError,
    Invoice,
    InvoiceKind,
    NotFoundError,
    OutcomeUnknownError,
    ProviderError,
    RequestError,
    Secret,
    State,
    TransientError,
    UnsupportedError,
)
from billfold.adapter import Client, Declaration, Reading, Readings
from billfold.http.deadline import Deadline
from support.hurried import hold, hurried
from support.lines import QUICK, TOKEN, answering, problem
from support.toys import Bank, Silent, eur


@frozen
class Lister:
    """Lists invoices, and has no single ones."""

    provider: ClassVar[str] = "lister"
    declares: ClassVar[Declaration] = Declaration(
        "Lister", "https://lister.invalid", "LISTER_TOKEN", "LISTER_URL", problem
    )

    async def invoices(self, client: Client, period: object, kind: object) -> Readings[Invoice]:
        yield Reading((Invoice("1", InvoiceKind.LEGAL, eur("1"), number="RE-1"),))
        yield Reading((Invoice("2", InvoiceKind.LEGAL, eur("2"), number="RE-2"),))


def fold_of(adapter: object, url: str = "http://127.0.0.1:1") -> Billfold:
    account = Account("b", adapter, Secret(TOKEN), url)  # type: ignore[arg-type]
    return Billfold([account], retry=QUICK)


@pytest.mark.parametrize("invoice_id", ["2", "RE-2"])
async def test_an_invoice_of_a_provider_that_only_lists_them_is_found_in_the_list(
    invoice_id: str,
) -> None:
    async with fold_of(Lister()) as fold:
        (invoice,) = await fold.invoice("b", invoice_id)
    assert (invoice.id, invoice.total) == ("2", eur("2"))
    assert (invoice.provider, invoice.account) == ("lister", "b")


async def test_one_that_is_not_listed_is_not_found() -> None:
    async with fold_of(Lister()) as fold:
        with pytest.raises(NotFoundError, match="no invoice has the id or number '3'") as caught:
            await fold.invoice("b", "3")
    assert (caught.value.provider, caught.value.account) == ("lister", "b")


@frozen
class BrokenLister:
    """Lists the invoices of one part, and fails for another."""

    provider: ClassVar[str] = "lister"
    declares: ClassVar[Declaration] = Lister.declares

    async def invoices(self, client: Client, period: object, kind: object) -> Readings[Invoice]:
        yield Reading(state=State.FAILED, error=TransientError("503 try again"))
        yield Reading((Invoice("1", InvoiceKind.LEGAL, eur("1")),))


async def test_one_that_a_failed_part_may_hold_is_not_said_to_be_absent() -> None:
    async with fold_of(BrokenLister()) as fold:
        assert (await fold.invoice("b", "1")).items[0].id == "1"
        with pytest.raises(TransientError, match="503 try again"):
            await fold.invoice("b", "2")


@frozen
class Mirror(Lister):
    """Lists metering invoices that are called by the number of the legal one that bills them."""

    async def invoices(self, client: Client, period: object, kind: object) -> Readings[Invoice]:
        rows = (("m1", "RE-1"), ("1", "RE-1"), ("m2", "M-2"), ("m3", "RE-1"))
        kinds = {"m": InvoiceKind.METERING, "1": InvoiceKind.LEGAL}
        yield Reading(tuple(Invoice(i, kinds[i[0]], eur("1"), number=n) for i, n in rows))


@pytest.mark.parametrize(("number", "ident"), [("RE-1", "1"), ("M-2", "m2")])
async def test_a_number_of_both_families_is_that_of_the_legal_invoice(
    number: str, ident: str
) -> None:
    async with fold_of(Mirror()) as fold:
        assert (await fold.invoice("b", number)).items[0].id == ident


@frozen
class Archive:
    """Lists invoices, and reads single ones and their documents by id alone."""

    provider: ClassVar[str] = "archive"
    declares: ClassVar[Declaration] = Lister.declares

    async def invoices(self, client: Client, period: object, kind: object) -> Readings[Invoice]:
        numbers = {"1": "RE-1", "2": "RE-2", "3": "RE-3", "4": "RE-3", "5": "1", "6": "lost"}
        yield Reading(
            tuple(
                Invoice(ident, InvoiceKind.LEGAL, eur(ident), number=number)
                for ident, number in numbers.items()
            )
        )

    async def invoice(self, client: Client, invoice_id: str) -> Reading[Invoice]:
        if invoice_id not in {"1", "2", "3", "4", "5"}:
            raise NotFoundError("404 Not Found")
        return Reading((Invoice(invoice_id, InvoiceKind.LEGAL, eur(invoice_id)),))

    async def document(self, client: Client, invoice_id: str) -> AsyncGenerator[bytes, None]:
        if invoice_id not in {"1", "2"}:
            raise RequestError("422 no such id")
        yield b"%PDF-"
        yield invoice_id.encode()


@pytest.mark.parametrize(("wanted", "ident"), [("2", "2"), ("RE-2", "2"), ("1", "1")])
async def test_an_invoice_and_its_document_are_named_by_id_or_by_number(
    wanted: str, ident: str
) -> None:
    # 1 is the id of an invoice and the number of another one: an id comes first.
    async with fold_of(Archive()) as fold:
        assert (await fold.invoice("b", wanted)).items[0].id == ident
        document = [chunk async for chunk in fold.document("b", wanted)]
    assert b"".join(document) == b"%PDF-" + ident.encode()


async def test_a_number_of_several_invoices_or_of_none_is_refused_by_name() -> None:
    async with fold_of(Archive()) as fold:
        with pytest.raises(ConfigError, match="have the number 'RE-3'; give an id: 3, 4"):
            await fold.invoice("b", "RE-3")
        for wanted in ("RE-9", "6", "lost"):
            with pytest.raises(NotFoundError, match="404 Not Found") as caught:
                await fold.invoice("b", wanted)
            assert (caught.value.account, caught.value.part) == ("b", wanted)
        with pytest.raises(ConfigError, match="the invoice's id is empty"):
            await fold.invoice("b", " ")
        with pytest.raises(ConfigError, match="an invoice's id is text, not 3"):
            await fold.invoice("b", cast(Any, 3))


async def test_a_provider_without_invoices_says_so() -> None:
    async with fold_of(Silent()) as fold:
        with pytest.raises(
            UnsupportedError, match="account 'b': silent does not offer invoices"
        ) as caught:
            await fold.invoice("b", "3")
        with pytest.raises(UnsupportedError):
            fold.account("b").payment_methods  # noqa: B018
    assert caught.value.account == "b"


def test_a_write_that_a_deadline_ends_after_it_was_sent_may_have_happened() -> None:
    async def hang(request: web.Request) -> web.Response:
        await asyncio.sleep(60)
        return web.Response()

    async def main() -> None:
        async with answering(hang) as url, fold_of(Bank(), url) as fold:
            with pytest.raises(OutcomeUnknownError, match="look before repeating it") as caught:
                await fold.account("b").payment_methods.remove("pm_1", deadline=10)
        assert caught.value.account == "b"

    hurried(main)


async def test_a_write_that_a_deadline_ends_before_it_was_sent_did_not_happen() -> None:
    async with fold_of(Bank()) as fold:
        one = fold.account("b")
        await one._client.exchange.gate.acquire()  # every place is taken
        for _ in range(7):
            await one._client.exchange.gate.acquire()
        with pytest.raises(DeadlineError):
            await one.payment_methods.remove("pm_1", deadline=0.1)


async def test_a_write_in_time_is_made() -> None:
    seen: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(f"{request.method} {request.path}")
        return web.Response(status=204)

    async with answering(answer) as url, fold_of(Bank(), url) as fold:
        await fold.account("b").payment_methods.set_default("pm_1", deadline=10)
    assert seen == ["PUT /methods/pm_1"]


def test_a_write_after_its_deadline_is_not_sent() -> None:
    seen: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(request.method)
        return web.Response(status=204)

    async def main() -> None:
        async with answering(answer) as url, fold_of(Bank(), url) as fold:
            deadline = Deadline.after(10)
            await asyncio.sleep(20)
            with pytest.raises(DeadlineError):
                await fold.account("b").payment_methods.set_default("pm_1", deadline=deadline)

    hurried(main)
    assert seen == []


def test_a_sent_write_whose_loop_was_held_up_may_have_happened() -> None:
    async def held_up(request: web.Request) -> web.Response:
        hold(20)  # as a bad neighbour does
        await asyncio.sleep(60)
        return web.Response()

    async def main() -> None:
        async with answering(held_up) as url, fold_of(Bank(), url) as fold:
            with pytest.raises(OutcomeUnknownError):
                await fold.account("b").payment_methods.remove("pm_1", deadline=10)

    hurried(main)


@frozen
class PartlyRead:
    """Says that it read one page of several."""

    provider: ClassVar[str] = "lister"
    declares: ClassVar[Declaration] = Lister.declares

    async def invoices(self, client: Client, period: object, kind: object) -> Readings[Invoice]:
        listed = (
            Invoice("1", InvoiceKind.LEGAL, eur("1"), number="2"),
            Invoice("2", InvoiceKind.LEGAL, eur("2"), number="3"),
        )
        yield Reading(listed, state=State.PARTIAL, detail="one page of several")


async def test_an_id_goes_before_a_number_and_a_partial_list_proves_no_absence() -> None:
    async with fold_of(PartlyRead()) as fold:
        assert (await fold.invoice("b", "2")).items[0].id == "2"
        assert (await fold.invoice("b", "3")).items[0].id == "2"
        with pytest.raises(ProviderError, match="not among those that could be read: one page"):
            await fold.invoice("b", "4")


@frozen
class NotingLister(PartlyRead):
    """Says of its first page what is no reason for its state, too."""

    async def invoices(self, client: Client, period: object, kind: object) -> Readings[Invoice]:
        yield Reading((), note="119.00 EUR are read as euros")
        first = Invoice("1", InvoiceKind.LEGAL, eur("1"), number="2")
        reason, note = "$.page is not read", "1 row of another organization left out"
        yield Reading((first,), state=State.PARTIAL, detail=reason, note=note)


async def test_only_what_keeps_a_list_from_being_whole_is_why_an_invoice_is_not_in_it() -> None:
    async with fold_of(NotingLister()) as fold:
        with pytest.raises(ProviderError) as caught:
            await fold.invoice("b", "999")
        found = await fold.invoice("b", "1")
        listed = await fold.invoices()
    assert caught.value.message.endswith("those that could be read: $.page is not read")
    (row,) = found.coverage
    assert row.detail == "$.page is not read; 1 row of another organization left out"
    (row,) = listed.coverage
    assert row.state is State.PARTIAL
    assert row.detail == (
        "119.00 EUR are read as euros; $.page is not read; 1 row of another organization left out"
    )
