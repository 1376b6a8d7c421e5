"""A file of allocation rules: what it may say, and every mistake with its place."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from billfold.costs.dimensions import dimension
from billfold.errors import ConfigError, MoneyError
from billfold.files import read_text
from billfold.files.toml import parse_toml
from billfold.money import exact

# What a rule matches that takes whatever no rule before it does.
EVERYTHING = "*"
_PAYERS = ("cost_centre", "share", "share_by_usage")
_KEYS = ("match", *_PAYERS)


def read_rules(file: Path) -> Iterator[dict[str, Any]]:
    """Yield what each ``[[rule]]`` says, as Rule takes it. Raises ConfigError that names it."""
    document = parse_toml(read_text(file), file, parse_float=Decimal)
    tables = document.get("rule")
    if not any(document.values()):
        raise ConfigError(f"{file}: has no rules; each begins with a line [[rule]]")
    if set(document) != {"rule"} or not isinstance(tables, list):
        raise ConfigError(f"{file}: holds [[rule]] tables and nothing else")
    for number, table in enumerate(tables, 1):
        yield _rule(f"{file}: rule {number}", table)


def _rule(place: str, table: Any) -> dict[str, Any]:
    if not isinstance(table, dict):
        raise ConfigError(f"{place}: is not a table")
    for key in table:
        if key not in _KEYS:
            raise ConfigError(f"{place}: unknown key {key!r}; known: {', '.join(_KEYS)}")
    payers = [key for key in _PAYERS if key in table]
    if len(payers) != 1:
        raise ConfigError(f"{place}: needs exactly one of cost_centre, share and share_by_usage")
    match, payer = _match(place, table.get("match")), payers[0]
    place, value = f"{place}: {payer}", table[payer]
    if payer == "share":
        return {"match": match, "share": _shares(place, value)}
    texts = _texts(place, value)
    if payer == "share_by_usage":
        return {"match": match, "share_by_usage": texts}
    cost_centre, *others = texts
    if others:
        raise ConfigError(f"{place}: is one text; several cost centres divide by share")
    return {"match": match, "cost_centre": cost_centre}


def _match(place: str, match: Any) -> dict[str, tuple[str, ...]]:
    if match == EVERYTHING:
        return {}
    if not isinstance(match, dict) or not match:
        raise ConfigError(
            f"{place}: needs match, like "
            "match = { provider = 'harmont', 'tag:team' = ['web', 'api'] }, "
            'or match = "*" for everything'
        )
    for name in match:
        if name == "cost_centre":
            raise ConfigError(
                f"{place}: match: cost_centre is what the rules give, so none can match by it; "
                "match by what the charge has, like sub_account"
            )
        try:
            dimension(name)
        except ConfigError as error:
            raise ConfigError(f"{place}: match: {error}") from None
    return {name: _texts(f"{place}: match.{name}", value) for name, value in match.items()}


def _texts(place: str, value: Any) -> tuple[str, ...]:
    texts = [value] if isinstance(value, str) else value
    is_list = isinstance(texts, list) and texts
    if not is_list or not all(isinstance(text, str) and text for text in texts):
        raise ConfigError(f"{place}: is a text or a list of texts")
    return tuple(texts)


def _shares(place: str, value: Any) -> dict[str, Decimal]:
    if not isinstance(value, dict) or not value:
        raise ConfigError(f"{place}: gives a weight per cost centre, like {{ web = 3, api = 1 }}")
    for centre, weight in value.items():
        if not _is_weight(weight):
            raise ConfigError(f"{place}: the weight of {centre!r} is a number that is not negative")
    if not any(value.values()):
        raise ConfigError(f"{place}: the weights are all zero")
    return {centre: Decimal(weight) for centre, weight in value.items()}


def _is_weight(weight: Any) -> bool:
    if isinstance(weight, bool) or not isinstance(weight, int | Decimal):
        return False
    try:
        return exact(Decimal(weight)) >= 0
    except MoneyError:
        return False
