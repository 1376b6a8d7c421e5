"""Where output goes: standard output for what was asked, standard error for everything about it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from rich.text import Text

from billfold.cli import PIPE_CLOSED
from billfold.cli.output.streams import silence, told

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

_PLENTY = 100_000


def clean(text: str) -> str:
    """Make text from outside harmless on a terminal: line breaks become spaces, control characters a replacement character."""
    return "".join(
        char if char.isprintable() else " " if char.isspace() else "\N{REPLACEMENT CHARACTER}"
        for char in text
    )


def console(file: IO[str] | None) -> Console:
    """Make a console over a stream. What is no terminal is as wide as its content, unless ``COLUMNS`` says otherwise."""
    from rich.console import (
        Console,  # a tenth of what a command's start takes, and JSON does without
    )

    made = Console(file=file, markup=False, emoji=False, highlight=False)
    if not made.is_terminal and "COLUMNS" not in os.environ:
        made.width = _PLENTY
    return made


def rendered(screen: Console, *parts: RenderableType, wrap: bool = True) -> str:
    """Render to text as the console would show it, tables wider rather than with numbers cut; lines end without blanks."""
    from rich.table import Table

    from billfold.cli.output._widths import least

    width = screen.width
    with screen.capture() as capture:
        for part in parts:
            screen.width = max(width, least(part)) if isinstance(part, Table) else width
            screen.print(part, soft_wrap=not wrap)
    return "\n".join(line.rstrip() for line in capture.get().split("\n"))


def put(text: str) -> None:
    """Write to standard output, in UTF-8 where it goes to a program.

    Leaves with the code of SIGPIPE when nobody reads it any more, as other tools do. Raises Unwritable for a full disk.
    """
    out = sys.stdout
    if out is None:
        return
    try:
        out.flush()
        encoded = (
            text.encode(out.encoding, "replace")
            if out.isatty()
            else text.encode("utf-8", "backslashreplace")
        )
        left = memoryview(encoded)
        with told():
            while left:  # under PYTHONUNBUFFERED a write may take only a part, and says so by nothing but its result
                left = left[out.buffer.write(left) or 0 :]
            out.flush()
    except BrokenPipeError:
        silence(out)
        raise SystemExit(PIPE_CLOSED) from None


def show(*parts: RenderableType) -> None:
    """Put rich renderables on standard output."""
    put(rendered(console(sys.stdout), *parts))


def tell(*parts: RenderableType, wrap: bool = True) -> None:
    """Put rich renderables on standard error; when nobody can read it, there is nobody to tell so."""
    if sys.stderr is None or not parts:
        return
    screen = console(sys.stderr)
    try:
        sys.stderr.write(rendered(screen, *parts, wrap=wrap))
        sys.stderr.flush()
    except OSError:
        silence(sys.stderr)


def complain(message: str) -> None:
    """Say what is wrong on standard error, a line for each mistake, which only the terminal itself breaks."""
    tell(
        *(Text("billfold: ", "bold red") + Text(clean(line)) for line in message.splitlines()),
        wrap=False,
    )


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Show a line on standard error while something takes its time, if somebody can see it."""
    if (
        sys.stderr is None or not sys.stderr.isatty()
    ):  # a terminal by what rich thinks, too, but rich is slow to ask
        yield
        return
    screen = console(sys.stderr)
    if not screen.is_terminal or screen.is_dumb_terminal:
        yield
        return
    with screen.status(
        Text(clean(what), "dim"), spinner="line" if screen.options.ascii_only else "dots"
    ):
        yield
