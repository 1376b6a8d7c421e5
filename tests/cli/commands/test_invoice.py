"""``billfold invoice``: one invoice with its lines, and its PDF, written whole or not at all."""

import csv
import io
import json
from pathlib import Path

import pytest

from billfold import (
    Account,
    Answer,
    Billfold,
    ConfigError,
    IncompleteError,
    Invoice,
    InvoiceKind,
    Money,
    Secret,
    State,
)
from billfold.adapter import Declaration, Reading
from billfold.cli.commands.invoice import _ask as ask_for_invoice
from billfold.cli.run import exit_code
from support.lines import TOKEN, problem


@pytest.fixture
def legal(ask):
    """A legal invoice of the simulated providers: its account and its id."""
    listed = Answer.from_json(ask("invoices", "--kind", "legal", "--format", "json").out)
    return listed.items[0].account, listed.items[0].id


def test_the_document_is_written_and_said_so_on_stderr(ask, legal, tmp_path: Path) -> None:
    file = tmp_path / "bill.pdf"
    done = ask("-v", "invoice", *legal, "--pdf", file)
    assert (done.code, done.out) == (0, "")
    assert str(file) in done.err
    assert file.read_bytes().startswith(b"%PDF-")
    assert [path.name for path in tmp_path.iterdir()] == ["bill.pdf"]


def test_json_says_where_the_document_is(ask, legal, tmp_path: Path) -> None:
    done = ask("invoice", *legal, "--pdf", tmp_path / "bill.pdf", "--format", "json")
    written = json.loads(done.out)
    assert (done.code, written["complete"]) == (0, True)
    assert "bill.pdf" in written["coverage"][0]["detail"]


@pytest.mark.parametrize("form", ["table", "json"])
def test_a_document_that_is_not_there_leaves_the_old_file_alone(
    ask, legal, tmp_path: Path, form
) -> None:
    file = tmp_path / "bill.pdf"
    file.write_text("the old one")
    done = ask("invoice", legal[0], "00000000", "--pdf", file, "--format", form)
    assert done.code == 4
    assert bool(done.out) == (form == "json")
    assert "404" in done.err
    assert file.read_text() == "the old one"
    assert [path.name for path in tmp_path.iterdir()] == ["bill.pdf"]


def test_a_provider_without_documents_is_4(ask, tmp_path: Path) -> None:
    done = ask("invoice", "ci", "1", "--pdf", tmp_path / "bill.pdf")
    assert done.code == 4
    assert "ci" in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("target", "said"),
    [(".", "is not a file"), ("no/such/folder/x.pdf", "the folder no/such/folder does not exist")],
)
def test_a_place_that_cannot_be_written_is_2(ask, legal, target, said) -> None:
    done = ask("invoice", *legal, "--pdf", target)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_only_the_asked_account_is_opened(billfold, tmp_path, mocked) -> None:
    (tmp_path / "billfold.toml").write_text(
        '[[accounts]]\nname = "a"\nprovider = "bnerd"\ntoken_env = "MISSING_A"\n'
        'org = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"\n'
        '[[accounts]]\nname = "b"\nprovider = "harmont"\ntoken_env = "MISSING_B"\n'
    )
    done = billfold("invoice", "a", "1")
    assert done.code == 2
    assert "MISSING_A" in done.err
    assert "MISSING_B" not in done.err


def test_an_invoice_that_is_not_there_is_4_and_json_all_the_same(ask) -> None:
    done = ask("invoice", "cloud", "00000000", "--format", "json")
    written = json.loads(done.out)
    assert (done.code, written["coverage"][0]["state"]) == (4, "failed")
    assert written["failures"][0]["error"] == "NotFoundError"
    assert ask("invoice", "metal", "1").code == 4


def test_one_invoice_is_shown_with_its_lines(ask) -> None:
    listed = Answer.from_json(ask("invoices", "--kind", "metering", "--format", "json").out)
    first = listed.items[0]
    done = ask("invoice", first.account, first.id)
    assert done.code == 0
    assert first.total.rounded() in done.out
    assert "Unit price" in done.out
    again = Answer.from_json(ask("invoice", first.account, first.id, "--format", "json").out)
    assert again.items[0].id == first.id
    written = ask("invoice", first.account, first.id, "--format", "csv")
    lines = list(csv.DictReader(io.StringIO(written.out)))
    assert len(lines) == len(again.items[0].lines)


def test_an_invoice_is_found_by_the_number_that_the_table_shows(ask, tmp_path) -> None:
    listed = Answer.from_json(ask("invoices", "--kind", "legal", "--format", "json").out)
    first = next(invoice for invoice in listed if invoice.number not in (None, invoice.id))
    done = ask("invoice", first.account, first.number, "--format", "json")
    found = json.loads(done.out)
    assert (done.code, found["items"][0]["id"]) == (0, first.id)
    assert found["coverage"][0]["part"] == first.number
    file = tmp_path / "bill.pdf"
    done = ask("invoice", first.account, first.number, "--pdf", file)
    assert (done.code, file.read_bytes()[:5]) == (0, b"%PDF-")


class Unstated:
    """Has one invoice, and does not say what it comes to."""

    provider = "shop"
    declares = Declaration("Shop", "https://shop.invalid", "SHOP_TOKEN", "SHOP_URL", problem)

    async def invoices(self, client, period, kind):
        yield Reading((Invoice("1", InvoiceKind.LEGAL, None, reason="still open"),))


async def test_an_invoice_without_a_total_is_not_complete() -> None:
    account = Account("a", Unstated(), Secret(TOKEN), "https://shop.invalid")
    async with Billfold([account]) as fold:
        answer = await ask_for_invoice(fold, "1", None, None)
    (row,) = answer.coverage
    said = "still open; 1 without a stated amount"
    assert (row.state, row.detail, exit_code(answer)) == (State.PARTIAL, said, 3)


class Doubtful:
    """Is not sure of all that it lists."""

    provider = "shop"
    declares = Declaration("Shop", "https://shop.invalid", "SHOP_TOKEN", "SHOP_URL", problem)

    async def invoices(self, client, period, kind):
        bill = Invoice("1", InvoiceKind.LEGAL, Money.parse("3.00 EUR"))
        yield Reading((bill,), None, State.PARTIAL, "a type that is not known")


async def test_what_is_unsure_of_one_invoice_is_said_and_is_3() -> None:
    account = Account("a", Doubtful(), Secret(TOKEN), "https://shop.invalid")
    async with Billfold([account]) as fold:
        answer = await ask_for_invoice(fold, "1", None, None)
        with pytest.raises(IncompleteError, match="a type that is not known"):
            answer.totals()
    assert exit_code(answer) == 3
    assert [str(bill.total) for bill in answer] == ["3.00 EUR"]


class Twice:
    """Gave two invoices one number."""

    provider = "shop"
    declares = Declaration("Shop", "https://shop.invalid", "SHOP_TOKEN", "SHOP_URL", problem)

    async def invoices(self, client, period, kind):
        yield Reading(
            tuple(Invoice(each, InvoiceKind.LEGAL, None, "RE-1", reason="open") for each in "12")
        )


async def test_a_number_of_two_invoices_is_refused_with_the_ids_of_both() -> None:
    account = Account("a", Twice(), Secret(TOKEN), "https://shop.invalid")
    async with Billfold([account]) as fold:
        with pytest.raises(ConfigError, match="the number 'RE-1'; give an id: 1, 2"):
            await ask_for_invoice(fold, "RE-1", None, None)
        assert (await ask_for_invoice(fold, "2", None, None)).items[0].id == "2"


@pytest.mark.parametrize("words", [("", "1"), ("cloud", " ")])
def test_an_empty_name_or_id_is_wrong_use(ask, words) -> None:
    done = ask("invoice", *words)
    assert (done.code, done.out) == (2, "")
