"""What Harmont sells, in the words of FOCUS."""

from billfold.adapter import Catalogue, Service
from billfold.model import Category

CATALOGUE = Catalogue(
    brand="Harmont",
    billing_account_type="Organization",
    sub_account_type="Pipeline",
    services=(
        Service(
            "Harmont Builds",
            "Developer Tools",
            "Continuous Integration and Deployment",
            meter="Virtual machine leases",
            default_unit="Leases",
            sku_parts=("vm-lease", "{vcpu}cpu-{memory_gb}gb-{disk_gb}gb"),
        ),
    ),
    price_detail_keys={"vcpu": "CoreCount", "memory_gb": "MemorySize", "disk_gb": "x_DiskSizeGb"},
    # A top-up is a payment, and a debit is a lease, which the usage already has.
    ledger_categories={
        "admin_grant": Category.CREDIT,
        "coupon_redemption": Category.CREDIT,
        "refund": Category.ADJUSTMENT,
        "stripe_topup": None,
        "vm_lease_debit": None,
    },
)
