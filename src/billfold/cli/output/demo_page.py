"""The demonstration: every stream's answer as its command shows it, then all in one view."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import evolve
from rich.table import Table
from rich.text import Text

from billfold.answer import Answer
from billfold.cli.output._cells import (
    HOLE,
    add_row,
    amount_cell,
    grouped,
    new_table,
    sparkline,
    title,
    total_mark,
)
from billfold.cli.output.answers import answer_table, totals
from billfold.cli.output.balances import runways_table
from billfold.cli.output.details import services_table
from billfold.cli.output.notes import answer_notes
from billfold.cli.output.terminal import Part
from billfold.costs.runway import Runway
from billfold.model import DailyCost, Invoice, Stream
from billfold.money import Money, sum_by_currency

DemoAnswers = Mapping[str, Answer[Any]]

_FIRST_ITEMS = 5
_MEASURES = {
    "Balance": "balances",
    "Usage, current": "usage",
    "Usage, last month": "usage --period last-month",
    "Invoices": "invoices",
}


def demo_parts(answers: DemoAnswers, runways: Sequence[Runway]) -> Iterator[Part]:
    """Yield what is shown of answers, given by the command that shows each.

    ``runways`` say how long the balances last.
    """
    accounts = len(answers["check"].coverage)
    yield Text(
        f"{accounts} accounts of simulated providers, asked over HTTP on this machine. "
        "No number here is real.",
        "dim",
    )
    for command, answer in answers.items():
        yield ""
        yield title(f"billfold {command}")
        is_balances = answer.stream is Stream.BALANCES
        yield runways_table(answer, runways) if is_balances else _answer_table(answer)
        if command == "usage":
            yield ""
            yield services_table(answer)
        yield from answer_notes(answer)
    yield ""
    yield title("Everything in one view")
    yield _unified_table(answers)
    yield from _legend(answers)


def _answer_table(answer: Answer[Any]) -> Part:
    items = list(answer)
    match answer.stream:
        case Stream.DAILY:
            return _sparklines_table(answer)
        case Stream.USAGE | Stream.CHECK:
            return answer_table(answer)
        case Stream.LEDGER:
            items.sort(key=lambda entry: entry.at, reverse=True)
        case Stream.INVOICES:
            items.sort(key=_issued_on, reverse=True)
    return answer_table(evolve(answer, items=tuple(items)), _FIRST_ITEMS)


def _issued_on(invoice: Invoice) -> date:
    start = invoice.period.start.date() if invoice.period else date.min
    return invoice.issued_on or start


def _sparklines_table(answer: Answer[DailyCost]) -> Table:
    """Return an account's days as one line, each account to its own scale."""
    table = new_table("Account", "Part", "Days", "#Total")
    lines = grouped(answer, lambda day: (day.account, day.part, day.cost.currency))
    for (account, part, currency), days in lines.items():
        costs = [day.cost for day in days]
        line = Text(sparkline(costs), "cyan")
        add_row(table, account, part, line, sum_by_currency(costs)[currency])
    return table


def _unified_table(answers: DemoAnswers) -> Table:
    """Return each measure per currency, provider by provider."""
    providers = sorted({row.provider for row in answers["check"].coverage})
    table = new_table("", "", *(f"#{name}" for name in (*providers, "Total")), "")
    for label, command in _MEASURES.items():
        _add_measure(table, label, answers[command], providers)
    return table


def _add_measure(table: Table, label: str, answer: Answer[Any], providers: list[str]) -> None:
    parts = [[item for item in answer if item.provider == provider] for provider in providers]
    by_provider = [_sums(answer.stream, part) for part in parts]
    for number, (key, total) in enumerate(_sums(answer.stream, answer.items).items()):
        kind, currency = key
        name = f"{label}, {kind}" if kind else label
        shown = name if kind or not number else ""
        amounts = [amount_cell(sums.get(key)) for sums in by_provider]
        mark = total_mark(complete=answer.complete)
        add_row(table, shown, currency, *amounts, amount_cell(total, "bold"), mark)


def _sums(stream: Stream, items: Iterable[Any]) -> dict[tuple[str, str], Money]:
    return {(kind, money.currency): money for kind, money in totals(stream, items)}


def _legend(answers: DemoAnswers) -> Iterator[Part]:
    incomplete = [label for label, command in _MEASURES.items() if not answers[command].complete]
    if incomplete:
        text = f"incomplete, see above: {'; '.join(incomplete)}"
        yield Text(f"{HOLE} ", "yellow") + Text(text, "dim")
    yield Text(
        "  Balances, usage and invoices describe the same money, so they are never added up.", "dim"
    )


def next_parts() -> Iterator[Part]:
    """Yield what to try next."""
    yield ""
    yield Text("Next: billfold sandbox > billfold.toml, or billfold --help", "dim")
