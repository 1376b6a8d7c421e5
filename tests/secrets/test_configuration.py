"""Secrets written in the wrong place of a configuration are refused, and never shown."""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from billfold import ConfigError
from billfold.accounts.config import load
from billfold.accounts.tokens import FromCommand
from support.canaries import everything_logged, found, told
from support.counting import count

TOKEN = "hm_c4naryT0kenThatNobodyShouldEverSee0123456789"
ACCOUNT = '[[accounts]]\nname = "ci"\nprovider = "harmont"\n'


@pytest.mark.parametrize(
    "written",
    [
        f'{ACCOUNT}token = "{TOKEN}"',
        f'{ACCOUNT}token = ["{TOKEN}"]',
        f'{ACCOUNT}tokn = "{TOKEN}"',
        f'{ACCOUNT}token_env = "{TOKEN}"',
        f'{ACCOUNT}token_file = "{TOKEN}"',
        f'{ACCOUNT}token_keyring = "{TOKEN}"',
        f'{ACCOUNT}token_command = "echo {TOKEN}"',
        f'{ACCOUNT}token_command = [["{TOKEN}"]]',
        f'{ACCOUNT}token_command = ["echo", "{TOKEN}"]',
        f'{ACCOUNT}token_command = ["echo", "sh0rt"]\n# {TOKEN}',
        f'{ACCOUNT}token_command = ["/usr/bin/printf", "%s", "{TOKEN[:12]}", "{TOKEN[12:]}"]',
        f'{ACCOUNT}token_command = ["sh", "-c", "echo {TOKEN}"]',
        f'{ACCOUNT}token_command = ["vault", "--token={TOKEN}", "read", "secret/ci"]',
        f"{ACCOUNT}token_command = ['curl', '-H', 'X-Token: \"{TOKEN}\"', 'https://vault.example/v1']",
        f"{ACCOUNT}token_command = ['sh', '-c', 'curl -H \"X-Token: {TOKEN}\" https://v.example']",
        f'{ACCOUNT}token_env = "HARMONT_TOKEN"\norg = ["{TOKEN}"]',
        f'{ACCOUNT}token_env = "HARMONT_TOKEN"\nbase_url = "https://user:{TOKEN}@api.harmont.dev"',
        f'{ACCOUNT}token_env = "HARMONT_TOKEN"\nbase_url = "https://api.harmont.dev?token={TOKEN}"',
        f'{ACCOUNT}token_env = "HARMONT_TOKEN"\nbase_url = "https://api.harmont.dev#{TOKEN}"',
        f'{ACCOUNT}token_env = "HARMONT_TOKEN"\nbase_url = "http://{TOKEN}.example"',
        f'{ACCOUNT}token_env = "HARMONT_TOKEN"\nbase_url = "{TOKEN}"',
        f'{ACCOUNT}token_env = "HARMONT_TOKEN"\nrequests_per_minute = "{TOKEN}"',
        f'[[accounts]]\nname = "ci"\nprovider = "{TOKEN}"',
        f'[[accounts]]\nname = "k8s"\nprovider = "aether"\norg = "{TOKEN}"',
        f'[[accounts]]\nname = "cloud"\nprovider = "bnerd"\norg = "{TOKEN}"',
        f'[[accounts]]\nname = "metal"\nprovider = "latitude"\ncurrency = "{TOKEN}"',
        f'[[accounts]]\nname = "ci"\nprovider = "harmont"\ntoken = "{TOKEN}',
        f'token = "{TOKEN}"\n{ACCOUNT}',
        f'[accounts]\ntoken = "{TOKEN}"',
    ],
)
def test_a_token_in_the_wrong_place_is_refused_and_not_shown(tmp_path: Path, written: str) -> None:
    file = tmp_path / "billfold.toml"
    file.write_text(written)
    with everything_logged() as lines, pytest.raises(ConfigError) as caught:
        load(file)
    count("canaries planted")
    assert found([TOKEN], [*lines, *told(caught.value)]) == []


def test_the_arguments_of_a_command_are_not_shown(
    tmp_path: Path, billfold: Callable[..., Any]
) -> None:
    file = tmp_path / "billfold.toml"
    hidden = "correct-horse-battery-staple"
    file.write_text(f'{ACCOUNT}token_command = ["no-such-program", "{hidden}"]')
    (account,) = load(file)
    assert isinstance(account.token, FromCommand)
    ended = billfold("--config", file, "accounts")
    assert found([hidden], [repr(account), str(account.token), ended.out, ended.err]) == []
    failed = billfold("--config", file, "balances")
    assert (failed.code, found([hidden], [failed.out, failed.err])) == (2, [])


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o602, 0o646, 0o777, 0o444])
def test_a_token_file_with_open_permissions_is_refused_with_the_fix_named(
    tmp_path: Path, billfold: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    token, file = tmp_path / "token", tmp_path / "billfold.toml"
    token.write_text(TOKEN)
    token.chmod(mode)
    monkeypatch.setenv("HOME", str(tmp_path))
    if os.geteuid() == 0:  # root's own are taken as a container mounts them
        os.chown(token, 12_345, 12_345)
    file.write_text(f'{ACCOUNT}token_file = "token"')
    ended = billfold("--config", file, "balances")
    assert ended.code == 2
    assert f"chmod 600 {token}" in "".join(ended.err.splitlines())
    assert found([TOKEN], [ended.out, ended.err]) == []
    assert stat.S_IMODE(token.stat().st_mode) == mode
