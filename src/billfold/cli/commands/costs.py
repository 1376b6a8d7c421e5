"""``billfold costs``: ask, price, group, and show it in one of three formats."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from attrs import frozen
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from billfold.answer import Answer
from billfold.cli.output import csv as csvs
from billfold.cli.output import json as jsons
from billfold.cli.output.cells import amount, cash, dash, grid, stacked, words
from billfold.cli.output.notes import notes
from billfold.cli.output.tables import HOLE
from billfold.cli.output.terminal import complain, put, show, tell
from billfold.cli.pricing import Pricing
from billfold.cli.run import PARTIAL, answered, exit_code
from billfold.cli.setup import Format, Setup
from billfold.costs import (
    CostChange,
    CostView,
    Line,
    Rate,
    changes,
    cost_view,
    dimension,
    documents,
    preceding_period,
    top_rows,
)
from billfold.errors import ConfigError, CurrencyError, IncompleteError
from billfold.facade.billfold import Billfold
from billfold.model import Usage
from billfold.money import Money, plain
from billfold.period import Period

_EFFECTS = ("usage", "price", "exchange", "mixed")


@frozen
class Question:
    """What was asked for. Raises ConfigError for dimensions that cannot be shown, and a comparison with nothing."""

    period: Period | None
    by: tuple[str, ...]
    pricing: Pricing
    top: int | None = None
    comparing: bool = False
    partial: bool = False

    def __attrs_post_init__(self) -> None:
        _check(self.by)
        if "cost_centre" in self.by and self.pricing.rules is None:
            raise ConfigError("--by cost_centre needs the rules that allocate: --rules FILE")
        if self.comparing and self.period is None:
            raise ConfigError(
                "--compare needs a period with a start and an end, like --period 2026-10: current is none"
            )

    @property
    def before(self) -> Period | None:
        """The period to compare with."""
        return preceding_period(self.period) if self.comparing and self.period is not None else None


def _check(by: Sequence[str]) -> None:
    for number, name in enumerate(by):
        if not name:
            raise ConfigError("--by: there is nothing before or after a comma")
        if name in by[:number]:
            raise ConfigError(f"--by names {name} twice")
        dimension(name)


@frozen
class Compared:
    """What changed from the period before."""

    period: Period
    complete: bool
    changes: tuple[CostChange, ...]


Answers = tuple[Answer[Usage], Answer[Usage] | None]


def run(setup: Setup, question: Question, form: Format) -> int:
    """Answer the question; an answer with holes is refused unless partial ones are allowed."""
    now, before = answered(setup, lambda fold, deadline: _asked(fold, question, deadline))
    code = max(exit_code(now), 0 if before is None or before.complete else PARTIAL)
    try:
        if before is not None and not before.complete and not question.partial:
            raise IncompleteError(
                f"{question.before}, to compare with, would miss something: {before.missing()}"
            )
        made = question.pricing.lines(now)
        whole = cost_view(
            now, made, by=question.by, currency=question.pricing.currency, partial=question.partial
        )
        compared = None if before is None else _compared(question, before, made)
        _emit(now, whole if question.top is None else _top(whole, question.top), compared, form)
    except IncompleteError as error:
        _refuse(question, now, str(error), form)
    return code


async def _asked(fold: Billfold, question: Question, deadline: float | None) -> Answers:
    if question.before is None:
        return await fold.usage(question.period, deadline=deadline), None
    now, before = (
        fold.usage(period, deadline=deadline) for period in (question.period, question.before)
    )
    return tuple(await asyncio.gather(now, before))  # type: ignore[return-value]


def _top(whole: CostView, count: int) -> CostView:
    try:
        return top_rows(whole, count)
    except CurrencyError as error:
        raise ConfigError(f"--top: {error}, with --in") from None


def _compared(question: Question, before: Answer[Usage], made: Sequence[Line]) -> Compared:
    """Compare in the currency asked for, or in each native one by itself."""
    earlier = question.pricing.lines(before)
    currency = question.pricing.currency
    found: list[CostChange] = []
    for code in (
        [currency] if currency else sorted({line.cost.currency for line in (*earlier, *made)})
    ):
        sides = (
            [line for line in side if currency or line.cost.currency == code]
            for side in (earlier, made)
        )
        found += changes(*sides, by=question.by, currency=code)
    assert question.before is not None
    return Compared(question.before, before.complete, tuple(found))


def _refuse(question: Question, answer: Answer[Usage], reason: str, form: Format) -> None:
    said = f"{reason.removesuffix('; allow partial costs to see the rest')}; --allow-partial shows what there is"
    if form is Format.JSON:
        document = documents.refused_costs(
            question.by,
            question.pricing.currency,
            answer.requested,
            said,
            answer.coverage,
            answer.failures,
        )
        put(jsons.document(document))
    tell(*notes(answer))
    complain(
        "refused, because the total would miss what is said above; --allow-partial shows what there is"
    )


def _emit(answer: Answer[Usage], whole: CostView, compared: Compared | None, form: Format) -> None:
    below = [*_conversion(whole), *notes(answer)]
    if form is Format.TABLE:
        more = () if compared is None else (Text(), *_comparison(whole, compared))
        show(title(whole), table(whole), *more, *below)
        return
    if form is Format.JSON:
        put(
            jsons.document(
                documents.costs(
                    whole, compared=None if compared is None else _written(whole, compared)
                )
            )
        )
    else:
        put(csv(whole))
    tell(*below)


def _written(whole: CostView, compared: Compared) -> dict[str, Any]:
    return documents.comparison(compared.period, compared.complete, whole.by, compared.changes)


def several(amounts: Iterable[Money]) -> Text:
    """Write an amount per currency, a line each."""
    return stacked(*map(cash, amounts))


def title(whole: CostView) -> Text:
    """Name what was added up, and how."""
    period = "current" if whole.requested is None else str(whole.requested)
    by = f", by {', '.join(whole.by).replace('_', ' ')}" if whole.by else ""
    into = f", in {whole.currency}" if whole.currency else ""
    said = Text("Costs", "bold cyan") + Text(f"  {period}  {whole.role}{by}{into}", "dim")
    return said if whole.complete else said + Text("  incomplete", "bold yellow")


def table(whole: CostView) -> Table:
    """Lay the groups out, native amounts beside the converted, and their total."""
    into = [(whole.currency, "right")] if whole.currency else []
    names = [name.replace("_", " ").capitalize() for name in whole.by]
    laid_out = grid(*names, ("Lines", "right"), ("Native", "right"), *into, "")
    for row in whole.rows:
        mark = Text("estimated" if row.estimated else "", "dim")
        laid_out.add_row(
            *map(words, row.keys),
            Text(str(row.lines)),
            several(row.native.values()),
            *_converted(whole, row.converted),
            mark,
        )
    laid_out.add_section()
    label = [Text("Total", "bold"), *[Text()] * (len(names) - 1)][: len(names)]
    mark = Text("" if whole.complete else HOLE, "yellow")
    count = Text(str(sum(row.lines for row in whole.rows)))
    laid_out.add_row(
        *label,
        count,
        several(whole.native.values()),
        *_converted(whole, whole.converted, "bold"),
        mark,
    )
    return laid_out


def _converted(whole: CostView, money: Money | None, style: str = "") -> list[Text]:
    return [dash() if money is None else Text(amount(money), style)] if whole.currency else []


def _comparison(whole: CostView, compared: Compared) -> Iterator[RenderableType]:
    effects = [
        name
        for name in _EFFECTS
        if any(getattr(change, name).amount for change in compared.changes)
    ]
    said = Text("Change", "bold cyan") + Text(f"  from {compared.period}", "dim")
    yield said if compared.complete else said + Text("  which is incomplete", "bold yellow")
    names = [name.replace("_", " ").capitalize() for name in whole.by]
    laid_out = grid(
        *names,
        ("Before", "right"),
        ("After", "right"),
        ("Change", "right"),
        *((e, "right") for e in effects),
    )
    for change in compared.changes:
        parts = [Text(amount(getattr(change, name)), "dim") for name in effects]
        difference = cash(change.after - change.before)
        laid_out.add_row(
            *map(words, change.keys),
            Text(amount(change.before)),
            Text(amount(change.after)),
            difference,
            *parts,
        )
    yield laid_out
    if "mixed" in effects:
        yield Text(
            "  mixed: new, gone, partly given back, or without quantities that tell usage from price",
            "dim",
        )


def _conversion(whole: CostView) -> Iterator[Text]:
    """Say by which rates; each is in JSON."""
    pairs: dict[tuple[str, str, str], list[Rate]] = {}
    for rate in whole.rates:
        pairs.setdefault((rate.base, rate.quote, rate.source), []).append(rate)
    for (base, quote, source), rates in pairs.items():
        if len(rates) == 1:
            yield words(f"  {rates[0]}", "dim")
            continue
        days = sorted(rate.for_day for rate in rates if rate.for_day is not None)
        earlier = sum(rate.for_day != rate.day for rate in rates)
        note = (
            f", {earlier} of them without a rate of their own by the last one before"
            if earlier
            else ""
        )
        yield words(
            f"  {base} to {quote}: {source}, {len(rates)} days of {days[0]}..{days[-1]}{note}",
            "dim",
        )


def csv(whole: CostView) -> str:
    """Write a row per group and native currency: two currencies never share a cell."""
    names = [
        *whole.by,
        "native",
        "native_currency",
        "converted",
        "converted_currency",
        "lines",
        "estimated",
        "complete",
    ]
    rows = []
    for row in whole.rows:
        for code, native in row.native.items():
            converted = row.converted_from.get(code)
            rows.append(
                dict(zip(whole.by, map(csvs.safe, row.keys), strict=True))
                | {
                    "native": plain(native.amount),
                    "native_currency": code,
                    "converted": "" if converted is None else plain(converted.amount),
                    "converted_currency": "" if converted is None else converted.currency,
                    "lines": str(row.lines),
                    "estimated": csvs.cell(row.estimated),
                    "complete": csvs.cell(whole.complete),
                }
            )
    return csvs.written(names, rows)
