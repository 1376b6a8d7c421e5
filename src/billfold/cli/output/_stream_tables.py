"""One table per stream, for people and 80 columns: what they look for first comes first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rich.table import Table
from rich.text import Text

from billfold.answer import Answer
from billfold.cli.output._cells import (
    bar,
    bar_length,
    dash,
    mark_group_starts,
    money_cell,
    new_table,
    period_cell,
    stack,
    text_cell,
    time_cell,
)
from billfold.cli.output._marks import item_mark
from billfold.cli.output.usage_details import project_cell
from billfold.model import (
    Balance,
    Credential,
    DailyCost,
    DayPart,
    Invoice,
    LedgerEntry,
    PaymentMethod,
    Stream,
    Subscription,
    Usage,
)
from billfold.money import Money

_AMOUNT = ("Amount", "right")


def _balances(answer: Answer[Balance]) -> Table:
    table = new_table("Account", "Provider", "Scope", "Kind", _AMOUNT, "")
    for first, item in mark_group_starts(answer, lambda item: item.account):
        table.add_row(
            text_cell(item.account if first else ""),
            text_cell(item.provider),
            text_cell(item.scope_name or item.scope),
            text_cell(item.kind),
            money_cell(item.amount),
            item_mark(answer, item),
        )
    return table


def _usage(answer: Answer[Usage]) -> Table:
    table = new_table("Account", "Project", "Covers", ("Charges", "right"), ("Total", "right"), "")
    for first, item in mark_group_starts(answer, lambda item: item.account):
        sums = list(item.totals().values()) or [None]
        table.add_row(
            text_cell(item.account if first else ""),
            project_cell(item),
            period_cell(item.covers),
            Text(str(len(item.charges))),
            stack(*map(_money_or_dash, sums)),
            item_mark(answer, item),
        )
    return table


def _money_or_dash(money: Money | None) -> Text:
    return dash() if money is None else money_cell(money)


def _daily(answer: Answer[DailyCost]) -> Table:
    table = new_table("Account", "Day", "", ("Cost", "right"), "")
    longest = {item.cost.currency: 0 for item in answer}
    for item in answer:
        longest[item.cost.currency] = max(longest[item.cost.currency], bar_length(item.cost))
    for first, item in mark_group_starts(answer, lambda item: (item.account, item.part)):
        part = None if item.part is DayPart.ALL else text_cell(item.part, "dim")
        table.add_row(
            stack(text_cell(item.account), part) if first else Text(),
            time_cell(item.date),
            Text(bar(bar_length(item.cost), longest[item.cost.currency]), "cyan"),
            money_cell(item.cost),
            item_mark(answer, item),
        )
    return table


def _ledger(answer: Answer[LedgerEntry]) -> Table:
    table = new_table("Account", "Posted (UTC)", "Kind", "Description", _AMOUNT, "")
    for item in answer:
        table.add_row(
            text_cell(item.account),
            time_cell(item.at),
            text_cell(item.kind),
            text_cell(item.description),
            money_cell(item.amount),
            item_mark(answer, item),
        )
    return table


def _invoices(answer: Answer[Invoice]) -> Table:
    table = new_table("Account", "Invoice", "Issued", ("Total", "right"), "")
    for item in answer:
        number = text_cell(item.number) if item.number else None
        issued = time_cell(item.issued_on) if item.issued_on else period_cell(item.period)
        due = Text(f"due {item.due_on}", "dim") if item.due_on and not item.paid_on else None
        status = text_cell(item.status, "dim") if item.status else None
        table.add_row(
            stack(text_cell(item.account), text_cell(item.kind, "dim")),
            stack(number, text_cell(item.id, "dim" if number else "")),
            stack(issued, due),
            stack(money_cell(item.total), status),
            item_mark(answer, item),
        )
    return table


def _subscriptions(answer: Answer[Subscription]) -> Table:
    table = new_table("Account", "Subscription", "Active", ("Price", "right"))
    for item in answer:
        kind = ", ".join(text for text in (item.kind, item.sub_account_id) if text)
        since = Text(f"since {item.start:%Y-%m-%d}") if item.start else dash()
        until = Text(f"until {item.end:%Y-%m-%d}", "dim") if item.end else None
        table.add_row(
            text_cell(item.account),
            stack(
                text_cell(item.name or item.product_id or item.id),
                text_cell(kind, "dim") if kind else None,
            ),
            stack(since, until),
            _money_or_dash(item.price),
        )
    return table


def _payment_methods(answer: Answer[PaymentMethod]) -> Table:
    table = new_table("Account", "Method", "Default", "Id")
    for item in answer:
        default = Text("yes" if item.default else "")
        table.add_row(text_cell(item.account), _method_cell(item), default, text_cell(item.id))
    return table


def _method_cell(item: PaymentMethod) -> Text:
    digits = f"···· {item.last4}" if item.last4 else item.iban
    name = text_cell(" ".join(text for text in (item.brand or item.kind, digits) if text))
    if item.exp_month is None or item.exp_year is None:
        return name
    return stack(name, Text(f"until {item.exp_month:02}/{item.exp_year}", "dim"))


def _check(answer: Answer[Credential]) -> Table:
    table = new_table("Account", "Provider", "Belongs to", "Works")
    for item in answer:
        works = Text("yes", "green")
        cells = map(text_cell, (item.account, item.provider, item.subject))
        table.add_row(*cells, works)
    return table


STREAM_TABLES: Mapping[Stream, Callable[[Answer[Any]], Table]] = {
    Stream.BALANCES: _balances,
    Stream.USAGE: _usage,
    Stream.DAILY: _daily,
    Stream.LEDGER: _ledger,
    Stream.INVOICES: _invoices,
    Stream.SUBSCRIPTIONS: _subscriptions,
    Stream.PAYMENT_METHODS: _payment_methods,
    Stream.CHECK: _check,
}
