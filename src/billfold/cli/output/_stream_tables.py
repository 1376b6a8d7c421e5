"""One table per stream, for people and 80 columns: what they look for first comes first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct
from rich.table import Table
from rich.text import Text

from billfold.answer import Answer
from billfold.cli.clock import now
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
    sums_cell,
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
    billed_period,
    is_overdue,
    is_paid,
    payment_text,
)
from billfold.model.shared_names import SharedNames


def balances_table(answer: Answer[Balance], lasts: Sequence[Text] | None = None) -> Table:
    """Return a row per balance, with how long each lasts where that is given."""
    more = ["Lasts"] if lasts else []
    table = new_table("Account", "Scope", "Provider", "Kind", *more, "#Amount", "")
    scopes = SharedNames.of("scope", answer)
    for number, (first, item) in enumerate(mark_group_starts(answer, lambda item: item.account)):
        account, scope = item.account if first else "", scopes.name(item)
        runway = [lasts[number]] if lasts else []
        mark = item_mark(answer, item)
        add_row(table, account, scope, item.provider, item.kind, *runway, item.amount, mark)
    return table


def _usage(answer: Answer[Usage]) -> Table:
    table = new_table("Account", "Project", "=Covers", "#Charges", "#Total", "")
    owners = Owners.of(answer)
    for first, item in mark_group_starts(answer, lambda item: item.account):
        account, project = item.account if first else "", owners.cell(item)
        total = sums_cell(item.totals().values())
        mark = item_mark(answer, item)
        add_row(table, account, project, item.covers, len(item.charges), total, mark)
    return table


class Owners(Struct, frozen=True):
    """What the projects of usages are called, and whom the provider bills where there is none."""

    projects: SharedNames
    payers: SharedNames

    @classmethod
    def of(cls, usages: Iterable[Usage], charges: Iterable[Charge] = ()) -> Owners:
        """Return what they are called beside each other."""
        usages = tuple(usages)
        projects = SharedNames.of("sub_account", (*usages, *charges))
        return cls(projects, SharedNames.of("billing_account", usages))

    def cell(self, usage: Usage, charge: Charge | None = None) -> Text:
        """Return the project's name, or whom the provider bills where there is no project."""
        own = charge and self.projects.name(charge)
        return cell(own or self.projects.name(usage) or self.payers.name(usage))


def _daily(answer: Answer[DailyCost]) -> Table:
    payers = _payers(answer)
    table = new_table("Account", *payers, "=Day", "", "#Cost", "")
    longest = {item.cost.currency: 0 for item in answer}
    for item in answer:
        longest[item.cost.currency] = max(longest[item.cost.currency], bar_length(item.cost))
    for first, item in mark_group_starts(
        answer, lambda item: (item.account, item.billing_account_id, item.part)
    ):
        part = None if item.part is DayPart.ALL else cell(item.part, "dim")
        account = stack(item.account, part) if first else ""
        scale = Text(bar(bar_length(item.cost), longest[item.cost.currency]), "cyan")
        payer = [item.billing_account_id if first else ""] if payers else []
        add_row(table, account, *payer, item.date, scale, item.cost, item_mark(answer, item))
    return table


def _ledger(answer: Answer[LedgerEntry]) -> Table:
    payers = _payers(answer)
    table = new_table("Account", *payers, "=Posted (UTC)", "Kind", "Description", "#Amount", "")
    for item in answer:
        account = [item.account, *([item.billing_account_id] if payers else [])]
        mark = item_mark(answer, item)
        add_row(table, *account, item.at, item.kind, item.description, item.amount, mark)
    return table


def _payers(records: Iterable[DailyCost | LedgerEntry]) -> list[str]:
    """Return the column that says whose records are, where an account has several billed."""
    payers = {(each.account, each.billing_account_id) for each in records}
    return ["Organization"] if len(payers) > len({account for account, _ in payers}) else []


def _invoices(answer: Answer[Invoice]) -> Table:
    columns = ("Account", "Kind", "Invoice", "Id", "Bills", "=Issued", "Status", "#Total", "")
    table = new_table(*columns)
    today = now().date()
    for item in answer:
        billed = billed_period(item)
        add_row(
            table,
            item.account,
            _kind_cell(item),
            item.number or item.id,
            cell(item.id, "dim") if item.number else "",
            cell(billed, "" if item.period else "dim") if item.counts else None,
            item.issued_on,
            _status_cell(item, today),
            money_cell(item.total),
            item_mark(answer, item),
        )
    return table


def _kind_cell(item: Invoice) -> Text:
    """Return the kind, and the type where it is no plain invoice."""
    plain = item.type is None or item.type.casefold() == "invoice"
    return cell(item.kind if plain else f"{item.kind} {item.type}")


def _status_cell(item: Invoice, today: date) -> Text:
    """Return what is to be paid until when: red where it is late, dim where nothing is open."""
    is_settled = not item.counts or item.cancelled_by is not None or is_paid(item)
    style = "red" if is_overdue(item, today) else "dim" if is_settled else ""
    return cell(payment_text(item, today) or "", style)


def _subscriptions(answer: Answer[Subscription]) -> Table:
    columns = ("Account", "Subscription", "Kind", "Project", "=Since", "=Ends", "#Price")
    table = new_table(*columns)
    for item in answer:
        add_row(
            table,
            item.account,
            item.name or item.product_id or item.id,
            cell(item.kind, "dim") if item.kind else "",
            cell(item.sub_account_id, "dim") if item.sub_account_id else "",
            f"{item.start:%Y-%m-%d}" if item.start else None,
            f"until {item.end:%Y-%m-%d}" if item.end else "",
            item.price,
        )
    return table


def _payment_methods(answer: Answer[PaymentMethod]) -> Table:
    table = new_table("Account", "Method", "Expires", "Default", "Id")
    for item in answer:
        digits = f"···· {item.last4}" if item.last4 else item.iban
        name = " ".join(text for text in (item.brand or item.kind, digits) if text)
        known = item.exp_month is not None and item.exp_year is not None
        expires = f"until {item.exp_year}-{item.exp_month:02}" if known else ""
        add_row(table, item.account, name, expires, "yes" if item.default else "", item.id)
    return table


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

# What moves below another column, or is left out, where a terminal is narrow: the first first.
FOLDS: Mapping[Stream, Mapping[str, str | None]] = {
    Stream.BALANCES: {"Provider": None},
    Stream.USAGE: {"Covers": "Project"},
    Stream.DAILY: {"Organization": "Account"},
    Stream.LEDGER: {"Organization": "Account"},
    Stream.INVOICES: {"Id": None, "Issued": None, "Kind": "Invoice", "Status": "Bills"},
    Stream.SUBSCRIPTIONS: {"Project": "Subscription", "Ends": "Since", "Kind": "Subscription"},
    Stream.PAYMENT_METHODS: {"Expires": "Method"},
}
