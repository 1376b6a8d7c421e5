"""``billfold invoice``: one invoice with its lines, or its document as a file."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from attrs import evolve
from rich.console import RenderableType
from rich.text import Text

from billfold.answer import Answer, Coverage
from billfold.cli.output.cells import cash, dash, grid, number, stacked, words
from billfold.cli.output.notes import notes
from billfold.cli.output.terminal import clean, tell
from billfold.cli.run import answered, emit, exit_code
from billfold.cli.setup import Format, Setup
from billfold.errors import BillfoldError, DeadlineError, ProviderError, UnsupportedError
from billfold.facade.billfold import Billfold
from billfold.files import atomic_write
from billfold.model import Invoice, State, Stream


def run(setup: Setup, account: str, invoice_id: str, pdf: Path | None, form: Format) -> int:
    """Ask that one account, whatever else is configured or chosen, and return the exit code."""
    one = evolve(setup, names=(account,), providers=())
    if pdf is None:
        return emit(answered(one, partial(_ask, account, invoice_id)), form, details)
    answer = answered(one, partial(_save, account, invoice_id, pdf))
    if form is not Format.TABLE:
        return emit(answer, form)
    tell(*notes(answer))
    if answer.complete:
        tell(
            Text(
                f"billfold: invoice {clean(invoice_id)} of {clean(account)} is in {clean(str(pdf))}"
            )
        )
    return exit_code(answer)


async def _ask(
    account: str, invoice_id: str, fold: Billfold, deadline: float | None
) -> Answer[Invoice]:
    try:
        return _answer(fold, await fold.invoice(account, invoice_id, deadline=deadline))
    except (ProviderError, UnsupportedError) as error:
        return _refused(fold, error)


async def _save(
    account: str, invoice_id: str, target: Path, fold: Billfold, deadline: float | None
) -> Answer[Invoice]:
    try:
        with atomic_write(target) as file:
            async for chunk in fold.document(account, invoice_id, deadline=deadline):
                file.write(chunk)
    except (ProviderError, UnsupportedError) as error:
        return _refused(fold, error)
    return _answer(fold, detail=f"the document is in {target}")


def _answer(fold: Billfold, *items: Invoice, detail: str | None = None) -> Answer[Invoice]:
    (one,) = fold.accounts
    row = Coverage(one.name, one.provider, Stream.INVOICES, State.COMPLETE, detail=detail)
    return Answer(Stream.INVOICES, None, items, (row,))


def _refused(fold: Billfold, error: BillfoldError) -> Answer[Invoice]:
    state = State.TIMED_OUT if isinstance(error, DeadlineError) else State.FAILED
    answer = _answer(fold, detail=error.message)
    if isinstance(error, UnsupportedError):
        return evolve(answer, coverage=(evolve(answer.coverage[0], state=State.UNSUPPORTED),))
    return evolve(answer, coverage=(evolve(answer.coverage[0], state=state),), failures=(error,))


def details(answer: Answer[Invoice]) -> RenderableType:
    """Lay the lines of invoices out."""
    if not any(invoice.lines for invoice in answer):
        return Text("The provider gives no lines." if answer.items else "", "dim")
    table = grid(
        "Line", "Project", ("Quantity", "right"), ("Unit price", "right"), ("Cost", "right")
    )
    for line in (line for invoice in answer for line in invoice.lines):
        name, about = (
            line.product_name or line.description or line.product_id or line.id,
            line.description,
        )
        what = stacked(words(name), words(about, "dim") if about and about != name else None)
        price = dash() if line.unit_price is None else words(line.unit_price)
        where = words(line.sub_account_name or line.sub_account_id)
        table.add_row(what, where, number(line.quantity, line.unit), price, cash(line.cost))
    return table
