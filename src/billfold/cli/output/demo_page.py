"""The demonstration: every stream's answer as its command shows it, then all in one view."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from attrs import evolve
from rich.table import Table
from rich.text import Text

from billfold.answer import Answer
from billfold.cli.output._cells import (
    dash,
    money_cell,
    new_table,
    rounded_amount,
    sparkline,
    text_cell,
)
from billfold.cli.output._marks import HOLE, total_mark
from billfold.cli.output._notes import answer_notes
from billfold.cli.output.tables import answer_table, totals
from billfold.cli.output.terminal import print_stdout
from billfold.cli.output.usage_details import services_table
from billfold.model import DailyCost, Invoice, LedgerEntry, Stream
from billfold.money import Money, sum_by_currency

if TYPE_CHECKING:
    from rich.console import RenderableType

DemoAnswers = Mapping[str, Answer[Any]]

_FIRST_ITEMS = 5
_MEASURES = {
    "Balance": "balances",
    "Usage, current": "usage",
    "Usage, last month": "usage --period last-month",
    "Invoices": "invoices",
}


def print_demo(answers: DemoAnswers) -> None:
    """Print answers, given by the command that shows each."""
    print_stdout(*_parts(answers))


def _parts(answers: DemoAnswers) -> Iterator[RenderableType]:
    accounts = len(answers["check"].coverage)
    yield Text(
        f"{accounts} accounts of simulated providers, asked over HTTP on this machine. "
        "No number here is real.",
        "dim",
    )
    for command, answer in answers.items():
        yield Text()
        yield Text(f"billfold {command}", "bold cyan")
        yield _answer_table(answer)
        if command == "usage":
            yield Text()
            yield services_table(answer)
        yield from answer_notes(answer)
    yield Text()
    yield Text("Everything in one view", "bold cyan")
    yield _unified_table(answers)
    yield from _legend(answers)


def _answer_table(answer: Answer[Any]) -> RenderableType:
    match answer.stream:
        case Stream.DAILY:
            return _sparklines_table(answer)
        case Stream.LEDGER:
            newest = sorted(answer, key=_posted_at, reverse=True)
            return answer_table(evolve(answer, items=tuple(newest)), _FIRST_ITEMS)
        case Stream.INVOICES:
            newest = sorted(answer, key=_issued_on, reverse=True)
            return answer_table(evolve(answer, items=tuple(newest)), _FIRST_ITEMS)
        case Stream.SUBSCRIPTIONS | Stream.PAYMENT_METHODS:
            return answer_table(answer, _FIRST_ITEMS)
        case _:
            return answer_table(answer)


def _posted_at(entry: LedgerEntry) -> datetime:
    return entry.at


def _issued_on(invoice: Invoice) -> date:
    start = invoice.period.start.date() if invoice.period else date.min
    return invoice.issued_on or start


def _sparklines_table(answer: Answer[DailyCost]) -> Table:
    """Return an account's days as one line, each account to its own scale."""
    table = new_table("Account", "Part", "Days", ("Total", "right"))
    costs: dict[tuple[str, str, str], list[Money]] = {}
    for day in answer:
        costs.setdefault((day.account, day.part, day.cost.currency), []).append(day.cost)
    for (account, part, currency), amounts in costs.items():
        table.add_row(
            text_cell(account),
            text_cell(part),
            Text(sparkline(amounts), "cyan"),
            money_cell(sum_by_currency(amounts)[currency]),
        )
    return table


def _unified_table(answers: DemoAnswers) -> Table:
    """Return each measure per currency, provider by provider.

    Neither currencies nor views of the same money are mixed.
    """
    providers = sorted({row.provider for row in answers["check"].coverage})
    columns = [(name, "right") for name in (*providers, "Total")]
    table = new_table("", "", *columns, "")
    for label, command in _MEASURES.items():
        _add_measure(table, label, answers[command], providers)
    return table


def _add_measure(table: Table, label: str, answer: Answer[Any], providers: list[str]) -> None:
    by_provider = [
        _sums(answer, [item for item in answer if item.provider == provider])
        for provider in providers
    ]
    for number, (key, total) in enumerate(_sums(answer, answer.items).items()):
        kind, currency = key
        name = f"{label}, {kind}" if kind else label
        table.add_row(
            text_cell(name if kind or not number else ""),
            text_cell(currency),
            *(_amount_cell(sums.get(key)) for sums in by_provider),
            _amount_cell(total, "bold"),
            total_mark(complete=answer.complete),
        )


def _sums(answer: Answer[Any], items: Sequence[Any]) -> dict[tuple[str, str], Money]:
    """Add items up by kind and currency."""
    sums: dict[tuple[str, str], Money] = {}
    kind = ""
    for label, labelled_kind, money in totals(answer.stream, items):
        if label:
            kind = labelled_kind
        sums[kind, money.currency] = money
    return sums


def _amount_cell(money: Money | None, style: str = "") -> Text:
    return dash() if money is None else Text(rounded_amount(money), style)


def _legend(answers: DemoAnswers) -> Iterator[Text]:
    incomplete = [label for label, command in _MEASURES.items() if not answers[command].complete]
    if incomplete:
        text = f"incomplete, see above: {'; '.join(incomplete)}"
        yield Text(f"{HOLE} ", "yellow") + Text(text, "dim")
    yield Text(
        "  Balances, usage and invoices describe the same money, so they are never added up.",
        "dim",
    )
    yield Text()
    yield Text("Next: billfold sandbox > billfold.toml, or billfold --help", "dim")
