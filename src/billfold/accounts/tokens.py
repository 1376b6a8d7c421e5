"""Where a token may be kept. A token in clear text in a file is not among them."""

from __future__ import annotations

import os
import stat
from functools import partial
from pathlib import Path

from attrs import field, frozen
from msgspec import Struct

from billfold.accounts._program import Program
from billfold.accounts._thread import TOKEN_SECONDS, in_thread
from billfold.adapter.registry import token_variables
from billfold.errors import ConfigError
from billfold.extras import how_to_install
from billfold.files.opened import opened, read_most
from billfold.secret import Secret

# Bytes of a token at most: an endless file or program is refused before memory runs out.
_MAX_BYTES = 64 * 1024
_SILENT = f"did not answer within {TOKEN_SECONDS} seconds"


class FromEnv(Struct, frozen=True):
    """Read ``token_env``: the name of an environment variable."""

    name: str

    async def read(self) -> Secret:
        """Return the token. Raises ConfigError when the variable is not set."""
        value = os.environ.get(self.name)
        if not value:
            raise ConfigError(
                f"the environment variable {self.name} is not set; it should hold the token"
            )
        return _secret(value, f"the environment variable {self.name}")


class FromFile(Struct, frozen=True):
    """Read ``token_file``: a path; ``~`` is the home folder."""

    path: Path

    async def read(self) -> Secret:
        """Return the token.

        Raises ConfigError when the file cannot be read, gives nothing for a minute, is too long, or
        others may touch it.
        """
        try:
            path = self.path.expanduser()
            content, taken = await in_thread(partial(_read_start, path))
        except TimeoutError:
            raise ConfigError(f"the token file {self.path} {_SILENT}") from None
        except (OSError, ValueError, RuntimeError) as error:
            raise ConfigError(
                f"the token file {self.path} cannot be read: {_reason(error)}"
            ) from None
        if not taken:
            raise ConfigError(
                f"the token file {path} can be read or written by others; run: chmod 600 {path}"
            )
        return _token(content, f"the token file {path}")


@frozen
class FromCommand:
    """Run ``token_command``: a program and its arguments, no shell; it prints the token.

    It has no standard input, and of the environment neither the variables that adapters declare for
    tokens nor ``withheld``, which other accounts name. What it starts ends with it.
    """

    # Only the program is shown: its arguments may hold what should not be seen.
    arguments: tuple[str, ...] = field(repr=lambda arguments: repr((*arguments[:1], ...)))
    withheld: frozenset[str] = field(default=frozenset(), eq=False, repr=False)

    async def read(self) -> Secret:
        """Return the token.

        Raises ConfigError when the command is missing, fails, prints too much or takes more than a
        minute.
        """
        named = f"the token command {self.arguments[0]!r}"
        withheld = self.withheld | token_variables()
        environment = {key: text for key, text in os.environ.items() if key not in withheld}
        program = Program(self.arguments, environment, _MAX_BYTES)
        try:
            output, code = await in_thread(program.run)
        except TimeoutError:
            raise ConfigError(f"{named} did not end within {TOKEN_SECONDS} seconds") from None
        except (OSError, ValueError) as error:
            raise ConfigError(f"{named} cannot be run: {_reason(error)}") from None
        finally:
            program.end()
        if code and len(output) <= _MAX_BYTES:
            raise ConfigError(f"{named} failed with exit code {code}")
        return _token(output, named)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _token(content: bytes, source: str) -> Secret:
    """Return the token that a file or a program gives. Raises ConfigError for what is none."""
    if len(content) > _MAX_BYTES:
        raise ConfigError(
            f"what {source} gives is too long to be a token: more than {_MAX_BYTES // 1024} KiB"
        )
    try:
        # Editors and shells of Windows begin a text with a byte order mark.
        return _secret(content.decode("utf-8-sig"), source)
    except UnicodeDecodeError:
        raise ConfigError(f"what {source} gives is not UTF-8 text") from None


def _secret(text: str, source: str) -> Secret:
    try:
        return Secret(text)
    except ConfigError as error:
        raise ConfigError(f"{source}: {error}") from None


def _read_start(path: Path) -> tuple[bytes, bool]:
    """Return a file's first bytes, and whether its token may be taken from there."""
    with opened(path) as descriptor:
        content = read_most(descriptor, _MAX_BYTES + 1, TOKEN_SECONDS)
        return content, os.name != "posix" or _is_safe(path, descriptor)


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


class FromKeyring(Struct, frozen=True):
    """Look up ``token_keyring``: ``service/user`` in the system's keyring (extra ``keyring``)."""

    entry: str

    async def read(self) -> Secret:
        """Return the token.

        Raises ConfigError when the extra is missing, or the keyring has no such entry or does not
        answer for a minute.
        """
        try:
            import keyring
        except ImportError:
            raise ConfigError(
                f"token_keyring needs the package keyring: {how_to_install('keyring')}"
            ) from None
        service, _, user = self.entry.partition("/")
        try:
            value = await in_thread(partial(keyring.get_password, service, user or "billfold"))
        except TimeoutError:
            raise ConfigError(f"the keyring {_SILENT}") from None
        except Exception as error:  # noqa: BLE001 - a system's keyring raises whatever it likes
            reason = " ".join(str(error).split()) or "it does not say why"
            raise ConfigError(f"the keyring cannot be read: {reason}") from None
        if value is None:
            raise ConfigError(
                f"the keyring has no entry {self.entry!r}; "
                f"add it with: keyring set {service} {user or 'billfold'}"
            )
        return _secret(value, f"the keyring's entry {self.entry!r}")
