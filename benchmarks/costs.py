"""The cost view of a million charges by three dimensions, beside polars and DuckDB."""

from __future__ import annotations

import gc
from decimal import Decimal
from functools import partial

import duckdb
import polars

from benchmarks import charges
from benchmarks.measure import Row, arguments, peak, printed, spent, tenfold
from billfold import Answer, Usage
from billfold.costs import cost_view, priced_lines

BY = ("service", "sub_account", "day")
Total = tuple[int, Decimal]


def _ours(answer: Answer[Usage]) -> Total:
    view = cost_view(answer, priced_lines(answer), by=BY, currency=None)
    return len(view.rows), view.native["USD"].amount


def _frame(answer: Answer[Usage]) -> polars.DataFrame:
    """Make columns of the same charges."""
    lines = [charge for usage in answer for charge in usage.charges]
    columns = {
        "service": [charge.service for charge in lines],
        "sub_account": [charge.sub_account_id for charge in lines],
        "day": [charge.period.start.date() for charge in lines],
        "cost": [charge.cost.amount for charge in lines if charge.cost is not None],
    }
    return polars.DataFrame(columns, schema_overrides={"cost": polars.Decimal(38, 2)})


def _polars(answer: Answer[Usage]) -> Total:
    grouped = _frame(answer).group_by(BY).agg(polars.col("cost").sum())
    return len(grouped), Decimal(grouped["cost"].sum())


def _duckdb(answer: Answer[Usage]) -> Total:
    frame = _frame(answer)
    assert frame is not None  # which DuckDB finds by its name
    query = f"select {', '.join(BY)}, sum(cost) from frame group by all"
    grouped = duckdb.connect().execute(query).fetchall()
    return len(grouped), sum((row[-1] for row in grouped), Decimal(0))


def main() -> None:
    """Measure one row."""
    _, quick = arguments()
    count = 20_000 if quick else 1_000_000
    few = charges.answer(count // 10)
    _ours(few)
    before = peak()
    answer = charges.answer(count)
    total = _ours(answer)
    held = peak() - before
    gc.collect()
    gc.freeze()  # else the charges, which are held, are looked through again and again
    ours, times = tenfold(partial(_ours, few), partial(_ours, answer), turns=4)
    theirs = {side.__name__[1:]: spent(partial(side, answer)) for side in (_polars, _duckdb)}
    assert all(each[1] == total for each in theirs.values())
    measured = (
        f"{ours:.1f} s, {held / 1024:.2f} GiB with the charges; "
        + ", ".join(f"{name} {ours / cpu:.1f}x faster" for name, (cpu, _) in theirs.items())
        + f", columns included; ten times the work {times:.1f}x"
    )
    met = (quick or ours <= 8) and held < 1536 and times <= 10.5
    goal = "at most 8 s and 1.5 GiB held; ten times at most 10.5x"
    floor = min(cpu for cpu, _ in theirs.values())
    printed(
        [
            Row(
                f"cost view of {count:,} charges by {', '.join(BY)}",
                goal,
                measured,
                met,
                ours / floor,
            )
        ]
    )


if __name__ == "__main__":
    main()
