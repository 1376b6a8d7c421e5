"""Open the chosen accounts, ask them, and find the exit code."""

from __future__ import annotations

import asyncio
import gc
import signal
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from billfold.accounts.entry import Entry
from billfold.answer import Answer
from billfold.cli.clock import now
from billfold.cli.global_options import GlobalOptions
from billfold.cli.output.terminal import show_waiting
from billfold.facade.billfold import Billfold

T = TypeVar("T")
# What a command asks of the open accounts, in the seconds that remain (None: no limit).
Call = Callable[[Billfold, float | None], Awaitable[T]]

COMPLETE, PARTIAL, NOTHING = 0, 3, 4


def ask_accounts(options: GlobalOptions, call: Call[T]) -> T:
    """Return what the chosen accounts answer.

    Raises ConfigError before any request, with every mistake in it, or every token where none of
    them can be read.
    """
    if options.history.stored:
        return _ask_stored(options, call)
    entries, left_out = options.split_entries()
    names = ", ".join(entry.name or "?" for entry in entries)
    with show_waiting(f"asking {names} ..."):
        return run_to_end(_ask(options, entries, left_out, call))


async def _ask(
    options: GlobalOptions, entries: tuple[Entry, ...], left_out: tuple[str, ...], call: Call[T]
) -> T:
    from billfold.accounts.config import build_accounts

    accounts = build_accounts(entries)
    if not options.history.live:
        from billfold.cli.history import filled_from_store

        accounts = filled_from_store(options, accounts)
    async with Billfold(accounts, left_out=left_out, clock=now) as fold:
        return await call(fold, options.seconds())


def _ask_stored(options: GlobalOptions, call: Call[T]) -> T:
    """Return what the store holds of the chosen accounts. Raises StoreError, ConfigError."""
    from billfold.cli.history import known_accounts

    async def ask() -> T:
        # Nobody is asked, so no account waits for a place: many are read by one query.
        most = max(len(accounts), 1)
        async with Billfold(accounts, left_out=left_out, clock=now, concurrency=most) as fold:
            return await call(fold, options.seconds())

    with show_waiting("reading the store ..."):
        known = known_accounts(options)
        accounts = options.choose(known)
        left_out = options.names_left_out(known, accounts)
        return run_to_end(ask())


def run_to_end(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine; Ctrl-C cancels it and is raised as KeyboardInterrupt.

    Unlike ``asyncio.run`` this does not wait for threads: one in a name look-up can outlast every
    deadline.
    """
    gc.freeze()  # what was loaded stays; from here on there may be something to collect
    gc.enable()
    loop = asyncio.new_event_loop()
    try:
        with _cancelled_by_ctrl_c(loop, task := loop.create_task(work)):
            try:
                return loop.run_until_complete(task)
            finally:
                loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        loop.close()


@contextmanager
def _cancelled_by_ctrl_c(
    loop: asyncio.AbstractEventLoop, task: asyncio.Task[Any]
) -> Iterator[None]:
    """Cancel the task at the first Ctrl-C; the second ends the program at once.

    The loop cancels it, between two callbacks. The handler of ``asyncio.run`` cancels in the midst
    of one, which can be just about to set the result of what is then cancelled: a traceback.
    """
    interrupted = False

    def interrupt(_number: int, _frame: object) -> None:
        nonlocal interrupted
        if interrupted:
            raise KeyboardInterrupt
        interrupted = True
        loop.call_soon_threadsafe(task.cancel)  # which wakes the loop, too

    # Another handler is the caller's: a program started in the background ignores Ctrl-C.
    handled = _sets_handlers() and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if handled:
        signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    except asyncio.CancelledError:
        if not interrupted:
            raise
    finally:
        if handled and signal.getsignal(signal.SIGINT) is interrupt:
            signal.signal(signal.SIGINT, signal.default_int_handler)
    if interrupted:  # also as the work ended by itself
        raise KeyboardInterrupt


def stop_by_signals(stop: Callable[[], object]) -> None:
    """Let the running loop call this at SIGINT and SIGTERM, between two callbacks.

    What the caller ignores stays ignored. On Windows no loop does so, and Ctrl-C raises
    KeyboardInterrupt there.
    """
    for number in (signal.SIGINT, signal.SIGTERM) if _sets_handlers() else ():
        if signal.getsignal(number) is not signal.SIG_IGN:
            with suppress(NotImplementedError):
                asyncio.get_running_loop().add_signal_handler(number, stop)


def _sets_handlers() -> bool:
    """Return whether this thread is the one that may set handlers of signals."""
    return threading.current_thread() is threading.main_thread()


def exit_code(answer: Answer[Any]) -> int:
    """Return 0 for a complete answer, 3 for a partial one, 4 where nothing was answered."""
    if answer.complete:
        return COMPLETE
    return PARTIAL if answer.answered else NOTHING
