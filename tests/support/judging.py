"""What may become of any body at all: understood as it stands, or refused by name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from billfold import Answer, DriftError
from billfold.errors import BillfoldError, ConfigError, NotFoundError, ProviderError, RequestError
from billfold.simulators.json_text import parse
from support.endpoints import NOTHING_TOLD, Endpoint
from support.exact import floats

# What is wrong with the whole body, or between two pages or replies, has no path.
_NAMED = re.compile(
    r"at `\$|the reply is (empty|HTML|not readable JSON|no text in UTF-8)|twice in one object"
    r"|the reply states an error"
    r"|repeats a page's cursor|only repeats records already read|counts \d+ projects? and lists \d+|tell of different months"
    r"|the list of \w+ may not be complete"
)
_PATH = re.compile(r"at `(\$[^`]*)`")
_STEP = re.compile(r"\[(\d+|\.\.\.)\]|\.([^.\[]+)")
# A list may be empty, an id may be one that no URL can hold, a team may have no currency: that is
# said in their own words.
_OTHERS = ConfigError | NotFoundError | RequestError


def wrong(endpoint: Endpoint, body: bytes, answer: Answer[Any]) -> list[str]:
    """List what is wrong with an answer made from a body.

    Floats, errors that do not say where, other amounts than its own.
    """
    found = [f"a float at {path}" for path in floats(answer)]
    for error in answer.failures:
        if not isinstance(error, DriftError | _OTHERS) and not _is_stated(error):
            found.append(f"{type(error).__name__}, not DriftError: {error}")
        elif isinstance(error, DriftError) and not _NAMED.search(str(error)):
            found.append(f"an error that does not say where: {error}")
        elif (place := _PATH.search(str(error))) is not None and not _leads(place[1], body):
            found.append(f"an error whose path leads nowhere: {error}")
    told = endpoint.told(answer) if answer.complete else NOTHING_TOLD
    if told is not NOTHING_TOLD:
        counted = endpoint.counted(parse(body))
        found += [] if told == counted else [f"it comes to {told}, the body itself to {counted}"]
    if answer.complete:
        found += [f"two charges are named {ident}" for ident in _repeated(answer)]
    return found


def _is_stated(error: BillfoldError) -> bool:
    """Tell whether this is an error that the provider states under a good status."""
    return type(error) is ProviderError and error.status is not None and error.status < 300


def _leads(path: str, body: bytes) -> bool:
    """Tell whether a path leads to a place of the body, or to an object that lacks its last key.

    A body that is no JSON behind that place cannot be looked into, so there the path stands.
    """
    steps = [index or key for index, key in _STEP.findall(path)]
    try:
        nodes = [parse(body)]
    except (ValueError, RecursionError):
        return True
    for step in steps[:-1]:
        nodes = [inner for node in nodes for inner in _step(node, step)]
    return not steps or any(
        isinstance(node, dict) or list(_step(node, steps[-1])) for node in nodes
    )


def _step(node: Any, step: str) -> Iterator[Any]:
    """Take a step; ``*`` and ``...`` stand for any key, which errors do not repeat."""
    if isinstance(node, dict):
        yield from node.values() if step in ("*", "...") else [node[step]] if step in node else []
    elif isinstance(node, list) and step.isdigit():
        yield from node[int(step) :][:1]


def _repeated(answer: Answer[Any]) -> list[str]:
    idents = [charge.id for item in answer for charge in getattr(item, "charges", ())]
    return sorted({ident for ident in idents if idents.count(ident) > 1})
