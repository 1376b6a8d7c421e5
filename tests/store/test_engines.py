"""Engines that know nothing of billfold read the store to the last digit, as the page says."""

import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from deltalake import DeltaTable

from store.engines import EXPECTED, QUERIES, THEN, answer, fill

HERE = ("deltalake", "DuckDB", "polars", "pandas")


@pytest.fixture
async def store(tmp_path: Path) -> Path:
    await fill(tmp_path)
    return tmp_path


def test_the_page_shows_every_engine() -> None:
    assert tuple(QUERIES) == (*HERE, "Spark", "Daft", "Ray")


@pytest.mark.parametrize("engine", HERE)
async def test_a_month_is_added_up_to_the_last_digit_now_and_as_of(
    store: Path, engine: str
) -> None:
    for until, expected in EXPECTED.items():
        sums = {currency: Decimal(text) for currency, text in expected.items()}
        assert answer(engine, store, until) == sums


@pytest.mark.parametrize("engine", ["deltalake", "DuckDB", "pandas"])
async def test_a_folder_may_have_blanks_and_umlauts(tmp_path: Path, engine: str) -> None:
    folder = tmp_path / "Application Support" / "Bücher 100%"
    await fill(folder)
    expected = {currency: Decimal(text) for currency, text in EXPECTED[THEN].items()}
    assert answer(engine, folder, THEN) == expected


@pytest.fixture
def auckland(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("engine", HERE)
@pytest.mark.usefixtures("auckland")
async def test_a_moment_is_the_same_in_every_time_zone(store: Path, engine: str) -> None:
    expected = {currency: Decimal(text) for currency, text in EXPECTED[THEN].items()}
    assert answer(engine, store, THEN) == expected


async def test_duckdb_reads_a_timestamp_in_the_zone_of_its_session_as_the_page_warns(
    store: Path,
) -> None:
    files = DeltaTable(f"{store}/usage").file_uris()
    query = "SELECT count(*) > 0 FROM read_parquet(?) WHERE known_at <= "
    with duckdb.connect() as database:
        database.execute("SET TimeZone = 'Pacific/Auckland'")
        naive = database.execute(f"{query}TIMESTAMP '{THEN:%Y-%m-%dT%H:%M:%SZ}'", [files])
        assert naive.fetchall() == [(False,)]
        aware = database.execute(f"{query}TIMESTAMPTZ '{THEN:%Y-%m-%d %H:%M:%S}+00'", [files])
        assert aware.fetchall() == [(True,)]
        database.execute("SET TimeZone = 'UTC'")
        naive = database.execute(f"{query}TIMESTAMP '{THEN:%Y-%m-%dT%H:%M:%SZ}'", [files])
        assert naive.fetchall() == [(True,)]


async def test_averages_are_floats_in_an_engine_as_the_page_warns(store: Path) -> None:
    files = DeltaTable(f"{store}/usage").file_uris()
    with duckdb.connect() as database:
        types = database.execute(
            "SELECT typeof(SUM(cost)), typeof(AVG(cost)), typeof(SUM(cost) / 2) "
            "FROM read_parquet(?)",
            [files],
        )
        assert types.fetchall() == [("DECIMAL(38,24)", "DOUBLE", "DOUBLE")]
