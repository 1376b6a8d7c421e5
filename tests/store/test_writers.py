"""Several processes write one store, and some of them are killed."""

import random
import subprocess
import sys
import time
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from billfold.store.book import Book
from billfold.store.check import check
from store.writer import BEGAN

TESTS = Path(__file__).parents[1]
LATER = BEGAN + timedelta(days=365)
KILLS = 4


def writer(store: Path, accounts: str, first: int, last: int) -> subprocess.Popen[str]:
    """Start a process that books readings."""
    command = [sys.executable, "-m", "store.writer", str(store), accounts, str(first), str(last)]
    return subprocess.Popen(command, cwd=TESTS, stdout=subprocess.PIPE, text=True)


def standing(store: Path, account: str) -> dict[str, Decimal]:
    """Return the lines of an account that stand, and what they cost."""
    rows = Book(str(store)).rows(
        "SELECT record_id, SUM(sign) AS signs, SUM(cost) AS cost FROM usage "
        f"WHERE row = 'charge' AND account = '{account}' GROUP BY record_id",
        "usage",
    )
    assert {row["signs"] for row in rows} <= {0, 1}
    return {row["record_id"]: row["cost"] for row in rows if row["signs"]}


def of_reading(number: int) -> dict[str, Decimal]:
    """Return the lines that a reading states."""
    return {f"new{each}": Decimal(1) for each in range(number + 1)} | {
        f"restated{each}": Decimal(number) for each in range(number + 1)
    }


def test_four_processes_that_read_the_same_book_every_change_once(tmp_path: Path) -> None:
    store = tmp_path / "store"
    writers = [writer(store, f"own{number},shared", 0, 4) for number in range(4)]
    said = [each.communicate(timeout=600)[0].split() for each in writers]
    assert said == [[str(number) for number in range(5)]] * 4
    for account in ("shared", "own0", "own1", "own2", "own3"):
        assert standing(store, account) == of_reading(4)
    report = check(Book(str(store)), LATER)
    assert report.faults == ()
    assert report.rows["syncs"] == 4 * 5 * 2


def test_a_process_that_is_killed_loses_nothing_it_said_and_leaves_nothing_half(
    tmp_path: Path,
) -> None:
    store = tmp_path / "store"
    moments = random.Random(15)
    known = -1
    for _ in range(KILLS):
        process = writer(store, "one", known + 1, known + 500)
        assert process.stdout is not None
        said = process.stdout.readline()
        time.sleep(moments.uniform(0, 0.3))
        process.kill()
        said += process.stdout.read()
        process.wait()
        process.stdout.close()
        acknowledged = int(said.split()[-1])
        lines = standing(store, "one")
        known = len(lines) // 2 - 1
        assert lines == of_reading(known)
        assert acknowledged <= known <= acknowledged + 1
    with writer(store, "one", known + 1, known + 1) as last:
        assert last.wait(timeout=600) == 0
    assert standing(store, "one") == of_reading(known + 1)
    assert check(Book(str(store)), LATER).faults == ()


def test_a_full_disk_is_said_in_one_sentence_and_loses_nothing(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    kept = tmp_path / "kept"
    # A disk of its own, which only a namespace of its own lets everybody have.
    steps = (
        f"mount -t tmpfs -o size=1m tmpfs {small}",
        f"{{ {sys.executable} -m store.writer {small}/store one 0 500; cp -r {small}/store {kept}; }}",
    )
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", " && ".join(steps)],
        cwd=TESTS,
        capture_output=True,
        text=True,
        check=False,
    )
    if not kept.exists():
        pytest.skip(f"no disk of its own: {done.stderr.strip()}")
    last = int(done.stdout.split()[-1])
    said = done.stderr.strip().splitlines()[-1]
    assert said.startswith(f"billfold.errors.StoreError: {small}/store: ")
    assert ": no space left: " in said
    assert said.endswith("; make room; all that was booked before is whole")
    assert "panicked" not in done.stderr
    known = standing(kept, "one")
    assert known in (of_reading(last), of_reading(last + 1))
