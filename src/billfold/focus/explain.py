"""Why a column holds what it holds, or nothing, for people: from the columns' descriptions and the adapters' declarations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from billfold.adapter import Declaration
from billfold.adapter.catalogue import Facts, Service, unstated
from billfold.focus.columns import Column, Dataset, columns, find
from billfold.model import Stream

_DECLARED: Mapping[str, Callable[[Facts], str]] = {
    **dict.fromkeys(
        ("HostProviderName", "ProviderName", "PublisherName", "ServiceProviderName"),
        lambda facts: facts.brand,
    ),
    "InvoiceIssuerName": lambda facts: facts.issuer or facts.brand,
    "BillingAccountType": lambda facts: facts.account_type,
    "SubAccountType": lambda facts: facts.sub_account_type,
    "ServiceName": lambda facts: "; ".join(service.name for service in facts.services),
    "ServiceCategory": lambda facts: "; ".join(
        f"{service.name}: {service.category}" for service in facts.services
    ),
    "ServiceSubcategory": lambda facts: "; ".join(
        f"{service.name}: {service.subcategory}" for service in facts.services
    ),
    "SkuId": lambda facts: "; ".join(
        f"{service.name}: {':'.join(service.sku)}" for service in facts.services
    ),
    "SkuPriceId": lambda facts: "; ".join(
        f"{service.name}: {':'.join(service.sku)}" for service in facts.services
    ),
    "SkuMeter": lambda facts: "; ".join(
        f"{service.name}: {service.meter}" for service in facts.services
    ),
    "PricingUnit": lambda facts: (
        "where no unit price is stated: " + "; ".join(f"{s.name}: {s.unit}" for s in facts.services)
    ),
    "SkuPriceDetails": lambda facts: (
        ", ".join(facts.price_details.values()) or "null: no shape is stated"
    ),
    "Tags": lambda facts: (
        "null: the API has no tags of users" if facts.native is None else "the resource's tags"
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
    return None if declared is None else declared(declaration.focus or unstated(declaration.title))


def columns_table(dataset: Dataset) -> str:
    """Write a dataset's columns as a Markdown table."""
    rows = [_cells(one.name, one.says, one.null or "-") for one in columns(dataset)]
    return "\n".join(["| column | holds | null where |", "|---|---|---|", *rows])


def providers_table(declarations: Mapping[str, Declaration]) -> str:
    """Write what the adapters declare as Markdown: who they are, then what they sell."""
    facts = {name: one.focus or unstated(one.title) for name, one in sorted(declarations.items())}
    who = [
        _cells(
            one.brand,
            one.account_type,
            one.sub_account_type,
            _kinds(one),
            ", ".join(one.price_details.values()) or "-",
        )
        for one in facts.values()
    ]
    sold = [
        _cells(*_sold(name, service)) for name, one in facts.items() for service in one.services
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
        f"`{':'.join((provider, *service.sku))}`",
        ", ".join(service.words) or "everything else",
    )
    return (
        service.name,
        service.category,
        service.subcategory,
        service.meter,
        service.unit,
        sku,
        found,
    )


def _kinds(facts: Facts) -> str:
    kinds = [
        f"{kind}: {category.capitalize() if category else 'no charge'}"
        for kind, category in sorted(facts.ledger.items())
    ]
    return ", ".join(kinds) or "-"
