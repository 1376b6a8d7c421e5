"""Explain a column of the export: what it holds, where it is null, what each adapter declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from billfold.adapter import Declaration
from billfold.adapter.catalogue import Catalogue
from billfold.focus.choices import Dataset
from billfold.focus.columns import Column, find_column
from billfold.focus.row_values import catalogue_of, invoice_issuer
from billfold.model import Stream


def explain(name: str, declarations: Mapping[str, Declaration]) -> str:
    """Return the explanation of a column, in every dataset that has it, as lines of text.

    ``declarations`` are the adapters' by provider. Raises ConfigError for an unknown column.
    """
    return "\n\n".join("\n".join(_lines(column, declarations)) for column in find_column(name))


def _lines(column: Column, declarations: Mapping[str, Declaration]) -> Iterator[str]:
    origin = "billfold's own" if column.is_own else f"FOCUS {column.since}"
    yield f"{column.name} ({column.value_type}, {column.dataset.replace('_', ' ')}, {origin})"
    if not column.holds:
        yield f"  always null: {column.null_where}"
    else:
        yield f"  holds: {column.holds}"
        yield f"  null where: {column.null_where or 'never'}"
    for provider, declaration in sorted(declarations.items()):
        text = _for_provider(column, declaration)
        if text:
            yield f"  {provider}: {text}"


def _for_provider(column: Column, declaration: Declaration) -> str:
    if Stream.INVOICES not in declaration.offers:
        if column.dataset is Dataset.INVOICE_DETAIL:
            return "no rows: the API has no invoices"
        if column.name in ("InvoiceId", "InvoiceDetailId"):
            return "null: the API has no invoices"
    return _declared(catalogue_of(declaration)).get(column.name, "")


def _declared(catalogue: Catalogue) -> dict[str, str]:
    """Return what an adapter declares, by column."""
    brand, services = catalogue.brand, catalogue.services
    no_tags = catalogue.provider_tags is None
    keys = ", ".join(catalogue.price_detail_keys.values())
    skus = _by_service(catalogue, [":".join(service.sku_parts) for service in services])
    units = [f"{service.default_unit} without a unit price" for service in services]
    return {
        "HostProviderName": brand,
        "ProviderName": brand,
        "PublisherName": brand,
        "ServiceProviderName": brand,
        "InvoiceIssuerName": invoice_issuer(catalogue),
        "BillingAccountType": catalogue.billing_account_type,
        "SubAccountType": catalogue.sub_account_type,
        "ServiceName": "; ".join(service.name for service in services),
        "ServiceCategory": _by_service(catalogue, [service.category for service in services]),
        "ServiceSubcategory": _by_service(catalogue, [service.subcategory for service in services]),
        "SkuId": skus,
        "SkuPriceId": skus,
        "SkuMeter": _by_service(catalogue, [service.meter for service in services]),
        "SkuPriceDetails": keys or "null: the API states nothing that a price depends on",
        "PricingUnit": _by_service(catalogue, units),
        "Tags": "null: the API has no tags of users" if no_tags else "the resource's tags",
    }


def _by_service(catalogue: Catalogue, texts: Sequence[str]) -> str:
    pairs = zip(catalogue.services, texts, strict=True)
    return "; ".join(f"{service.name}: {text}" for service, text in pairs if text)
