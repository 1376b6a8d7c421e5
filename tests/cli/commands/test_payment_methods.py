"""``billfold payment-methods``: what is stored, masked."""

import json
from collections.abc import Callable
from typing import Any


def test_account_numbers_are_masked_in_every_format(ask: Callable[..., Any]) -> None:
    ended = ask("--account", "cloud", "payment-methods", "--format", "json")
    methods = json.loads(ended.out)["items"]
    ibans = [method["iban"] for method in methods if method["iban"]]
    assert ibans
    assert all("***" in iban and len(iban) < 12 for iban in ibans)
    for written in (ask("--account", "cloud", "payment-methods").out, ended.out):
        assert all(iban in written for iban in ibans)
