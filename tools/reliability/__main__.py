"""Try everything that can go wrong, and print one table of what was tried: ``make reliability``.

The suites run without a tracer and with more examples than in ``make test``; then the command line
asks Prism. Exit 1 where anything is wrong, where nothing was
tried of something, or where docs/reliability.md says more than was counted.
"""

from __future__ import annotations

import importlib
import sys
import time
from collections import Counter
from collections.abc import Mapping
from itertools import chain
from operator import itemgetter

import contract
import pytest
from figures import ATTACKS, TESTS, Tally, mistakes
from prism import prepare

SUITES = ("conformance", "properties", "tools/fuzz", *chain.from_iterable(ATTACKS.values()))


def main(arguments: list[str]) -> int:
    """Run the suites with pytest's own arguments, then Prism; return the exit code."""
    began = time.monotonic()
    prepare()
    sys.path.insert(0, str(TESTS))
    counts: Counter[str] = importlib.import_module("support.counting").COUNTS
    tally = Tally(counts)
    suites = [str(TESTS / suite) for suite in SUITES]
    code = pytest.main(["-q", "--hypothesis-profile=reliability", *arguments, *suites], [tally])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        return int(code)
    answers = contract.ask()
    figures = {**tally.figures, "commands asked of Prism": answers.commands}
    wrong = [*answers.mistakes, *mistakes(figures)]
    passed = code == pytest.ExitCode.OK
    _print(figures, wrong, "every test passed" if passed else "tests failed", began)
    return 0 if passed and not wrong else 1


def _print(figures: Mapping[str, int], wrong: list[str], tests: str, began: float) -> None:
    width = max(map(len, figures))
    print(f"\n{'tried in this run':{width}}  {'times':>9}")
    for name, figure in sorted(figures.items(), key=itemgetter(1), reverse=True):
        print(f"{name:{width}}  {figure:>9,}")
    print(f"in {time.monotonic() - began:.0f} s; {tests}; {len(wrong)} more wrong")
    for sentence in wrong:
        print(sentence)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
