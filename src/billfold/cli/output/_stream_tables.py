"""One table per stream, for people and 80 columns: what they look for first comes first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from billfold.answer import Answer
from billfold.cli.output._cells import (
    add_row,
    bar,
    bar_length,
    cell,
    item_mark,
    mark_group_starts,
    money_cell,
    new_table,
    stack,
)
from billfold.model import (
    Balance,
    Charge,
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


def balances_table(answer: Answer[Balance], lasts: Sequence[Text] | None = None) -> Table:
    """Return a row per balance, with how long each lasts where that is given."""
    columns = ("Account", "Provider", "Scope", "Kind", *(("Lasts",) if lasts else ()))
    table = new_table(*columns, "#Amount", "")
    for number, (first, item) in enumerate(mark_group_starts(answer, lambda item: item.account)):
        account, scope = item.account if first else "", item.scope_name or item.scope
        runway = [lasts[number]] if lasts else []
        mark = item_mark(answer, item)
        add_row(table, account, item.provider, scope, item.kind, *runway, item.amount, mark)
    return table


def _usage(answer: Answer[Usage]) -> Table:
    table = new_table("Account", "Project", "Covers", "#Charges", "#Total", "")
    for first, item in mark_group_starts(answer, lambda item: item.account):
        account, project = item.account if first else "", project_cell(item)
        total = stack(*item.totals().values()) if item.totals() else None
        mark = item_mark(answer, item)
        add_row(table, account, project, item.covers, len(item.charges), total, mark)
    return table


def project_cell(usage: Usage, charge: Charge | None = None) -> Text:
    """Return the project's name, or whom the provider bills where there is no project."""
    own = charge and (charge.sub_account_name or charge.sub_account_id)
    shared = usage.sub_account_name or usage.sub_account_id
    return cell(own or shared or usage.billing_account_name or usage.billing_account_id)


def _daily(answer: Answer[DailyCost]) -> Table:
    table = new_table("Account", "Day", "", "#Cost", "")
    longest = {item.cost.currency: 0 for item in answer}
    for item in answer:
        longest[item.cost.currency] = max(longest[item.cost.currency], bar_length(item.cost))
    for first, item in mark_group_starts(answer, lambda item: (item.account, item.part)):
        part = None if item.part is DayPart.ALL else cell(item.part, "dim")
        account = stack(item.account, part) if first else ""
        scale = Text(bar(bar_length(item.cost), longest[item.cost.currency]), "cyan")
        add_row(table, account, item.date, scale, item.cost, item_mark(answer, item))
    return table


def _ledger(answer: Answer[LedgerEntry]) -> Table:
    table = new_table("Account", "Posted (UTC)", "Kind", "Description", "#Amount", "")
    for item in answer:
        mark = item_mark(answer, item)
        add_row(table, item.account, item.at, item.kind, item.description, item.amount, mark)
    return table


def _invoices(answer: Answer[Invoice]) -> Table:
    table = new_table("Account", "Invoice", "Issued", "#Total", "")
    for item in answer:
        issued = cell(item.issued_on or item.period)
        due = Text(f"due {item.due_on}", "dim") if item.due_on and not item.paid_on else None
        status = cell(item.status, "dim") if item.status else None
        # What asks for no money says so beside its amount, which the total leaves out.
        left_out = None if item.counts else cell("not counted", "dim")
        kind = None if item.counts or not item.type else cell(item.type, "dim")
        add_row(
            table,
            stack(item.account, cell(item.kind, "dim"), kind),
            stack(item.number or None, cell(item.id, "dim" if item.number else "")),
            stack(issued, due),
            stack(money_cell(item.total), status, left_out),
            item_mark(answer, item),
        )
    return table


def _subscriptions(answer: Answer[Subscription]) -> Table:
    table = new_table("Account", "Subscription", "Active", "#Price")
    for item in answer:
        name = item.name or item.product_id or item.id
        kind = ", ".join(text for text in (item.kind, item.sub_account_id) if text)
        since = cell(f"since {item.start:%Y-%m-%d}" if item.start else None)
        until = Text(f"until {item.end:%Y-%m-%d}", "dim") if item.end else None
        subscription = stack(name, cell(kind, "dim") if kind else None)
        add_row(table, item.account, subscription, stack(since, until), item.price)
    return table


def _payment_methods(answer: Answer[PaymentMethod]) -> Table:
    table = new_table("Account", "Method", "Default", "Id")
    for item in answer:
        default = "yes" if item.default else ""
        add_row(table, item.account, _method_cell(item), default, item.id)
    return table


def _method_cell(item: PaymentMethod) -> Text:
    digits = f"···· {item.last4}" if item.last4 else item.iban
    name = " ".join(text for text in (item.brand or item.kind, digits) if text)
    if item.exp_month is None or item.exp_year is None:
        return cell(name)
    return stack(name, Text(f"until {item.exp_month:02}/{item.exp_year}", "dim"))


def _check(answer: Answer[Credential]) -> Table:
    table = new_table("Account", "Provider", "Belongs to", "Works")
    for item in answer:
        add_row(table, item.account, item.provider, item.subject, Text("yes", "green"))
    return table


STREAM_TABLES: Mapping[Stream, Callable[[Answer[Any]], Table]] = {
    Stream.BALANCES: balances_table,
    Stream.USAGE: _usage,
    Stream.DAILY: _daily,
    Stream.LEDGER: _ledger,
    Stream.INVOICES: _invoices,
    Stream.SUBSCRIPTIONS: _subscriptions,
    Stream.PAYMENT_METHODS: _payment_methods,
    Stream.CHECK: _check,
}
