"""Last month over all simulated providers, from a store that was filled while the month ran."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from tempfile import TemporaryDirectory

from billfold.accounts.account import Account
from billfold.answer import Answer
from billfold.costs import (
    ConstantRates,
    CostView,
    Exchange,
    Policy,
    as_spread,
    cost_view,
    priced_lines,
)
from billfold.facade.billfold import Billfold
from billfold.model import Stream, Usage
from billfold.period import Period
from billfold.simulators import sandbox
from billfold.store.book import Book
from billfold.store.sync import questions, sync
from billfold.store.watch import BEFORE_THE_END

CURRENCY = "EUR"
# Made up, as every number of the demonstration.
_RATES = {"EUR": Decimal(1), "USD": Decimal("1.16"), "BRL": Decimal("6.25")}
_TOLERANCE = timedelta(hours=1)


async def ask_last_month(
    accounts: Sequence[Account], now: datetime, deadline: float | None
) -> tuple[Answer[Usage], CostView]:
    """Fill a store as ``sync --watch`` would have, and ask for last month and what it cost.

    The store is a folder that is gone afterwards.
    """
    month = Period.month_of(now).previous_month()
    with TemporaryDirectory(prefix="billfold-demo-") as folder:
        await _fill(Book(folder), {account.name for account in accounts}, month, now)
        fold = Billfold(
            accounts, clock=lambda: now, stored="missing", store=folder, tolerance=_TOLERANCE
        )
        async with fold:
            answer = as_spread(await fold.usage(month, deadline=deadline))
    exchange = Exchange(ConstantRates(_RATES), Policy.CONSTANT)
    lines = priced_lines(answer, currency=CURRENCY, exchange=exchange, spread=True, now=now)
    by = ("provider",)
    return answer, cost_view(answer, lines, by=by, currency=CURRENCY, partial=True)


async def _fill(book: Book, names: set[str], month: Period, now: datetime) -> None:
    """Read every account, each two minutes before its window ends, and when the month is over."""
    ends: dict[str, list[datetime]] = {name: [month.start] for name in names}
    after = month.end + BEFORE_THE_END
    while (moment := _next(ends)) < now:
        due = {name for name, own in ends.items() if min(own) <= moment}
        windows = await _read(book, due, moment)
        for name in due:
            later = [window.end - BEFORE_THE_END for window in windows.get(name, ())]
            ends[name] = [each for each in (*later, after) if each > moment] or [now]


def _next(ends: dict[str, list[datetime]]) -> datetime:
    return min(min(own) for own in ends.values())


async def _read(book: Book, names: Collection[str], moment: datetime) -> dict[str, set[Period]]:
    """Let the simulators be as at a moment, book their usage, and return its windows."""
    windows: dict[str, set[Period]] = {}
    async with sandbox.running(moment) as served:
        accounts = [each for each in sandbox.accounts(served) if each.name in names]
        async with Billfold(accounts, clock=lambda: moment) as fold:
            asked = questions(fold.accounts, None, (Stream.USAGE,), moment)
            async for outcome in sync(fold, book, asked, clock=lambda: moment):
                own = {window.period for window in outcome.reading.windows()}
                windows[outcome.reading.account] = own
    return windows
