"""What is known of a period beside what was known of it, whole or not: of the same days.

A cycle from 10 September to 10 October has 30 days, 9 of them in October; the next one, to 10
November, has 31, 22 of them in October. At 1.00 a day that is 9.00 and 22.00.
"""

from datetime import UTC, datetime
from decimal import Decimal

from billfold import Charge, Coverage, Money, Period, State, Stream, Usage
from billfold.answer import Answer
from billfold.cli.output.period_changes import compare_known
from billfold.cli.pricing import Pricing
from billfold.model import Category

OCTOBER = Period.month(2026, 10)
KNOWN_AT = datetime(2026, 10, 13, tzinfo=UTC)


def cycle(start: str, end: str, cost: str) -> Usage:
    covers = Period.parse(f"{start}..{end}")
    charge = Charge(
        id=start,
        category=Category.PURCHASE,
        period=covers,
        service="Metal",
        cost=Money.parse(f"{cost} USD"),
        quantity=Decimal(1),
        provider="latitude",
        account="metal",
    )
    return Usage(OCTOBER, covers, (charge,), provider="latitude", account="metal")


def answered(*usages: Usage) -> Answer[Usage]:
    covers = Period(usages[0].covers.start, usages[-1].covers.end)
    row = Coverage("metal", "latitude", Stream.USAGE, State.DIFFERENT_WINDOW, covers)
    return Answer(Stream.USAGE, OCTOBER, usages, (row,), accounts=("metal",))


def test_spread_both_sides_are_cut_to_the_same_days() -> None:
    first = cycle("2026-09-10", "2026-10-10", "30.00")
    second = cycle("2026-10-10", "2026-11-10", "31.00")
    pricing = Pricing(spread=True)
    then, now = (pricing.priced(each) for each in (answered(first), answered(first, second)))
    found = compare_known(then, now, ["account"], pricing.lines, KNOWN_AT)
    (change,) = found.changes
    assert [str(each) for each in (change.before, change.after)] == ["9.00 USD", "31.00 USD"]
    assert (str(change.mixed), change.usage.amount, change.price.amount) == ("22.00 USD", 0, 0)
    assert not found.complete
    (row,) = then.coverage
    assert row.detail == "of its billing cycles, the days in the period are counted"
