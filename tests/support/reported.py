"""What Sentry's own package, as it comes, and a log would keep of every kind of failure.

A program of its own, because that package changes Python's libraries: ``python -m support.reported``
prints, per kind, how many events were sent and which of them hold a canary.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from typing import Any

from aiohttp import web
from attrs import evolve

from billfold import Answer, Billfold, RetryPolicy, Stream
from billfold.accounts.tokens import FromCommand
from billfold.adapter import Reading, streams
from billfold.simulators.faults import Fault, echoed
from billfold.simulators.sandbox import Served, accounts, running
from support.canaries import PERSONAL, forms, telling
from support.endpoints import NOW
from support.toys import fold_of_toys

TOLD = "reply-canary-7f3a"
# What shows a reply or a request, whatever is in it.
OBJECTS = ("ClientResponse(", "RequestInfo(", "ClientRequest ", "StreamReader")
log = logging.getLogger("app")
Effect = Callable[[web.Request, Any], Awaitable[web.StreamResponse]]


def canary(request: web.Request) -> str:
    return " ".join((TOLD, request.headers.get("Authorization", ""), *PERSONAL))


def untold(said: str) -> str:
    """Return the secrets alone, for where an error may say a provider's words or name its keys."""
    return said.replace(TOLD, "")


def body(make: Callable[[str], str], status: int = 200) -> Effect:
    async def reply(request: web.Request, handler: Any) -> web.StreamResponse:
        return web.Response(
            status=status, body=make(canary(request)).encode(), content_type="application/json"
        )

    return reply


def wire(make: Callable[[str], str], close: bool = True) -> Effect:
    """Answer by bytes that aiohttp would not write."""

    async def reply(request: web.Request, handler: Any) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.write(make(canary(request)).encode())
        if close:
            request.transport.close()
        await asyncio.sleep(0 if close else 1)
        return web.Response()

    return reply


OK = "HTTP/1.1 200 OK\r\n"
FAULTS: dict[str, Effect] = {
    "drift": body(lambda said: json.dumps([said, {"data": said}])),
    "drift in a field": body(
        lambda said: json.dumps({"data": {"id": [said]}, "items": said, "balance_cents": said})
    ),
    "a key twice": body(lambda said: '{{"{0}": 1, "{0}": 2, "data": []}}'.format(untold(said))),
    "no JSON": body(lambda said: f'{{"data": "{said}'),
    "nothing but an error": body(lambda said: json.dumps({"error": {"message": untold(said)}})),
    "HTML": body(lambda said: f"<html>{said}</html>"),
    **{f"{code} that repeats": echoed(code) for code in (403, 429)},
    **{f"{code} that tells": telling(code, *PERSONAL) for code in (400, 401, 404, 503)},
    "a redirect": body(lambda said: said, 307),
    "no HTTP": wire(lambda said: f"{said}\r\n\r\n"),
    "a broken header": wire(lambda said: f"{OK}X-A\x00 {said}: {said}\r\n\r\n{{}}"),
    "an over-long header": wire(lambda said: f"{OK}X-A: {said * 1000}\r\n\r\n{{}}"),
    "a broken chunk": wire(lambda said: f"{OK}Transfer-Encoding: chunked\r\n\r\n{said}\r\n{said}"),
    "cut off": wire(lambda said: f"{OK}Content-Length: 5000\r\n\r\n{said}"),
    "cut off compressed": wire(
        lambda said: f"{OK}Content-Encoding: gzip\r\nContent-Length: 5000\r\n\r\n{said}"
    ),
    "closed without an answer": wire(lambda said: ""),
    "oversize": wire(lambda said: f"{OK}Content-Length: 999999999\r\n\r\n{said}"),
    "late": wire(lambda said: f"{OK}Content-Length: 5000\r\n\r\n{said}", close=False),
}
_LOGINS = {
    "a token command that fails": "import sys; print('{}'); sys.exit(3)",
    "a token command that says too much": "print('{} ' * 9000)",
    "a token command that prints two words": "print('{} {}')",
    "a token command that prints no text": "import sys; sys.stdout.buffer.write(b'{}\\xff')",
}
OTHERS = ("refused", "cancelled", "a bug of an adapter", *_LOGINS)
KINDS = (*FAULTS, *OTHERS)


@asynccontextmanager
async def opened(served: tuple[Served, ...], **changes: Any) -> AsyncIterator[Billfold]:
    first = {account.provider: account for account in reversed(accounts(served))}
    asked = [evolve(account, **changes) for account in first.values()]
    policy = RetryPolicy(attempts=1)
    async with Billfold(asked, clock=lambda: NOW, retry=policy) as fold:
        yield fold


async def ask_all(fold: Billfold, deadline: float) -> None:
    """Ask every account for everything, and write whatever went wrong to the log."""
    for stream in Stream:
        if any(stream in {*streams(one.adapter), Stream.CHECK} for one in fold.accounts):
            ask = getattr(fold, stream.value)
            await logged(ask(deadline=deadline))
    await logged(fold.usage(deadline=deadline, strict=True))
    await logged(all_of(fold.charges(deadline=deadline)))
    for account in fold.accounts:
        one = fold.account(account.name)
        await logged(one.invoice("79197348", deadline=deadline))
        await logged(all_of(one.document("79197348", deadline=deadline)))
        await logged(written(one, "attach", "pm_1", deadline=deadline))
        await logged(written(one, "set_default", "pm_1", deadline=deadline))
        await logged(written(one, "remove", "pm_1", deadline=deadline))
        await logged(written(one, "setup_intent", deadline=deadline))


async def written(one: Any, name: str, *arguments: str, deadline: float) -> None:
    await getattr(one.payment_methods, name)(*arguments, deadline=deadline)


async def all_of(items: Any) -> None:
    async with aclosing(aiter(items)) as each:
        async for _ in each:
            pass


async def logged(work: Awaitable[Any]) -> None:
    try:
        answer = await work
    except Exception:  # whatever it is, it is reported
        log.exception("failed")
    else:
        for error in answer.failures if isinstance(answer, Answer) else ():
            log.error("failed", exc_info=error)


async def cancelled(served: tuple[Served, ...]) -> None:
    """Let the caller's own time-out end the work, while a reply is read."""
    for one in served:
        one.simulation.faults[:] = [Fault(FAULTS["late"])]
    async with opened(served) as fold:
        for account in fold.accounts:
            one = fold.account(account.name)
            await logged(asyncio.wait_for(one.invoice("79197348"), 0.1))
            await logged(asyncio.wait_for(all_of(one.document("79197348")), 0.1))
            await logged(asyncio.wait_for(fold.usage(accounts=[account.name]), 0.1))


async def bug(served: tuple[Served, ...]) -> None:
    """Let an adapter fail by a bug of its own, with a reply in its hands."""

    async def tell(client: Any) -> AsyncIterator[Reading[Any]]:
        held = [f"{TOLD} {client.token.reveal()}"]
        yield Reading(())
        held.append(str(1 / (len(held) - 1)))

    async with fold_of_toys(tell) as fold:
        await logged(fold.usage())
        await logged(all_of(fold.charges()))


async def failures_of(kind: str, served: tuple[Served, ...]) -> None:
    for one in served:
        one.simulation.faults[:] = [Fault(FAULTS[kind])] if kind in FAULTS else []
    if kind == "cancelled":
        await cancelled(served)
    elif kind == "a bug of an adapter":
        await bug(served)
    elif kind == "refused":
        async with opened(served, base_url="http://127.0.0.1:9") as fold:
            await ask_all(fold, 5)
    elif kind in _LOGINS:
        program = _LOGINS[kind].replace("{}", TOLD)
        source = FromCommand((sys.executable, "-c", program))
        async with opened(served, token=source) as fold:
            await logged(fold.balances())
            await logged(fold.balances(strict=True))
            await logged(fold.account(fold.accounts[0].name).invoice("1"))
    else:
        async with opened(served) as fold:
            await ask_all(fold, 0.2 if kind == "late" else 5)


def a_frame_with_a_token() -> None:
    held = TOLD
    raise RuntimeError(len(held))


async def main() -> None:
    import sentry_sdk
    from sentry_sdk.transport import Transport

    said: list[str] = []

    class Kept(Transport):
        def capture_envelope(self, envelope: Any) -> None:
            said.extend(json.dumps(item.get_event()) for item in envelope.items)

    handler = logging.Handler(logging.DEBUG)
    formatter = logging.Formatter()
    handler.emit = lambda record: said.append(formatter.format(record))  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    for name in ("billfold", "app", "aiohttp", "asyncio"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    sentry_sdk.init("http://public@127.0.0.1:9/1", transport=Kept)
    results: dict[str, Any] = {}
    async with running(NOW) as served:
        tokens = [sample.token for one in served for sample in one.simulation.samples]
        needles = [TOLD, *PERSONAL, *OBJECTS]
        needles += [form for token in tokens for form in forms(token)]
        try:
            a_frame_with_a_token()
        except RuntimeError:
            log.exception("failed")
        for kind in ("control", *KINDS):
            if kind != "control":
                sentry_sdk.get_current_scope().clear_breadcrumbs()
                sentry_sdk.get_isolation_scope().clear_breadcrumbs()
                said.clear()
                await failures_of(kind, served)
            found = [
                f"{needle} in {text[max(text.find(needle) - 300, 0) :][:700]}"
                for text in said
                for needle in needles
                if needle in text
            ]
            results[kind] = {
                "events": sum(text.startswith("{") for text in said),
                "frames": sum(text.count('"vars"') for text in said),
                "found": found[:3],
            }
    print(json.dumps(results))


if __name__ == "__main__":
    asyncio.run(main())
