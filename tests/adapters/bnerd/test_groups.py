"""What a row and the groups around it say: whether it counts, and which one it is (laws 3, 11).

Every reply here is one that no b'nerd documents; the money is worked out by hand.
"""

import json
from typing import Any

import pytest

from billfold import Period
from billfold.model import Usage
from billfold_bnerd import month
from billfold_bnerd.lists import Listing
from billfold_bnerd.usage import decode_usage

ORG = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"
PRODUCT = "6ec3d218-07bf-4f95-a3d1-98e0b54c7a2d"
OTHER = "0b7e4c19-5a36-4d82-9f0e-c41d7a25b863"
SUBSCRIPTIONS = (
    "95a1b7e4-c82d-4063-b7fe-2d0f68a39c51",
    "2c9d6f03-71e8-4ab5-8d14-e0a3b5967f42",
)
OCTOBER = Period.month(2026, 10)


def eur(cents: int) -> dict[str, Any]:
    return {"cents": cents, "currency_iso": "EUR"}


def row(cents: int, product: str = "VM", **more: Any) -> dict[str, Any]:
    return {"product": product, "cost": eur(cents), **more}


def asked(value: Any) -> Listing[Usage]:
    reply = decode_usage(json.dumps(value).encode())
    return month.usage(ORG, OCTOBER, OCTOBER, reply, "GET /u")


def total(listing: Listing[Usage]) -> str:
    return ", ".join(str(money) for money in listing.rows[0].totals().values())


@pytest.mark.parametrize(
    ("beside", "is_known"),
    [
        ({"total": 744, "unit": "h"}, True),
        *(({"total": each}, True) for each in ("10,00 EUR", "10.00", 10, 1000)),
        *(({"total": each}, False) for each in ("12,00 EUR", 744)),
        *(({"total_cents": 1000}, True), ({"total_cents": 1200}, False)),
    ],
)
def test_what_is_money_is_the_cost_and_a_bare_total_is_none(beside: Any, is_known: bool) -> None:
    listing = asked([row(1000, **beside)])
    assert total(listing) == "10.00 EUR"
    unread = f"amounts that were not read: `$[0].{next(iter(beside))}`"
    assert listing.gaps == (() if is_known else (unread,))


def test_a_bare_total_beside_a_unit_is_how_many_of_it_were_used() -> None:
    (charge,) = asked([row(1000, total=744, unit="h")]).rows[0].charges
    assert (charge.quantity, charge.unit, charge.unit_price) == (744, "h", None)


def test_money_over_rows_is_their_total_and_a_number_beside_it_counts_them() -> None:
    rows = [row(1000), row(300, "DB")]
    listing = asked({"data": rows, "total": 2, "cost": eur(1300)})
    assert (total(listing), listing.gaps) == ("13.00 EUR", ())
    assert str(listing.rows[0].stated_total) == "13.00 EUR"
    # 1.00 more than the rows have, which becomes a charge of its own
    more = asked({"data": rows, "total": 2, "cost": eur(1400)})
    assert [str(each.cost) for each in more.rows[0].charges if each.derived] == ["1.00 EUR"]
