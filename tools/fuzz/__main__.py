"""Run every target for a time, one after the other, a line each: ``python fuzz [SECONDS [PROVIDER ...]]``, or ``make fuzz``.

Exits with 1 when anything was found, or a target did not come to its end.
"""

import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
LOGS = HERE.parent / ".fuzz"
TARGETS = ("aether", "bnerd", "harmont", "latitude")
SHOWN = 10  # of findings; all of them are in the log


def main(seconds: int, targets: tuple[str, ...]) -> int:
    """Run the targets; an earlier one's findings do not keep a later one from its turn."""
    LOGS.mkdir(exist_ok=True)
    return max([_run(target, seconds) for target in targets])


def _run(target: str, seconds: int) -> int:
    command = [sys.executable, str(HERE / "target.py"), target, str(seconds)]
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    log = LOGS / f"{target}.log"
    log.write_text(done.stdout)
    found = re.findall(r"^FOUND (.*)$", done.stdout, re.MULTILINE)
    covered = re.findall(r"cov: (\d+) ft: (\d+)", done.stdout)
    end = re.search(r"^Done (\d+) runs in (\d+)", done.stdout, re.MULTILINE)
    if not covered or end is None or done.returncode:
        print(
            f"{target:8}  did not come to its end: exit code {done.returncode}, see .fuzz/{log.name}"
        )
    else:
        (places, features), (runs, took) = covered[-1], map(int, end.groups())
        rate = f"{runs:7} bodies, {runs // max(1, took):4} a second"
        print(
            f"{target:8} {rate}, coverage {places} ({features} features), {len(found) or 'no'} finding(s)"
        )
    print("".join(f"    {one[:200]}\n" for one in found[:SHOWN]), end="", flush=True)
    return int(bool(found) or not covered or end is None or done.returncode != 0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 60, tuple(sys.argv[2:]) or TARGETS))
