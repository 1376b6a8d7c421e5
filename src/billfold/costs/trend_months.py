"""What makes months side by side of the answers to each: no money is in two of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from attrs import evolve

from billfold.answer import Answer
from billfold.costs.allocation import Rules
from billfold.costs.cycles import as_spread
from billfold.costs.dimensions import read_dimensions
from billfold.costs.lines import Line
from billfold.costs.names import telling_apart
from billfold.costs.rates import Exchange
from billfold.costs.rows import have_one_currency, merged_row, size
from billfold.costs.trend import Trend, TrendMonth, TrendRow
from billfold.costs.view import cost_view, priced_lines
from billfold.errors import ConfigError
from billfold.model import Usage
from billfold.period import Period

MOST_MONTHS = 120


def last_months(count: int, now: datetime) -> tuple[Period, ...]:
    """Return so many UTC months up to the one of ``now``, oldest first. Raises ConfigError."""
    if type(count) is not int or not 1 <= count <= MOST_MONTHS:
        raise ConfigError(f"a trend has 1 to {MOST_MONTHS} months, not {count!r}")
    months = [Period.month_of(now)]
    while len(months) < count:
        months.append(months[-1].previous_month())
    return tuple(reversed(months))


def read_trend_dimensions(by: str | Iterable[str]) -> tuple[str, ...]:
    """Return the names of dimensions. Raises ConfigError for what is none, and for those of time.

    The months stand beside each other already.
    """
    names = read_dimensions(by)
    if times := {"day", "month"} & set(names):
        raise ConfigError(
            f"a trend has its months side by side: leave {' and '.join(sorted(times))} out"
        )
    return names


def trend_view(
    answers: Sequence[Answer[Usage]],
    *,
    by: str | Iterable[str],
    currency: str | None = None,
    exchange: Exchange | None = None,
    rules: Rules | None = None,
    spread: bool = False,
    now: datetime,
) -> Trend:
    """Return answers, each to a month, as months side by side; no money is in two of them.

    Rows come largest first, in several currencies by their keys. Raises RateError for a missing
    rate.
    """
    by = read_trend_dimensions(by)
    pricing: dict[str, Any] = {"currency": currency, "exchange": exchange, "rules": rules}
    if spread:
        answers = [as_spread(answer) for answer in answers]
    priced = [priced_lines(answer, spread=spread, **pricing) for answer in answers]
    if not spread:
        priced = [tuple(_booked_in(*each)) for each in zip(answers, priced, strict=True)]
    # By all months: a name that only two of them share would be another in each.
    tell_apart = telling_apart((line.charge for lines in priced for line in lines), by)
    months = []
    for answer, lines in zip(answers, priced, strict=True):
        own = _own(answer, lines)
        view = cost_view(own, tell_apart(lines), by=by, currency=currency, partial=True)
        months.append(TrendMonth(_requested(answer), now < _requested(answer).end, view))
    return Trend(by, currency, tuple(months), _rows(months))


def _requested(answer: Answer[Usage]) -> Period:
    if answer.requested is None:
        raise ConfigError("a trend is of months: an answer to the current period is of none")
    return answer.requested


def _booked_in(answer: Answer[Usage], lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines of the month; those of a cycle that crosses it may be another month's.

    The cycle is answered to each month that it touches, and counts in the one it is booked in.
    Spread, its days are cut to the month already.
    """
    month = _requested(answer)
    inside = {
        id(charge) for usage in answer if _is_inside(usage, month) for charge in usage.charges
    }
    for line in lines:
        if id(line.charge) in inside or line.month.start in month:
            yield line


def _own(answer: Answer[Usage], lines: Iterable[Line]) -> Answer[Usage]:
    """Return the answer without the cycles whose money is all in other months."""
    month, counted = _requested(answer), {id(line.charge) for line in lines}
    items = tuple(
        usage
        for usage in answer
        if _is_inside(usage, month) or any(id(charge) in counted for charge in usage.charges)
    )
    return evolve(answer, items=items)


def _is_inside(usage: Usage, month: Period) -> bool:
    return usage.covers.start >= month.start and usage.covers.end <= month.end


def _rows(months: Sequence[TrendMonth]) -> tuple[TrendRow, ...]:
    found = [{row.keys: row for row in month.view.rows} for month in months]
    sums = [
        merged_row([each[keys] for each in found if keys in each], keys)
        for keys in sorted(set().union(*found))
    ]
    if sums and have_one_currency(sums):
        sums.sort(key=size, reverse=True)
    return tuple(TrendRow(row.keys, tuple(each.get(row.keys) for each in found)) for row in sums)
