"""Count what was tried, for the figures of ``make reliability``."""

from collections import Counter

COUNTS: Counter[str] = Counter()


def count(what: str, times: int = 1) -> None:
    COUNTS[what] += times
