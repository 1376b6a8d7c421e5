"""Which keys of a usage row name what is charged, and what they call it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

import msgspec

from billfold.wire import one_case
from billfold_bnerd.values import word_set, words

# The last word of a key under which stands what a charge is for, as ``sku`` and ``server_name``.
_NAMES = word_set(
    "id uuid name slug sku code region zone az site location datacenter type kind size flavor "
    "flavour plan tier class category variant edition meter metric service resource server host "
    "instance volume disk snapshot cluster bucket image database domain namespace network pool"
)
# Under these a number may say how much there was, or how many.
_MAY_COUNT = word_set(
    "size service resource server host instance volume disk snapshot cluster bucket image database "
    "network pool"
)
_COUNT = re.compile("[0-9.,]+ ?([kmgt]i?)?b?", re.IGNORECASE)
# With one of these words a key is about the row, its bill or its owner, and may come or change
# while the thing stays the same.
_ABOUT_OTHERS = word_set(
    "invoice bill billing payment document receipt request trace correlation batch import export "
    "sync run report line row position price rate cost currency tax vat status state period month "
    "time date organization org customer company user owner created updated by first last latest "
    "previous next current error"
)
# What people write about a thing, and write anew.
_DESCRIBES = word_set("label labels title description tags metadata attributes dimensions")
_IDS = word_set("id uuid")
_REQUESTS = word_set("request trace correlation")
# What a usage row may be called before its own id: ``usage_id``, ``record_uuid``.
_ROWS = word_set("usage record entry event")
# What of an object names it, the firmest first.
_OWN = ("id", "uuid", "code", "sku", "slug", "name")
_LONGEST = 80


def names_of(texts: Mapping[str, str], own_id: str | None) -> str | None:
    """Return what texts of a row call a thing, by key; None where they do not.

    A name that an id stands beside (its own, or the row's) may be changed, and is none.
    """
    keys = sorted(key for key in texts if key != "id" and names_a_thing(key))
    with_id = {words(key)[:-1] for key in keys if words(key)[-1] in _IDS}
    named = []
    for key in keys:
        spelled = words(key)
        is_firm = spelled not in with_id and (
            spelled[-1] != "name" or not (own_id or spelled[:-1] in with_id)
        )
        text = _text(spelled[-1], texts[key]) if is_firm else None
        if text:
            named.append(f"{key}={text}")
    return ",".join(named) or None


@lru_cache(maxsize=4096)  # of each key of each row
def names_row(key: str) -> bool:
    """Return whether a usage row's own id stands under a key, when there is none under ``id``."""
    *before, last = words(key) or ("",)
    return last in _IDS and (_ROWS.issuperset(before) if before else last == "uuid")


@lru_cache(maxsize=4096)  # of each key of each row
def is_about_request(key: str) -> bool:
    """Return whether a key is about the request that a row is the reply to."""
    return not _REQUESTS.isdisjoint(words(key))


@lru_cache(maxsize=4096)  # of each key of each row
def describes(key: str) -> bool:
    """Return whether what stands under a key describes a thing in words that may change."""
    return not _DESCRIBES.isdisjoint(words(key)[-1:])


@lru_cache(maxsize=4096)
def names_a_thing(key: str) -> bool:
    """Return whether what stands under a key is what a thing is called, or which one it is."""
    spelled = words(key)
    return not _NAMES.isdisjoint(spelled[-1:]) and _ABOUT_OTHERS.isdisjoint(spelled)


def _text(last: str, text: str) -> str | None:
    """Return what a value calls the thing: a text, or what an object has as its id or name."""
    if text.startswith(("{", "[")):
        return _own(text)
    if len(text) > _LONGEST or (last in _MAY_COUNT and _COUNT.fullmatch(text)):
        return None
    return one_case(text)


def _own(text: str) -> str | None:
    try:
        node = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return None
    stated = (node.get(key) for key in _OWN) if isinstance(node, dict) else ()
    named = (str(each) for each in stated if isinstance(each, str | int) and each not in ("", True))
    return next((one_case(each) for each in named if len(each) <= _LONGEST), None)
