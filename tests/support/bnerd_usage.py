"""Usage replies of b'nerd's as their parser reads them, without a socket: October, in euros."""

import json
from typing import Any

from billfold import Period
from billfold.model import Usage
from billfold_bnerd import month
from billfold_bnerd.lists import Listing
from billfold_bnerd.usage import decode_usage

ORG = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"
OCTOBER = Period.month(2026, 10)


def eur(cents: int) -> dict[str, Any]:
    return {"cents": cents, "currency_iso": "EUR"}


def row(cents: int, product: str = "VM", **more: Any) -> dict[str, Any]:
    return {"product": product, "cost": eur(cents), **more}


def asked(value: Any) -> Listing[Usage]:
    """Return what a reply says of October."""
    reply = decode_usage(json.dumps(value).encode())
    return month.usage(ORG, OCTOBER, OCTOBER, reply, "GET /u")


def total(listing: Listing[Usage]) -> str:
    return ", ".join(map(str, listing.rows[0].totals().values()))


def total_and_gaps(value: Any) -> tuple[str, tuple[str, ...]]:
    listing = asked(value)
    return total(listing), listing.gaps
