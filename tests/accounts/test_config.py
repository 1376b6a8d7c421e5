"""The configuration: where it is looked for, what it says, and every way to be wrong about it."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from billfold import Account, Billfold, ConfigError
from billfold.accounts._environment import environment_entries
from billfold.accounts.config import build_accounts, entries, load
from billfold.accounts.tokens import FromCommand, FromEnv, FromFile, FromKeyring
from billfold_aether import Aether
from billfold_bnerd import Bnerd
from billfold_harmont import Harmont
from billfold_latitude import Latitude

CI = '[[accounts]]\nname = "ci"\nprovider = "harmont"\n'

AETHER, BNERD = "7c1e55a9-04d3-4b8f-9a62-e3b70f18d4c6", "0f0f0f0f-1234-4abc-8def-0123456789ab"

Write = Callable[..., Path]


pytestmark = pytest.mark.usefixtures("home")


def wrong(file: Path) -> list[str]:
    """Return what is wrong with a file, a line each, without the file's name."""
    with pytest.raises(ConfigError) as caught:
        load(file)
    lines = str(caught.value).splitlines()
    assert all(line.startswith(f"{file}: ") for line in lines)
    return [line.removeprefix(f"{file}: ") for line in lines]


# -- what it says


def test_the_design_s_example_is_read(write: Write) -> None:
    file = write("""
        [[accounts]]
        name = "ci"
        provider = "harmont"
        org = "acme"
        token_env = "CI_TOKEN"
        base_url = "https://api.harmont.dev"
        requests_per_minute = 60
        [[accounts]]
        name = "metal"
        provider = "latitude"
        projects = ["proj_1", "proj_2"]
        currency = "USD"
        token_command = ["pass", "show", "metal"]
    """)
    assert load(file) == (
        Account("ci", Harmont(org="acme"), FromEnv("CI_TOKEN"), "https://api.harmont.dev", 60),
        Account(
            "metal",
            Latitude(projects=("proj_1", "proj_2"), currency="USD"),
            FromCommand(("pass", "show", "metal")),
        ),
    )


def test_a_proxy_and_a_requests_time_are_the_files_or_an_accounts_own(write: Write) -> None:
    file = write("""
        proxy = "http://proxy.example:3128"
        request_timeout = 120
        [[accounts]]
        name = "ci"
        provider = "harmont"
        [[accounts]]
        name = "metal"
        provider = "latitude"
        proxy = "none"
        request_timeout = 5.5
    """)
    ci, metal = load(file)
    assert (ci.proxy, ci.request_timeout) == ("http://proxy.example:3128", 120)
    assert (metal.proxy, metal.request_timeout) == ("none", 5.5)


def test_two_accounts_of_one_provider(write: Write) -> None:
    accounts = load(write(CI + CI.replace('"ci"', '"cd"') + 'org = "other"\n'))
    assert [(account.name, account.adapter) for account in accounts] == [
        ("ci", Harmont()),
        ("cd", Harmont(org="other")),
    ]


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("", FromEnv("HARMONT_TOKEN")),
        ('token_env = "MINE"', FromEnv("MINE")),
        ('token_file = "secrets/ci"', FromFile(Path("place/secrets/ci"))),
        ('token_file = "/run/secrets/ci"', FromFile(Path("/run/secrets/ci"))),
        ('token_command = ["pass"]', FromCommand(("pass",))),
        ('token_keyring = "billfold/ci"', FromKeyring("billfold/ci")),
    ],
)
def test_a_token_is_read_from_where_the_file_says(write: Write, line: str, source: object) -> None:
    (account,) = load(write(CI + line, Path("place/billfold.toml")))
    assert account.token == source


def test_a_token_file_may_be_at_home(write: Write) -> None:
    (account,) = load(write(CI + 'token_file = "~/ci.token"'))
    assert account.token == FromFile(Path.home() / "ci.token")


def test_the_providers_url_variable_is_the_base_unless_the_file_has_one(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARMONT_API_URL", "https://staging.harmont.dev/base")
    (account,) = load(write(CI))
    assert str(account.url()) == "https://staging.harmont.dev/base"
    (account,) = load(write(CI + 'base_url = "https://api.harmont.dev"'))
    assert str(account.url()) == "https://api.harmont.dev"


# -- where it is looked for


def test_the_order_of_places(write: Write, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARMONT_TOKEN", "x")
    assert [account.name for account in load()] == ["harmont"]
    write(CI.replace('"ci"', '"at home"'), home / "billfold.toml")
    assert [account.name for account in load()] == ["at home"]
    write(CI.replace('"ci"', '"here"'))
    assert [account.name for account in load()] == ["here"]
    write(CI.replace('"ci"', '"by variable"'), Path("other.toml"))
    monkeypatch.setenv("BILLFOLD_CONFIG", "other.toml")
    assert [account.name for account in load()] == ["by variable"]
    write(CI.replace('"ci"', '"by name"'), Path("third.toml"))
    assert [account.name for account in load("third.toml")] == ["by name"]
    assert [account.name for account in Billfold.open(Path("third.toml")).accounts] == ["by name"]


def test_an_empty_variable_names_no_file(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILLFOLD_CONFIG", "")
    write(CI)
    assert [account.name for account in load()] == ["ci"]


@pytest.mark.parametrize("by_variable", [False, True])
def test_a_named_file_that_is_not_there_is_not_passed_over(
    write: Write, monkeypatch: pytest.MonkeyPatch, by_variable: bool
) -> None:
    write(CI)
    monkeypatch.setenv("BILLFOLD_CONFIG", "gone.toml" if by_variable else "")
    with pytest.raises(
        ConfigError, match=r"^gone\.toml: cannot be read: No such file or directory$"
    ):
        load(None if by_variable else "gone.toml")


def test_a_named_file_may_be_at_home(write: Write) -> None:
    write(CI, Path.home() / "mine.toml")
    assert [account.name for account in load("~/mine.toml")] == ["ci"]


def test_without_the_extra_for_it_the_users_folder_is_not_looked_into(
    write: Write, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(CI.replace('"ci"', '"at home"'), home / "billfold.toml")
    monkeypatch.setitem(sys.modules, "platformdirs", None)
    monkeypatch.setenv("HARMONT_TOKEN", "x")
    assert load() == build_accounts(environment_entries())
    assert [account.name for account in build_accounts(environment_entries())] == ["harmont"]


def test_without_anything_every_way_to_begin_is_named() -> None:
    with pytest.raises(ConfigError) as caught:
        load()
    for name in (
        "billfold init",
        "HARMONT_TOKEN",
        "LATITUDESH_BEARER",
        "AETHER_TOKEN",
        "BNERD_TOKEN",
    ):
        assert name in str(caught.value)


# -- the environment


def test_every_provider_whose_token_is_set_is_an_account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "HARMONT_TOKEN": "a",
        "HARMONT_ORG": "acme",
        "LATITUDESH_BEARER": "b",
        "AETHER_TOKEN": "c",
        "AETHER_ORG_ID": AETHER,
        "BNERD_TOKEN": "d",
        "BNERD_ORG_ID": BNERD,
        "BNERD_API_URL": "https://proxy.example.com/bnerd",
    }.items():
        monkeypatch.setenv(name, value)
    assert load() == (
        Account("aether", Aether(org=AETHER), FromEnv("AETHER_TOKEN")),
        Account(
            "bnerd", Bnerd(org=BNERD), FromEnv("BNERD_TOKEN"), "https://proxy.example.com/bnerd"
        ),
        Account("harmont", Harmont(org="acme"), FromEnv("HARMONT_TOKEN")),
        Account("latitude", Latitude(), FromEnv("LATITUDESH_BEARER")),
    )


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARMONT_TOKEN", "a")
    monkeypatch.setenv("HARMONT_ORG", "")
    monkeypatch.setenv("HARMONT_API_URL", "")
    monkeypatch.setenv("AETHER_TOKEN", "")
    assert load() == (Account("harmont", Harmont(), FromEnv("HARMONT_TOKEN")),)


def test_what_the_environment_misses_is_named_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BNERD_TOKEN", "d")
    monkeypatch.setenv("HARMONT_TOKEN", "a")
    monkeypatch.setenv("HARMONT_API_URL", "http://api.harmont.dev")
    with pytest.raises(ConfigError) as caught:
        load()
    first, second = str(caught.value).splitlines()
    assert first == "BNERD_TOKEN is set, but BNERD_ORG_ID is not; b'nerd Cloud needs it"
    assert second.startswith(
        "Harmont, from the environment: HARMONT_API_URL: 'http://api.harmont.dev' would be asked unencrypted"
    )


async def test_missing_tokens_are_named_all_at_once_when_none_is_there(write: Write) -> None:
    write(CI + CI.replace('"ci"', '"cd"') + 'token_env = "CD_TOKEN"\n')
    async with Billfold.open() as fold:
        with pytest.raises(ConfigError) as caught:
            await fold.usage()
    assert str(caught.value).splitlines() == [
        "account 'ci': the environment variable HARMONT_TOKEN is not set; it should hold the token",
        "account 'cd': the environment variable CD_TOKEN is not set; it should hold the token",
    ]


# -- every way to be wrong


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('ogr = "acme"', "unknown key 'ogr'; did you mean 'org'?"),
        ('token_evn = "X"', "unknown key 'token_evn'; did you mean 'token_env'?"),
        (
            "request_per_minute = 5",
            "unknown key 'request_per_minute'; did you mean 'requests_per_minute'?",
        ),
        ('currency = "USD"', "unknown key 'currency'; known: org, repositories, name, provider"),
        (
            'token = "hm_secret"',
            "a token does not belong in this file; name where it is kept instead: token_env, token_file,",
        ),
        (
            'token_env = "hm_secret.abc-def"',
            "token_env is the name of an environment variable, like HARMONT_TOKEN",
        ),
        (
            'token_env = "A"\ntoken_file = "b"',
            "has token_env and token_file; give one place for the token",
        ),
        ('token_env = ""', "token_env is text"),
        ("token_file = 5", "token_file is text"),
        ("token_keyring = []", "token_keyring is text"),
        (
            'token_command = "pass show ci"',
            "token_command is a list of a program and its arguments",
        ),
        ("token_command = []", "token_command is a list of a program"),
        ('token_command = ["pass", 5]', "token_command is a list of a program"),
        ("requests_per_minute = 0", "requests_per_minute is at least 1, not 0"),
        ("requests_per_minute = 1.5", "requests_per_minute is a whole number"),
        ("requests_per_minute = true", "requests_per_minute is a whole number"),
        ('requests_per_minute = "60"', "requests_per_minute is a whole number"),
        ("base_url = 5", "base_url is text"),
        (
            'base_url = "api.harmont.dev"',
            "'api.harmont.dev' is not a base URL; write it like https://api.example.com",
        ),
        ('base_url = "http://api.harmont.dev"', "would be asked unencrypted"),
        (
            'base_url = "https://me:hunter2@api.harmont.dev"',
            "a base URL holds no user name, password, query or fragment",
        ),
        ('proxy = "socks5://proxy.example"', "proxy is a socks5 proxy; write it like http://"),
        ("proxy = 3128", "proxy is text like http://proxy.example:3128, or none"),
        ('proxy = "http://me:hunter2@proxy.example"', "belong in HTTPS_PROXY"),
        ("request_timeout = nan", "request_timeout is a finite number of seconds above zero"),
        ("request_timeout = 0", "request_timeout is a finite number of seconds above zero"),
        ("request_timeout = true", "request_timeout is a number of seconds, not bool"),
        ('request_timeout = "60"', "request_timeout is a number of seconds, not str"),
        ("org = 5", "org: is text, not a whole number"),
        ('org = ["acme"]', "org: is text, not a list"),
        ("org = true", "org: is text, not true or false"),
        ("org = 2026-10-01", "org: is text, not a time"),
        ("org = { slug = 1 }", "org: is text, not a table"),
    ],
)
def test_every_mistake_in_an_account_is_told_with_its_name(
    write: Write, line: str, told: str
) -> None:
    (mistake,) = wrong(write(CI + line))
    assert mistake.startswith("account 'ci': ")
    assert told in mistake
    assert "secret" not in mistake.replace("token_file", "")
    assert "hunter2" not in mistake


@pytest.mark.parametrize(
    ("account", "told"),
    [
        ('name = "metal"\nprovider = "latitude"\nprojects = "proj_1"', "account 'metal': projects"),
        (
            'name = "metal"\nprovider = "latitude"\nprojects = ["proj_1", 5]',
            "account 'metal': projects",
        ),
        ('name = "metal"\nprovider = "latitude"\ncurrency = 5', "account 'metal': currency"),
        (
            'name = "cloud"\nprovider = "bnerd"',
            "account 'cloud': bnerd needs org, which it cannot discover",
        ),
        (
            'name = "cloud"\nprovider = "bnerd"\norg = "0f0f0f0f-1234-4abc-8def-0123456789ab"\nusage_decoder = "x"',
            "account 'cloud': usage_decoder",
        ),
        (
            'name = "x"\nprovider = "nimbus"',
            "account 'x': no adapter is installed for provider 'nimbus'; installed: aether,",
        ),
        *(
            (
                f'name = "x"\nprovider = "harmont"\norg = "{blank}"',
                "account 'x': org is an organization's slug, "
                f"not '{blank}'; leave it out for every one",
            )
            for blank in ("", " ")
        ),
        ('name = "x"', "account 'x': needs a provider, as text"),
        ('name = "x"\nprovider = 5', "account 'x': needs a provider, as text"),
        (
            'name = "x"\nprovidr = "harmont"',
            "account 'x': unknown key 'providr'; did you mean 'provider'?",
        ),
        ('name = "x"\nproxy = "none"', "account 'x': needs a provider, as text"),
        (
            'nam = "x"\nprovider = "harmont"',
            "account number 1: unknown key 'nam'; did you mean 'name'?",
        ),
        ('provider = "harmont"', "account number 1: needs a name, as text"),
        ('name = 5\nprovider = "harmont"', "account number 1: needs a name, as text"),
        ('name = ""\nprovider = "harmont"', "account number 1: '' is not a name for an account"),
    ],
)
def test_every_mistake_about_a_provider_is_told(write: Write, account: str, told: str) -> None:
    (mistake,) = wrong(write(f"[[accounts]]\n{account}\n"))
    assert mistake.startswith(told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "has no accounts; each begins with a line [[accounts]]"),
        ("accounts = []", "has no accounts"),
        ("accounts = 5", "has no accounts"),
        ('[accounts]\nname = "ci"', "has no accounts"),
        ("accounts = [5]", "has no accounts"),
        (CI.replace("accounts", "account"), "unknown key 'account'; did you mean 'accounts'?"),
        ("[billfold]\n" + CI, "unknown key 'billfold'; known: accounts"),
        ("[[accounts", "is not TOML: "),
        ("name = ", "is not TOML: "),
        (b"# \xff\xfe", "cannot be read: it is not UTF-8"),
        (CI + CI, "two accounts are named 'ci'; names are unique"),
    ],
)
def test_every_mistake_about_the_file_is_told(write: Write, text: str | bytes, told: str) -> None:
    (mistake,) = wrong(write(text))
    assert mistake.startswith(told)


def test_a_byte_order_mark_before_the_file_is_read_over(write: Write) -> None:
    (account,) = load(write(b"\xef\xbb\xbf" + CI.encode()))
    assert account.name == "ci"


HINT = r"write a path with backslashes in single quotes, like 'C:\Users\...', or with /"


@pytest.mark.parametrize(
    ("line", "hinted"),
    [
        (r'token_file = "C:\Users\ann\token.txt"', True),
        (r'token_file = "D:\secrets\token.txt"', True),
        (r'token_file = "\\server\share"', True),
        ("token_file = 'C:\\Users\\ann", False),
        ('token_file = "token', False),
    ],
)
def test_a_path_with_backslashes_is_hinted_at(write: Write, line: str, hinted: bool) -> None:
    (mistake,) = wrong(write(CI + line))
    assert mistake.startswith("is not TOML: ")
    assert (HINT in mistake) is hinted
    assert "ann" not in mistake.replace(HINT, "")


def test_a_token_file_in_the_folder_of_nobody(write: Write) -> None:
    (mistake,) = wrong(write(CI + 'token_file = "~nobody-there/token"'))
    assert mistake == "account 'ci': token_file: there is no home folder for '~nobody-there/token'"


def test_a_path_whose_backslashes_became_a_line_break_says_how_to_write_it(write: Write) -> None:
    (mistake,) = wrong(write(CI + r'token_file = "C:\nope\token"'))
    assert mistake == (
        "account 'ci': token_file has a line break, a tab or the like; write a path with "
        r"backslashes in single quotes, like 'C:\Users\...', or with /"
    )


def test_a_folder_is_no_file(write: Write) -> None:
    Path("folder.toml").mkdir()
    assert wrong(Path("folder.toml")) == ["cannot be read: Is a directory"]


def test_every_mistake_of_a_file_is_told_at_once(write: Write) -> None:
    good = CI.replace('"ci"', '"good"')
    mistakes = wrong(
        write(CI + 'ogr = "acme"\n' + good + '[[accounts]]\nname = "x"\nprovider = "nimbus"\n')
    )
    assert [mistake.partition(":")[0] for mistake in mistakes] == ["account 'ci'", "account 'x'"]


def test_a_mistake_in_one_account_does_not_hinder_another(write: Write) -> None:
    write(CI + CI.replace('"ci"', '"bad"') + "org = 5\n")
    good, bad = entries()
    assert (good.name, good.provider) == ("ci", "harmont")
    assert good.build().name == "ci"
    with pytest.raises(ConfigError, match="account 'bad': org"):
        bad.build()
