"""Secrets planted to be found again, and everything that leaves billfold to look for them in."""

from __future__ import annotations

import json
import logging
import pickle
import re
import threading
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from aiohttp import web

from billfold import Answer
from billfold.simulators.faults.fault import REFUSE, Effect, Handler
from support.counting import count

IBAN = "DE89370400440532013000"
SPACED = "DE89 3704 0044 0532 0130 00"
CLIENT_SECRET = "seti_1PgafmB7WZ01zgkW6dKueIc5_secret_QWc2bRBQz5hIdwS0b7OqKqRqVbCanary"
CARD = "4242424242424242"
PERSONAL = (IBAN, SPACED, CLIENT_SECRET, CARD)


def forms(canary: str) -> set[str]:
    """Write a secret as it may come back: as it is, in a URL, in JSON, in bytes."""
    return {canary, quote(canary, safe=""), json.dumps(canary)[1:-1], canary.replace("/", "\\/")}


def found(canaries: Iterable[str], texts: Iterable[str]) -> list[str]:
    """List the texts, cut, that hold a canary in any form."""
    needles, searched = [form for canary in canaries for form in forms(canary)], list(texts)
    count("texts searched for canaries", len(searched))
    return [
        f"{needle[:12]}... in {text[:200]!r}"
        for text in searched
        for needle in needles
        if needle in text
    ]


@contextmanager
def everything_logged() -> Iterator[list[str]]:
    """Collect what any logger says in this thread at DEBUG, arguments and tracebacks included."""
    lines: list[str] = []
    handler, here = logging.Handler(logging.DEBUG), threading.get_ident()

    def emit(record: logging.LogRecord) -> None:
        if record.thread == here:
            lines.append(f"{logging.Formatter().format(record)} {record.args!r} {vars(record)!r}")

    handler.emit = emit  # type: ignore[method-assign]  # a handler is its emit
    root = logging.getLogger()
    others = [
        logging.getLogger(name)
        for name in ("asyncio", "aiohttp", "aiohttp.client", "aiohttp.internal", "billfold")
    ]
    before = [(one, one.level) for one in (root, *others)]
    root.addHandler(handler)
    for one, _ in before:
        one.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        for one, level in before:
            one.setLevel(level)


def shown(answer: Answer[Any]) -> list[str]:
    """Write an answer and its errors in every way there is."""
    grouped = [ExceptionGroup("failures", list(answer.failures))] if answer.failures else []
    texts = [repr(answer), answer.to_json(), pickle.dumps(answer).decode("latin-1")]
    return [*texts, *(text for error in (*answer.failures, *grouped) for text in told(error))]


def told(error: BaseException) -> list[str]:
    """Write an error in every way: as text, pickled, and as a traceback of it and its causes."""
    texts = [
        str(error),
        repr(error),
        repr(vars(error)),
        repr(error.args),
        pickle.dumps(error).decode("latin-1"),
    ]
    return [*texts, "".join(traceback.format_exception(error))]


def with_locals(*errors: BaseException) -> list[str]:
    """Write every local variable of every frame that errors and their causes went through, as reporters of errors do."""
    texts, waiting, seen = [], list(errors), set[int]()
    while waiting:
        error = waiting.pop()
        if id(error) not in seen:
            seen.add(id(error))
            waiting += [one for one in (error.__cause__, error.__context__) if one is not None]
            waiting += getattr(error, "exceptions", ())
            frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
            texts += [_safe(value) for frame in frames for value in frame.f_locals.values()]
    return texts


def _safe(value: object) -> str:
    try:
        return repr(value)
    except Exception as error:  # noqa: BLE001 - an object that is half made, in the frame that was making it
        return repr(error)


def telling(code: int, *texts: str) -> Effect:
    """Answer a status in the provider's own error body, every text of which, and every header that may, tells secrets."""

    async def reply(request: web.Request, handler: Handler) -> web.StreamResponse:
        secret = ", ".join(texts) or request.headers.get("Authorization", "")
        body = request.app[REFUSE](code).body
        known = (
            json.loads(body)
            if isinstance(body, bytes) and body[:1] in (b"{", b"[")
            else {"error": secret}
        )
        headers = {
            "X-Request-Id": secret,
            "WWW-Authenticate": f'Bearer error="{secret}"',
            "Set-Cookie": f"seen={quote(secret)}",
        }
        written = json.dumps(_all_texts(known, secret)).encode()
        return web.Response(
            body=written,
            status=code,
            reason=secret,
            content_type="application/json",
            headers=headers,
        )

    return reply


def _all_texts(value: Any, secret: str) -> Any:
    if isinstance(value, dict):
        return {key: _all_texts(member, secret) for key, member in value.items()}
    if isinstance(value, list):
        return [_all_texts(member, secret) for member in value]
    return f"refused: {secret}" if isinstance(value, str) else value


async def repeating(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer rightly, but for the token of the request in every text that is free to say anything."""
    response = await handler(request)
    if (
        isinstance(response, web.Response)
        and isinstance(response.body, bytes)
        and response.content_type.endswith("json")
    ):
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        response.body = re.sub(
            rb'("(?:name|description|hostname|job_name|title)": ?)"[^"]*"',
            rb'\1"%s"' % token.encode(),
            response.body,
        )
    return response
