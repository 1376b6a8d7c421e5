"""Numbers, periods and runways as the page shows them, with the exact value behind each. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Context, Decimal

from attrs import frozen

from billfold.model import Balance, BalanceKind, Usage
from billfold.money import Money, plain, sum_by_currency
from billfold.period import Period, merged

_LABEL = 24  # letters of a service's name beside its bar
_SECOND = timedelta(seconds=1)
_WIDE = Context(prec=200)


@frozen
class Figure:
    """Money on a page: what people read, and the exact amount behind it."""

    shown: str
    exact: str
    currency: str
    negative: bool

    @classmethod
    def of(cls, money: Money) -> Figure:
        """Round for people, with thousands apart; what is not zero but rounds to it is marked ``~``."""
        rounded = money.rounded()
        whole, point, cents = rounded.removeprefix("-").partition(".")
        groups = f"{int(whole):,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
        noise = "~" if money.amount and not Decimal(rounded) else ""
        sign = "\N{MINUS SIGN}" if rounded.startswith("-") else ""
        return cls(
            f"{noise}{sign}{groups}{point}{cents}",
            plain(money.amount),
            money.currency,
            money.amount < 0,
        )

    @classmethod
    def change(cls, money: Money) -> Figure:
        """Write a difference, with its sign."""
        figure = cls.of(money)
        return cls(
            f"+{figure.shown}" if money.amount > 0 else figure.shown,
            figure.exact,
            figure.currency,
            figure.negative,
        )


def named(period: Period | None) -> str:
    """Name a period in words: ``October 2026`` for a month, else its days or times."""
    if period is None:
        return "current period"
    if period == Period.month_of(period.start):
        return f"{period.start:%B %Y}"
    if str(period).count("T"):
        return str(period).replace("..", " to ")
    return f"{period.start:%Y-%m-%d} to {period.end - _SECOND:%Y-%m-%d}"


def labels(services: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Shorten services' names, each beside its provider; names that would then read the same stay whole, to be told apart."""
    pairs = tuple(services)
    short = [_labelled(_cut(service), service, provider) for service, provider in pairs]
    alike = Counter(short)
    whole = (_labelled(service, service, provider) for service, provider in pairs)
    return tuple(full if alike[cut] > 1 else cut for cut, full in zip(short, whole, strict=True))


def _cut(service: str) -> str:
    return service if len(service) <= _LABEL else f"{service[: _LABEL - 1]}\N{HORIZONTAL ELLIPSIS}"


def _labelled(shown: str, service: str, provider: str) -> str:
    return shown if provider in service.lower() else f"{shown} ({provider})"


@frozen
class Runway:
    """A balance, and until when it lasts at the period's average cost; None where nothing is used up, or nothing is left."""

    account: str
    scope: str
    amount: Figure
    kind: str
    days: int | None
    until: date | None

    @property
    def overdrawn(self) -> bool:
        """Whether prepaid money is below zero."""
        return self.amount.negative and self.kind == BalanceKind.PREPAID

    @classmethod
    def of(cls, balance: Balance, usages: Iterable[Usage]) -> Runway:
        """Divide what is left by what was used a day, over the part of the usages' windows that had passed."""
        mine = [
            usage
            for usage in usages
            if usage.account == balance.account and _draws_on(usage, balance)
        ]
        used = sum_by_currency(money for usage in mine for money in usage.totals().values()).get(
            balance.amount.currency
        )
        passed = sum(
            (_passed(window, balance) for window in merged(usage.covers for usage in mine)),
            timedelta(),
        )
        days = _days(balance, used, passed)
        until = None if days is None else balance.as_of.date() + timedelta(days=min(days, 36_500))
        scope = balance.scope_name or balance.scope
        return cls(
            balance.account, scope, Figure.of(balance.amount), balance.kind.value, days, until
        )


def _draws_on(usage: Usage, balance: Balance) -> bool:
    return usage.billing_account_id in (balance.scope_name, balance.scope.partition(":")[2])


def _passed(window: Period, balance: Balance) -> timedelta:
    return max(min(window.end, balance.as_of) - window.start, timedelta())


def _days(balance: Balance, used: Money | None, passed: timedelta) -> int | None:
    spends = used is not None and used.amount > 0 and passed > timedelta()
    if (
        used is None
        or not spends
        or balance.amount.amount <= 0
        or balance.kind is not BalanceKind.PREPAID
    ):
        return None
    left, daily = (
        _WIDE.multiply(balance.amount.amount, passed // _SECOND),
        _WIDE.multiply(used.amount, 86_400),
    )
    return int(_WIDE.divide(left, daily))
