"""Programs of which none outlives its test."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any


@contextmanager
def started(command: Sequence[str], **options: Any) -> Iterator[subprocess.Popen[Any]]:
    """Start a program, and kill it should the block end before it does, as where a test fails."""
    with subprocess.Popen(command, **options) as program:
        try:
            yield program
        finally:
            program.kill()
