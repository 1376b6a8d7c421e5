"""Errors that a reply states although it came as a good one (CONTRACT.md, section 1.4). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain

from billfold.wire import (
    DriftError,
    Steps,
    counted,
    failed_alone,
    failed_around,
    is_about_a_reply,
    may_say_failed,
    says_what_failed,
    sentence_in,
    stepwise,
    words_alone,
    words_in,
)
from billfold_bnerd.containers import states_its_money
from billfold_bnerd.values import UUID, Node, number, text, word_set

_GOOD_CODES = word_set("ok success 0")
_WARNINGS = ("warnings", "warning")
_AT_ONCE = 500  # objects and lists: some 5 ms of work
_ERRORS = ("errors", "error")
_HOLDING = (dict, list)
_SHOWN = 3
_LONGEST = 32  # letters of a key that states an error: ids are longer


def stated_error(reply: object) -> DriftError | None:
    """Return the error that a reply states: outright, or by the status of what is no record."""
    if not isinstance(reply, dict):
        words = words_alone(reply)
        return None if words is None else _error({}, words, _code_in([reply]))
    if (error := _by_what_failed(reply, failed_alone(reply))) is not None:
        return error
    return _stated(reply, has_rows=_has_rows(reply)) if _may_state_an_error(reply) else None


def _may_state_an_error(node: Node) -> bool:
    """Return whether any key may state an error, as in nearly no row."""
    return _any_states(tuple([key for key in node if len(key) <= _LONGEST]))


@lru_cache(maxsize=1024)  # most rows of a reply have the same keys
def _any_states(keys: tuple[str, ...]) -> bool:
    return any(map(may_say_failed, keys))


def _stated(node: Node, *, has_rows: bool, path: str = "$") -> DriftError | None:
    """Return the error that an object at a path states, which without rows is a record."""
    failed = failed_around(node, has_rows=has_rows)
    return _by_what_failed(node, failed, path) or (_by_code(node, path) if has_rows else None)


def _by_what_failed(
    reply: Node, failed: Mapping[str, object], path: str = "$"
) -> DriftError | None:
    """Return the error that an object at a path states by what failed, at places inside of it."""
    if not failed:
        return None
    texts = {
        place: value if isinstance(value, str) and says_what_failed(_key(place)) else None
        for place, value in failed.items()
    }
    spoken = (
        text or (words_in(value) if isinstance(value, _HOLDING) else None)
        for text, value in zip(texts.values(), failed.values(), strict=True)
    )
    words = (
        next(filter(None, spoken), None) or sentence_in(reply) or _by(*next(iter(failed.items())))
    )
    return _error(reply, words, _code_in(failed.values()), path)


def _key(place: str) -> str:
    return place.rpartition(".")[2]


def _by(place: str, value: object) -> str:
    """Return in words by which key, of no words, an object states an error."""
    word = text(value)
    if word is not None and word.casefold() != "false":
        return f"its {_key(place)} is {word[:40]}"
    return "it was no success" if value is False or word else f"by its {_key(place)}"


def _code_in(values: Iterable[object]) -> str | None:
    """Return the code of the first error that has one."""
    items = chain.from_iterable(each if isinstance(each, list) else [each] for each in values)
    codes = (text(item.get("code")) for item in items if isinstance(item, dict))
    return next(filter(None, codes), None)


def _by_code(reply: Node, path: str) -> DriftError | None:
    """Return the error that an object at a path states by a code and a sentence."""
    said, code = sentence_in(reply), text(reply.get("code"))
    is_code = code is not None and number(code) is None and code.casefold() not in _GOOD_CODES
    return _error(reply, said, path=path) if is_code and said is not None else None


def _error(reply: Node, words: str, code: str | None = None, path: str = "$") -> DriftError:
    message = f"the reply states an error: {words[:200]} - at `{path}`"
    return DriftError(message, code=code, request_id=text(reply.get("request_id")))


def in_its_words(error: DriftError, reply: Node) -> DriftError:
    """Return the error about a reply without data, led by what the reply says instead."""
    for node in _outer(reply):
        if said := sentence_in(node):
            message = f"the provider says: {said[:200]} - {error.message}"
            code, request_id = text(node.get("code")), text(reply.get("request_id"))
            return DriftError(message, code=code, request_id=request_id)
    return error


def words_beside_nothing(reply: Node) -> tuple[str, ...]:
    """Return what a reply without rows says, as a note: it may be why there are none."""
    spoken = (said for node in _outer(reply) if (said := sentence_in(node)) is not None)
    said = next((said for said in spoken if said.casefold() not in _GOOD_CODES), None)
    return () if said is None else (f"the provider says: {said[:200]}",)


def warnings_of(reply: Node) -> tuple[str, ...]:
    """Return a note for each warning that a reply states around its rows."""
    said: list[str | None] = []
    for stated in (node[key] for node in _outer(reply) for key in _WARNINGS if node.get(key)):
        for one in stated if isinstance(stated, list) else [stated]:
            said.append(sentence_in(one) if isinstance(one, dict) else text(one))
    return tuple(f"the provider warns: {one[:200]}" for one in said[:_SHOWN] if one is not None)


def _outer(reply: Node) -> list[Node]:
    return [reply, *(value for value in reply.values() if isinstance(value, dict))]


def _has_rows(reply: Node) -> bool:
    """Return whether there are rows in an object, which is then no record with its own status."""
    lists = [value for value in reply.values() if isinstance(value, list)]
    return any(not each or isinstance(each[0], dict) for each in lists) and not (
        states_its_money(reply)
    )


@stepwise
def errors_below(top: object, records: str | None = None) -> Steps[list[str]]:
    """Return the errors that objects inside a reply state, with their places.

    What is below the path ``records`` has a status of its own.
    """
    found: list[str] = []
    for visited, (path, value) in enumerate(_below("$", top), 1):
        if visited % _AT_ONCE == 0:
            yield
        # What is about an object is said by that.
        if path == "$" or not isinstance(value, dict) or is_about_a_reply(_key(path)):
            continue
        if not _may_state_an_error(value):
            continue
        is_record = records is not None and path.startswith(records)
        has_rows = not is_record and _has_rows(value)
        if error := _stated(value, has_rows=has_rows, path=path):
            found.append(error.message)
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
