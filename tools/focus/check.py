"""Check exports with the FinOps Foundation's validator, offline.

    python tools/focus/check.py FOLDER...

Many of the validator's rules hold for a file as soon as one row satisfies them. So besides whole
files, the first row of every kind is checked alone. Two rows of Cost and Usage are of one kind if
the same columns are null, and the columns with few values (``KIND_COLUMNS``) are equal.

Exits with 1 if a rule fails, with 2 if there is nothing to check.
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
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import focus_validator
from focus_validator.data_loaders.data_loader import DataLoader
from focus_validator.validator import Validator
from rules import ASSET, VERSION, correct, rules_file

COST_AND_USAGE = "cost_and_usage"
# The validator's names of the datasets, by the names of billfold's files.
DATASETS = {
    COST_AND_USAGE: "CostAndUsage",
    "invoice_detail": "InvoiceDetail",
    "billing_period": "BillingPeriod",
}
KIND_COLUMNS = (
    "ChargeCategory",
    "ChargeClass",
    "ChargeFrequency",
    "ConsumedUnit",
    "PricingUnit",
    "ServiceName",
    "ServiceSubcategory",
)


@cache
def validator(rules_folder: str, dataset: str) -> Validator:
    """Return the validator of a dataset, loaded once per process: loading takes the longest."""
    logging.disable(logging.CRITICAL)
    # The validator reads its list of currencies relative to the working directory.
    os.chdir(Path(focus_validator.__file__).parent.parent)
    loaded = Validator(
        data_filename=None,
        output_destination=None,
        output_type="console",
        rule_set_path=rules_folder,
        rules_version=VERSION,
        focus_dataset=DATASETS[dataset],
        rules_block_remote_download=True,
        applicability_criteria="ALL",
    )
    loaded.spec_rules.load()
    return loaded


def failed_rules(rules_folder: str, dataset: str, path: Path) -> list[str]:
    """Return the rules that a file of a dataset breaks."""
    rules = validator(rules_folder, dataset).spec_rules
    with contextlib.redirect_stdout(io.StringIO()):
        loader = DataLoader(
            data_filename=str(path), data_format=None, column_types=rules.get_column_types()
        )
        data = loader.load()
        results = rules.validate(data, data_filename=str(path), data_row_count=len(data))
    return sorted(
        rule
        for rule, result in results.by_rule_id.items()
        if not result["ok"] and not (result["details"] or {}).get("skipped")
    )


def single_rows(paths: Iterable[Path], scratch: Path) -> Iterator[tuple[str, Path]]:
    """Write the first row of every kind into a file of its own; yield labels and files."""
    kinds = set()
    for path in paths:
        with path.open(newline="", encoding="utf-8") as source:
            header, *rows = csv.reader(source)
        for number, row in enumerate(rows, 1):
            kind = row_kind(header, row)
            if kind not in kinds:
                kinds.add(kind)
                target = scratch / f"row-{len(kinds)}.csv"
                with target.open("w", newline="", encoding="utf-8") as file:
                    csv.writer(file).writerows([header, row])
                yield f"{path.parent.name}/{path.name}, row {number} alone", target


def row_kind(header: Sequence[str], row: Sequence[str]) -> tuple[object, ...]:
    """Return what rows of one kind have in common."""
    cells = {
        name: cell for name, cell in zip(header, row, strict=True) if not name.startswith("x_")
    }
    nulls = tuple(name for name, cell in cells.items() if cell == "")
    return nulls, tuple(cells[name] for name in KIND_COLUMNS)


def main(folders: Iterable[Path]) -> int:
    """Check every file of the folders, and every kind of row alone; return the exit code."""
    published = rules_file()
    files = [
        (dataset, path)
        for folder in folders
        for dataset in DATASETS
        for path in sorted(folder.glob(f"{dataset}.*"))
    ]
    with (
        tempfile.TemporaryDirectory() as scratch,
        ProcessPoolExecutor(mp_context=get_context("spawn")) as pool,
    ):
        rules = json.loads(published.read_text(encoding="utf-8"))
        correct(rules)
        (Path(scratch) / ASSET).write_text(json.dumps(rules), encoding="utf-8")
        csv_files = [
            path for name, path in files if (name, path.suffix) == (COST_AND_USAGE, ".csv")
        ]
        single = list(single_rows(csv_files, Path(scratch)))
        checks = [
            *((f"{path.parent.name}/{path.name}", dataset, path) for dataset, path in files),
            *((label, COST_AND_USAGE, path) for label, path in single),
        ]
        pending = [
            (label, pool.submit(failed_rules, scratch, dataset, path))
            for label, dataset, path in checks
        ]
        count = 0
        for label, future in pending:
            failed = future.result()
            count += len(failed)
            print(f"{label}: {len(failed)} failed rules", *failed, sep="\n    ", flush=True)
    print(f"{len(files)} whole files and {len(single)} kinds of rows alone: {count} failed rules")
    if not files:
        return 2
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main([Path(argument).resolve() for argument in sys.argv[1:]]))
