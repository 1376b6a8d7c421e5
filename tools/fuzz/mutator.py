"""Mutate JSON as JSON, half of the time; bytes, which libFuzzer knows best, for the rest."""

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
        try:
            tree = parse(data[1:])
        except (ValueError, RecursionError):
            pass
        else:
            for _ in range(dice.randint(1, 3)):
                tree = _step(tree, dice)
            body: bytes = data[:1] + write(tree).encode("utf-8", "surrogatepass")
            if len(body) <= longest:
                return body
    return bytes(atheris.Mutate(data, longest))


def _step(tree: Any, dice: random.Random) -> Any:
    everywhere = list(places(tree))
    path, other = dice.choice(everywhere), dice.choice(everywhere)
    if dice.random() < 0.05:
        return dice.choice([[tree], [tree, tree], {"data": tree}, {"items": tree}])
    if dice.random() < 0.2:
        return changed(tree, path, lambda _: copy.deepcopy(_at(tree, other)))
    return changed(tree, path, lambda value: _instead(value, dice))


def _at(tree: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        tree = tree[key]
    return tree


def _instead(value: Any, dice: random.Random) -> Any:
    match value:
        case list() if value and dice.random() < 0.7:
            return dice.choice([[*value, dice.choice(value)], value[1:], value[::-1]])
        case dict() if value and dice.random() < 0.7:
            lost, other = dice.choice(list(value)), dice.choice(list(value))
            rest = {key: member for key, member in value.items() if key != lost}
            return dice.choice(
                [rest, {lost.upper(): value[lost], **rest}, {**rest, other: value[lost]}]
            )
        case Number() if dice.random() < 0.5:
            return str(value)
        case str() if dice.random() < 0.2:
            return Number(value)
    return dice.choice(
        [Number(dice.choice(NUMBERS)), dice.choice(TEXTS), copy.deepcopy(dice.choice(SHAPES))]
    )
