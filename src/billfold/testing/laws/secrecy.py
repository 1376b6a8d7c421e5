"""The law of secrets: a token is sent to its own origin, and appears nowhere else."""

from __future__ import annotations

import logging
import pickle
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from billfold.answer import Answer
from billfold.simulators.faults import Reply, echoed, html, redirect, reset, status
from billfold.testing.harness import Bench, Subject, bench, fresh, require, served

SECRET = "law 8, secrets do not leave"


async def secret(subject: Subject) -> None:
    """In every way of failing, also when the provider repeats the token, no text that leaves has it in it."""
    elsewhere = fresh(subject)
    with served(elsewhere) as (other,), bench(subject) as one:
        for view in subject.short_views():
            for what, reply in _faults(other).items():
                one.strike(reply)
                with _logged() as lines:
                    async with one.fold() as fold:
                        answer = await view.read(fold, 5)
                        shown = [repr(fold), repr(fold.accounts), repr(getattr(fold, "_links", ""))]
                sent = [str(request.url) for request in one.simulation.seen]
                seen = {"a log": lines, "a repr": shown, "a URL": sent, **_texts(answer)}
                _absent(one, f"{view} with {what}", seen)
    require(
        not elsewhere.seen,
        SECRET,
        f"a redirect to another origin was followed: {len(elsewhere.seen)} requests",
    )


def _faults(other: str) -> dict[str, Reply | None]:
    echoes: dict[str, Reply | None] = {
        f"an echoing {code}": echoed(code) for code in (400, 401, 403, 404, 422, 429, 500)
    }
    return {
        "nothing wrong": None,
        "a redirect": redirect(f"{other}/stolen"),
        "a reset connection": reset,
        "HTML": html(200),
        "a plain 401": status(401),
        **echoes,
    }


def _texts(answer: Answer[Any]) -> dict[str, list[str]]:
    errors = answer.failures
    return {
        "an answer": [repr(answer), answer.to_json()],
        "an error": [f"{error} {error!r} {vars(error)}" for error in errors],
        "a pickle": [pickle.dumps(error).decode("latin-1") for error in errors],
        "a traceback": ["".join(traceback.format_exception(error)) for error in errors],
    }


def _absent(one: Bench, what: str, places: dict[str, list[str]]) -> None:
    for sample in one.simulation.samples:
        for place, texts in places.items():
            require(
                not any(sample.token in text for text in texts),
                SECRET,
                f"{what}: the token of {sample.name} is in {place}",
            )


@contextmanager
def _logged() -> Iterator[list[str]]:
    """Collect everything that is logged in this thread, by anyone, at DEBUG."""
    lines: list[str] = []
    handler = logging.Handler(logging.DEBUG)
    form = logging.Formatter()

    def keep(record: logging.LogRecord) -> None:
        lines.append(form.format(record) + repr(record.args))

    handler.emit = keep  # type: ignore[method-assign]
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
