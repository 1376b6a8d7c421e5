"""Fuzz every adapter for a time, one after another: ``python fuzz [SECONDS [PROVIDER ...]]``.

``make fuzz`` runs it. It prints a line for each, and exits with 1 where anything was found or a
target did not come to its end.
"""

import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
LOGS = HERE.parents[1] / ".fuzz"
TARGETS = ("aether", "bnerd", "harmont", "latitude")
SHOWN = 10  # of findings; all of them are in the log


def main(seconds: int, targets: tuple[str, ...]) -> int:
    """Run the targets; an earlier one's findings do not keep a later one from its turn."""
    LOGS.mkdir(exist_ok=True)
    return max([_run(target, seconds) for target in targets])


def _run(target: str, seconds: int) -> int:
    command = [sys.executable, str(HERE / "target.py"), target, str(seconds)]
    ended = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    log = LOGS / f"{target}.log"
    log.write_text(ended.stdout)
    findings = re.findall(r"^FOUND (.*)$", ended.stdout, re.MULTILINE)
    summary = _summary(ended.stdout) if ended.returncode == 0 else None
    if summary is None:
        code = ended.returncode
        print(f"{target:8}  did not come to its end: exit code {code}, see .fuzz/{log.name}")
    else:
        print(f"{target:8} {summary}, {len(findings) or 'no'} finding(s)")
    shown = "".join(f"    {finding[:200]}\n" for finding in findings[:SHOWN])
    print(shown, end="", flush=True)
    return int(bool(findings) or summary is None)


def _summary(output: str) -> str | None:
    """Return how many bodies were read and what they covered; None where libFuzzer did not end."""
    coverage = re.findall(r"cov: (\d+) ft: (\d+)", output)
    end = re.search(r"^Done (\d+) runs in (\d+)", output, re.MULTILINE)
    if not coverage or end is None:
        return None
    (places, features), (bodies, seconds) = coverage[-1], map(int, end.groups())
    rate = f"{bodies:7} bodies, {bodies // max(1, seconds):4} a second"
    return f"{rate}, coverage {places} ({features} features)"


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 60, tuple(sys.argv[2:]) or TARGETS))
