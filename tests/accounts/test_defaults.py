"""``[defaults]``: what a file says of options that nobody gave, and what one may say unnamed."""

from pathlib import Path

import pytest

from accounts.conftest import Write
from billfold import ConfigError
from billfold.accounts.config import entries
from billfold.accounts.defaults import Defaults, read_defaults

pytestmark = pytest.mark.usefixtures("home")

CI = '[[accounts]]\nname = "ci"\nprovider = "harmont"\n'


def defaults(write: Write, text: str) -> Defaults:
    write(f"[defaults]\n{text}\n{CI}")
    return read_defaults("billfold.toml")


def test_without_a_file_or_the_table_nothing_is_said(write: Write) -> None:
    assert read_defaults() == Defaults()
    write(CI)
    assert read_defaults("billfold.toml").currency is None


def test_everything_that_can_be_said(write: Write) -> None:
    said = defaults(
        write,
        'currency = "eur"\nrates = "fx/rates.csv"\nrules = "/etc/rules.toml"\n'
        'period = "last-month"\ndeadline = 90',
    )
    assert (said.currency, said.period, said.deadline) == ("EUR", "last-month", 90.0)
    assert said.rates_file() == Path("fx/rates.csv")
    assert said.rules_file() == Path("/etc/rules.toml")
    assert [entry.name for entry in entries("billfold.toml")] == ["ci"]


def test_the_ecbs_rates_are_no_file(write: Write) -> None:
    assert defaults(write, 'rates = "ecb"').rates_file() is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('currancy = "EUR"', r"\[defaults\]: unknown key 'currancy'; did you mean 'currency'"),
        ('currency = "Euro"', "'EURO?' is not a currency code"),
        ("currency = 5", "currency is text"),
        ('rates = ""', "rates is text"),
        ('rules = ["a"]', "rules is text"),
        ('deadline = "90"', "deadline is a number of seconds"),
        ("deadline = -1", "deadline is a finite number of seconds above zero"),
    ],
)
def test_a_mistake_is_named_with_its_place(write: Write, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=rf"^billfold\.toml: .*{message}"):
        defaults(write, text)


def test_a_table_that_is_none_is_named(write: Write) -> None:
    write(f'defaults = "EUR"\n{CI}')
    with pytest.raises(
        ConfigError, match=r"defaults is a table: begin it with a line \[defaults\]"
    ):
        read_defaults()


def test_a_found_file_names_no_rates(write: Write) -> None:
    write(f'[defaults]\nrates = "rates.csv"\n{CI}')
    with pytest.raises(
        ConfigError,
        match=r"rates: a file found in the working directory names no exchange rates; to name",
    ):
        read_defaults().rates_file()
    write(f'[defaults]\nrates = "ecb"\n{CI}')
    assert read_defaults().rates_file() is None


def test_a_found_file_names_rules_beside_or_below_itself_alone(write: Write) -> None:
    write(f'[defaults]\nrules = "rules/all.toml"\n{CI}')
    assert read_defaults().rules_file() == Path("rules/all.toml")
    for elsewhere in ("../rules.toml", "/etc/rules.toml", "~/rules.toml"):
        write(f'[defaults]\nrules = "{elsewhere}"\n{CI}')
        with pytest.raises(
            ConfigError, match="rules: a file found in the working directory names none el"
        ):
            read_defaults().rules_file()
    Path("rules").symlink_to("/etc")
    write(f'[defaults]\nrules = "rules/passwd"\n{CI}')
    with pytest.raises(ConfigError, match="names none elsewhere"):
        read_defaults().rules_file()
