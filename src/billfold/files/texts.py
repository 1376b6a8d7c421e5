"""Text as people save it."""

from __future__ import annotations

from pathlib import Path

from billfold.errors import ConfigError
from billfold.files.opened import opened, read_most

# A table of rates for every day of thirty years has 6 MiB.
_MOST = 64 * 1024 * 1024
_SECONDS = 60


def read_text(path: Path) -> str:
    """Return what a text file in UTF-8 holds, without a byte order mark and a Windows line's end.

    Raises ConfigError as :func:`read_content` does, and for what is not UTF-8.
    """
    return text_of(read_content(path), path)


def text_of(content: bytes, path: Path) -> str:
    """Return the text that a file's bytes are. Raises ConfigError for what is not UTF-8."""
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: cannot be read: it is not UTF-8; save it as UTF-8") from None


def read_content(path: Path) -> bytes:
    """Return a file's bytes.

    Raises ConfigError that says why it cannot be read: an endless one, and a pipe to which nobody
    writes for a minute, too.
    """
    try:
        with opened(path) as descriptor:
            content = read_most(descriptor, _MOST + 1, _SECONDS)
        if len(content) <= _MOST:
            return content
        reason = f"it is longer than {_MOST // 2**20} MiB"
    except OSError as error:
        reason = error.strerror or str(error)
    except ValueError:  # a zero byte in its name
        reason = "no file can have that name"
    raise ConfigError(f"{path}: cannot be read: {reason}")
