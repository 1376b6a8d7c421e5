"""Faults of the connection and of HTTP: whatever was asked, this is what comes back, or does not."""

from __future__ import annotations

import asyncio
import gzip
import json
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache

from aiohttp import web

from billfold.simulators.faults.fault import HABITS, REFUSE, RUNNER, Handler, Reply

HTML = b"<html><body><h1>Bad gateway</h1></body></html>"
ELSEWHERE = "https://elsewhere.invalid/"
_CHUNK = 64 * 1024


def raw(body: bytes, *, code: int = 200, media_type: str = "application/json") -> Reply:
    """Answer these bytes."""

    async def reply(request: web.Request, handler: Handler) -> web.StreamResponse:
        return web.Response(body=body, status=code, content_type=media_type)

    return reply


def html(code: int = 502) -> Reply:
    """Answer a proxy's page."""
    return raw(HTML, code=code, media_type="text/html")


empty = raw(b"")


def status(
    code: int,
    *,
    body: object = None,
    headers: Mapping[str, str] | None = None,
    retry_after: str | None = None,
) -> Reply:
    """Answer a status, with the provider's own error body or with the given JSON."""

    async def reply(request: web.Request, handler: Handler) -> web.StreamResponse:
        if body is None:
            response = request.app[REFUSE](code)
        else:
            response = web.Response(
                body=json.dumps(body).encode(), status=code, content_type="application/json"
            )
        response.headers.update(headers or {})
        if retry_after is not None:
            response.headers["Retry-After"] = retry_after
        return response

    return reply


def throttled(seconds: int) -> Reply:
    """Answer 429 with a ``Retry-After`` in seconds."""
    return status(429, retry_after=str(seconds))


def throttled_until(seconds: int, *, skew: int = 0) -> Reply:
    """Answer 429 with a ``Retry-After`` as an HTTP date, by a server's clock that is ``skew`` seconds ahead of the real one."""

    async def reply(request: web.Request, handler: Handler) -> web.StreamResponse:
        # An HTTP date has whole seconds: rounded up, so that the wait is never shorter than the provider means.
        there = (datetime.now(UTC) + timedelta(seconds=skew)).replace(microsecond=0)
        response = request.app[REFUSE](429)
        response.headers["Date"] = format_datetime(there, usegmt=True)
        response.headers["Retry-After"] = format_datetime(
            there + timedelta(seconds=seconds), usegmt=True
        )
        return response

    return reply


def throttled_in_body(seconds: int) -> Reply:
    """Answer 429 with the wait only in the provider's own body; without any where its bodies say none."""

    async def reply(request: web.Request, handler: Handler) -> web.StreamResponse:
        throttle = request.app[HABITS].throttle
        return request.app[REFUSE](429) if throttle is None else throttle(seconds)

    return reply


def skewed(seconds: int) -> Reply:
    """Answer rightly, under a ``Date`` that is so far ahead."""

    async def reply(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        response.headers["Date"] = format_datetime(
            datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True
        )
        return response

    return reply


def redirect(to: str = ELSEWHERE) -> Reply:
    """Send the client to another origin."""

    async def reply(request: web.Request, handler: Handler) -> web.StreamResponse:
        return web.Response(status=307, headers={"Location": to})

    return reply


def echoed(code: int) -> Reply:
    """Answer a status in the provider's own error body, every text of which repeats the request's credential."""

    async def reply(request: web.Request, handler: Handler) -> web.StreamResponse:
        told = request.headers.get("Authorization", "")
        texts = {
            "message": told,
            "detail": told,
            "title": told,
            "code": told,
            "request_id": told,
            "error": told,
        }
        body = request.app[REFUSE](code).body
        written = json.loads(body) if isinstance(body, bytes) and body else texts
        headers = {"X-Request-Id": told, "Retry-After": told}
        return web.Response(
            body=json.dumps(_telling(written, told)).encode(),
            status=code,
            reason=f"told {told}",
            content_type="application/json",
            headers=headers,
        )

    return reply


def _telling(value: object, told: str) -> object:
    if isinstance(value, dict):
        return {key: _telling(member, told) for key, member in value.items()}
    if isinstance(value, list):
        return [_telling(member, told) for member in value]
    return told if isinstance(value, str) else value


def slow(seconds: float) -> Reply:
    """Answer rightly, late."""

    async def reply(request: web.Request, handler: Handler) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return await handler(request)

    return reply


async def refused(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Break every connection and close the port: whoever comes again finds nobody listening."""
    runner = request.app[RUNNER]
    for site in tuple(runner.sites):
        await site.stop()
    assert runner.server is not None
    for connection in runner.server.connections:
        connection.force_close()
    return web.Response()


async def reset(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Break the connection before any answer."""
    _transport(request).abort()
    return web.Response()


async def reset_midway(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Break the connection in the middle of the body."""
    body, response = await _begun(request, handler)
    await response.write(body[: len(body) // 2])
    await asyncio.sleep(0.005)  # abort() drops what is not sent yet
    _transport(request).abort()
    return response


async def truncated(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Send half of the body under the length of the whole, and hang up in good manners."""
    body, response = await _begun(request, handler)
    await response.write(body[: len(body) // 2])
    _transport(request).close()
    return response


async def cut(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Send half of the body under its right length: nothing is wrong but the JSON."""
    whole = await handler(request)
    body = _body(whole)
    return web.Response(
        body=body[: len(body) // 2], status=whole.status, content_type=whole.content_type
    )


async def overlong(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Send the whole body under the length of its half, so that the rest looks like another reply."""
    body = _body(await handler(request))
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body) // 2}\r\n\r\n"
    _transport(request).write(head.encode() + body)
    _transport(request).close()
    return web.Response()


def drip(seconds: float = 0.05) -> Reply:
    """Answer rightly, one byte at a time."""

    async def reply(request: web.Request, handler: Handler) -> web.StreamResponse:
        body, response = await _begun(request, handler)
        for byte in body:
            await response.write(bytes([byte]))
            await asyncio.sleep(seconds)
        return response

    return reply


async def endless(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Send white space for ever: valid JSON so far."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    while True:
        await response.write(b" " * _CHUNK)


async def bomb(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Send a megabyte of gzip that unpacks to a gigabyte of white space."""
    return web.Response(
        body=_bomb(), headers={"Content-Encoding": "gzip", "Content-Type": "application/json"}
    )


@cache
def _bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    head = packer.compress(b" " * 1024) + packer.flush(zlib.Z_FULL_FLUSH)
    # After a full flush a block stands for itself, so that it can be repeated without packing it again.
    block = packer.compress(b" " * 1024 * 1024) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * 1024


def zipped() -> Reply:
    """Answer rightly, compressed unasked."""

    async def reply(request: web.Request, handler: Handler) -> web.StreamResponse:
        whole = await handler(request)
        return web.Response(
            body=gzip.compress(_body(whole)),
            status=whole.status,
            headers={"Content-Encoding": "gzip", "Content-Type": whole.content_type},
        )

    return reply


def _body(response: web.StreamResponse) -> bytes:
    body = response.body if isinstance(response, web.Response) else b""
    return body if isinstance(body, bytes) else b""


async def _begun(request: web.Request, handler: Handler) -> tuple[bytes, web.StreamResponse]:
    whole = await handler(request)
    body = _body(whole)
    headers = {"Content-Length": str(len(body)), "Content-Type": whole.content_type}
    response = web.StreamResponse(status=whole.status, headers=headers)
    await response.prepare(request)
    return body, response


def _transport(request: web.Request) -> asyncio.Transport:
    if not isinstance(request.transport, asyncio.Transport):
        raise ConnectionResetError("the client is gone")
    return request.transport
