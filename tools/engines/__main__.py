"""Ask every engine that docs/history.md shows for the same sums, and print what each answered.

``python tools/engines [ENGINE ...]``; exits with 1 where one is off by a digit, or did not answer.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from store.engines import EXPECTED, QUERIES, answer, fill  # noqa: E402

_PACKAGES = {"Spark": "pyspark"}
_QUIET = {"RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0", "RAY_USAGE_STATS_ENABLED": "0"}


def main(wanted: list[str]) -> int:
    """Return the exit code."""
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(fill(Path(folder)))
        for engine in wanted or QUERIES:
            began = time.monotonic()
            said = _asked(engine, folder)
            wrong += said != "equal to the last digit"
            name = f"{engine} {version(_PACKAGES.get(engine, engine.lower()))}"
            print(f"{name:20} {said} ({time.monotonic() - began:.0f} s)", flush=True)
    for sums in EXPECTED.values():
        print(", ".join(f"{amount} {currency}" for currency, amount in sums.items()))
    return min(wrong, 1)


def _asked(engine: str, folder: str) -> str:
    """Ask an engine in a process of its own: some of them stay behind, or fail when they end."""
    command = [sys.executable, __file__, "--one", engine, folder]
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, **_QUIET}, check=False
    )
    if done.returncode:
        return f"FAILED: {done.stderr.strip().splitlines()[-1:]}"
    wrong = []
    for moment, sums in json.loads(done.stdout.splitlines()[-1]).items():
        expected = EXPECTED[datetime.fromisoformat(moment)]
        if {currency: Decimal(amount) for currency, amount in sums.items()} != {
            currency: Decimal(amount) for currency, amount in expected.items()
        }:
            wrong.append(f"WRONG at {moment}: {sums}")
    return "; ".join(wrong) or "equal to the last digit"


def _answer(engine: str, folder: str) -> None:
    sums = {until: answer(engine, Path(folder), until) for until in EXPECTED}
    print()
    print(
        json.dumps(
            {
                until.isoformat(): {currency: str(amount) for currency, amount in each.items()}
                for until, each in sums.items()
            }
        )
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        _answer(*sys.argv[2:])
    else:
        sys.exit(main(sys.argv[1:]))
