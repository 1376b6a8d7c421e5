"""Which file a row is written to: one per dataset, or one per provider, account and month of it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from attrs import frozen

from billfold.focus.choices import Dataset
from billfold.model import Usage
from billfold.period import Period


@frozen
class Partition:
    """A dataset, or the part of it that belongs to a provider, an account and a month.

    Billing periods belong to no account. ``project`` is set for a usage that is not whole months:
    projects whose cycles are booked in one month are then exported and replaced one by one.
    """

    dataset: Dataset
    provider: str | None = None
    account: str | None = None
    month: str | None = None
    project: str | None = None

    def path(self, suffix: str) -> Path:
        """Return the file's path; its folders are ``key=value``, which DuckDB and Arrow read."""
        keys = {"provider": self.provider, "account": self.account, "month": self.month}
        folders = [f"{key}={_quoted(value)}" for key, value in keys.items() if value is not None]
        if not folders:
            return Path(f"{self.dataset}.{suffix}")
        name = "part" if self.project is None else f"part-{_quoted(self.project)}"
        return Path(self.dataset, *folders, f"{name}.{suffix}")

    def undivided(self) -> Partition:
        """Return the partition that is the whole dataset."""
        return Partition(self.dataset)


def _quoted(name: str) -> str:
    return quote(name, safe=" @+")


@lru_cache(maxsize=256)
def booking_months(covers: Period) -> tuple[Period, ...]:
    """Return the months that a usage is booked in: all if they are whole, else the first."""
    if all(bound == Period.month_of(bound).start for bound in (covers.start, covers.end)):
        return covers.split_months()
    return (Period.month_of(covers.start),)


def usage_partitions(usage: Usage) -> dict[Period, Partition]:
    """Return the partitions of a usage's charges, by the month they are booked in."""
    months = booking_months(usage.covers)
    whole_months = usage.covers.split_months()
    return {
        month: Partition(
            Dataset.COST_AND_USAGE,
            usage.provider,
            usage.account,
            month_key(month),
            None if month in whole_months else usage.sub_account_id,
        )
        for month in months
    }


def month_key(period: Period) -> str:
    """Return the month that a period begins in, as partitions are named: ``2026-10``."""
    return f"{period.start:%Y-%m}"
