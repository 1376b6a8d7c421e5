"""Ask every engine that docs/history.md shows for the same sums, and print what each answered.

``python tools/engines [ENGINE ...]``; exits with 1 where one is off by a digit, or did not answer.
``dlt`` loads a warehouse as the page says, and loses digits where the page warns of it.
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

from store.engines import EXPECTED, LATER, QUERIES, answer, fill, loaded  # noqa: E402 - it lies there

_PACKAGES = {"Spark": "pyspark"}
_QUIET = {
    "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",
    "RAY_USAGE_STATS_ENABLED": "0",
    "RUNTIME__DLTHUB_TELEMETRY": "false",
}
_DLT = "dlt"
_EQUAL = "equal to the last digit"
# What dlt makes of Python's decimals that have no precision named: nine places, without a word.
_ROUNDED = {"EUR": "12345678901250.873456789", "USD": "0.07"}


def main(wanted: list[str]) -> int:
    """Return the exit code."""
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(fill(Path(folder)))
        for engine in wanted or (*QUERIES, _DLT):
            began = time.monotonic()
            said = _asked(engine, folder)
            wrong += said != _EQUAL
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
    if engine == _DLT:
        return _as_the_page_warns(json.loads(done.stdout.splitlines()[-1]))
    wrong = []
    for moment, sums in json.loads(done.stdout.splitlines()[-1]).items():
        expected = EXPECTED[datetime.fromisoformat(moment)]
        if not _is_same(sums, expected):
            wrong.append(f"WRONG at {moment}: {sums}")
    return "; ".join(wrong) or _EQUAL


def _as_the_page_warns(sums: dict[str, dict[str, str]]) -> str:
    """Say whether what dlt loaded is exact, and rounded only where the page warns of it."""
    *exact, rounded = sums.values()
    wrong = [each for each in exact if not _is_same(each, EXPECTED[LATER])]
    if not _is_same(rounded, _ROUNDED):
        wrong.append(rounded)
    return f"WRONG: {wrong}" if wrong else _EQUAL


def _is_same(sums: dict[str, str], expected: dict[str, str]) -> bool:
    return {name: Decimal(text) for name, text in sums.items()} == {
        name: Decimal(text) for name, text in expected.items()
    }


def _answer(engine: str, folder: str) -> None:
    store = Path(folder)
    if engine == _DLT:
        with tempfile.TemporaryDirectory() as own:
            os.environ["DLT_DATA_DIR"] = own
            os.chdir(own)
            sums = loaded(store)
    else:
        sums = {until.isoformat(): answer(engine, store, until) for until in EXPECTED}
    print()
    print(
        json.dumps(
            {
                name: {currency: str(amount) for currency, amount in each.items()}
                for name, each in sums.items()
            }
        )
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        _answer(*sys.argv[2:])
    else:
        sys.exit(main(sys.argv[1:]))
