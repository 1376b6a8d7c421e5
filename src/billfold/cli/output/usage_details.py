"""What is shown below the table of usage: costs by service, or every charge."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from attrs import frozen
from rich.table import Table
from rich.text import Text

from billfold.answer import Answer
from billfold.cli.output._cells import (
    mark_group_starts,
    money_cell,
    new_table,
    quantity_cell,
    stack,
    text_cell,
)
from billfold.model import Charge, Usage
from billfold.money import Money, sum_by_currency

if TYPE_CHECKING:
    from rich.console import RenderableType

_MOST_SERVICES = 4


@frozen
class _ServiceCost:
    """What one service of one account cost in one currency."""

    service: str
    account: str
    charges: int
    cost: Money


def services_table(answer: Answer[Usage]) -> RenderableType:
    """Return the charges added up by service, the largest of each currency first.

    Smaller services become one row, which counts them and adds them up.
    """
    table = new_table("Service", "Account", ("Charges", "right"), ("Cost", "right"))
    for costs in _service_costs(answer).values():
        _add_services(table, costs)
    return table if table.row_count else Text()


def _service_costs(answer: Answer[Usage]) -> dict[str, list[_ServiceCost]]:
    """Add charges up by currency, account and service; the largest of each currency come first."""
    stated: dict[tuple[str, str, str], list[Money]] = defaultdict(list)
    for usage in answer:
        for charge in usage.charges:
            if charge.cost is not None:
                key = charge.cost.currency, charge.account, charge.service
                stated[key].append(charge.cost)
    by_currency: dict[str, list[_ServiceCost]] = {code: [] for code, _, _ in sorted(stated)}
    for (currency, account, service), costs in stated.items():
        cost = sum_by_currency(costs)[currency]
        by_currency[currency].append(_ServiceCost(service, account, len(costs), cost))
    for rows in by_currency.values():
        rows.sort(key=lambda row: row.cost.amount, reverse=True)
    return by_currency


def _add_services(table: Table, costs: list[_ServiceCost]) -> None:
    for row in costs[:_MOST_SERVICES]:
        count = Text(str(row.charges))
        table.add_row(text_cell(row.service), text_cell(row.account), count, money_cell(row.cost))
    remaining = costs[_MOST_SERVICES:]
    if remaining:
        label = text_cell(f"{len(remaining)} more (--lines shows every charge)", "dim")
        count = Text(str(sum(row.charges for row in remaining)), "dim")
        (cost,) = sum_by_currency(row.cost for row in remaining).values()
        table.add_row(label, "", count, money_cell(cost, "dim"))


def charges_table(answer: Answer[Usage]) -> RenderableType:
    """Return a row per charge, below the account and project that it belongs to."""
    table = new_table("Account", "Charge", ("Quantity", "right"), ("Cost", "right"))
    charges = ((usage, charge) for usage in answer for charge in usage.charges)
    for first, (usage, charge) in mark_group_starts(
        charges, lambda pair: (id(pair[0]), pair[1].sub_account_id)
    ):
        owner = stack(text_cell(charge.account), project_cell(usage, charge)) if first else Text()
        quantity = quantity_cell(charge.quantity, charge.unit)
        table.add_row(owner, _charge_cell(charge), quantity, _cost_cell(charge))
    return table if table.row_count else Text()


def _charge_cell(charge: Charge) -> Text:
    description = text_cell(charge.description or charge.service)
    if charge.derived:
        description += Text(" (derived)", "dim")
    resource = charge.resource_name or charge.resource_id
    if not resource or resource == charge.description:
        return description
    return stack(description, text_cell(resource, "dim"))


def _cost_cell(charge: Charge) -> Text:
    return Text("included", "dim") if charge.included_in else money_cell(charge.cost)


def project_cell(usage: Usage, charge: Charge | None = None) -> Text:
    """Return the project's name, or whom the provider bills where there is no project."""
    own = charge and (charge.sub_account_name or charge.sub_account_id)
    shared = usage.sub_account_name or usage.sub_account_id
    return text_cell(own or shared or usage.billing_account_name or usage.billing_account_id)
