"""How much the running command writes on standard error beside errors."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum


class Verbosity(StrEnum):
    """What is written: errors and warnings only, what a person watches, or every request, too."""

    QUIET = "quiet"
    NORMAL = "normal"
    VERBOSE = "verbose"


_CHOSEN: ContextVar[Verbosity] = ContextVar("verbosity", default=Verbosity.NORMAL)


def is_verbose() -> bool:
    """Return whether ``--verbose`` was given."""
    return _CHOSEN.get() is Verbosity.VERBOSE


def is_quiet() -> bool:
    """Return whether ``--quiet`` was given."""
    return _CHOSEN.get() is Verbosity.QUIET


def is_watched() -> bool:
    """Return whether remarks are written on standard error: to a terminal, or as options say.

    A run that succeeds without a terminal, as cron's, is silent there.
    """
    if _CHOSEN.get() is not Verbosity.NORMAL:
        return is_verbose()
    return sys.stderr is not None and sys.stderr.isatty()


@contextmanager
def saying(chosen: Verbosity) -> Iterator[None]:
    """Let the command within write so much."""
    token = _CHOSEN.set(chosen)
    try:
        yield
    finally:
        _CHOSEN.reset(token)
