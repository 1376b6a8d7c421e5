"""What b'nerd sells, in the words of FOCUS."""

from billfold.adapter import Catalogue, Service


def _service(name: str, category: str, subcategory: str, meter: str, *keywords: str) -> Service:
    sku_parts = ("product", "{product_id}")
    return Service(f"b'nerd {name}", category, subcategory, meter, "Units", sku_parts, keywords)


CATALOGUE = Catalogue(
    brand="b'nerd",
    billing_account_type="Organization",
    # Products have names and no classes, so words in the name decide.
    services=(
        _service("Compute", "Compute", "Virtual Machines", "Instances", "compute", "instance"),
        _service("Kubernetes", "Compute", "Containers", "Clusters", "kubernetes", "garden"),
        _service(
            "Object Storage",
            "Storage",
            "Object Storage",
            "Stored volume",
            *("object", "rgw", "s3"),
        ),
        _service("Block Storage", "Storage", "Block Storage", "Volume capacity", "volume", "block"),
        _service(
            "Network",
            "Networking",
            "Network Infrastructure",
            "Network resources",
            *("load balancer", "floating", "router", "network"),
        ),
        _service("Support", "Management and Governance", "Support", "Support", "support"),
        _service("Services", "Other", "Other (Other)", "Services"),
    ),
    voided_statuses=frozenset({"CANCEL"}),
    correction_types=frozenset({"CREDIT", "STORNO", "STORNO_CREDIT"}),
)
