"""Where the store is."""

from __future__ import annotations

import os
import re
from os import PathLike
from pathlib import Path

from billfold.errors import StoreError
from billfold.files.folders import own_folder

VARIABLE = "BILLFOLD_STORE"
_FILE = "file://"
_CLOUDS = ("s3://", "gs://", "az://")

# deltalake 1.6.6 makes a URL of a folder: it panics at some of these, and writes elsewhere at %41.
_NOT_TAKEN = re.compile(r"[\x00-\x1f\x7f\[\]^|\\]|%[0-9A-Fa-f]{2}")


def store_url(given: str | PathLike[str] | None = None, configured: str | None = None) -> str:
    """Return the folder or URL of the store.

    That is the one given, else ``$BILLFOLD_STORE``, the one configured, or a folder of the user's
    data. Raises StoreError where none of them is to be had.
    """
    named = named_place(given, configured)
    if named is not None:
        return _taken(named)
    try:
        folder = own_folder("data")
    except ImportError:
        raise StoreError(
            f"no store is named, and only the extra cli knows the user's folders: name one by "
            f"History(url) or ${VARIABLE}"
        ) from None
    if folder is None:
        raise StoreError(f"there is no home folder to keep the store in: name one by ${VARIABLE}")
    return str(folder / "store")


def named_place(
    given: str | PathLike[str] | None = None, configured: str | None = None
) -> str | None:
    """Return what names the store, as it is written: the first of them all that does."""
    places = (given, os.environ.get(VARIABLE), configured)
    return next((os.fspath(place) for place in places if place), None)


def _taken(text: str) -> str:
    scheme, colon, rest = text.partition("://")
    if not colon:
        return str(_folder(text))
    scheme += colon
    if scheme == _FILE:  # a folder is a folder, with its room and its locks
        from urllib.request import url2pathname  # takes long to load

        if not rest:
            raise StoreError(f"{scheme} names no folder: write it like file:///srv/bills")
        return str(_folder(url2pathname(rest)))
    # Only the scheme is shown: what follows may hold a password.
    if scheme not in _CLOUDS:
        raise StoreError(f"no store is at {scheme}: it is a folder, or s3://, gs:// or az://")
    if not rest.partition("/")[0].strip():
        raise StoreError(f"{scheme} names no bucket: write it like {scheme}bucket/bills")
    return text


def _folder(text: str) -> Path:
    try:
        folder = Path(text).expanduser().absolute()
    except RuntimeError:
        raise StoreError(f"{text!r}: there is no such home folder") from None
    if found := _NOT_TAKEN.search(folder.as_posix()):
        raise StoreError(
            f"{str(folder)!r}: the store's engine takes no folder with {found[0]!r} in its name; "
            "name another place by --store"
        )
    return folder
