"""What a run of the suites tried, counted while it ran, and what the page about it may say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field

ROOT = Path(__file__).parents[2]
PAGE, TESTS = ROOT / "docs" / "reliability.md", ROOT / "tests"
ROW = re.compile(r"^\| (?P<name>[^|]+?) \| (?P<least>[\d,]+) \|$", re.MULTILINE)

INJECTED = "faults injected and survived, endpoint by endpoint and stream by stream"
CHANGED = "replies changed otherwise, place by place and stream by stream"
# The tests that attack billfold from outside the kit, by what they attack.
ATTACKS = {
    "attacks on trust": (
        *("accounts/test_trust.py", "accounts/test_odd_files.py", "adapter/test_strangers.py"),
        *("cli/test_completion.py", "http/test_apart.py", "http/test_sessions.py"),
    ),
    "attacks on resources": (
        *("http/test_bombs.py", "http/test_bounds.py", "http/test_places.py"),
        *("http/test_slow.py", "http/test_standing.py", "wire/test_structure.py"),
        *("files/test_toml.py", "report/test_drawing.py"),
    ),
    "attacks on secrets": ("secrets", "accounts/test_token_programs.py"),
    "attacks on files": (
        "files/test_generation.py",
        "files/test_atomic.py",
        "focus/test_folder.py",
    ),
}


@define(eq=False)
class Tally:
    """A pytest plugin that counts what was tried; a test that fails counts for nothing.

    Tests count with ``support.counting`` into ``counts``. The conformance kit records how many
    faults it injected as a property of the test.
    """

    counts: Counter[str]
    figures: Counter[str] = field(factory=Counter)
    faults: set[str] = field(factory=set)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        """Count one test."""
        self.counts.clear()
        yield
        self.figures += self.counts
        self.figures["tests passed"] += 1
        self.figures.update(attacked(item.path))
        if item.name.startswith("test_a_body_that_was_misread_once"):
            self.figures["bodies found by fuzzing, read again"] += 1
        properties: dict[str, Any] = dict(item.user_properties)
        if "law" in properties:
            self._count_law(properties["law"], properties["injected"])

    def _count_law(self, law: str, injected: int) -> None:
        self.figures["laws kept, adapter by adapter"] += 1
        if law.startswith("fault "):
            self.faults.add(law)
            self.figures["kinds of faults"] = len(self.faults)
            self.figures[INJECTED] += injected
        elif law in ("nulls", "wrong-types"):
            self.figures["places made null or of a wrong type"] += injected
        elif injected:
            self.figures[CHANGED] += injected


def attacked(file: Path) -> list[str]:
    """Return what the tests of a file attack."""
    return [
        name
        for name, paths in ATTACKS.items()
        if any(file.is_relative_to(TESTS / path) for path in paths)
    ]


def stated(page: str) -> dict[str, int]:
    """Return the figures of a page's table by their names."""
    return {row["name"]: int(row["least"].replace(",", "")) for row in ROW.finditer(page)}


def mistakes(figures: Mapping[str, int]) -> list[str]:
    """Return what the page says and this run did not count, and what came to nothing."""
    on_page = stated(PAGE.read_text("utf-8"))
    return [
        *(
            f"{name}: {PAGE.name} says {least:,}, counted were {figures.get(name, 0):,}"
            for name, least in on_page.items()
            if figures.get(name, 0) < least
        ),
        *(f"{name}: counted, and not in {PAGE.name}" for name in figures if name not in on_page),
        *(f"{name}: nothing was tried" for name, figure in figures.items() if not figure),
    ]


if __name__ == "__main__":  # .ci/run leaves them to `make reliability`
    print(*chain.from_iterable(ATTACKS.values()))
