"""The command line: ``billfold``.

This file is all that runs before it is known that the extra ``cli`` is installed.
"""

from __future__ import annotations

import gc
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from datetime import datetime
from importlib.util import find_spec
from typing import NoReturn, TextIO, cast

WRONG_USE, INTERRUPTED = 2, 130
_READABLE_WIDTH = "[2-9][0-9]|[1-9][0-9]{2,4}"  # 20 to 99999 columns


def main() -> NoReturn:
    """Run the shell's command and exit with its exit code."""
    if not re.fullmatch(_READABLE_WIDTH, os.environ.get("COLUMNS", "")):
        # rich shows nothing at all in 0 columns, and does not start with a superscript digit.
        os.environ.pop("COLUMNS", None)
    # What is loaded stays: to look through it for what does not takes a tenth of a command's start.
    gc.disable()
    sys.unraisablehook = _interrupt_again
    code = run_command(sys.argv[1:])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the command is over
    gc.freeze()  # nor is anything found on the way out
    if threading.active_count() > 1:
        # A hanging name look-up or keyring sits in a thread that nothing can cancel.
        # The deadline and Ctrl-C hold nevertheless.
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        os._exit(code)
    raise SystemExit(code)


def _interrupt_again(unraisable: sys.UnraisableHookArgs) -> None:
    """Send Ctrl-C once more, where it came in a callback out of which nothing can be raised.

    Imports are full of such: each module's lock has one.
    """
    if unraisable.exc_type is KeyboardInterrupt:
        threading.Timer(0.01, os.kill, (os.getpid(), signal.SIGINT)).start()
    else:
        sys.__unraisablehook__(unraisable)


def run_command(arguments: Sequence[str], clock: Callable[[], datetime] | None = None) -> int:
    """Run one command and return its exit code.

    ``clock`` returns the time by which it goes, aware and in UTC; None is the machine's. A bug is
    raised, which ends in a traceback and exit code 1.
    """
    try:
        return _run(arguments, clock)
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(arguments: Sequence[str], clock: Callable[[], datetime] | None) -> int:
    if any(find_spec(package) is None for package in ("rich", "typer")):
        from billfold.extras import how_to_install

        sys.stderr.write(
            "billfold: the command line needs packages that are not installed: "
            f"{how_to_install('cli')}\n"
        )
        return WRONG_USE
    from billfold.cli.clock import going_by
    from billfold.cli.output.terminal import (
        PIPE_CLOSED,
        CheckedStdout,
        StdoutError,
        discard_output,
        print_error,
    )
    from billfold.errors import ConfigError, PeriodError, RateError, StoreError

    code: object = 0
    out = sys.stdout
    try:
        from billfold.cli.app import build

        checked = out and cast(TextIO, CheckedStdout(out))
        with redirect_stdout(checked), going_by(clock):
            build(*arguments[:1])(list(arguments), prog_name="billfold")
    except SystemExit as end:
        # Typer ends help that nobody reads with 1, which here is a bug's.
        code = PIPE_CLOSED if isinstance(end.__context__, BrokenPipeError) else end.code
    except (ConfigError, PeriodError, RateError, StoreError) as error:
        code = WRONG_USE
        print_error(str(error))
    except StdoutError as error:
        code = WRONG_USE
        discard_output(out)
        print_error(f"standard output cannot be written: {error}")
    return code if isinstance(code, int) else 0
