"""Prove an export with the FinOps Foundation's validator, offline: whole files, and each kind of row by itself.

    python focus/check.py FOLDER...

The validator proves less than it seems when it sees a whole file: many of its rules hold as soon as one row satisfies them. So
each Cost and Usage row of a kind of its own (which columns are null, and what the closed columns say) is also checked alone.

The rules are the Foundation's published data and not part of this project: $FOCUS_RULES names the file. Two entries are put
right on a copy: official erratum 1 of FOCUS 1.4, without which the rules contain a cycle and cannot be loaded; and one
condition that says the opposite of its own text and of its sibling for ListUnitPrice. Exit 1 over a failed rule.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

VERSION = "1.4"
SHA256 = "3dd2c0c6fcc2c3d1792060fcbebba4ae074cd4dade8cde72958bd37a9a8b183f"
ASSET = f"model-{VERSION}.json"
DATASETS = {"cost_and_usage": "CostAndUsage", "invoice_detail": "InvoiceDetail", "billing_period": "BillingPeriod"}
# Columns with few values, which tell kinds of rows apart.
CLOSED = (
    "ChargeCategory",
    "ChargeClass",
    "ChargeFrequency",
    "ConsumedUnit",
    "PricingUnit",
    "ServiceName",
    "ServiceSubcategory",
    "BillingAccountType",
    "SubAccountType",
    "ResourceType",
    "x_CostBasis",
)


def rules_file() -> Path:
    """Find the published rules, or end with how to get them."""
    named = os.environ.get("FOCUS_RULES")
    beside = Path(__file__).resolve().parents[2] / "shared" / "focus"
    path = Path(named) if named else beside
    path = path / ASSET if path.is_dir() else path
    if not path.is_file():
        sys.exit(
            f"The FOCUS {VERSION} rules are not at {path if named else 'FOCUS_RULES, which is not set'}.\n"
            f"Download the asset {ASSET} of release v{VERSION} of github.com/FinOps-Open-Cost-and-Usage-Spec/FOCUS_Spec\n"
            f"(sha256 {SHA256}) and name it: make focus FOCUS_RULES=/path/to/{ASSET}"
        )
    if hashlib.sha256(path.read_bytes()).hexdigest() != SHA256:
        sys.exit(f"{path} is not the published {ASSET}: its sha256 should be {SHA256}")
    return path


def put_right(rules: dict) -> None:
    """Apply the erratum and the correction to loaded rules."""
    model = rules["ModelRules"]
    for number in ("005", "006"):
        criteria = model[f"CAU-CommitmentDiscountUnit-C-{number}-C"]["ValidationCriteria"]
        criteria["Dependencies"] = ["CAU-CommitmentDiscountQuantity-C-003-C"]
    inverted = model["CAU-PricingCurrencyContractedUnitPrice-C-012-C"]["ValidationCriteria"]["Condition"]
    assert inverted["CheckFunction"] == "CheckValue", "the published rule has changed: drop this correction"
    inverted["CheckFunction"] = "CheckNotValue"


class Checker:
    """The validator with one dataset's rules, loaded once for all files."""

    def __init__(self, rules: str, dataset: str) -> None:
        from focus_validator.validator import Validator

        self._validator = Validator(
            data_filename=None,
            output_destination=None,
            output_type="console",
            rule_set_path=rules,
            rules_version=VERSION,
            focus_dataset=dataset,
            rules_block_remote_download=True,
            applicability_criteria="ALL",
        )
        self._validator.spec_rules.load()

    def failures(self, path: Path) -> list[str]:
        """Check a file; return the failed rules."""
        from focus_validator.data_loaders.data_loader import DataLoader

        rules = self._validator.spec_rules
        with contextlib.redirect_stdout(io.StringIO()):
            data = DataLoader(data_filename=str(path), data_format=None, column_types=rules.get_column_types()).load()
            found = rules.validate(data, data_filename=str(path), data_row_count=len(data)).by_rule_id
        return sorted(rule for rule, one in found.items() if not one["ok"] and not (one["details"] or {}).get("skipped"))


def kinds(path: Path) -> Iterator[tuple[int, list[str], list[str]]]:
    """Yield the first row of each kind: its number, the header and the row."""
    with path.open(newline="", encoding="utf-8") as source:
        header, *rows = csv.reader(source)
    seen = set()
    closed = [header.index(name) for name in CLOSED]
    for number, row in enumerate(rows, 1):
        kind = (tuple(value == "" for value in row), tuple(row[index] for index in closed))
        if kind not in seen:
            seen.add(kind)
            yield number, header, row


def report(label: str, failed: list[str]) -> int:
    """Print the outcome of one check; return the number of failed rules."""
    print(f"{label}: {len(failed)} failed rules" + "".join(f"\n    {rule}" for rule in failed), flush=True)
    return len(failed)


def main(folders: list[Path]) -> int:
    """Check every file of the folders."""
    logging.disable(logging.CRITICAL)
    published = rules_file()
    import focus_validator

    bad = files = alone = 0
    with tempfile.TemporaryDirectory() as scratch:
        rules = json.loads(published.read_text(encoding="utf-8"))
        put_right(rules)
        (Path(scratch) / ASSET).write_text(json.dumps(rules), encoding="utf-8")
        # It reads its list of currencies relative to the working directory.
        os.chdir(Path(focus_validator.__file__).parent.parent)
        checkers = {stem: Checker(scratch, dataset) for stem, dataset in DATASETS.items()}
        for folder in folders:
            for stem, checker in checkers.items():
                for path in sorted(folder.glob(f"{stem}.*")):
                    bad += report(f"{folder.name}/{path.name}", checker.failures(path))
                    files += 1
        for path in (folder / "cost_and_usage.csv" for folder in folders):
            for number, header, row in kinds(path) if path.exists() else ():
                one = Path(scratch) / "row.csv"
                with one.open("w", newline="", encoding="utf-8") as sink:
                    csv.writer(sink).writerows([header, row])
                failed = checkers["cost_and_usage"].failures(one)
                alone += 1
                if failed:
                    bad += report(f"{path.parent.name}/{path.name}, row {number} alone", failed)
    print(f"{files} files whole and {alone} kinds of rows alone: {bad} failed rules")
    return 2 if not files else int(bad > 0)


if __name__ == "__main__":
    sys.exit(main([Path(argument).resolve() for argument in sys.argv[1:]]))
