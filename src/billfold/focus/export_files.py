"""Export: one pass over the accounts into a folder, or into Arrow tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import aclosing
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from billfold.answer import Coverage
from billfold.errors import ConfigError, IncompleteError, ProviderError, UnsupportedError
from billfold.facade.billfold import Billfold
from billfold.focus import metadata_file as sidecar
from billfold.focus import profiles
from billfold.focus.columns import Dataset, Profile, columns
from billfold.focus.csv_and_parquet import Format, batch, schema
from billfold.focus.folder import SIDECAR, Folder
from billfold.focus.partition import Part
from billfold.focus.read_accounts import Gathered, Pass, Question
from billfold.focus.row_values import Row
from billfold.http.client import utc_now
from billfold.model import ANSWERED, Stream
from billfold.money import Money
from billfold.period import Period

if TYPE_CHECKING:
    import pyarrow as pa


@frozen
class Export:
    """What was written.

    ``rows`` is per dataset, ``totals`` add up the usage's BilledCost, ``left_out`` counts what had no place. ``complete`` is
    whether every account answered in full and nothing was left out.
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
    """Write what the accounts were charged as FOCUS datasets into a folder, whole or not at all.

    ``period`` None is each provider's current one. With ``partition`` there is a file per provider, account and month, and one
    export replaces the months it covers. Raises IncompleteError over a hole unless ``allow_partial``, ProviderError or
    UnsupportedError where no account answered, and ConfigError for what cannot be written; the folder is then as it was.
    """
    form, kind = Format(file_format), Profile(profile)
    _check(form, kind, period, partition)
    reading = Pass(fold, Question(period, accounts, deadline), clock)
    try:
        folder = Folder(Path(out), form, kind)
        try:
            await _fill(folder, reading, kind, partition)
            gathered = _accepted(reading.gathered, allow_partial)
            counted = {part: folder.rows[part] for part in folder.finish()}
            before = _text(Path(out) / SIDECAR) if partition else None
            replaced = gathered.parts if partition else [Part(dataset) for dataset in Dataset]
            files = folder.commit(
                replaced, sidecar.text(gathered, counted, form, kind, clock(), before)
            )
        except BaseException:
            folder.discard()
            raise
    except OSError as error:
        raise ConfigError(f"{out} cannot be written: {error.strerror or error}") from error
    return _export(gathered, files, counted)


async def _fill(folder: Folder, reading: Pass, profile: Profile, partition: bool) -> None:
    if not partition:
        folder.open(Part(Dataset.COST_AND_USAGE))
    async with aclosing(reading.rows()) as rows:
        async for part, row in rows:
            if columns(part.dataset, profile):
                folder.write(part if partition else part.whole(), profiles.adapt(row, profile))


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
    """Return the same datasets as Arrow tables, by name; decimals are decimal128(38, 18). Raises as :func:`export`."""
    kind = Profile(profile)
    schemas = {
        dataset: schema(columns(dataset, kind)) for dataset in Dataset if columns(dataset, kind)
    }
    import pyarrow as pa

    reading = Pass(fold, Question(period, accounts, deadline), clock)
    batches: dict[Dataset, list[pa.RecordBatch]] = {dataset: [] for dataset in schemas}
    held: dict[Dataset, list[Row]] = {dataset: [] for dataset in schemas}
    async with aclosing(reading.rows()) as rows:
        async for part, row in rows:
            if part.dataset in schemas:
                held[part.dataset].append(profiles.adapt(row, kind))
                if len(held[part.dataset]) == _BATCH:
                    batches[part.dataset].append(batch(held[part.dataset], schemas[part.dataset]))
                    held[part.dataset] = []
    _accepted(reading.gathered, allow_partial)
    for dataset, rest in held.items():
        batches[dataset].append(batch(rest, schemas[dataset]))
    return {
        dataset.value: pa.Table.from_batches(batches[dataset], schemas[dataset])
        for dataset in schemas
    }


_BATCH = 8192


def _check(form: Format, profile: Profile, period: Period | None, partition: bool) -> None:
    if profile is Profile.VANTAGE and form is not Format.CSV:
        raise ConfigError("Vantage takes CSV files only: leave --file-format at csv")
    if form is Format.PARQUET:
        schema(())
    if (
        partition
        and period is not None
        and any(bound != Period.month_of(bound).start for bound in (period.start, period.end))
    ):
        raise ConfigError(
            f"{period} is not whole months, and a partition is replaced by the month; ask for whole months"
        )


def _accepted(gathered: Gathered, allow_partial: bool) -> Gathered:
    if not any(row.state in ANSWERED for row in gathered.coverage if row.stream is Stream.USAGE):
        kind = ProviderError if gathered.failures else UnsupportedError
        raise kind(f"nothing was exported: {gathered.missing()}")
    if not gathered.complete and not allow_partial:
        raise IncompleteError(
            f"nothing was exported: {gathered.missing()}; allow_partial=True (--allow-partial) accepts that"
        )
    return gathered


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _export(gathered: Gathered, files: Iterable[Path], counted: dict[Part, int]) -> Export:
    rows = {dataset.value: 0 for dataset in Dataset}
    for part, count in counted.items():
        rows[part.dataset.value] += count
    left_out = dict(sorted(gathered.left_out.items()))
    whole = gathered.complete and not left_out
    return Export(tuple(files), rows, gathered.totals, tuple(gathered.coverage), left_out, whole)
