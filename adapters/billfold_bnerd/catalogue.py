"""What b'nerd sells, in the words of FOCUS."""

from billfold.adapter import Catalogue, Service


def _service(name: str, category: str, subcategory: str, meter: str, *keywords: str) -> Service:
    return Service(
        name,
        category,
        subcategory,
        meter=meter,
        default_unit="Units",
        sku_parts=("product", "{product_id}"),
        keywords=keywords,
    )


CATALOGUE = Catalogue(
    brand="b'nerd",
    billing_account_type="Organization",
    # Products have names and no classes, so words in the name decide.
    services=(
        _service(
            "b'nerd Compute", "Compute", "Virtual Machines", "Instances", "compute", "instance"
        ),
        _service("b'nerd Kubernetes", "Compute", "Containers", "Clusters", "kubernetes", "garden"),
        _service(
            "b'nerd Object Storage",
            "Storage",
            "Object Storage",
            "Stored volume",
            "object",
            "rgw",
            "s3",
        ),
        _service(
            "b'nerd Block Storage", "Storage", "Block Storage", "Volume capacity", "volume", "block"
        ),
        _service(
            "b'nerd Network",
            "Networking",
            "Network Infrastructure",
            "Network resources",
            "load balancer",
            "floating",
            "router",
            "network",
        ),
        _service("b'nerd Support", "Management and Governance", "Support", "Support", "support"),
        _service("b'nerd Services", "Other", "Other (Other)", "Services"),
    ),
    voided_statuses=frozenset({"CANCEL"}),
    correction_types=frozenset({"CREDIT", "STORNO", "STORNO_CREDIT"}),
)
