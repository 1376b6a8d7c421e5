"""Errors of the engine that keeps the tables, as one sentence that says where and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from billfold.errors import StoreError
from billfold.extras import how_to_install
from billfold.secret_numbers import redact

NOT_ALLOWED = "let this user write there, or name another place by --store"
FULL = "make room; all that was booked before is whole"
_REMEDIES = {
    "permission denied|read-only": NOT_ALLOWED,
    "no space left|file too large|quota": FULL,
    "exists|not a directory|no such file or directory: '": "name another place by --store",
}
# object_store colours its causes, wherever they go.
_COLOUR = re.compile("\x1b\\[[0-9;]*m")
_BACKTRACE = re.compile(r":? 0: <unknown>.*")


@contextmanager
def explained(url: str, what: str) -> Iterator[None]:
    """Raise StoreError instead of what the engine raises over ``what`` of the store at a URL."""
    try:
        from deltalake.exceptions import DeltaError
    except ImportError:
        raise StoreError(f"the store needs packages: run {how_to_install('store')}") from None
    try:
        yield
    except (DeltaError, OSError, ValueError) as error:
        text = _COLOUR.sub("", " ".join(str(error).split()))
        text = redact(_BACKTRACE.sub("", text))
        raise StoreError(f"{url}: {what}: {text}; {what_to_do(text)}") from None


def what_to_do(text: str) -> str:
    """Return what a person does about an error of these words."""
    for words, remedy in _REMEDIES.items():
        if re.search(words, text, re.IGNORECASE):
            return remedy
    return "run billfold store check, or put back a copy of it"
