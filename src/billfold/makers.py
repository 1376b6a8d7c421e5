"""Makers of frozen records: what a class makes, in a fifth of the time, of values that fit.

attrs fills a frozen record through ``object.__setattr__``, field by field, which is most of what
reading a line costs. Here a record is filled by plain assignment, while it is of a twin class that
is not frozen, and then becomes what it is: a test pins that nothing tells the two apart.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from attrs import NOTHING, Attribute, fields

P = ParamSpec("P")
T = TypeVar("T")


def maker(kind: Callable[P, T]) -> Callable[P, T]:
    """Return a function that makes the same records as a frozen attrs class, of its arguments.

    Converters and validators do not run: whoever calls it has values that need none.
    """
    attributes: tuple[Attribute[Any], ...] = fields(cast(Any, kind))
    in_order = [_parameter(each) for each in attributes if not each.kw_only]
    by_name = [_parameter(each) for each in attributes if each.kw_only]
    parameters = [*in_order, *(["*"] if by_name else ()), *by_name]
    names: dict[str, Any] = {
        "__name__": __name__,
        "_kind": kind,
        "_twin": _twin(kind),
        **{f"_default_{each.name}": each.default for each in attributes},
    }
    lines = [
        f"def make({', '.join(parameters)}):",
        *(_new_default(each.name) for each in attributes if _is_made_anew(each)),
        " _made = _twin()",
        *(f" _made.{each.name} = {each.name}" for each in attributes),
        " _made.__class__ = _kind",
        " return _made",
    ]
    exec("\n".join(lines), names)  # as attrs writes its own methods
    return cast("Callable[P, T]", names["make"])


def _parameter(attribute: Attribute[Any]) -> str:
    name = attribute.name
    return name if attribute.default is NOTHING else f"{name}=_default_{name}"


def _is_made_anew(attribute: Attribute[Any]) -> bool:
    """Return whether a default is made anew for each record, as an empty dict is."""
    return hasattr(attribute.default, "factory")


def _new_default(name: str) -> str:
    return f" if {name} is _default_{name}: {name} = _default_{name}.factory()"


def _twin(kind: Any) -> type[Any]:
    """Return a class of the same memory that is not frozen."""
    # Python keeps both setters in one place: with only one of them it is slower than attrs.
    methods = {
        "__setattr__": object.__setattr__,
        "__delattr__": object.__delattr__,
        "__init__": object.__init__,
    }
    return type(kind.__name__, (kind,), {"__slots__": (), **methods})
