"""Which file holds the configuration, whose it is, and how far that is trusted."""

from __future__ import annotations

import os
import stat
from os import PathLike
from pathlib import Path

from msgspec import Struct

from billfold.errors import ConfigError
from billfold.files.folders import own_folder
from billfold.files.opened import opened, read_most

FILE = "billfold.toml"
VARIABLE = "BILLFOLD_CONFIG"
# Some 200,000 accounts; what is longer is another file, or has no end.
_MOST = 32 * 1024 * 1024
# Seconds that a pipe may take, as from a program that decrypts the file.
_SECONDS = 60
# What pipes held, by which they are: they give it once, and several parts of a file are asked for.
_piped: dict[tuple[int, int], bytes] = {}


class ConfigFile(Struct, frozen=True):
    """A configuration file: ``named`` by the person, or found.

    One found may be nobody else's. One found in the working directory is not ``trusted``: it came
    with whatever else lies there. A person's own folder is theirs, and to name a file is consent.
    """

    path: Path
    named: bool = True
    trusted: bool = True

    def read(self) -> bytes:
        """Return what is in it. Raises ConfigError."""
        try:
            with opened(self.path) as descriptor:
                if not self.named:
                    self._require_own(descriptor)
                content = _content(descriptor)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise ConfigError(f"{self.path}: cannot be read: {reason}") from None
        if len(content) > _MOST:
            raise ConfigError(f"{self.path}: is longer than {_MOST // 2**20} MiB")
        return content

    def _require_own(self, descriptor: int) -> None:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise ConfigError(f"{self.path}: is no file")
        if os.name != "posix":
            return
        touched = {self.path: status}
        if self.trusted:  # whoever may write the folder may put another file there
            touched[self.path.parent] = self.path.parent.stat()
        for path, found in touched.items():
            # Who is root may change anything anyway.
            if not {found.st_uid, path.lstat().st_uid} <= {os.geteuid(), 0}:
                raise ConfigError(f"{path}: belongs to another user; {self.consent}")
            if _is_writable_by_others(found):
                fix = f"run: chmod go-w {path}"
                raise ConfigError(f"{path}: others may write it; {fix}, or {self.consent}")

    @property
    def consent(self) -> str:
        """How a person says that this file is trusted."""
        return (
            f"to name it is to consent: --config {self.path}, ${VARIABLE}, "
            f"or Billfold.open({str(self.path)!r})"
        )


def _content(descriptor: int) -> bytes:
    status = os.fstat(descriptor)
    if not stat.S_ISFIFO(status.st_mode):
        return read_most(descriptor, _MOST + 1, _SECONDS)
    which = status.st_dev, status.st_ino
    if which not in _piped:
        _piped[which] = read_most(descriptor, _MOST + 1, _SECONDS)
    return _piped[which]


def find_file(path: str | PathLike[str] | None) -> ConfigFile | None:
    """Return the configuration file to read, or None for none. Raises ConfigError."""
    chosen = path or os.environ.get(VARIABLE)
    if chosen:
        try:
            return ConfigFile(Path(chosen).expanduser())
        except RuntimeError:
            raise ConfigError(f"{os.fspath(chosen)!r}: there is no such home folder") from None
    own = own_file()
    here = Path(FILE)
    # A link that leads nowhere is there, too: it was meant to be read.
    if os.path.lexists(here):
        return ConfigFile(here, named=False, trusted=_is_same(here, own))
    if own is not None and os.path.lexists(own):
        return ConfigFile(own, named=False)
    return None


def _is_same(here: Path, own: Path | None) -> bool:
    """Return whether the working directory is the person's own folder for configuration."""
    try:
        return own is not None and own.parent.samefile(here.parent)
    except OSError:
        return False


def own_file() -> Path | None:
    """Return the file in the person's own folder for configuration, None where there is none."""
    try:
        folder = own_folder("config")
    except ImportError:
        # It comes with the extra `cli`; the library alone looks in the working directory only.
        return None
    return None if folder is None else folder / FILE


def _is_writable_by_others(status: os.stat_result) -> bool:
    if status.st_mode & stat.S_IWGRP and not _is_group_of_one(status.st_gid):
        return True
    return bool(status.st_mode & stat.S_IWOTH)


def _is_group_of_one(number: int) -> bool:
    """Return whether a group is the person's own, as many systems give each user one."""
    import grp
    import pwd

    try:
        person, group = pwd.getpwuid(os.geteuid()), grp.getgrgid(number)
    except KeyError:
        return False
    alone = set(group.gr_mem) <= {person.pw_name}
    return alone and (group.gr_gid, group.gr_name) == (person.pw_gid, person.pw_name)
