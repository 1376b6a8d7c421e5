"""Accounts that may reach the same stand in one line."""

import pytest

from billfold import Account, Secret
from billfold.adapter.declaration import Adapter
from billfold.store.lines import lines
from billfold_aether import Aether
from billfold_harmont import Harmont

TOKEN = Secret("token-0123456789")


def of(*adapters: Adapter, url: str | None = None) -> list[int]:
    """Return the number of each one's line, as they first appear."""
    named = [
        Account(str(number), adapter, TOKEN, base_url=url)
        for number, adapter in enumerate(adapters)
    ]
    found = lines(named)
    numbers: dict[object, int] = {}
    return [numbers.setdefault(found[each.name], len(numbers)) for each in named]


@pytest.mark.parametrize(
    ("adapters", "expected"),
    [
        ((Harmont(), Harmont(org="acme")), [0, 0]),
        ((Harmont(org="acme"), Harmont(org="ACME")), [0, 0]),
        ((Harmont(org="acme"), Harmont(org="beta")), [0, 1]),
        ((Harmont(org="acme"), Aether(), Harmont(org="acme")), [0, 1, 0]),
        ((Harmont(org="acme"), Harmont(org="beta"), Harmont()), [0, 0, 0]),
    ],
)
def test_accounts_of_one_address_stand_in_one_line_unless_each_has_parts_of_its_own(
    adapters: tuple[Adapter, ...], expected: list[int]
) -> None:
    assert of(*adapters) == expected


def test_another_address_is_another_line() -> None:
    here = Account("here", Harmont(), TOKEN)
    there = Account("there", Harmont(), TOKEN, base_url="https://ci.example")
    found = lines([here, there])
    assert found["here"] != found["there"]
