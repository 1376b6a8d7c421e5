"""Starting: what an import and a command take, each in processes of their own, in turns."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import Row, arguments, printed, ratio

_TIMED = "import time; begun = time.process_time(); {}; print(time.process_time() - begun)"
# Python keeps what it compiled, as it does for users; some machines are told not to.
_KEEPING = {"PYTHONDONTWRITEBYTECODE": ""}
_BARE = "import aiohttp, attrs"
_ASKING = """
import asyncio, aiohttp, attrs
async def main():
    async with aiohttp.ClientSession() as session:
        for url in {urls!r}:
            async with session.get(url, headers={{"Authorization": "Bearer bench"}}) as response:
                await response.read()
asyncio.run(main())
"""


def _imported(code: str) -> float:
    """Return the seconds of CPU that an import takes."""
    return float(
        subprocess.run(
            [sys.executable, "-c", _TIMED.format(code)],
            env={**os.environ, **_KEEPING},
            capture_output=True,
            check=True,
        ).stdout
    )


def _ran(command: list[str], environment: dict[str, str]) -> float:
    """Return the seconds that a command takes."""
    begun = time.perf_counter()
    subprocess.run(
        command,
        env={**os.environ, **_KEEPING, **environment},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - begun


def _imports(turns: int) -> list[Row]:
    codes = {
        "lazy": "import billfold",
        "used": "from billfold import Billfold, Period",
        "sdk": "from latitudesh_python_sdk import Latitudesh",
        "floor": "import aiohttp, attrs, msgspec",
    }
    for code in codes.values():  # compiled, and kept
        _imported(code)
    spent: dict[str, list[float]] = {name: [] for name in codes}
    for _ in range(turns):
        for name, code in codes.items():
            spent[name].append(_imported(code))
    lazy, used = ratio(spent["lazy"], spent["sdk"]), ratio(spent["used"], spent["sdk"])
    measured = f"{lazy:.2f}x; {used:.2f}x with the Billfold class"
    over, goal = ratio(spent["used"], spent["floor"]), "at most 0.4x importing the official SDK"
    return [Row("import billfold", goal, measured, lazy <= 0.4, over)]


def _commands(url: str, turns: int) -> list[Row]:
    bin_ = Path(sys.executable).parent
    python, billfold, org = str(bin_ / "python"), str(bin_ / "billfold"), "org-1-1"
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "billfold.toml"
        account = {
            "name": "ci",
            "provider": "harmont",
            "org": org,
            "token_env": "BENCH_TOKEN",
            "base_url": f"{url}/0",
        }
        lines = [f"{key} = {json.dumps(value)}" for key, value in account.items()]
        config.write_text("[[accounts]]\n" + "\n".join(lines) + "\n")
        environment = {"BENCH_TOKEN": "bench", "BILLFOLD_CONFIG": str(config)}
        asking = _ASKING.format(urls=[f"{url}/0/api/v0/billing/balance/{org}"])
        commands = {
            "bare": [python, "-c", _BARE],
            "asking": [python, "-c", asking],
            "help": [billfold, "--help"],
            "balances": [billfold, "balances", "--format", "json"],
        }
        for command in commands.values():  # compiled, and kept
            _ran(command, environment)
        spent: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(turns):
            for name, command in commands.items():
                spent[name].append(_ran(command, environment))
    rows = []
    for what, name, under, most in (
        ("billfold --help", "help", "bare", 1.1),
        ("billfold balances --format json", "balances", "asking", 1.45),
    ):
        times = ratio(spent[name], spent[under])
        measured = f"{times:.2f}x ({statistics.median(spent[name]) * 1000:.0f} ms)"
        goal = f"wall at most {most}x a bare python -c 'import aiohttp, attrs'" + (
            " that asks the same" if under == "asking" else ""
        )
        rows.append(Row(what, goal, measured, times <= most, times))
    return rows


def main() -> None:
    """Measure three rows."""
    url, quick = arguments()
    turns = 3 if quick else 15
    printed([*_imports(turns), *_commands(url, turns)])


if __name__ == "__main__":
    main()
