"""``billfold sync --watch``: when it reads, what it says, and how it ends."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from billfold import Period
from billfold.cli.watching import watching
from cli.conftest import PROGRAM
from support.programs import started

OCTOBER = Period.month(2026, 10)
# A cycle of Latitude.sh's, from one moment of a day to the same of the next month.
CYCLE = Period(
    datetime(2026, 10, 2, 14, 0, 36, tzinfo=UTC), datetime(2026, 11, 2, 14, 0, 36, tzinfo=UTC)
)


class Turned:
    """A clock that waiting turns, and what was read by it; sleeping until a moment is possible."""

    def __init__(self, now: datetime, *windows: Period) -> None:
        self.now = now
        self.windows = windows
        self.readings: list[str] = []
        self.sleeps_from: datetime | None = None
        self.sleeps_until = now

    async def read(self) -> Iterable[Period]:
        self.readings.append(f"{self.now:%m-%d %H:%M:%S}")
        return self.windows

    async def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        if self.sleeps_from is not None and self.now >= self.sleeps_from:
            self.now, self.sleeps_from = max(self.now, self.sleeps_until), None

    def run(self, *, readings: int, every: timedelta) -> list[str]:
        """Watch for so many readings and return when they were."""

        async def some() -> None:
            task = asyncio.ensure_future(
                watching(self.read, every, lambda: self.now, self.wait_or_stop(readings))
            )
            with pytest.raises(asyncio.CancelledError):
                await task

        asyncio.run(some())
        return self.readings

    def wait_or_stop(self, readings: int):
        async def wait(seconds: float) -> None:
            if len(self.readings) == readings:
                raise asyncio.CancelledError
            await self.wait(seconds)

        return wait


def test_it_reads_every_so_often_and_says_when_next(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Turned(datetime(2026, 10, 20, 12, tzinfo=UTC))
    assert clock.run(readings=3, every=timedelta(hours=6)) == [
        *("10-20 12:00:00", "10-20 18:00:00", "10-21 00:00:00")
    ]
    assert capsys.readouterr().err.splitlines()[0] == "next reading at 2026-10-20T18:00:00Z"


def test_it_reads_two_minutes_before_a_month_ends_and_just_after_it() -> None:
    clock = Turned(datetime(2026, 10, 31, 22, tzinfo=UTC))
    assert clock.run(readings=4, every=timedelta(hours=6)) == [
        *("10-31 22:00:00", "10-31 23:58:00", "11-01 00:00:00", "11-01 06:00:00")
    ]


def test_it_reads_two_minutes_before_a_billing_cycle_ends() -> None:
    clock = Turned(datetime(2026, 11, 2, 12, tzinfo=UTC), CYCLE)
    moments = clock.run(readings=3, every=timedelta(hours=6))
    assert moments == ["11-02 12:00:00", "11-02 13:58:36", "11-02 14:00:36"]


def test_an_end_that_was_slept_through_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock = Turned(datetime(2026, 10, 31, 20, tzinfo=UTC))
    clock.sleeps_from = datetime(2026, 10, 31, 21, tzinfo=UTC)
    clock.sleeps_until = datetime(2026, 11, 1, 9, tzinfo=UTC)
    clock.run(readings=2, every=timedelta(hours=6))
    assert clock.readings[1] == "11-01 09:00:00"
    assert (
        "2026-10 ended while nobody read: its last reading is of 2026-10-31T20:00:00Z"
        in capsys.readouterr().err
    )


def test_an_end_that_was_read_is_not_called_missed(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Turned(datetime(2026, 10, 31, 22, tzinfo=UTC))
    clock.run(readings=4, every=timedelta(hours=6))
    assert "nobody read" not in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_its_ordinary_end(world: Path, tmp_path: Path, number: signal.Signals) -> None:
    store = ("--store", str(tmp_path / "store"))
    arguments = ("--config", str(world), "--account", "ci", *store, "sync", "--stream", "balances")
    with started(
        [*PROGRAM, *arguments, "--watch", "--every", "1h"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "COLUMNS": "80"},
    ) as watched:
        assert watched.stderr is not None
        assert watched.stderr.readline().startswith("next reading at ")
        watched.send_signal(number)
        out, err = watched.communicate(timeout=60)
    assert (watched.returncode, err) == (0, "")
    assert out.startswith("Sync  current")


def test_a_signal_while_it_asks_ends_it_at_once(deaf: tuple[Path, object], tmp_path: Path) -> None:
    config, server = deaf
    arguments = ("--config", str(config), "--store", str(tmp_path), "sync", "--watch")
    with started(
        [*PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as asking:
        connection, _ = server.accept()  # type: ignore[attr-defined]
        with connection:
            asking.send_signal(signal.SIGTERM)
            out, err = asking.communicate(timeout=60)  # the server never answers
    assert (asking.returncode, out, err) == (0, "", "")
