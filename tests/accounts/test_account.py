"""One configured account, checked when it is made."""

from typing import Any, ClassVar, cast

import pytest
from attrs import evolve

from billfold import Account, ConfigError, Secret
from billfold.accounts.tokens import FromEnv
from billfold.adapter import Declaration
from support.lines import TOKEN
from support.toys import Silent, Toy, telling

TOY = Toy(telling())


def test_an_account_has_its_providers_origin_and_limit_unless_it_says_otherwise() -> None:
    account = Account("a", TOY, Secret(TOKEN))
    assert (account.provider, str(account.url()), account.rate_limit()) == (
        "toy",
        "https://toy.invalid",
        None,
    )
    other = Account("a", TOY, Secret(TOKEN), "https://proxy.example.com/toy/", 30)
    assert (str(other.url()), other.rate_limit()) == ("https://proxy.example.com/toy", 30)


async def test_a_token_may_be_given_or_read() -> None:
    given = Account("a", TOY, Secret(TOKEN))
    assert (await given.token.read()).reveal() == TOKEN
    assert Account("a", TOY, FromEnv("X")).token == FromEnv("X")
    assert TOKEN not in repr(given)
    with pytest.raises(ConfigError, match="a token is given as a Secret") as caught:
        Account("a", TOY, cast(Any, TOKEN))
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a\nb",
        "\x1b[31m",
        "a\x00",
        "$(id)",
        r"\$(touch pwned)",
        "`id`",
        "a;b",
        "a'b",
        'a"b',
        "a/b",
        "../a",
        "=1+1",
        "a,b",
        "a\tb",
        "a\N{RIGHT-TO-LEFT OVERRIDE}b",
        "\ud800",
        "a\n",
    ],
)
def test_a_name_means_nothing_to_a_shell_a_terminal_or_a_sheet(name: str) -> None:
    with pytest.raises(ConfigError, match="is not a name for an account"):
        Account(name, TOY, Secret(TOKEN))


@pytest.mark.parametrize("name", ["ci", "acme prod", "a_b.c-d", "ops@acme.example", "Köln 2", "帳"])
def test_a_name_has_letters_of_any_language_digits_spaces_and_four_signs(name: str) -> None:
    assert Account(name, TOY, Secret(TOKEN)).name == name


@pytest.mark.parametrize("url", ["http://api.example.com", "nonsense", "https://u:p@example.com"])
def test_a_bad_base_url_is_refused_at_once(url: str) -> None:
    with pytest.raises(ConfigError):
        Account("a", TOY, Secret(TOKEN), url)


@pytest.mark.parametrize(
    "limit", [0, -1, 1_000_000_001, 10**5000, -(10**5000)], ids=lambda limit: ""
)
def test_a_limit_is_a_number_that_means_something(limit: int) -> None:
    with pytest.raises(
        ConfigError, match=r"account 'a': requests_per_minute is at (least 1, not|most 1000000000)"
    ):
        Account("a", TOY, Secret(TOKEN), None, limit)


def test_what_cannot_be_discovered_is_required() -> None:
    class Needy(Silent):
        declares: ClassVar[Declaration] = evolve(Silent.declares, required=("org", "region"))
        org = None
        region = "eu"

    with pytest.raises(
        ConfigError, match="account 'a': silent needs org, which it cannot discover"
    ):
        Account("a", Needy(), Secret(TOKEN))
