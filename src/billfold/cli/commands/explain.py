"""``billfold explain``: from an amount or a charge to the request and the place in its reply."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from billfold.answer import Answer
from billfold.cli.output import json as jsons
from billfold.cli.output.cells import cash, grid, stacked, words
from billfold.cli.output.notes import notes
from billfold.cli.output.terminal import complain, put, show, tell
from billfold.cli.pricing import Pricing
from billfold.cli.run import COMPLETE, NOTHING, PARTIAL, answered
from billfold.cli.setup import Setup, Walk
from billfold.costs import ROLE, Line, Match, documents, explain, steps
from billfold.model import Usage
from billfold.period import Period

_MATCHES, _LINES = 5, 5


def run(setup: Setup, what: str, period: Period | None, pricing: Pricing, form: Walk) -> int:
    """Explain what was asked about, as far as the period's usage has it."""
    answer = answered(setup, lambda fold, deadline: fold.usage(period, deadline=deadline))
    matches = explain(what, answer.items, pricing.lines(answer))
    if form is Walk.JSON:
        document = documents.explanation(
            what, answer.complete, matches, answer.coverage, answer.failures
        )
        put(jsons.document(document))
        tell(*notes(answer))
    else:
        show(*_shown(matches), *notes(answer))
    if matches:
        return COMPLETE if answer.complete else PARTIAL
    complain(_advice(what, answer, pricing))
    return NOTHING


def _advice(what: str, answer: Answer[Usage], pricing: Pricing) -> str:
    period = "the current period" if answer.requested is None else str(answer.requested)
    used = [f"--in {pricing.currency}"] if pricing.currency else []
    return (
        f"nothing in the {ROLE} of {period} is {what!r}{' with ' + ' '.join(used) if used else ''}: give the --period and the "
        "options of the command that showed it; balances, ledger and invoices tell of the same money and are not looked at"
    )


def _shown(matches: Sequence[Match]) -> Iterator[RenderableType]:
    for number, match in enumerate(matches[:_MATCHES]):
        if number:
            yield Text()
        yield _heading(match)
        yield from (words(f"  {step}", "dim") for step in steps(match))
        if not number:
            yield _lines(match)
    if (more := len(matches) - _MATCHES) > 0:
        yield Text()
        yield Text(f"and {more} more that fit; --format json has all", "dim")


def _heading(match: Match) -> Text:
    keys = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in match.keys)
    what = {
        "total": f"the total of {ROLE}",
        "group": f"the {ROLE} of {keys}",
        "charge": "one charge",
    }[match.kind]
    about = ", rounded" if match.rounded else ""
    return cash(match.amount, "bold cyan") + Text(" is ", "dim") + words(what) + Text(about, "dim")


def _lines(match: Match) -> RenderableType:
    laid_out = grid(("Cost", "right"), "Charge, and where it came from")
    by_size = sorted(
        match.lines,
        key=lambda line: -abs((line.cost if line.converted is None else line.converted).amount),
    )
    for line in by_size[:_LINES]:
        laid_out.add_row(
            stacked(cash(line.cost), cash(line.converted) if line.converted is not None else None),
            _charge(line),
        )
    if match.charge is not None and not match.lines:
        laid_out.add_row(
            Text("included" if match.charge.included_in else "not stated", "dim"), _where(match)
        )
    if rest := by_size[_LINES:]:
        laid_out.add_row(Text(str(len(rest)), "dim"), Text("more; --format json has all", "dim"))
    return laid_out


def _charge(line: Line) -> Text:
    charge = line.charge
    day = f"{line.day}  " if line.day else ""
    about = f"{day}{charge.account}  {charge.description or charge.service}"
    rate = line.rate and line.rate.base != line.rate.quote and str(line.rate)
    return stacked(
        words(about),
        words(charge.id, "dim"),
        words(rate, "dim") if rate else None,
        words(
            f"from {charge.source}"
            if charge.source
            else "the adapter does not say where it came from",
            "dim",
        ),
    )


def _where(match: Match) -> Text:
    charge = match.charge
    assert charge is not None
    return stacked(
        words(charge.description or charge.service),
        words(charge.id, "dim"),
        words(f"from {charge.source}", "dim"),
    )
