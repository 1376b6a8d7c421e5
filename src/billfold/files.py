"""Files: text as people save it, and new files that are whole or not there; and CSV."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any, BinaryIO, Protocol

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


def writable_path(target: Path) -> Path:
    """Return the path that has to be replaced to write ``target``: of a symbolic link, its end.

    Raises ConfigError where something that is not a regular file is there (a folder, a device, a
    pipe), and where the folder does not exist.
    """
    path = Path(os.path.realpath(target))
    try:
        # ``target`` is looked at too: realpath() cannot follow /dev/stdout, the kernel can.
        occupied = any(known.exists() and not known.is_file() for known in (target, path))
        if occupied or path.is_symlink():
            raise ConfigError(f"{target} is not a file: name a file to replace or to create")
        folder = path.parent if target.is_symlink() else target.parent
        if not folder.is_dir():
            raise ConfigError(f"{target}: the folder {folder} does not exist")
    except OSError as error:
        raise ConfigError(f"{target} cannot be written: {error.strerror}") from None
    return path


@contextmanager
def atomic_write(target: Path) -> Iterator[BinaryIO]:
    """Open a new file that replaces ``target`` when the block ends without an error.

    After an error ``target`` is as it was, and the new file is removed. Raises ConfigError where
    ``target`` cannot be written, before the block where that can be known.
    """
    path = writable_path(target)
    temporary = path.with_name(f".{path.name[:100]}.{token_hex(4)}.part")
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise ConfigError(f"{target} cannot be written: {error.strerror}") from None
    finally:
        temporary.unlink(missing_ok=True)


class _Writable(Protocol):
    def write(self, text: str, /) -> object: ...


def csv_writer(target: _Writable) -> Any:
    """Return a writer of CSV as RFC 4180 has it: commas, doubled quotes, lines that end with CRLF.

    A line break in a text is kept as it is, within quotes. With another end of line Python 3.11
    does not quote a lone carriage return, and readers then take it for one. Open files for it with
    ``newline=""``.
    """
    return csv.writer(target, lineterminator="\r\n")
