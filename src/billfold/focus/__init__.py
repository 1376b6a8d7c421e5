"""What the accounts were charged, as the FinOps Foundation's FOCUS 1.4: Cost and Usage, Invoice Detail and Billing Period.

>>> from billfold import focus
>>> await focus.export(fold, "costs", period=Period.month(2026, 10), file_format="parquet")
>>> tables = await focus.arrow(fold)

docs/focus.md says what is written where, and how it is proven.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from billfold.focus.columns import Dataset, Profile
    from billfold.focus.csv_and_parquet import Format
    from billfold.focus.export_files import Export, arrow, export

_HOME = {
    "Dataset": "columns",
    "Export": "export_files",
    "Format": "csv_and_parquet",
    "Profile": "columns",
    "arrow": "export_files",
    "export": "export_files",
}

__all__ = ["Dataset", "Export", "Format", "Profile", "arrow", "export"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: the command line needs the enums alone to show its help."""
    if name not in _HOME:
        raise AttributeError(f"module 'billfold.focus' has no attribute {name!r}")
    return getattr(import_module(f"billfold.focus.{_HOME[name]}"), name)
