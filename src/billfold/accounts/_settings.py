"""An adapter from its settings, without friendly coercion: a number is not a name."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from cattrs import Converter, transform_error

from billfold.adapter.declaration import Adapter
from billfold.errors import ConfigError


def build_adapter(adapter: type[Adapter], settings: Mapping[str, Any]) -> Adapter:
    """Return an adapter with its settings. Raises ConfigError that names the setting."""
    try:
        return _CONVERTER.structure(dict(settings), adapter)
    except ConfigError:
        raise
    except Exception as error:  # noqa: BLE001 - cattrs wraps whatever a hook or a validator raised
        lines = transform_error(error, format_exception=lambda mistake, _: str(mistake))
        raise ConfigError("; ".join(_message(line) for line in lines)) from None


def unknown_key(table: Iterable[str], known: Sequence[str]) -> str | None:
    """Return what is wrong with the first key that is not known, or None."""
    for key in table:
        if key not in known:
            similar = difflib.get_close_matches(key, known, 1)
            hint = f"did you mean {similar[0]!r}?" if similar else f"known: {', '.join(known)}"
            return f"unknown key {key!r}; {hint}"
    return None


# What a person calls the types of TOML.
_WORDS = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a table",
}


def _strict(kind: type) -> Callable[[Any, Any], Any]:
    def structure(value: Any, _: Any) -> Any:
        if type(value) is not kind:
            raise TypeError(f"is {_WORDS[kind]}, not {_WORDS.get(type(value), 'a time')}")
        return value

    return structure


def _refuse_function(value: Any, _: Any) -> Any:
    raise TypeError("is a function: it is given in code, not in a file")


def _make_converter() -> Converter:
    converter = Converter()
    for kind in (str, int, bool):
        converter.register_structure_hook(kind, _strict(kind))
    converter.register_structure_hook_func(
        lambda kind: kind == tuple[str, ...],
        lambda value, _: tuple(_strict(str)(item, str) for item in _strict(list)(value, list)),
    )
    converter.register_structure_hook_func(
        lambda kind: getattr(kind, "__origin__", None) is Callable, _refuse_function
    )
    return converter


_CONVERTER = _make_converter()


def _message(line: str) -> str:
    mistake, _, path = line.rpartition(" @ ")
    return mistake if path == "$" else f"{path.removeprefix('$.')}: {mistake}"
