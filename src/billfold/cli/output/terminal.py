"""Where output goes: results to standard output, everything about them to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, TypeAlias

from billfold.cli.verbosity import is_quiet, is_verbose, is_watched
from billfold.printable import printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from billfold.cli.output.folding import Foldable

# Of what is shown. What lays it out is a tenth of a command's start, and JSON does without.
Part: TypeAlias = "Foldable | Table | Text | str"

PIPE_CLOSED = 141  # the exit code when nobody reads standard output any more
_UNLIMITED_WIDTH = 100_000


class StdoutError(Exception):
    """Standard output cannot be written; the text is the system's reason."""


@contextmanager
def _checked_writes() -> Iterator[None]:
    """Raise StdoutError for what the system refuses to write, but for a reader that has gone."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise StdoutError(error.strerror) from None


class CheckedStdout:
    """A stream whose failed writes raise StdoutError, for what libraries write: help, versions."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write text and return how many characters were written."""
        with _checked_writes():
            return self._stream.write(text)

    def flush(self) -> None:
        """Write what is buffered."""
        with _checked_writes():
            self._stream.flush()


def discard_output(stream: IO[str]) -> None:
    """Send everything that is still written to a stream nowhere.

    Python flushes once more when it exits, and then finds nothing to complain about.
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _console_for(stream: IO[str] | None) -> Console:
    from rich.console import Console

    console = Console(file=stream, markup=False, emoji=False, highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _UNLIMITED_WIDTH
    return console


def render(console: Console, *parts: Part, wrap: bool = True) -> str:
    """Return parts as text, as the console would show them.

    A table becomes wider than the console before its numbers are cut. Lines end without blanks.
    """
    from rich.table import Table

    from billfold.cli.output.folding import Foldable, keep_ids_whole, least_width

    width = console.width
    with console.capture() as capture:
        for part in parts:
            shown = part.fitting(width) if isinstance(part, Foldable) else part
            console.width = width
            if isinstance(shown, Table):
                keep_ids_whole(shown, width)
                console.width = max(width, least_width(shown))
            console.print(shown, soft_wrap=not wrap)
    return "\n".join(line.rstrip() for line in capture.get().split("\n"))


def write_stdout(text: str) -> None:
    """Write text to standard output, in UTF-8 where it goes to a program.

    Exits with the code of SIGPIPE when the reader has gone, as other tools do.
    Raises StdoutError for a full disk.
    """
    out = sys.stdout
    if out is None:
        return
    try:
        out.flush()
        encoding = (out.encoding, "replace") if out.isatty() else ("utf-8", "backslashreplace")
        remaining = memoryview(text.encode(*encoding))
        with _checked_writes():
            # Under PYTHONUNBUFFERED a write may take only a part; its result says how much.
            while remaining:
                remaining = remaining[out.buffer.write(remaining) or 0 :]
            out.flush()
    except BrokenPipeError:
        discard_output(out)
        raise SystemExit(PIPE_CLOSED) from None


def stdout_width() -> int:
    """Return how many characters a line on standard output may have."""
    return _console_for(sys.stdout).width


def print_stdout(*parts: Part) -> None:
    """Print parts on standard output."""
    write_stdout(render(_console_for(sys.stdout), *parts))


def print_stderr(*parts: Part, wrap: bool = True) -> None:
    """Print parts on standard error; a stream that cannot be written is no error."""
    if sys.stderr is None or not parts:
        return
    try:
        sys.stderr.write(render(_console_for(sys.stderr), *parts, wrap=wrap))
        sys.stderr.flush()
    except OSError:
        discard_output(sys.stderr)


def print_remark(text: str) -> None:
    """Print what went well on standard error, for who watches: with a terminal or --verbose."""
    if is_watched():
        print_stderr(text)


def print_error(message: str) -> None:
    """Print an error message on standard error; its lines are wrapped by the terminal alone."""
    from rich.text import Text

    label = Text("billfold: ", "bold red")
    print_stderr(*(label + Text(printable(line)) for line in message.splitlines()), wrap=False)


@contextmanager
def show_waiting(message: str) -> Iterator[Callable[[str], None]]:
    """Show a line with a spinner on standard error during the block, if that is a terminal.

    The block is given what shows another message instead.
    """
    # rich asks the same, but importing it is slow.
    is_shown = sys.stderr is not None and sys.stderr.isatty() and not (is_quiet() or is_verbose())
    console = _console_for(sys.stderr) if is_shown else None
    if console is None or not console.is_terminal or console.is_dumb_terminal:
        yield lambda _: None
        return
    from rich.text import Text

    spinner = "line" if console.options.ascii_only else "dots"
    with console.status(Text(printable(message), "dim"), spinner=spinner) as status:
        yield lambda text: status.update(Text(printable(text), "dim"))
