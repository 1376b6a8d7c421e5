"""The book: Delta tables that are only ever added to, and the one transaction that adds.

Nothing is rewritten. Two that write to one table at the same time would both count what both of
them saw change, so every commit carries the store's application transaction: the later one fails,
looks again, and writes what is still to be written. The transaction's number is the moment at which
its rows are known, in microseconds: it only grows, whatever the clocks of those that write, so
what was known at a time is what the first so many commits hold.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import random
from threading import RLock
from typing import TYPE_CHECKING, TypeVar

from attrs import define, field

from billfold.arrow import arrow_schema
from billfold.columns import Row
from billfold.errors import StoreError
from billfold.store.engine_errors import explained, what_to_do
from billfold.store.literals import EPOCH
from billfold.store.room import require_room
from billfold.store.tables import ENCODINGS, SCHEMA, SYNCS, TABLES, WITH_STATISTICS
from billfold.store.versions import made_by, missing_columns, version_of, with_columns

if TYPE_CHECKING:
    import pyarrow as pa
    from deltalake import DeltaTable, WriterProperties

T = TypeVar("T")

_APPLICATION = "billfold"
_ATTEMPTS = 60
# A checkpoint spares readers the log's small files.
_CHECKPOINT_EVERY = 100
COLUMNS = {table.name: table.columns for table in TABLES.values()} | {"syncs": SYNCS}
_LOST_RACE = re.compile("transaction|conflict|already exists|metadata", re.IGNORECASE)


@define(eq=False)
class Book:
    """A store at a URL: a folder, or a bucket of a cloud.

    ``options`` are those of deltalake's storage; without them it reads the environment's. Every
    method blocks, and raises StoreError that names the store and what to do.
    """

    url: str
    options: dict[str, str] | None = None
    _tables: dict[str, DeltaTable] = field(factory=dict)
    # Threads of one process share the tables; commits of others are what transactions are for.
    _lock: RLock = field(factory=RLock)
    # Tables that stay as they are while it is found out what is to be written: what others add
    # meanwhile has to be a lost race, and not half of what is looked at.
    _held: set[str] = field(factory=set)

    def names(self) -> tuple[str, ...]:
        """Return the names of the tables that there are."""
        return tuple(name for name in COLUMNS if self._open(name) is not None)

    def require(self, name: str) -> None:
        """Raise StoreError where a table is gone that readings were booked in.

        Without it what was read would look as if nothing had been stated.
        """
        with explained(self.url, name), self._lock:
            if self._open(name) is None:
                raise StoreError(
                    f"{self.url}: {name} is not there, and what was read was booked in it: put "
                    "back a copy of it, or name another place by --store"
                )

    def query(self, sql: str, *names: str) -> pa.Table | None:
        """Return what a query of the newest state of tables answers, None where one is missing.

        Raises StoreError where only ``syncs`` is: it is made before every other table.
        """
        import pyarrow as pa

        with explained(self.url, ", ".join(names)), self._lock:
            from deltalake import QueryBuilder

            builder = QueryBuilder()
            for name in names:
                table = self._open(name)
                if table is None:
                    if name == "syncs" and self.names():
                        self.require(name)
                    return None
                if name not in self._held:
                    table.update_incremental()
                missing = missing_columns(table, COLUMNS[name])
                builder = builder.register(f"{name}_as_written" if missing else name, table)
                if missing:
                    sql = with_columns(sql, name, missing)
            return _plain(pa.table(builder.execute(sql)))

    def rows(self, sql: str, *names: str) -> list[Row]:
        """Return a query's rows, none where a table is missing."""
        answer = self.query(sql, *names)
        return [] if answer is None else answer.to_pylist()

    @contextmanager
    def changing(self, name: str) -> Iterator[DeltaTable | None]:
        """Give a table in its newest state, to change how it is kept; None where there is none."""
        with explained(self.url, name), self._lock:
            table = self._open(name)
            if table is not None:
                table.update_incremental()
            yield table

    def require_writable(self, name: str, size: int) -> None:
        """Raise StoreError where a folder takes no files, or has no room for so many bytes."""
        if "://" not in self.url:
            require_room(self.url, name, size)

    def append(
        self, name: str, rows_of: Callable[[datetime], pa.Table], now: Callable[[], datetime]
    ) -> datetime:
        """Add the rows that are still to be written by the newest state; none are no commit.

        ``rows_of`` is told when they will be known, which is returned, and is asked again where
        another writer came first.
        """
        for attempt in range(_ATTEMPTS):
            with explained(self.url, name), self._lock:
                known_at = self._added(name, rows_of, now)
            if known_at is not None:
                return known_at
            time.sleep(min(0.01 * 1.5**attempt, 1) * (0.5 + random()))
        raise StoreError(f"{self.url}: {name}: others write without a pause; try again later")

    def _added(
        self, name: str, rows_of: Callable[[datetime], pa.Table], now: Callable[[], datetime]
    ) -> datetime | None:
        table = self._writable(name)
        if table is None:
            return None
        known_at = max(now(), _last_known(table) + datetime.resolution)
        with self._hold(name):
            rows = rows_of(known_at)
        if rows.num_rows and not self._committed(name, table, rows, known_at):
            return None
        return known_at

    def _committed(self, name: str, table: DeltaTable, rows: pa.Table, known_at: datetime) -> bool:
        from deltalake import CommitProperties, Transaction, write_deltalake

        number = (known_at - EPOCH) // datetime.resolution
        properties = CommitProperties(app_transactions=[Transaction(_APPLICATION, number)])
        self.require_writable(name, rows.nbytes)
        with race() as raced:
            write_deltalake(
                table,
                rows,
                mode="append",
                commit_properties=properties,
                writer_properties=writer_properties(),
            )
        if raced.is_lost:
            return False
        if table.version() % _CHECKPOINT_EVERY == 0:
            table.create_checkpoint()
        return True

    def _open(self, name: str) -> DeltaTable | None:
        if name in self._tables:
            return self._tables[name]
        from deltalake import DeltaTable
        from deltalake.exceptions import TableNotFoundError

        try:
            table = DeltaTable(self._place(name), storage_options=self.options)
        except TableNotFoundError:
            return None
        version_of(table, self.url, name)
        self._tables[name] = table
        return table

    def _writable(self, name: str) -> DeltaTable | None:
        """Return a table with every column, in its newest state; None where others change it."""
        from deltalake import Schema

        table = self._open(name) or self._created(name)
        if table is None:
            return None
        table.update_incremental()
        version = version_of(table, self.url, name)
        missing = missing_columns(table, COLUMNS[name])
        with race() as raced:
            if missing:
                table.alter.add_columns(Schema.from_arrow(arrow_schema(missing)).fields)
            if version < SCHEMA:
                table.alter.set_table_description(made_by())
        return None if raced.is_lost else table

    def _make_folder(self) -> None:
        try:
            Path(self.url).mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise StoreError(
                f"{self.url}: the folder cannot be made: {error.strerror}; {what_to_do(str(error))}"
            ) from None

    def _created(self, name: str) -> DeltaTable | None:
        from deltalake import DeltaTable, Schema

        columns = COLUMNS[name]
        if name != "syncs" and self._open("syncs") is None:
            self._created("syncs")  # so that where it is not, it is gone
        if "://" not in self.url:
            self._make_folder()
        with race():
            DeltaTable.create(
                self._place(name),
                schema=Schema.from_arrow(arrow_schema(columns)),
                mode="ignore",
                partition_by=["month"],
                name=name,
                description=made_by(),
                storage_options=self.options,
                configuration={
                    "delta.appendOnly": "true",
                    "delta.dataSkippingStatsColumns": ",".join(
                        column.name for column in columns if column.name in WITH_STATISTICS
                    ),
                },
            )
        return self._open(name)

    @contextmanager
    def _hold(self, name: str) -> Iterator[None]:
        self._held.add(name)
        try:
            yield
        finally:
            self._held.discard(name)

    def _place(self, name: str) -> str:
        return f"{self.url.rstrip('/')}/{name}"


def no_store(book: Book) -> StoreError:
    """Return what is raised where a store has no table."""
    return StoreError(f"{book.url}: there is no store here: run billfold sync")


def writer_properties() -> WriterProperties:
    """Return how rows are written to files."""
    from deltalake import ColumnProperties, WriterProperties

    columns = {
        name: ColumnProperties(
            dictionary_enabled=False, encoding=encoding, statistics_enabled="NONE"
        )
        for name, encoding in ENCODINGS.items()
    }
    return WriterProperties(
        compression="ZSTD",
        default_column_properties=ColumnProperties(statistics_enabled="NONE"),
        column_properties=columns
        | {name: ColumnProperties(statistics_enabled="PAGE") for name in WITH_STATISTICS},
    )


def _last_known(table: DeltaTable) -> datetime:
    """Return when the newest rows of a table are known."""
    number = table.transaction_version(_APPLICATION) or 0
    return EPOCH + timedelta(microseconds=number)


@define
class _Race:
    is_lost: bool = False


@contextmanager
def race() -> Iterator[_Race]:
    """Note that another writer was faster: that is no error, but a reason to look again."""
    from deltalake.exceptions import CommitFailedError

    found = _Race()
    try:
        yield found
    except CommitFailedError as error:
        if not _LOST_RACE.search(str(error)):
            raise
        found.is_lost = True


def _plain(table: pa.Table) -> pa.Table:
    """Return a table whose texts are plain strings, which every function of pyarrow takes."""
    import pyarrow as pa

    fields = [
        pa.field(each.name, pa.string()) if pa.types.is_string_view(each.type) else each
        for each in table.schema
    ]
    return table.cast(pa.schema(fields))
