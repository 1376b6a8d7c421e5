"""``billfold demo``: every stream of every simulated provider over real HTTP, and then all of it in one view."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from attrs import evolve
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from billfold.answer import Answer
from billfold.cli.output._cells import amount, cash, dash, grid, spark, words
from billfold.cli.output._notes import notes
from billfold.cli.output.tables import HOLE, figures, services, table
from billfold.cli.output.terminal import show, waiting
from billfold.cli.run import to_the_end
from billfold.cli.setup import Setup
from billfold.facade.billfold import Billfold
from billfold.http.client import utc_now
from billfold.model import DailyCost, Invoice, LedgerEntry, Stream
from billfold.money import Money, sum_by_currency
from billfold.period import Period
from billfold.simulators import sandbox

Answers = Mapping[str, Answer[Any]]

_FEW = 5
_MEASURES = {
    "Balance": "balances",
    "Usage, current": "usage",
    "Usage, last month": "usage --period last-month",
    "Invoices": "invoices",
}


def run(setup: Setup) -> None:
    """Ask and show. What the simulated providers cannot answer, or get wrong on purpose, is part of the show."""
    with waiting("asking the simulated providers ..."):
        answers = to_the_end(_asked(setup))
    show(*_page(answers))


async def _asked(setup: Setup) -> Answers:
    now = utc_now()
    async with sandbox.running(now) as served:
        async with (
            Billfold(setup.chosen(sandbox.accounts(served))) as fold,
            asyncio.TaskGroup() as group,
        ):
            asked = _questions(fold, Period.month_of(now).previous_month(), setup.deadline)
            tasks = {command: group.create_task(question) for command, question in asked.items()}
        return {command: task.result() for command, task in tasks.items()}


def _questions(
    fold: Billfold, before: Period, deadline: float | None
) -> dict[str, Coroutine[Any, Any, Answer[Any]]]:
    """Ask what the commands ask."""
    return {
        "check": fold.check(deadline=deadline),
        "balances": fold.balances(deadline=deadline),
        "usage": fold.usage(deadline=deadline),
        "usage --period last-month": fold.usage(before, deadline=deadline),
        "daily": fold.daily(deadline=deadline),
        "ledger": fold.ledger(deadline=deadline),
        "invoices": fold.invoices(deadline=deadline),
        "subscriptions": fold.subscriptions(deadline=deadline),
        "payment-methods": fold.payment_methods(deadline=deadline),
    }


def _page(answers: Answers) -> Iterator[RenderableType]:
    accounts = len(answers["check"].coverage)
    yield Text(
        f"{accounts} accounts of simulated providers, asked over HTTP on this machine. No number here is real.",
        "dim",
    )
    for command, answer in answers.items():
        yield Text()
        yield Text(f"billfold {command}", "bold cyan")
        yield from _section(command, answer)
        yield from notes(answer)
    yield Text()
    yield Text("Everything in one view", "bold cyan")
    yield unified(answers)
    yield from _legend(answers)


def _section(command: str, answer: Answer[Any]) -> Iterator[RenderableType]:
    match answer.stream:
        case Stream.DAILY:
            yield _sparks(answer)
        case Stream.LEDGER:
            yield table(
                evolve(answer, items=tuple(sorted(answer, key=_posted, reverse=True))), _FEW
            )
        case Stream.INVOICES:
            yield table(
                evolve(answer, items=tuple(sorted(answer, key=_issued, reverse=True))), _FEW
            )
        case Stream.SUBSCRIPTIONS | Stream.PAYMENT_METHODS:
            yield table(answer, _FEW)
        case _:
            yield table(answer)
    if command == "usage":
        yield Text()
        yield services(answer)


def _posted(entry: LedgerEntry) -> datetime:
    return entry.at


def _issued(invoice: Invoice) -> date:
    start = invoice.period.start.date() if invoice.period else date.min
    return invoice.issued_on or start


def _sparks(answer: Answer[DailyCost]) -> Table:
    """Draw an account's days as one line, each account to its own scale."""
    drawn = grid("Account", "Part", "Days", ("Total", "right"))
    for name, part, currency in dict.fromkeys(
        (day.account, day.part, day.cost.currency) for day in answer
    ):
        days = [
            day
            for day in answer
            if (day.account, day.part, day.cost.currency) == (name, part, currency)
        ]
        whole = sum_by_currency(day.cost for day in days)[currency]
        drawn.add_row(
            words(name), words(part), Text(spark([day.cost for day in days]), "cyan"), cash(whole)
        )
    return drawn


def unified(answers: Answers) -> Table:
    """Show each measure per currency, provider by provider; neither currencies nor views of the same money are mixed."""
    providers = sorted({row.provider for row in answers["check"].coverage})
    laid_out = grid(
        "", "", *((provider, "right") for provider in providers), ("Total", "right"), ""
    )
    for label, command in _MEASURES.items():
        answer = answers[command]
        per = {name: _figures(answer, name) for name in providers}
        for nth, ((kind, currency), whole) in enumerate(_figures(answer, None).items()):
            cells = [_cell(per[name].get((kind, currency))) for name in providers]
            what = f"{label}, {kind}" if kind else label
            mark = Text("" if answer.complete else HOLE, "yellow")
            laid_out.add_row(
                words(what if not nth or kind else ""),
                words(currency),
                *cells,
                _cell(whole, "bold"),
                mark,
            )
    return laid_out


def _figures(answer: Answer[Any], provider: str | None) -> dict[tuple[str, str], Money]:
    items = [item for item in answer if provider in (None, item.provider)]
    kind, found = "", {}
    for label, named, money in figures(answer.stream, items):
        kind = named if label else kind
        found[kind, money.currency] = money
    return found


def _cell(money: Money | None, style: str = "") -> Text:
    return dash() if money is None else Text(amount(money), style)


def _legend(answers: Answers) -> Iterator[Text]:
    incomplete = [label for label, command in _MEASURES.items() if not answers[command].complete]
    if incomplete:
        yield Text(f"{HOLE} ", "yellow") + Text(
            f"incomplete, as said above: {'; '.join(incomplete)}", "dim"
        )
    yield Text(
        "  Balances, usage and invoices view the same money; they are never added up.", "dim"
    )
    yield Text()
    yield Text("Next: billfold sandbox > billfold.toml, or billfold --help", "dim")
