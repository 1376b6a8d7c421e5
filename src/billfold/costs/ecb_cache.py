"""The ECB's file as it was fetched last, kept with where, when and what it was.

One file holds both, so that nothing can come between them: a line of JSON, and behind it the bytes
as they came. What is read back has the hash it was kept with.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from billfold.codec import record
from billfold.costs.ecb_file import EcbFile, read_ecb_file
from billfold.costs.rate_table import RateTable, hash_of
from billfold.errors import ConfigError
from billfold.files import atomic_write
from billfold.files.access import is_foreign, make_folders
from billfold.files.folders import own_folder
from billfold.files.texts import read_content

VARIABLE = "BILLFOLD_CACHE"
_FILE = "ecb-rates"
_NAMES = {False: "ECB, fetched", True: "ECB, simulated"}


def cache_file() -> Path | None:
    """Return where the table is kept: in ``$BILLFOLD_CACHE``, else in the user's cache folder.

    None where there is no such folder, or only the extra ``cli`` would know it.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).absolute() / _FILE
    try:
        folder = own_folder("cache")
    except ImportError:
        return None
    return None if folder is None else folder / _FILE


def keep(path: Path, content: bytes, url: str, fetched_at: datetime) -> RateTable:
    """Keep a file that was fetched, in place of the one before; an error leaves that one.

    Raises ConfigError where it cannot be written or its rates are simulated and would come among
    real ones, ValueError for what is no table.
    """
    file = read_ecb_file(content)
    if file.simulated:
        _require_apart(path)
    name = _NAMES[file.simulated]
    table = RateTable(name, file.newest_day, hash_of(content), fetched_at, url)
    try:
        make_folders(path.parent)
    except OSError as error:
        raise ConfigError(
            f"{path.parent} cannot be made: {error.strerror}; name another folder by ${VARIABLE}"
        ) from None
    with atomic_write(path) as writing:
        writing.write(json.dumps(record(table)).encode() + b"\n" + content)
    return table


def _require_apart(path: Path) -> None:
    """Raise ConfigError unless simulated rates go to a named folder that has no real ones."""
    kept = None
    with suppress(ConfigError):  # what is damaged is no table
        kept = kept_table()
    if not os.environ.get(VARIABLE) or (kept is not None and not kept[1].simulated):
        raise ConfigError(
            f"these exchange rates are simulated, and are not kept in {path.parent}, where yours "
            f"are: name another folder, like {VARIABLE}=./simulated-rates"
        )


def kept_table() -> tuple[RateTable, EcbFile] | None:
    """Return the table that is kept, None for none. Raises ConfigError for a damaged one."""
    path = cache_file()
    if path is None or not path.exists():
        return None
    if is_foreign(path):
        raise ConfigError(f"{path}: these exchange rates belong to another user: remove the file")
    line, _, content = read_content(path).partition(b"\n")
    try:
        said = json.loads(line)
        table = RateTable(
            said["name"],
            date.fromisoformat(said["newest_day"]),
            said["sha256"],
            datetime.fromisoformat(said["fetched_at"]),
            said["url"],
        )
        file = read_ecb_file(content)
    except (ValueError, TypeError, KeyError):
        raise _damaged(path) from None
    if table.sha256 != hash_of(content) or table.newest_day != file.newest_day:
        raise _damaged(path)
    return table, file


def _damaged(path: Path) -> ConfigError:
    return ConfigError(
        f"{path}: the exchange rates kept there are damaged: run `billfold rates update`, "
        "or remove the file"
    )
