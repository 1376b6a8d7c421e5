"""A token command runs alone, without what is not its own, and leaves nothing behind."""

import asyncio
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import ModuleType

import pytest

from billfold import ConfigError
from billfold.accounts.config import load
from billfold.accounts.tokens import FromCommand, FromFile, FromKeyring
from support.hurried import hurried

SHELL = "/bin/sh"


def shell(script: str) -> FromCommand:
    return FromCommand((SHELL, "-c", script))


def read(source: FromCommand | FromFile | FromKeyring) -> str:
    return asyncio.run(source.read()).reveal()


def is_alive(process: int) -> bool:
    """Return whether a process is there and is no zombie that nobody has taken note of."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def gone(*processes: int) -> bool:
    """Return whether processes are gone, or soon will be: the kernel takes its time."""
    until = time.monotonic() + 30
    while any(map(is_alive, processes)) and time.monotonic() < until:
        time.sleep(0.01)
    return not any(map(is_alive, processes))


def written(file: Path) -> list[int]:
    """Return the numbers of processes in a file, once they are there."""
    until = time.monotonic() + 60
    while not file.exists() or not file.read_text().endswith("\n"):
        assert time.monotonic() < until
        time.sleep(0.01)
    return [int(number) for number in file.read_text().split()]


@pytest.fixture
def numbers(tmp_path: Path) -> Iterator[Path]:
    """A file for the numbers of processes, which are ended should a test fail."""
    file = tmp_path / "numbers"
    yield file
    if file.exists():
        for number in file.read_text().split():
            with suppress(ProcessLookupError):
                os.kill(int(number), 9)


# -- alone


def test_it_has_a_session_of_its_own() -> None:
    code = "import os; print(os.getsid(0) == os.getpgid(0) == os.getpid())"
    assert read(FromCommand((sys.executable, "-c", code))) == "True"


def test_it_has_no_standard_input() -> None:
    code = "import sys; print(f'[{sys.stdin.read()}]')"
    ours, theirs = socket.socketpair()
    with ours, theirs:
        kept = os.dup(0)
        os.dup2(ours.fileno(), 0)  # to read it would hang
        try:
            assert read(FromCommand((sys.executable, "-c", code))) == "[]"
        finally:
            os.dup2(kept, 0)
            os.close(kept)


def test_it_has_no_other_accounts_tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = ("HARMONT_TOKEN", "LATITUDESH_BEARER", "AETHER_TOKEN", "BNERD_TOKEN", "ACME", "UNUSED")
    for name in (*hidden, "PASSWORD_STORE_DIR"):
        monkeypatch.setenv(name, "value")
    file = tmp_path / "billfold.toml"
    account = '[[accounts]]\nname = "{}"\nprovider = "harmont"\n'
    file.write_text(
        account.format("ci")
        + f"token_command = ['{sys.executable}', '-c', 'import os; print(*os.environ, sep=chr(44))']\n"
        + account.format("acme")
        + 'token_env = "ACME"\n'
        # Named by an account that has a mistake, too.
        + account.format("unused")
        + 'token_env = "UNUSED"\norg = 5\n'
    )
    from billfold.accounts.config import entries

    seen = asyncio.run(entries(file)[0].build().token.read()).reveal().split(",")
    assert "PASSWORD_STORE_DIR" in seen
    assert not set(hidden) & set(seen)


def test_accounts_that_run_the_same_command_share_its_token(tmp_path: Path) -> None:
    file = tmp_path / "billfold.toml"
    account = '[[accounts]]\nname = "{}"\nprovider = "harmont"\ntoken_command = ["pass", "ci"]\n'
    file.write_text(account.format("a") + account.format("b"))
    first, second = load(file)
    assert first.token == second.token
    assert hash(first.token) == hash(second.token)


# -- nothing left behind

PAIR = 'sleep 300 & echo "$$ $!" > "{}"; '


def test_what_it_started_ends_with_it(numbers: Path) -> None:
    began = time.monotonic()
    assert read(shell(f"{PAIR.format(numbers)} echo token")) == "token"
    assert time.monotonic() - began < 100  # not as long as the child holds its output
    assert gone(*written(numbers))


def test_what_it_started_ends_with_it_when_it_fails(numbers: Path) -> None:
    with pytest.raises(ConfigError, match="failed with exit code 7"):
        read(shell(f"{PAIR.format(numbers)} exit 7"))
    assert gone(*written(numbers))


def test_what_it_started_ends_with_it_when_it_prints_too_much(numbers: Path) -> None:
    with pytest.raises(ConfigError, match="too long to be a token"):
        read(shell(f"{PAIR.format(numbers)} cat /dev/zero"))
    assert gone(*written(numbers))


def test_what_it_started_ends_with_it_when_it_takes_too_long(numbers: Path) -> None:
    async def main() -> None:
        reading = asyncio.create_task(shell(f"{PAIR.format(numbers)} sleep 300").read())
        for _ in iter(numbers.exists, True):  # a turn of the loop takes no time by its clock
            await asyncio.sleep(0)
        await reading

    with pytest.raises(ConfigError, match="did not end within 60 seconds"):
        hurried(main)
    assert gone(*written(numbers))


@pytest.mark.parametrize(
    "also", ["sleep 300", "exec >&-; sleep 300", "trap '' TERM HUP; sleep 300"]
)
def test_what_it_started_ends_with_it_when_it_is_cancelled(numbers: Path, also: str) -> None:
    async def main() -> None:
        reading = asyncio.create_task(shell(PAIR.format(numbers) + also).read())
        await asyncio.to_thread(written, numbers)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(reading, 60)

    asyncio.run(main())
    assert gone(*written(numbers))


def test_cancelled_at_once_it_never_lives(numbers: Path) -> None:
    async def main() -> None:
        for _ in range(20):
            reading = asyncio.create_task(
                shell(PAIR.format(numbers).replace(">", ">>") + "sleep 300").read()
            )
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            reading.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asyncio.wait_for(reading, 60)

    before = {*threading.enumerate()}
    asyncio.run(main())
    for thread in {*threading.enumerate()} - before:  # each ends the program that it started
        thread.join(60)
    begun = numbers.read_text().split() if numbers.exists() else []
    assert gone(*map(int, begun))
    assert not [each for each in Path("/proc").glob("[0-9]*/cmdline") if _names(each, numbers)]


def _names(cmdline: Path, file: Path) -> bool:
    try:
        return str(file).encode() in cmdline.read_bytes()
    except OSError:
        return False


def test_one_that_left_the_group_and_holds_the_output_is_not_waited_for(numbers: Path) -> None:
    code = (
        "import subprocess, sys\n"
        "child = subprocess.Popen(['sleep', '300'], start_new_session=True)\n"
        "open(sys.argv[1], 'w').write(f'{child.pid}\\n')\n"
        "print('token')"
    )
    began = time.monotonic()
    assert read(FromCommand((sys.executable, "-c", code, str(numbers)))) == "token"
    assert time.monotonic() - began < 100


def test_all_that_a_program_printed_before_its_end_is_read() -> None:
    assert read(shell("printf %060000d 7")) == "0" * 59_999 + "7"


# -- files and keyrings have a time limit, too


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[Path]:
    """A pipe that nobody writes to, until the end of the test."""
    path = tmp_path / "pipe"
    os.mkfifo(path, 0o600)
    yield path
    with suppress(OSError):  # whoever still reads goes on
        os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))


def test_a_file_that_gives_nothing_is_given_up(pipe: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"the token file .*pipe did not answer within 60 seconds"
    ):
        hurried(FromFile(pipe).read)


def test_a_file_that_is_written_late_is_waited_for(pipe: Path) -> None:
    with subprocess.Popen([SHELL, "-c", 'sleep 0.3; echo token > "$0"', str(pipe)]):
        assert read(FromFile(pipe)) == "token"


def test_cancelling_does_not_wait_for_a_file(pipe: Path) -> None:
    async def main() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(FromFile(pipe).read(), 0.1)

    began = time.monotonic()
    asyncio.run(main())
    assert time.monotonic() - began < 100


def test_a_hundred_files_that_hang_take_no_thread_of_the_loop(pipe: Path) -> None:
    async def main() -> None:
        reading = [asyncio.create_task(FromFile(pipe).read()) for _ in range(100)]
        loop = asyncio.get_running_loop()
        assert await asyncio.wait_for(loop.getaddrinfo("127.0.0.1", 80), 50)
        for each in reading:
            each.cancel()
        await asyncio.gather(*reading, return_exceptions=True)

    asyncio.run(main())


def test_a_keyring_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    package = ModuleType("keyring")
    vars(package).update(get_password=lambda service, user: time.sleep(5))
    monkeypatch.setitem(sys.modules, "keyring", package)
    with pytest.raises(ConfigError, match="the keyring did not answer within 60 seconds"):
        hurried(FromKeyring("harmont/ci").read)


def test_a_program_ends_though_a_token_file_hangs(pipe: Path) -> None:
    code = (
        "import asyncio, sys\nfrom pathlib import Path\n"
        "from billfold.accounts.tokens import FromFile\n"
        "async def main():\n"
        "    try:\n"
        "        await asyncio.wait_for(FromFile(Path(sys.argv[1])).read(), 0.2)\n"
        "    except TimeoutError:\n"
        "        print('ended')\n"
        "asyncio.run(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(pipe)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "ended\n", "")
