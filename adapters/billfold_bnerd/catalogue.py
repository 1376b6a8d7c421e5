"""What b'nerd sells, in the words of FOCUS; products are named, not classified, so their names decide."""

from billfold.adapter.catalogue import Facts, Service

_SKU = ("product", "{product_id}")

FACTS = Facts(
    brand="b'nerd",
    account_type="Organization",
    services=(
        Service(
            "b'nerd Compute",
            "Compute",
            "Virtual Machines",
            "Instances",
            "Units",
            _SKU,
            ("compute", "instance"),
        ),
        Service(
            "b'nerd Kubernetes",
            "Compute",
            "Containers",
            "Clusters",
            "Units",
            _SKU,
            ("kubernetes", "garden"),
        ),
        Service(
            "b'nerd Object Storage",
            "Storage",
            "Object Storage",
            "Stored volume",
            "Units",
            _SKU,
            ("object", "rgw", "s3"),
        ),
        Service(
            "b'nerd Block Storage",
            "Storage",
            "Block Storage",
            "Volume capacity",
            "Units",
            _SKU,
            ("volume", "block"),
        ),
        Service(
            "b'nerd Network",
            "Networking",
            "Network Infrastructure",
            "Network resources",
            "Units",
            _SKU,
            ("load balancer", "floating", "router", "network"),
        ),
        Service(
            "b'nerd Support",
            "Management and Governance",
            "Support",
            "Support",
            "Units",
            _SKU,
            ("support",),
        ),
        Service("b'nerd Services", "Other", "Other (Other)", "Services", "Units", _SKU),
    ),
    voided=frozenset({"CANCEL"}),
    corrections=frozenset({"CREDIT", "STORNO", "STORNO_CREDIT"}),
)
