"""Running commands: in this process, and as a program against a real sandbox."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.commands import Ended, commands

PROGRAM = [sys.executable, "-c", "from billfold.cli import main; main()"]


@pytest.fixture
def billfold(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., Ended]:
    """Run a command in an empty folder, without a terminal and without configuration in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    for name in (
        "COLUMNS",
        "BILLFOLD_CONFIG",
        "HARMONT_TOKEN",
        "LATITUDESH_BEARER",
        "AETHER_TOKEN",
        "BNERD_TOKEN",
    ):
        monkeypatch.delenv(name, raising=False)
    return commands(capsys)


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Run ``billfold sandbox`` and give the billfold.toml it prints."""
    toml = tmp_path_factory.mktemp("sandbox") / "billfold.toml"
    with (
        toml.open("w") as writing,
        subprocess.Popen(
            [*PROGRAM, "sandbox"], stdout=writing, stderr=subprocess.PIPE, text=True
        ) as serving,
    ):
        assert serving.stderr is not None
        assert "ready" in serving.stderr.readline()
        yield toml
        serving.terminate()
        assert serving.wait(10) == 0


@pytest.fixture
def ask(billfold: Callable[..., Ended], world: Path) -> Callable[..., Ended]:
    """Run a command against every simulator as of NOW."""
    return lambda *arguments: billfold("--config", world, *arguments)
