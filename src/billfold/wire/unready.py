"""Replies that say of themselves that they are not ready or failed, around their rows. Pure.

What is still calculated lacks rows, and nothing about its numbers says so. A row, or a single
resource, has a status of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import filterfalse
from typing import Any

from billfold.wire.error_words import enveloped, has_data, said_of_errors, words_in
from billfold.wire.lacking_words import says_lacking
from billfold.wire.places import step_into, summary
from billfold.wire.rows import fold
from billfold.wire.speakers import ABOUT_A_REPLY, Speakers
from billfold.wire.unready_words import (
    TALLIES,
    is_of_a_thing,
    is_tally,
    may_say_unready,
    says_error,
    says_failed,
    says_not_all,
    says_unready,
)


def unready(speaking: Speakers) -> tuple[str, ...]:
    """Return the places by which those that speak for a body say that it is not ready.

    A shape that reads such a key says so by that.
    """
    return summary(
        place for place, _ in _places(speaking, says_unready, says_unready, says_not_all)
    )


def failed(tree: object, speaking: Speakers) -> dict[str, object]:
    """Return what a decoded body says by its places, that it failed: around its rows or alone."""
    said = _places(speaking, _says_failed, _says_one_failed, says_error)
    return {**failed_alone(tree), **dict(said)}


def failed_alone(tree: object) -> dict[str, object]:
    """Return what a body without data says that it failed, also in what that comes in."""
    if type(tree) is not dict or has_data(tree):
        return {}
    inside = ((step_into("$", key), value) for key, value in enveloped(tree))
    return {
        **own_errors(tree),
        **{at: value for path, each in inside for at, value in own_errors(each, path).items()},
    }


def failed_around(info: Mapping[str, Any], *, has_rows: bool) -> dict[str, object]:
    """Return what an object says that it failed, or one about that in it, by its places.

    By the same rule, for who finds out alone what stands around rows. What has none is one thing.
    """
    return dict(_said(info, (), "$", _says_failed if has_rows else says_error, info))


def may_say_failed(key: str) -> bool:
    """Return whether an object may say under this key that it failed, or what is about it may."""
    return may_say_unready(key) or is_about_a_reply(key)


def is_about_a_reply(key: str) -> bool:
    """Return whether what stands under a key speaks for the object that it stands in."""
    return fold(key) in ABOUT_A_REPLY


def _says_failed(key: str, value: object) -> bool:
    return says_failed(key, value) or says_error(key, value)


def _says_one_failed(key: str, value: object) -> bool:
    return _says_failed(key, value) and not is_tally(key, value)


def own_errors(tree: object, path: str = "$") -> dict[str, object]:
    """Return what an object says of errors by its own keys, by their places."""
    said = said_of_errors(tree) if type(tree) is dict else {}
    return {step_into(path, key): value for key, value in said.items()}


def shown(said: Mapping[str, object]) -> str:
    """Return places and the values there in words, or the words that are in these."""
    texts = {place: _text(value) for place, value in said.items()}
    return ", ".join(f"`{place}` {text}" for place, text in texts.items() if text)


def _text(value: object) -> str:
    if type(value) is str:
        return f'"{value}"'
    if type(value) is bool:
        return str(value).lower()
    if type(value) in (list, dict):
        words = words_in(value)
        return "" if words is None else f'"{words}"'
    return str(value) if type(value) in (int, Decimal) else ""


def says_not_ready(around: Mapping[str, Any], read: Collection[str], path: str) -> Iterator[str]:
    """Yield each place by which an object around rows says so, or one about them beside them.

    What is ``read`` is its reader's.
    """
    return (place for place, _ in _said(around, read, path, says_unready, around))


def says_lacking_parts(info: Mapping[str, Any], path: str) -> Iterator[str]:
    """Yield each place by which an object says that it is without some parts, or what is about it.

    Which one thing says of its reply, too.
    """
    return (place for place, _ in _said(info, (), path, says_lacking, info))


# What only a thing has, of which a balance is none.
_IDENTITY = {"id", "uuid", "slug"}
# Whose a reply is: of its keys only those say something of the reply that say it is not all.
_WHOSE = {"organization", "organisation", "account", "team", "customer"}
_Saying = Callable[[str, object], bool]
_Said = tuple[str, object]


def _said(
    around: Mapping[str, Any],
    read: Collection[str],
    path: str,
    says: _Saying,
    of: Mapping[str, Any],
) -> Iterator[_Said]:
    """Yield what an object says by its keys, whose status is that of the thing it is ``of``."""
    for key in filter(_may_speak, filterfalse(read.__contains__, around)):
        value = around[key]
        if may_say_unready(key) and says(key, value) and not is_of_a_thing(of, key, value):
            yield step_into(path, key), value
        elif type(value) is dict:
            yield from _said_beside(key, value, path, says)


@lru_cache(maxsize=4096)
def _may_speak(key: str) -> bool:
    """Return whether an object says something under a key, or one under it may."""
    return may_say_failed(key) or fold(key) in _WHOSE


def _said_beside(key: str, info: Mapping[str, Any], path: str, says: _Saying) -> Iterator[_Said]:
    """Yield what an object says that is about the reply beside it, or whose that is."""
    name = fold(key)
    at = step_into(path, key)
    if name in TALLIES and says(f"failed_{name}", info.get("failed")):
        yield step_into(at, "failed"), info["failed"]
    if name not in ABOUT_A_REPLY and name not in _WHOSE:
        return
    for inner in filter(may_say_unready, info):
        value = info[inner]
        if (name in ABOUT_A_REPLY or says_not_all(inner, value)) and says(inner, value):
            yield step_into(at, inner), value


def _places(
    speaking: Speakers, of_rows: _Saying, of_one: _Saying, of_a_thing: _Saying
) -> list[_Said]:
    """Return what is said by each object that speaks for the whole reply.

    A reply without rows is ``of_one``, or of one thing with an identity, as a balance has none. Of
    the keys of a thing only some say anything of the reply: those that ``of_a_thing`` knows.
    """
    objects, has_rows = speaking
    found: list[_Said] = []
    for each in objects:
        without_rows = of_one if _IDENTITY.isdisjoint(each.thing) else of_a_thing
        says = of_rows if has_rows else without_rows
        found += _said(each.info, each.read, each.path, says, each.thing)
    return found
