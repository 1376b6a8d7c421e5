"""Commands run in this process."""

from collections.abc import Callable

import pytest
from attrs import frozen

from billfold.cli import run_command


@frozen
class Ended:
    code: int
    out: str
    err: str


def commands(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Give what runs a command, and tells what it printed."""

    def go(*arguments: object) -> Ended:
        capsys.readouterr()
        code = run_command([str(argument) for argument in arguments])
        return Ended(code, *capsys.readouterr())

    return go
