"""Which bodies are errors or have some beside their data, and what these say, in any form. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

import msgspec

from billfold.wire.fault_words import fault_in, says_what_failed
from billfold.wire.rows import fold
from billfold.wire.unready_words import (
    SUCCESS,
    is_wrong,
    names_error,
    says_error,
    says_failed,
    says_no,
)

_SHOWN, _DEPTH = 3, 3
_STATED, _SUCCESS = ("error", "errors"), ("success", "ok")
# Keys of words, and of what may stand beside errors in their envelope, as keys are compared.
_TEXTS = (
    *("message", "msg", "detail", "errormessage", "errormsg", "errmsg", "errordescription"),
    *("faultstring", "title", "reason", "code"),
)
_BESIDE_ERRORS = {
    *("status", "state", "statuscode", "type", "timestamp", "path", "requestid", "traceid", "meta"),
    *("jsonapi", "links", "docurl", "httpstatus", *SUCCESS, *_TEXTS),
}
# What an error may come in, as data do, or beside which there are none.
_WRAPPERS, _META = {"response", "responsestatus", "result", "body"}, {"meta", "metadata"}


def states_error(tree: Mapping[str, object]) -> bool:
    """Return whether a body has errors, data beside them or not, or says that it is no success."""
    is_no_success = any(says_no(tree.get(key)) for key in _SUCCESS)
    return is_no_success or any(is_wrong(tree.get(key)) for key in _STATED)


def is_error(tree: object) -> bool:
    """Return whether a decoded body is an error's envelope: errors, and no data beside them.

    Without an envelope it is a list of nothing but errors.
    """
    if type(tree) is list:
        return bool(tree) and all(map(_is_bare_error, tree))
    if type(tree) is not dict or has_data(tree):
        return False
    return any(said_of_errors(each) for each in _with_enveloped(tree))


def _is_bare_error(item: object) -> bool:
    return type(item) is dict and not has_data(item) and sentence_in(item) is not None


def has_data(tree: Mapping[str, object]) -> bool:
    """Return whether a body has anything but what may stand beside errors in their envelope."""
    return any(_is_data(key, value) for key, value in tree.items())


def _is_data(key: str, value: object) -> bool:
    if value in (None, "", [], {}):
        return False
    name = fold(key)
    if name in _WRAPPERS:
        return has_data(value) if isinstance(value, dict) else not isinstance(value, str)
    return name not in _BESIDE_ERRORS and fault_in(name) is None


def enveloped(tree: Mapping[str, object]) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield what an error may come in by its keys, as far as it is there."""
    for key, value in tree.items():
        if isinstance(value, dict) and fold(key) in _WRAPPERS | _META:
            yield key, value


def _with_enveloped(tree: dict[str, object]) -> Iterator[dict[str, object]]:
    yield tree
    yield from (value for _, value in enveloped(tree))


def said_of_errors(tree: Mapping[str, object]) -> dict[str, object]:
    """Return what a body says of errors or a failure by its own keys."""
    # Beside an empty list; what was written may say `created` in such words.
    is_coded = [] in tree.values() and names_error(tree.get("code")) and "message" in tree
    return {
        key: value
        for key, value in tree.items()
        if says_error(key, value) or (key == "code" and is_coded) or says_failed(key, value)
    }


def is_error_body(body: bytes) -> bool:
    """Return whether a body is an error's envelope, whatever shape was wanted."""
    return is_error(_decoded(body))


def _of_errors(tree: dict[str, object]) -> str | None:
    said = (value for key, value in tree.items() if says_what_failed(key))
    return _joined(words for value in said for words in _words(value, 0))


def words_in(value: object) -> str | None:
    """Return what stands in a list or an object of errors; None without words."""
    return _joined(_words(value, 0))


def _joined(said: Iterable[str]) -> str | None:
    return "; ".join(islice(dict.fromkeys(said), _SHOWN)) or None


def words_of_an_error(body: bytes) -> str | None:
    """Return what a body says that is nothing but an error; None without words."""
    return _words_of_an_error(_decoded(body))


def _words_of_an_error(tree: object) -> str | None:
    if type(tree) is not dict:
        return words_alone(tree)
    said = (_text(each) or _of_errors(each) for each in _with_enveloped(tree))
    return next(filter(None, said), None)


def words_alone(tree: object) -> str | None:
    """Return what a decoded body says that is a text, or a bare list of errors or sentences."""
    is_bare = type(tree) is list and (is_error(tree) or _are_sentences(tree))
    return words_in(tree) if is_bare or type(tree) is str else None


def _are_sentences(items: list[object]) -> bool:
    """Return whether a list has nothing but texts of several words, which no ids or names are."""
    return bool(items) and all(type(each) is str and " " in each.strip() for each in items)


def words_instead(body: bytes) -> str | None:
    """Return what a body says that has no data, but words about that; None for any other."""
    tree = _decoded(body)
    return None if type(tree) is dict and has_data(tree) else _words_of_an_error(tree)


def sentence_in(tree: Mapping[str, object]) -> str | None:
    """Return what an object says in words by its own keys; a code is none."""
    named = {fold(key): value for key, value in tree.items()}
    texts = (named.get(key) for key in _TEXTS if key != "code")
    return next((text for text in texts if isinstance(text, str) and text), None)


def _decoded(body: bytes) -> object:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _text(error: dict[str, object]) -> str | None:
    code = error.get("code")
    return sentence_in(error) or (code if isinstance(code, str) and code else None)


def _words(error: object, depth: int) -> Iterator[str]:
    if isinstance(error, str) and error:
        yield error
    elif isinstance(error, list | dict) and depth < _DEPTH:
        named = error if isinstance(error, dict) else {}
        if words := _text(named):
            yield words
            return
        for member in islice(named.values() if named else error, _SHOWN):
            yield from _words(member, depth + 1)
