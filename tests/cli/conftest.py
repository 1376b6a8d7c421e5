"""Running commands: in this process, and as a program against a real sandbox."""

import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from billfold.cli import run_command
from support.commands import Ended, commands
from support.mocked import Mocked
from support.programs import started
from support.world import NOW, served

# Two minutes before October ends, when nobody has forgotten it yet.
LAST_MINUTES = datetime(2026, 10, 31, 23, 58, tzinfo=UTC)

PROGRAM = [sys.executable, "-c", "from billfold.cli import main; main()"]

STREAMS = (
    "balances",
    "usage",
    "daily",
    "ledger",
    "invoices",
    "subscriptions",
    "payment-methods",
    "check",
)

USER = "https://api.harmont.dev/api/v0/user"
BALANCE = "https://api.harmont.dev/api/v0/billing/balance/acme"

TWO_ACCOUNTS = """
[[accounts]]
name = "good"
provider = "harmont"
org = "acme"
token_env = "GOOD"
[[accounts]]
name = "bad"
provider = "latitude"
token_env = "BAD"
base_url = "https://latitude.example"
"""

# Who pays for what the sandbox charges; the last rule matches nothing.
RULES = """
[[rule]]
match = { provider = "harmont", sub_account = "Storefront release" }
cost_centre = "shop"
[[rule]]
match = { provider = "harmont" }
cost_centre = "platform"
[[rule]]
match = { service = "Support Plus" }
share = { shop = 2, platform = 1 }
[[rule]]
match = { service = "Discontinued" }
cost_centre = "nobody"
"""


def stream_command(stream: str) -> tuple[str, ...]:
    """Return the command that shows a stream; all of the ledger would be a thousand rows."""
    return (stream, "--period", "last-month") if stream == "ledger" else (stream,)


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Be in an empty folder, without any configuration."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    for name in (
        "COLUMNS",
        "BILLFOLD_CONFIG",
        "BILLFOLD_STORE",
        "HARMONT_TOKEN",
        "LATITUDESH_BEARER",
        "AETHER_TOKEN",
        "BNERD_TOKEN",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def billfold(empty: None, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Run a command in an empty folder, with no terminal and no configuration."""
    return commands(capsys)


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Run ``billfold sandbox`` and give the billfold.toml it prints."""
    toml = tmp_path_factory.mktemp("sandbox") / "billfold.toml"
    with (
        toml.open("w") as writing,
        started(
            [*PROGRAM, "sandbox"], stdout=writing, stderr=subprocess.PIPE, text=True
        ) as serving,
    ):
        assert serving.stderr is not None
        assert "ready" in serving.stderr.readline()
        yield toml
        serving.terminate()
        assert serving.wait(60) == 0


@pytest.fixture
def ask(empty: None, capsys: pytest.CaptureFixture[str], world: Path) -> Callable[..., Ended]:
    """Run a command at NOW, as of which every simulator is served."""
    go = commands(capsys, clock=lambda: NOW)
    return lambda *arguments: go("--config", world, *arguments)


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory, world: Path) -> Path:
    """Give a store that read every account in October's last minutes, and October at NOW."""
    store, folder = tmp_path_factory.mktemp("kept") / "store", tmp_path_factory.mktemp("october")
    with served(LAST_MINUTES, folder) as october:
        read = ("--config", str(october), "--store", str(store), "sync")
        assert run_command(read, lambda: LAST_MINUTES) == 0
    closed = ("--config", str(world), "--store", str(store), "sync", "--period", "last-month")
    assert run_command(closed, lambda: NOW) == 3  # two of them have forgotten it
    return store


@pytest.fixture
def two_accounts(
    billfold: Callable[..., Ended], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mocked: Mocked
) -> None:
    """Two accounts: Harmont answers, Latitude.sh refuses the token."""
    (tmp_path / "billfold.toml").write_text(TWO_ACCOUNTS)
    monkeypatch.setenv("BILLFOLD_CONFIG", "billfold.toml")
    monkeypatch.setenv("GOOD", "good-token")
    monkeypatch.setenv("BAD", "bad-token")
    mocked.add(BALANCE, payload={"balance_cents": 1234}, repeat=True)
    user = {"uuid": "u", "email": "a@b.example", "name": "Ines", "personal_org_slug": None}
    mocked.add(USER, payload=user, repeat=True)
    mocked.add(re.compile(r"https://latitude\.example/.*"), status=401, repeat=True)


@pytest.fixture
def deaf(tmp_path: Path) -> Iterator[tuple[Path, socket.socket]]:
    """A configuration of one account whose provider accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)  # for who never comes
        file = tmp_path / "deaf.toml"
        file.write_text(
            '[[accounts]]\nname = "ci"\nprovider = "harmont"\ntoken_command = ["sh", "-c", "echo abc"]\n'
            f'base_url = "http://127.0.0.1:{server.getsockname()[1]}"\n'
        )
        yield file, server
