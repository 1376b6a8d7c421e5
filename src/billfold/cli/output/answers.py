"""An answer in the chosen format: a table with its notes, or data with the notes on stderr."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rich.text import Text

from billfold.answer import Answer
from billfold.cli.options import OutputFormat
from billfold.cli.output._notes import answer_notes
from billfold.cli.output.csv import answer_csv
from billfold.cli.output.json import answer_json
from billfold.cli.output.tables import answer_table
from billfold.cli.output.terminal import print_stderr, print_stdout, write_stdout

if TYPE_CHECKING:
    from rich.console import RenderableType

Layout = Callable[[Answer[Any]], "RenderableType"]


def write_answer(answer: Answer[Any], output_format: OutputFormat, *details: Layout) -> None:
    """Write an answer to standard output; ``details`` are laid out below its table."""
    if output_format is OutputFormat.TABLE:
        below: list[RenderableType] = []
        if answer.items:
            for layout in details:
                below += [Text(), layout(answer)]
        print_stdout(heading(answer), answer_table(answer), *below, *answer_notes(answer))
        return
    as_json = output_format is OutputFormat.JSON
    write_stdout(answer_json(answer) if as_json else answer_csv(answer))
    print_notes(answer)


def print_notes(answer: Answer[Any]) -> None:
    """Print an answer's notes on standard error."""
    print_stderr(*answer_notes(answer))


def heading(answer: Answer[Any]) -> Text:
    """Return the name of the stream, and the requested period."""
    title = Text(answer.stream.replace("_", " ").capitalize(), "bold cyan")
    return title if answer.requested is None else title + Text(f"  {answer.requested}", "dim")
