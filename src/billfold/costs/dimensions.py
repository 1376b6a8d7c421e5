"""The dimensions that lines of cost are grouped by, and matched by in a rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from itertools import repeat
from operator import attrgetter

from billfold.costs.lines import Line
from billfold.errors import ConfigError

_NONE = "(none)"

Dimension = Callable[[Line], str]


def dimension(name: str) -> Dimension:
    """Return the function that reads a dimension from a line.

    ``name`` is a dimension or ``tag:KEY``. Raises ConfigError for any other.
    """
    if name.startswith("tag:") and len(name) > len("tag:"):
        key = name.removeprefix("tag:")
        return lambda line: line.charge.tags.get(key, _NONE)
    if name not in _DIMENSIONS:
        known, meant = ", ".join(_DIMENSIONS), _meant(name.lower())
        hint = f"did you mean {meant}? " if meant else ""
        raise ConfigError(f"{name!r} is not a dimension; {hint}there are {known} and tag:KEY")
    return _DIMENSIONS[name]


def _meant(name: str) -> str | None:
    """Return the dimension that another word for it means, or that is written nearly so."""
    for meant, words in _OTHER_WORDS.items():
        if name.removesuffix("s") in words.split():
            return meant
    return next(iter(get_close_matches(name, _DIMENSIONS, 1)), None)


def read_dimensions(by: str | Iterable[str]) -> tuple[str, ...]:
    """Return the names of dimensions, given one by one or as one text with commas.

    Raises ConfigError for a name that is missing, is none or stands there twice.
    """
    if isinstance(by, str):
        by = by.split(",") if by.strip() else ()
    given = tuple(by) if isinstance(by, Iterable) else (by,)
    if not all(isinstance(name, str) for name in given):
        raise ConfigError(f"by={by!r} names no dimensions; write by='provider,service'")
    names = tuple(name.strip() for name in given)
    for number, name in enumerate(names):
        if not name:
            raise ConfigError("a dimension's name is missing before or after a comma")
        if name in names[:number]:
            raise ConfigError(f"the dimension {name} is named twice")
        dimension(name)
    return names


def keys_of(lines: Sequence[Line], by: Sequence[str]) -> Iterable[tuple[str, ...]]:
    """Return each line's values of the dimensions ``by``; raises as :func:`dimension`.

    For no dimension at all there is no end of them.
    """
    # Read column by column, which takes half as long as line by line.
    return zip(*(map(dimension(name), lines) for name in by), strict=True) if by else repeat(())


def group_lines(lines: Iterable[Line], by: Sequence[str]) -> dict[tuple[str, ...], list[Line]]:
    """Return the lines by their values of the dimensions ``by``; raises as :func:`dimension`."""
    lines = tuple(lines)
    groups: defaultdict[tuple[str, ...], list[Line]] = defaultdict(list)
    for keys, line in zip(keys_of(lines, by), lines, strict=False):
        groups[keys].append(line)
    return dict(groups)


def _billing_account(line: Line) -> str:
    return line.charge.billing_account_name or line.charge.billing_account_id or _NONE


def _sub_account(line: Line) -> str:
    return line.charge.sub_account_name or line.charge.sub_account_id or _NONE


def _resource(line: Line) -> str:
    return line.charge.resource_name or line.charge.resource_id or _NONE


_day_text = lru_cache(maxsize=1024)(date.isoformat)


def _day(line: Line) -> str:
    return "(no day)" if line.day is None else _day_text(line.day)


_DIMENSIONS: dict[str, Dimension] = {
    "provider": attrgetter("charge.provider"),
    "account": attrgetter("charge.account"),
    "billing_account": _billing_account,
    "sub_account": _sub_account,
    "service": attrgetter("charge.service"),
    "resource": _resource,
    "category": lambda line: line.charge.category.value,
    "currency": attrgetter("cost.currency"),
    "day": _day,
    "month": lambda line: str(line.month),
    "cost_centre": lambda line: line.cost_centre or "(unallocated)",
}
# What other tools call them: suggested, so that each has one name here.
_OTHER_WORDS = {
    "provider": "cloud vendor",
    "billing_account": "organization organisation org customer",
    "sub_account": "project pipeline workspace namespace",
    "service": "product sku",
    "resource": "server instance cluster job build",
    "category": "type kind",
    "day": "date daily",
    "month": "monthly",
    "cost_centre": "cost_center costcenter costcentre",
    "tag:KEY": "tag label",
}
