"""Whatever stands in a configuration, or instead of one: a sentence, and no traceback."""

import os
import re
import threading
import time
from pathlib import Path

import pytest

from accounts.conftest import Write
from billfold import Account, ConfigError
from billfold.accounts.config import load
from support.commands import commands

pytestmark = pytest.mark.usefixtures("home")

CI = '[[accounts]]\nname = "ci"\nprovider = "harmont"\n'
DIGITS, DEEP = "9" * 5000, 5000

VALUES = {
    "a long number": DIGITS,
    "a long negative number": f"-{DIGITS}",
    "a long hexadecimal number": f"0x{'f' * 5000}",
    "a long float": f"{DIGITS}.5e{DIGITS[:300]}",
    "infinity": "inf",
    "less than infinity": "-inf",
    "no number": "nan",
    "deep arrays": "[" * DEEP + "]" * DEEP,
    "deep tables": "{a=" * DEEP + "1" + "}" * DEEP,
    "less deep arrays": "[" * 50 + "]" * 50,
    "deep dotted keys": "{ " + ".".join("a" * DEEP) + " = 1 }",
    "a time": "9999-12-31T23:59:59.999999999+23:59",
    "no time": "2026-02-30",
    "an hour": "23:59:60",
    "a year of nobody": "0000-01-01",
    "half a character": r'"\ud800"',
    "NUL": r'"a\u0000b"',
    "NUL in a list": r'["a\u0000b", "c"]',
    "control characters": r'"\u001b[31mred\u202e"',
    "the home of nobody": '"~nobodyhere/x"',
    "an empty text": '""',
    "an empty list": "[]",
    "a list of an empty text": '[""]',
    "an empty table": "{}",
    "true": "true",
    "a long text": f'"{"x1" * 50_000}"',
    "a bad name": '"https://xn--"',
    "a bad port": '"https://a.example:99999"',
    "an address cut short": '"https://[::1"',
    "an address of nothing": '"https://."',
    "an address with a space": '"https://a b.example"',
    "an address with NUL": r'"https://a\u0000.example"',
    "an address with a colour": r'"https://a.example/\u001b[31m"',
}
KEYS = ["name", "provider", "org", "base_url", "requests_per_minute", "proxy", "request_timeout"]
KEYS += ["token_env", "token_file", "token_command", "token_keyring", "token", "unknown"]


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("key", KEYS)
def test_an_odd_value_is_told_with_file_account_and_key_or_is_one(
    write: Write, key: str, value: str
) -> None:
    lines = {"name": '"ci"', "provider": '"harmont"', key: value}
    file = write("[[accounts]]\n" + "".join(f"{each} = {lines[each]}\n" for each in lines))
    try:
        (account,) = load(file)
    except ConfigError as error:
        told = str(error)
        assert re.match(r"billfold\.toml: (account ('ci'|number 1): |is |has |no )", told)
        if told.startswith("billfold.toml: account"):
            assert key in told or "is not a name for an account" in told
        assert re.search("[\x00-\x1f\x7f\u202e\ud800]", told) is None
    else:
        assert isinstance(account, Account)
        assert str(account.url()).startswith("https://")


@pytest.mark.parametrize(
    ("provider", "line"),
    [
        ("latitude", "projects = [[1]]"),
        ("latitude", "currency = inf"),
        ("latitude", 'currency = "\N{EURO SIGN}"'),
        ("latitude", 'currency = ""'),
        ("aether", 'org = "0"'),
        ("bnerd", r'org = "\u0000"'),
        ("bnerd", "org = nan"),
    ],
)
def test_an_odd_setting_is_told_by_its_own_account(write: Write, provider: str, line: str) -> None:
    file = write(f'[[accounts]]\nname = "x"\nprovider = "{provider}"\n{line}\n')
    with pytest.raises(ConfigError, match=r"billfold\.toml: account 'x': (projects|currency|org)"):
        load(file)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"x = {DIGITS}", "has a number that is too long to be one"),
        (f"x = {'[' * DEEP}", "is nested too deeply"),
        (f"{'[' * DEEP}", "is not TOML: "),
        (b"\x00", "is not TOML: "),
        (b"\xed\xa0\x80", "cannot be read: it is not UTF-8"),
        (b"\xff\xfe[\x00[\x00", "cannot be read: it is not UTF-8"),
        (f"[{'.'.join('a' * DEEP)}]", "has a key of more than 100 parts"),
        (f"{'.'.join('a' * 200_000)} = 1", "has a key of more than 100 parts"),
        (f"[{'.'.join('a' * 100)}]", "unknown key 'a'; "),
        ("\ufeff\ufeff" + CI, "is not TOML: "),
    ],
)
def test_an_odd_text_is_told_with_the_file(write: Write, text: str | bytes, told: str) -> None:
    with pytest.raises(ConfigError, match=rf"^billfold\.toml: {re.escape(told)}"):
        load(write(text))


@pytest.mark.parametrize("name", ["a\0b", "~nobodyhere/billfold.toml", "\ud800.toml", "x" * 5000])
@pytest.mark.parametrize("by_variable", [False, True])
def test_an_odd_path_is_told(monkeypatch: pytest.MonkeyPatch, name: str, by_variable: bool) -> None:
    if by_variable and name.isascii() and name.isprintable():
        monkeypatch.setenv("BILLFOLD_CONFIG", name)
        name = ""
    with pytest.raises(ConfigError, match=r"cannot be read: |there is no such home folder"):
        load(name)


@pytest.mark.parametrize("named", [False, True])
def test_a_folder_a_pipe_and_a_link_to_nowhere_are_told(named: bool) -> None:
    here = Path("billfold.toml")
    here.mkdir()
    with pytest.raises(ConfigError, match=r"^billfold\.toml: .*(Is a directory|is no file)"):
        load(here if named else None)
    here.rmdir()
    here.symlink_to("gone")
    with pytest.raises(ConfigError, match=r"cannot be read: No such file or directory"):
        load(here if named else None)
    here.unlink()
    here.symlink_to("billfold.toml")
    with pytest.raises(ConfigError, match=r"cannot be read: Too many levels of symbolic links"):
        load(here if named else None)


def test_a_found_pipe_or_device_is_no_file() -> None:
    os.mkfifo("billfold.toml")
    began = time.monotonic()
    with pytest.raises(ConfigError, match=r"^billfold\.toml: is no file$"):
        load()
    assert time.monotonic() - began < 60
    Path("billfold.toml").unlink()
    Path("billfold.toml").symlink_to("/dev/zero")
    with pytest.raises(ConfigError, match=r"^billfold\.toml: is no file$"):
        load()


def test_a_named_pipe_is_read_to_its_end() -> None:
    os.mkfifo("pipe.toml", 0o600)
    writing = threading.Thread(target=Path("pipe.toml").write_text, args=(CI,))
    writing.start()
    assert [account.name for account in load("pipe.toml")] == ["ci"]
    writing.join()


def test_a_file_without_an_end_is_told() -> None:
    with pytest.raises(ConfigError, match=r"^/dev/zero: is longer than 32 MiB$"):
        load("/dev/zero")


def test_an_odd_environment_is_told_with_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARMONT_TOKEN", "x")
    for text in ("https://xn--", "https://[", "nonsense", "https://a\udcff.example"):
        monkeypatch.setenv("HARMONT_API_URL", text)
        with pytest.raises(ConfigError, match=r"^Harmont, from the environment: HARMONT_API_URL: "):
            load()


@pytest.mark.parametrize("value", [DIGITS, "[" * DEEP, '"~nobodyhere/x"', r'["a\u0000", "b"]'])
def test_the_command_line_shows_a_sentence_each(
    write: Write, capsys: pytest.CaptureFixture[str], value: str
) -> None:
    write(f"{CI}token_file = {value}\n")
    ended = commands(capsys)("--config", "billfold.toml", "balances")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("billfold: billfold.toml: ")
