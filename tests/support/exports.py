"""Exports of shops, read back."""

import csv
from pathlib import Path
from typing import Any

from billfold import focus
from support.shop import NOW, OCTOBER, fold

CsvRows = dict[str, list[dict[str, str]]]


async def written(out: Path, *shops: Any, **options: Any) -> tuple[focus.Export, CsvRows]:
    """Export October of shops, and return the rows of the CSV files by the files' names."""
    async with fold(*shops) as opened:
        done = await focus.export(opened, out, clock=lambda: NOW, **{"period": OCTOBER, **options})
    rows: CsvRows = {}
    for path in done.files:
        if path.suffix == ".csv":
            with path.open(newline="", encoding="utf-8") as source:
                rows.setdefault(path.name, []).extend(csv.DictReader(source))
    return done, rows


def names(folder: Path) -> list[str]:
    """Return the names of what is in a folder, sorted."""
    return sorted(path.name for path in folder.iterdir())
