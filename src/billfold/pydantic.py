"""Our types in pydantic models and FastAPI routes: ``Plain[Answer[Usage]]``, ``Plain[Money]``.

>>> from billfold.pydantic import Plain
>>> class Bill(BaseModel):
...     total: Plain[Money]

``Plain`` is for records, money, periods, answers, cost views and reconciliations. A field takes the
value itself, and what its JSON says; cost views and reconciliations are only written. The JSON is
that of ``to_json()``. pydantic is not imported here: it asks an annotation for a schema, a dict.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeAlias, TypeVar, get_origin

from attrs import frozen

from billfold.errors import BillfoldError, ConfigError

T = TypeVar("T")
Schema = dict[str, Any]

# Where the types are that have JSON; an Account, which has a token, has none.
_ROOMS = ("model", "money", "period", "answer", "costs", "reconcile")


@frozen
class AsJson:
    """Tells pydantic how a type of ours is taken and written."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Schema:
        """Return the schema of a type. Raises TypeError for one that is not ours."""
        kind = get_origin(source) or source
        if getattr(kind, "__module__", "").split(".")[:2] not in [["billfold", r] for r in _ROOMS]:
            raise TypeError(f"Plain is for records, views and values of billfold, not {source!r}")
        return {
            "type": "function-plain",
            "function": {"type": "no-info", "function": _taking(kind)},
            "serialization": {"type": "function-plain", "function": _written},
        }

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> Schema:
        """Return what an OpenAPI document says of it."""
        return {"type": "object"}


Plain: TypeAlias = Annotated[T, AsJson()]


def _written(value: Any) -> Any:
    """Return a value as plain JSON values, by the one codec."""
    from billfold.codec import record

    return value.to_dict() if hasattr(value, "to_dict") else record(value)


def _taking(kind: type[Any]) -> Callable[[object], object]:
    """Return what gives a value of a type; it raises ValueError, as pydantic wants."""

    def take(given: object) -> object:
        if isinstance(given, kind):
            return given
        try:
            return _read(kind, given)
        except BillfoldError as error:
            raise ValueError(error.message) from None

    return take


def _read(kind: Any, given: object) -> object:
    from billfold.codec import CONVERTER, read_at

    if hasattr(kind, "from_dict"):
        return kind.from_dict(given)
    if hasattr(kind, "to_dict"):
        raise ValueError(f"a {kind.__name__} is written, and never read from JSON")
    if isinstance(given, str) and hasattr(kind, "parse"):
        return kind.parse(given)
    try:
        with read_at("$"):
            return CONVERTER.structure(given, kind)
    except ConfigError as error:
        raise ValueError(f"this is no {kind.__name__}: {error.message}") from None
