"""Faults of the connection: what the simulator answers comes late, in part, packed, or never."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Mapping
from functools import cache

from aiohttp.web import Request, Response, StreamResponse

from billfold.simulators.faults.fault import LISTENER, RUNNER, Effect, Handler


def slow(seconds: float) -> Effect:
    """Answer rightly, late."""

    async def effect(request: Request, handler: Handler) -> StreamResponse:
        await asyncio.sleep(seconds)
        return await handler(request)

    return effect


async def refused(request: Request, handler: Handler) -> StreamResponse:
    """Break every connection and close the port: whoever comes again finds nobody listening."""
    runner = request.app[RUNNER]
    if runner.sites:
        asyncio.get_running_loop().remove_reader(request.app[LISTENER])
        for _ in range(3):  # whoever was let in already is not connected before the next passes
            await asyncio.sleep(0)
    for site in tuple(runner.sites):
        await site.stop()
    assert runner.server is not None
    for connection in runner.server.connections:
        connection.force_close()
    return Response()


async def reset(request: Request, handler: Handler) -> StreamResponse:
    """Break the connection before any answer."""
    _transport(request).abort()
    return Response()


async def reset_midway(request: Request, handler: Handler) -> StreamResponse:
    """Break the connection in the middle of the body."""
    body, response = await _begin(request, handler)
    await response.write(body[: len(body) // 2])
    await asyncio.sleep(0.005)  # abort() drops what is not sent yet
    _transport(request).abort()
    return response


async def truncated(request: Request, handler: Handler) -> StreamResponse:
    """Send half of the body under the length of the whole, and hang up in good manners."""
    body, response = await _begin(request, handler)
    await response.write(body[: len(body) // 2])
    _transport(request).close()
    return response


async def cut(request: Request, handler: Handler) -> StreamResponse:
    """Send half of the body under its right length: nothing is wrong but the JSON."""
    right = await handler(request)
    body = _body(right)
    half = body[: len(body) // 2]
    return Response(body=half, status=right.status, content_type=right.content_type)


async def overlong(request: Request, handler: Handler) -> StreamResponse:
    """Send the body under the length of its half, so that the rest looks like another reply."""
    body = _body(await handler(request))
    length = len(body) // 2
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    _transport(request).write(head.encode() + body)
    _transport(request).close()
    return Response()


def drip(seconds: float = 0.05) -> Effect:
    """Answer rightly, one byte at a time."""

    async def effect(request: Request, handler: Handler) -> StreamResponse:
        body, response = await _begin(request, handler)
        for byte in body:
            await response.write(bytes([byte]))
            await asyncio.sleep(seconds)
        return response

    return effect


async def endless(request: Request, handler: Handler) -> StreamResponse:
    """Send white space for ever: valid JSON so far."""
    response = StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    while True:
        await response.write(b" " * 64 * 1024)


async def many_values(request: Request, handler: Handler) -> StreamResponse:
    """Send twelve megabytes of empty lists, which take some 250 when they are decoded."""
    headers = {"Content-Type": "application/json"}
    return Response(body=b'{"data": [' + b"[]," * 4_000_000 + b"[]]}", headers=headers)


async def bomb(request: Request, handler: Handler) -> StreamResponse:
    """Send a megabyte of gzip that unpacks to a gigabyte of white space."""
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    return Response(body=_bomb(), headers=headers)


@cache
def _bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    head = packer.compress(b" " * 1024) + packer.flush(zlib.Z_FULL_FLUSH)
    # After a full flush a block can be repeated without packing it again.
    block = packer.compress(b" " * 1024 * 1024) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * 1024


def zipped() -> Effect:
    """Answer rightly, compressed unasked."""

    async def effect(request: Request, handler: Handler) -> StreamResponse:
        right = await handler(request)
        headers = {"Content-Encoding": "gzip", "Content-Type": right.content_type}
        return Response(body=gzip.compress(_body(right)), status=right.status, headers=headers)

    return effect


def marked() -> Effect:
    """Answer rightly, with a byte order mark before the body."""
    return _with({}, b"\xef\xbb\xbf")


def mislabelled() -> Effect:
    """Answer rightly, with a character set where an encoding of the content belongs."""
    return _with({"Content-Encoding": "utf-8"})


def long_header() -> Effect:
    """Answer rightly, with a header of 60,000 bytes."""
    return _with({"Content-Security-Policy": "a" * 60_000})


def _with(headers: Mapping[str, str], before: bytes = b"") -> Effect:
    async def effect(request: Request, handler: Handler) -> StreamResponse:
        right = await handler(request)
        kept = {"Content-Type": right.content_type, **headers}
        return Response(body=before + _body(right), status=right.status, headers=kept)

    return effect


def _body(response: StreamResponse) -> bytes:
    body = response.body if isinstance(response, Response) else b""
    return body if isinstance(body, bytes) else b""


async def _begin(request: Request, handler: Handler) -> tuple[bytes, StreamResponse]:
    """Send the right headers, and return the right body and the response to write it to."""
    right = await handler(request)
    body = _body(right)
    headers = {"Content-Length": str(len(body)), "Content-Type": right.content_type}
    response = StreamResponse(status=right.status, headers=headers)
    await response.prepare(request)
    return body, response


def _transport(request: Request) -> asyncio.Transport:
    if not isinstance(request.transport, asyncio.Transport):
        raise ConnectionResetError("the client is gone")
    return request.transport
