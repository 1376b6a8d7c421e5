"""What Aether sells, in the words of FOCUS."""

from billfold.adapter.catalogue import Facts, Service

FACTS = Facts(
    brand="Aether",
    account_type="Organization",
    sub_account_type="Cluster",
    services=(
        Service(
            "Aether Autoscaling",
            "Compute",
            "Containers",
            meter="Days of autoscaled nodes",
            unit="Days",
            sku=("autoscaling",),
            words=("autoscaling",),
        ),
        Service(
            "Aether Managed Kubernetes",
            "Compute",
            "Containers",
            meter="Monthly fees",
            unit="Months",
            sku=("subscription", "{resource_type}"),
            words=("control_plane", "node_pool"),
        ),
        Service(
            "Aether Subscriptions",
            "Other",
            "Other (Other)",
            meter="Monthly fees",
            unit="Months",
            sku=("subscription", "{resource_type}"),
        ),
    ),
)
