"""Invoices and their saved documents in the chosen format."""

from __future__ import annotations

from collections.abc import Container, Sequence

from billfold.answer import Answer
from billfold.cli.documents import Outcome, SavedDocument
from billfold.cli.options import OutputFormat
from billfold.cli.output._cells import title
from billfold.cli.output.answers import answer_table
from billfold.cli.output.formats import answer_csv, write_result
from billfold.cli.output.notes import answer_notes, has_warnings, window_text
from billfold.cli.output.terminal import print_error, print_remark, print_stderr
from billfold.counted import counted
from billfold.model import Invoice
from billfold.model.shared_names import shared_names, told_apart
from billfold.printable import printable


def write_documents(
    answer: Answer[Invoice], documents: Sequence[SavedDocument], output_format: OutputFormat
) -> None:
    """Write invoices to standard output, and to standard error what became of their documents."""
    write_result(
        output_format,
        as_table=lambda: (
            title("Invoices", window_text(answer.requested, answer.coverage)),
            *answer_table(answer),
        ),
        as_document=lambda: answer.to_dict() | {"documents": [_document(x) for x in documents]},
        as_csv=lambda: answer_csv(answer),
        notes=answer_notes(answer),
        warns=has_warnings(answer),
    )
    numbers = (f"{each.invoice.account} {each.invoice.number}" for each in documents)
    shared = shared_names(zip(numbers, (each.invoice.id for each in documents), strict=True))
    for each in documents:
        if each.outcome is Outcome.FAILED:
            print_error(f"no document of {_name(each.invoice, shared)}: {each.reason}")
    failed = any(each.outcome is Outcome.FAILED for each in documents)
    say = print_stderr if failed else print_remark
    say(printable(f"billfold: {_summary(documents)}"))


def _name(invoice: Invoice, shared: Container[str]) -> str:
    """Return the account and the number, with the id where several have that number."""
    name = f"{invoice.account} {invoice.number or invoice.id}"
    return told_apart(name, invoice.id) if name in shared else name


def _summary(documents: Sequence[SavedDocument]) -> str:
    if not documents:
        return "no legal invoice, and so no document, in this period"
    by_outcome = {
        outcome: [each for each in documents if each.outcome is outcome] for outcome in Outcome
    }
    said = [f"{counted(len(by_outcome[Outcome.SAVED]), 'document')} saved"]
    if there := by_outcome[Outcome.THERE]:
        said.append(f"{len(there)} already there")
    if failed := by_outcome[Outcome.FAILED]:
        said.append(f"{len(failed)} missing")
    return f"{', '.join(said)}, in {documents[0].file.parent}"


def _document(saved: SavedDocument) -> dict[str, str | None]:
    return {
        "account": saved.invoice.account,
        "id": saved.invoice.id,
        "number": saved.invoice.number,
        "file": str(saved.file),
        "outcome": saved.outcome.value,
        "reason": saved.reason,
    }
