"""Try everything that can go wrong, and print one table of what was tried: ``make reliability``, in less than ten minutes.

The suites run without a tracer and with more examples than in ``make test``; then the command line asks Prism. Exit 1 when
anything is wrong, when nothing was tried of something, or when docs/reliability.md says more than was counted.
"""

from __future__ import annotations

import importlib
import sys
import time
from collections import Counter
from pathlib import Path

import contract
import pytest
from figures import Tally, untrue

ROOT = Path(__file__).parents[2]
SUITES = ("conformance", "secrets", "properties", "tools/fuzz")


def main(arguments: list[str]) -> int:
    """Run the suites with pytest's own arguments, then Prism; return the exit code."""
    began = time.monotonic()
    contract.prepared()
    sys.path.insert(0, str(ROOT / "tests"))
    counts: Counter[str] = importlib.import_module("support.counting").COUNTS
    tally = Tally(counts)
    failed = pytest.main(
        [
            "-q",
            "--hypothesis-profile=reliability",
            *arguments,
            *(str(ROOT / "tests" / suite) for suite in SUITES),
        ],
        [tally],
    )
    if failed not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        return int(failed)
    asked = contract.asked()
    figures = {**tally.figures, "commands asked of Prism": asked.commands}
    wide = max(map(len, figures))
    print(f"\n{'tried in this run':{wide}}  {'times':>9}")
    for name, figure in sorted(figures.items(), key=lambda one: -one[1]):
        print(f"{name:{wide}}  {figure:>9,}")
    wrong = [*asked.wrong, *untrue(figures)]
    print(
        f"in {time.monotonic() - began:.0f} s;",
        "tests failed;" if failed else "every test passed;",
        len(wrong),
        "more wrong",
    )
    print("\n".join(wrong), end="\n" if wrong else "")
    return 1 if failed or wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
