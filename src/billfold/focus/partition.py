"""Where rows belong: one file per dataset, or one per provider, account and month of it. Pure."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from attrs import frozen

from billfold.focus.columns import Dataset
from billfold.model import Usage
from billfold.period import Period


@frozen
class Part:
    """A dataset, or a provider's, account's and month's part of it.

    Billing periods are of no single account. ``piece`` tells apart what is booked in one month from several cycles, each of
    which is exported, and replaced, on days of its own.
    """

    dataset: Dataset
    provider: str | None = None
    account: str | None = None
    month: str | None = None
    piece: str | None = None

    def path(self, suffix: str) -> Path:
        """Return where the part lies, in ``key=value`` folders, which DuckDB and Arrow read as columns."""
        keys = {"provider": self.provider, "account": self.account, "month": self.month}
        steps = [f"{key}={_name(value)}" for key, value in keys.items() if value is not None]
        if not steps:
            return Path(f"{self.dataset}.{suffix}")
        return Path(
            self.dataset,
            *steps,
            f"part{'' if self.piece is None else '-' + _name(self.piece)}.{suffix}",
        )

    def whole(self) -> Part:
        """Return the dataset it is part of."""
        return Part(self.dataset)


def _name(value: str) -> str:
    return quote(value, safe=" @+")


@lru_cache(maxsize=256)
def whole_months(covers: Period) -> tuple[Period, ...]:
    """List the months that a usage is booked in: its own where it is whole months, else the one it begins in."""
    bounds = (covers.start, covers.end)
    if all(bound == Period.month_of(bound).start for bound in bounds):
        return covers.split_months()
    return (Period.month_of(covers.start),)


def parts_of(dataset: Dataset, usage: Usage) -> dict[Period, Part]:
    """Tell where a usage's rows belong, by the month they are booked in."""
    whole = usage.covers.split_months()

    def part(month: Period) -> Part:
        piece = None if month in whole else usage.sub_account_id
        return Part(dataset, usage.provider, usage.account, f"{month.start:%Y-%m}", piece)

    return {month: part(month) for month in whole_months(usage.covers)}
