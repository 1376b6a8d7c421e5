"""The simulators in a thread of their own, and commands run against them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from attrs import frozen

from billfold.cli import run
from billfold.sandbox import Served, configuration
from billfold.simulation import simulators
from billfold.testing.bench import served
from support.endpoints import NOW


@frozen
class Ended:
    code: int
    out: str
    err: str


@pytest.fixture
def sandbox() -> Iterator[tuple[Served, ...]]:
    """Serve all simulators; their faults can be switched on."""
    simulations = [simulate(NOW) for simulate in simulators().values()]
    with served(*simulations) as urls:
        yield tuple(Served(one, url) for one, url in zip(simulations, urls, strict=True))


@pytest.fixture
def billfold(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Ended]:
    """Run a command in this process, at home in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")

    def go(*arguments: object) -> Ended:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        return Ended(code, *capsys.readouterr())

    return go


@pytest.fixture
def config(sandbox: tuple[Served, ...], tmp_path: Path) -> Path:
    """Write the billfold.toml that reaches them."""
    file = tmp_path / "billfold.toml"
    file.write_text(configuration(sandbox, tmp_path))
    return file
