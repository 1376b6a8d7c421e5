"""A reply's body, read as far as it may be."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import aiohttp

from billfold.errors import DriftError
from billfold.http.decompress import decompressed
from billfold.http.errors import NETWORK_ERRORS
from billfold.http.places import Gate
from billfold.http.turns import in_turns
from billfold.stretches import joined
from billfold.wire.structure import LARGE

_MAX_ERROR_BODY = 64 * 1024
_ERROR_BODY_TIMEOUT = 2.0  # seconds; the status alone says what to do


async def read_body(
    response: aiohttp.ClientResponse,
    check_size: Callable[[int], int],
    large: Gate,
    taken: list[Gate],
) -> bytes:
    """Return a whole body, whose size ``check_size`` returns, or raises for, as it grows.

    One of over a MiB takes a place of the few for large ones first, and adds it to ``taken``.
    """
    stated = response.content_length
    if stated is not None:
        if check_size(stated) > LARGE and not taken:
            await _take(large, taken)
        if stated <= LARGE and "Content-Encoding" not in response.headers:
            return await response.read()  # no more can come than was stated
    chunks, size = [], 0
    async for chunk in decompressed(response):
        size = check_size(size + len(chunk))
        if size > LARGE and not taken:
            await _take(large, taken)
        chunks.append(chunk)
    if size > LARGE and len(chunks) > 1:
        return await in_turns(joined(chunks))
    return b"".join(chunks)  # of one: itself


async def _take(large: Gate, taken: list[Gate]) -> None:
    await large.acquire()
    taken.append(large)


async def read_error_body(response: aiohttp.ClientResponse) -> bytes:
    """Return an error's body as far as it arrives within two seconds, at most 64 KiB and a piece.

    What cannot be read of it is left out: its status says enough.
    """
    body, whole = b"", False
    try:
        async with asyncio.timeout(_ERROR_BODY_TIMEOUT):
            async for chunk in decompressed(response):
                body += chunk
                if len(body) > _MAX_ERROR_BODY:
                    break
            else:
                whole = True
    except (*NETWORK_ERRORS, DriftError):
        pass
    finally:
        if whole:
            response.release()
        else:
            response.close()
    return body
