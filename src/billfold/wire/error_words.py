"""Which bodies are errors or have some beside their data, and what these say, in any form. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

import msgspec

from billfold.wire.unready_words import is_wrong, names_error, says_failed, says_no

_SHOWN, _DEPTH = 3, 3
_STATED, _SUCCESS = ("error", "errors"), ("success", "ok")
_TEXTS = (
    *("message", "detail", "error_message", "errorMessage", "error_msg", "errorMsg"),
    *("error_description", "errorDescription", "title", "reason", "code"),
)
# What may stand in an error's envelope beside the errors.
_BESIDE_ERRORS = {
    *("error", "errors", "status", "state", "statusCode", "status_code", "error_code", "errorCode"),
    *("type", "timestamp", "path", "request_id", "requestId", "trace_id", "traceId", "success"),
    *("ok", "meta", "jsonapi", "links", "doc_url", *_TEXTS),
}


def states_error(tree: Mapping[str, object]) -> bool:
    """Return whether a body has errors, data beside them or not, or says that it is no success."""
    is_no_success = any(says_no(tree.get(key)) for key in _SUCCESS)
    return is_no_success or any(is_wrong(tree.get(key)) for key in _STATED)


def is_error(tree: object) -> bool:
    """Return whether a decoded body is an error's envelope: errors, and no data beside them."""
    return type(tree) is dict and not has_data(tree) and bool(said_of_errors(tree))


def has_data(tree: Mapping[str, object]) -> bool:
    """Return whether a body has anything but what may stand beside errors in their envelope."""
    return any(
        value not in (None, "", [], {}) and key not in _BESIDE_ERRORS for key, value in tree.items()
    )


def said_of_errors(tree: Mapping[str, object]) -> dict[str, object]:
    """Return what a body says of errors or a failure by its own keys."""
    # Beside an empty list; what was written may say `created` in such words.
    is_coded = [] in tree.values() and names_error(tree.get("code")) and "message" in tree
    return {
        key: value
        for key, value in tree.items()
        if (key in _STATED and is_wrong(value))
        or (key in _SUCCESS and says_no(value))
        or (key == "code" and is_coded)
        or says_failed(key, value)
    }


def is_error_body(body: bytes) -> bool:
    """Return whether a body is an error's envelope, whatever shape was wanted."""
    return is_error(_object(body))


def words_of_errors(body: bytes) -> str | None:
    """Return what the errors in a body say, by any of the names they say it; None without one."""
    tree = _object(body)
    said = dict.fromkeys(words for key in ("errors", "error") for words in _words(tree.get(key), 0))
    return "; ".join(islice(said, _SHOWN)) or None


def words_of_an_error(body: bytes) -> str | None:
    """Return what a body says that is nothing but an error; None without words."""
    return _text(_object(body)) or words_of_errors(body)


def _object(body: bytes) -> dict[str, object]:
    try:
        tree = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return tree if type(tree) is dict else {}


def _text(error: dict[str, object]) -> str | None:
    texts = map(error.get, _TEXTS)
    return next((text for text in texts if isinstance(text, str) and text), None)


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
