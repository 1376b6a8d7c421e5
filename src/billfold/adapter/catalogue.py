"""What a provider sells, as data, in the words of FOCUS 1.4.

An adapter declares one :class:`Catalogue`, and ``billfold.focus`` reads it.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import Attribute, field, frozen

from billfold.errors import ConfigError
from billfold.model import Category

# The service categories of FOCUS 1.4 and their subcategories; "Other (CATEGORY)" is one of each.
SERVICE_CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "AI and Machine Learning": (
        "AI Platforms",
        "Bots",
        "Generative AI",
        "Machine Learning",
        "Natural Language Processing",
    ),
    "Analytics": (
        "Analytics Platforms",
        "Business Intelligence",
        "Data Processing",
        "Search",
        "Streaming Analytics",
    ),
    "Business Applications": ("Productivity and Collaboration",),
    "Compute": (
        "Containers",
        "End User Computing",
        "Quantum Compute",
        "Serverless Compute",
        "Virtual Machines",
    ),
    "Databases": (
        "Caching",
        "Data Warehouses",
        "Ledger Databases",
        "NoSQL Databases",
        "Relational Databases",
        "Time Series Databases",
    ),
    "Developer Tools": (
        "Developer Platforms",
        "Continuous Integration and Deployment",
        "Development Environments",
        "Source Code Management",
        "Quality Assurance",
    ),
    "Identity": ("Identity and Access Management",),
    "Integration": ("API Management", "Messaging", "Workflow Orchestration"),
    "Internet of Things": ("IoT Analytics", "IoT Platforms"),
    "Management and Governance": (
        "Architecture",
        "Compliance",
        "Cost Management",
        "Data Governance",
        "Disaster Recovery",
        "Endpoint Management",
        "Observability",
        "Support",
    ),
    "Media": ("Content Creation", "Gaming", "Media Streaming", "Mixed Reality"),
    "Migration": ("Data Migration", "Resource Migration"),
    "Mobile": (),
    "Multicloud": ("Multicloud Integration",),
    "Networking": (
        "Application Networking",
        "Content Delivery",
        "Network Connectivity",
        "Network Infrastructure",
        "Network Routing",
        "Network Security",
    ),
    "Security": (
        "Secret Management",
        "Security Posture Management",
        "Threat Detection and Response",
    ),
    "Storage": (
        "Backup Storage",
        "Block Storage",
        "File Storage",
        "Object Storage",
        "Storage Platforms",
    ),
    "Web": ("Application Platforms",),
    "Other": (),
}


def _check_subcategory(service: Service, _: Attribute[str], subcategory: str) -> None:
    known = SERVICE_CATEGORIES.get(service.category)
    if known is None or subcategory not in (*known, f"Other ({service.category})"):
        raise ConfigError(
            f"service {service.name!r}: FOCUS has no category {service.category!r} "
            f"with subcategory {subcategory!r}"
        )


@frozen
class Service:
    """One thing a provider sells.

    ``name`` must have the same ``category`` and ``subcategory`` wherever it is used: FOCUS allows
    only one. ``meter`` is what is counted, for people. ``default_unit`` is the unit that one charge
    is one of ("Months", "Leases"), for charges whose unit price is not stated, or is stated in a
    unit that FOCUS does not know.

    ``keywords`` find the service of a charge: one of them is part of the charge's service or
    resource type, in any letter case. A service without keywords matches every charge.

    ``sku_parts``, joined with colons after the provider, are the SKU. A part may name
    ``{service}``, ``{resource_type}``, ``{category}`` or a tag of the charge; a part whose value
    the charge does not have is left out.
    """

    name: str
    category: str
    subcategory: str = field(validator=_check_subcategory)
    meter: str
    default_unit: str
    sku_parts: tuple[str, ...]
    keywords: tuple[str, ...] = ()


@frozen
class Catalogue:
    """What a provider sells, and the names that FOCUS exports use for the provider.

    ``brand`` is who sells and hosts, ``invoice_issuer`` who sends the invoices (None: the brand).
    ``billing_account_type`` and ``sub_account_type`` are the provider's words for a billing account
    and a project. A charge belongs to the first of the ``services`` that matches it, else to the
    last.

    ``price_detail_keys`` maps tags to keys of SkuPriceDetails; a key that FOCUS does not define
    begins with ``x_``. ``provider_tags`` are the tags that the adapter sets; they become x_Details.
    Other tags are the user's and become Tags. None: no tag is the user's.

    ``ledger_categories`` maps kinds of ledger entries to categories; None stands for an entry that
    is no charge (a payment) or that the usage already has (a debit).

    ``voided_statuses`` are the statuses of an invoice that was withdrawn, ``correction_types`` are
    the types of a document that corrects another.
    """

    brand: str
    billing_account_type: str
    services: tuple[Service, ...]
    invoice_issuer: str | None = None
    sub_account_type: str = "Project"
    price_detail_keys: Mapping[str, str] = field(factory=dict)
    provider_tags: frozenset[str] | None = None
    ledger_categories: Mapping[str, Category | None] = field(factory=dict)
    voided_statuses: frozenset[str] = frozenset()
    correction_types: frozenset[str] = frozenset()


def undeclared_catalogue(title: str) -> Catalogue:
    """Return the catalogue of a provider whose adapter declares none."""
    service = Service(
        f"{title} services",
        "Other",
        "Other (Other)",
        meter="Charges",
        default_unit="Units",
        sku_parts=("{service}",),
    )
    return Catalogue(title, "Account", (service,))
