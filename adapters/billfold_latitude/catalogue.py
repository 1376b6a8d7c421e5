"""What Latitude.sh sells, in the words of FOCUS; its product families are an open set."""

from billfold.adapter.catalogue import Facts, Service

_SKU = ("{product}", "{usage_type}")

FACTS = Facts(
    brand="Latitude.sh",
    account_type="Team",
    services=(
        # FOCUS counts bare metal among the virtual machines.
        Service(
            "Latitude.sh Bare Metal",
            "Compute",
            "Virtual Machines",
            "Servers",
            "Units",
            _SKU,
            ("metal",),
        ),
        Service(
            "Latitude.sh Virtual Machines",
            "Compute",
            "Virtual Machines",
            "Servers",
            "Units",
            _SKU,
            ("virtual machine",),
        ),
        Service(
            "Latitude.sh Object Storage",
            "Storage",
            "Object Storage",
            "Stored volume",
            "Units",
            _SKU,
            ("object storage",),
        ),
        Service(
            "Latitude.sh Block Storage",
            "Storage",
            "Block Storage",
            "Stored volume",
            "Units",
            _SKU,
            ("block storage",),
        ),
        Service(
            "Latitude.sh File Storage",
            "Storage",
            "File Storage",
            "Stored volume",
            "Units",
            _SKU,
            ("file",),
        ),
        Service(
            "Latitude.sh Databases",
            "Databases",
            "Other (Databases)",
            "Databases",
            "Units",
            _SKU,
            ("database",),
        ),
        Service(
            "Latitude.sh Bandwidth",
            "Networking",
            "Network Infrastructure",
            "Traffic",
            "Units",
            _SKU,
            ("bandwidth",),
        ),
        Service(
            "Latitude.sh IP Addresses",
            "Networking",
            "Network Infrastructure",
            "Addresses",
            "Units",
            _SKU,
            ("ip address",),
        ),
        Service(
            "Latitude.sh Inference",
            "AI and Machine Learning",
            "Generative AI",
            "Inference",
            "Units",
            _SKU,
            ("inference",),
        ),
        Service(
            "Latitude.sh Services",
            "Other",
            "Other (Other)",
            "Services",
            "Units",
            ("{service}", *_SKU),
        ),
    ),
    price_details={"product": "x_Product"},
    native=frozenset(
        {
            "billing_unit_divisor",
            "bucket_location",
            "discounts",
            "hostnames",
            "plan",
            "product",
            "proration",
            "servers",
            "usage_type",
        }
    ),
)
