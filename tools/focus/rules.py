"""Find the rules of FOCUS, and put two of them right.

The rules are the Foundation's published data and not part of this project: $FOCUS_RULES names the file. Two entries are put
right on a copy: official erratum 1 of FOCUS 1.4, without which the rules contain a cycle and cannot be loaded; and one
condition that says the opposite of its own text and of its sibling for ListUnitPrice.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import Any

VERSION = "1.4"
SHA256 = "3dd2c0c6fcc2c3d1792060fcbebba4ae074cd4dade8cde72958bd37a9a8b183f"
ASSET = f"model-{VERSION}.json"


def rules_file() -> Path:
    """Find the published rules, or end with how to get them."""
    named = os.environ.get("FOCUS_RULES")
    beside = Path(__file__).resolve().parents[3] / "shared" / "focus"
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


def put_right(rules: dict[str, Any]) -> None:
    """Apply the erratum and the correction to loaded rules."""
    model = rules["ModelRules"]
    for number in ("005", "006"):
        criteria = model[f"CAU-CommitmentDiscountUnit-C-{number}-C"]["ValidationCriteria"]
        criteria["Dependencies"] = ["CAU-CommitmentDiscountQuantity-C-003-C"]
    inverted = model["CAU-PricingCurrencyContractedUnitPrice-C-012-C"]["ValidationCriteria"][
        "Condition"
    ]
    assert inverted["CheckFunction"] == "CheckValue", (
        "the published rule has changed: drop this correction"
    )
    inverted["CheckFunction"] = "CheckNotValue"


if __name__ == "__main__":
    sys.stdout.write(f"FOCUS {VERSION} rules: {rules_file()}\n")
