"""What Aether sells, in the words of FOCUS."""

from billfold.adapter import Catalogue, Service

# Meter, default unit and SKU.
_FEES = ("Monthly fees", "Months", ("subscription", "{resource_type}"))

CATALOGUE = Catalogue(
    brand="Aether",
    billing_account_type="Organization",
    sub_account_type="Cluster",
    services=(
        Service(
            "Aether Autoscaling",
            "Compute",
            "Containers",
            meter="Days of autoscaled nodes",
            default_unit="Days",
            sku_parts=("autoscaling",),
            keywords=("autoscaling",),
        ),
        Service(
            "Aether Managed Kubernetes",
            "Compute",
            "Containers",
            *_FEES,
            keywords=("control_plane", "node_pool"),
        ),
        Service("Aether Subscriptions", "Other", "Other (Other)", *_FEES),
    ),
)
