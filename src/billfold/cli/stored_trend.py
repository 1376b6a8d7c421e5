"""The months that a store knows, for a page that is about one of them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from attrs import evolve

from billfold.cli.clock import now
from billfold.cli.global_options import GlobalOptions
from billfold.cli.history import has_store
from billfold.cli.output.terminal import print_stderr
from billfold.cli.run import ask_accounts
from billfold.costs import last_months, trend_view
from billfold.errors import ConfigError, RateError, StoreError
from billfold.facade.trend import ask_months

if TYPE_CHECKING:
    from billfold.answer import Answer
    from billfold.cli.pricing import Pricing
    from billfold.costs import Trend
    from billfold.model import Usage
    from billfold.period import Period

_MONTHS = 12


def stored_trend(chosen: GlobalOptions, pricing: Pricing, usage: Answer[Usage]) -> Trend | None:
    """Return the months up to the last one of the page's usage; no provider is asked again.

    The month that the page is of is what its usage says, but for what a cycle that crosses it has
    in another month: no money is in two, and the page says so. None where there is no store, where
    it is not asked (``--live``), and without a currency. What keeps a store from answering is said
    on standard error: the page is there without it.
    """
    if chosen.history.live or pricing.currency is None or not has_store(chosen):
        return None
    moment = chosen.history.as_of or now()
    asked = last_months(_MONTHS, _within(usage.requested, moment))
    stored = evolve(chosen, history=evolve(chosen.history, stored=True))
    try:
        found = ask_accounts(
            stored, lambda fold, deadline: ask_months(fold, asked, deadline=deadline)
        )
        answers = [
            usage if month == usage.requested else one
            for month, one in zip(asked, found, strict=True)
        ]
        return trend_view(
            answers,
            by="provider",
            currency=pricing.currency,
            exchange=pricing.exchange,
            spread=pricing.spread,
            now=moment,
        )
    except (ConfigError, RateError, StoreError) as error:
        print_stderr(f"no month by month: {error}")
        return None


def _within(period: Period | None, moment: datetime) -> datetime:
    """Return the moment or, where the period is over by then, its last one."""
    return moment if period is None else min(moment, period.end - datetime.resolution)
