"""What only a provider knows about what it sells, as data, in the words of FOCUS 1.4.

An adapter declares one :class:`Facts`; ``billfold.focus`` reads it. Nothing here computes anything.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import Attribute, field, frozen

from billfold.errors import ConfigError
from billfold.model import Category

# The categories of FOCUS 1.4 and what may stand below each; "Other (...)" may stand below every one
# but Multicloud's own.
CATEGORIES: Mapping[str, tuple[str, ...]] = {
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


def _allowed(service: Service, _: Attribute[str], subcategory: str) -> None:
    known = CATEGORIES.get(service.category)
    if known is None or subcategory not in (*known, f"Other ({service.category})"):
        raise ConfigError(
            f"FOCUS has no service category {service.category!r} with subcategory {subcategory!r}"
        )


@frozen
class Service:
    """One thing a provider sells. ``name`` belongs to one category alone; FOCUS asks for that.

    ``words`` find it: the first service with a word that is part of a charge's service or resource
    type (letter case aside) is the charge's; without words it takes every charge. ``sku`` are the
    parts of the price's id; a part may name the charge's ``{service}``, ``{resource_type}``,
    ``{category}`` or a tag, and falls away where the charge has none. ``meter`` is what is counted,
    for people. ``unit`` is what one charge is one of (``Months``, ``Leases``), used where the
    provider does not say the price of a unit, or says it in a unit that FOCUS has no word for.
    """

    name: str
    category: str
    subcategory: str = field(validator=_allowed)
    meter: str
    unit: str
    sku: tuple[str, ...]
    words: tuple[str, ...] = ()


@frozen
class Facts:
    """What a FOCUS export says about every charge of a provider.

    ``brand`` sells and hosts, ``issuer`` sends the bill (None: the same). ``account_type`` and
    ``sub_account_type`` name what a billing account and a project are. ``services`` are tried in
    order; the last takes what is left. ``price_details`` turns tags into the keys of
    SkuPriceDetails (those of FOCUS plain, others with ``x_``); ``native`` are the tags that the
    adapter, not the user, sets (None: all of them), which become x_Details instead of Tags.
    ``ledger`` says what a movement's kind is: a category, or None for what is no charge (a payment)
    or is in the usage already (a debit). ``voided`` are the statuses of an invoice that was called
    back, ``corrections`` the types of a document that corrects another.
    """

    brand: str
    account_type: str
    services: tuple[Service, ...]
    issuer: str | None = None
    sub_account_type: str = "Project"
    price_details: Mapping[str, str] = field(factory=dict)
    native: frozenset[str] | None = None
    ledger: Mapping[str, Category | None] = field(factory=dict)
    voided: frozenset[str] = frozenset()
    corrections: frozenset[str] = frozenset()


def unstated(title: str) -> Facts:
    """Return what can be said about a provider whose adapter declares nothing."""
    service = Service(
        f"{title} services", "Other", "Other (Other)", "Charges", "Units", ("{service}",)
    )
    return Facts(title, "Account", (service,))
