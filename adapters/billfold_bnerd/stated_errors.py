"""Errors that a reply states although it came as a good one (CONTRACT.md, section 1.4). Pure."""

from __future__ import annotations

from collections.abc import Iterator

from billfold.wire import DriftError, Steps, counted, is_error, is_wrong, says_failed, stepwise
from billfold_bnerd.containers import states_its_money
from billfold_bnerd.values import UUID, Node, number, text, word_set, yes_or_no

_GOOD_CODES = word_set("ok success 0")
_WORDS = ("message", "detail", "title", "error_message", "errorMessage")
_ABOUT = ("meta", "metadata", "status", "state", "info", "report", "job", "result_info")
# Without one of these nothing states an error.
_STATING = frozenset(
    {"errors", "error", "success", "ok", "code", "statusCode", "status_code", *_ABOUT}
    | {"error_message", "errorMessage", "error_code", "errorCode", "timed_out", "timedOut"}
    | {"aborted", "failure", "failures", "fault", "faults", "exception", "exceptions"}
)
_WARNINGS = ("warnings", "warning")
_AT_ONCE = 500  # objects and lists: some 5 ms of work
_ERRORS = ("errors", "error")
_HOLDING = (dict, list)
_SHOWN = 3


def stated_error(reply: Node) -> DriftError | None:
    """Return the error that an object states: outright, or by the status of what is no record."""
    if _STATING.isdisjoint(reply):  # as nearly every row
        return None
    if (error := _outright(reply)) is not None:
        return error
    if _has_rows(reply):
        return _by_code(reply) or _by_status(reply)
    return _by_status(reply) if is_error(reply) else None


def _outright(reply: Node) -> DriftError | None:
    """Return the error that an object states under ``error``, or as it says it is no success."""
    stated = next((reply[key] for key in _ERRORS if is_wrong(reply.get(key))), None)
    if stated is True or any(yes_or_no(reply.get(key)) is False for key in ("success", "ok")):
        stated = (None if stated is True else stated) or _said(reply) or "it was no success"
    if not stated or isinstance(stated, bool):
        return None
    items = stated if isinstance(stated, list) else [stated]
    nodes = [item for item in items if isinstance(item, dict)]
    sentences = [text(item.get(key)) for item in nodes for key in (*_WORDS, "code")]
    spoken = [*filter(None, sentences), *(item for item in items if isinstance(item, str))]
    code = next(filter(None, (text(item.get("code")) for item in nodes)), None)
    return _error(reply, spoken[0] if spoken else "without words", code)


def _by_code(reply: Node) -> DriftError | None:
    """Return the error that an object states by a code and a sentence."""
    said, code = _said(reply), text(reply.get("code"))
    is_code = code is not None and number(code) is None and code.casefold() not in _GOOD_CODES
    return _error(reply, said) if is_code and said is not None else None


def _by_status(reply: Node) -> DriftError | None:
    """Return the error that an object states by its status, or by what went wrong."""
    said = _said(reply)
    around = (reply, *(reply.get(key) for key in _ABOUT))
    for node in (each for each in around if isinstance(each, dict)):
        for key in _STATING.intersection(node):
            if says_failed(key, node[key]):
                word = text(node[key])
                is_so = f"its {key} is {word[:40]}" if word else f"by its {key}"
                return _error(reply, said or is_so)
    return None


def _error(reply: Node, words: str, code: str | None = None) -> DriftError:
    message = f"the reply states an error: {words[:200]}"
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


def _has_rows(reply: Node) -> bool:
    """Return whether there are rows in an object, which is then no record with its own status."""
    lists = [value for value in reply.values() if isinstance(value, list)]
    return any(not each or isinstance(each[0], dict) for each in lists) and not (
        states_its_money(reply)
    )


def _inside(node: Node) -> DriftError | None:
    """Return the error that an object inside a reply states, which without rows is a record."""
    return stated_error(node) if _has_rows(node) else _outright(node)


@stepwise
def errors_below(top: object, records: str = "") -> Steps[list[str]]:
    """Return the errors that objects inside a reply state, with their places.

    What is in the list under the key ``records`` has a status of its own.
    """
    found: list[str] = []
    own = f"$.{records[:40]}["
    for visited, (path, value) in enumerate(_below("$", top), 1):
        if visited % _AT_ONCE == 0:
            yield
        if path == "$" or not isinstance(value, dict) or _STATING.isdisjoint(value):
            continue
        if error := _outright(value) if path.startswith(own) else _inside(value):
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
            if isinstance(each, _HOLDING):
                yield f"{path}[{index}]", each
    elif isinstance(value, dict):
        for key, each in value.items():
            if isinstance(each, _HOLDING) and key not in _ERRORS:
                yield f"{path}.{'*' if UUID.fullmatch(key) else key[:40]}", each
