"""A reconciliation in the chosen format: the identities, their gaps and the causes."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from billfold.cli.options import OutputFormat
from billfold.cli.output._cells import (
    HOLE,
    WARNING,
    add_row,
    amount_cell,
    cell,
    grouped,
    mark_group_starts,
    new_table,
    stack,
    title,
)
from billfold.cli.output.formats import CsvRow, csv_text, write_result
from billfold.cli.output.notes import advice
from billfold.reconcile import Identity, Reconciliation, documents

_MOST_EVIDENCE = 3
_COLUMNS: tuple[str, ...] = (
    "account",
    "provider",
    "identity",
    "period_start",
    "period_end",
    "stated",
    "computed",
    "gap",
    "currency",
    "cause",
    "holds",
    "evidence",
)


def write_reconciliation(reconciliation: Reconciliation, output_format: OutputFormat) -> None:
    """Write a reconciliation to standard output, and what could not be compared."""
    period = f"{reconciliation.period or 'current'}  "
    heading = title("Reconciliation", period) + _verdict(reconciliation)
    write_result(
        output_format,
        as_table=lambda: [heading, _table(reconciliation)],
        as_document=lambda: documents.reconciliation(reconciliation),
        as_csv=lambda: csv_text(_COLUMNS, map(_csv_row, reconciliation.identities)),
        notes=[*_gaps(reconciliation), *_not_compared(reconciliation)],
    )


def _verdict(reconciliation: Reconciliation) -> Text:
    count = len(reconciliation.identities)
    gaps = sum(not identity.holds for identity in reconciliation.identities)
    if not count:
        return Text("nothing to compare", "yellow")
    if gaps:
        return Text(f"{gaps} of {count} do not agree", "bold yellow")
    if reconciliation.unread:
        return Text(f"all {count} agree, but not everything could be compared", "yellow")
    return Text(f"all {count} agree", "green")


def _table(reconciliation: Reconciliation) -> Table:
    """Return a row per identity, below its account; differences that are no gap are dim."""
    table = new_table("Account", "Identity", "#Stated", "#Computed", "#Gap", "")
    identities = reconciliation.identities
    for first, identity in mark_group_starts(identities, lambda identity: identity.account):
        same_period = identity.period in (None, reconciliation.period)
        name = stack(identity.name, None if same_period else identity.period)
        account, computed = identity.account if first else "", amount_cell(identity.computed)
        add_row(table, account, name, identity.stated, computed, *_gap_cells(identity))
    return table


def _gap_cells(identity: Identity) -> tuple[Text, Text]:
    if identity.cause is None:
        return Text(), Text("agree", "green")
    if identity.holds:
        return amount_cell(identity.gap, "dim"), cell(identity.cause, "dim")
    return amount_cell(identity.gap), cell(identity.cause, "yellow")


def _gaps(reconciliation: Reconciliation) -> Iterator[Text]:
    """Give the cause of every gap, with the lines behind it."""
    gaps = [identity for identity in reconciliation.identities if not identity.holds]
    alike = grouped(gaps, lambda gap: (gap.account, str(gap.gap), gap.cause, gap.evidence))
    for (account, amount, cause, evidence), identities in alike.items():
        names = "; ".join(identity.name for identity in identities)
        yield cell(f"{WARNING} {account}: {names}: {amount}, {cause}", "yellow")
        yield from (cell(f"    {line}", "dim") for line in evidence[:_MOST_EVIDENCE])
        remaining = len(evidence) - _MOST_EVIDENCE
        if remaining > 0:
            yield Text(f"    and {remaining} more; see --format json", "dim")


def _not_compared(reconciliation: Reconciliation) -> Iterator[Text]:
    limits = grouped(
        reconciliation.not_offered, lambda row: row.detail or row.state.replace("_", " ")
    )
    for limit, rows in limits.items():
        names = dict.fromkeys(row.account for row in rows)
        yield cell(f"  {', '.join(names)}: {limit}", "dim")
    for row in reconciliation.unread:
        state = row.state.replace("_", " ")
        detail = f": {row.detail}" if row.detail else ""
        text = f"not compared: {row.account} ({row.provider}) {row.stream} {state}{detail}"
        yield cell(f"{HOLE} {text}", "yellow")
    for error in reconciliation.failures:
        yield cell(f"    {error.account}: {advice(error)}", "dim")


def _csv_row(identity: Identity) -> CsvRow:
    period = identity.period
    return {
        "account": identity.account,
        "provider": identity.provider,
        "identity": identity.name,
        "period_start": None if period is None else period.start,
        "period_end": None if period is None else period.end,
        "stated": identity.stated.amount,
        "computed": identity.computed.amount,
        "gap": identity.gap.amount,
        "currency": identity.gap.currency,
        "cause": identity.cause,
        "holds": identity.holds,
        "evidence": "; ".join(identity.evidence),
    }
