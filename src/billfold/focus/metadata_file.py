"""``focus-metadata.json``: what the files hold, by FOCUS' words for it, and how whole it is. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from importlib.metadata import version
from typing import Any

from billfold.answer import Coverage
from billfold.codec import failure, record
from billfold.focus.columns import Column, Dataset, Kind, Profile, columns
from billfold.focus.csv_and_parquet import Format
from billfold.focus.partition import Part
from billfold.focus.read_accounts import Gathered
from billfold.focus.row_values import DIGITS, PLACES
from billfold.money import plain
from billfold.period import utc_text

SCHEMA = "billfold.focus/1"
_VERSIONS = {Profile.V1_4: "1.4", Profile.V1_2: "1.2", Profile.VANTAGE: "1.2"}


def text(
    gathered: Gathered,
    rows: Mapping[Part, int],
    form: Format,
    profile: Profile,
    now: datetime,
    before: str | None,
) -> str:
    """Write the sidecar; of ``before`` (the folder's last one) stays what this export does not replace."""
    stamp = utc_text(now)
    files = [_file(part, count, form, gathered, stamp) for part, count in rows.items()]
    document = {
        "schema": SCHEMA,
        "FocusVersion": _VERSIONS[profile],
        "Profile": profile.value,
        "DataGenerator": f"billfold {version('billfold')}",
        "CreationDate": stamp,
        "DeliveryType": "Overwrite",
        "CorrectionType": "Replacement",
        "complete": gathered.complete and not gathered.left_out,
        "left_out": dict(sorted(gathered.left_out.items())),
        "usage_totals": {
            currency: plain(money.amount) for currency, money in sorted(gathered.totals.items())
        },
        "coverage": [_coverage(row) for row in gathered.coverage],
        "failures": [failure(error) for error in gathered.failures],
        "files": sorted(
            [*_kept(before, gathered, rows, form), *files], key=lambda file: str(file["path"])
        ),
        "datasets": {
            one.value: [_column(column) for column in columns(one, profile)]
            for one in Dataset
            if columns(one, profile)
        },
    }
    return json.dumps(document, indent=2) + "\n"


def _file(part: Part, count: int, form: Format, gathered: Gathered, stamp: str) -> dict[str, Any]:
    mine = [
        row
        for row in gathered.coverage
        if part.account in (None, row.account) and part.provider in (None, row.provider)
    ]
    return {
        "path": part.path(form).as_posix(),
        "dataset": part.dataset.value,
        "rows": count,
        "LastUpdated": stamp,
        "complete": all(row.state.value in ("complete", "unsupported") for row in mine),
    }


def _coverage(row: Coverage) -> dict[str, Any]:
    return record(row)


def _kept(
    before: str | None, gathered: Gathered, rows: Iterable[Part], form: Format
) -> Sequence[dict[str, Any]]:
    """Return what the last sidecar says about files that stay as they are."""
    try:
        known = json.loads(before or "{}")
    except ValueError:
        return ()
    replaced = {part.path(form).as_posix() for part in gathered.parts.union(rows)} | {
        Part(one).path(form).as_posix() for one in Dataset
    }
    return (
        [file for file in known.get("files", ()) if file["path"] not in replaced]
        if known.get("schema") == SCHEMA
        else ()
    )


def _column(column: Column) -> dict[str, Any]:
    numeric = (
        {"NumericPrecision": DIGITS, "NumberScale": PLACES} if column.kind is Kind.NUMBER else {}
    )
    return {
        "ColumnName": column.name,
        "DataType": column.kind.value,
        **({} if numeric or column.kind is Kind.TIME else {"StringEncoding": "UTF-8"}),
        **numeric,
        "AllowsNulls": column.null is not None,
        "Description": column.says,
        **({"NullBecause": column.null} if column.null else {}),
    }
