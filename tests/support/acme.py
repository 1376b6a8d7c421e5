"""A charge of Acme Cloud, and its row."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from attrs import evolve

from billfold import Category, Charge, Money, Period
from billfold.adapter.catalogue import Catalogue, Service
from billfold.focus.charge_rows import charge_row
from billfold.focus.numbers import Fits, fits_text
from billfold.model import booking_month

OCTOBER = Period.month(2026, 10)
BUILDS = Service(
    "Builds",
    "Developer Tools",
    "Continuous Integration and Deployment",
    "Leases",
    "Leases",
    ("lease", "{cpu}cpu", "{gone}"),
)
DISKS = Service("Disks", "Storage", "Block Storage", "Volumes", "Units", ("disk",), ("volume",))
CATALOGUE = Catalogue(
    "Acme Cloud",
    "Team",
    (DISKS, BUILDS),
    invoice_issuer="Acme GmbH",
    price_detail_keys={"cpu": "CoreCount"},
    provider_tags=frozenset({"build"}),
)
CHARGE = Charge(
    id="c-1",
    provider="acme",
    account="ci",
    category=Category.USAGE,
    period=Period(
        datetime(2026, 10, 5, 8, 0, 0, 250_000, UTC), datetime(2026, 10, 5, 8, 10, 0, 999_999, UTC)
    ),
    service="machines",
    cost=Money(Decimal("0.25"), "USD"),
    quantity=Decimal(600),
    unit="second",
)


def row(
    charge: Charge = CHARGE,
    covers: Period = OCTOBER,
    catalogue: Catalogue = CATALOGUE,
    fits: Fits = fits_text,
    **changes: Any,
) -> dict[str, Any]:
    charge = evolve(charge, **changes)
    assert charge.cost is not None
    month = booking_month(charge, covers)
    return charge_row(charge, charge.cost, month, catalogue, fits=fits)


def usd(text: str) -> Money:
    return Money(Decimal(text), "USD")
