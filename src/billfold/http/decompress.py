"""Compressed replies, decompressed in small pieces.

One that grows a thousandfold neither fills memory nor holds up the loop.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator

import aiohttp

from billfold.errors import DriftError

CODINGS = "gzip, deflate"
_PIECE = 256 * 1024


async def decompressed(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """Yield a reply's bytes as they arrive; it was requested with ``auto_decompress=False``.

    Raises DriftError for a coding that was not accepted, and for a body that is not what its coding
    says.
    """
    # Not aiohttp's own decompression, which unpacks whatever has arrived in one go.
    coding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if coding in ("", "identity"):
        async for chunk in response.content.iter_any():
            yield chunk
    elif coding in ("gzip", "x-gzip", "deflate"):
        decompressor = _Decompressor()
        async for chunk in response.content.iter_any():
            for piece in decompressor.feed(chunk):
                yield piece
                await asyncio.sleep(0)
        if not decompressor.at_end:
            raise DriftError("the reply ends in the middle of its compression")
    else:
        raise DriftError(f"the reply is compressed as {coding[:20]!r}, which was not accepted")


class _Decompressor:
    """Decompress gzip, of several members too, and zlib's format, which HTTP calls deflate."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(zlib.MAX_WBITS + 32)
        self.at_end = True

    def feed(self, packed: bytes) -> Iterator[bytes]:
        """Yield what these bytes decompress to, a piece at a time."""
        try:
            while packed:
                if self._member.eof:
                    self._member = zlib.decompressobj(zlib.MAX_WBITS + 32)
                yield self._member.decompress(packed, _PIECE)
                packed = self._member.unconsumed_tail or self._member.unused_data
                self.at_end = self._member.eof
        except zlib.error:
            raise DriftError("the reply is not compressed as it claims") from None
