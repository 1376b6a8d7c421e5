"""One table per stream, for people and 80 columns: what they look for first comes first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from attrs import evolve
from rich.table import Table
from rich.text import Text

from billfold.answer import Answer, total
from billfold.cli.output._cells import (
    bar,
    cash,
    changes,
    dash,
    grid,
    hundredths,
    moment,
    noise,
    number,
    stacked,
    window,
    words,
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
from billfold.money import Money, sum_by_currency

if TYPE_CHECKING:
    from rich.console import RenderableType

HOLE, WARNING = "*", "!"
_AMOUNT = ("Amount", "right")
_MOST_SERVICES = 4


def table(answer: Answer[Any], most: int | None = None) -> RenderableType:
    """Lay an answer out, or its first items; the totals are those of all of them, marked where they miss something.

    An account that answered nothing has a dim row.
    """
    shown = answer if most is None else evolve(answer, items=answer.items[:most])
    grid_of = _LAYOUTS[answer.stream](shown)
    if left := len(answer) - len(shown):
        grid_of.add_row("", Text(f"and {left} more", "dim"))
    for row in answer.holes:
        if not any(item.account == row.account for item in answer):
            said = words(row.state.replace("_", " "), "dim")
            last = [said, Text(HOLE, "yellow")] if answer.stream in _MONEY else [said]
            grid_of.add_row(
                words(row.account, "dim"), *[""] * (len(grid_of.columns) - 1 - len(last)), *last
            )
    if not grid_of.row_count:
        return Text("Nothing.", "dim")
    if answer.stream in _MONEY:
        grid_of.add_section()
        for label, kind, money in figures(answer.stream, answer.items):
            blanks = [""] * (len(grid_of.columns) - 4)
            mark = Text("" if answer.complete else HOLE, "yellow")
            grid_of.add_row(
                Text(label, "bold"), Text(kind, "bold"), *blanks, cash(money, "bold"), mark
            )
    return grid_of


def figures(stream: Stream, items: Iterable[Any]) -> Iterator[tuple[str, str, Money]]:
    """Add items up per currency, as ``(label, kind, total)``; kinds of invoices stay apart, and each has one label."""
    totals: Any = total(stream, items)
    kinds: Mapping[str, Mapping[str, Money]] = totals if stream is Stream.INVOICES else {"": totals}
    for kind, per_currency in kinds.items():
        for nth, money in enumerate(per_currency.values()):
            yield ("", "", money) if nth else ("Total", kind, money)


def _mark(answer: Answer[Any], item: Any) -> Text:
    """Point at the notes below: a failed check, an account with a hole."""
    failed = any(not check.holds and not noise(check.gap) for check in getattr(item, "checks", ()))
    hole = any(row.account == item.account for row in answer.holes)
    return Text((WARNING if failed else "") + (HOLE if hole else ""), "yellow")


def project(usage: Usage, charge: Charge | None = None) -> Text:
    """Name the project, or whom the provider bills where there is none."""
    own = charge and (charge.sub_account_name or charge.sub_account_id)
    shared = usage.sub_account_name or usage.sub_account_id
    return words(own or shared or usage.billing_account_name or usage.billing_account_id)


def _balances(answer: Answer[Balance]) -> Table:
    grid_of = grid("Account", "Provider", "Scope", "Kind", _AMOUNT, "")
    for first, item in changes(answer, lambda item: item.account):
        name = words(item.account if first else "")
        scope = words(item.scope_name or item.scope)
        grid_of.add_row(
            name,
            words(item.provider),
            scope,
            words(item.kind),
            cash(item.amount),
            _mark(answer, item),
        )
    return grid_of


def _usage(answer: Answer[Usage]) -> Table:
    grid_of = grid("Account", "Project", "Covers", ("Charges", "right"), ("Total", "right"), "")
    for first, item in changes(answer, lambda item: item.account):
        name = words(item.account if first else "")
        totals = list(item.totals().values()) or [None]
        charges = Text(str(len(item.charges)))
        rest = (
            project(item),
            window(item.covers),
            charges,
            stacked(*map(_or_dash, totals)),
            _mark(answer, item),
        )
        grid_of.add_row(name, *rest)
    return grid_of


def _or_dash(money: Money | None) -> Text:
    return dash() if money is None else cash(money)


def services(answer: Answer[Usage]) -> RenderableType:
    """Sum the charges up by service, the dearest of each currency first; what is left out is counted and added up."""
    costs: dict[tuple[str, str, str], list[Money]] = defaultdict(list)
    for charge in (charge for usage in answer for charge in usage.charges):
        if charge.cost is not None:
            costs[charge.cost.currency, charge.account, charge.service].append(charge.cost)
    grid_of = grid("Service", "Account", ("Charges", "right"), ("Cost", "right"))
    for currency in sorted({key[0] for key in costs}):
        rows = [
            (sum_by_currency(costs[key])[currency], key, len(costs[key]))
            for key in costs
            if key[0] == currency
        ]
        rows.sort(key=lambda row: row[0].amount, reverse=True)
        for money, (_, account, service), count in rows[:_MOST_SERVICES]:
            grid_of.add_row(words(service), words(account), Text(str(count)), cash(money))
        if rest := rows[_MOST_SERVICES:]:
            count = sum(row[2] for row in rest)
            money = sum_by_currency(row[0] for row in rest)[currency]
            label = words(f"{len(rest)} more (--lines shows every charge)", "dim")
            grid_of.add_row(label, "", Text(str(count), "dim"), cash(money, "dim"))
    return grid_of if grid_of.row_count else Text()


def lines(answer: Answer[Usage]) -> RenderableType:
    """List every charge, below the account and project it belongs to."""
    grid_of = grid("Account", "Charge", ("Quantity", "right"), ("Cost", "right"))
    charges = ((usage, charge) for usage in answer for charge in usage.charges)
    for first, (usage, charge) in changes(
        charges, lambda pair: (id(pair[0]), pair[1].sub_account_id)
    ):
        where = stacked(words(charge.account), project(usage, charge)) if first else Text()
        what = words(charge.description or charge.service) + Text(
            " (derived)" if charge.derived else "", "dim"
        )
        which = charge.resource_name or charge.resource_id
        about = words(which, "dim") if which and which != charge.description else None
        grid_of.add_row(
            where, stacked(what, about), number(charge.quantity, charge.unit), _cost(charge)
        )
    return grid_of if grid_of.row_count else Text()


def _cost(charge: Charge) -> Text:
    return Text("included", "dim") if charge.included_in else cash(charge.cost)


def _daily(answer: Answer[DailyCost]) -> Table:
    grid_of = grid("Account", "Day", "", ("Cost", "right"), "")
    top = {item.cost.currency: 0 for item in answer}
    for item in answer:
        top[item.cost.currency] = max(top[item.cost.currency], hundredths(item.cost))
    for first, item in changes(answer, lambda item: (item.account, item.part)):
        name = (
            words(item.account)
            if item.part is DayPart.ALL
            else stacked(words(item.account), words(item.part, "dim"))
        )
        drawn = Text(bar(hundredths(item.cost), top[item.cost.currency]), "cyan")
        grid_of.add_row(
            name if first else Text(),
            moment(item.date),
            drawn,
            cash(item.cost),
            _mark(answer, item),
        )
    return grid_of


def _ledger(answer: Answer[LedgerEntry]) -> Table:
    grid_of = grid("Account", "Posted (UTC)", "Kind", "Description", _AMOUNT, "")
    for item in answer:
        rest = words(item.kind), words(item.description), cash(item.amount), _mark(answer, item)
        grid_of.add_row(words(item.account), moment(item.at), *rest)
    return grid_of


def _invoices(answer: Answer[Invoice]) -> Table:
    grid_of = grid("Account", "Invoice", "Issued", ("Total", "right"), "")
    for item in answer:
        account = stacked(words(item.account), words(item.kind, "dim"))
        name = stacked(words(item.number), words(item.id, "dim")) if item.number else words(item.id)
        issued = moment(item.issued_on) if item.issued_on else window(item.period)
        due = Text(f"due {item.due_on}", "dim") if item.due_on and not item.paid_on else None
        owed = stacked(cash(item.total), words(item.status, "dim") if item.status else None)
        grid_of.add_row(account, name, stacked(issued, due), owed, _mark(answer, item))
    return grid_of


def _subscriptions(answer: Answer[Subscription]) -> Table:
    grid_of = grid("Account", "Subscription", "Active", ("Price", "right"))
    for item in answer:
        below = ", ".join(part for part in (item.kind, item.sub_account_id) if part)
        name = stacked(
            words(item.name or item.product_id or item.id), words(below, "dim") if below else None
        )
        since = Text(f"since {item.start:%Y-%m-%d}") if item.start else dash()
        until = Text(f"until {item.end:%Y-%m-%d}", "dim") if item.end else None
        grid_of.add_row(
            words(item.account),
            name,
            stacked(since, until),
            dash() if item.price is None else cash(item.price),
        )
    return grid_of


def _payment_methods(answer: Answer[PaymentMethod]) -> Table:
    grid_of = grid("Account", "Method", "Default", "Id")
    for item in answer:
        grid_of.add_row(
            words(item.account), _method(item), Text("yes" if item.default else ""), words(item.id)
        )
    return grid_of


def _method(item: PaymentMethod) -> Text:
    digits = f"···· {item.last4}" if item.last4 else item.iban
    shown = words(" ".join(part for part in (item.brand or item.kind, digits) if part))
    dated = item.exp_month is not None and item.exp_year is not None
    return stacked(
        shown, Text(f"until {item.exp_month:02}/{item.exp_year}", "dim") if dated else None
    )


def _check(answer: Answer[Credential]) -> Table:
    grid_of = grid("Account", "Provider", "Belongs to", "Works")
    for item in answer:
        grid_of.add_row(
            words(item.account), words(item.provider), words(item.subject), Text("yes", "green")
        )
    return grid_of


_LAYOUTS: Mapping[Stream, Callable[[Answer[Any]], Table]] = {
    Stream.BALANCES: _balances,
    Stream.USAGE: _usage,
    Stream.DAILY: _daily,
    Stream.LEDGER: _ledger,
    Stream.INVOICES: _invoices,
    Stream.SUBSCRIPTIONS: _subscriptions,
    Stream.PAYMENT_METHODS: _payment_methods,
    Stream.CHECK: _check,
}
_MONEY = {Stream.BALANCES, Stream.USAGE, Stream.DAILY, Stream.LEDGER, Stream.INVOICES}
