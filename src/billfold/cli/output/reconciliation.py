"""A reconciliation in the chosen format: the identities, their gaps and the causes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from billfold.cli.options import OutputFormat
from billfold.cli.output._cells import (
    mark_group_starts,
    money_cell,
    new_table,
    period_cell,
    rounded_amount,
    stack,
    text_cell,
)
from billfold.cli.output._marks import HOLE, WARNING
from billfold.cli.output._notes import advice
from billfold.cli.output.csv import csv_cell, csv_text, spreadsheet_safe
from billfold.cli.output.json import document_json
from billfold.cli.output.terminal import print_stderr, print_stdout, write_stdout
from billfold.money import plain
from billfold.period import utc_text
from billfold.reconcile import documents
from billfold.reconcile.identity import Identity
from billfold.reconcile.reconciliation import Reconciliation

if TYPE_CHECKING:
    from rich.console import RenderableType

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
    notes = [*_gaps(reconciliation), *_not_compared(reconciliation)]
    if output_format is OutputFormat.TABLE:
        print_stdout(_title(reconciliation), _table(reconciliation), *notes)
        return
    if output_format is OutputFormat.JSON:
        write_stdout(document_json(documents.reconciliation(reconciliation)))
    else:
        write_stdout(_csv(reconciliation))
    print_stderr(*notes)


def _title(reconciliation: Reconciliation) -> Text:
    period = str(reconciliation.period or "current")
    return (
        Text("Reconciliation", "bold cyan")
        + Text(f"  {period}  ", "dim")
        + _verdict(reconciliation)
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
    amounts = [(name, "right") for name in ("Stated", "Computed", "Gap")]
    table = new_table("Account", "Identity", *amounts, "")
    identities = reconciliation.identities
    for first, identity in mark_group_starts(identities, lambda identity: identity.account):
        same_period = identity.period in (None, reconciliation.period)
        window = None if same_period else period_cell(identity.period)
        table.add_row(
            text_cell(identity.account if first else ""),
            stack(text_cell(identity.name), window),
            money_cell(identity.stated),
            Text(rounded_amount(identity.computed)),
            *_gap_cells(identity),
        )
    return table


def _gap_cells(identity: Identity) -> tuple[Text, Text]:
    if identity.cause is None:
        return Text(), Text("agree", "green")
    if identity.holds:
        return Text(rounded_amount(identity.gap), "dim"), text_cell(identity.cause, "dim")
    return Text(rounded_amount(identity.gap)), text_cell(identity.cause, "yellow")


def _gaps(reconciliation: Reconciliation) -> Iterator[RenderableType]:
    """Give the cause of every gap, with the lines behind it."""
    alike: dict[tuple[str, str, str, tuple[str, ...]], list[str]] = {}
    for identity in reconciliation.identities:
        if not identity.holds:
            key = (identity.account, str(identity.gap), str(identity.cause), identity.evidence)
            alike.setdefault(key, []).append(identity.name)
    for (account, gap, cause, evidence), names in alike.items():
        yield text_cell(f"{WARNING} {account}: {'; '.join(names)}: {gap}, {cause}", "yellow")
        yield from (text_cell(f"    {line}", "dim") for line in evidence[:_MOST_EVIDENCE])
        remaining = len(evidence) - _MOST_EVIDENCE
        if remaining > 0:
            yield Text(f"    and {remaining} more; see --format json", "dim")


def _not_compared(reconciliation: Reconciliation) -> Iterator[RenderableType]:
    limits: dict[str, list[str]] = {}
    for row in reconciliation.not_offered:
        limits.setdefault(row.detail or row.state.replace("_", " "), []).append(row.account)
    for detail, accounts in limits.items():
        yield text_cell(f"  {', '.join(dict.fromkeys(accounts))}: {detail}", "dim")
    for row in reconciliation.unread:
        state = row.state.replace("_", " ")
        detail = f": {row.detail}" if row.detail else ""
        text = f"not compared: {row.account} ({row.provider}) {row.stream} {state}{detail}"
        yield text_cell(f"{HOLE} {text}", "yellow")
    for error in reconciliation.failures:
        yield text_cell(f"    {error.account}: {advice(error)}", "dim")


def _csv(reconciliation: Reconciliation) -> str:
    rows = (
        dict(zip(_COLUMNS, _csv_cells(identity), strict=True))
        for identity in reconciliation.identities
    )
    return csv_text(_COLUMNS, rows)


def _csv_cells(identity: Identity) -> tuple[str, ...]:
    period = identity.period
    return (
        spreadsheet_safe(identity.account),
        spreadsheet_safe(identity.provider),
        spreadsheet_safe(identity.name),
        "" if period is None else utc_text(period.start),
        "" if period is None else utc_text(period.end),
        plain(identity.stated.amount),
        plain(identity.computed.amount),
        plain(identity.gap.amount),
        identity.gap.currency,
        identity.cause or "",
        csv_cell(identity.holds),
        spreadsheet_safe("; ".join(identity.evidence)),
    )
