"""Text as people save it."""

from __future__ import annotations

from pathlib import Path

from billfold.errors import ConfigError


def read_text(path: Path) -> str:
    """Return what a text file in UTF-8 holds, without a byte order mark and a Windows line's end.

    Raises ConfigError that says why it cannot be read.
    """
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        reason = "it is not UTF-8; save it as UTF-8"
    except OSError as error:
        reason = error.strerror or str(error)
    except ValueError:  # a zero byte in its name
        reason = "no file can have that name"
    raise ConfigError(f"{path}: cannot be read: {reason}")
