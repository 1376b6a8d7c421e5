"""Which keys and values say of a reply that it is not ready. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from billfold.wire.rows import fold

_WORK = ("report", "job", "data", "query", "export", "request", "run", "task", "processing")
_OF = ("", "is", *_WORK, *(f"{work}is" for work in _WORK))
_STATES = {f"{work}{key}" for work in ("", *_WORK) for key in ("status", "state", "progress")}
# What a status is of work that goes on, or did not end well, and in part what a flag is called.
_GOING_ON = {
    *("processing", "pending", "queued", "calculating", "computing", "running", "inprogress"),
    *("generating", "aggregating", "preparing", "unfinished", "notready", "incomplete"),
}
_UNREADY = {*_GOING_ON, "partial", "failed"}
_DONE = {"ready", "finished", "completed", "complete", "calculated", "computed", "processed"}
_YES = {f"{of}{word}" for of in _OF for word in _GOING_ON}
_NO = {f"{of}{word}" for of in _OF for word in _DONE}
_WORD = re.compile(r"[a-z]+")
_FEW = 3  # words of a status, which is no sentence


@lru_cache(maxsize=4096)
def may_say_unready(key: str) -> bool:
    """Return whether a reply may say under this key that it is not ready."""
    name = fold(key)
    return name in _STATES or name in _YES or name in _NO


def says_unready(key: str, value: object) -> bool:
    """Return whether a reply says so: by a status, or by a yes or a no."""
    name = fold(key)
    if name in _STATES:
        return type(value) is str and _goes_on(value)
    flag = value.strip().lower() if type(value) is str else value
    # A number counts, and is no flag.
    yes, no = flag is True or flag == "true", flag is False or flag == "false"
    return (yes and name in _YES) or (no and name in _NO)


def _goes_on(status: str) -> bool:
    words = _WORD.findall(status.lower())
    return len(words) <= _FEW and not _UNREADY.isdisjoint([*words, "".join(words)])
