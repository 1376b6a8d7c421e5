r"""What a shell is offered is safe to evaluate, whatever a configuration holds.

zsh evaluates what typer prints: ``_arguments '*: :(("name"))'`` has the list in the inner brackets
evaluated as words. typer escapes ``$`` and a backtick, but not a backslash before them.
"""

import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer._completion_classes import ZshComplete

from support.commands import Ended

HOSTILE = [
    r"\$(touch pwned)",
    "$(touch pwned)",
    r"\`touch pwned`",
    "`touch pwned`",
    '"; touch pwned; "',
    "'; touch pwned; '",
    "))'; touch pwned; '((",
    "a\ntouch pwned",
    "a\ttouch pwned",
    "a:b",
    "a[$(touch pwned)]",
    "${x:-$(touch pwned)}",
    "~(touch pwned)",
    "<(touch pwned)",
    "!touch pwned",
    "a\\",
    "*",
]
# What zsh does with the words of _arguments, said in bash.
AS_ZSH = r"""
_arguments() { local list="${1#*: :((}"; eval "words=( ${list%))} )"; printf '%s\n' "${words[@]}"; }
_files() { :; }
eval "$1"
"""


def evaluated(text: str, folder: Path) -> list[str]:
    done = subprocess.run(
        ["bash", "-c", AS_ZSH, "bash", text],
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
        timeout=60,
    )
    return done.stdout.splitlines()


def test_this_shell_is_as_gullible_as_zsh(tmp_path: Path) -> None:
    offer = SimpleNamespace(value=HOSTILE[0], help=None)
    item = ZshComplete.format_completion(None, offer)  # type: ignore[arg-type]
    evaluated(f"_arguments '*: :(({item}))'", tmp_path)
    assert (tmp_path / "pwned").exists()


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    names = [*HOSTILE, "ci prod", "ops@acme.example"]
    tables = []
    for name in names:
        text = "".join(f"\\u{ord(char):04x}" for char in name)
        tables.append(f'[[accounts]]\nname = "{text}"\nprovider = "harmont"\n')
    (tmp_path / "billfold.toml").write_text("\n".join(tables))
    return tmp_path


def offered(billfold: object, monkeypatch: pytest.MonkeyPatch, shell: str, words: str) -> Ended:
    monkeypatch.setenv("_BILLFOLD_COMPLETE", f"complete_{shell}")
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", words)
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(words.count(" ")))
    done: Ended = billfold()  # type: ignore[operator]
    return done


@pytest.mark.parametrize("words", ["billfold --account ", "billfold --account c"])
def test_zsh_evaluates_nothing_that_a_configuration_holds(
    billfold, hostile, monkeypatch, words
) -> None:
    done = offered(billfold, monkeypatch, "zsh", words)
    names = evaluated(done.out, hostile)
    assert names == (["ci prod", "ops@acme.example"] if words.endswith(" ") else ["ci prod"])
    assert [each.name for each in hostile.iterdir()] == ["billfold.toml"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_no_shell_is_offered_what_is_no_name(billfold, hostile, monkeypatch, shell) -> None:
    done = offered(billfold, monkeypatch, shell, "billfold --account ")
    assert "ci prod" in done.out
    assert "pwned" not in done.out
    assert len(done.out.split("\n")) <= 3


@pytest.mark.parametrize("word", ["", "-", "c", "costs --", "usage --"])
def test_zsh_evaluates_nothing_of_our_own_help(billfold, hostile, monkeypatch, word) -> None:
    done = offered(billfold, monkeypatch, "zsh", f"billfold {word}")
    assert evaluated(done.out, hostile)
    assert [each.name for each in hostile.iterdir()] == ["billfold.toml"]


def test_a_name_that_is_none_is_told(billfold, hostile) -> None:
    done = billfold("balances")
    assert done.code == 2
    assert done.err.count("is not a name for an account") == len(HOSTILE)
    assert "\\$(touch pwned)" in done.err
    assert [each.name for each in hostile.iterdir()] == ["billfold.toml"]
