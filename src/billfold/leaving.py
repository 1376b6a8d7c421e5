"""What an error takes along as it leaves billfold: its sentence, and nothing of a reply.

Reporters of errors (Sentry's, as it comes) show a whole chain of causes, and the local variables of
every frame: bodies, replies, and what was sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from traceback import clear_frames
from typing import TypeVar

from billfold.errors import BillfoldError
from billfold.secret_numbers import redact

E = TypeVar("E", bound=BillfoldError)


def alone(error: E) -> E:
    """Return an error of ours itself, without its traceback and its causes.

    Its message says what they say, and what it may repeat of a request is masked.
    """
    error.__traceback__ = error.__cause__ = error.__context__ = None
    error.__dict__.pop("__notes__", None)
    error.reword(redact(error.message))
    error.code = error.code and redact(error.code)
    return error


def forget_variables(error: BaseException) -> None:
    """Drop the local variables of whatever frames an error and its causes went through.

    For what is no error of ours, whose traceback says where the bug is.
    """
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        link = waiting.pop()
        if id(link) not in seen:
            seen.add(id(link))
            clear_frames(link.__traceback__)
            waiting += _behind(link)


def _behind(error: BaseException) -> Iterator[BaseException]:
    for link in (error.__cause__, error.__context__, *getattr(error, "exceptions", ())):
        if isinstance(link, BaseException):
            yield link
