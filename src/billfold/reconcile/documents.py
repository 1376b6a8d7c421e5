"""A reconciliation as plain JSON values; decimals are text in plain notation."""

from __future__ import annotations

from typing import Any

from billfold.codec import CONVERTER, failure, record
from billfold.reconcile.identity import Identity
from billfold.reconcile.reconciliation import Reconciliation


def reconciliation(result: Reconciliation) -> dict[str, Any]:
    """Return a reconciliation as ``billfold.reconciliation/1``."""
    return {
        "schema": "billfold.reconciliation/1",
        "asked": {
            "period": CONVERTER.unstructure(result.period),
            "accounts": list(result.accounts),
            "left_out": list(result.left_out),
        },
        "holds": result.holds,
        "identities": [_identity(identity) for identity in result.identities],
        "not_compared": [record(row) for row in result.not_compared],
        "coverage": [record(row) for row in result.coverage],
        "failures": [failure(error) for error in result.failures],
    }


def _identity(identity: Identity) -> dict[str, Any]:
    return record(identity) | {"gap": record(identity.gap), "holds": identity.holds}
