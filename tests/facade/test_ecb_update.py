"""The ECB's rates are fetched where somebody asks for them, checked, and kept whole or not at all."""

import io
import zipfile
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from billfold import ConfigError, DeadlineError, DriftError, ProviderError, RetryPolicy
from billfold.costs import EcbRates, Exchange, RateTable
from billfold.facade.ecb_update import ECB_URL, update_rates
from billfold.simulators import Simulation, ecb
from billfold.simulators.faults import Fault, named
from billfold.simulators.serving import serving

PACKAGED = EcbRates().table
NOW = datetime.combine(PACKAGED.newest_day + timedelta(days=20), time(16), UTC)
CONTENT = ecb.file_until(NOW.date())
QUICK = RetryPolicy(backoff=0.001, backoff_max=0.002)

Update = Callable[..., Any]


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("BILLFOLD_CACHE", str(tmp_path))
    return tmp_path / "ecb-rates"


@pytest.fixture
async def update(cache: Path) -> AsyncIterator[Update]:
    """Fetch from a server that answers so, with these faults."""
    async with AsyncExitStack() as stack:

        async def fetch(content: bytes = CONTENT, *faults: Fault, **options: Any) -> RateTable:
            async def file(request: web.Request) -> web.Response:
                seen.append(dict(request.headers))
                return web.Response(body=content, content_type="application/zip")

            simulation = Simulation(
                "ecb",
                (ecb.Sample("anybody", ""),),
                [web.get("/eurofxref-hist.zip", file)],
                refuse=lambda status: web.Response(status=status, text="<html>No.</html>"),
                auth=ecb.Unsigned(),
                faults=list(faults),
            )
            url = await stack.enter_async_context(serving(simulation))
            return await update_rates(base_url=url, retry=QUICK, clock=lambda: NOW, **options)

        seen: list[dict[str, str]] = []
        fetch.seen = seen  # type: ignore[attr-defined]
        yield fetch


async def test_what_is_fetched_is_dated_hashed_and_used(update: Update) -> None:
    table = await update()
    assert table.newest_day > PACKAGED.newest_day
    assert (table.name, table.fetched_at) == ("ECB, simulated", NOW)
    assert table.url is not None
    assert table.url.endswith("/eurofxref-hist.zip")
    rates = EcbRates()
    assert rates.table == table
    rate = Exchange(rates).rate("USD", "EUR", table.newest_day)
    assert (rate.day, rate.table, rate.estimated) == (table.newest_day, table, False)
    (headers,) = update.seen  # type: ignore[attr-defined]
    assert "Authorization" not in headers
    assert headers["Accept"].startswith("application/zip")


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("status=404", "404"),
        ("status=503", r"503.*tried 5 times"),
        ("status=403", "403 the server does not give the file to everybody"),
        ("redirect", "redirects are not followed"),
        ("truncated", "the reply was cut off"),
        ("reset", "the connection broke"),
        ("html=200", "not the ECB's file of rates: it is no ZIP file"),
    ],
)
async def test_what_goes_wrong_leaves_the_rates_at_hand(
    update: Update, cache: Path, fault: str, message: str
) -> None:
    write(cache, b"what was kept before")
    with pytest.raises(
        ProviderError, match=f"the exchange rates were not fetched, and those at hand.*{message}"
    ) as caught:
        await update(CONTENT, named(fault))
    assert "token" not in str(caught.value)
    assert everything_in(cache.parent) == {"ecb-rates": b"what was kept before"}


def write(file: Path, content: bytes) -> None:
    file.write_bytes(content)


def everything_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def rezipped(text: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("eurofxref-hist.csv", text)
    return written.getvalue()


TEXT = zipfile.ZipFile(io.BytesIO(CONTENT)).read("eurofxref-hist.csv").decode()
ROWS = TEXT.splitlines()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (CONTENT[:-500], "it is no ZIP file, or a damaged one"),
        (rezipped(TEXT[:5000]), "the row of .* is not 41 rates above zero"),
        (rezipped("\n".join([ROWS[0], *ROWS[100:]])), "lacks [0-9]+ days that were known before"),
        (rezipped("\n".join([ROWS[0], *reversed(ROWS[1:])])), "the days are not in order"),
        (rezipped(TEXT.replace("N/A", "1.5e3", 1)), "rates above zero"),
        (ecb.file_until(NOW.date() + timedelta(days=7)), "which lies ahead"),
    ],
)
async def test_a_file_that_is_not_whole_is_not_kept(
    update: Update, cache: Path, content: bytes, message: str
) -> None:
    with pytest.raises(DriftError, match=message):
        await update(content)
    assert everything_in(cache.parent) == {}


async def test_a_damaged_table_is_replaced(update: Update, cache: Path) -> None:
    write(cache, b"{}\nnothing")
    assert (await update()).newest_day == EcbRates().table.newest_day


async def test_a_deadline_ends_it(update: Update) -> None:
    with pytest.raises(DeadlineError):
        await update(CONTENT, named("slow=5"), deadline=0.2)


async def test_nothing_is_asked_without_encryption_but_on_this_machine(cache: Path) -> None:
    with pytest.raises(ConfigError, match="unencrypted; use https"):
        await update_rates(base_url="http://mirror.example/rates")
    assert ECB_URL.startswith("https://www.ecb.europa.eu/")


@pytest.mark.parametrize("named", [None, ""])
async def test_simulated_rates_are_not_kept_where_yours_are(
    update: Update, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, named: str | None
) -> None:
    monkeypatch.delenv("BILLFOLD_CACHE")
    if named is not None:
        monkeypatch.setenv("BILLFOLD_CACHE", named)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    with pytest.raises(ConfigError, match=r"simulated, and are not kept .* BILLFOLD_CACHE=\./"):
        await update()
    assert everything_in(tmp_path) == {}


async def test_simulated_rates_do_not_take_the_place_of_real_ones(update: Update) -> None:
    real = await update(rezipped(TEXT))
    with pytest.raises(ConfigError, match="simulated, and are not kept"):
        await update()
    assert EcbRates().table == real


async def test_real_rates_take_the_place_of_simulated_ones(update: Update) -> None:
    simulated = await update()
    assert (simulated.name, EcbRates().name) == (
        "ECB, simulated",
        "simulated ECB reference rate",
    )
    shorter = rezipped("\n".join([ROWS[0], *ROWS[3:]]))
    real = await update(shorter)
    assert (real.name, real.newest_day < simulated.newest_day) == ("ECB, fetched", True)
    assert EcbRates().table == real
