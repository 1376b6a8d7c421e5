"""A report of 100,000 charges, and an answer of as many as JSON and back."""

from __future__ import annotations

import asyncio
import gc
import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from benchmarks import charges
from benchmarks.measure import Row, arguments, printed, spent, tenfold
from billfold import Answer, Billfold, report
from billfold.costs import ConstantRates, Exchange, priced_lines

GOAL = "ten times at most 10.5x"
TURNS = 6
NOW = datetime(2026, 11, 15, tzinfo=UTC)


async def _answers(count: int) -> report.ReportAnswers:
    async with Billfold([charges.account(count)]) as fold:
        return await report.ask(fold, charges.MONTH, now=NOW)


def _page(answers: report.ReportAnswers) -> str:
    convert = partial(priced_lines, currency="USD", exchange=Exchange(ConstantRates({})))
    content = report.build_content(answers, convert, currency="USD", now=NOW, partial=True)
    return report.render_page(content, NOW)


def _report(count: int) -> Row:
    few, many = (asyncio.run(_answers(number)) for number in (count // 10, count))
    _page(few)
    gc.collect()
    gc.freeze()  # what is held is looked through again and again otherwise
    large, times = tenfold(lambda: _page(few), lambda: _page(many), TURNS)
    grouping = spent(lambda: [priced_lines(many.views.usage), many.views.usage.totals()])[0]
    measured = f"{large:.1f} s; ten times the work {times:.1f}x"
    what = f"report of {count:,} charges, answers to HTML"
    return Row(what, GOAL, measured, times <= 10.5, large / grouping)


def _json(count: int) -> list[Row]:
    few, many = charges.answer(count // 10), charges.answer(count)
    written, text = few.to_json(), many.to_json()
    assert Answer.from_json(text) == many
    plain = json.loads(text)
    dumping, loading = spent(lambda: json.dumps(plain))[0], spent(lambda: json.loads(text))[0]
    gc.collect()
    gc.freeze()  # else what is held is looked through again and again
    sides: dict[str, tuple[Callable[[], object], Callable[[], object], float]] = {
        "to_json": (few.to_json, many.to_json, dumping),
        "from_json": (partial(Answer.from_json, written), partial(Answer.from_json, text), loading),
    }
    rows = []
    for name, (small, large, floor) in sides.items():
        whole, times = tenfold(small, large, TURNS)
        measured = f"{whole:.1f} s; ten times the work {times:.1f}x"
        what = f"{name} of {count:,} charges, over json alone"
        rows.append(Row(what, GOAL, measured, times <= 10.5, whole / floor))
    return rows


def main() -> None:
    """Measure three rows."""
    _, quick = arguments()
    count = 5_000 if quick else 100_000
    printed([*_json(count), _report(count)])


if __name__ == "__main__":
    main()
