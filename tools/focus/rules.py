"""Find the rules of FOCUS, and correct two of them.

The rules are data that the FinOps Foundation publishes. They are no part of this project, so the
environment variable FOCUS_RULES names the file, or its folder.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import Any

VERSION = "1.4"
ASSET = f"model-{VERSION}.json"
SHA256 = "3dd2c0c6fcc2c3d1792060fcbebba4ae074cd4dade8cde72958bd37a9a8b183f"
HOW_TO_GET_THEM = f"""\
To get them, download {ASSET} from
https://github.com/FinOps-Open-Cost-and-Usage-Spec/FOCUS_Spec/releases/tag/v{VERSION}
(sha256 {SHA256}),
then name the file: export FOCUS_RULES=/path/to/{ASSET}"""


def rules_file() -> Path:
    """Return the file of the published rules, or exit with a message that says how to get it."""
    named = os.environ.get("FOCUS_RULES")
    if not named:
        sys.exit(
            f"FOCUS_RULES is not set, so the FOCUS {VERSION} rules are missing.\n{HOW_TO_GET_THEM}"
        )
    path = Path(named)
    if path.is_dir():
        path /= ASSET
    if not path.is_file():
        sys.exit(f"FOCUS_RULES names {path}, which is not a file.\n{HOW_TO_GET_THEM}")
    if hashlib.sha256(path.read_bytes()).hexdigest() != SHA256:
        sys.exit(f"{path} is not the published file: its sha256 differs.\n{HOW_TO_GET_THEM}")
    return path


def correct(rules: dict[str, Any]) -> None:
    """Correct the loaded rules in place."""
    model = rules["ModelRules"]
    # Official erratum 1 of FOCUS 1.4: without it the rules contain a cycle and cannot be loaded.
    for number in ("005", "006"):
        criteria = model[f"CAU-CommitmentDiscountUnit-C-{number}-C"]["ValidationCriteria"]
        criteria["Dependencies"] = ["CAU-CommitmentDiscountQuantity-C-003-C"]
    # This condition is the opposite of its own text, and of the same rule for ListUnitPrice.
    name = "CAU-PricingCurrencyContractedUnitPrice-C-012-C"
    inverted = model[name]["ValidationCriteria"]["Condition"]
    assert inverted["CheckFunction"] == "CheckValue", "the rule is corrected: remove this"
    inverted["CheckFunction"] = "CheckNotValue"


if __name__ == "__main__":
    print(f"FOCUS {VERSION} rules: {rules_file()}")
