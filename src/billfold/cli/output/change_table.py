"""What changed between two periods, as a table: by how much, of how much, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal

from rich.text import Text

from billfold.cli.output._cells import add_row, amount_cell, cell, grouped, money_cell, new_table
from billfold.cli.output.period_changes import EFFECTS
from billfold.cli.output.rounding import rounding_note
from billfold.cli.output.terminal import Part
from billfold.costs import CostChange
from billfold.money import Money

_EXACT = Context(prec=100)
_TENTH = Decimal("0.1")


def change_table(headings: Sequence[str], changes: Sequence[CostChange]) -> Iterator[Part]:
    """Yield a row per change, a total per currency, and what a column means that needs it."""
    effects = [
        effect for effect in EFFECTS if any(getattr(change, effect).amount for change in changes)
    ]
    names = ("Before", "After", "Change", "%", *(effect.capitalize() for effect in effects))
    table = new_table(*headings, *(f"#{name}" for name in names))
    for change in changes:
        add_row(table, *change.keys, *_change_cells(change, effects))
    table.add_section()
    alike = sorted(grouped(changes, _currency).items())
    totals = [_together(of_currency, currency) for currency, of_currency in alike]
    for total in totals:
        labels = [Text("Total", "bold"), *[""] * len(headings)][: len(headings)]
        add_row(table, *labels, *_change_cells(total, effects))
    yield table
    rows, sums = (zip(*_amounts(each, effects), strict=True) for each in (changes, totals))
    yield from rounding_note(*zip(rows, sums, strict=True))
    if "mixed" in effects:
        yield Text(
            "  mixed: new, ended or partly refunded, "
            "or without quantities to separate usage from price",
            "dim",
        )


def _change_cells(change: CostChange, effects: Iterable[str]) -> list[Text]:
    """Return both amounts, what changed, by how much of what it was, and why. Growth is red."""
    changed = change.after - change.before
    style = "red" if changed.amount > 0 else ""
    return [
        amount_cell(change.before),
        amount_cell(change.after),
        money_cell(changed, style),
        cell(_percent(changed, change.before), style),
        *(amount_cell(getattr(change, effect), "dim") for effect in effects),
    ]


def _amounts(changes: Iterable[CostChange], effects: Sequence[str]) -> list[list[Money]]:
    """Return what is shown of each change."""
    names = ("before", "after", *effects)
    return [
        [change.after - change.before, *(getattr(change, name) for name in names)]
        for change in changes
    ]


def _percent(changed: Money, before: Money) -> str:
    """Return a change as a share of what it was; of nothing, and of credit, there is none."""
    if before.amount <= 0:
        return "new" if before.amount == 0 and changed.amount else "-"
    share = _EXACT.divide(_EXACT.multiply(changed.amount, 100), before.amount)
    return f"{share.quantize(_TENTH, ROUND_HALF_UP, _EXACT):+} %"


def _currency(change: CostChange) -> str:
    return change.before.currency


def _together(changes: Iterable[CostChange], currency: str) -> CostChange:
    """Return the changes of one currency as one."""
    listed, nothing = list(changes), Money.zero(currency)
    names = ("before", "after", *EFFECTS)
    return CostChange(
        (), **{name: sum((getattr(each, name) for each in listed), nothing) for name in names}
    )
