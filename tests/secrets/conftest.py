"""The simulators in a thread of their own, and commands run against them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from billfold.simulators.sandbox import Served, configuration
from billfold.simulators.serving import installed_simulators, serving_in_thread
from support.commands import Ended, commands
from support.endpoints import NOW


@pytest.fixture
def sandbox() -> Iterator[tuple[Served, ...]]:
    """Serve all simulators; their faults can be switched on."""
    simulations = [simulate(NOW) for simulate in installed_simulators().values()]
    with serving_in_thread(*simulations) as urls:
        yield tuple(Served(one, url) for one, url in zip(simulations, urls, strict=True))


@pytest.fixture
def billfold(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., Ended]:
    """Run a command in this process, at home in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    return commands(capsys)


@pytest.fixture
def config(sandbox: tuple[Served, ...], tmp_path: Path) -> Path:
    """Write the billfold.toml that reaches them."""
    file = tmp_path / "billfold.toml"
    file.write_text(configuration(sandbox, tmp_path))
    return file
