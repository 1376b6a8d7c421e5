"""The law of secrets: a token is sent to its own origin, and appears nowhere else."""

from __future__ import annotations

import logging
import pickle
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from billfold.answer import Answer
from billfold.secret import Secret
from billfold.simulators.faults import Effect, echoed, html, redirect, reset, status
from billfold.simulators.serving import serving_in_thread
from billfold.testing.harness import Harness, Subject
from billfold.testing.rules import Rule, require

SECRET = "law 8, secrets do not leave"

UNSEEN = Rule(
    SECRET,
    "never write client.token into a text: let the client send it, as Declaration.auth says",
)
OWN_ORIGIN = Rule(SECRET, "follow no redirects, and request nothing but through the client")

_ECHOED = (400, 401, 403, 404, 422, 429, 500)


async def secret(subject: Subject) -> None:
    """Require that no text that leaves has the token in it, in every way of failing.

    The provider may repeat the token.
    """
    elsewhere = subject.simulation()
    with serving_in_thread(elsewhere) as (other_url,), subject.serve() as harness:
        effects: dict[str, Effect | None] = {
            "nothing wrong": None,
            "a redirect": redirect(f"{other_url}/stolen"),
            "a reset connection": reset,
            "HTML": html(200),
            "a plain 401": status(401),
            **{f"an echoing {code}": echoed(code) for code in _ECHOED},
        }
        for case in subject.short_cases():
            for event, effect in effects.items():
                harness.inject(effect)
                with _logged() as lines:
                    async with harness.fold() as fold:
                        answer = await case.read(fold, 5)
                        shown = [repr(fold), repr(fold.accounts), repr(vars(fold))]
                urls = [str(request.url) for request in harness.simulation.seen]
                texts = {"a log": lines, "a repr": shown, "a URL": urls, **_texts(answer)}
                _require_absent(harness, f"{case} with {event}", texts)
    count = len(elsewhere.seen)
    require(not count, OWN_ORIGIN, f"a redirect to another origin was followed: {count} requests")


def _texts(answer: Answer[Any]) -> dict[str, list[str]]:
    errors = answer.failures
    return {
        "an answer": [repr(answer), answer.to_json()],
        "an error": [f"{error} {error!r} {vars(error)}" for error in errors],
        "a pickle": [pickle.dumps(error).decode("latin-1") for error in errors],
        "a traceback": ["".join(traceback.format_exception(error)) for error in errors],
    }


def _require_absent(harness: Harness, about: str, texts: dict[str, list[str]]) -> None:
    """Look for the tokens, and what stands for them in a header (``Authorization: Basic``)."""
    for sample in harness.simulation.samples:
        headers = harness.simulation.auth.headers(Secret(sample.token)).values()
        forms = sample.token, *(value.rpartition(" ")[2] for value in headers)
        for place, lines in texts.items():
            seen = any(form in line for form in forms for line in lines)
            require(not seen, UNSEEN, f"{about}: the token of {sample.name} is in {place}")


@contextmanager
def _logged() -> Iterator[list[str]]:
    """Collect everything that is logged in this thread, by anyone, at DEBUG."""
    lines: list[str] = []
    formatter = logging.Formatter()

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(formatter.format(record) + repr(record.args))

    handler, root = Keep(logging.DEBUG), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
