"""Export what accounts were charged as FOCUS 1.4, the FinOps Foundation's cost and usage format.

>>> from billfold import focus
>>> await focus.export(fold, "costs", period=Period.month(2026, 10), file_format="parquet")
>>> tables = await focus.arrow(fold)

The datasets are Cost and Usage, Invoice Detail and Billing Period; docs/focus.md describes them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from billfold.focus.choices import Dataset, Format, Profile
    from billfold.focus.exports import Export, arrow, export

__all__ = ["Dataset", "Export", "Format", "Profile", "arrow", "export"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: the command line's help needs only the enums."""
    if name not in __all__:
        raise AttributeError(f"module 'billfold.focus' has no attribute {name!r}")
    module = "choices" if name in ("Dataset", "Format", "Profile") else "exports"
    return getattr(import_module(f"billfold.focus.{module}"), name)
