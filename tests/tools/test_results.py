"""What was measured is kept part by part, and what people wrote below it stays."""

import importlib
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
MACHINE = "2 cores, Linux, CPython 3.11.7"
PARTS = ("latitude", "growth", "store")
KEPT = """\
# Results

2 cores, Linux, CPython 3.11.7. How each number is made: [README](README.md).

| part     | date       | what    | over its floor | measured | goal  |      |
|----------|------------|---------|----------------|----------|-------|------|
| latitude | 2026-11-21 | a cycle | 2.00x          | 3.1x     | >= 2x | PASS |
| store    | 2026-11-21 | a sync  | -              | 2 s      | 1 s   | MISS |

## Remarks

| kept | by hand |
|---|---|
"""


@pytest.fixture
def results(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT))
    return importlib.import_module("benchmarks.results")


def test_a_part_replaces_its_own_rows_and_nothing_else(results: ModuleType) -> None:
    row = importlib.import_module("benchmarks.measure").Row
    measured = {
        "store": [row("a sync", "1 s", "1 s", met=True), row("its files", "-", "3 MiB")],
        "growth": [row("pages", "10.5x", "9.0x", met=True, over=1.25)],
    }
    text = results.with_rows(KEPT, measured, on=date(2026, 11, 29), machine=MACHINE, parts=PARTS)
    assert (
        text
        == """\
# Results

2 cores, Linux, CPython 3.11.7. How each number is made: [README](README.md).

| part     | date       | what      | over its floor | measured | goal  |      |
|----------|------------|-----------|----------------|----------|-------|------|
| latitude | 2026-11-21 | a cycle   | 2.00x          | 3.1x     | >= 2x | PASS |
| growth   | 2026-11-29 | pages     | 1.25x          | 9.0x     | 10.5x | PASS |
| store    | 2026-11-29 | a sync    | -              | 1 s      | 1 s   | PASS |
| store    | 2026-11-29 | its files | -              | 3 MiB    | -     |      |

## Remarks

| kept | by hand |
|---|---|
"""
    )


def test_the_table_that_is_kept_can_be_read_again(results: ModuleType) -> None:
    text = (ROOT / "benchmarks/RESULTS.md").read_text("utf-8")
    parts = importlib.import_module("benchmarks.__main__").PARTS
    machine = text.splitlines()[2].split(". How")[0]
    assert results.with_rows(text, {}, on=date(2026, 11, 29), machine=machine, parts=parts) == text
