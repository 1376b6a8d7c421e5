"""Faults of content: the reply that the simulator gave, changed; numbers keep their own text."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Context, Decimal
from typing import Any

from aiohttp.web import Request, Response, StreamResponse

from billfold.simulators.faults.fault import HABITS, Effect, Habits, Handler
from billfold.simulators.json_text import (
    Members,
    Number,
    Visit,
    as_decimal,
    is_numeral,
    is_text,
    parse,
    rewritten,
    write,
)

NEW = "billfold_new"

_WIDE = Context(prec=1000)
_DEEP = 100_000
# Keys of what tells a row from others.
_IDS = re.compile(r"(^|_|[a-z](?=I))(uuid|id|Id|ID)$")


def mutated(change: Callable[[Any, Habits], Any]) -> Effect:
    """Change the JSON of every good answer."""

    async def effect(request: Request, handler: Handler) -> StreamResponse:
        response = await handler(request)
        body = json_body(response)
        if body is not None and isinstance(response, Response):
            changed = change(parse(body), request.app[HABITS])
            response.body = write(changed).encode("utf-8", "surrogateescape")
        return response

    return effect


def json_body(response: StreamResponse) -> bytes | None:
    """Return the body of a good answer with JSON in it, None for any other."""
    good = response.status < 300 and response.content_type.endswith("json")
    if not good or not isinstance(response, Response) or not isinstance(response.body, bytes):
        return None
    return response.body or None


def _visiting(visit: Visit) -> Effect:
    return mutated(lambda tree, _: rewritten(tree, visit))


def null_at(path: str) -> Effect:
    """Put null in one place: a path like ``$.data[].id``, or a key wherever it stands."""
    return _visiting(lambda here, key, value: None if path in (here, key) else value)


def wrong_type_at(path: str) -> Effect:
    """Put a value of another type in one place, or wherever a key stands."""

    def visit(here: str, key: str, value: Any) -> Any:
        if path not in (here, key):
            return value
        return "wrong type" if isinstance(value, dict | list) else {"wrong": "type"}

    return _visiting(visit)


def scaled(factor: Decimal) -> Effect:
    """Multiply every amount, so that sums still hold: a late restatement, or a larger account."""
    return _amounts(lambda amount: _WIDE.multiply(amount, factor))


def tampered(path: str) -> Effect:
    """Add one to the first amount at a path, so that the provider's own sums no longer hold."""
    return _amounts(lambda amount: _WIDE.add(amount, Decimal(1)), path)


def _amounts(change: Callable[[Decimal], Decimal], at: str | None = None) -> Effect:
    """Change amounts, numbers and numerals alike, everywhere or in the first place of that path."""

    def changed(tree: Any, habits: Habits) -> Any:
        done: list[str] = []

        def visit(path: str, key: str, value: Any) -> Any:
            amount = as_decimal(value) if habits.is_amount(key) else None
            if amount is None or (at is not None and (done or path != at)):
                return value
            done.append(path)
            return type(value)(format(change(amount), "f"))

        return rewritten(tree, visit)

    return mutated(changed)


def without_ids(place: str, *, twice: bool = False) -> Effect:
    """Leave out the ids of the rows of the lists at a place; ``twice`` adds the first row again."""

    def changed(tree: Any, habits: Habits) -> Any:
        ids = {paged.row_id for paged in habits.pages}

        def bare(row: Any) -> Any:
            if not isinstance(row, dict):
                return row
            return {key: row[key] for key in row if not (key in ids or _IDS.search(key))}

        def visit(path: str, key: str, value: Any) -> Any:
            if path != place or not isinstance(value, list):
                return value
            rows = list(map(bare, value))
            return [*rows, *rows[:1]] if twice else rows

        return rewritten(tree, visit)

    return mutated(changed)


def _every_number(text: str) -> Effect:
    return _visiting(lambda path, key, value: Number(text) if isinstance(value, Number) else value)


def _with_new_field(path: str, key: str, value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {f"{NEW}_field": {"nested": [Number("1"), None]}, **value}


def _with_new_values(tree: Any, habits: Habits) -> Any:
    def visit(path: str, key: str, value: Any) -> Any:
        return f"{NEW}_value" if key in habits.enums and is_text(value) else value

    return rewritten(tree, visit)


def _with_duplicate_keys(path: str, key: str, value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    numerals = [(name, member) for name, member in value.items() if is_numeral(member)]
    return Members([*value.items(), *((name, type(one)(f"{one}1")) for name, one in numerals)])


def _not_utf8(path: str, key: str, value: Any) -> Any:
    return f"\udcff{value}" if is_text(value) else value


def _with_nested_lists(tree: Any, _: Habits) -> Any:
    deep = Number("[" * _DEEP + "]" * _DEEP)
    return {f"{NEW}_deep": deep, **tree} if isinstance(tree, dict) else [deep]


def _backwards(path: str, key: str, value: Any) -> Any:
    return value[::-1] if isinstance(value, list) else value


def _fewer_rows(path: str, key: str, value: Any) -> Any:
    return value[1:] if isinstance(value, list) and len(value) > 1 else value


fewer_rows = _visiting(_fewer_rows)
new_fields = _visiting(_with_new_field)
new_values = mutated(_with_new_values)
duplicate_keys = _visiting(_with_duplicate_keys)
not_utf8 = _visiting(_not_utf8)
nested = mutated(_with_nested_lists)
backwards = _visiting(_backwards)
nan = _every_number("NaN")
infinite = _every_number("-Infinity")
huge = _every_number("7" * 400)
