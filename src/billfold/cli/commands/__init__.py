"""The commands: one module per command, named after it.

Their annotations are not postponed: typer would compile each of them anew at every start. What
only a running command needs, it imports when it runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import typer

from billfold.cli.options import TABLE

if TYPE_CHECKING:
    from billfold.answer import Answer
    from billfold.cli.options import OutputFormat
    from billfold.cli.output.answers import Layout
    from billfold.cli.run import Call


def show_answer(
    ctx: typer.Context,
    call: Call[Answer[Any]],
    output_format: OutputFormat,
    *details: Layout,
    most: int | None = None,
) -> NoReturn:
    """Show what the chosen accounts answer, and exit with the answer's exit code.

    A table has at most so many rows; None is no limit.
    """
    from billfold.cli.output.formats import needs_no_note, write_plain
    from billfold.cli.run import ask_accounts, exit_code

    answer = ask_accounts(ctx.obj, call)
    if output_format is not TABLE and needs_no_note(answer):
        write_plain(answer, output_format)  # without loading what lays out tables and notes
    else:
        from billfold.cli.output.answers import write_answer

        write_answer(answer, output_format, *details, most=most)
    raise typer.Exit(exit_code(answer))
