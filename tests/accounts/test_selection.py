"""Which accounts a call is about."""

import pytest

from billfold import Account, ConfigError
from billfold.accounts.entry import Entry
from billfold.accounts.selection import select, select_by_key


def entry(name: str | None, provider: str | None) -> Entry:
    def build() -> Account:
        raise AssertionError("choosing builds nothing")

    return Entry(name, provider, build)


CI, LEGACY, METAL = (
    entry("ci", "harmont"),
    entry("ci-legacy", "harmont"),
    entry("metal", "latitude"),
)
ACCOUNTS = (CI, LEGACY, METAL)


def test_without_a_wish_all_are_meant() -> None:
    assert select(ACCOUNTS) == select_by_key(ACCOUNTS, None) == ACCOUNTS


def test_a_mistake_that_leaves_an_account_without_its_name_is_told_first() -> None:
    def mistaken() -> Account:
        raise ConfigError("billfold.toml: account number 1: the name is empty")

    accounts = (CI, Entry(None, "harmont", mistaken))
    with pytest.raises(ConfigError, match="account number 1: the name is empty"):
        select(accounts, names=("b",))
    assert select(accounts, names=("ci",)) == (CI,)


def test_an_empty_list_of_keys_is_refused() -> None:
    with pytest.raises(ConfigError, match="no accounts are named: name some, like accounts="):
        select_by_key(ACCOUNTS, [])


def test_names_and_providers_add_up_in_the_order_configured() -> None:
    assert select(ACCOUNTS, names=["metal", "ci"]) == (CI, METAL)
    assert select(ACCOUNTS, providers=["harmont"]) == (CI, LEGACY)
    assert select(ACCOUNTS, names=["metal"], providers=["harmont"]) == ACCOUNTS
    assert select_by_key(ACCOUNTS, ["latitude", "ci"]) == (CI, METAL)
    assert select_by_key(ACCOUNTS, "harmont") == (CI, LEGACY)


def test_a_name_is_no_provider_and_the_other_way_round() -> None:
    with pytest.raises(ConfigError, match="no account is named 'harmont'; there are: ci, "):
        select(ACCOUNTS, names=["harmont"])
    with pytest.raises(ConfigError, match="no account has the provider 'ci'"):
        select(ACCOUNTS, providers=["ci"])


def test_what_is_unknown_is_named_with_the_nearest() -> None:
    with pytest.raises(ConfigError) as caught:
        select_by_key(ACCOUNTS, ["harmnot"])
    assert caught.value.message == (
        "no account or provider is named 'harmnot'; did you mean 'harmont'? "
        "there are: ci, ci-legacy, harmont, latitude, metal"
    )
    with pytest.raises(ConfigError, match=r"named 'METALL'; did you mean 'metal'\?"):
        select_by_key(ACCOUNTS, ["METALL"])


def test_what_has_no_name_yet_is_never_chosen_by_one() -> None:
    assert select((entry(None, None), CI), names=["ci"]) == (CI,)
