"""Whether something in an object counts what a price beside it may be that of one of. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from billfold.wire import is_money_key
from billfold_bnerd.time_keys import names_time
from billfold_bnerd.values import Node, number, word_set, words

# Words of keys under which numeric text counts; a number counts under any other key, too.
_COUNTING = word_set(
    "units unit qty quantity count counts instances duration hours minutes seconds days months "
    "consumed consumption used usage volume seats"
)
# Keys of nothing but these words name the unit of the quantity beside them.
_UNIT_OF_QUANTITY = word_set("unit uom of measure quantity qty usage consumed")
# Words of keys under which a text says what the price is for.
_PER = word_set("unit uom per interval cycle basis granularity")
# What says so under any key, being all of a text: "hourly", "per_gb", "per node hour", "month".
_RATE = re.compile(
    r"(hour|month|week|year|quarter|minute|second|dai)ly|annual(ly)?|(hour|day|week|month|year)"
    r"|per([ _-][a-z]+){1,2}",
    re.IGNORECASE,
)
# How much there was, as text: "744h", "31 days", "P31D", "PT744H".
_MEASURED = re.compile(r"P?T?([0-9]+([.,][0-9]+)?) ?[a-z]+", re.IGNORECASE)
# Last words of keys that name, number or date something, or state a share.
_NO_COUNTS = word_set(
    "price cost amount total cents currency id type status date at name code number index position "
    "line row version year month day week hour percent percentage rate vat tax discount"
)
# What is said about the product and the owner of something, and not of how much there was.
_ABOUT = frozenset({"product", "project", "organization", "tags", "labels", "metadata"})


def counts(node: Node) -> bool:
    """Return whether anything in an object counts other than one, under whatever key."""
    return any(_counts(key, value) for key, value in node.items())


def counts_beside_one(node: Node) -> bool:
    """Return whether anything beside a quantity of one counts, too, or says what a price is for.

    The unit of that quantity does neither, nor its product's.
    """
    product = node.get("product")
    others = {"product": _without_unit(product)} if isinstance(product, Mapping) else {}
    return counts(_without_unit(node) | others)


def _without_unit(node: Node) -> dict[str, object]:
    return {key: value for key, value in node.items() if not _names_unit(key, value)}


def _names_unit(key: str, value: object) -> bool:
    return (
        isinstance(value, str) and _UNIT_OF_QUANTITY.issuperset(words(key)) and not _measures(value)
    )


def _counts(key: str, value: object) -> bool:
    spelled = words(key)
    if _says_per(key, value):
        return True
    if key == "product" and isinstance(value, Mapping):
        return any(_says_per(inner, below) for inner, below in value.items())
    if key in _ABOUT or not _NO_COUNTS.isdisjoint(spelled[-1:]) or is_money_key(key):
        return False
    if isinstance(value, Mapping):
        return counts(value)
    if isinstance(value, list):
        objects = [item for item in value if isinstance(item, Mapping)]
        return len(objects) > 1 or any(map(counts, objects))
    is_time = names_time(key) and _COUNTING.isdisjoint(spelled[-1:])
    if is_time or not (isinstance(value, Decimal) or not _COUNTING.isdisjoint(spelled)):
        return False
    return number(value) not in (None, 1) or _measures(value)


def _measures(value: object) -> bool:
    """Return whether a text says how much there was, other than one of something."""
    measured = _MEASURED.match(value) if isinstance(value, str) else None
    return measured is not None and (measured.group() != value or number(measured[1]) != 1)


def _says_per(key: str, value: object) -> bool:
    """Return whether a text says what a price is for."""
    if not isinstance(value, str) or not value or number(value) is not None:
        return False
    return not _PER.isdisjoint(words(key)) or _RATE.fullmatch(value) is not None
