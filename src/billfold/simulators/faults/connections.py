"""Faults of the connection: what the simulator answers comes late, in part, packed, or never."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from functools import cache

from aiohttp import web

from billfold.simulators.faults.fault import RUNNER, Effect, Handler

_CHUNK = 64 * 1024
_BLOCK, _BLOCKS = 1024 * 1024, 1024  # a bomb's gigabyte


def slow(seconds: float) -> Effect:
    """Answer rightly, late."""

    async def effect(request: web.Request, handler: Handler) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return await handler(request)

    return effect


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
    body, response = await _begin(request, handler)
    await response.write(body[: len(body) // 2])
    await asyncio.sleep(0.005)  # abort() drops what is not sent yet
    _transport(request).abort()
    return response


async def truncated(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Send half of the body under the length of the whole, and hang up in good manners."""
    body, response = await _begin(request, handler)
    await response.write(body[: len(body) // 2])
    _transport(request).close()
    return response


async def cut(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Send half of the body under its right length: nothing is wrong but the JSON."""
    response = await handler(request)
    body = _body(response)
    return web.Response(
        body=body[: len(body) // 2], status=response.status, content_type=response.content_type
    )


async def overlong(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Send the body under the length of its half, so that the rest looks like another reply."""
    body = _body(await handler(request))
    length = len(body) // 2
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    _transport(request).write(head.encode() + body)
    _transport(request).close()
    return web.Response()


def drip(seconds: float = 0.05) -> Effect:
    """Answer rightly, one byte at a time."""

    async def effect(request: web.Request, handler: Handler) -> web.StreamResponse:
        body, response = await _begin(request, handler)
        for byte in body:
            await response.write(bytes([byte]))
            await asyncio.sleep(seconds)
        return response

    return effect


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
    # After a full flush a block can be repeated without packing it again.
    block = packer.compress(b" " * _BLOCK) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * _BLOCKS


def zipped() -> Effect:
    """Answer rightly, compressed unasked."""

    async def effect(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        return web.Response(
            body=gzip.compress(_body(response)),
            status=response.status,
            headers={"Content-Encoding": "gzip", "Content-Type": response.content_type},
        )

    return effect


def _body(response: web.StreamResponse) -> bytes:
    body = response.body if isinstance(response, web.Response) else b""
    return body if isinstance(body, bytes) else b""


async def _begin(request: web.Request, handler: Handler) -> tuple[bytes, web.StreamResponse]:
    """Send the right headers, and return the right body and the response to write it to."""
    right = await handler(request)
    body = _body(right)
    headers = {"Content-Length": str(len(body)), "Content-Type": right.content_type}
    response = web.StreamResponse(status=right.status, headers=headers)
    await response.prepare(request)
    return body, response


def _transport(request: web.Request) -> asyncio.Transport:
    if not isinstance(request.transport, asyncio.Transport):
        raise ConnectionResetError("the client is gone")
    return request.transport
