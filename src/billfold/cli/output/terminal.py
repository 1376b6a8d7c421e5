"""Where output goes: results to standard output, everything about them to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from rich.text import Text

from billfold.cli import PIPE_CLOSED
from billfold.cli.output.streams import checked_writes, discard_output

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

_UNLIMITED_WIDTH = 100_000


def printable(text: str) -> str:
    """Return text from outside without anything that a terminal would obey.

    Line breaks become spaces, control characters a replacement character.
    """
    return "".join(
        char if char.isprintable() else " " if char.isspace() else "\N{REPLACEMENT CHARACTER}"
        for char in text
    )


def console_for(stream: IO[str] | None) -> Console:
    """Return a console that writes to a stream.

    One that is no terminal is as wide as its content, unless ``COLUMNS`` says otherwise.
    """
    from rich.console import Console  # a tenth of a command's start, and JSON does without

    console = Console(file=stream, markup=False, emoji=False, highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _UNLIMITED_WIDTH
    return console


def render(console: Console, *parts: RenderableType, wrap: bool = True) -> str:
    """Return renderables as text, as the console would show them.

    A table becomes wider than the console before its numbers are cut. Lines end without blanks.
    """
    from rich.table import Table

    from billfold.cli.output._widths import least_width

    width = console.width
    with console.capture() as capture:
        for part in parts:
            console.width = max(width, least_width(part)) if isinstance(part, Table) else width
            console.print(part, soft_wrap=not wrap)
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
        if out.isatty():
            encoded = text.encode(out.encoding, "replace")
        else:
            encoded = text.encode("utf-8", "backslashreplace")
        remaining = memoryview(encoded)
        with checked_writes():
            # Under PYTHONUNBUFFERED a write may take only a part; its result says how much.
            while remaining:
                remaining = remaining[out.buffer.write(remaining) or 0 :]
            out.flush()
    except BrokenPipeError:
        discard_output(out)
        raise SystemExit(PIPE_CLOSED) from None


def print_stdout(*parts: RenderableType) -> None:
    """Print renderables on standard output."""
    write_stdout(render(console_for(sys.stdout), *parts))


def print_stderr(*parts: RenderableType, wrap: bool = True) -> None:
    """Print renderables on standard error; a stream that cannot be written is no error."""
    if sys.stderr is None or not parts:
        return
    console = console_for(sys.stderr)
    try:
        sys.stderr.write(render(console, *parts, wrap=wrap))
        sys.stderr.flush()
    except OSError:
        discard_output(sys.stderr)


def print_error(message: str) -> None:
    """Print an error message on standard error; its lines are wrapped by the terminal alone."""
    label = Text("billfold: ", "bold red")
    print_stderr(*(label + Text(printable(line)) for line in message.splitlines()), wrap=False)


@contextmanager
def show_waiting(message: str) -> Iterator[None]:
    """Show a line with a spinner on standard error during the block, if that is a terminal."""
    # rich asks the same, but importing it is slow.
    if sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    console = console_for(sys.stderr)
    if not console.is_terminal or console.is_dumb_terminal:
        yield
        return
    spinner = "line" if console.options.ascii_only else "dots"
    with console.status(Text(printable(message), "dim"), spinner=spinner):
        yield
