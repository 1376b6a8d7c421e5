"""``billfold subscriptions``: what is charged regularly."""

import json
from collections.abc import Callable
from typing import Any


def test_subscriptions_are_listed_with_their_prices(ask: Callable[..., Any]) -> None:
    items = json.loads(ask("--account", "k8s", "subscriptions", "--format", "json").out)["items"]
    table = ask("--account", "k8s", "subscriptions").out
    assert items
    for item in items:
        assert item["name"] in table
        assert item["price"]["currency"] == "EUR"
