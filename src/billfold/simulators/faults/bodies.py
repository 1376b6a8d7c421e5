"""Faults of content: the reply the simulator gave, changed. Numbers keep their own text throughout."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Context, Decimal, InvalidOperation
from typing import Any

from aiohttp import web

from billfold.simulators.faults.fault import HABITS, Habits, Handler, Reply

Change = Callable[[Any, Habits], Any]
Visit = Callable[[str, str, Any], Any]

_WIDE = Context(prec=1000)
NEW = "billfold_new"


class Number(str):
    """A number as it is written."""

    __slots__ = ()


class Members(list[tuple[str, Any]]):
    """An object's members in order; a key may be there twice."""


def parse(body: bytes) -> Any:
    """Read JSON into dicts, lists and texts, and numbers as :class:`Number`."""
    return json.loads(body, parse_int=Number, parse_float=Number, parse_constant=Number)


def write(value: Any) -> str:
    """Write JSON, or what looks like it."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict | Members):
        members = value.items() if isinstance(value, dict) else value
        return "{" + ",".join(f"{json.dumps(key)}:{write(member)}" for key, member in members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(write, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def mutated(change: Change) -> Reply:
    """Change the JSON of every good answer."""

    async def reply(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        body = response.body if isinstance(response, web.Response) else None
        if isinstance(response, web.Response) and isinstance(body, bytes) and is_json(response):
            changed = change(parse(body), request.app[HABITS])
            response.body = write(changed).encode("utf-8", "surrogateescape")
        return response

    return reply


def is_json(response: web.Response) -> bool:
    """Tell whether this is a good answer with JSON in it."""
    return response.status < 300 and response.content_type.endswith("json") and bool(response.body)


def rewritten(value: Any, visit: Visit, path: str = "$", key: str = "") -> Any:
    """Rebuild a tree from below; ``visit(path, key, value)`` gives what stands there. Paths are like ``$.data[].id``."""
    if isinstance(value, dict):
        value = {
            name: rewritten(member, visit, f"{path}.{name}", name) for name, member in value.items()
        }
    elif isinstance(value, list):
        value = [rewritten(member, visit, f"{path}[]", key) for member in value]
    return visit(path, key, value)


def places(value: Any, path: str = "$") -> Iterator[tuple[str, Any]]:
    """Give every place of a tree with its value, the root last."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from places(member, f"{path}.{name}")
    elif isinstance(value, list):
        for member in value:
            yield from places(member, f"{path}[]")
    yield path, value


def _visiting(visit: Visit) -> Reply:
    return mutated(lambda tree, _: rewritten(tree, visit))


def null_at(path: str) -> Reply:
    """Put null in one place: a path like ``$.data[].id``, or a key wherever it stands."""
    return _visiting(lambda here, key, value: None if path in (here, key) else value)


def wrong_type_at(path: str) -> Reply:
    """Put a value of another type in one place, or wherever a key stands."""
    return _visiting(lambda here, key, value: _other(value) if path in (here, key) else value)


def _other(value: Any) -> Any:
    if isinstance(value, dict | list):
        return "wrong type"
    return {"wrong": "type"}


def _amounts(change: Callable[[Decimal], Decimal], at: str | None = None) -> Reply:
    """Change amounts, numbers and numerals alike, everywhere or in the first place of that path."""

    def changed(tree: Any, habits: Habits) -> Any:
        done: list[str] = []

        def visit(path: str, key: str, value: Any) -> Any:
            amount = number(value) if habits.amounts.fullmatch(key) else None
            if amount is None or (at is not None and (done or path != at)):
                return value
            done.append(path)
            return type(value)(format(change(amount), "f"))

        return rewritten(tree, visit)

    return mutated(changed)


def number(value: Any) -> Decimal | None:
    """Read a number, or a text that is one."""
    try:
        read = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        return None
    return read if read is not None and read.is_finite() else None


def scaled(factor: Decimal) -> Reply:
    """Multiply every amount, so that sums still hold: what a late restatement looks like, or an account in another league."""
    return _amounts(lambda amount: _WIDE.multiply(amount, factor))


def tampered(path: str) -> Reply:
    """Make the first amount at a path greater by one, so that the provider's own sums do not hold any more."""
    return _amounts(lambda amount: _WIDE.add(amount, Decimal(1)), path)


def _numbers(text: str) -> Reply:
    return _visiting(lambda path, key, value: Number(text) if isinstance(value, Number) else value)


def _new_fields(path: str, key: str, value: Any) -> Any:
    return (
        {f"{NEW}_field": {"nested": [Number("1"), None]}, **value}
        if isinstance(value, dict)
        else value
    )


def _new_values(tree: Any, habits: Habits) -> Any:
    def visit(path: str, key: str, value: Any) -> Any:
        known = key in habits.enums and isinstance(value, str) and not isinstance(value, Number)
        return f"{NEW}_value" if known else value

    return rewritten(tree, visit)


def _twice(path: str, key: str, value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    numerals = [(name, member) for name, member in value.items() if number(member) is not None]
    return Members(
        [*value.items(), *((name, type(member)(f"{member}1")) for name, member in numerals)]
    )


def _not_utf8(path: str, key: str, value: Any) -> Any:
    return f"\udcff{value}" if isinstance(value, str) and not isinstance(value, Number) else value


def _nested(tree: Any, _: Habits) -> Any:
    deep = Number("[" * 100_000 + "]" * 100_000)
    return {f"{NEW}_deep": deep, **tree} if isinstance(tree, dict) else [deep]


def _backwards(path: str, key: str, value: Any) -> Any:
    return value[::-1] if isinstance(value, list) else value


new_fields = _visiting(_new_fields)
new_values = mutated(_new_values)
duplicate_keys = _visiting(_twice)
not_utf8 = _visiting(_not_utf8)
nested = mutated(_nested)
backwards = _visiting(_backwards)
nan = _numbers("NaN")
infinite = _numbers("-Infinity")
huge = _numbers("7" * 400)
