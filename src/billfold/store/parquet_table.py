"""A view's rows as a Parquet file. Needs pyarrow."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from billfold.store.views import View

if TYPE_CHECKING:
    import pyarrow as pa


class ParquetTable:
    """Decimals are decimal128(38, 24), times microseconds in UTC; a month is a row group."""

    def __init__(self, path: Path, view: View) -> None:
        """Create the file."""
        import pyarrow.parquet as pq

        self._writer: Any = pq.ParquetWriter(path, view.schema(), compression="zstd")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._writer.close()

    def add(self, rows: pa.Table) -> None:
        """Add rows in the view's columns."""
        self._writer.write_table(rows)
