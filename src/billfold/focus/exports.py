"""Export: one pass over the accounts, written into a folder or collected as Arrow tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import aclosing
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from billfold.answer import Coverage
from billfold.errors import ConfigError
from billfold.facade.billfold import Billfold
from billfold.focus.choices import Dataset, Format, Profile
from billfold.focus.columns import adapt, columns_of
from billfold.focus.csv_and_parquet import TableBuilder, require_pyarrow
from billfold.focus.folder import ExportFolder
from billfold.focus.metadata_file import metadata_text
from billfold.focus.partition import Partition, is_whole_months
from billfold.focus.read_accounts import AccountReader
from billfold.http.deadline import Deadline
from billfold.http.transport import utc_now
from billfold.money import Money
from billfold.period import Period

if TYPE_CHECKING:
    import pyarrow as pa


@frozen
class Export:
    """What was written.

    ``rows`` is per dataset, ``totals`` add up BilledCost over the usage, ``left_out`` counts the
    records that are in no row, by reason. ``complete`` is whether every account answered in full
    and nothing was left out.
    """

    files: tuple[Path, ...]
    rows: dict[str, int]
    totals: dict[str, Money]
    coverage: tuple[Coverage, ...]
    left_out: dict[str, int]
    complete: bool


async def export(
    fold: Billfold,
    out: str | PathLike[str],
    *,
    period: Period | None = None,
    accounts: Sequence[str] | None = None,
    file_format: Format | str = Format.CSV,
    profile: Profile | str = Profile.V1_4,
    partition: bool = False,
    allow_partial: bool = False,
    deadline: float | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> Export:
    """Write what the accounts were charged into the folder ``out``, as FOCUS datasets.

    ``period`` None is each provider's current one, ``deadline`` is in seconds. With ``partition``
    there is a file per provider, account and month, and an export replaces the months it covers.

    Raises IncompleteError over a hole unless ``allow_partial``, ProviderError or UnsupportedError
    where no account answered, and ConfigError for what cannot be written. After an error the
    folder is as it was.
    """
    file_format, profile = Format(file_format), Profile(profile)
    _check_options(file_format, profile, period, partition)
    reader = AccountReader(fold, period, accounts, Deadline.after(deadline), clock)
    try:
        with ExportFolder(Path(out), file_format, profile) as folder:
            await _write_rows(folder, reader, partition)
            reader.summary.require_answer(allow_partial=allow_partial)
            return _commit(folder, reader, partition)
    except OSError as error:
        raise ConfigError(f"{out} cannot be written: {error.strerror or error}") from error


def _check_options(
    file_format: Format, profile: Profile, period: Period | None, partition: bool
) -> None:
    if profile is Profile.VANTAGE and file_format is not Format.CSV:
        raise ConfigError("profile vantage is CSV only: leave out --file-format, or set it to csv")
    if file_format is Format.PARQUET:
        require_pyarrow()
    if partition and period is not None and not is_whole_months(period):
        raise ConfigError(
            f"a partitioned export replaces whole months, and {period} is not whole months: "
            "choose a period of whole months"
        )


async def _write_rows(folder: ExportFolder, reader: AccountReader, partitioned: bool) -> None:
    if not partitioned:
        folder.open(Partition(Dataset.COST_AND_USAGE))  # it is there even without rows
    async with aclosing(reader.rows()) as rows:
        async for partition, row in rows:
            if columns_of(partition.dataset, folder.profile):
                target = partition if partitioned else Partition(partition.dataset)
                folder.write(target, adapt(row, folder.profile))


def _commit(folder: ExportFolder, reader: AccountReader, partitioned: bool) -> Export:
    summary, counts = reader.summary, folder.finish()
    replaced, previous = {Partition(dataset) for dataset in Dataset}, None
    if partitioned:
        replaced, previous = summary.partitions, folder.metadata()
    files = folder.commit(
        replaced,
        metadata_text(
            summary, counts, folder.file_format, folder.profile, reader.clock(), previous
        ),
    )
    rows = {dataset.value: 0 for dataset in Dataset}
    for partition, count in counts.items():
        rows[partition.dataset.value] += count
    left_out = dict(sorted(summary.left_out.items()))
    return Export(files, rows, summary.totals, tuple(summary.coverage), left_out, summary.complete)


async def arrow(
    fold: Billfold,
    *,
    period: Period | None = None,
    accounts: Sequence[str] | None = None,
    profile: Profile | str = Profile.V1_4,
    allow_partial: bool = False,
    deadline: float | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> dict[str, pa.Table]:
    """Return the datasets as Arrow tables, by name; decimals are decimal128(38, 18).

    The options are those of :func:`billfold.focus.export`, as are the errors.
    """
    profile = Profile(profile)
    columns = {dataset: columns_of(dataset, profile) for dataset in Dataset}
    tables = {dataset: TableBuilder(known) for dataset, known in columns.items() if known}
    reader = AccountReader(fold, period, accounts, Deadline.after(deadline), clock)
    async with aclosing(reader.rows()) as rows:
        async for partition, row in rows:
            if partition.dataset in tables:
                tables[partition.dataset].add(adapt(row, profile))
    reader.summary.require_answer(allow_partial=allow_partial)
    return {dataset.value: table.build() for dataset, table in tables.items()}
