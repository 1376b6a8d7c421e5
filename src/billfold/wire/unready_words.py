"""Which keys and values say of a reply that it is not ready, or that it failed. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from billfold.wire.announced import is_empty_list
from billfold.wire.fault_words import Fault, counts_errors, fault_in, is_partial
from billfold.wire.lacking_words import may_say_lacking, says_lacking
from billfold.wire.rows import fold
from billfold.wire.void_words import STATES

_WORK = ("report", "job", "data", "query", "export", "request", "run", "task", "processing")
# What a type is called that is of work, in part.
_WORKS = (*_WORK, "queries", "calculation", "operation")
_OF = ("", "is", *_WORK, *(f"{work}is" for work in _WORK))
_STATES = {f"{work}{key}" for work in ("", *_WORK) for key in ("status", "state", "progress")}
# What a status is of work that goes on, and in part what a flag is called.
_GOING_ON = {
    *("processing", "pending", "queued", "calculating", "computing", "running", "inprogress"),
    *("generating", "aggregating", "preparing", "unfinished", "notready", "incomplete"),
}
# What a thing may be as well, which its rows say nothing of.
_ILL = {"unavailable", "degraded", "maintenance"}
_RUNS = {"running"}
_UNREADY = {*_GOING_ON, "partial", "degraded", "maintenance"}
_FAILED = {
    *("error", "errors", "errored", "fail", "failed", "failure", "fault", "exception"),
    *("timeout", "timedout", "unavailable", "aborted"),
    *("forbidden", "unauthorized", "unauthenticated", "denied", "rejected"),
}
_NONE = {"no", "not", "without", "zero", "free"}  # as in "no errors"
_DONE = {"ready", "finished", "completed", "complete", "calculated", "computed", "processed"}
_YES = {f"{of}{word}" for of in _OF for word in (*_GOING_ON, "partial", "degraded")}
# Flags that are about the reply, and not a state of the one thing that it may be of.
_NOT_ALL = {f"{of}{word}" for of in ("", "is") for word in ("partial", "incomplete")}
_ALL = {"complete", "iscomplete"}
# Flags, of which a no says that it failed; those that one thing has of its reply, and others.
_OWN_SUCCESS = {"success", "ok"}
SUCCESS = {
    f"{be}{word}" for be in ("", "is", "was") for word in (*_OWN_SUCCESS, "successful", "succeeded")
}
# Objects that count how many of the parts that were asked failed.
TALLIES = {"shards"}
_NO = {f"{of}{word}" for of in _OF for word in _DONE}
# What may be the number of an HTTP status.
_CODES = {
    f"{of}{code}"
    for of in ("", "http", "response", "result", "return")
    for code in ("status", "code", "statuscode")
}
_NOTHING_WRONG = {
    *("", "ok", "success", "no", "none", "noerror", "noerrors", "null", "false"),
    "blank",  # as "about:blank" of RFC 9457
}
_WORD = re.compile(r"[a-z]+")
_HOLDING, _NUMBERS = (list, dict), (int, Decimal)
_FEW = 3  # words of a status, which is no sentence


@lru_cache(maxsize=4096)
def may_say_unready(key: str) -> bool:
    """Return whether a reply may say under this key that it is not ready, or that it failed."""
    name = fold(key)
    said = (_STATES, _YES, _NO, _CODES, SUCCESS, TALLIES)
    is_said = any(name in names for names in said)
    return is_said or fault_in(name) is not None or may_say_lacking(key)


def says_unready(key: str, value: object) -> bool:
    """Return whether a reply says that it is not ready: by a status, or by a yes or a no."""
    name = fold(key)
    if name in _STATES:
        return type(value) is str and not _UNREADY.isdisjoint(_words(value))
    yes, no = _flag(value)
    return (yes and name in _YES) or (no and name in _NO) or says_lacking(key, value)


def says_not_all(key: str, value: object) -> bool:
    """Return whether a reply says by a yes or a no that it is a part of what it should be."""
    name, (yes, no) = fold(key), _flag(value)
    return (yes and name in _NOT_ALL) or (no and name in _ALL) or says_lacking(key, value)


def says_error(key: str, value: object) -> bool:
    """Return whether there are errors under a key, or it says that there is no success.

    As one thing does of its reply, which may have failed or have failures itself.
    """
    name = fold(key)
    if name in _OWN_SUCCESS:
        return says_no(value)
    fault, is_yes = fault_in(name), _flag(value)[0]
    if fault is Fault.ERRORS:
        return is_wrong(value)
    if fault is not None and is_partial(name):
        return is_yes or (type(value) in _HOLDING and is_wrong(value))
    return fault is Fault.OF_ERRORS and is_yes


def is_tally(key: str, value: object) -> bool:
    """Return whether a key counts errors, which may be those of one thing."""
    return type(value) in _NUMBERS and counts_errors(fold(key))


def is_wrong(value: object) -> bool:
    """Return whether what stands for errors is one: what says that there is none is not."""
    if type(value) not in (*_HOLDING, bool):
        return names_error(value)
    return bool(value) and not is_empty_list(value)


def says_no(value: object) -> bool:
    """Return whether a flag says no, as text, too."""
    return _flag(value)[1]


def _flag(value: object) -> tuple[bool, bool]:
    """Return whether a value says yes, and whether it says no. A number counts, and is no flag."""
    flag = value.strip().lower() if type(value) is str else value
    return flag is True or flag == "true", flag is False or flag == "false"


def says_failed(key: str, value: object) -> bool:
    """Return whether a reply says that it failed: by a status, or by what went wrong."""
    name = fold(key)
    if name in SUCCESS:
        return says_no(value)
    fault = fault_in(name)
    if fault is Fault.FLAG:
        return _flag(value)[0]
    if fault is not None:
        is_count = fault is Fault.FAILURES and type(value) in _NUMBERS
        return not is_count and is_wrong(value)
    if name in _CODES and _refuses(value):
        return True
    if type(value) is not str:
        return False
    words = _words(value) if name in _STATES or name in _CODES else set()
    return not _FAILED.isdisjoint(words) and _NONE.isdisjoint(words)


def names_error(value: object) -> bool:
    """Return whether what went wrong has a word: it is neither empty nor zero, nor says well."""
    text = _text(value)
    if type(text) is not str or not text.strip("0 "):
        return False
    is_good = len(text) == 3 and text.isdecimal() and text[0] in "123"
    return not is_good and fold(text.strip(" .!")) not in _NOTHING_WRONG


def is_of_a_thing(thing: Mapping[str, object], key: str, value: object) -> bool:
    """Return whether a status is that of a thing with an id, which says nothing of its rows.

    What runs is one only as a resource of JSON:API whose type is no work: a report that runs is not
    ready.
    """
    if "id" not in thing:
        return False
    name, is_resource = fold(key), "attributes" in thing
    is_ill = name.removeprefix("is") in _ILL and type(value) not in _HOLDING
    is_own = not is_resource and is_tally(key, value)
    if is_ill or is_own or name in SUCCESS - _OWN_SUCCESS:
        return True
    if name not in STATES or type(value) is not str:
        return False
    stated = thing.get("type")
    kind = fold(stated) if type(stated) is str else ""
    may_run = is_resource and kind != "" and not any(work in kind for work in _WORKS)
    return not _words(value).isdisjoint(_ILL | _RUNS if may_run else _ILL)


def _refuses(value: object) -> bool:
    """Return whether a value is the number of an HTTP status of an error."""
    text = _text(value)
    return type(text) is str and len(text) == 3 and text.isdecimal() and text[0] in "45"


def _text(value: object) -> object:
    return str(value) if type(value) in _NUMBERS else value


def _words(status: str) -> set[str]:
    """Return the words of a status, and all of it as one; none of a sentence."""
    words = _WORD.findall(status.lower())
    return {*words, "".join(words)} if len(words) <= _FEW else set()
