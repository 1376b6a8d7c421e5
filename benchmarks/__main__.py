"""Run every part against one server, and print one table.

``python -m benchmarks [--quick] [--write] [PART ...]``.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measure import Row

PARTS = (
    *("latitude", "decoding", "adapters", "requests", "accounts", "paging", "memory"),
    *("starting", "growth", "scale", "costs", "exports", "pages", "store"),
)
RESULTS = Path(__file__).with_name("RESULTS.md")


@contextmanager
def serving() -> Iterator[str]:
    """Run the server in a second process."""
    command = [sys.executable, "-m", "benchmarks.server"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.stdin.close()


def measured(part: str, url: str, quick: bool) -> list[Row]:
    """Run one part in a process of its own."""
    command = [sys.executable, "-m", f"benchmarks.{part}", url, *(["--quick"] if quick else [])]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if done.returncode:  # the parts before it took long, and those after it can still be measured
        return [Row(f"{part}: broke off", "-", f"exit code {done.returncode}", met=False)]
    return [Row(**row) for row in json.loads(done.stdout)]


def table(rows: list[Row]) -> str:
    """Write the rows as a Markdown table."""
    words = {True: "PASS", False: "MISS", None: ""}
    cells = [
        ("what", "over its floor", "measured", "goal", ""),
        *((row.what, _over(row), row.measured, row.goal, words[row.met]) for row in rows),
    ]
    widths = [max(len(row[column]) for row in cells) for column in range(5)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in cells
    ]
    return "\n".join(
        [lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]]
    )


def _over(row: Row) -> str:
    return "-" if row.over is None else f"{row.over:.2f}x"


def main() -> None:
    """Measure, print, and write RESULTS.md where that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; left out: all"
    )
    parser.add_argument(
        "--quick", action="store_true", help="few turns and small loads, while developing"
    )
    parser.add_argument("--write", action="store_true", help="write RESULTS.md")
    asked = parser.parse_args()
    rows: list[Row] = []
    with serving() as url:
        for part in asked.parts or PARTS:
            print(f"measuring {part} ...", file=sys.stderr, flush=True)
            rows += measured(part, url, asked.quick)
    print(table(rows))
    if asked.write:
        python = f"{platform.python_implementation()} {platform.python_version()}"
        machine = f"{os.cpu_count()} cores, {platform.system()}, {python}"
        head = (
            f"# Results\n\n{datetime.now(UTC):%Y-%m-%d}, {machine}. "
            "How each number is made: [README](README.md).\n"
        )
        RESULTS.write_text(f"{head}\n{table(rows)}\n", "utf-8")


if __name__ == "__main__":
    main()
