"""Read a file of allocation rules, and name what is wrong with it."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from billfold.costs.dimensions import dimension
from billfold.errors import ConfigError, MoneyError
from billfold.money import exact

_PAYERS = ("cost_centre", "share", "share_by_usage")
_KEYS = ("match", *_PAYERS)


def read_rules(path: Path) -> list[dict[str, Any]]:
    """Return the fields of each ``[[rule]]``. Raises ConfigError that names the rule."""
    document = _toml(path)
    tables = document.get("rule")
    if set(document) != {"rule"} or not isinstance(tables, list):
        raise ConfigError(f"{path}: holds [[rule]] tables and nothing else")
    return [_rule(f"{path}: rule {number}", table) for number, table in enumerate(tables, 1)]


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise ConfigError(f"{path}: cannot be read: {reason}") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: is not TOML: {error}") from None


def _rule(place: str, table: Any) -> dict[str, Any]:
    if not isinstance(table, dict):
        raise ConfigError(f"{place}: is not a table")
    for key in table:
        if key not in _KEYS:
            raise ConfigError(f"{place}: unknown key {key!r}; known: {', '.join(_KEYS)}")
    payers = [key for key in _PAYERS if key in table]
    if len(payers) != 1:
        raise ConfigError(f"{place}: needs exactly one of cost_centre, share and share_by_usage")
    payer = payers[0]
    return {
        "match": _match(place, table.get("match")),
        payer: _payer(payer, f"{place}: {payer}", table[payer]),
    }


def _match(place: str, match: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(match, dict) or not match:
        raise ConfigError(
            f"{place}: needs match, like "
            "match = { provider = 'harmont', 'tag:team' = ['web', 'api'] }"
        )
    for name in match:
        try:
            dimension(name)
        except ConfigError as error:
            raise ConfigError(f"{place}: match: {error}") from None
    return {name: _texts(f"{place}: match.{name}", value) for name, value in match.items()}


def _payer(payer: str, place: str, value: Any) -> str | tuple[str, ...] | dict[str, Decimal]:
    if payer == "share":
        return _weights(place, value)
    texts = _texts(place, value)
    return texts[0] if payer == "cost_centre" else texts


def _texts(place: str, value: Any) -> tuple[str, ...]:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not texts:
        raise ConfigError(f"{place}: is a text or a list of texts")
    if not all(isinstance(text, str) and text for text in texts):
        raise ConfigError(f"{place}: is a text or a list of texts")
    return tuple(texts)


def _weights(place: str, value: Any) -> dict[str, Decimal]:
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
