"""Open the chosen accounts, ask them, and find the exit code."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any, TypeVar

from billfold.accounts.account import Account
from billfold.accounts.entry import Entry
from billfold.answer import Answer
from billfold.cli.options import GlobalOptions
from billfold.cli.output.terminal import show_waiting
from billfold.errors import ConfigError
from billfold.facade.billfold import Billfold

T = TypeVar("T")
# What a command asks of the open accounts, in the seconds that remain (None: no limit).
Call = Callable[[Billfold, float | None], Awaitable[T]]

COMPLETE, PARTIAL, NOTHING = 0, 3, 4


def ask_accounts(options: GlobalOptions, call: Call[T]) -> T:
    """Return what the chosen accounts answer.

    Raises ConfigError before any request, with every mistake and every missing token in it.
    """
    entries, left_out = options.split_entries()
    names = ", ".join(entry.name or "?" for entry in entries)
    with show_waiting(f"asking {names} ..."):
        return run_to_end(_ask(entries, left_out, options.deadline, call))


async def _ask(
    entries: tuple[Entry, ...],
    left_out: tuple[str, ...],
    deadline: float | None,
    call: Call[T],
) -> T:
    clock = asyncio.get_running_loop().time
    began = clock()
    accounts, mistakes = _make_accounts(entries)
    async with AsyncExitStack() as stack:
        fold = Billfold(accounts, left_out=left_out)
        try:
            async with asyncio.timeout(deadline):
                await stack.enter_async_context(fold)
        except ConfigError as error:
            mistakes.append(str(error))
        except TimeoutError:
            raise ConfigError(
                f"the tokens could not be read within {deadline} seconds; "
                "allow more time with --deadline"
            ) from None
        if mistakes:
            raise ConfigError("\n".join(mistakes))
        if deadline is not None:
            deadline = max(deadline - (clock() - began), 0.001)
        return await call(fold, deadline)


def _make_accounts(entries: tuple[Entry, ...]) -> tuple[list[Account], list[str]]:
    accounts, mistakes = [], []
    for entry in entries:
        try:
            accounts.append(entry.build())
        except ConfigError as error:
            mistakes.append(str(error))
    return accounts, mistakes


def run_to_end(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine; Ctrl-C cancels it and is raised as KeyboardInterrupt.

    Unlike ``asyncio.run`` this does not wait for threads: one in a name look-up can outlast every
    deadline.
    """
    runner = asyncio.Runner()
    try:
        return runner.run(work)
    finally:
        loop = runner.get_loop()
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def exit_code(answer: Answer[Any]) -> int:
    """Return 0 for a complete answer, 3 for a partial one, 4 where nothing was answered."""
    if answer.complete:
        return COMPLETE
    return PARTIAL if answer.answered else NOTHING
