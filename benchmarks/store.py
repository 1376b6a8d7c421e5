"""A year in the store, re-read daily, beside plain Parquet and DuckDB on the same rows."""

from __future__ import annotations

import gc
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from attrs import frozen
from deltalake import DeltaTable
from deltalake.transaction import AddAction, RemoveAction

from benchmarks import store_charges as made
from benchmarks.measure import Row, arguments, printed
from billfold.period import Period
from billfold.store.account_reading import AccountReading
from billfold.store.book import Book
from billfold.store.booking import book
from billfold.store.compact import compact, join
from billfold.store.views import VIEWS, Shown

_MONTHS = Period.parse("2026-01..2027-01").split_months()
_DAYS = 30
_TIMES = 12
_RECORDS_AT_ONCE = 50_000  # as sync does: so many records, or a few more, are one commit
_BY_SERVICE = (
    "SELECT month, service, cost_currency, SUM(cost) AS cost FROM {table} "
    "WHERE cost IS NOT NULL{known} GROUP BY month, service, cost_currency"
)


@frozen
class Spent:
    """Seconds of a step: by the clock on the wall, and of this process' CPU."""

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.wall:.2f} s ({self.cpu:.2f} s CPU)"


def _spent(step: Callable[[], object]) -> Spent:
    wall, cpu = time.perf_counter(), time.process_time()
    step()
    return Spent(time.perf_counter() - wall, time.process_time() - cpu)


def _sync(store: Book, month: Period, day: int, a_month: int, now: datetime) -> Spent:
    """Book what all accounts state on a day; return what booking costs, not what making it does."""
    spent = []
    for batch in _batches(month, day, a_month):
        spent.append(_spent(partial(book, store, batch, "benchmark", lambda: now)))
    spent.append(_spent(lambda: join(store)))
    return Spent(sum(each.wall for each in spent), sum(each.cpu for each in spent))


def _batches(month: Period, day: int, a_month: int) -> Iterator[list[AccountReading]]:
    batch: list[AccountReading] = []
    for number in range(made.ACCOUNTS):
        batch.append(made.answer(f"account-{number}", month, day, a_month))
        (usage,) = batch[0].answer
        if len(batch) * len(usage.charges) >= _RECORDS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _charges(store: Book, month: Period) -> pa.Table:
    """Return a month's charges as they stand, in columns that people know."""
    view = next(each for each in VIEWS if each.name == "charges")
    return Shown(store).rows(view, f"{month.start:%Y-%m}", datetime(2200, 1, 1, tzinfo=UTC))


def _bytes(paths: Iterable[Path]) -> int:
    return sum(path.stat().st_size for path in paths if path.is_file())


class _Peers:
    """The same rows as one Parquet file a month, and as a table of DuckDB."""

    def __init__(self, folder: Path) -> None:
        self.files, self._database = folder / "parquet", folder / "peer.duckdb"
        self.files.mkdir()

    def write(self, name: str, rows: pa.Table) -> None:
        pq.write_table(rows, self.files / f"{name}.parquet", compression="zstd")

    def replace(self, name: str, rows: pa.Table) -> None:
        assert rows is not None  # which DuckDB finds by its name
        with duckdb.connect(str(self._database)) as database:
            database.execute("CREATE TABLE IF NOT EXISTS charges AS SELECT * FROM rows LIMIT 0")
            database.execute("BEGIN")
            database.execute("DELETE FROM charges WHERE month = ?", [name])
            database.execute("INSERT INTO charges SELECT * FROM rows")
            database.execute("COMMIT")

    @property
    def database_bytes(self) -> int:
        return self._database.stat().st_size


def _fastest(query: Callable[[], object]) -> Spent:
    query()
    spent = [_spent(query) for _ in range(5)]
    return Spent(min(each.wall for each in spent), min(each.cpu for each in spent))


def _queried(store: Book, peers: _Peers, then: datetime) -> dict[str, Spent]:
    known = f" AND known_at <= TIMESTAMPTZ '{then:%Y-%m-%d %H:%M:%S}+00'"
    own = f" AND known_at <= TIMESTAMP '{then:%Y-%m-%dT%H:%M:%SZ}'"
    files = DeltaTable(f"{store.url}/usage").file_uris()
    with duckdb.connect() as database:
        database.execute("SET TimeZone = 'UTC'")
        over = "read_parquet(getvariable('files'), hive_partitioning = true)"
        plain = f"read_parquet('{peers.files}/*.parquet')"
        now_sql = _BY_SERVICE.format(table="usage", known="")
        then_sql = _BY_SERVICE.format(table="usage", known=own)
        database.execute("SET VARIABLE files = ?", [files])

        def ask(table: str, known: str = "") -> Callable[[], object]:
            sql = _BY_SERVICE.format(table=table, known=known)
            return lambda: database.execute(sql).fetchall()

        return {
            "ours": _fastest(lambda: store.rows(now_sql, "usage")),
            "ours as of": _fastest(lambda: store.rows(then_sql, "usage")),
            "DuckDB": _fastest(ask(over)),
            "DuckDB as of": _fastest(ask(over, known)),
            "plain": _fastest(ask(plain)),
        }


def _repeat(store: Book, folder: Path, times: int) -> None:
    """Add every file of the store's charges so often, under other names."""
    table = DeltaTable(f"{store.url}/usage")
    files = pa.table(table.get_add_actions())
    actions: list[AddAction | RemoveAction] = []
    for number in range(1, times):
        for path, size, month in zip(
            files["path"].to_pylist(),
            files["size_bytes"].to_pylist(),
            files["partition"].to_pylist(),
            strict=True,
        ):
            again = str(Path(path).with_stem(f"{Path(path).stem}-{number}"))
            shutil.copyfile(folder / "store" / "usage" / path, folder / "store" / "usage" / again)
            actions.append(AddAction(again, size, month, 0, True, "{}"))
    table.create_write_transaction(actions, "append", table.schema(), partition_by=["month"])


def _memory(accounts: int) -> float:
    """Return the MiB that a process of its own has at most while it syncs so many accounts."""
    command = [sys.executable, "-m", "benchmarks.store_memory", str(accounts)]
    return float(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)


def main() -> None:
    """Measure every row of the store."""
    _, quick = arguments()
    gc.freeze()  # as the command does, once it is loaded
    count = 24_000 if quick else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = _year(folder, count // len(_MONTHS))
    few, many = (20, 200) if quick else (1_000, 10_000)
    small, large = _memory(few), _memory(many)
    rows.append(
        Row(
            f"sync of {many:,} accounts: memory at most",
            "300 MiB",
            f"{large:.0f} MiB ({few:,} accounts: {small:.0f} MiB)",
            large <= 300,
        )
    )
    printed(rows)


def _year(folder: Path, a_month: int) -> list[Row]:
    store, peers = Book(str(folder / "store")), _Peers(folder)
    *closed, running = _MONTHS
    for month in closed:
        _sync(store, month, _DAYS, a_month, month.end + timedelta(hours=1))
        peers.write(f"{month.start:%Y-%m}", _charges(store, month))
        peers.replace(f"{month.start:%Y-%m}", _charges(store, month))
    spent: dict[str, list[Spent]] = {"store": [], "Parquet": [], "DuckDB": []}
    label = f"{running.start:%Y-%m}"
    for day in range(1, _DAYS + 1):
        now = running.start + timedelta(days=day)
        spent["store"].append(_sync(store, running, day, a_month, now))
        rows = _charges(store, running)
        spent["Parquet"].append(_spent(partial(peers.write, label, rows)))
        spent["DuckDB"].append(_spent(partial(peers.replace, label, rows)))
    then = running.start + timedelta(days=15)
    plain, size = _bytes(peers.files.iterdir()), _bytes(Path(store.url).rglob("*"))
    as_synced = _queried(store, peers, then)
    joined = compact(store)
    size_joined = sum(each.bytes for each in joined)
    asked = _queried(store, peers, then)
    _repeat(store, folder, _TIMES)
    large = _queried(store, peers, then)
    median = {
        side: statistics.median(each.cpu for each in several) for side, several in spent.items()
    }
    wall = statistics.median(each.wall for each in spent["store"])
    return [
        Row(
            f"daily sync of a month of {a_month:,} charges: bookkeeping, median of {_DAYS} days",
            "0.4 s",
            f"{median['store']:.2f} s CPU, {wall:.2f} s wall, last day "
            f"{spent['store'][-1].cpu:.2f} s CPU (writing rows that are there: Parquet "
            f"{median['Parquet']:.2f} s, DuckDB {median['DuckDB']:.2f} s)",
            median["store"] <= 0.4,
        ),
        Row(
            "a year's files, the last month re-read on 30 days",
            "1.5x plain Parquet",
            f"{size_joined / plain:.2f}x joined by store compact, {size / plain:.2f}x with its log "
            f"before it ({size / 2**20:.0f} MiB; plain Parquet {plain / 2**20:.0f} MiB, "
            f"DuckDB {peers.database_bytes / 2**20:.0f} MiB)",
            size_joined <= 1.5 * plain,
        ),
        Row(
            "twelve months by service",
            "0.25 s",
            f"{asked['ours']}, {as_synced['ours'].wall:.2f} s before store compact; DuckDB over "
            f"the same files {asked['DuckDB']}, plain Parquet {asked['plain']}",
            asked["ours"].wall <= 0.25,
        ),
        Row(
            "twelve months by service, as of",
            "0.25 s",
            f"{asked['ours as of']}, {as_synced['ours as of'].wall:.2f} s before store compact; "
            f"DuckDB {asked['DuckDB as of']}",
            asked["ours as of"].wall <= 0.25,
        ),
        Row(
            f"{_TIMES} times these files: {_TIMES * a_month * len(_MONTHS):,} charges by service",
            "0.6 s",
            f"{large['ours']}, as of {large['ours as of']}; DuckDB {large['DuckDB']}, as of "
            f"{large['DuckDB as of']}",
            large["ours"].wall <= 0.6,
        ),
    ]


if __name__ == "__main__":
    main()
