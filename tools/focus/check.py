"""Prove an export with the FinOps Foundation's validator, offline: whole files, and each kind of row by itself.

    python focus/check.py FOLDER...

The validator proves less than it seems when it sees a whole file: many of its rules hold as soon as one row satisfies them. So
each Cost and Usage row of a kind of its own (which columns are null, and what the closed columns say) is also checked alone.

Exit 1 over a failed rule, 2 where there is nothing to check.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import logging
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import focus_validator
from focus_validator.data_loaders.data_loader import DataLoader
from focus_validator.validator import Validator
from rules import ASSET, VERSION, put_right, rules_file

DATASETS = {
    "cost_and_usage": "CostAndUsage",
    "invoice_detail": "InvoiceDetail",
    "billing_period": "BillingPeriod",
}
# Columns with few values, which tell kinds of rows apart.
CLOSED = (
    "ChargeCategory",
    "ChargeClass",
    "ChargeFrequency",
    "ConsumedUnit",
    "PricingUnit",
    "ServiceName",
    "ServiceSubcategory",
)


@cache
def checker(rules: str, stem: str) -> Validator:
    """Load the rules of a dataset, once per process: that takes longer than checking a file."""
    logging.disable(logging.CRITICAL)
    # The validator reads its list of currencies relative to the working directory.
    os.chdir(Path(focus_validator.__file__).parent.parent)
    made = Validator(
        data_filename=None,
        output_destination=None,
        output_type="console",
        rule_set_path=rules,
        rules_version=VERSION,
        focus_dataset=DATASETS[stem],
        rules_block_remote_download=True,
        applicability_criteria="ALL",
    )
    made.spec_rules.load()
    return made


def failures(rules: str, stem: str, path: Path) -> list[str]:
    """Check a file of a dataset; return the failed rules."""
    known = checker(rules, stem).spec_rules
    with contextlib.redirect_stdout(io.StringIO()):
        data = DataLoader(
            data_filename=str(path), data_format=None, column_types=known.get_column_types()
        ).load()
        found = known.validate(data, data_filename=str(path), data_row_count=len(data)).by_rule_id
    return sorted(
        rule
        for rule, one in found.items()
        if not one["ok"] and not (one["details"] or {}).get("skipped")
    )


def kinds(paths: Iterable[Path], scratch: Path) -> Iterator[tuple[str, Path]]:
    """Write the first row of each kind into a file of its own; yield where it came from, and the file."""
    seen = set()
    for path in paths:
        with path.open(newline="", encoding="utf-8") as source:
            header, *rows = csv.reader(source)
        specified = [index for index, name in enumerate(header) if not name.startswith("x_")]
        closed = [header.index(name) for name in CLOSED]
        for number, row in enumerate(rows, 1):
            kind = (
                tuple(row[index] == "" for index in specified),
                tuple(row[index] for index in closed),
            )
            if kind not in seen:
                seen.add(kind)
                alone = scratch / f"row-{len(seen)}.csv"
                with alone.open("w", newline="", encoding="utf-8") as sink:
                    csv.writer(sink).writerows([header, row])
                yield f"{path.parent.name}/{path.name}, row {number} alone", alone


def main(folders: list[Path]) -> int:
    """Check every file of the folders, and each kind of row alone."""
    published = rules_file()
    files = [
        (stem, path)
        for folder in folders
        for stem in DATASETS
        for path in sorted(folder.glob(f"{stem}.*"))
    ]
    with (
        tempfile.TemporaryDirectory() as scratch,
        ProcessPoolExecutor(mp_context=get_context("spawn")) as pool,
    ):
        rules = json.loads(published.read_text(encoding="utf-8"))
        put_right(rules)
        (Path(scratch) / ASSET).write_text(json.dumps(rules), encoding="utf-8")
        alone = list(
            kinds(
                (
                    path
                    for stem, path in files
                    if stem == "cost_and_usage" and path.suffix == ".csv"
                ),
                Path(scratch),
            )
        )
        whole = [
            (f"{path.parent.name}/{path.name}", pool.submit(failures, scratch, stem, path))
            for stem, path in files
        ]
        single = [
            (label, pool.submit(failures, scratch, "cost_and_usage", path)) for label, path in alone
        ]
        bad = 0
        for label, future in (*whole, *single):
            failed = future.result()
            bad += len(failed)
            print(
                f"{label}: {len(failed)} failed rules"
                + "".join(f"\n    {rule}" for rule in failed),
                flush=True,
            )
    print(f"{len(files)} files whole and {len(alone)} kinds of rows alone: {bad} failed rules")
    return 2 if not files else int(bad > 0)


if __name__ == "__main__":
    sys.exit(main([Path(argument).resolve() for argument in sys.argv[1:]]))
