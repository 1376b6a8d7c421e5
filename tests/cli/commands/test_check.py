"""``billfold check``: whether the credentials work."""

import json
from collections.abc import Callable
from typing import Any

import pytest


def test_every_credential_is_tried(ask: Callable[..., Any]) -> None:
    ended = ask("check", "--format", "json")
    written = json.loads(ended.out)
    assert ended.code == 0
    assert [item["account"] for item in written["items"]] == [
        row["account"] for row in written["coverage"]
    ]


@pytest.mark.usefixtures("two_accounts")
def test_a_credential_that_does_not_work_is_named(billfold: Callable[..., Any]) -> None:
    ended = billfold("check")
    assert ended.code == 3
    assert "good     harmont   Ines        yes" in ended.out
    assert "bad                            failed" in ended.out
