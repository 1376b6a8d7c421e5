"""An empty home, and files written there."""

from collections.abc import Callable
from pathlib import Path

import pytest

from billfold.adapter import find, installed

VARIABLES = [
    name for provider in installed() for name in find(provider).declares.settings_env.values()
]
VARIABLES += [find(provider).declares.token_env for provider in installed()]
VARIABLES += [find(provider).declares.url_env for provider in installed()]

Write = Callable[..., Path]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, with an empty home and an empty environment.

    Return the user's configuration folder.
    """
    for name in [*VARIABLES, "BILLFOLD_CONFIG"]:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "billfold"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file, ``billfold.toml`` in the working directory unless told otherwise, and return its path."""

    def writing(text: str | bytes, path: Path = Path("billfold.toml")) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return writing
