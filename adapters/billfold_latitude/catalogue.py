"""What Latitude.sh sells, in the words of FOCUS."""

from billfold.adapter import Catalogue, Service

_SKU_PARTS = ("{product}", "{usage_type}")


def _service(name: str, category: str, subcategory: str, meter: str, keyword: str) -> Service:
    return Service(
        name,
        category,
        subcategory,
        meter=meter,
        default_unit="Units",
        sku_parts=_SKU_PARTS,
        keywords=(keyword,),
    )


CATALOGUE = Catalogue(
    brand="Latitude.sh",
    billing_account_type="Team",
    # The product families are an open set, so the last service takes those that are not known.
    services=(
        # FOCUS counts bare metal among the virtual machines.
        _service("Latitude.sh Bare Metal", "Compute", "Virtual Machines", "Servers", "metal"),
        _service(
            "Latitude.sh Virtual Machines",
            "Compute",
            "Virtual Machines",
            "Servers",
            "virtual machine",
        ),
        _service(
            "Latitude.sh Object Storage",
            "Storage",
            "Object Storage",
            "Stored volume",
            "object storage",
        ),
        _service(
            "Latitude.sh Block Storage",
            "Storage",
            "Block Storage",
            "Stored volume",
            "block storage",
        ),
        _service("Latitude.sh File Storage", "Storage", "File Storage", "Stored volume", "file"),
        _service(
            "Latitude.sh Databases", "Databases", "Other (Databases)", "Databases", "database"
        ),
        _service(
            "Latitude.sh Bandwidth", "Networking", "Network Infrastructure", "Traffic", "bandwidth"
        ),
        _service(
            "Latitude.sh IP Addresses",
            "Networking",
            "Network Infrastructure",
            "Addresses",
            "ip address",
        ),
        _service(
            "Latitude.sh Inference",
            "AI and Machine Learning",
            "Generative AI",
            "Inference",
            "inference",
        ),
        Service(
            "Latitude.sh Services",
            "Other",
            "Other (Other)",
            meter="Services",
            default_unit="Units",
            sku_parts=("{service}", *_SKU_PARTS),
        ),
    ),
    price_detail_keys={"product": "x_Product"},
    # Every other tag is the user's.
    provider_tags=frozenset(
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
