"""What is shown below a table: usage by service or every charge, and the lines of invoices."""

from __future__ import annotations

from datetime import timedelta

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
)
from billfold.cli.output._stream_tables import Owners
from billfold.cli.output.folding import Foldable
from billfold.cli.output.terminal import Part
from billfold.model import Charge, Invoice, Usage
from billfold.model.shared_names import SharedNames
from billfold.money import Money, sum_by_currency

_MOST_SERVICES = 4
_CHARGE_FOLDS = {"Project": "Account", "Resource": "Charge", "When": "Charge"}
_LINE_FOLDS = {"Description": "Line"}


def services_table(answer: Answer[Usage]) -> Part:
    """Return the charges added up by service, the largest of each currency first.

    Smaller services become one row, which counts them and adds them up.
    """
    charges = (charge for usage in answer for charge in usage.charges)
    stated = [(charge, charge.cost) for charge in charges if charge.cost is not None]
    table = new_table("Service", "Account", "#Charges", "#Cost")
    for _, same in sorted(grouped(stated, lambda pair: pair[1].currency).items()):
        _add_services(table, grouped(same, lambda pair: (pair[0].service, pair[0].account)))
    return table if table.row_count else ""


def _add_services(
    table: Table, services: dict[tuple[str, str], list[tuple[Charge, Money]]]
) -> None:
    """Add rows for services of one currency."""
    rows = []
    for (service, account), charges in services.items():
        (cost,) = sum_by_currency(cost for _, cost in charges).values()
        rows.append((service, account, len(charges), cost))
    rows.sort(key=lambda row: row[-1].amount, reverse=True)
    for row in rows[:_MOST_SERVICES]:
        add_row(table, *row)
    remaining = rows[_MOST_SERVICES:]
    if remaining:
        label = Text(f"{len(remaining)} more (--lines shows every charge)", "dim")
        count = cell(sum(count for _, _, count, _ in remaining), "dim")
        (cost,) = sum_by_currency(cost for *_, cost in remaining).values()
        add_row(table, label, "", count, money_cell(cost, "dim"))


def charges_table(answer: Answer[Usage]) -> Part:
    """Return a row per charge, below the account and project that it belongs to."""
    table = new_table("Account", "Project", "=When", "Charge", "Resource", "#Quantity", "#Cost")
    charges = [(usage, charge) for usage in answer for charge in usage.charges]
    owners = Owners.of(answer, (charge for _, charge in charges))
    for first, (usage, charge) in mark_group_starts(
        charges, lambda pair: (id(pair[0]), pair[1].sub_account_id)
    ):
        add_row(
            table,
            charge.account if first else "",
            owners.cell(usage, charge) if first else "",
            _when_cell(charge),
            _charge_cell(charge),
            _resource_cell(charge),
            quantity_cell(charge.quantity, charge.unit),
            Text("included", "dim") if charge.included_in else money_cell(charge.cost),
        )
    return Foldable(table, _CHARGE_FOLDS) if table.row_count else ""


def _when_cell(charge: Charge) -> Text:
    """Return the day of a charge; of one within a day its start, of a longer one its period."""
    if charge.day is not None:
        return cell(charge.day)
    period = charge.period
    is_within_a_day = period.end - period.start < timedelta(days=1)
    return cell(period.start if is_within_a_day else period)


def _charge_cell(charge: Charge) -> Text:
    derived = Text(" (derived)" if charge.derived else "", "dim")
    return cell(charge.description or charge.service) + derived


def _resource_cell(charge: Charge) -> Text:
    resource = charge.resource_name or charge.resource_id
    shown = resource and resource != charge.description
    return cell(resource, "dim") if shown else Text("")


def lines_table(answer: Answer[Invoice]) -> Part:
    """Return a row per line of the invoices, or a text where they have none."""
    lines = [line for invoice in answer for line in invoice.lines]
    if not lines:
        return Text("The provider gives no lines." if answer.items else "", "dim")
    table = new_table("Line", "Description", "Project", "#Quantity", "#Unit price", "#Cost")
    projects = SharedNames.of("sub_account", lines)
    for line in lines:
        name = line.product_name or line.description or line.product_id or line.id
        price = None if line.unit_price is None else str(line.unit_price)
        quantity = quantity_cell(line.quantity, line.unit)
        more = line.description if line.description not in (None, name) else ""
        add_row(
            table,
            name,
            cell(more, "dim"),
            projects.name(line),
            quantity,
            price,
            money_cell(line.cost),
        )
    return Foldable(table, _LINE_FOLDS)
