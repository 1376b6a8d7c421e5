"""The real program, in a process of its own: how it starts, and every way it ends."""

import io
import json
import os
import signal
import socket
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from support.commands import Ended
from support.programs import started

PROGRAM = [sys.executable, "-c", "from billfold.cli import main; main()"]


def ended(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *arguments], capture_output=True, text=True, timeout=120, check=False, **options
    )  # type: ignore[call-overload]


def test_the_version_is_one_line() -> None:
    assert ended("--version").stdout == "billfold 0.1.0\n"


def test_it_is_a_module_too() -> None:
    asked = [sys.executable, "-m", "billfold", "--version"]
    done = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "billfold 0.1.0\n"


# Prints what is loaded at the end of a program, as its last line.
LOADED = (
    "import atexit, sys\n"
    "atexit.register(lambda: print(' '.join(sys.modules), file=sys.stderr))\n"
    "from billfold.cli import main; main()"
)


# Prints how many classes of ours attrs made, each by writing and compiling code.
MADE = (
    "import atexit, sys\n"
    "ours = lambda: [module for name, module in sys.modules.items() if name.startswith('billfold')]\n"
    "made = lambda: {v for module in ours() for v in vars(module).values()"
    " if isinstance(v, type) and hasattr(v, '__attrs_attrs__')}\n"
    "atexit.register(lambda: print(len(made()), file=sys.stderr))\n"
    "from billfold.cli import main; main()"
)
# What `balances` and `--help` took when this was written, and a few more: a command's start is
# what it loads. To load more, say in the change what it buys.
OF_BALANCES, OF_HELP, MADE_FOR_BALANCES = 190, 52, 33


def loaded(*arguments: str) -> tuple[str, set[str]]:
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    *said, modules = done.stderr.splitlines()
    assert (done.returncode, said) == (0, [])
    return done.stdout, set(modules.split())


def test_help_loads_few_modules_and_neither_what_asks_nor_what_counts() -> None:
    text, modules = loaded("--help")
    assert "balances" in text
    assert modules.isdisjoint({"aiohttp", "billfold.money", "billfold.model", "cattrs", "iso4217"})
    assert 0 < len(ours(modules)) <= OF_HELP


# The command comes first: behind an option all of them are loaded.
BALANCES = ("balances", "--format", "json")


@pytest.fixture
def one_account(sandbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The configuration is Harmont's account alone."""
    parts = sandbox.read_text().split("[[accounts]]")
    (first, *_) = [part for part in parts if 'provider = "harmont"' in part]
    config = tmp_path / "one.toml"
    config.write_text(f"[[accounts]]{first}")
    monkeypatch.setenv("BILLFOLD_CONFIG", str(config))


def ours(modules: set[str]) -> set[str]:
    return {name for name in modules if name.startswith("billfold")}


@pytest.mark.usefixtures("one_account")
def test_balances_in_json_load_no_more_than_their_budget_and_nothing_that_lays_out() -> None:
    text, every = loaded(*BALANCES)
    assert json.loads(text)["complete"] is True
    assert {name for name in every if name.partition(".")[0] in ("rich", "iso4217")} == set()
    modules = ours(every)
    assert 0 < len(modules) <= OF_BALANCES
    # Neither another adapter, nor what stands for one that is missing, nor what writes files.
    apart = {"billfold.accounts._not_imported", "billfold.files.atomic", "billfold.files.locks"}
    assert modules.isdisjoint(apart)
    adapters = {name.partition(".")[0] for name in modules} - {"billfold"}
    assert adapters == {"billfold_harmont"}


@pytest.mark.usefixtures("one_account")
def test_balances_make_few_classes_at_their_start() -> None:
    done = subprocess.run(
        [sys.executable, "-c", MADE, *BALANCES], capture_output=True, text=True, check=True
    )
    assert 0 < int(done.stderr) <= MADE_FOR_BALANCES


def test_ctrl_c_ends_at_once_with_130(deaf: tuple[Path, socket.socket]) -> None:
    config, server = deaf
    with started(
        [*PROGRAM, "--config", str(config), "balances"], stderr=subprocess.PIPE, text=True
    ) as asking:
        connection, _ = server.accept()
        with connection:
            asking.send_signal(signal.SIGINT)
            _, err = asking.communicate(timeout=60)  # the server never answers
    assert (asking.returncode, err) == (130, "")


# Send Ctrl-C at a moment of the program, whatever the machine.
AS_IT_BEGINS = """
class Finder:
    def find_spec(self, name, *_):
        if name == "billfold.cli.output.terminal":
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Finder())
"""
IN_A_CALLBACK = """
class Thing: pass
class Finder:
    def find_spec(self, name, *_):
        if name == "billfold.cli.output.terminal":
            thing = Thing()
            held = weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGINT))
            del thing
            time.sleep(60)
sys.meta_path.insert(0, Finder())
"""
AS_IT_ENDS = "atexit.register(signal.raise_signal, signal.SIGINT)"


@pytest.mark.parametrize(
    ("moment", "code"),
    [(AS_IT_BEGINS, 130), (IN_A_CALLBACK, 130), (AS_IT_ENDS, 0)],
    ids=["as it begins", "in a callback", "as it ends"],
)
def test_ctrl_c_shows_no_traceback_whenever_it_comes(moment: str, code: int) -> None:
    program = f"import atexit, signal, sys, time, weakref\n{moment}\nfrom billfold.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "providers"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (code, "")


def test_a_deadline_is_kept_and_reported(deaf: tuple[Path, socket.socket]) -> None:
    done = ended("--config", str(deaf[0]), "--deadline", "0.3", "usage", "--format", "json")
    assert done.returncode == 4  # and it has ended: the server never answers
    assert json.loads(done.stdout)["coverage"][0]["state"] == "timed_out"
    assert "--deadline" in done.stderr


def test_a_name_look_up_that_hangs_holds_nothing_up(tmp_path: Path) -> None:
    hanging = (
        "import socket, time; socket.getaddrinfo = lambda *_, **__: time.sleep(600)\n"
        "from billfold.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", hanging, "--deadline", "0.5", "balances", "--format", "json"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
        timeout=120,
        env={
            "HARMONT_TOKEN": "abc",
            "HARMONT_API_URL": "https://harmont.example",
            "XDG_CONFIG_HOME": str(tmp_path),
        },
    )
    assert done.returncode == 4
    assert json.loads(done.stdout)["failures"][0]["error"] == "DeadlineError"


def test_a_reader_that_leaves_early_is_no_error(world: Path) -> None:
    # All of the ledger is more than a pipe holds, whatever the day is.
    with started(
        [*PROGRAM, "--config", str(world), "--account", "ci", "ledger", "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as writing:
        assert writing.stdout is not None
        assert writing.stderr is not None
        assert writing.stdout.readline() == b"{\n"
        writing.stdout.close()
        assert b"Traceback" not in writing.stderr.read()
        assert writing.wait(60) == 141


@pytest.mark.parametrize("arguments", [["--help"], ["usage", "--help"], ["--version"]])
def test_a_reader_that_left_before_the_help_is_no_bug(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as nobody:
        done = subprocess.run(
            [*PROGRAM, *arguments], stdout=nobody, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, done.stderr) == (141, b"")


ON_A_FULL_DISK = pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["costs", "--help"],
        ["--version"],
        ["--show-completion", "bash"],
        ["providers"],
        ["providers", "--format", "csv"],
        ["balances"],
        ["usage", "--format", "json"],
        ["focus", "explain", "SkuId"],
        ["sandbox"],
    ],
)
FULL = "billfold: standard output cannot be written: No space left on device\n"
# The shell is the one that is named, whatever runs the tests.
NAMED_SHELL = "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION"


def of(sandbox: Path, arguments: list[str]) -> list[str]:
    return [*([] if arguments[0].startswith("-") else ["--config", str(sandbox)]), *arguments]


@ON_A_FULL_DISK
def test_a_full_disk_on_standard_output_is_2_and_one_line(
    sandbox: Path, arguments: list[str]
) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, *of(sandbox, arguments)],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=30,
            check=False,
            env={**os.environ, "PYTHONUNBUFFERED": "", NAMED_SHELL: "1"},
        )
    assert (done.returncode, done.stderr) == (2, FULL)


@ON_A_FULL_DISK
def test_a_full_disk_on_an_unbuffered_standard_output_is_2_and_one_line(
    billfold: Callable[..., Ended],
    sandbox: Path,
    arguments: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(NAMED_SHELL, "1")
    with io.TextIOWrapper(io.FileIO("/dev/full", "w"), write_through=True) as full:
        monkeypatch.setattr(sys, "stdout", full)
        done = billfold(*of(sandbox, arguments))
    assert (done.code, done.err) == (2, FULL)


def test_a_full_disk_on_standard_error_changes_no_exit_code(sandbox: Path) -> None:
    def code(*arguments: str) -> int:
        with Path("/dev/full").open("wb") as full:
            return subprocess.run(
                [*PROGRAM, *arguments], stdout=subprocess.DEVNULL, stderr=full, check=False
            ).returncode

    assert code("--config", "nowhere.toml", "balances") == 2
    assert code("--config", str(sandbox), "--account", "ci", "balances", "--format", "json") == 0
    assert (
        code(
            "--config",
            str(sandbox),
            "--account",
            "k8s",
            "usage",
            "--period",
            "2020-01",
            "--format",
            "csv",
        )
        == 4
    )


# Every width where the start is quick, and one of each kind where a provider is asked, too.
@pytest.mark.parametrize(
    ("arguments", "widths"),
    [
        (["--help"], ("0", "-5", "7", "\N{SUPERSCRIPT TWO}", "wide", "", "9" * 5000)),
        (["balances"], ("7",)),
    ],
    ids=["help", "balances"],
)
def test_a_width_that_none_can_read_in_is_as_good_as_none(
    sandbox: Path, arguments: list[str], widths: tuple[str, ...]
) -> None:
    command = ["--config", str(sandbox), "--account", "ci", *arguments]
    bare = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    without = ended(*command, env=bare)
    assert without.stdout.strip()
    for columns in widths:
        given = ended(*command, env={**bare, "COLUMNS": columns})
        assert (given.returncode, given.stdout, given.stderr) == (
            without.returncode,
            without.stdout,
            without.stderr,
        ), columns


def test_the_sandbox_serves_until_ctrl_c(tmp_path: Path) -> None:
    toml = tmp_path / "billfold.toml"
    with (
        toml.open("w") as out,
        started(
            [*PROGRAM, "sandbox"],
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "TMPDIR": str(tmp_path)},
        ) as serving,
    ):
        assert serving.stderr is not None
        assert "ready" in serving.stderr.readline()
        assert "billfold rates update" in serving.stderr.readline()
        accounts = tomllib.loads(toml.read_text())["accounts"]
        files = [Path(account["token_file"]) for account in accounts]
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
        assert ended("check", cwd=tmp_path).returncode == 0
        serving.send_signal(signal.SIGINT)
        assert serving.wait(60) == 0
        assert serving.stderr.read() == ""
    assert not any(file.exists() for file in files)
    assert {account["provider"] for account in accounts} == {
        "aether",
        "bnerd",
        "harmont",
        "latitude",
    }


def test_the_demo_needs_nothing(tmp_path: Path) -> None:
    done = ended("demo", cwd=tmp_path, env={"PATH": os.environ["PATH"], "COLUMNS": "80"})
    assert (done.returncode, done.stderr) == (0, "")
    assert max(len(line) for line in done.stdout.splitlines()) <= 80
    assert "Costs" in done.stdout
