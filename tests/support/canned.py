"""A session that answers from memory, to be borrowed by a Billfold.

Everything is ours but the socket.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import msgspec
from attrs import field, frozen
from multidict import CIMultiDict
from yarl import URL


@frozen
class _Body:
    body: bytes

    async def iter_any(self) -> AsyncIterator[bytes]:
        yield self.body


@frozen
class Response:
    """What the transport looks at of a response."""

    content: _Body
    status: int = 200
    reason: str = "OK"
    headers: CIMultiDict[str] = field(factory=CIMultiDict)
    url: URL = field(factory=URL)

    @property
    def content_length(self) -> int:
        return len(self.content.body)

    async def read(self) -> bytes:
        return self.content.body

    def release(self) -> None:
        pass

    def close(self) -> None:
        pass


def body(value: Any) -> Response:
    """Answer JSON."""
    return Response(_Body(msgspec.json.encode(value)))


@frozen
class Canned:
    """Replies by path template.

    Of several the last one is given again and again. A path that has none answers 404.
    """

    replies: Mapping[str, Sequence[bytes]]
    asked: list[str] = field(factory=list)
    trust_env: bool = False

    async def request(self, method: str, url: URL, **_: Any) -> Response:
        path = url.raw_path
        for template, bodies in self.replies.items():
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
                number = sum(template == before for before in self.asked)
                self.asked.append(template)
                return Response(_Body(bodies[min(number, len(bodies) - 1)]), url=url)
        return Response(_Body(b""), 404, "Not Found", url=url)
