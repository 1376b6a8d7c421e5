"""What a run of the suites tried, counted while it ran, and what the page about it may say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
ROW = re.compile(r"^\| (?P<name>[^|]+?) \| (?P<least>[\d,]+) \|$", re.MULTILINE)


@define(eq=False)
class Tally:
    """A pytest plugin; what a test counts goes for nothing unless it passes.

    Tests count with ``support.counting`` into ``counts``; the conformance kit records what it struck as a property.
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
        if item.name.startswith("test_a_body_that_was_misread_once"):
            self.figures["bodies found by fuzzing, judged again"] += 1
        told: dict[str, Any] = dict(item.user_properties)
        if "law" in told:
            self._law(told["law"], told["struck"])

    def _law(self, law: str, struck: int) -> None:
        self.figures["laws kept, adapter by adapter"] += 1
        if law.startswith("fault "):
            self.faults.add(law)
            self.figures[
                "faults struck and survived, endpoint by endpoint and stream by stream"
            ] += struck
            self.figures["kinds of faults"] = len(self.faults)
        else:
            self.figures["places made null or of a wrong type"] += struck


def untrue(figures: Mapping[str, int]) -> list[str]:
    """List what the page says that this run did not count, and what was counted and came to nothing."""
    told = {
        row["name"]: int(row["least"].replace(",", ""))
        for row in ROW.finditer(PAGE.read_text("utf-8"))
    }
    found = [f"{name}: {PAGE.name} says {least:,}, counted were {figures.get(name, 0):,}" for name, least in told.items()
             if figures.get(name, 0) < least]  # fmt: skip
    found += [f"{name}: counted, and not in {PAGE.name}" for name in figures if name not in told]
    return found + [f"{name}: nothing was tried" for name, figure in figures.items() if not figure]
