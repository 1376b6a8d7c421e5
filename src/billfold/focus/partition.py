"""Which file a row is written to: one per dataset, or one per provider, account and month of it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from attrs import frozen

from billfold.coverage import Coverage
from billfold.focus.choices import Dataset
from billfold.model import Usage, booking_months
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

    def is_of(self, row: Coverage) -> bool:
        """Return whether a row of coverage is about the partition."""
        return self.account in (None, row.account) and self.provider in (None, row.provider)


def _quoted(name: str) -> str:
    return quote(name, safe=" @+")


def usage_partitions(usage: Usage) -> dict[Period, Partition]:
    """Return the partitions of a usage's charges, by the month they are booked in."""
    partitions, whole_months = {}, usage.covers.split_months()
    for month in booking_months(usage.covers):
        project = None if month in whole_months else usage.sub_account_id
        partitions[month] = Partition(
            Dataset.COST_AND_USAGE, usage.provider, usage.account, month_key(month), project
        )
    return partitions


def month_key(period: Period) -> str:
    """Return the month that a period begins in, as partitions are named: ``2026-10``."""
    return f"{period.start:%Y-%m}"
