"""The comparison with the month before, and why there may be none."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from attrs import evolve

from billfold import Answer, Period, RateError, State, Usage
from billfold.costs.lines import Line
from billfold.report import ReportAnswers, build_content
from support.costs import OCTOBER, answer, charge
from support.reports import BOTH, DECEMBER, content, euros, views

SEPTEMBER = Period.month(2026, 9)
AS_OF = datetime(2026, 10, 11, tzinfo=UTC)


def september(*costs: str, state: State = State.COMPLETE) -> Answer[Usage]:
    usage = answer(
        *(
            charge(cost, account=account)
            for cost, account in zip(costs, ("ci", "cloud"), strict=False)
        ),
        state=state,
    )
    return Answer(usage.stream, SEPTEMBER, usage.items, usage.coverage)


def test_the_headline_compares_with_the_month_before() -> None:
    comparison = content(BOTH, september("4.00 EUR", "1.00 EUR")).comparison
    assert comparison.difference is not None
    assert (comparison.difference.exact, comparison.difference.shown) == ("10.00", "+10.00")
    assert (comparison.percent, comparison.note) == ("+200.0 %", "vs September 2026")


def test_a_running_period_is_compared_with_the_same_stretch_of_the_one_before() -> None:
    # ten days of October, 15.00, with ten days of September, 5.00
    stretch = Period.parse("2026-09-01..2026-09-11")
    before = evolve(september("4.00 EUR", "1.00 EUR"), requested=stretch)
    comparison = content(BOTH, before, now=AS_OF).comparison
    assert comparison.difference is not None
    assert comparison.difference.exact == "10.00"
    assert comparison.note == "vs the same stretch before, 2026-09-01 to 2026-09-10"


def test_accounts_that_answer_both_are_compared_alone_and_named() -> None:
    before = september("4.00 EUR")
    comparison = content(BOTH, before).comparison
    assert comparison.difference is not None
    assert comparison.difference.exact == "6.00"  # ci alone: 10.00 - 4.00
    assert comparison.note == (
        "vs September 2026, comparing ci (the others have no complete data for one of the months)"
    )


def test_of_two_quarters_the_others_lack_data_for_a_period_and_no_month() -> None:
    before = evolve(september("4.00 EUR"), requested=Period.parse("2026-Q2"))
    comparison = content(BOTH, before, period=Period.parse("2026-Q3")).comparison
    assert comparison.note == (
        "vs Q2 2026, comparing ci (the others have no complete data for one of the periods)"
    )


@pytest.mark.parametrize(
    ("period", "before", "now", "note"),
    [
        (None, None, DECEMBER, "No comparison: this period is still running"),
        (
            OCTOBER,
            september("4.00 EUR"),
            AS_OF,
            "No comparison: October 2026 is not over yet",
        ),
        (
            OCTOBER,
            september("4.00 EUR", state=State.FAILED),
            DECEMBER,
            "No comparison: no account has complete data for September 2026 as well",
        ),
    ],
)
def test_without_an_honest_comparison_there_is_none(
    period: Period | None, before: Answer[Usage] | None, now: datetime, note: str
) -> None:
    comparison = content(BOTH, before, period=period, now=now).comparison
    assert (comparison.difference, comparison.percent, comparison.note) == (None, None, note)


def test_a_rate_missing_for_the_month_before_costs_only_the_comparison() -> None:
    def fussy(usage: Answer[Usage]) -> Sequence[Line]:
        if usage.requested == SEPTEMBER:
            raise RateError("no exchange rate for USD on 2026-09-01")
        return euros(usage)

    answers = ReportAnswers(OCTOBER, views(BOTH), september("4.00 EUR", "1.00 EUR"))
    comparison = build_content(answers, fussy, currency="EUR", now=DECEMBER).comparison
    assert comparison.note == (
        "No comparison with September 2026: no exchange rate for USD on 2026-09-01"
    )
