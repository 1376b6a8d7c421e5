"""A line on standard error per request, for ``--verbose``: what the library logs of it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager


class _Lines(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        from billfold.cli.output.terminal import print_stderr
        from billfold.printable import printable

        print_stderr(printable(record.getMessage()), wrap=False)


@contextmanager
def request_lines() -> Iterator[None]:
    """Write a line per request: account, method and path, status, seconds and attempt."""
    log, handler = logging.getLogger("billfold.http"), _Lines()
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.setLevel(level)
