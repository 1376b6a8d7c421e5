"""Write the generated tables of docs/focus.md: the columns, and what the adapters declare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from billfold.adapter import find, installed
from billfold.adapter.catalogue import Catalogue, Service
from billfold.focus.choices import Dataset
from billfold.focus.columns import Column, columns_of
from billfold.focus.row_values import catalogue_of

PAGE = Path(__file__).resolve().parents[2] / "docs" / "focus.md"


def with_tables(page: str) -> str:
    """Return the page with its tables as the code has them."""
    catalogues = {name: catalogue_of(find(name).declares) for name in installed()}
    tables = {dataset.value: columns_table(dataset) for dataset in Dataset}
    tables["providers"] = providers_table(catalogues)
    tables["services"] = services_table(catalogues)
    for name, table in tables.items():
        start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        before, _, rest = page.partition(start)
        _, _, after = rest.partition(end)
        page = f"{before}{start}{table}\n{end}{after}"
    return page


def columns_table(dataset: Dataset) -> str:
    """Return a dataset's columns as a Markdown table."""
    rows = [(column.name, column.content, _null_where(column)) for column in columns_of(dataset)]
    return _table(("column", "holds", "null where"), rows)


def _null_where(column: Column) -> str:
    if not column.null_where:
        return "-"
    return column.null_where if column.holds else f"always: {column.null_where}"


def providers_table(catalogues: Mapping[str, Catalogue]) -> str:
    """Return the words that each provider's rows have in common as a Markdown table."""
    header = (
        "ServiceProviderName",
        "BillingAccountType",
        "SubAccountType",
        "ledger entries",
        "SkuPriceDetails",
    )
    rows = [
        (
            catalogue.brand,
            catalogue.billing_account_type,
            catalogue.sub_account_type,
            ", ".join(_ledger_kinds(catalogue)) or "-",
            ", ".join(catalogue.price_detail_keys.values()) or "-",
        )
        for catalogue in catalogues.values()
    ]
    return _table(header, rows)


def _ledger_kinds(catalogue: Catalogue) -> Iterator[str]:
    for kind, category in sorted(catalogue.ledger_categories.items()):
        yield f"{kind}: {category.capitalize() if category else 'no row'}"


def services_table(catalogues: Mapping[str, Catalogue]) -> str:
    """Return the services of all providers as a Markdown table."""
    header = (
        "ServiceName",
        "ServiceCategory",
        "ServiceSubcategory",
        "SkuMeter",
        "default unit",
        "SkuId",
        "keywords",
    )
    rows = [
        _service_cells(provider, service)
        for provider, catalogue in catalogues.items()
        for service in catalogue.services
    ]
    return _table(header, rows)


def _service_cells(provider: str, service: Service) -> tuple[str, ...]:
    return (
        service.name,
        service.category,
        service.subcategory,
        service.meter,
        service.default_unit,
        f"`{':'.join((provider, *service.sku_parts))}`",
        ", ".join(service.keywords) or "everything else",
    )


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [header, ("---",) * len(header), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
