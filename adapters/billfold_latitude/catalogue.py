"""What Latitude.sh sells, in the words of FOCUS."""

from billfold.adapter import Catalogue, Service

_SKU_PARTS = ("{product}", "{usage_type}")


def _service(name: str, category: str, subcategory: str, meter: str, keyword: str) -> Service:
    name = f"Latitude.sh {name}"
    return Service(name, category, subcategory, meter, "Units", _SKU_PARTS, (keyword,))


CATALOGUE = Catalogue(
    brand="Latitude.sh",
    billing_account_type="Team",
    # The product families are an open set, so the last service takes those that are not known.
    services=(
        # FOCUS counts bare metal among the virtual machines.
        _service("Bare Metal", "Compute", "Virtual Machines", "Servers", "metal"),
        _service("Virtual Machines", "Compute", "Virtual Machines", "Servers", "virtual machine"),
        _service("Object Storage", "Storage", "Object Storage", "Stored volume", "object storage"),
        _service("Block Storage", "Storage", "Block Storage", "Stored volume", "block storage"),
        _service("File Storage", "Storage", "File Storage", "Stored volume", "file"),
        _service("Databases", "Databases", "Other (Databases)", "Databases", "database"),
        _service("Bandwidth", "Networking", "Network Infrastructure", "Traffic", "bandwidth"),
        _service("IP Addresses", "Networking", "Network Infrastructure", "Addresses", "ip address"),
        _service("Inference", "AI and Machine Learning", "Generative AI", "Inference", "inference"),
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
        (
            *("billing_unit_divisor", "bucket_location", "discounts", "hostnames", "plan"),
            *("product", "proration", "servers", "usage_type"),
        )
    ),
)
