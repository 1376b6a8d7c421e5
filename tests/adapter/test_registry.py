"""Finding adapters, and what methods they may have."""

import pytest
from attrs import frozen

from billfold import ConfigError, Stream, UnsupportedError
from billfold.accounts._not_imported import NoAdapter
from billfold.adapter import (
    METHODS,
    Adapter,
    find,
    find_method,
    has_stream,
    installed,
    streams,
    wrong_signatures,
)
from support.toys import Bank, Silent, Toy, telling


def test_our_own_adapters_are_found_by_entry_point() -> None:
    assert set(installed()) >= {"aether", "bnerd", "harmont", "latitude"}
    assert list(installed()) == sorted(installed())
    assert find("harmont").provider == "harmont"


def test_an_adapter_that_is_not_installed_is_named_with_those_that_are() -> None:
    with pytest.raises(
        ConfigError, match="no adapter is installed for provider 'nimbus'; installed: aether, bnerd"
    ):
        find("nimbus")
    with pytest.raises(ConfigError, match=r"'harmnt'; did you mean 'harmont'\? installed: aether"):
        find("harmnt")


def test_streams_are_the_methods() -> None:
    assert streams(Silent) == ()
    assert streams(Toy) == (Stream.BALANCES, Stream.USAGE)
    assert streams(Bank()) == (Stream.INVOICES, Stream.PAYMENT_METHODS)


def test_an_adapter_is_what_declares_itself() -> None:
    assert isinstance(Toy(telling()), Adapter)
    assert not isinstance(object(), Adapter)


def test_a_stream_is_offered_by_its_method() -> None:
    assert has_stream(Toy, Stream.BALANCES)
    assert not has_stream(Toy, Stream.LEDGER)
    assert find_method(Bank(), "setup_intent")
    with pytest.raises(UnsupportedError, match="silent does not offer payment methods"):
        find_method(Silent(), "payment_methods")


def test_every_stream_has_a_method_in_the_table() -> None:
    assert {stream.value for stream in Stream} <= METHODS.keys()


@pytest.mark.parametrize("provider", ["aether", "bnerd", "harmont", "latitude"])
def test_our_adapters_have_the_signatures_of_the_table(provider: str) -> None:
    assert list(wrong_signatures(find(provider))) == []


@frozen
class Forgetful:
    provider = "forgetful"

    def usage(self, client): ...

    def invoices(self, client, period): ...


def test_a_method_that_takes_other_arguments_is_named() -> None:
    assert list(wrong_signatures(Forgetful)) == [
        "usage takes (self, client) and should take (self, client, period)",
        "invoices takes (self, client, period) and should take (self, client, period, kind)",
    ]


def test_what_stands_for_a_missing_adapter_has_every_method() -> None:
    assert set(METHODS) <= set(dir(NoAdapter))
