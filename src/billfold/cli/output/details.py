"""What is shown below a table: usage by service or every charge, and the lines of invoices."""

from __future__ import annotations

from attrs import frozen
from rich.table import Table
from rich.text import Text

from billfold.answer import Answer
from billfold.cli.output._cells import (
    add_row,
    cell,
    grouped,
    mark_group_starts,
    money_cell,
    new_table,
    quantity_cell,
    stack,
)
from billfold.cli.output._stream_tables import project_cell
from billfold.cli.output.terminal import Part
from billfold.model import Charge, Invoice, InvoiceLine, Usage
from billfold.money import Money, sum_by_currency

_MOST_SERVICES = 4


@frozen
class _ServiceCost:
    """What one service of one account cost in one currency."""

    service: str
    account: str
    charges: int
    cost: Money


def services_table(answer: Answer[Usage]) -> Part:
    """Return the charges added up by service, the largest of each currency first.

    Smaller services become one row, which counts them and adds them up.
    """
    table = new_table("Service", "Account", "#Charges", "#Cost")
    for costs in _service_costs(answer).values():
        _add_services(table, costs)
    return table if table.row_count else ""


def _service_costs(answer: Answer[Usage]) -> dict[str, list[_ServiceCost]]:
    """Add charges up by currency, account and service; the largest of each currency come first."""
    charges = (charge for usage in answer for charge in usage.charges)
    stated = [(charge, charge.cost) for charge in charges if charge.cost is not None]
    alike = grouped(stated, lambda pair: (pair[1].currency, pair[0].account, pair[0].service))
    services = []
    for (currency, account, service), same in alike.items():
        cost = sum_by_currency(cost for _, cost in same)[currency]
        services.append(_ServiceCost(service, account, len(same), cost))
    services.sort(key=lambda row: row.cost.amount, reverse=True)
    services.sort(key=lambda row: row.cost.currency)
    return grouped(services, lambda row: row.cost.currency)


def _add_services(table: Table, costs: list[_ServiceCost]) -> None:
    for row in costs[:_MOST_SERVICES]:
        add_row(table, row.service, row.account, row.charges, row.cost)
    remaining = costs[_MOST_SERVICES:]
    if remaining:
        label = Text(f"{len(remaining)} more (--lines shows every charge)", "dim")
        count = cell(sum(row.charges for row in remaining), "dim")
        (cost,) = sum_by_currency(row.cost for row in remaining).values()
        add_row(table, label, "", count, money_cell(cost, "dim"))


def charges_table(answer: Answer[Usage]) -> Part:
    """Return a row per charge, below the account and project that it belongs to."""
    table = new_table("Account", "Charge", "#Quantity", "#Cost")
    charges = ((usage, charge) for usage in answer for charge in usage.charges)
    for first, (usage, charge) in mark_group_starts(
        charges, lambda pair: (id(pair[0]), pair[1].sub_account_id)
    ):
        owner = stack(charge.account, project_cell(usage, charge)) if first else ""
        quantity = quantity_cell(charge.quantity, charge.unit)
        cost = Text("included", "dim") if charge.included_in else money_cell(charge.cost)
        add_row(table, owner, _charge_cell(charge), quantity, cost)
    return table if table.row_count else ""


def _charge_cell(charge: Charge) -> Text:
    description = cell(charge.description or charge.service)
    if charge.derived:
        description += Text(" (derived)", "dim")
    resource = charge.resource_name or charge.resource_id
    if not resource or resource == charge.description:
        return description
    return stack(description, cell(resource, "dim"))


def lines_table(answer: Answer[Invoice]) -> Part:
    """Return a row per line of the invoices, or a text where they have none."""
    lines = [line for invoice in answer for line in invoice.lines]
    if not lines:
        return Text("The provider gives no lines." if answer.items else "", "dim")
    table = new_table("Line", "Project", "#Quantity", "#Unit price", "#Cost")
    for line in lines:
        project = line.sub_account_name or line.sub_account_id
        price = None if line.unit_price is None else str(line.unit_price)
        quantity = quantity_cell(line.quantity, line.unit)
        add_row(table, _product_cell(line), project, quantity, price, money_cell(line.cost))
    return table


def _product_cell(line: InvoiceLine) -> Text:
    name = line.product_name or line.description or line.product_id or line.id
    if not line.description or line.description == name:
        return cell(name)
    return stack(name, cell(line.description, "dim"))
