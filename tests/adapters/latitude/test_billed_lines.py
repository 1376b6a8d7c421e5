"""Whose a line was first, whatever else is on its shelf, and in how much memory."""

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from billfold_latitude.billed_lines import BilledLines

# Close ones, which share a shelf, and any others that 56 bits tell apart.
LINES = st.integers(-3, 3).map(lambda n: n << 12) | st.integers(-(2**55), 2**55 - 1)


def test_a_line_of_two_projects_is_the_first_ones() -> None:
    billed = BilledLines()
    assert billed.add("web", [1, 2, -1]) == []
    assert billed.add("api", [3, -1]) == ["web"]
    assert billed.add("job", [-1, 3, 4]) == ["web", "api"]


def test_a_line_that_a_project_has_twice_is_nobody_elses() -> None:
    assert BilledLines().add("web", [1, 1]) == []


@given(st.lists(st.lists(LINES, max_size=6), max_size=6))
def test_whoever_had_a_line_first_is_named(projects: list[list[int]]) -> None:
    billed, first = BilledLines(), dict[int, str]()
    for number, lines in enumerate(projects):
        label = f"p{number}"
        others = [first.setdefault(line, label) for line in lines]
        assert billed.add(label, lines) == [other for other in others if other != label]


def test_after_a_million_projects_a_line_is_rather_in_doubt_than_lost() -> None:
    billed = BilledLines()
    for number in range(2**20):
        billed.add(str(number), ())
    assert billed.add("late", [7]) == []
    assert billed.add("later", [7]) == [str(2**20 - 1)]


def test_a_line_takes_little_more_than_eight_bytes() -> None:
    billed = BilledLines()
    tracemalloc.start()
    try:
        for number in range(400):
            billed.add("web", [hash(f"{number} {line}") for line in range(500)])
        assert 8 < tracemalloc.get_traced_memory()[0] / 200_000 < 13
    finally:
        tracemalloc.stop()
