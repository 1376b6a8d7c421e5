"""``billfold invoices``: two kinds, which are never added up, and their documents, saved."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from billfold import Account, Answer, Billfold, Invoice, InvoiceKind, NotFoundError, Secret, Stream
from billfold.adapter import Declaration
from billfold.cli.documents import Outcome, SavedDocument, file_names, save_documents
from billfold.cli.options import OutputFormat
from billfold.cli.output.documents import write_documents
from billfold.http.deadline import NO_DEADLINE
from support.lines import TOKEN, problem


def test_each_kind_has_a_total_of_its_own(ask: Callable[..., Any]) -> None:
    written = json.loads(ask("--account", "cloud", "invoices", "--format", "json").out)
    assert set(written["totals"]) == {"metering", "legal"}
    table = ask("--account", "cloud", "invoices").out
    totals = [line.split()[:2] for line in table.splitlines() if line.startswith("Total ")]
    assert totals == [["Total", "metering"], ["Total", "legal"]]


def test_one_kind_can_be_chosen(ask: Callable[..., Any]) -> None:
    ended = ask("--account", "cloud", "invoices", "--kind", "legal", "--format", "json")
    written = json.loads(ended.out)
    assert {invoice["kind"] for invoice in written["items"]} == {"legal"}
    assert set(written["totals"]) == {"legal"}


def test_each_document_of_a_quarter_is_saved_once_and_again_is_no_change(
    ask: Callable[..., Any], tmp_path: Path
) -> None:
    folder = tmp_path / "new" / "pdf"
    chosen = ("--verbose", "--account", "cloud-dev")
    quarter = (*chosen, "invoices", "--period", "2026-Q3", "--pdf-dir", folder)
    saved = ask(*quarter)
    assert (saved.code, "2 documents saved, in" in saved.err) == (0, True)
    names = ["cloud-dev-RE-26-2452.pdf", "cloud-dev-RE-26-2752.pdf"]
    assert sorted(path.name for path in folder.iterdir()) == names
    assert {path.read_bytes()[:5] for path in folder.iterdir()} == {b"%PDF-"}
    again = ask(*quarter)
    assert (again.code, "0 documents saved, 2 already there" in again.err) == (0, True)


def test_another_file_of_the_name_stays_and_is_named(
    ask: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "cloud-dev-RE-26-2452.pdf").write_text("mine")
    quarter = ("--account", "cloud-dev", "invoices", "-p", "2026-07..2026-10")
    done = ask(*quarter, "--pdf-dir", tmp_path, "--format", "json")
    assert done.code == 3
    assert "RE-26-2452.pdf is there with another content, and was not replaced" in done.err
    assert (tmp_path / "cloud-dev-RE-26-2452.pdf").read_text() == "mine"
    outcomes = {each["number"]: each["outcome"] for each in json.loads(done.out)["documents"]}
    assert outcomes == {"RE-26-2452": "failed", "RE-26-2752": "saved"}


class Shop:
    """Has a document of its first invoice alone."""

    provider = "shop"
    declares = Declaration("Shop", "https://shop.invalid", "SHOP_TOKEN", "SHOP_URL", problem)

    async def document(self, client, invoice_id):
        if invoice_id != "1":
            raise NotFoundError("404 no such document")
        yield b"%PDF-1.4"


async def test_a_document_that_cannot_be_had_is_named_and_the_others_are_saved(
    tmp_path: Path,
) -> None:
    account = Account("a", Shop(), Secret(TOKEN), "https://shop.invalid")
    listed = [bill("RE-2", id="2"), bill("RE-1"), evolve(bill("x"), kind=InvoiceKind.METERING)]
    async with Billfold([account]) as fold:
        documents = await save_documents(fold, listed, tmp_path, NO_DEADLINE)
    assert [(each.file.name, each.outcome, each.reason) for each in documents] == [
        ("a-RE-2.pdf", Outcome.FAILED, "404 no such document"),
        ("a-RE-1.pdf", Outcome.SAVED, None),
    ]
    assert [each.file.exists() for each in documents] == [False, True]


def test_no_folder_is_2_before_anybody_is_asked_and_no_document_is_said(
    ask: Callable[..., Any], tmp_path: Path
) -> None:
    cannot = tmp_path / "file"
    cannot.write_text("")
    refused = ask("invoices", "--pdf-dir", cannot)
    assert (refused.code, "cannot be made a folder" in refused.err) == (2, True)
    none = ask(
        "-v", "--account", "cloud", "invoices", "--kind", "metering", "--pdf-dir", tmp_path / "d"
    )
    assert (none.code, "no legal invoice" in none.err) == (0, True)


def bill(number: str | None, account: str = "a", id: str = "1") -> Invoice:
    return Invoice(
        id, InvoiceKind.LEGAL, None, number, reason="open", account=account, provider="p"
    )


def test_documents_of_one_number_that_are_missing_are_told_apart(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    bills = (
        bill("RE-3", id="3"),
        bill("RE-3", id="4"),
        bill("RE-3", account="b", id="5"),
        bill(None, id="6"),
    )
    missing = [SavedDocument(each, tmp_path / "x.pdf", Outcome.FAILED, "404") for each in bills]
    write_documents(Answer(Stream.INVOICES, None, bills, ()), missing, OutputFormat.CSV)
    told = capsys.readouterr().err
    for name in ("a RE-3 (3)", "a RE-3 (4)", "b RE-3", "a 6"):
        assert f"no document of {name}: 404\n" in told


@pytest.mark.parametrize(
    "number", ["../../etc/passwd", "RE/26", "RE 26", "a\x00b", "é", "x" * 300, "C:\\x"]
)
def test_a_name_from_a_provider_leads_nowhere_else(number: str) -> None:
    (name,) = file_names([bill(number)])
    assert re.fullmatch(r"a-[A-Za-z0-9._-]{1,80}-[0-9a-f]{8}\.pdf", name)


def test_two_invoices_never_share_a_file() -> None:
    first = bill("RE-1")
    others = [evolve(first, id="2"), bill("re-1", id="3"), bill("b-RE-1"), bill("RE-1", "a-b", "4")]
    names = file_names([first, *others])
    assert len({name.casefold() for name in names}) == len(names)
    assert file_names([first, bill(None, id="9")]) == ["a-RE-1.pdf", "a-9.pdf"]
