"""Amounts, periods and names as the page shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from decimal import ROUND_HALF_UP, Context, Decimal

from attrs import evolve, frozen

from billfold.money import Money, plain
from billfold.period import Period

MINUS = "\N{MINUS SIGN}"
_LABEL_LENGTH, _LONGEST_LABEL = 24, 100  # to lay out a long one takes the square of its length
_SECOND = timedelta(seconds=1)
_WIDE = Context(prec=200)


@frozen
class Figure:
    """An amount rounded for reading, and the exact amount behind it."""

    shown: str
    exact: str
    currency: str

    @classmethod
    def of(cls, money: Money) -> Figure:
        """Round an amount and group its thousands; ``~`` marks an amount that rounds to zero."""
        rounded = money.rounded()
        units, point, cents = rounded.removeprefix("-").partition(".")
        grouped = f"{int(units):,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
        almost_zero = "~" if money.amount and not Decimal(rounded) else ""
        sign = MINUS if rounded.startswith("-") else ""
        shown = f"{almost_zero}{sign}{grouped}{point}{cents}"
        return cls(shown, plain(money.amount), money.currency)

    @classmethod
    def difference(cls, money: Money) -> Figure:
        """Round a difference, which shows its plus sign too."""
        figure = cls.of(money)
        return evolve(figure, shown=f"+{figure.shown}") if money.amount > 0 else figure


def percentage(difference: Money, base: Money) -> str | None:
    """Return a difference in percent of its base, with its sign; None without a positive base."""
    if base.amount <= 0:
        return None
    ratio = _WIDE.divide(_WIDE.multiply(difference.amount, 100), base.amount)
    rounded = ratio.quantize(Decimal("0.1"), ROUND_HALF_UP, _WIDE)
    signs = {1: "+", 0: "", -1: MINUS}
    return f"{signs[int(rounded.compare(0))]}{plain(rounded.copy_abs())} %"


def period_name(period: Period | None) -> str:
    """Return a period in words: ``October 2026`` for a month, else its days or its times."""
    if period is None:
        return "current period"
    if period == Period.month_of(period.start):
        return f"{period.start:%B %Y}"
    if "T" in str(period):
        return str(period).replace("..", " to ")
    return f"{period.start:%Y-%m-%d} to {period.end - _SECOND:%Y-%m-%d}"


def service_labels(services: Sequence[tuple[str, ...]]) -> list[str]:
    """Return short labels for pairs of service and provider, all different.

    Equal ones stay longer instead, and what is equal then is numbered.
    """
    short = [_label(service, provider, _LABEL_LENGTH) for service, provider in services]
    counts = Counter(short)
    labels = [
        _label(service, provider, _LONGEST_LABEL) if counts[label] > 1 else label
        for label, (service, provider) in zip(short, services, strict=True)
    ]
    counts, seen = Counter(labels), Counter[str]()
    for index, label in enumerate(labels):
        seen[label] += 1
        if counts[label] > 1:
            labels[index] = f"{label} #{seen[label]}"
    return labels


def _label(service: str, provider: str, length: int) -> str:
    shown = service
    if len(service) > length:
        shown = f"{service[: length - 1]}\N{HORIZONTAL ELLIPSIS}"
    return shown if provider in service.lower() else f"{shown} ({provider})"
