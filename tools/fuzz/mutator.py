"""Mutate JSON as JSON half of the time, and bytes, which libFuzzer knows best, otherwise."""

from __future__ import annotations

import copy
import random
from typing import Any

import atheris

from billfold.simulators.json_text import Number, parse, write
from support.trees import NUMBERS, SHAPES, TEXTS, changed, places


def mutated(data: bytes, longest: int, seed: int) -> bytes:
    """Return a body near to this one; the first byte, which chooses the endpoint, stays."""
    dice = random.Random(seed)
    if dice.random() < 0.5:
        body = _mutated_json(data, dice)
        if body is not None and len(body) <= longest:
            return body
    return bytes(atheris.Mutate(data, longest))


def _mutated_json(data: bytes, dice: random.Random) -> bytes | None:
    try:
        tree = parse(data[1:])
    except (ValueError, RecursionError):
        return None
    for _ in range(dice.randint(1, 3)):
        tree = _mutated_tree(tree, dice)
    return data[:1] + bytes(write(tree).encode("utf-8", "surrogatepass"))


def _mutated_tree(tree: Any, dice: random.Random) -> Any:
    paths = list(places(tree))
    path, source = dice.choice(paths), dice.choice(paths)
    if dice.random() < 0.05:
        return dice.choice([[tree], [tree, tree], {"data": tree}, {"items": tree}])
    if dice.random() < 0.2:
        return changed(tree, path, lambda _: copy.deepcopy(_at(tree, source)))
    return changed(tree, path, lambda value: _replacement(value, dice))


def _at(tree: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        tree = tree[key]
    return tree


def _replacement(value: Any, dice: random.Random) -> Any:
    match value:
        case list() if value and dice.random() < 0.7:
            return dice.choice([[*value, dice.choice(value)], value[1:], value[::-1]])
        case dict() if value and dice.random() < 0.7:
            return _mutated_object(value, dice)
        case Number() if dice.random() < 0.5:
            return str(value)
        case str() if dice.random() < 0.2:
            return Number(value)
    return dice.choice(
        [Number(dice.choice(NUMBERS)), dice.choice(TEXTS), copy.deepcopy(dice.choice(SHAPES))]
    )


def _mutated_object(members: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    """Lose a member, write its key in another case, or put its value under another key."""
    lost, kept = dice.choice(list(members)), dice.choice(list(members))
    rest = {key: member for key, member in members.items() if key != lost}
    renamed = {lost.upper(): members[lost], **rest}
    return dice.choice([rest, renamed, {**rest, kept: members[lost]}])
