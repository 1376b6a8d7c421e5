"""Return an export as Arrow tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import TYPE_CHECKING, Any

from billfold.facade.billfold import Billfold
from billfold.focus.choices import Dataset, Profile
from billfold.focus.columns import columns_of
from billfold.focus.csv_and_parquet import arrow_schema, record_batch
from billfold.focus.profiles import adapt
from billfold.focus.read_accounts import AccountReader
from billfold.focus.row_values import FocusRow
from billfold.http.deadline import Deadline
from billfold.http.transport import utc_now
from billfold.period import Period

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS_PER_BATCH = 8192


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
    tables = {
        dataset: _TableBuilder(arrow_schema(columns))
        for dataset in Dataset
        if (columns := columns_of(dataset, profile))
    }
    reader = AccountReader(fold, period, accounts, Deadline.after(deadline), clock)
    async with aclosing(reader.rows()) as rows:
        async for partition, row in rows:
            if partition.dataset in tables:
                tables[partition.dataset].add(adapt(row, profile))
    reader.summary.require_answer(allow_partial=allow_partial)
    return {dataset.value: table.build() for dataset, table in tables.items()}


class _TableBuilder:
    """Collects rows as batches, which take less memory than the rows themselves."""

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema
        self._batches: list[Any] = []
        self._rows: list[FocusRow] = []

    def add(self, row: FocusRow) -> None:
        """Add a row."""
        self._rows.append(row)
        if len(self._rows) == _ROWS_PER_BATCH:
            self._end_batch()

    def build(self) -> pa.Table:
        """Return all rows as a table."""
        import pyarrow as pa

        self._end_batch()
        return pa.Table.from_batches(self._batches, self._schema)

    def _end_batch(self) -> None:
        self._batches.append(record_batch(self._rows, self._schema))
        self._rows = []
