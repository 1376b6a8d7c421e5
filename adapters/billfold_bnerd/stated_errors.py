"""Errors that a reply states although it came as a good one (CONTRACT.md, section 1.4). Pure."""

from __future__ import annotations

from collections.abc import Iterator

from billfold.wire import DriftError, Steps, counted, stepwise
from billfold_bnerd.values import UUID, Node, number, text, word_set, yes_or_no

_REFUSED = frozenset({"error", "fail", "failure"})
# What a list may have for a status, which a record may have, too. One that is not ready is none.
_NO_STATUS = word_set(
    "errors failed fault forbidden unauthorized unauthenticated denied rejected timeout unavailable"
)
_GOOD_CODES = word_set("ok success 0")
_WORDS = ("message", "detail", "title")
# Without one of these nothing states an error.
_STATING = frozenset({"errors", "error", "success", "ok", "status", "code"})
_WARNINGS = ("warnings", "warning")
_AT_ONCE = 500  # objects and lists: some 5 ms of work
_ERRORS = ("error", "errors")
_SHOWN = 3


def stated_error(reply: Node) -> DriftError | None:
    """Return the error that an object states: under ``error``, or that it is no success."""
    if _STATING.isdisjoint(reply):  # as nearly every row
        return None
    stated = reply.get("errors") or reply.get("error")
    said = _said(reply)
    if stated is True or _is_no_success(reply):
        stated = (None if stated is True else stated) or said or "it was no success"
    elif not stated and _is_around(reply) and (status := _refusing(reply, said)) is not None:
        stated = said or f"its status is {status[:40]}"
    if not stated or isinstance(stated, bool):
        return None
    items = stated if isinstance(stated, list) else [stated]
    nodes = [item for item in items if isinstance(item, dict)]
    sentences = [text(item.get(key)) for item in nodes for key in (*_WORDS, "code")]
    spoken = [*filter(None, sentences), *(item for item in items if isinstance(item, str))]
    code = next(filter(None, (text(item.get("code")) for item in nodes)), None)
    message = f"the reply states an error: {spoken[0][:200] if spoken else 'without words'}"
    return DriftError(message, code=code, request_id=text(reply.get("request_id")))


def in_its_words(error: DriftError, reply: Node) -> DriftError:
    """Return the error about a reply without data, led by what the reply says instead."""
    for node in _outer(reply):
        if said := _said(node):
            message = f"the provider says: {said[:200]} - {error.message}"
            code, request_id = text(node.get("code")), text(reply.get("request_id"))
            return DriftError(message, code=code, request_id=request_id)
    return error


def words_beside_nothing(reply: Node) -> tuple[str, ...]:
    """Return what a reply without rows says, as a note: it may be why there are none."""
    spoken = (said for node in _outer(reply) if (said := _said(node)) is not None)
    said = next((said for said in spoken if said.casefold() not in _GOOD_CODES), None)
    return () if said is None else (f"the provider says: {said[:200]}",)


def warnings_of(reply: Node) -> tuple[str, ...]:
    """Return a note for each warning that a reply states around its rows."""
    said: list[str | None] = []
    for stated in (node[key] for node in _outer(reply) for key in _WARNINGS if node.get(key)):
        for one in stated if isinstance(stated, list) else [stated]:
            said.append(_said(one) if isinstance(one, dict) else text(one))
    return tuple(f"the provider warns: {one[:200]}" for one in said[:_SHOWN] if one is not None)


def _outer(reply: Node) -> list[Node]:
    return [reply, *(value for value in reply.values() if isinstance(value, dict))]


def _said(node: Node) -> str | None:
    return next(filter(None, (text(node.get(key)) for key in _WORDS)), None)


def _is_no_success(reply: Node) -> bool:
    says_no = any(yes_or_no(reply.get(key)) is False for key in ("success", "ok"))
    return says_no or (text(reply.get("status")) or "").casefold() in _REFUSED


def _is_around(reply: Node) -> bool:
    """Return whether there are rows in an object, whose status is then not that of a record."""
    return any(isinstance(value, list) for value in reply.values())


def _refusing(reply: Node, said: str | None) -> str | None:
    """Return the status of a reply that says it is no good one, or its code beside a sentence."""
    status, code = text(reply.get("status")), text(reply.get("code"))
    for stated in filter(None, (status, code)):
        if (count := number(stated)) is not None and 400 <= count < 600:
            return stated
    if status is not None and status.casefold() in _NO_STATUS:
        return status
    is_code = code is not None and number(code) is None and code.casefold() not in _GOOD_CODES
    return code if is_code and said is not None else None


@stepwise
def errors_below(top: object) -> Steps[list[str]]:
    """Return the errors that objects inside a reply state, with their places."""
    found: list[str] = []
    for visited, (path, value) in enumerate(_below("$", top), 1):
        if visited % _AT_ONCE == 0:
            yield
        if path != "$" and isinstance(value, dict) and (error := stated_error(value)):
            found.append(f"{error.message} - at `{path}`")
    hidden = len(found) - _SHOWN
    more = [counted(hidden, "more place states errors", "more places state errors")]
    return found[:_SHOWN] + (more if hidden > 0 else [])


def _below(path: str, value: object) -> Iterator[tuple[str, object]]:
    """Yield a value and all objects and lists in it, each before what is in it."""
    yield path, value
    inside = [_children(path, value)]
    while inside:
        child = next(inside[-1], None)
        if child is None:
            inside.pop()
        else:
            yield child
            inside.append(_children(*child))


def _children(path: str, value: object) -> Iterator[tuple[str, object]]:
    """Yield the objects and lists in a value, with their places; nothing else has errors."""
    if isinstance(value, list):
        for index, each in enumerate(value):
            if isinstance(each, dict | list):
                yield f"{path}[{index}]", each
    elif isinstance(value, dict):
        for key, each in value.items():
            if isinstance(each, dict | list) and key not in _ERRORS:
                yield f"{path}.{'*' if UUID.fullmatch(key) else key[:40]}", each
