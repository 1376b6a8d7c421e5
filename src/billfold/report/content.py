"""What the page says: rows of text and exact numbers, ready for the template. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from attrs import frozen

from billfold.answer import Answer, Coverage
from billfold.costs.lines import Line, day_of
from billfold.costs.view import CostView, cost_view
from billfold.errors import RateError
from billfold.model import Invoice, State, Usage
from billfold.money import Money, exponent, plain, sum_by_currency
from billfold.period import Period, span
from billfold.reconcile.identity import Identity
from billfold.reconcile.reconciliation import Reconciliation, compare
from billfold.reconcile.views import Views
from billfold.report.figures import Figure, Runway, labels, named

COLUMNS = ("provider", "account", "sub_account", "service", "category")
_SERVICES = 14  # as many as fit a screen; the table has all

Price = Callable[[Answer[Usage]], Sequence[Line]]


@frozen
class Asked:
    """The answers a report is made of; for each provider's current period there is nothing ``before``."""

    period: Period | None
    views: Views
    before: Answer[Usage] | None


@frozen
class Bar:
    """One bar of a chart: what it stands at (a day, a service), what it is of, with the exact amount as text."""

    at: str
    group: str
    amount: str


@frozen
class Row:
    """One row of the table."""

    keys: tuple[str, ...]
    native: tuple[Figure, ...]
    converted: Figure
    lines: int
    estimated: bool


@frozen
class Day:
    """One day: what each provider cost, None for nothing, and all of them."""

    day: str
    providers: tuple[Figure | None, ...]
    total: Figure


@frozen
class Change:
    """The difference to the period before, None where there is no honest one, and what it is of, or why there is none."""

    figure: Figure | None
    note: str


@frozen
class Bill:
    """An invoice and its amounts."""

    invoice: Invoice
    total: Figure | None
    net: Figure | None


@frozen
class Agreement:
    """An identity and its amounts."""

    identity: Identity
    stated: Figure
    computed: Figure
    gap: Figure


@frozen
class Missing:
    """Why some of the total is missing, and what period is there instead, empty for none."""

    accounts: str
    provider: str
    reason: str
    covers: str


@frozen
class Content:
    """Everything on the page."""

    period: str
    currency: str
    digits: int
    table: CostView
    columns: tuple[str, ...]
    total: Figure
    native: tuple[Figure, ...]
    change: Change
    providers: tuple[tuple[str, Figure], ...]
    bars: tuple[Bar, ...]
    days: tuple[Day, ...]
    undated: tuple[tuple[str, Figure], ...]
    spread: bool
    services: tuple[Bar, ...]
    rows: tuple[Row, ...]
    runways: tuple[Runway, ...]
    invoices: tuple[Bill, ...]
    reconciliation: Reconciliation
    agreements: tuple[Agreement, ...]
    coverage: tuple[Coverage, ...]
    failures: tuple[str, ...]

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What keeps the total from being complete, a row for accounts with the same reason."""
        alike: dict[tuple[str, str, str], list[str]] = {}
        for row in self.table.coverage:
            if row.state not in (State.COMPLETE, State.UNSUPPORTED):
                reason = row.detail or row.state.replace("_", " ")
                alike.setdefault((row.provider, reason, str(row.covers or "")), []).append(
                    row.account
                )
        return tuple(Missing(", ".join(accounts), *key) for key, accounts in alike.items())


def content(
    asked: Asked,
    price: Price,
    *,
    currency: str,
    now: datetime,
    centres: bool = False,
    partial: bool = False,
) -> Content:
    """Put the page together; ``price`` makes the converted lines of an answer, ``centres`` adds their cost centres.

    Raises IncompleteError over a hole unless ``partial``, RateError for a missing rate.
    """
    usage = asked.views.usage
    made = price(usage)
    columns = (*COLUMNS, "cost_centre") if centres else COLUMNS
    table = cost_view(usage, made, by=columns, currency=currency, partial=partial)
    grouped = _Grouped(usage, currency)
    providers = grouped.by(made, "provider")
    found = compare(asked.period, asked.views)
    assert table.converted is not None
    return Content(
        period=named(asked.period),
        currency=currency,
        digits=exponent(currency),
        table=table,
        columns=columns,
        total=Figure.of(table.converted),
        native=tuple(Figure.of(money) for money in table.native.values()),
        change=_change(asked, made, price, currency, now),
        providers=tuple((keys[0], Figure.of(money)) for keys, money in providers),
        bars=tuple(
            Bar(keys[0], keys[1], plain(money.amount))
            for keys, money in grouped.dated(made, "day", "provider")
        ),
        days=_days(grouped, made, sorted(keys[0] for keys, _ in providers)),
        undated=tuple(
            (keys[0], Figure.of(money))
            for keys, money in grouped.by([line for line in made if line.day is None], "provider")
        ),
        spread=any(line.estimated and line.day != day_of(line.charge.period) for line in made),
        services=_services(grouped, made),
        rows=tuple(
            Row(
                row.keys,
                tuple(map(Figure.of, row.native.values())),
                Figure.of(row.converted),
                row.lines,
                row.estimated,
            )
            for row in table.rows
            if row.converted is not None
        ),
        runways=tuple(Runway.of(balance, usage) for balance in asked.views.balances),
        invoices=_bills(asked),
        reconciliation=found,
        agreements=tuple(_agreement(identity) for identity in found.identities),
        coverage=found.coverage,
        failures=tuple(f"{error.account}: {error.message}" for error in found.failures),
    )


@frozen
class _Grouped:
    usage: Answer[Usage]
    currency: str

    def by(self, made: Sequence[Line], *by: str) -> list[tuple[tuple[str, ...], Money]]:
        """Group converted lines."""
        rows = cost_view(self.usage, made, by=by, currency=self.currency, partial=True).rows
        return [(row.keys, row.converted) for row in rows if row.converted is not None]

    def dated(self, made: Sequence[Line], *by: str) -> list[tuple[tuple[str, ...], Money]]:
        """Group those that have a day."""
        return self.by([line for line in made if line.day is not None], *by)


def _days(grouped: _Grouped, made: Sequence[Line], providers: Sequence[str]) -> tuple[Day, ...]:
    cells = dict(grouped.dated(made, "day", "provider"))
    totals = grouped.dated(made, "day")
    return tuple(
        Day(
            day,
            tuple(_figure(cells.get((day, provider))) for provider in providers),
            Figure.of(money),
        )
        for (day,), money in totals
    )


def _figure(money: Money | None) -> Figure | None:
    return None if money is None else Figure.of(money)


def _services(grouped: _Grouped, made: Sequence[Line]) -> tuple[Bar, ...]:
    found = grouped.by(made, "service", "provider")[:_SERVICES]
    names = labels((service, provider) for (service, provider), _ in found)
    return tuple(
        Bar(name, keys[1], plain(money.amount))
        for name, (keys, money) in zip(names, found, strict=True)
    )


def _change(
    asked: Asked, made: Sequence[Line], price: Price, currency: str, now: datetime
) -> Change:
    """Compare the accounts that answered both periods in full; say which, or why there is nothing to compare."""
    if asked.period is None or asked.before is None or asked.before.requested is None:
        return Change(None, "a running period is not compared with a whole one")
    if asked.period.end > now:
        return Change(None, f"{named(asked.period)} is not over yet, so it is not compared")
    before = named(asked.before.requested)
    accounts = _whole(asked.views.usage) & _whole(asked.before)
    if not accounts:
        return Change(
            None, f"no account can answer for all of {before} too, so there is no comparison"
        )
    try:
        earlier = price(asked.before)
    except RateError as error:
        return Change(None, f"no comparison with {before}: {error.message}")
    now_and_then = [
        _sum((line for line in side if line.charge.account in accounts), currency)
        for side in (made, earlier)
    ]
    others = {
        row.account for row in asked.views.usage.coverage if row.state is not State.UNSUPPORTED
    } - accounts
    only = (
        f", for {', '.join(sorted(accounts))} alone: the others cannot answer for both"
        if others
        else ""
    )
    return Change(Figure.change(now_and_then[0] - now_and_then[1]), f"against {before}{only}")


def _whole(answer: Answer[Usage]) -> set[str]:
    return (
        {row.account for row in answer.coverage}
        - {row.account for row in answer.holes}
        - {row.account for row in answer.coverage if row.state is State.UNSUPPORTED}
    )


def _sum(made: Iterable[Line], currency: str) -> Money:
    return sum_by_currency(
        [Money.zero(currency), *(line.converted for line in made if line.converted is not None)]
    )[currency]


def _bills(asked: Asked) -> tuple[Bill, ...]:
    """Keep the invoices about the period, and those issued in it or the month after, when the period's are written."""
    window = asked.period or span(usage.covers for usage in asked.views.usage)

    def concerns(bill: Invoice) -> bool:
        if window is None:
            return True
        if bill.period is not None:
            return bill.period.overlaps(window)
        return (
            bill.issued_on is None
            or window.start.date() <= bill.issued_on < (window.end + timedelta(days=31)).date()
        )

    kept = [bill for bill in asked.views.invoices if concerns(bill)]
    return tuple(Bill(bill, _figure(bill.total), _figure(bill.net)) for bill in kept)


def _agreement(identity: Identity) -> Agreement:
    return Agreement(identity, *map(Figure.of, (identity.stated, identity.computed, identity.gap)))
