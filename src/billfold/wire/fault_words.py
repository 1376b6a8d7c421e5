"""Which keys are about errors of a reply, by the words in them, in any spelling. Pure."""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import cache, lru_cache

from billfold.wire.rows import fold

_BEFORE = "(is|has|had|was|with|any|some|partial(ly)?|num|nb|numberof|countof)"
# Whose errors may be another's than the reply's, where they are counted.
_WHOSE = "(api|http|request|response|query|server)"
# Several codes, types or reasons are a tally of what a thing went through.
_AFTER = "((message|msg|text|string|description|desc|detail|info|list)s?|reason|code|type|count|no)"
_ERRORS = f"{_BEFORE}*(error|err)s?{_AFTER}*"
_FAILURES = (
    f"({_BEFORE}|{_WHOSE})*(failure|fault|exception|problem|error|err)s?{_AFTER}*"
    "|traceback|stacktrace"
)
_FLAGS = f"({_BEFORE}|{_WHOSE})*(errored|fail|failed|timeout|timedout|aborted|unavailable)"
# Each needs one of its hints. Nearly no key has one, and none of those is tried: that takes ten
# times as long.
_HINTS = {
    _ERRORS: ("err",),
    _FAILURES: ("failure", "fault", "exception", "problem", "err", "trace"),
    _FLAGS: ("errored", "fail", "timeout", "timedout", "aborted", "unavailable"),
}
_BARE = {"error", "errors", "err"}
_WORDLESS = ("code", "type", "count", "no")
# Endings of keys under which a number is that of an error, and counts none.
_NUMBERED = ("code", "no", "error", "err")
_LONGEST = 40  # letters of a key that is about errors

_compiled = cache(re.compile)


class Fault(Enum):
    """What stands under a key that is about errors."""

    ERRORS = auto()  # what went wrong, which one thing says of its reply, too
    OF_ERRORS = auto()  # the same around rows: in words, or how many errors or which
    FAILURES = auto()  # what went wrong, or how many things did, of which one may have its own
    FLAG = auto()  # a yes or a no


@lru_cache(maxsize=4096)
def fault_in(name: str) -> Fault | None:
    """Return what a folded key has of errors: `partialerrors`, `exceptionmessage`; or None."""
    if name in _BARE:
        return Fault.ERRORS
    if _fits(_ERRORS, name):
        return Fault.OF_ERRORS
    if _fits(_FAILURES, name):
        return Fault.FAILURES
    return Fault.FLAG if _fits(_FLAGS, name) else None


def is_partial(name: str) -> bool:
    """Return whether a folded key about errors says that all else is there."""
    return "partial" in name


def counts_errors(name: str) -> bool:
    """Return whether a number under a folded key counts errors, as one thing does its own."""
    return fault_in(name) is not None and not name.endswith(_NUMBERED)


def says_what_failed(key: str) -> bool:
    """Return whether text under a key is what went wrong, and no flag, code or number of that."""
    name = fold(key)
    return fault_in(name) not in (None, Fault.FLAG) and not name.endswith(_WORDLESS)


def _fits(pattern: str, name: str) -> bool:
    """Return whether a folded key is all of what a pattern says."""
    if len(name) > _LONGEST or not any(map(name.__contains__, _HINTS[pattern])):
        return False
    return _compiled(pattern).fullmatch(name) is not None
