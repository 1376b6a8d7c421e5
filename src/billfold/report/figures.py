"""Amounts, periods and names as the page shows them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal

from attrs import evolve, frozen

from billfold.money import Money, plain
from billfold.period import Period

_LABEL_LENGTH, _LONGEST_LABEL = 24, 100  # to lay out a long one takes the square of its length
_SHORT, _LONG_WORD = 12, 20
_SECOND = timedelta(seconds=1)
_WIDE = Context(prec=200)
_QUARTER = re.compile("([0-9]{4})(?:-(Q[1-4]))?")  # or a year
_THOUSAND = re.compile(r"(?<=\d)(?=(?:\d{3})+$)")


@frozen
class Figure:
    """An amount rounded for reading, and the exact amount behind it.

    ``shown`` is a number as programs write it, so that what is copied can be added up; the page
    groups its ``thousands`` by space between them. ``almost_zero`` marks one that rounds to zero.
    """

    shown: str
    exact: str
    currency: str
    almost_zero: bool = False

    @classmethod
    def of(cls, money: Money) -> Figure:
        """Round an amount."""
        rounded = money.rounded()
        almost_zero = bool(money.amount) and not Decimal(rounded)
        return cls(rounded, plain(money.amount), money.currency, almost_zero)

    @classmethod
    def difference(cls, money: Money) -> Figure:
        """Round a difference, which shows its plus sign too."""
        figure = cls.of(money)
        return evolve(figure, shown=f"+{figure.shown}") if money.amount > 0 else figure

    @property
    def thousands(self) -> list[str]:
        """What is shown, cut before every group of three digits: ``1``, ``234``, ``567.90``."""
        units, point, cents = self.shown.partition(".")
        *groups, last = _THOUSAND.split(units)
        return [*groups, f"{last}{point}{cents}"]

    def __str__(self) -> str:
        return f"{'~' if self.almost_zero else ''}{self.shown} {self.currency}"


def percentage(difference: Money, base: Money) -> str | None:
    """Return a difference in percent of its base, with its sign; None without a positive base."""
    percent = share_of(difference, base)
    rises = percent is not None and not percent.startswith(("-", "0.0 "))
    return f"+{percent}" if rises else percent


def share_of(part: Money, whole: Money) -> str | None:
    """Return a part in percent of a whole; None where that is not above zero."""
    if whole.amount <= 0:
        return None
    ratio = _WIDE.divide(_WIDE.multiply(part.amount, 100), whole.amount)
    rounded = ratio.quantize(Decimal("0.1"), ROUND_HALF_UP, _WIDE)
    return f"{plain(rounded or rounded.copy_abs())} %"


def period_name(period: Period | None) -> str:
    """Return a period in words: ``October 2026``, ``Q3 2026``, ``2026``, or its days or times."""
    if period is None:
        return "current period"
    if period == Period.month_of(period.start):
        return f"{period.start:%B %Y}"
    if quarter := _QUARTER.fullmatch(str(period)):
        return " ".join(filter(None, reversed(quarter.groups())))
    if not _is_of_days(period):
        return f"{_moment(period.start)} to {_moment(period.end)} UTC"
    return f"{period.start:%Y-%m-%d} to {period.end - _SECOND:%Y-%m-%d}"


def _is_of_days(period: Period) -> bool:
    return "T" not in str(period)


def _moment(time: datetime) -> str:
    seconds = f"{time:%Y-%m-%d %H:%M:%S}"
    return seconds.removesuffix(":00")


def owner_name(period: Period | None) -> str:
    """Return a period's name before what it has: ``October's`` of a month."""
    if period is None or period != Period.month_of(period.start):
        return "the period's"
    return f"{period.start:%B}'s"


def days_of(period: Period) -> str:
    """Return a window in words; bounds within a day are shown as days."""
    if _is_of_days(period):
        return period_name(period)
    return f"{period.start:%Y-%m-%d} to {period.end:%Y-%m-%d}"


def wrapping(text: str) -> str:
    """Return how a cell of a table wraps: a short one nowhere, one with a long word anywhere."""
    if len(text) <= _SHORT:
        return "nowrap"
    return "anywhere" if max(map(len, re.split(r"[\s-]", text))) > _LONG_WORD else ""


def service_labels(services: Sequence[tuple[str, str]]) -> list[str]:
    """Return short labels for pairs of service and brand, all different.

    Equal ones stay longer instead, and what is equal then is numbered.
    """
    short = [_label(service, brand, _LABEL_LENGTH) for service, brand in services]
    counts = Counter(short)
    labels = [
        _label(service, brand, _LONGEST_LABEL) if counts[label] > 1 else label
        for label, (service, brand) in zip(short, services, strict=True)
    ]
    counts, seen = Counter(labels), Counter[str]()
    for index, label in enumerate(labels):
        seen[label] += 1
        if counts[label] > 1:
            labels[index] = f"{label} #{seen[label]}"
    return labels


def _label(service: str, brand: str, length: int) -> str:
    shown = service
    if len(service) > length:
        shown = f"{service[: length - 1]}\N{HORIZONTAL ELLIPSIS}"
    return shown if brand.lower() in service.lower() else f"{shown} ({brand})"
