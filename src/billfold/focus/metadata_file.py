"""``focus-metadata.json``: which files an export has, what their columns hold, what is missing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from billfold.codec import CONVERTER, failure, record
from billfold.focus._summary import ExportSummary
from billfold.focus.choices import Dataset, Format, Profile
from billfold.focus.columns import NUMBER, TIME, Column, columns_of
from billfold.focus.numbers import DIGITS, PLACES
from billfold.focus.partition import Partition
from billfold.money import plain
from billfold.period import Period, utc_text

SCHEMA = "billfold.focus/1"
_FOCUS_VERSIONS = {Profile.V1_4: "1.4", Profile.V1_2: "1.2", Profile.VANTAGE: "1.2"}


def metadata_text(
    summary: ExportSummary,
    rows: Mapping[Partition, int],
    file_format: Format,
    profile: Profile,
    period: Period | None,
    now: datetime,
    previous: str | None,
) -> str:
    """Return the metadata file of an export of a period with these rows.

    ``previous`` is the text of the folder's last one: its entries stay for files that this export
    does not replace.
    """
    created = utc_text(now)
    files = _remaining_files(previous, summary.partitions.union(rows))
    for partition, count in rows.items():
        entry = {
            "path": partition.path(file_format).as_posix(),
            "dataset": partition.dataset.value,
            "rows": count,
            "LastUpdated": created,
            "complete": not any(row.is_hole for row in summary.coverage if partition.is_of(row)),
            "unread": list(summary.unread(partition)),
        }
        files.append(entry)
    document = {
        "schema": SCHEMA,
        "FocusVersion": _FOCUS_VERSIONS[profile],
        "Profile": profile.value,
        "DataGenerator": f"billfold {version('billfold')}",
        "CreationDate": created,
        "DeliveryType": "Overwrite",
        "CorrectionType": "Replacement",
        "asked": {
            "period": CONVERTER.unstructure(period),
            "accounts": list(summary.accounts),
            "left_out": list(summary.accounts_left_out),
        },
        "complete": summary.complete,
        "left_out": summary.left_out,
        "notes": list(summary.notes),
        "usage_totals": {
            currency: plain(total.amount) for currency, total in summary.totals.items()
        },
        "coverage": [record(row) for row in summary.coverage],
        "failures": [failure(error) for error in summary.failures],
        "files": sorted(files, key=lambda file: str(file["path"])),
        "datasets": {
            dataset.value: [_column(column, file_format) for column in columns_of(dataset, profile)]
            for dataset in Dataset
            if columns_of(dataset, profile)
        },
    }
    return json.dumps(document, indent=2) + "\n"


def _remaining_files(previous: str | None, replaced: set[Partition]) -> list[dict[str, Any]]:
    """Return what the last metadata file says about the files that this export leaves alone."""
    gone = replaced | {Partition(dataset) for dataset in Dataset}
    paths = {partition.path(each).as_posix() for partition in gone for each in Format}
    return [file for file in _files(previous) if file.get("path") not in (None, *paths)]


def unread_of_files(previous: str | None) -> dict[Path, tuple[str, ...]]:
    """Return which streams each file lacks, by its path, as a metadata file says."""
    return {
        Path(file["path"]): tuple(map(str, unread))
        for file in _files(previous)
        if isinstance(file.get("path"), str) and isinstance(unread := file.get("unread"), list)
    }


def _files(metadata: str | None) -> list[dict[str, Any]]:
    """Return what a metadata file says about files; nothing where it is none of ours."""
    try:
        known = json.loads(metadata or "{}")
    except (ValueError, RecursionError):
        return []
    if not isinstance(known, dict) or known.get("schema") != SCHEMA:
        return []
    files = known.get("files")
    return [file for file in files if isinstance(file, dict)] if isinstance(files, list) else []


def _column(column: Column, file_format: Format) -> dict[str, Any]:
    entry: dict[str, Any] = {"ColumnName": column.name, "DataType": column.value_type}
    if column.value_type == NUMBER and file_format is Format.PARQUET:
        entry |= {"NumericPrecision": DIGITS, "NumberScale": PLACES}  # CSV has every digit
    elif column.value_type not in (NUMBER, TIME):
        entry["StringEncoding"] = "UTF-8"
    entry |= {"AllowsNulls": bool(column.null_where), "Description": column.content}
    if column.null_where:
        entry["NullBecause"] = column.null_where
    return entry
