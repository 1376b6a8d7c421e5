"""The numbers of documents, and where a text has one of them in it (CONTRACT.md, 2.4). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from billfold_bnerd.documents import Document

_ATOM = re.compile(r"[^\W_]+")
# A hyphen that keeps a line from breaking is one, too.
_HYPHENS = str.maketrans({"\N{HYPHEN}": "-", "\N{NON-BREAKING HYPHEN}": "-"})
# What may stand for a hyphen of a number: other dashes, and blanks around one, as of a line's end.
_DASH = r" ?[-\u2012-\u2015\u2212\ufe58\ufe63\uff0d] ?"
_DASHES = re.compile(_DASH)
# What joins the parts of one number, and what does so before a digit alone: `Nr.RE-1` is none.
_JOINING, _JOINING_DIGITS = "-_", "./"
_LETTER = re.compile(r"[^\W\d_]")
# What a number may follow, and is no part of: `Nr.2026-1`, `Rechnung/2026-1`.
_CALLED = re.compile(r"\b(nr|no|num|number|nummer|rechnung|invoice|bill|beleg)[./]$")
# What says that digits after it are the number of a bill, and after how many others of them.
_OF_BILLS = re.compile(
    r"\b((rechnung(en|s)?|invoices?|bills?|belege?)([ .-]?(nr|no|num|numbers?|nummern?))?"
    r"|(re|rg|inv)[ .-]?(nr|no))[.:]{0,2} ?[#„“»«\"'‚‘(*]{0,2}"
    r"([0-9]+( ?[,&+] ?| und | and | sowie )(nr\. ?|no\. ?|#)?)*$"
)
_FAR = 80  # letters before a number that are looked at


def as_number(text: str) -> str:
    """Return a number as numbers are compared: without case, and with one dash and one blank."""
    return _with_hyphens(_plain(text))


def _plain(text: str) -> str:
    return " ".join(text.casefold().translate(_HYPHENS).split())


def _with_hyphens(text: str) -> str:
    return _DASHES.sub("-", text)


def by_number(documents: Iterable[Document]) -> dict[str, list[Document]]:
    """Return documents by their numbers, as they are compared."""
    index: dict[str, list[Document]] = {}
    for one in documents:
        if one.number is not None:
            index.setdefault(as_number(one.number), []).append(one)
    return index


class Numbers:
    """Documents by their numbers, as they are compared."""

    def __init__(self, documents: Mapping[str, Sequence[Document]]) -> None:
        self._documents = documents
        # By the part from the first letter or digit to the last: of `#1001` that is `1001`.
        self._by_core: dict[str, list[str]] = {}
        self._most_atoms = 0
        for number in documents:
            atoms = [*_ATOM.finditer(number)]
            if atoms:
                core = number[atoms[0].start() : atoms[-1].end()]
                self._by_core.setdefault(core, []).append(number)
                self._most_atoms = max(self._most_atoms, len(atoms))
        self._longest = max(map(len, self._by_core), default=0)

    def called(self, text: str) -> Sequence[Document]:
        """Return the documents whose number a text is."""
        return self._documents.get(as_number(text), ())

    def inside(self, text: str, own: str) -> Iterator[Document]:
        """Yield the documents whose numbers stand in a text.

        One of digits alone may be any count, but after a word for a bill, and so may one without
        letters whose dashes are no hyphens, as in a span of days. The ``own`` number of
        what the text is of is none, nor is a part of it. Takes time for each part of the text and
        of the longest number, however many there are.
        """
        text = _without(_plain(text), as_number(own)) if self._by_core else ""
        atoms = [atom.span() for atom in _ATOM.finditer(text)]
        for first, (start, _) in enumerate(atoms):
            for _, end in atoms[first : first + self._most_atoms]:
                core = _with_hyphens(text[start:end])
                if len(core) > self._longest:
                    break
                for number in self._by_core.get(core, ()):
                    if _stands_alone(text, start, end, number):
                        yield from self._documents[number]


def _without(text: str, own: str) -> str:
    """Return a text without a number, where that goes no further."""
    if not own:
        return text
    spelled = re.compile(_DASH.join(map(re.escape, own.split("-"))))
    return spelled.sub(lambda found: found[0] if _goes_on(text, *found.span()) else "|", text)


def _stands_alone(text: str, start: int, end: int, number: str) -> bool:
    """Return whether a number, of which a part was found, is there whole and goes no further."""
    core = _with_hyphens(text[start:end])
    before, _, after = number.partition(core)
    may_count = number.isdigit() or (core != text[start:end] and not _LETTER.search(core))
    start, end = start - len(before), end + len(after)
    if start < 0 or _with_hyphens(text[start:end]) != number or _goes_on(text, start, end):
        return False
    return not may_count or _OF_BILLS.search(text[max(0, start - _FAR) : start]) is not None


def _goes_on(text: str, start: int, end: int) -> bool:
    """Return whether a number at a place in a text is a part of a longer one."""
    return _joins(text, start - 1, -1) or _joins(text, end, 1)


def _joins(text: str, place: int, step: int) -> bool:
    """Return whether the character at a place, outside of a number, makes it go on that way."""
    mark, beyond, inner = (_at(text, place + n * step) for n in (0, 1, -1))
    if mark.isalnum():
        return True
    if mark in _JOINING:
        return beyond.isalnum()
    if mark not in _JOINING_DIGITS or not inner.isdigit():
        return False
    is_after_letters = step < 0 and beyond.isalpha() and not _CALLED.search(text, 0, place + 1)
    return beyond.isdigit() or is_after_letters


def _at(text: str, place: int) -> str:
    return text[place] if 0 <= place < len(text) else " "
