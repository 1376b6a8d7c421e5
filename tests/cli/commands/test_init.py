"""``billfold init``: a configuration that is asked for, written without any token, and checked."""

import os
import stat
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from support.commands import Ended

ORG = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"
HARMONT = ("init", "--provider", "harmont", "--no-check")


@pytest.fixture
def known(sandbox: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """An account of the sandbox, which is where the environment says Harmont is."""
    accounts = tomllib.loads(sandbox.read_text())["accounts"]
    (account,) = [each for each in accounts if each["name"] == "ci"]
    monkeypatch.setenv("HARMONT_API_URL", account["base_url"])
    return account


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Sit at a terminal, and give what is typed there."""
    keyboard, terminal = os.openpty()
    with os.fdopen(terminal) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        yield lambda text: _type(keyboard, text)
    os.close(keyboard)


def _type(keyboard: int, text: str) -> None:
    os.write(keyboard, text.encode())


def accounts_in(path: Path) -> list[dict[str, Any]]:
    return tomllib.loads(path.read_text())["accounts"]


def test_options_write_an_account_to_the_own_folder_and_it_is_checked(
    billfold: Callable[..., Ended], tmp_path: Path, known: dict[str, Any]
) -> None:
    place = ("--org", known["org"], "--token-file", known["token_file"])
    done = billfold("init", "--provider", "harmont", "--name", "ci", *place)
    file = tmp_path / "billfold" / "billfold.toml"
    assert (done.code, done.err) == (0, f"billfold: wrote ci to {file}\n")
    assert done.out.splitlines()[-1].split() == ["ci", "harmont", "Ines", "Okafor", "yes"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert billfold("accounts").code == 0  # it is found from anywhere


def test_a_token_that_does_not_work_is_said_and_the_file_stays(
    billfold: Callable[..., Ended], tmp_path: Path, known: dict[str, Any], monkeypatch
) -> None:
    monkeypatch.setenv("HARMONT_TOKEN", "another-token")
    done = billfold("init", "--provider", "harmont", "--out", "b.toml")
    assert (done.code, "CredentialsError" in done.out or "401" in done.out) == (4, True)
    assert accounts_in(tmp_path / "b.toml") == [
        {"name": "harmont", "provider": "harmont", "token_env": "HARMONT_TOKEN"}
    ]


def test_a_file_that_is_there_is_added_to_if_that_is_said_and_never_replaced(
    billfold: Callable[..., Ended], tmp_path: Path
) -> None:
    file = tmp_path / "b.toml"
    billfold(*HARMONT, "--out", file)
    file.write_text(f"# mine\n{file.read_text()}")
    before = file.read_text()
    done = billfold(*HARMONT, "--name", "two", "--out", file)
    assert (done.code, "already there" in done.err, file.read_text()) == (2, True, before)
    again = billfold(*HARMONT, "--out", file, "--add")
    assert (again.code, "named 'harmont'" in again.err, file.read_text()) == (2, True, before)
    assert billfold(*HARMONT, "--name", "two", "--out", file, "--add").code == 0
    assert [account["name"] for account in accounts_in(file)] == ["harmont", "two"]
    assert file.read_text().startswith(before)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--provider", "bnerd"), "add --org ORG"),
        (("--provider", "nobody"), "no adapter is installed"),
        (("--provider", "harmont", "--token-env", "hmt_0123456789abcdefghij"), "the token itself"),
        (("--provider", "harmont", "--token-command", "echo abc"), "the token"),
        (("--provider", "harmont", "--token-command", "op 'read"), "cannot be read"),
        (("--provider", "harmont", "--token-env", "A", "--token-file", "b"), "one place"),
        (("--name", "ci"), "add --provider"),
        ((), "no terminal"),
    ],
)
def test_what_cannot_be_an_account_writes_nothing(
    billfold: Callable[..., Ended], tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    done = billfold("init", *words, "--out", "b.toml")
    assert (done.code, done.out, said in done.err) == (2, "", True)
    assert list(tmp_path.iterdir()) == []


def test_a_person_is_asked_and_a_mistake_is_asked_again(
    billfold: Callable[..., Ended], answers: Callable[[str], None], tmp_path: Path
) -> None:
    answers("harmont\nci\nacme\ncommand\nop read op://Private/ci/token\ny\n")
    answers("bnerd\nci\ncloud\nnot-a-uuid\nvariable\n\n")  # a name that is taken, no id of b'nerd's
    answers(f"bnerd\ncloud\n{ORG}\nvariable\n\nn\n")
    done = billfold("init", "--out", "b.toml", "--no-check")
    assert done.code == 0
    assert accounts_in(tmp_path / "b.toml") == [
        {
            "name": "ci",
            "provider": "harmont",
            "org": "acme",
            "token_command": ["op", "read", "op://Private/ci/token"],
        },
        {"name": "cloud", "provider": "bnerd", "org": ORG, "token_env": "BNERD_TOKEN"},
    ]
    assert "name it to use it: billfold --config b.toml costs" in done.err


def test_a_person_is_asked_before_anything_is_added(
    billfold: Callable[..., Ended], answers: Callable[[str], None], tmp_path: Path
) -> None:
    billfold(*HARMONT, "--out", "b.toml")
    answers("n\n")
    assert billfold("init", "--out", "b.toml").code == 2
    answers("y\nharmont\nother\n\nfile\n~/x.token\nn\n")
    assert billfold("init", "--out", "b.toml", "--no-check").code == 0
    assert [account["name"] for account in accounts_in(tmp_path / "b.toml")] == ["harmont", "other"]


def test_who_stops_answering_gets_nothing_written(
    billfold: Callable[..., Ended], answers: Callable[[str], None], tmp_path: Path
) -> None:
    answers("harmont\n\x04")
    assert billfold("init", "--out", "b.toml").code == 130
    assert list(tmp_path.iterdir()) == []


def test_no_account_names_init(billfold: Callable[..., Ended]) -> None:
    done = billfold("usage")
    assert (done.code, "No accounts configured. Run `billfold init`" in done.err) == (2, True)


def test_an_organization_that_a_provider_needs_is_named_by_its_option(
    billfold: Callable[..., Ended], tmp_path: Path
) -> None:
    ended = billfold("init", "--provider", "bnerd", "--out", tmp_path / "new.toml")
    assert (ended.code, "bnerd does not say which organization" in ended.err) == (2, True)
    assert "add --org ORG" in ended.err
    assert not (tmp_path / "new.toml").exists()
