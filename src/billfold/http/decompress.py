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
_READ = frozenset({"gzip", "x-gzip", "deflate"})
# What IANA lists besides. Any other word there is no coding but a server's mistake, most often a
# character set, and the body is plain.
_NOT_READ = frozenset(
    {"aes128gcm", "br", "compress", "dcb", "dcz", "exi", "pack200-gzip", "x-compress", "zstd"}
)
_PIECE = 256 * 1024
# Bills are packed to a tenth, and none to less than a hundredth; a bomb is.
_MOST_RATIO = 100
_ANY_RATIO = 1024 * 1024


def decompressed(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """Return a reply's bytes as they arrive; it was requested with ``auto_decompress=False``.

    A body under a word that is no coding, like ``utf-8``, is as it is. Raises DriftError for a
    coding that was not accepted, for a body that is not what its coding says, and for one that
    grows a hundredfold beyond its first MiB.
    """
    # Not aiohttp's own decompression, which unpacks whatever has arrived in one go.
    coding = response.headers.get("Content-Encoding")
    if not coding or not _is_compressed(coding):
        return response.content.iter_any()
    return _unpacked(response)


async def _unpacked(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    decompressor = _Decompressor()
    async for chunk in response.content.iter_any():
        for piece in decompressor.feed(chunk):
            yield piece
            await asyncio.sleep(0)
    if not decompressor.at_end:
        raise DriftError("the reply ends in the middle of its compression")


def _is_compressed(coding: str) -> bool:
    words = [word.strip().lower() for word in coding.split(",")]
    packed = [word for word in words if word in _READ or word in _NOT_READ]
    if len(packed) > 1 or not _READ.issuperset(packed):
        raise DriftError(
            f"the reply is compressed as {', '.join(packed)!r}, which was not accepted"
        )
    return bool(packed)


class _Decompressor:
    """Decompress gzip, of several members too, and zlib's format, which HTTP calls deflate."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(zlib.MAX_WBITS + 32)
        self._packed = self._unpacked = 0
        self.at_end = True

    def feed(self, packed: bytes) -> Iterator[bytes]:
        """Yield what these bytes decompress to, a piece at a time."""
        self._packed += len(packed)
        try:
            while packed:
                if self._member.eof:
                    self._member = zlib.decompressobj(zlib.MAX_WBITS + 32)
                piece = self._member.decompress(packed, _PIECE)
                self._unpacked += len(piece)
                self._check_ratio()
                yield piece
                packed = self._member.unconsumed_tail or self._member.unused_data
                self.at_end = self._member.eof
        except zlib.error:
            raise DriftError("the reply is not compressed as it claims") from None

    def _check_ratio(self) -> None:
        if self._unpacked > max(_ANY_RATIO, self._packed * _MOST_RATIO):
            raise DriftError(
                f"the reply unpacks to over {_MOST_RATIO} times its size, as no bill does; "
                "it is read no further"
            )
