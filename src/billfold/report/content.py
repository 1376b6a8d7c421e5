"""What the page says: rows of text and exact numbers, ready for the template. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from attrs import frozen

from billfold.answer import Answer, Coverage, State
from billfold.costs.lines import Line
from billfold.costs.reconcile import Reconciliation
from billfold.costs.view import CostView, view
from billfold.model import Balance, Invoice, Usage
from billfold.money import Money, plain

_SERVICES = 14  # as many as fit a screen; the table has all


@frozen
class Figure:
    """Money on a page: what people read, and the exact amount behind it."""

    shown: str
    exact: str
    currency: str
    negative: bool

    @classmethod
    def of(cls, money: Money) -> Figure:
        """Round for people, with thousands apart."""
        rounded = money.rounded()
        whole, point, cents = rounded.removeprefix("-").partition(".")
        groups = f"{int(whole):,}".replace(",", "\u202f")
        sign = "\u2212" if rounded.startswith("-") else ""
        return cls(f"{sign}{groups}{point}{cents}", plain(money.amount), money.currency, money.amount < 0)


@frozen
class Runway:
    """A balance and for how many days it lasts at this period's average cost; None where nothing is used up."""

    account: str
    scope: str
    amount: Figure
    kind: str
    days: int | None


@frozen
class Bar:
    """One bar of a chart: a day and what it is of, with the exact amount as text."""

    day: str
    group: str
    amount: str


@frozen
class Content:
    """Everything on the page."""

    title: str
    period: str
    currency: str
    complete: bool
    total: Figure
    native: tuple[Figure, ...]
    change: Figure | None
    providers: tuple[tuple[str, Figure], ...]
    bars: tuple[Bar, ...]
    undated: tuple[tuple[str, Figure], ...]
    services: tuple[Bar, ...]
    table: CostView
    figures: tuple[tuple[tuple[str, ...], tuple[Figure, ...], Figure, int, bool], ...]
    runways: tuple[Runway, ...]
    invoices: tuple[tuple[Invoice, Figure | None, Figure | None], ...]
    reconciliation: Reconciliation
    coverage: tuple[Coverage, ...]
    failures: tuple[str, ...]


COLUMNS = ("provider", "account", "sub_account", "service", "category")


def content(
    usage: Answer[Usage],
    made: Sequence[Line],
    before: Sequence[Line] | None,
    balances: Answer[Balance],
    invoices: Answer[Invoice],
    reconciliation: Reconciliation,
    *,
    currency: str,
    partial: bool,
) -> Content:
    """Put the page together from converted lines and the answers beside them.

    Raises IncompleteError over a hole unless ``partial``.
    """
    period = reconciliation.period
    table = view(usage, made, by=COLUMNS, currency=currency, partial=partial)
    providers = view(usage, made, by=("provider",), currency=currency, partial=partial)
    assert table.converted is not None
    earlier = None if before is None else view(usage, before, by=(), currency=currency, partial=True).converted
    dated = [line for line in made if line.day is not None]
    return Content(
        title="Cloud costs",
        period=str(period),
        currency=currency,
        complete=table.complete,
        total=Figure.of(table.converted),
        native=tuple(Figure.of(money) for money in table.native.values()),
        change=None if earlier is None else Figure.of(table.converted - earlier),
        providers=tuple((row.keys[0], Figure.of(row.converted)) for row in providers.rows if row.converted is not None),
        bars=_bars(usage, dated, currency),
        undated=_undated(usage, [line for line in made if line.day is None], currency),
        services=_services(usage, made, currency),
        table=table,
        figures=tuple(
            (
                row.keys,
                tuple(Figure.of(money) for money in row.native.values()),
                Figure.of(row.converted),
                row.lines,
                row.estimated,
            )
            for row in table.rows
            if row.converted is not None
        ),
        runways=tuple(_runway(balance, usage) for balance in balances),
        invoices=tuple((bill, _figure(bill.total), _figure(bill.net)) for bill in invoices if _concerns(bill, reconciliation)),
        reconciliation=reconciliation,
        coverage=_coverage(usage, balances, invoices),
        failures=tuple(
            f"{error.account}: {error.message}" for error in (*usage.failures, *balances.failures, *invoices.failures)
        ),
    )


def _figure(money: Money | None) -> Figure | None:
    return None if money is None else Figure.of(money)


def _coverage(*answers: Answer[Any]) -> tuple[Coverage, ...]:
    return tuple(row for answer in answers for row in answer.coverage if row.state is not State.UNSUPPORTED)


def _bars(usage: Answer[Usage], dated: Sequence[Line], currency: str) -> tuple[Bar, ...]:
    days = view(usage, dated, by=("day", "provider"), currency=currency, partial=True)
    return tuple(Bar(row.keys[0], row.keys[1], plain(row.converted.amount)) for row in days.rows if row.converted is not None)


def _undated(usage: Answer[Usage], rest: Sequence[Line], currency: str) -> tuple[tuple[str, Figure], ...]:
    rows = view(usage, rest, by=("provider",), currency=currency, partial=True).rows
    return tuple((row.keys[0], Figure.of(row.converted)) for row in rows if row.converted is not None)


def _services(usage: Answer[Usage], made: Sequence[Line], currency: str) -> tuple[Bar, ...]:
    rows = view(usage, made, by=("service", "provider"), currency=currency, partial=True).rows
    return tuple(
        Bar(_labelled(*row.keys), row.keys[1], plain(row.converted.amount))
        for row in rows[:_SERVICES]
        if row.converted is not None
    )


def _labelled(service: str, provider: str) -> str:
    return service if provider in service.lower() else f"{service} ({provider})"


def _runway(balance: Balance, usage: Answer[Usage]) -> Runway:
    spent = Decimal(0)
    days = timedelta()
    for one in usage:
        if one.account == balance.account and one.billing_account_id in (balance.scope_name, balance.scope.partition(":")[2]):
            money = one.totals().get(balance.amount.currency)
            spent += money.amount if money is not None else 0
            days += min(one.covers.end, balance.as_of) - one.covers.start
    left = None
    if spent > 0 and balance.amount.amount > 0 and balance.kind == "prepaid" and days > timedelta():
        left = int(balance.amount.amount * (days // timedelta(seconds=1)) / (spent * 86_400))
    return Runway(balance.account, balance.scope_name or balance.scope, Figure.of(balance.amount), balance.kind.value, left)


def _concerns(bill: Invoice, reconciliation: Reconciliation) -> bool:
    """Keep invoices about the period, or issued in it or the month after, when the period's are written."""
    period = reconciliation.period
    if bill.period is not None:
        return bill.period.touches(period)
    return bill.issued_on is None or period.start.date() <= bill.issued_on < (period.end + timedelta(days=31)).date()
