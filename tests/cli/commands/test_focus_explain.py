"""``billfold focus explain``: what a column holds."""

from collections.abc import Callable
from typing import Any

Run = Callable[..., Any]


def test_a_column_is_explained_for_one_provider_or_all(billfold: Run) -> None:
    done = billfold("focus", "explain", "subaccounttype", "--provider", "harmont")
    assert (done.code, done.out.splitlines()[-1]) == (0, "  harmont: Pipeline")
    assert "latitude: Project" in billfold("focus", "explain", "SubAccountType").out


def test_an_unknown_column_or_provider_is_wrong_use(billfold: Run) -> None:
    assert billfold("focus", "explain", "Nonsense").code == 2
    assert billfold("focus", "explain", "SkuId", "--provider", "nonsense").code == 2
