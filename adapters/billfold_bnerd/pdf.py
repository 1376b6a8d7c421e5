"""An invoice's PDF, known by its first bytes (CONTRACT.md, section 2.5). Pure."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator

from billfold.wire import DriftError

_BEGINNING = b"%PDF-"


async def pdf_chunks(chunks: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    """Yield a document's bytes; the first ones are held back until they show that it is a PDF.

    Raises DriftError for what does not begin like one, whatever media type it claims.
    """
    held = b""
    async for chunk in chunks:
        if len(held) < len(_BEGINNING):
            held = chunk = held + chunk
            if len(held) < len(_BEGINNING):
                continue
            if not held.startswith(_BEGINNING):
                break
        yield chunk
    if not held:
        raise DriftError("the reply is empty")
    if not held.startswith(_BEGINNING):
        raise DriftError("the reply is no PDF: it does not begin with %PDF-")
