"""A large body joined, and changed, some hundred KiB at a time: it is cut after quotes. Pure.

What has no quote in it, like a token, an escape or a time, begins and ends in one stretch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO

from billfold.steps import Steps

_STRETCH = 256 * 1024  # some ms, or 10 where all of it may be escapes of a token


def in_stretches(
    body: bytes, change: Callable[[bytes], bytes], most: int = _STRETCH
) -> Steps[bytes]:
    """Return a body with each of its stretches changed; pauses in between.

    ``change`` looks at nothing beyond a quote. A body that it leaves as it is, is returned itself.
    """
    whole, parts, at, is_changed = memoryview(body), list[bytes | memoryview](), 0, False
    while at < len(body):
        if at:
            yield
        quote = body.find(b'"', at + most)
        end = len(body) if quote < 0 else quote + 1
        stretch = body[at:end]
        changed = change(stretch)
        is_same = changed == stretch
        parts.append(whole[at:end] if is_same else changed)
        is_changed = is_changed or not is_same
        at = end
    return (yield from joined(parts, most)) if is_changed else body


def joined(parts: Iterable[bytes | memoryview], most: int = _STRETCH) -> Steps[bytes]:
    """Return all parts as one; pauses after each ``most`` bytes."""
    written, pause = BytesIO(), most
    for part in parts:
        if written.write(part) and written.tell() >= pause:
            yield
            pause = written.tell() + most
    return written.getvalue()  # which is no copy
