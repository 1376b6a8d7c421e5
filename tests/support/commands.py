"""Commands run in this process."""

from collections.abc import Callable
from datetime import datetime

import pytest
from attrs import frozen

from billfold.cli import run_command


@frozen
class Ended:
    code: int
    out: str
    err: str


def commands(
    capsys: pytest.CaptureFixture[str], clock: Callable[[], datetime] | None = None
) -> Callable[..., Ended]:
    """Give what runs a command by a clock, the machine's by default, and tells what it printed."""

    def go(*arguments: object) -> Ended:
        capsys.readouterr()
        code = run_command([str(argument) for argument in arguments], clock)
        return Ended(code, *capsys.readouterr())

    return go
