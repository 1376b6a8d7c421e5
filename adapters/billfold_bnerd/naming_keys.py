"""Which keys of a usage row name what is charged, and what they call it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

import msgspec

from billfold.wire import one_case
from billfold_bnerd.values import ident, word_set, words

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
_MORE_THINGS = word_set("item article machine node vm")
_MEASURES = _MAY_COUNT | _MORE_THINGS | word_set("meter metric")
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
# What a charge is for, and how a key goes on that says which one it is.
_CHARGED = word_set("product products project projects subscription subscriptions")
_WHICH = _NAMES | word_set(
    "product project subscription key ref reference number no identifier handle"
)
_THINGS = _NAMES | _MORE_THINGS
# An item may be a record: a line of a bill.
_NO_RECORDS = (_THINGS | _CHARGED) - {"item"}
# A total says of what unit it is, too.
_UNITS = word_set("unit measure quantity")
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
        name = _text(spelled[-1], texts[key]) if is_firm else None
        if name:
            named.append(f"{key}={name}")
    return ",".join(named) or None


@lru_cache(maxsize=4096)  # of each key of each row
def names_row(key: str) -> bool:
    """Return whether a usage row's own id stands under a key, when there is none under ``id``."""
    *before, last = words(key) or ("",)
    return last in _IDS and (_ROWS.issuperset(before) if before else last == "uuid")


@lru_cache(maxsize=4096)  # of each key of each row
def may_name_record(key: str) -> bool:
    """Return whether under a key may stand which record a row is, and not of what thing.

    ``id``, ``line_id`` and ``external_id`` are such; ``server_id`` and ``product_id`` are none.
    """
    *before, last = words(key) or ("",)
    return last in _IDS and _NO_RECORDS.isdisjoint(before)


@lru_cache(maxsize=4096)
def names_what_is_charged(key: str) -> bool:
    """Return whether a key says which product, project, subscription or record a row is of."""
    return key == "id" or names_row(key) or names_a_charged_thing(key)


@lru_cache(maxsize=4096)
def names_a_charged_thing(key: str) -> bool:
    """Return whether a key says which product, project or subscription a row is of."""
    spelled = words(key)
    return not _CHARGED.isdisjoint(spelled[:1]) and not _WHICH.isdisjoint(spelled[-1:])


def own_name(key: str, value: object) -> str | None:
    """Return what a key calls a thing, by a text or in an object of it; a count is none."""
    if isinstance(value, Mapping):
        return next(filter(None, (own_name(name, value.get(name)) for name in _OWN)), None)
    named, last = ident(value), words(key)[-1:]
    is_count = not _MEASURES.isdisjoint(last) and named is not None and _COUNT.fullmatch(named)
    return None if is_count else named


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
    return _names(words(key), _NAMES)


@lru_cache(maxsize=4096)  # of each key of each row
def names_which(key: str) -> bool:
    """Return whether what stands under a key is which one of some things, whosever they are."""
    return not _THINGS.isdisjoint(words(key)[-1:])


@lru_cache(maxsize=4096)
def tells_rows_apart(key: str) -> bool:
    """Return whether a key names a thing, of which a row is no total where others name another."""
    return _names(words(key), _THINGS) and _UNITS.isdisjoint(words(key))


def _names(spelled: tuple[str, ...], things: frozenset[str]) -> bool:
    return not things.isdisjoint(spelled[-1:]) and _ABOUT_OTHERS.isdisjoint(spelled)


def _text(last: str, stated: str) -> str | None:
    """Return what a value calls the thing: a text, or what an object has as its id or name."""
    if stated.startswith(("{", "[")):
        return _own(stated)
    if len(stated) > _LONGEST or (last in _MAY_COUNT and _COUNT.fullmatch(stated)):
        return None
    return one_case(stated)


def _own(body: str) -> str | None:
    try:
        node = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None
    stated = (node.get(key) for key in _OWN) if isinstance(node, dict) else ()
    named = (str(each) for each in stated if isinstance(each, str | int) and each not in ("", True))
    return next((one_case(each) for each in named if len(each) <= _LONGEST), None)
