"""What the pages for people have them type does what they say."""

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from billfold.simulators.ecb import simulate
from billfold.simulators.serving import serving_in_thread
from support.commands import Ended, commands
from support.pages import CHECKOUT, billfold_commands, blocks, typed
from support.world import NOW

PAGES = ("README.md", "docs/tutorial.md", "docs/monthly-report.md")
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.fixture(scope="module")
def ecb() -> Iterator[str]:
    with serving_in_thread(simulate(NOW)) as (url,):
        yield url


@pytest.fixture
def run(
    empty: None,
    world: Path,
    ecb: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Ended]:
    """Run commands where there is a configuration, a store and a cache; the ECB is simulated."""
    monkeypatch.setenv("BILLFOLD_CONFIG", str(world))
    monkeypatch.setenv("BILLFOLD_STORE", str(tmp_path / "kept"))
    monkeypatch.setenv("BILLFOLD_CACHE", str(tmp_path / "cache"))
    go = commands(capsys, clock=lambda: NOW)
    more = {"rates": ("--base-url", ecb), "sandbox": ("--help",)}
    return lambda *arguments: go(*arguments, *more.get(arguments[0], ()))


@pytest.mark.parametrize("name", PAGES)
def test_every_command_of_a_page_runs(name: str, run: Callable[..., Ended]) -> None:
    for rules in (block for block in blocks(name, "toml") if "[[rule]]" in block):
        Path("rules.toml").write_text(rules)
    arguments = billfold_commands(name)
    assert arguments
    for command in dict.fromkeys(map(tuple, arguments)):
        ended = run(*command)
        # 3 is what the pages show where providers forgot a month, or figures do not agree.
        assert ended.code in (0, 3), (command, ended.err)
        assert ended.out or ended.code == 3 or command[0] in ("report", "sync"), command


def test_the_tutorials_amount_is_explained(run: Callable[..., Ended]) -> None:
    (command,) = [each for each in billfold_commands("docs/tutorial.md") if each[0] == "explain"]
    assert run(*command).code == 0


def test_the_tutorials_refusal_is_one(run: Callable[..., Ended]) -> None:
    assert ["costs", "--period", "last-month"] in billfold_commands("docs/tutorial.md")
    ended = run("costs", "--period", "last-month")
    assert (ended.code, ended.out) == (3, "")


def test_what_is_made_and_installed_is_there() -> None:
    targets = re.findall(r"^(\w+):.*##", (CHECKOUT / "Makefile").read_text("utf-8"), re.MULTILINE)
    for name in PAGES:
        made = [words[1] for words in typed(name) if words[0] == "make"]
        assert set(made) <= set(targets)
    installed = [words[2] for words in typed("README.md") if words[0] == "pip"]
    extras = {extra for text in installed for extra in re.findall(r"\[([\w,]+)\]", text)}
    assert installed
    assert extras <= set(PROJECT["optional-dependencies"])
    assert any(f"billfold-{PROJECT['version']}-py3-none-any.whl" in text for text in installed)


def test_the_environment_of_the_first_minutes_is_that_of_the_adapters() -> None:
    from billfold.adapter import find, installed

    (line,) = [
        line
        for block in blocks("README.md")
        for line in block.splitlines()
        if line.startswith("export ")
    ]
    named = set(re.findall(r"[A-Z]+_TOKEN|[A-Z]+_BEARER", line))
    assert named == {find(provider).declares.token_env for provider in installed()}
