"""One is singular, and none and many are plural."""

from decimal import Decimal

import pytest

from billfold.counted import counted


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 pages"), (1, "1 page"), (Decimal(1), "1 page"), (2, "2 pages")]
)
def test_one_is_singular_and_none_and_many_are_plural(count: int | Decimal, words: str) -> None:
    assert counted(count, "page") == words


def test_a_plural_of_its_own_is_used() -> None:
    assert [counted(count, "entry", "entries") for count in (1, 2)] == ["1 entry", "2 entries"]
