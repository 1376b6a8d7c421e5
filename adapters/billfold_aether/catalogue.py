"""What Aether sells, in the words of FOCUS."""

from billfold.adapter import Catalogue, Service

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
            meter="Monthly fees",
            default_unit="Months",
            sku_parts=("subscription", "{resource_type}"),
            keywords=("control_plane", "node_pool"),
        ),
        Service(
            "Aether Subscriptions",
            "Other",
            "Other (Other)",
            meter="Monthly fees",
            default_unit="Months",
            sku_parts=("subscription", "{resource_type}"),
        ),
    ),
)
