"""What the accounts were charged, as the FinOps Foundation's FOCUS 1.4: Cost and Usage, Invoice Detail and Billing Period.

>>> from billfold import focus
>>> await focus.export(fold, "costs", period=Period.month(2026, 10), file_format="parquet")
>>> tables = await focus.arrow(fold)

docs/focus.md says what is written where, and how it is proven.
"""

from billfold.focus.columns import Dataset, Profile
from billfold.focus.files import Format
from billfold.focus.run import Export, arrow, export

__all__ = ["Dataset", "Export", "Format", "Profile", "arrow", "export"]
