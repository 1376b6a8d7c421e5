"""``billfold reconcile``: the identities, their gaps and causes, in one of three formats."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from billfold.answer import Coverage
from billfold.cli.output import csv as csvs
from billfold.cli.output import json as jsons
from billfold.cli.output.cells import amount, cash, changes, grid, stacked, window, words
from billfold.cli.output.notes import remedy
from billfold.cli.output.tables import HOLE, WARNING
from billfold.cli.output.terminal import put, show, tell
from billfold.cli.run import COMPLETE, NOTHING, PARTIAL, answered
from billfold.cli.setup import Format, Setup
from billfold.money import plain
from billfold.period import Period, utc_text
from billfold.reconcile import Identity, Reconciliation, documents

_EVIDENCE = 3


def run(setup: Setup, period: Period | None, form: Format) -> int:
    """Compare, show, and tell by the exit code whether all agree."""
    found = answered(setup, lambda fold, deadline: fold.reconcile(period, deadline=deadline))
    below = [*_gaps(found), *_unread(found)]
    if form is Format.TABLE:
        show(_title(found), table(found), *below)
    else:
        put(jsons.document(documents.reconciliation(found)) if form is Format.JSON else _csv(found))
        tell(*below)
    return exit_code(found)


def exit_code(found: Reconciliation) -> int:
    """Say whether all agree; what a provider does not offer for the period is no gap."""
    if not found.identities:
        return NOTHING
    return COMPLETE if found.holds and not found.unread else PARTIAL


def _title(found: Reconciliation) -> Text:
    said = Text("Reconciliation", "bold cyan") + Text(f"  {found.period or 'current'}", "dim")
    if not found.identities:
        return said + Text("  nothing to compare", "yellow")
    gaps = sum(not identity.holds for identity in found.identities)
    if gaps or found.unread:
        return said + Text(
            f"  {gaps} of {len(found.identities)} do not agree", "bold yellow" if gaps else "dim"
        )
    return said + Text(f"  all {len(found.identities)} agree", "green")


def table(found: Reconciliation) -> Table:
    """List every identity below its account; what is a difference by right is dim."""
    laid_out = grid(
        "Account", "Identity", ("Stated", "right"), ("Computed", "right"), ("Gap", "right"), ""
    )
    for first, identity in changes(found.identities, lambda identity: identity.account):
        name = stacked(
            words(identity.name),
            None if identity.period in (None, found.period) else window(identity.period),
        )
        gap = (
            Text("")
            if identity.cause is None
            else Text(amount(identity.gap), "dim" if identity.holds else "")
        )
        verdict = (
            Text("agree", "green")
            if identity.cause is None
            else words(identity.cause, "dim" if identity.holds else "yellow")
        )
        sides = cash(identity.stated), Text(amount(identity.computed))
        laid_out.add_row(words(identity.account if first else ""), name, *sides, gap, verdict)
    return laid_out


def _gaps(found: Reconciliation) -> Iterator[RenderableType]:
    """Name the cause of every gap, with the lines behind it."""
    alike: dict[tuple[str, str, str, tuple[str, ...]], list[str]] = {}
    for identity in (identity for identity in found.identities if not identity.holds):
        same = (identity.account, str(identity.gap), str(identity.cause), identity.evidence)
        alike.setdefault(same, []).append(identity.name)
    for (account, gap, cause, evidence), names in alike.items():
        yield words(f"{WARNING} {account}: {'; '.join(names)}: {gap}, {cause}", "yellow")
        yield from (words(f"    {line}", "dim") for line in evidence[:_EVIDENCE])
        if (more := len(evidence) - _EVIDENCE) > 0:
            yield Text(f"    and {more} more in --format json", "dim")


def _unread(found: Reconciliation) -> Iterator[RenderableType]:
    limits: dict[str, list[str]] = {}
    for row in found.not_offered:
        limits.setdefault(row.detail or row.state.replace("_", " "), []).append(row.account)
    for detail, accounts in limits.items():
        yield words(f"  {', '.join(dict.fromkeys(accounts))}: {detail}", "dim")
    for row in found.unread:
        yield words(
            f"{HOLE} could not be compared: {_where(row)} {row.state}: {row.detail or ''}", "yellow"
        )
    yield from (words(f"    {error.account}: {remedy(error)}", "dim") for error in found.failures)


def _where(row: Coverage) -> str:
    return f"{row.account} ({row.provider}) {row.stream}"


def _csv(found: Reconciliation) -> str:
    names = [
        *("account", "provider", "identity", "period_start", "period_end"),
        *("stated", "computed", "gap", "currency", "cause", "holds", "evidence"),
    ]
    return csvs.written(
        names, (dict(zip(names, _cells(identity), strict=True)) for identity in found.identities)
    )


def _cells(identity: Identity) -> tuple[str, ...]:
    period = identity.period
    bounds = ("", "") if period is None else (utc_text(period.start), utc_text(period.end))
    amounts = (plain(money.amount) for money in (identity.stated, identity.computed, identity.gap))
    about = map(csvs.safe, (identity.account, identity.provider, identity.name))
    evidence = csvs.safe("; ".join(identity.evidence))
    return (
        *about,
        *bounds,
        *amounts,
        identity.gap.currency,
        identity.cause or "",
        csvs.cell(identity.holds),
        evidence,
    )
