"""A reconciliation in the chosen format: the identities, their gaps and the causes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
from billfold.cli.output.formats import CsvRow, csv_text, with_said, write_result
from billfold.cli.output.notes import Note, advice, laid_out
from billfold.counted import counted
from billfold.model import State
from billfold.reconcile import Identity, NotCompared, Reconciliation

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
    "part",
    "compared",
    "complete",
)


def write_reconciliation(reconciliation: Reconciliation, output_format: OutputFormat) -> None:
    """Write a reconciliation to standard output, and what could not be compared."""
    period = f"{reconciliation.period or 'current'}{' so far' if reconciliation.is_open else ''}  "
    heading = title("Reconciliation", period) + _verdict(reconciliation)
    write_result(
        output_format,
        as_table=lambda: [heading, _table(reconciliation)],
        as_document=reconciliation.to_dict,
        as_csv=lambda: csv_text(_COLUMNS, _csv_rows(reconciliation)),
        notes=laid_out(
            [
                *_gaps(reconciliation),
                *_in_sums(reconciliation),
                *_not_compared(reconciliation),
                *_unread(reconciliation),
            ]
        ),
        warns=not reconciliation.holds,
    )


def _verdict(reconciliation: Reconciliation) -> Text:
    """Return what agrees; all does only where nothing was left uncompared."""
    count, gaps = len(reconciliation.identities), len(reconciliation.gaps)
    left = len(reconciliation.not_compared)
    if reconciliation.holds:
        agree = "1 agrees" if count == 1 else f"all {count} agree"
        if unanswered := len(reconciliation.unanswered):
            agree = f"{counted(count, 'agrees', 'agree')}, {counted(unanswered, 'account')} "
            agree += "without an answer for the period"
        return Text(agree, "green") + _scope(reconciliation)
    said = []
    if gaps:
        said.append(f"{gaps} of {count} {'does' if gaps == 1 else 'do'} not agree")
    elif count:
        said.append(counted(count, "agrees", "agree"))
    if left:
        said.append(f"{left} not compared")
    if count and reconciliation.is_out_of_reach:
        said.append("nothing of the period could be read")
    elif reconciliation.unread:
        said.append("not everything could be read")
    style = "bold yellow" if gaps else "yellow"
    return Text(", ".join(said) or "nothing to compare", style) + _scope(reconciliation)


def _scope(reconciliation: Reconciliation) -> Text:
    """Return how many of the configured accounts this is about, where some were left out."""
    compared, left_out = len(reconciliation.accounts), len(reconciliation.left_out)
    return Text(f" - {compared} of {compared + left_out} accounts" if left_out else "", "yellow")


def _table(reconciliation: Reconciliation) -> Table:
    """Return a row per identity, below its account; differences that are no gap are dim.

    A billing account is named where an account has several.
    """
    table = new_table("Account", "Identity", "#Stated", "#Computed", "#Gap", "")
    identities = reconciliation.identities
    parts = grouped({(row.account, row.part) for row in identities}, lambda pair: pair[0])
    for first, identity in mark_group_starts(identities, lambda identity: identity.account):
        part = identity.part if len(parts[identity.account]) > 1 else None
        same_period = identity.period in (None, reconciliation.period)
        name = stack(identity.name, part, None if same_period else identity.period)
        account, computed = identity.account if first else "", amount_cell(identity.computed)
        add_row(table, account, name, identity.stated, computed, *_gap_cells(identity))
    return table


def _gap_cells(identity: Identity) -> tuple[Text, Text]:
    if identity.cause is None:
        return Text(), Text("agree by day" if identity.evidence else "agree", "green")
    if identity.holds:
        return amount_cell(identity.gap, "dim"), cell(identity.cause, "dim")
    return amount_cell(identity.gap), cell(identity.cause, "yellow")


def _gaps(reconciliation: Reconciliation) -> Iterator[Note]:
    """Give the cause of every gap, with the lines behind it."""
    gaps = [identity for identity in reconciliation.identities if not identity.holds]
    alike = grouped(gaps, lambda gap: (gap.account, str(gap.gap), gap.cause, gap.evidence))
    for (account, amount, cause, evidence), identities in alike.items():
        names = "; ".join(identity.name for identity in identities)
        parts = " in all, but not in each part" if identities[0].gap.amount == 0 else ""
        yield WARNING, cell(f"{account}: {names}: {amount}{parts}, {cause}", "yellow")
        yield from _lines(evidence)


def _in_sums(reconciliation: Reconciliation) -> Iterator[Note]:
    """Say of what agrees which of it does so in sums alone."""
    for identity in reconciliation.identities:
        if identity.cause is None and identity.evidence:
            yield "", cell(f"{identity.account}: {identity.name}: agree by day", "dim")
            yield from _lines(identity.evidence)


def _lines(evidence: Sequence[str]) -> Iterator[Note]:
    yield from (("", cell(f"  {line}", "dim")) for line in evidence[:_MOST_EVIDENCE])
    remaining = len(evidence) - _MOST_EVIDENCE
    if remaining > 0:
        yield "", Text(f"  and {remaining} more; see --format json", "dim")


def _not_compared(reconciliation: Reconciliation) -> Iterator[Note]:
    """Name what could not be compared: whose it is, how much, and why."""
    for row in reconciliation.not_compared:
        part = f" {row.part}" if row.part else ""
        period = f" {row.period}" if row.period else ""
        text = cell(f"not compared: {row.account}{part}: {row.name}{period}:", "yellow")
        yield HOLE, text + Text(" ") + cell(row.amount) + cell(f": {row.reason}")


def _unread(reconciliation: Reconciliation) -> Iterator[Note]:
    limits = grouped(
        reconciliation.not_offered, lambda row: row.detail or row.state.replace("_", " ")
    )
    remarks = grouped(
        (row for row in reconciliation.coverage if row.detail and row.state is State.COMPLETE),
        lambda row: (row.name, row.detail),
    )
    for (name, detail), rows in remarks.items():
        streams = ", ".join(dict.fromkeys(row.stream.value for row in rows))
        yield "", cell(f"{name} ({streams}): {detail}", "dim")
    for limit, rows in limits.items():
        names = dict.fromkeys(row.name for row in rows)
        yield "", cell(f"{', '.join(names)}: {limit}", "dim")
    for row in reconciliation.unread:
        state = row.state.replace("_", " ")
        detail = f": {row.detail}" if row.detail else ""
        text = f"not compared: {row.name} ({row.provider}) {row.stream} {state}{detail}"
        yield HOLE, cell(text, "yellow")
    for error in reconciliation.failures:
        whose = " ".join(text for text in (error.account, error.part) if text)
        yield "", cell(f"  {whose}: {advice(error)}", "dim")


def _csv_rows(reconciliation: Reconciliation) -> Iterator[CsvRow]:
    """Return a row per identity and amount; all say whether everything was read and compared."""
    holes = reconciliation.unread or reconciliation.not_compared or reconciliation.is_out_of_reach
    rows = (
        *map(_identity_row, reconciliation.identities),
        *map(_not_compared_row, reconciliation.not_compared),
    )
    return with_said(rows, {"complete": not holes})


def _identity_row(identity: Identity) -> CsvRow:
    return {
        **_whose(identity),
        "stated": identity.stated.amount,
        "computed": identity.computed.amount,
        "gap": identity.gap.amount,
        "currency": identity.gap.currency,
        "cause": identity.cause,
        "holds": identity.holds,
        "evidence": "; ".join(identity.evidence),
        "compared": True,
    }


def _not_compared_row(row: NotCompared) -> CsvRow:
    """Return what was not compared as a row that does not hold, with the reason as its evidence."""
    return {
        **_whose(row),
        "stated": None if row.amount is None else row.amount.amount,
        "computed": None,
        "gap": None,
        "currency": None if row.amount is None else row.amount.currency,
        "cause": None,
        "holds": False,
        "evidence": row.reason,
        "compared": False,
    }


def _whose(row: Identity | NotCompared) -> CsvRow:
    return {
        "account": row.account,
        "provider": row.provider,
        "identity": row.name,
        "period_start": None if row.period is None else row.period.start,
        "period_end": None if row.period is None else row.period.end,
        "part": row.part,
    }
