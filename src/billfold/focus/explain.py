"""Explain a column of the export: what it holds, where it is null, what each adapter declares."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from billfold.adapter import Declaration
from billfold.adapter.catalogue import Catalogue, Service
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
    catalogue = catalogue_of(declaration)
    return _declared(catalogue).get(column.name) or _declared_by_service(catalogue, column.name)


def _declared(catalogue: Catalogue) -> dict[str, str]:
    """Return what an adapter declares for all of its rows, by column."""
    brand, no_tags = catalogue.brand, catalogue.provider_tags is None
    keys = ", ".join(catalogue.price_detail_keys.values())
    return {
        "HostProviderName": brand,
        "ProviderName": brand,
        "PublisherName": brand,
        "ServiceProviderName": brand,
        "InvoiceIssuerName": invoice_issuer(catalogue),
        "BillingAccountType": catalogue.billing_account_type,
        "SubAccountType": catalogue.sub_account_type,
        "ServiceName": "; ".join(service.name for service in catalogue.services),
        "SkuPriceDetails": keys or "null: the API states nothing that a price depends on",
        "Tags": "null: the API has no tags of users" if no_tags else "the resource's tags",
    }


_BY_SERVICE: Mapping[str, Callable[[Service], str]] = {
    "ServiceCategory": lambda service: service.category,
    "ServiceSubcategory": lambda service: service.subcategory,
    "SkuId": lambda service: ":".join(service.sku_parts),
    "SkuPriceId": lambda service: ":".join(service.sku_parts),
    "SkuMeter": lambda service: service.meter,
    "PricingUnit": lambda service: f"{service.default_unit} without a unit price",
}


def _declared_by_service(catalogue: Catalogue, column: str) -> str:
    if column not in _BY_SERVICE:
        return ""
    texts = [(service.name, _BY_SERVICE[column](service)) for service in catalogue.services]
    return "; ".join(f"{service}: {text}" for service, text in texts if text)
