"""Text that a page and a drawing can hold."""

from __future__ import annotations

import re

# All but what XML 1.0 allows (its production "Char"), which HTML and SVG do not allow either.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """Return text with a replacement for every character that XML does not allow."""
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
