"""Files: text as people save it, new files and folders that are whole or not there; and CSV."""

from billfold.files.atomic import atomic_write, writable_path
from billfold.files.csv_texts import csv_writer, one_line, without_formulas
from billfold.files.generation import Generation, require_replaceable
from billfold.files.texts import read_text

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
