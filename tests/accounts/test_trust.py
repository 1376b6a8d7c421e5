"""A configuration that merely lies in the working directory does nothing that nobody allowed."""

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from accounts.conftest import Write
from billfold import Billfold, ConfigError
from billfold.accounts.config import entries, load
from billfold.accounts.store_settings import store_settings
from billfold.accounts.tokens import FromCommand
from billfold.cli.options import complete_accounts
from support.commands import commands

pytestmark = pytest.mark.usefixtures("home")

CI = '[[accounts]]\nname = "ci"\nprovider = "harmont"\n'
NAME_IT = (
    r"to name it is to consent: --config billfold\.toml, \$BILLFOLD_CONFIG, "
    r"or Billfold\.open\('billfold\.toml'\)"
)
Opening = Callable[[], object]
WAYS = pytest.mark.parametrize("opening", [load, Billfold.open], ids=["load", "open"])


def running(file: str) -> str:
    """Return the account whose token is what a program prints that leaves a file behind."""
    code = f"open('{file}', 'w'); print('hm_token')"
    return f'{CI}token_command = ["{sys.executable}", "-c", "{code}"]\n'


# -- commands


@WAYS
def test_a_found_file_runs_no_command(write: Write, opening: Opening) -> None:
    write(running("pwned"))
    with pytest.raises(
        ConfigError,
        match=rf"^billfold\.toml: account 'ci': token_command: a file .* runs no program; {NAME_IT}",
    ):
        opening()
    assert not Path("pwned").exists()


@pytest.mark.parametrize("command", ["balances", "check", "accounts", "costs", "sandbox --help"])
def test_no_command_of_ours_runs_a_found_one(
    write: Write, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    write(running("pwned"))
    ended = commands(capsys)(*command.split())
    assert ended.code == (0 if "--help" in command else 2)
    assert complete_accounts("") == ["ci"]
    assert not Path("pwned").exists()


@pytest.mark.parametrize("by_variable", [False, True])
def test_to_name_a_file_is_consent(
    write: Write, monkeypatch: pytest.MonkeyPatch, by_variable: bool
) -> None:
    write(running("ran"))
    if by_variable:
        monkeypatch.setenv("BILLFOLD_CONFIG", "billfold.toml")
    (account,) = load(None if by_variable else "billfold.toml")
    assert asyncio.run(account.token.read()).reveal() == "hm_token"
    assert Path("ran").exists()


# -- addresses

ELSEWHERE = [
    "https://evil.example",
    "https://api.harmont.dev.evil.example",
    "https://api.harmont.dev:8443",
    "https://harmont.dev",
    "https://127.0.0.1.evil.example",
    "https://localhost.evil.example",
    "https://127.999.1.1",
    "https://0",
    "https://[::ffff:102:304]",
]
PLACES = ['token_env = "AWS_SECRET_ACCESS_KEY"', 'token_file = "~/.npmrc"', 'token_keyring = "a/b"']


@WAYS
@pytest.mark.parametrize("place", ["", *PLACES])
@pytest.mark.parametrize("url", ELSEWHERE)
def test_a_found_file_sends_no_token_elsewhere(
    write: Write, opening: Opening, url: str, place: str
) -> None:
    write(f'{CI}{place}\nbase_url = "{url}"\n')
    told = rf"'ci': base_url: '.*' is not Harmont's own address, and a file .*; {NAME_IT}"
    with pytest.raises(ConfigError, match=told):
        opening()
    assert str(load("billfold.toml")[0].url()) == url


@pytest.mark.parametrize("place", ["", *PLACES])
@pytest.mark.parametrize(
    "url",
    [
        "https://api.harmont.dev",
        "https://API.harmont.dev:443/base",
        "http://127.0.0.1:8080",
        "https://localhost:8443",
        "http://[::1]:80",
    ],
)
def test_a_found_file_may_send_one_to_the_provider_and_to_this_machine(
    write: Write, url: str, place: str
) -> None:
    write(f'{CI}{place}\nbase_url = "{url}"\n')
    assert [account.name for account in load()] == ["ci"]


@pytest.mark.parametrize("line", ["", 'base_url = "https://staging.example/v2"\n'])
def test_an_address_in_the_persons_environment_is_the_persons_own(
    write: Write, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setenv("HARMONT_API_URL", "https://staging.example/base")
    write(CI + line)
    (account,) = load()
    assert account.url().host == "staging.example"


@WAYS
@pytest.mark.parametrize("where", ["{line}\n{account}", "{account}{line}\n"])
def test_a_found_file_names_no_proxy(write: Write, opening: Opening, where: str) -> None:
    write(where.format(line='proxy = "http://evil.example:3128"', account=CI))
    told = rf"'ci': proxy: a file found in the working directory names none; {NAME_IT}"
    with pytest.raises(ConfigError, match=told):
        opening()
    assert load("billfold.toml")[0].proxy == "http://evil.example:3128"
    write(where.format(line='proxy = "none"', account=CI))
    assert load()[0].proxy == "none"


@pytest.mark.parametrize("url", ["s3://stranger/bills", "../outside", "bills", "file:///tmp/bills"])
def test_a_found_file_names_no_store(write: Write, url: str) -> None:
    """Bills would be sent there, and whatever lies there be answered as the providers' own."""
    write(f'{CI}[store]\nurl = "{url}"\n')
    told = rf"\[store\]: url: a file found in the working directory names no store; {NAME_IT}"
    with pytest.raises(ConfigError, match=told):
        store_settings()
    assert store_settings("billfold.toml").url == url


@pytest.mark.parametrize("command", ["sync", "costs", "usage --stored", "balances"])
def test_no_command_of_ours_writes_or_reads_a_found_files_store(
    write: Write, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    write(f'{CI}base_url = "http://127.0.0.1:9"\n[store]\nurl = "outside"\n')
    assert commands(capsys)(*command.split()).code == 2
    assert not Path("outside").exists()


def test_what_a_found_file_may_not_do_costs_its_own_account_only(write: Write) -> None:
    write(CI + running("pwned").replace('"ci"', '"cd"'))
    good, bad = entries()
    assert good.build().name == "ci"
    with pytest.raises(ConfigError, match="account 'cd': token_command"):
        bad.build()


# -- whose it is


def give_away(path: Path) -> str:
    """Make others able to change a file, and return what is said of it."""
    if os.geteuid() == 0:
        os.chown(path, 12_345, 12_345, follow_symlinks=False)
        return "belongs to another user; to name it"
    path.chmod(0o646)
    return "others may write it; run: chmod go-w "


@WAYS
def test_a_found_file_of_somebody_else_is_refused(write: Write, opening: Opening) -> None:
    told = give_away(write(CI))
    with pytest.raises(ConfigError, match=rf"^billfold\.toml: {told}"):
        opening()
    assert [account.name for account in load("billfold.toml")] == ["ci"]
    assert complete_accounts("") == []


@WAYS
@pytest.mark.parametrize("mode", [0o646, 0o602, 0o666, 0o777])
def test_a_found_file_that_others_may_write_is_refused_with_the_remedy(
    write: Write, opening: Opening, mode: int
) -> None:
    write(CI).chmod(mode)
    told = r"^billfold\.toml: others may write it; run: chmod go-w billfold\.toml, or to name it"
    with pytest.raises(ConfigError, match=told):
        opening()


def test_a_group_of_others_may_not_write_it_and_a_group_of_ones_own_may(write: Write) -> None:
    file = write(CI)
    file.chmod(0o664)
    others = (
        [12_345] if os.geteuid() == 0 else [each for each in os.getgroups() if each != os.getgid()]
    )
    for group in others:
        os.chown(file, -1, group)
        with pytest.raises(ConfigError, match="others may write it"):
            load()
    file.chmod(0o644)
    assert [account.name for account in load()] == ["ci"]


def test_a_link_that_somebody_else_put_there_is_refused(write: Write) -> None:
    mine = write(CI, Path("mine.toml"))
    Path("billfold.toml").symlink_to(mine)
    assert [account.name for account in load()] == ["ci"]
    if os.geteuid() == 0:
        give_away(Path("billfold.toml"))
    else:
        mine.chmod(0o646)
    with pytest.raises(ConfigError, match="to name it is to consent"):
        load()


# -- the person's own folder


def test_a_file_in_ones_own_folder_may_run_a_command(write: Write, home: Path) -> None:
    write(running("ran"), home / "billfold.toml")
    (account,) = load()
    assert isinstance(account.token, FromCommand)


def test_so_it_is_where_that_folder_is_the_working_directory(
    write: Write, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(running("ran"), home / "billfold.toml")
    monkeypatch.chdir(home)
    assert [account.name for account in load()] == ["ci"]


@pytest.mark.parametrize("name", [".", "billfold.toml"])
def test_ones_own_folder_is_no_longer_so_once_others_may_write_it(
    write: Write, home: Path, name: str
) -> None:
    file = write(CI, home / "billfold.toml")
    (home / name).chmod(0o777)
    with pytest.raises(ConfigError, match=f"others may write it; run: chmod go-w {home / name}"):
        load()
    assert [account.name for account in load(file)] == ["ci"]


def test_a_folder_of_configuration_below_the_working_directory_is_nobodys_own(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "config")
    write(running("pwned"), Path("config/billfold/billfold.toml"))
    with pytest.raises(ConfigError, match="No accounts configured"):
        load()
