"""Explain a column of the export: what it holds, where it is null, what each adapter declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from billfold.adapter import Declaration
from billfold.adapter.catalogue import Catalogue, Service
from billfold.focus._column import Column
from billfold.focus.choices import Dataset
from billfold.focus.columns import find_column
from billfold.focus.row_values import catalogue_of, invoice_issuer
from billfold.model import Stream


def explain(name: str, declarations: Mapping[str, Declaration]) -> str:
    """Return the explanation of a column, in every dataset that has it, as lines of text.

    ``declarations`` are the adapters' by provider. Raises ConfigError for an unknown column.
    """
    return "\n\n".join(
        "\n".join(_lines(dataset, column, declarations)) for dataset, column in find_column(name)
    )


def _lines(
    dataset: Dataset, column: Column, declarations: Mapping[str, Declaration]
) -> Iterator[str]:
    origin = "billfold's own" if column.is_own else f"FOCUS {column.since}"
    yield f"{column.name} ({column.value_type}, {dataset.replace('_', ' ')}, {origin})"
    if column.holds is None:
        yield f"  always null: {column.null_where}"
    else:
        yield f"  holds: {column.holds}"
        yield f"  null where: {column.null_where or 'never'}"
    for provider, declaration in sorted(declarations.items()):
        text = _for_provider(dataset, column, declaration)
        if text is not None:
            yield f"  {provider}: {text}"


def _for_provider(dataset: Dataset, column: Column, declaration: Declaration) -> str | None:
    if Stream.INVOICES not in declaration.offers:
        if dataset is Dataset.INVOICE_DETAIL:
            return "no rows: the API has no invoices"
        if column.name in ("InvoiceId", "InvoiceDetailId"):
            return "null: the API has no invoices"
    return _declared(column.name, catalogue_of(declaration))


def _declared(name: str, catalogue: Catalogue) -> str | None:
    """Return what an adapter declares about a column, or None for one that no adapter declares."""
    match name:
        case "HostProviderName" | "ProviderName" | "PublisherName" | "ServiceProviderName":
            return catalogue.brand
        case "InvoiceIssuerName":
            return invoice_issuer(catalogue)
        case "BillingAccountType":
            return catalogue.billing_account_type
        case "SubAccountType":
            return catalogue.sub_account_type
        case "ServiceName":
            return "; ".join(service.name for service in catalogue.services)
        case "SkuPriceDetails":
            keys = ", ".join(catalogue.price_detail_keys.values())
            return keys or "null: the API states nothing that a price depends on"
        case "Tags":
            has_tags = catalogue.provider_tags is not None
            return "the resource's tags" if has_tags else "null: the API has no tags of users"
    by_service = [(service.name, _of_service(name, service)) for service in catalogue.services]
    return "; ".join(f"{service}: {text}" for service, text in by_service if text) or None


def _of_service(name: str, service: Service) -> str | None:
    match name:
        case "ServiceCategory":
            return service.category
        case "ServiceSubcategory":
            return service.subcategory
        case "SkuId" | "SkuPriceId":
            return ":".join(service.sku_parts)
        case "SkuMeter":
            return service.meter
        case "PricingUnit":
            return f"{service.default_unit} without a unit price"
    return None
