"""FOCUS exports of a million charges, beside pyarrow and csv, which write the same rows."""

from __future__ import annotations

import asyncio
import csv
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.charges import MONTH, account
from benchmarks.measure import Row, arguments, peak, printed, spent
from billfold import Billfold, focus

BATCH = 8192


async def _export(charges: int, form: str, out: str) -> None:
    async with Billfold([account(charges)]) as fold:
        await focus.export(fold, out, period=MONTH, file_format=form)


def _exported(charges: int, form: str) -> None:
    with tempfile.TemporaryDirectory() as out:
        asyncio.run(_export(charges, form, out))


def _repeated(charges: int, form: str) -> float:
    """Return the CPU of five exports of so many."""

    def five() -> None:
        for _ in range(5):
            _exported(charges, form)

    return spent(five)[0]


def _rows() -> pa.Table:
    """Return a batch of the rows that an export writes."""
    with tempfile.TemporaryDirectory() as out:
        asyncio.run(_export(BATCH, "parquet", out))
        (file,) = Path(out).glob("*ost*.parquet")
        return pq.read_table(file)


def _by_pyarrow(charges: int, table: pa.Table, out: Path) -> None:
    rows = table.to_pylist()
    with pq.ParquetWriter(out, table.schema, compression="zstd") as writer:
        for _ in range(charges // BATCH):
            writer.write_table(pa.Table.from_pylist(rows, table.schema))


def _by_csv(charges: int, table: pa.Table, out: Path) -> None:
    rows: list[dict[str, Any]] = table.to_pylist()
    with out.open("w", newline="") as file:
        writer = csv.DictWriter(file, table.column_names)
        for _ in range(charges // BATCH):
            writer.writerows(rows)


def _row(charges: int, form: str, peer: Callable[[int, pa.Table, Path], None]) -> Row:
    _exported(BATCH, form)  # imports are not what is measured
    before = peak()
    # Half of the small ones before and half after: a machine that gets slower is so for both.
    small = _repeated(charges // 10, form)
    large, _ = spent(lambda: _exported(charges, form))
    small += _repeated(charges // 10, form)
    times = 10 * large / small
    growth = peak() - before
    table = _rows()
    with tempfile.TemporaryDirectory() as out:
        theirs, _ = spent(lambda: peer(charges, table, Path(out) / "rows"))
    measured = (
        f"{charges / large:,.0f} charges a second of CPU, {growth:.0f} MiB; "
        f"{peer.__name__.removeprefix('_by_')} writes such rows {large / theirs:.1f}x faster; "
        f"ten times the work {times:.1f}x"
    )
    what = f"FOCUS export of {charges:,} charges to {form}"
    met = growth < 128 and times <= 10.5
    goal = "under 128 MiB; ten times at most 10.5x"
    return Row(what, goal, measured, met, large / theirs)


def main() -> None:
    """Measure two rows."""
    _, quick = arguments()
    charges = 20_000 if quick else 1_000_000
    printed([_row(charges, "parquet", _by_pyarrow), _row(charges, "csv", _by_csv)])


if __name__ == "__main__":
    main()
