"""What Acme sells, in the words of FOCUS."""

from __future__ import annotations

from billfold.adapter import Catalogue, Service

CATALOGUE = Catalogue(
    brand="Acme",
    billing_account_type="Account",
    services=(
        Service(
            "Acme Machines",
            "Compute",
            "Virtual Machines",
            meter="Hours of machines",
            default_unit="Hours",
            sku_parts=("machine", "{service}"),
        ),
    ),
    # What is paid in is no charge, and what is taken for usage is in the usage already.
    ledger_categories={"payment": None, "usage": None},
)
