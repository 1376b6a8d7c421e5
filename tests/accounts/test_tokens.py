"""Where a token may be kept, and what is said when it is not there."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from billfold import ConfigError
from billfold.accounts.tokens import FromCommand, FromEnv, FromFile, FromKeyring
from support.hurried import hurried
from support.toys import others

TOKEN = "hm_kept_somewhere"


async def revealed(source: Any) -> str:
    secret = await source.read()
    assert TOKEN not in repr(source) + repr(secret)
    return secret.reveal()


# -- the environment


async def test_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINE", f"Bearer {TOKEN}\n")
    assert await revealed(FromEnv("MINE")) == TOKEN


@pytest.mark.parametrize("value", [None, ""])
async def test_a_variable_that_is_not_set(
    monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.delenv("MINE", raising=False)
    if value is not None:
        monkeypatch.setenv("MINE", value)
    with pytest.raises(
        ConfigError, match="the environment variable MINE is not set; it should hold the token"
    ):
        await FromEnv("MINE").read()


# -- a file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n")
    path.chmod(0o600)
    return path


async def test_from_a_file(file: Path) -> None:
    assert await revealed(FromFile(file)) == TOKEN


async def test_from_a_file_at_home(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(file.parent))
    assert await revealed(FromFile(Path("~/token"))) == TOKEN


@pytest.fixture
def at_home(file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A token file of somebody who is not root, in the own folder."""
    monkeypatch.setenv("HOME", str(file.parent))
    if os.geteuid() == 0:
        os.chown(file, 12_345, 12_345)
    return file


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o602, 0o444, 0o646])
def test_at_home_a_file_that_everybody_may_touch_is_refused_with_the_remedy(
    at_home: Path, mode: int
) -> None:
    at_home.chmod(mode)
    told = f"can be read or written by others; run: chmod 600 {at_home}"
    with pytest.raises(ConfigError, match=told):
        asyncio.run(FromFile(at_home).read())


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o640, 0o440, 0o660])
def test_at_home_a_file_of_a_group_is_taken(at_home: Path, mode: int) -> None:
    at_home.chmod(mode)
    assert asyncio.run(revealed(FromFile(at_home))) == TOKEN


@pytest.mark.parametrize("mode", [0o444, 0o644, 0o640, 0o440, 0o400])
def test_a_file_is_taken_as_containers_mount_it(
    file: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    monkeypatch.setenv("HOME", str(file.parent / "home"))
    file.chmod(mode)
    assert asyncio.run(revealed(FromFile(file))) == TOKEN


def test_a_link_from_home_is_taken_as_what_it_leads_to(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = file.parent / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    file.chmod(0o444)
    (home / "token").symlink_to(file)
    assert asyncio.run(revealed(FromFile(Path("~/token")))) == TOKEN


def test_without_a_folder_of_ones_own_nothing_is_in_it(
    at_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/")
    at_home.chmod(0o444)
    assert asyncio.run(revealed(FromFile(at_home))) == TOKEN


def test_roots_file_is_taken_at_home_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/etc")
    with pytest.raises(ConfigError, match=r"/etc/passwd: the token has characters that cannot be"):
        asyncio.run(FromFile(Path("/etc/passwd")).read())


@pytest.mark.parametrize("mode", [0o666, 0o602, 0o777])
def test_a_file_that_everybody_may_write_is_refused_anywhere(
    file: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    monkeypatch.setenv("HOME", str(file.parent / "home"))
    file.chmod(mode)
    with pytest.raises(ConfigError, match="can be read or written by others; run: chmod 600"):
        asyncio.run(FromFile(file).read())


def test_a_byte_order_mark_is_no_part_of_a_token(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + TOKEN.encode() + b"\r\n")
    assert asyncio.run(revealed(FromFile(file))) == TOKEN


async def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"the token file .*gone cannot be read: No such file or directory"
    ):
        await FromFile(tmp_path / "gone").read()


async def test_a_folder_is_no_token(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        await FromFile(tmp_path).read()


def test_a_file_that_is_no_text(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match=f"what the token file {file} gives is not UTF-8 text"):
        asyncio.run(FromFile(file).read())


def test_a_file_without_an_end_is_no_token(tmp_path: Path) -> None:
    pipe = tmp_path / "endless"
    os.mkfifo(pipe, 0o600)
    with (
        subprocess.Popen(["sh", "-c", 'exec cat /dev/zero > "$0"', str(pipe)]),
        pytest.raises(ConfigError) as caught,
    ):
        asyncio.run(FromFile(pipe).read())
    assert (
        str(caught.value)
        == f"what the token file {pipe} gives is too long to be a token: more than 64 KiB"
    )


@pytest.mark.parametrize("size", [64 * 1024, 64 * 1024 + 1])
def test_a_token_has_64_kib_at_most(file: Path, size: int) -> None:
    file.write_text(
        "x" * (size - 2) + "ä"
    )  # cut within a character it is too long all the same, and no less a text
    with pytest.raises(ConfigError) as caught:
        asyncio.run(FromFile(file).read())
    assert ("too long" in str(caught.value)) == (size > 64 * 1024)


def test_an_empty_file_is_no_token(file: Path) -> None:
    file.write_text("\n")
    with pytest.raises(ConfigError, match="the token is empty"):
        asyncio.run(FromFile(file).read())


# -- a command


def python(code: str) -> FromCommand:
    return FromCommand((sys.executable, "-c", code))


async def test_from_a_command() -> None:
    assert (
        await revealed(
            FromCommand((sys.executable, "-c", "import sys; print(sys.argv[1][::-1])", TOKEN[::-1]))
        )
        == TOKEN
    )


async def test_a_command_is_no_shell() -> None:
    assert (
        await revealed(
            FromCommand((sys.executable, "-c", "import sys; print(sys.argv[1])", "$HOME;true"))
        )
        == "$HOME;true"
    )


async def test_a_command_that_is_not_there() -> None:
    with pytest.raises(
        ConfigError,
        match="the token command 'no-such-program' cannot be run: No such file or directory",
    ):
        await FromCommand(("no-such-program",)).read()


async def test_a_command_that_fails_is_told_without_its_output(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(ConfigError) as caught:
        await python(f"print('{TOKEN}'); raise SystemExit(7)").read()
    assert str(caught.value).endswith("failed with exit code 7")
    assert TOKEN not in str(caught.value)
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("output", ["''", "'two\\nlines'", "'\\xff'"])
async def test_a_command_that_prints_no_token(output: str) -> None:
    with pytest.raises(ConfigError, match="the token "):
        await python(f"print({output})").read()


async def test_a_command_that_never_stops_printing_is_ended() -> None:
    with pytest.raises(
        ConfigError, match="the token command '/bin/cat' gives is too long to be a token"
    ):
        await asyncio.wait_for(FromCommand(("/bin/cat", "/dev/zero")).read(), 60)
    assert not others()


async def test_cancelling_ends_the_command() -> None:
    reading = asyncio.create_task(python("import time; time.sleep(60)").read())
    await asyncio.sleep(0.1)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(reading, 60)
    assert not others()


class _Inert(asyncio.SelectorEventLoop):
    """A loop that cannot wait for programs."""

    async def subprocess_exec(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError


def without_programs(source: FromCommand) -> str:
    with asyncio.Runner(loop_factory=_Inert) as runner:
        return runner.run(revealed(source))


def test_a_command_runs_where_the_loop_cannot_wait_for_programs() -> None:
    assert without_programs(python(f"print('{TOKEN}')")) == TOKEN
    for source, told in (
        (python("raise SystemExit(7)"), "failed with exit code 7"),
        (FromCommand(("no-such-program",)), "cannot be run: No such file or directory"),
        (FromCommand(("/bin/cat", "/dev/zero")), "too long to be a token"),
    ):
        with pytest.raises(ConfigError, match=told):
            without_programs(source)


def test_there_too_cancelling_ends_the_command() -> None:
    async def main() -> None:
        reading = asyncio.create_task(python("import time; time.sleep(60)").read())
        await asyncio.sleep(0.1)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(reading, 60)

    with asyncio.Runner(loop_factory=_Inert) as runner:
        runner.run(main())


def test_a_command_that_hangs_is_given_up() -> None:
    with pytest.raises(ConfigError, match="did not end within 60 seconds"):
        hurried(python("import time; time.sleep(60)").read)


# -- the keyring


class KeyringError(Exception):
    """What a keyring's package raises."""


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], str]:
    """Install a keyring whose entries the test writes.

    One of the service "locked" cannot be read.
    """
    entries: dict[tuple[str, str], str] = {}

    def get_password(service: str, user: str) -> str | None:
        if service == "locked":
            raise KeyringError("locked")
        if service == "odd":
            raise LookupError("no\nbus")
        return entries.get((service, user))

    package = ModuleType("keyring")
    vars(package).update(get_password=get_password)
    monkeypatch.setitem(sys.modules, "keyring", package)
    return entries


async def test_from_the_keyring(keyring: dict[tuple[str, str], str]) -> None:
    keyring["harmont", "ci"] = keyring["harmont", "billfold"] = TOKEN
    assert await revealed(FromKeyring("harmont/ci")) == TOKEN
    assert await revealed(FromKeyring("harmont")) == TOKEN


@pytest.mark.usefixtures("keyring")
async def test_an_entry_that_is_not_there_is_told_with_the_remedy() -> None:
    with pytest.raises(
        ConfigError, match="no entry 'harmont/ci'; add it with: keyring set harmont ci"
    ):
        await FromKeyring("harmont/ci").read()
    with pytest.raises(ConfigError, match="keyring set harmont billfold"):
        await FromKeyring("harmont").read()


@pytest.mark.usefixtures("keyring")
async def test_a_keyring_that_is_locked() -> None:
    with pytest.raises(ConfigError, match="the keyring cannot be read: locked"):
        await FromKeyring("locked/ci").read()


@pytest.mark.usefixtures("keyring")
async def test_a_keyring_that_fails_in_its_own_way() -> None:
    with pytest.raises(ConfigError, match="the keyring cannot be read: no bus"):
        await FromKeyring("odd/ci").read()


async def test_without_the_extra_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(ConfigError, match=r'pip install "keyring>='):
        await FromKeyring("harmont/ci").read()
