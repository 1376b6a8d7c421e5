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
from benchmarks.results import cells_of, table, with_rows

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


def machine() -> str:
    """Return what the numbers depend on."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{os.cpu_count()} cores, {platform.system()}, {python}"


def main() -> None:
    """Measure, print, and write RESULTS.md where that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; left out: all"
    )
    parser.add_argument(
        "--quick", action="store_true", help="few turns and small loads, while developing"
    )
    parser.add_argument(
        "--write", action="store_true", help="put these parts' rows into RESULTS.md"
    )
    asked = parser.parse_args()
    if asked.write and asked.quick:
        parser.error("RESULTS.md keeps no rows of a quick run")
    if asked.write and machine() not in RESULTS.read_text("utf-8"):
        parser.error("RESULTS.md is of another machine: empty its table and name this one there")
    if unknown := ", ".join(sorted({*asked.parts} - {*PARTS})):
        parser.error(f"no such part: {unknown}")
    today = datetime.now(UTC).date()
    measured_parts: dict[str, list[Row]] = {}
    with serving() as url:
        for part in asked.parts or PARTS:
            print(f"measuring {part} ...", file=sys.stderr, flush=True)
            measured_parts[part] = measured(part, url, asked.quick)
            if asked.write:  # part by part, so that whoever stops it keeps what was measured
                text = RESULTS.read_text("utf-8")
                one = {part: measured_parts[part]}
                RESULTS.write_text(
                    with_rows(text, one, on=today, machine=machine(), parts=PARTS), "utf-8"
                )
    rows = [(part, row) for part, each in measured_parts.items() for row in each]
    print(table(cells_of(part, today, row) for part, row in rows))


if __name__ == "__main__":
    main()
