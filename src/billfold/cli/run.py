"""Open the chosen accounts, ask them, and turn the answer into output and an exit code."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from rich.text import Text

from billfold.accounts.entry import Entry
from billfold.answer import Answer
from billfold.cli.output import csv as csvs
from billfold.cli.output import json as jsons
from billfold.cli.output import notes, tables
from billfold.cli.output.terminal import put, show, tell, waiting
from billfold.cli.setup import Format, Setup
from billfold.errors import ConfigError
from billfold.facade.billfold import Billfold

if TYPE_CHECKING:
    from rich.console import RenderableType

T = TypeVar("T")
Question = Callable[[Billfold, float | None], Awaitable[T]]

COMPLETE, PARTIAL, NOTHING = 0, 3, 4


def answered(setup: Setup, question: Question[T]) -> T:
    """Ask the chosen accounts. Raises ConfigError, with every mistake and missing token named, before any request."""
    chosen = setup.entries()
    with waiting(f"asking {', '.join(entry.name or '?' for entry in chosen)} ..."):
        return to_the_end(_asked(setup, chosen, question))


async def _asked(setup: Setup, chosen: tuple[Entry, ...], question: Question[T]) -> T:
    clock = asyncio.get_running_loop().time
    began = clock()
    async with _opened(chosen, setup.deadline) as fold:
        left = None if setup.deadline is None else max(setup.deadline - (clock() - began), 0.001)
        return await question(fold, left)


@asynccontextmanager
async def _opened(chosen: tuple[Entry, ...], deadline: float | None) -> AsyncIterator[Billfold]:
    accounts, mistakes = [], []
    for entry in chosen:
        try:
            accounts.append(entry.build())
        except ConfigError as error:
            mistakes.append(str(error))
    async with AsyncExitStack() as stack:
        fold = Billfold(accounts)
        try:
            async with asyncio.timeout(deadline):
                await stack.enter_async_context(fold)
        except ConfigError as error:
            mistakes.append(str(error))
        except TimeoutError:
            raise ConfigError(
                f"the tokens could not be read within {deadline} seconds; allow more time with --deadline"
            ) from None
        if mistakes:
            raise ConfigError("\n".join(mistakes))
        yield fold


def to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine; Ctrl-C cancels it and is raised as KeyboardInterrupt.

    Unlike ``asyncio.run`` this does not wait for threads, because one in a name look-up can outlast every deadline.
    """
    runner = asyncio.Runner()
    try:
        return runner.run(work)
    finally:
        loop = runner.get_loop()
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def exit_code(answer: Answer[Any]) -> int:
    """Say how much was answered."""
    if answer.complete:
        return COMPLETE
    return PARTIAL if answer.answered else NOTHING


def emit(answer: Answer[Any], form: Format, *more: Callable[[Answer[Any]], RenderableType]) -> int:
    """Write an answer, with ``more`` below its table, and return its exit code."""
    if form is Format.TABLE:
        below = [part for layout in more if answer.items for part in (Text(), layout(answer))]
        show(heading(answer), tables.table(answer), *below, *notes.notes(answer))
    else:
        put(jsons.text(answer) if form is Format.JSON else csvs.text(answer))
        tell(*notes.notes(answer))
    return exit_code(answer)


def heading(answer: Answer[Any]) -> Text:
    """Name the stream and the period asked for."""
    title = Text(answer.stream.replace("_", " ").capitalize(), "bold cyan")
    return title if answer.requested is None else title + Text(f"  {answer.requested}", "dim")
