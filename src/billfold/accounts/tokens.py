"""Where a token may be kept. A token in clear text in a file is not among them."""

from __future__ import annotations

import asyncio
import os
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

        Raises ConfigError when the file cannot be read, is too long, or can be read by others.
        """
        path = self.path.expanduser()
        try:
            mode = path.stat().st_mode
            text = _check_length(
                await asyncio.to_thread(_read_start, path), f"file {path}"
            ).decode()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not text"
            raise ConfigError(f"the token file {path} cannot be read: {reason}") from None
        if os.name == "posix" and mode & 0o077:
            raise ConfigError(f"the token file {path} can be read by others; run: chmod 600 {path}")
        return Secret(text)


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
                output = _check_length(await _read_output(process.stdout), f"command {program!r}")
                await process.wait()
        except TimeoutError:
            raise ConfigError(
                f"the token command {program!r} did not end within {_COMMAND_SECONDS} seconds"
            ) from None
        finally:
            if process.returncode is None:
                # Kills the program and lets go of its output, which wait() waits for: a child may
                # hold it for long.
                process._transport.close()  # type: ignore[attr-defined]  # asyncio has no public way
                await process.wait()
        if process.returncode:
            raise ConfigError(
                f"the token command {program!r} failed with exit code {process.returncode}"
            )
        return Secret(output.decode(errors="replace"))


def _read_start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MAX_BYTES + 1)


async def _read_output(output: asyncio.StreamReader) -> bytes:
    try:
        return await output.readexactly(_MAX_BYTES + 1)
    except asyncio.IncompleteReadError as end:
        return end.partial


def _check_length(content: bytes, source: str) -> bytes:
    if len(content) > _MAX_BYTES:
        raise ConfigError(
            f"what the token {source} gives is too long to be a token: "
            f"more than {_MAX_BYTES // 1024} KiB"
        )
    return content


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
                f"the keyring has no entry {self.entry!r}; "
                f"add it with: keyring set {service} {user or 'billfold'}"
            )
        return Secret(value)
