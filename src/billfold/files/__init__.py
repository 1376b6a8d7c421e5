"""Files: text as people save it, new files and folders that are whole or not there; and CSV."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from billfold.files.atomic import atomic_write, writable_path
    from billfold.files.csv_texts import csv_writer, one_line, without_formulas
    from billfold.files.generation import Generation, require_replaceable
    from billfold.files.texts import read_text

_HOME = {
    "Generation": "generation",
    "atomic_write": "atomic",
    "csv_writer": "csv_texts",
    "one_line": "csv_texts",
    "read_text": "texts",
    "require_replaceable": "generation",
    "without_formulas": "csv_texts",
    "writable_path": "atomic",
}

__all__ = [
    "Generation",
    "atomic_write",
    "csv_writer",
    "one_line",
    "read_text",
    "require_replaceable",
    "without_formulas",
    "writable_path",
]


def __getattr__(name: str) -> Any:
    """Import a name's module when it is first used: most commands write no file."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    return value
