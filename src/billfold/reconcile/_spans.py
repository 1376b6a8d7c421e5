"""Statements of the same money over spans of time, matched where they span the same time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import frozen

from billfold.model import Invoice, Usage
from billfold.money import Money, sum_by_currency
from billfold.period import Period, merged, span


@frozen
class Statement:
    """What something states of the money of a period; an invoice without ``amounts`` does not."""

    period: Period
    amounts: tuple[Money, ...]
    record: Invoice | Usage

    def label(self) -> str:
        """Return what people call it."""
        return label(self.record) if isinstance(self.record, Invoice) else str(self.period)

    def is_stated(self) -> bool:
        """Return whether it says how much it is; idle usage says nothing of a currency, and is."""
        return bool(self.amounts) or isinstance(self.record, Usage)


def label(invoice: Invoice) -> str:
    """Return what people call an invoice."""
    return f"{invoice.kind} invoice {invoice.number or invoice.id}"


@frozen
class Match:
    """Statements of two kinds that are about the same time, or that share some of it.

    They ``fit`` where both kinds are there and span the very same time; only then can their sums be
    compared.
    """

    period: Period
    stated: tuple[Statement, ...]
    computed: tuple[Statement, ...]
    fits: bool

    def sums(self) -> tuple[dict[str, Money], dict[str, Money]]:
        """Return the sums of both sides, per currency."""
        return _sum(self.stated), _sum(self.computed)


def match(stated: Iterable[Statement], computed: Iterable[Statement]) -> list[Match]:
    """Return what belongs together, in order of time.

    Of statements that share time but do not span the same, those of one period are still compared;
    the others come as matches that do not fit.
    """
    sides = sorted(
        [*((item, True) for item in stated), *((item, False) for item in computed)],
        key=lambda side: side[0].period,
    )
    matches: list[Match] = []
    cluster: list[tuple[Statement, bool]] = []
    for side in sides:
        if cluster and not any(side[0].period.overlaps(other.period) for other, _ in cluster):
            matches += _matches(cluster)
            cluster = []
        cluster.append(side)
    return matches + _matches(cluster)


def _matches(cluster: Sequence[tuple[Statement, bool]]) -> list[Match]:
    stated = [item for item, is_stated in cluster if is_stated]
    computed = [item for item, is_stated in cluster if not is_stated]
    if not cluster or not stated or not computed or _times(stated) == _times(computed):
        return [_match(stated, computed)] if cluster else []
    equal = [
        period
        for period in dict.fromkeys(item.period for item in stated)
        if any(item.period == period for item in computed)
    ]
    found = [_match(_of(stated, period), _of(computed, period)) for period in equal]
    if rest := [item for item in stated if item.period not in equal]:
        found.append(_match(rest, computed, fits=False))
    elif rest := [item for item in computed if item.period not in equal]:
        found.append(_match([], rest, fits=False))
    return found


def _match(
    stated: Sequence[Statement], computed: Sequence[Statement], *, fits: bool | None = None
) -> Match:
    period = span(item.period for item in (*stated, *computed))
    assert period is not None
    is_fit = bool(stated and computed) if fits is None else fits
    return Match(period, tuple(stated), tuple(computed), is_fit)


def _of(items: Iterable[Statement], period: Period) -> list[Statement]:
    return [item for item in items if item.period == period]


def _times(items: Iterable[Statement]) -> tuple[Period, ...]:
    return merged(item.period for item in items)


def _sum(items: Iterable[Statement]) -> dict[str, Money]:
    return sum_by_currency(money for item in items for money in item.amounts)
