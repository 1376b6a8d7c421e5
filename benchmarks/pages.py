"""A report of 100,000 charges, and an answer of as many as JSON and back."""

from __future__ import annotations

import asyncio
import gc
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from benchmarks import charges
from benchmarks.measure import Row, arguments, printed
from billfold import Answer, Billfold, report
from billfold.costs import ConstantRates, Exchange, priced_lines

T = TypeVar("T")

NOW = datetime(2026, 11, 15, tzinfo=UTC)


def spent(work: Callable[[], T]) -> tuple[float, T]:
    """Return the CPU that work takes, and what it returns."""
    begun = time.process_time()
    result = work()
    return time.process_time() - begun, result


def tenth(work: Callable[[], object]) -> float:
    """Return the CPU that work takes: ten at a time, to take as long as ten times the work."""
    return spent(lambda: [work() for _ in range(10)])[0] / 10


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
    small, large = tenth(lambda: _page(few)), spent(lambda: _page(many))[0]
    grouping = spent(lambda: [priced_lines(many.views.usage), many.views.usage.totals()])[0]
    measured = f"{large:.1f} s; ten times the work {large / small:.1f}x"
    what = f"report of {count:,} charges, answers to HTML"
    goal = "ten times at most 10.5x"
    return Row(what, goal, measured, large <= 10.5 * small, large / grouping)


def _json(count: int) -> list[Row]:
    few, many = charges.answer(count // 10), charges.answer(count)
    spent(few.to_json)
    gc.collect()
    gc.freeze()  # else the larger answer, which is held, is looked through again and again
    small, written = tenth(few.to_json), few.to_json()
    large, text = spent(many.to_json)
    plain = json.loads(text)
    dumping, loading = spent(lambda: json.dumps(plain))[0], spent(lambda: json.loads(text))[0]
    gc.freeze()
    little = tenth(lambda: Answer.from_json(written))
    much, read = spent(lambda: Answer.from_json(text))
    assert read == many
    goal = "ten times at most 10.5x"
    rows = []
    for name, whole, part, floor in (
        ("to_json", large, small, dumping),
        ("from_json", much, little, loading),
    ):
        measured = f"{whole:.1f} s; ten times the work {whole / part:.1f}x"
        what = f"{name} of {count:,} charges, over json alone"
        rows.append(Row(what, goal, measured, whole <= 10.5 * part, whole / floor))
    return rows


def main() -> None:
    """Measure three rows."""
    _, quick = arguments()
    count = 5_000 if quick else 100_000
    printed([*_json(count), _report(count)])


if __name__ == "__main__":
    main()
