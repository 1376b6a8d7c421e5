"""How much a body of JSON will take when it is decoded, told before it is. Pure.

Bytes say little: two of them, ``[]``, become an object of 56. What is counted are the marks between
values, of which a body has at least half as many as it will have objects. Those in texts count,
too: a budget is no exact thing.
"""

from __future__ import annotations

from billfold.steps import Steps, at_once

# An object takes some 60 bytes a mark, at worst, and half a microsecond.
_BYTES_PER_MARK = 16
# Bytes of a body that is decoded in steps, some 10 ms each a MiB, with other work in between.
LARGE = 1024 * 1024
_ALWAYS = 100_000
_MARKS = (b",", b":", b"[", b"{")
_COUNTED = 8 * LARGE


def most_marks(max_body: int) -> int:
    """Return how many marks a body may have, where it may have so many bytes.

    A sixteenth of them, so that what is decoded of a body takes no more than a few times the room
    that the largest body may take itself.
    """
    return max(max_body // _BYTES_PER_MARK, _ALWAYS)


def has_more_marks(body: bytes, most: int) -> bool:
    """Return whether a body has more marks than these, which is counted only where it may have."""
    return at_once(counting_marks(body, most))


def counting_marks(body: bytes, most: int) -> Steps[bool]:
    """Return what :func:`has_more_marks` does; pauses after each of several MiB."""
    if len(body) <= most:
        return False
    count = 0
    for first in range(0, len(body), _COUNTED):
        if first:
            yield
        count += sum(body.count(mark, first, first + _COUNTED) for mark in _MARKS)
    return count > most
