"""Where a token may be kept. A token in clear text in a file is not among them."""

from __future__ import annotations

import asyncio
import os
import stat
import subprocess
from pathlib import Path

from attrs import field, frozen

from billfold.errors import ConfigError
from billfold.secret import Secret

_COMMAND_SECONDS = 60
# Bytes of a token at most: an endless file or program is refused before memory runs out.
_MAX_BYTES = 64 * 1024


@frozen
class FromEnv:
    """Read ``token_env``: the name of an environment variable."""

    name: str

    async def read(self) -> Secret:
        """Return the token. Raises ConfigError when the variable is not set."""
        value = os.environ.get(self.name)
        if not value:
            raise ConfigError(
                f"the environment variable {self.name} is not set; it should hold the token"
            )
        return Secret(value)


@frozen
class FromFile:
    """Read ``token_file``: a path; ``~`` is the home folder."""

    path: Path

    async def read(self) -> Secret:
        """Return the token.

        Raises ConfigError when the file cannot be read, is too long, or others may touch it.
        """
        try:
            path = self.path.expanduser()
            content, taken = await asyncio.to_thread(_read_start, path)
        except (OSError, ValueError, RuntimeError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise ConfigError(f"the token file {self.path} cannot be read: {reason}") from None
        if not taken:
            raise ConfigError(
                f"the token file {path} can be read or written by others; run: chmod 600 {path}"
            )
        return _token(content, f"the token file {path}")


@frozen
class FromCommand:
    """Run ``token_command``: a program and its arguments, no shell; it prints the token."""

    # Only the program is shown: its arguments may hold what should not be seen.
    arguments: tuple[str, ...] = field(repr=lambda arguments: repr((*arguments[:1], ...)))

    async def read(self) -> Secret:
        """Return the token.

        Raises ConfigError when the command is missing, fails, prints too much or takes more than a
        minute.
        """
        named = f"the token command {self.arguments[0]!r}"
        try:
            async with asyncio.timeout(_COMMAND_SECONDS):
                try:
                    output, code = await _run(self.arguments)
                except RuntimeError:
                    # This loop cannot wait for programs, like Windows' selector loop.
                    output, code = await _run_in_thread(self.arguments)
        except TimeoutError:
            raise ConfigError(f"{named} did not end within {_COMMAND_SECONDS} seconds") from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise ConfigError(f"{named} cannot be run: {reason}") from None
        if code and len(output) <= _MAX_BYTES:
            raise ConfigError(f"{named} failed with exit code {code}")
        return _token(output, named)


async def _run(arguments: tuple[str, ...]) -> tuple[bytes, int | None]:
    """Return what a program prints, a byte more than a token's most, and its exit code."""
    process = await asyncio.create_subprocess_exec(*arguments, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        output = await _read_output(process.stdout)
        if len(output) <= _MAX_BYTES:
            await process.wait()
        return output, process.returncode
    finally:
        if process.returncode is None:
            # Kills the program and lets go of its output, which wait() waits for: a child may
            # hold it for long.
            process._transport.close()  # type: ignore[attr-defined]  # asyncio has no public way
            await process.wait()


async def _run_in_thread(arguments: tuple[str, ...]) -> tuple[bytes, int | None]:
    """Do what :func:`_run` does, where the loop cannot: a thread waits for the program."""
    process = subprocess.Popen(  # noqa: ASYNC220 - this loop has no other way
        arguments, stdout=subprocess.PIPE
    )
    try:
        return await asyncio.to_thread(_read_to_end, process)
    finally:
        process.kill()
        process.wait()


def _read_to_end(process: subprocess.Popen[bytes]) -> tuple[bytes, int | None]:
    assert process.stdout is not None
    with process.stdout as printed:
        output = printed.read(_MAX_BYTES + 1)
    return output, process.wait() if len(output) <= _MAX_BYTES else None


async def _read_output(output: asyncio.StreamReader) -> bytes:
    try:
        return await output.readexactly(_MAX_BYTES + 1)
    except asyncio.IncompleteReadError as end:
        return end.partial


def _token(content: bytes, source: str) -> Secret:
    """Return the token that a file or a program gives. Raises ConfigError for what is none."""
    if len(content) > _MAX_BYTES:
        raise ConfigError(
            f"what {source} gives is too long to be a token: more than {_MAX_BYTES // 1024} KiB"
        )
    try:
        # Editors and shells of Windows begin a text with a byte order mark.
        return Secret(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ConfigError(f"what {source} gives is not UTF-8 text") from None
    except ConfigError as error:
        raise ConfigError(f"{source}: {error}") from None


def _read_start(path: Path) -> tuple[bytes, bool]:
    """Return a file's first bytes, and whether its token may be taken from there."""
    with path.open("rb") as file:
        return file.read(_MAX_BYTES + 1), os.name != "posix" or _is_safe(path, file.fileno())


def _is_safe(path: Path, descriptor: int) -> bool:
    """Return whether nobody may touch a token's file who should not.

    Everybody may write none. Everybody may read one as containers mount it: root's, on a read-only
    mount, or outside of the user's own folder.
    """
    status = os.fstat(descriptor)
    if status.st_mode & stat.S_IWOTH:
        return False
    mounted = status.st_uid == 0 or os.fstatvfs(descriptor).f_flag & os.ST_RDONLY
    return bool(mounted) or not status.st_mode & stat.S_IROTH or not _is_at_home(path)


def _is_at_home(path: Path) -> bool:
    try:
        home = Path.home().resolve()
        return home != Path(home.anchor) and path.resolve().is_relative_to(home)
    except (OSError, RuntimeError):  # a user without a home has nothing there
        return False


@frozen
class FromKeyring:
    """Look up ``token_keyring``: ``service/user`` in the system's keyring (extra ``keyring``)."""

    entry: str

    async def read(self) -> Secret:
        """Return the token.

        Raises ConfigError when the extra is missing, or the keyring has no such entry.
        """
        try:
            import keyring
        except ImportError:
            raise ConfigError(
                "token_keyring needs the package keyring: pip install 'billfold[keyring]'"
            ) from None
        service, _, user = self.entry.partition("/")
        try:
            value = await asyncio.to_thread(keyring.get_password, service, user or "billfold")
        except Exception as error:  # noqa: BLE001 - a system's keyring raises whatever it likes
            reason = " ".join(str(error).split()) or "it does not say why"
            raise ConfigError(f"the keyring cannot be read: {reason}") from None
        if value is None:
            raise ConfigError(
                f"the keyring has no entry {self.entry!r}; "
                f"add it with: keyring set {service} {user or 'billfold'}"
            )
        return Secret(value)
