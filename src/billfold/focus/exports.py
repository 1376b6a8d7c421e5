"""Export: one pass over the accounts, written into a folder or collected as Arrow tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import aclosing
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from billfold.arrow import require_pyarrow
from billfold.coverage import Coverage
from billfold.errors import BillfoldError, ConfigError
from billfold.facade.billfold import Billfold
from billfold.files import without_formulas
from billfold.files.waiting import until_free
from billfold.focus._summary import describe_holes
from billfold.focus.choices import Dataset, Format, Profile
from billfold.focus.columns import adapt, columns_of
from billfold.focus.csv_and_parquet import TableBuilder
from billfold.focus.folder import ExportFolder
from billfold.focus.numbers import fits_decimal128, fitting
from billfold.focus.read_accounts import AccountReader
from billfold.http.deadline import Deadline
from billfold.http.transport import utc_now
from billfold.money import Money
from billfold.period import Period, PeriodLike, requested_period

if TYPE_CHECKING:
    import pyarrow as pa


@frozen
class Export:
    """What was written.

    ``rows`` is per dataset, ``totals`` add up BilledCost over the usage, ``left_out`` counts the
    records that are in no row, by reason. ``failures`` are the errors, also of accounts that the
    format cannot hold; ``notes`` are what a reader of the rows must know. ``accounts_left_out``
    names the configured accounts that were not asked. ``complete`` is whether every account that
    was answered in full and nothing was left out.
    """

    files: tuple[Path, ...]
    rows: dict[str, int]
    totals: dict[str, Money]
    coverage: tuple[Coverage, ...]
    left_out: dict[str, int]
    complete: bool
    failures: tuple[BillfoldError, ...] = ()
    notes: tuple[str, ...] = ()
    accounts_left_out: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """What is missing and why, a sentence each."""
        return tuple(describe_holes(self.coverage))


async def export(
    fold: Billfold,
    out: str | PathLike[str],
    *,
    period: PeriodLike = None,
    accounts: Sequence[str] | None = None,
    file_format: Format | str = Format.CSV,
    profile: Profile | str = Profile.V1_4,
    partition: bool = False,
    spreadsheet_safe: bool = False,
    allow_partial: bool = False,
    deadline: float | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> Export:
    """Write what the accounts were charged into the folder ``out``, as FOCUS datasets.

    ``period`` None is each provider's current one, ``deadline`` is in seconds. With ``partition``
    there is a file per provider, account and month, and an export replaces the months it covers.
    With ``spreadsheet_safe`` texts of CSV that a spreadsheet would run as formulas get an
    apostrophe in front; without, they are as the provider sent them.

    An account with a number that the format cannot hold fails by itself: nothing of it is written.

    Raises IncompleteError over a hole unless ``allow_partial``, ProviderError or UnsupportedError
    where no account answered, and ConfigError for what cannot be written. After an error the
    folder is as it was.
    """
    file_format, profile = Format(file_format), Profile(profile)
    period = requested_period(period, clock())
    _check_options(file_format, profile, period, partition, spreadsheet_safe)
    as_text = without_formulas if spreadsheet_safe else str
    fits = fitting(file_format)
    reader = AccountReader(fold, period, accounts, Deadline.after(deadline), clock, fits)
    try:
        await until_free(Path(out))
        with ExportFolder(
            Path(out), file_format, profile, partitioned=partition, as_text=as_text
        ) as folder:
            async with aclosing(reader.rows()) as rows:
                async for place, row in rows:
                    folder.write(place, row)
            reader.summary.require_answer(allow_partial=allow_partial)
            await until_free(Path(out))
            files = folder.commit(reader.summary, period, clock())
    except (FileExistsError, NotADirectoryError):
        raise ConfigError(f"{out} is not a folder: name one to write into or to create") from None
    except OSError as error:
        raise ConfigError(f"{out} cannot be written: {error.strerror or error}") from error
    counts = {dataset.value: 0 for dataset in Dataset}
    for place, count in folder.rows.items():
        counts[place.dataset.value] += count
    summary = reader.summary
    return Export(
        files,
        counts,
        summary.totals,
        tuple(summary.coverage),
        summary.left_out,
        summary.complete,
        tuple(summary.failures),
        summary.notes,
        summary.accounts_left_out,
    )


def _check_options(
    file_format: Format,
    profile: Profile,
    period: Period | None,
    partition: bool,
    spreadsheet_safe: bool,
) -> None:
    if profile is Profile.VANTAGE and file_format is not Format.CSV:
        raise ConfigError("profile vantage is CSV only: leave out --file-format, or set it to csv")
    if spreadsheet_safe and file_format is not Format.CSV:
        raise ConfigError(
            "spreadsheet_safe (--spreadsheet-safe) is for CSV: no formula runs in Parquet"
        )
    if file_format is Format.PARQUET:
        require_pyarrow()
    if partition and period is not None and not period.is_whole_months:
        raise ConfigError(
            f"a partitioned export replaces whole months, and {period} is not whole months: "
            "choose a period of whole months"
        )


async def arrow(
    fold: Billfold,
    *,
    period: PeriodLike = None,
    accounts: Sequence[str] | None = None,
    profile: Profile | str = Profile.V1_4,
    allow_partial: bool = False,
    deadline: float | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> dict[str, pa.Table]:
    """Return the datasets as Arrow tables, by name; decimals are decimal128(38, 24).

    The options are those of :func:`billfold.focus.export`, as are the errors.
    """
    profile, period = Profile(profile), requested_period(period, clock())
    columns = {dataset: columns_of(dataset, profile) for dataset in Dataset}
    tables = {dataset: TableBuilder(known) for dataset, known in columns.items() if known}
    fits = fits_decimal128
    reader = AccountReader(fold, period, accounts, Deadline.after(deadline), clock, fits)
    async with aclosing(reader.rows()) as rows:
        async for partition, row in rows:
            if partition.dataset in tables:
                tables[partition.dataset].add(adapt(row, profile), partition.account)
    reader.summary.require_answer(allow_partial=allow_partial)
    failed = reader.summary.failed
    return {dataset.value: table.build(failed) for dataset, table in tables.items()}
