"""What Harmont sells, in the words of FOCUS."""

from billfold.adapter.catalogue import Facts, Service
from billfold.model import Category

FACTS = Facts(
    brand="Harmont",
    account_type="Organization",
    sub_account_type="Pipeline",
    services=(
        Service(
            "Harmont Builds",
            "Developer Tools",
            "Continuous Integration and Deployment",
            meter="Virtual machine leases",
            unit="Leases",
            sku=("vm-lease", "{vcpu}cpu-{memory_gb}gb-{disk_gb}gb"),
        ),
    ),
    price_details={"vcpu": "CoreCount", "memory_gb": "MemorySize", "disk_gb": "x_DiskSizeGb"},
    # The wallet's view: a top-up is a payment; a debit is a lease, which is usage already. Other kinds are nobody's to sort.
    ledger={
        "admin_grant": Category.CREDIT,
        "coupon_redemption": Category.CREDIT,
        "refund": Category.ADJUSTMENT,
        "stripe_topup": None,
        "vm_lease_debit": None,
    },
)
