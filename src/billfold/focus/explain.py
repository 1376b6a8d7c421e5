"""Why a column holds what it holds, or nothing, for people: from the columns' descriptions and the adapters' declarations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from billfold.adapter.catalogue import Catalogue, Service, undeclared_catalogue
from billfold.adapter.contract import Declaration
from billfold.focus.columns import Column, Dataset, columns, find
from billfold.model import Stream

_DECLARED: Mapping[str, Callable[[Catalogue], str]] = {
    **dict.fromkeys(
        ("HostProviderName", "ProviderName", "PublisherName", "ServiceProviderName"),
        lambda catalogue: catalogue.brand,
    ),
    "InvoiceIssuerName": lambda catalogue: catalogue.invoice_issuer or catalogue.brand,
    "BillingAccountType": lambda catalogue: catalogue.billing_account_type,
    "SubAccountType": lambda catalogue: catalogue.sub_account_type,
    "ServiceName": lambda catalogue: "; ".join(service.name for service in catalogue.services),
    "ServiceCategory": lambda catalogue: "; ".join(
        f"{service.name}: {service.category}" for service in catalogue.services
    ),
    "ServiceSubcategory": lambda catalogue: "; ".join(
        f"{service.name}: {service.subcategory}" for service in catalogue.services
    ),
    "SkuId": lambda catalogue: "; ".join(
        f"{service.name}: {':'.join(service.sku_parts)}" for service in catalogue.services
    ),
    "SkuPriceId": lambda catalogue: "; ".join(
        f"{service.name}: {':'.join(service.sku_parts)}" for service in catalogue.services
    ),
    "SkuMeter": lambda catalogue: "; ".join(
        f"{service.name}: {service.meter}" for service in catalogue.services
    ),
    "PricingUnit": lambda catalogue: (
        "where no unit price is stated: "
        + "; ".join(f"{s.name}: {s.default_unit}" for s in catalogue.services)
    ),
    "SkuPriceDetails": lambda catalogue: (
        ", ".join(catalogue.price_detail_keys.values()) or "null: no shape is stated"
    ),
    "Tags": lambda catalogue: (
        "null: the API has no tags of users"
        if catalogue.provider_tags is None
        else "the resource's tags"
    ),
}
_INVOICES = frozenset({"InvoiceId", "InvoiceDetailId"})


def explain(name: str, declarations: Mapping[str, Declaration]) -> str:
    """Explain a column in every dataset that has it, and for each provider what its adapter declares about it.

    Raises ConfigError for an unknown column.
    """
    return "\n\n".join(
        "\n".join(_lines(dataset, column, declarations)) for dataset, column in find(name)
    )


def _lines(
    dataset: Dataset, column: Column, declarations: Mapping[str, Declaration]
) -> Iterator[str]:
    ours = "billfold's own" if column.name.startswith("x_") else f"FOCUS {column.since}"
    yield f"{column.name} ({column.kind}, {dataset.replace('_', ' ')}, {ours})"
    yield f"  holds {column.says}"
    yield "  is never null" if column.null is None else f"  is null where {column.null}"
    for provider, declaration in sorted(declarations.items()):
        if (said := _said(dataset, column, declaration)) is not None:
            yield f"  {provider}: {said}"


def _said(dataset: Dataset, column: Column, declaration: Declaration) -> str | None:
    if (
        column.name in _INVOICES or dataset is Dataset.INVOICE_DETAIL
    ) and Stream.INVOICES not in declaration.offers:
        return (
            "null: the API has no invoices"
            if dataset is Dataset.COST_AND_USAGE
            else "no rows: the API has no invoices"
        )
    declared = _DECLARED.get(column.name)
    return (
        None
        if declared is None
        else declared(declaration.catalogue or undeclared_catalogue(declaration.title))
    )


def columns_table(dataset: Dataset) -> str:
    """Write a dataset's columns as a Markdown table."""
    rows = [_cells(one.name, one.says, one.null or "-") for one in columns(dataset)]
    return "\n".join(["| column | holds | null where |", "|---|---|---|", *rows])


def providers_table(declarations: Mapping[str, Declaration]) -> str:
    """Write what the adapters declare as Markdown: who they are, then what they sell."""
    catalogue = {
        name: one.catalogue or undeclared_catalogue(one.title)
        for name, one in sorted(declarations.items())
    }
    who = [
        _cells(
            one.brand,
            one.billing_account_type,
            one.sub_account_type,
            _kinds(one),
            ", ".join(one.price_detail_keys.values()) or "-",
        )
        for one in catalogue.values()
    ]
    sold = [
        _cells(*_sold(name, service)) for name, one in catalogue.items() for service in one.services
    ]
    return "\n".join(
        [
            "| ServiceProviderName | BillingAccountType | SubAccountType | ledger entries | SkuPriceDetails |",
            "|---|---|---|---|---|",
            *who,
            "",
            "| ServiceName | ServiceCategory | ServiceSubcategory | SkuMeter | unit without a price | SkuId | found by |",
            "|---|---|---|---|---|---|---|",
            *sold,
        ]
    )


def _cells(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _sold(provider: str, service: Service) -> tuple[str, ...]:
    sku, found = (
        f"`{':'.join((provider, *service.sku_parts))}`",
        ", ".join(service.keywords) or "everything else",
    )
    return (
        service.name,
        service.category,
        service.subcategory,
        service.meter,
        service.default_unit,
        sku,
        found,
    )


def _kinds(catalogue: Catalogue) -> str:
    kinds = [
        f"{kind}: {category.capitalize() if category else 'no charge'}"
        for kind, category in sorted(catalogue.ledger_categories.items())
    ]
    return ", ".join(kinds) or "-"
