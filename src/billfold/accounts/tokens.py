"""Where a token may be kept. A token in clear text in a file is not among them."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from attrs import field, frozen

from billfold.errors import ConfigError
from billfold.secret import Secret

_COMMAND_SECONDS = 60
_MOST = (
    64 * 1024
)  # bytes: whoever names an endless file or program is told so, before memory runs out


@frozen
class FromEnv:
    """Read ``token_env``: the name of an environment variable."""

    name: str

    async def read(self) -> Secret:
        """Raise ConfigError when the variable is not set."""
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
        """Raise ConfigError when the file cannot be read or is too long, or others than its owner may read it."""
        path = self.path.expanduser()
        try:
            mode = path.stat().st_mode
            text = _short(await asyncio.to_thread(_beginning, path), f"file {path}").decode()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not text"
            raise ConfigError(f"the token file {path} cannot be read: {reason}") from None
        if os.name == "posix" and mode & 0o077:
            raise ConfigError(f"the token file {path} can be read by others; run: chmod 600 {path}")
        return Secret(text)


@frozen
class FromCommand:
    """Run ``token_command``: a program and its arguments, no shell; its standard output is the token."""

    # Only the program is shown: its arguments may hold what should not be seen.
    arguments: tuple[str, ...] = field(repr=lambda arguments: repr((*arguments[:1], ...)))

    async def read(self) -> Secret:
        """Raise ConfigError when the command is missing, fails, prints too much or takes more than a minute."""
        program = self.arguments[0]
        try:
            process = await asyncio.create_subprocess_exec(
                *self.arguments, stdout=asyncio.subprocess.PIPE
            )
        except OSError as error:
            raise ConfigError(
                f"the token command {program!r} cannot be run: {error.strerror}"
            ) from None
        try:
            async with asyncio.timeout(_COMMAND_SECONDS):
                assert process.stdout is not None
                output = _short(await _printed(process.stdout), f"command {program!r}")
                await process.wait()
        except TimeoutError:
            raise ConfigError(
                f"the token command {program!r} did not end within {_COMMAND_SECONDS} seconds"
            ) from None
        finally:
            if process.returncode is None:
                # Kills the program and lets go of its output, which wait() waits for, and a child may hold for long.
                process._transport.close()  # type: ignore[attr-defined] # pyright: ignore[reportAttributeAccessIssue]
                await process.wait()
        if process.returncode:
            raise ConfigError(
                f"the token command {program!r} failed with exit code {process.returncode}"
            )
        return Secret(output.decode(errors="replace"))


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MOST + 1)


async def _printed(output: asyncio.StreamReader) -> bytes:
    try:
        return await output.readexactly(_MOST + 1)
    except asyncio.IncompleteReadError as end:
        return end.partial


def _short(read: bytes, where: str) -> bytes:
    if len(read) > _MOST:
        raise ConfigError(
            f"what the token {where} gives is too long to be a token: more than {_MOST // 1024} KiB"
        )
    return read


@frozen
class FromKeyring:
    """Look up ``token_keyring``: ``service/user name`` in the system's keyring (extra ``keyring``)."""

    entry: str

    async def read(self) -> Secret:
        """Raise ConfigError when the extra is missing, or the keyring has no such entry."""
        try:
            import keyring
            import keyring.errors
        except ImportError:
            raise ConfigError(
                "token_keyring needs the package keyring: pip install 'billfold[keyring]'"
            ) from None
        service, _, user = self.entry.partition("/")
        try:
            value = await asyncio.to_thread(keyring.get_password, service, user or "billfold")
        except keyring.errors.KeyringError as error:
            raise ConfigError(f"the keyring cannot be read: {error}") from None
        if value is None:
            raise ConfigError(
                f"the keyring has no entry {self.entry!r}; add it with: keyring set {service} {user or 'billfold'}"
            )
        return Secret(value)
