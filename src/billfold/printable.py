"""Text from outside, without what a terminal or a reader of logs would obey."""

from __future__ import annotations


def printable(text: str) -> str:
    """Return text with blanks for white space, and a replacement for what does not print.

    Controls and escape sequences, marks that turn the direction of writing, lone surrogates.
    """
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else " " if char.isspace() else "\N{REPLACEMENT CHARACTER}"
        for char in text
    )
