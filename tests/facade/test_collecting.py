"""What one account said, summed up into coverage and failures."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import date
from typing import Any

import pytest
from attrs import evolve

from billfold import (
    Coverage,
    CredentialsError,
    DeadlineError,
    DriftError,
    Invoice,
    InvoiceKind,
    MoneyError,
    NotFoundError,
    Period,
    PeriodError,
    State,
    Stream,
)
from billfold.adapter import Pages, Parts, Reading
from billfold.facade.collecting import Collector, collect_items, unsupported
from billfold.http.deadline import NO_DEADLINE, Deadline
from billfold.http.turns import come_round
from support.hurried import hold, hurried
from support.toys import OCTOBER, others, telling, usage

NOVEMBER, DECEMBER = Period.month(2026, 11), Period.month(2026, 12)
FIRST_DAY = Period.day(date(2026, 10, 1))


async def collected(*steps: Any) -> tuple[list[Any], Collector[Any]]:
    collector: Collector[Any] = Collector("toy", "a1", Stream.USAGE)
    items = await collect_items(collector, telling(*steps)(None), NO_DEADLINE)  # type: ignore[arg-type]
    return items, collector


def row(state: State, covers: Period | None, detail: str | None = None) -> Coverage:
    return Coverage("a1", "toy", Stream.USAGE, state, covers, detail)


async def test_everything_read_is_complete() -> None:
    items, collector = await collected(usage("1"), usage("2"))
    assert items == [usage("1"), usage("2")]
    assert collector.coverage() == (row(State.COMPLETE, OCTOBER),)
    assert collector.failures == ()


async def test_nothing_to_read_is_complete() -> None:
    assert (await collected())[1].coverage() == (row(State.COMPLETE, None),)


async def test_parts_that_were_read_in_full_and_have_no_record_are_idle() -> None:
    read = evolve(row(State.COMPLETE, None), idle=("p1",))
    assert (await collected(Reading((), part="p1")))[1].coverage() == (read,)
    used, failed = Reading((usage("1"),), OCTOBER, part="p2"), NotFoundError("gone")
    idle = Reading((), part="p1"), Reading((), part="p3"), Reading((), part="p1")
    several = *idle, used, Reading((), OCTOBER, part="p2")
    _, collector = await collected(*several)
    assert collector.coverage() == (evolve(row(State.COMPLETE, OCTOBER), idle=("p1", "p3")),)
    others = [
        Reading((), state=State.FAILED, error=failed, part="p4"),
        Reading((), state=State.PARTIAL, part="p5"),
        Reading((), state=State.UNAVAILABLE, part="p6"),
        Reading(()),
    ]
    _, collector = await collected(*several, *others)
    assert [each.idle for each in collector.coverage()] == [("p1", "p3"), ()]


async def test_parts_that_touch_are_one_window() -> None:
    _, collector = await collected(
        Reading((), OCTOBER), Reading((), NOVEMBER), Reading((), NOVEMBER)
    )
    assert collector.coverage() == (row(State.COMPLETE, Period(OCTOBER.start, NOVEMBER.end)),)


async def test_a_failed_part_leaves_the_others_and_makes_it_partial() -> None:
    failed = Reading((), state=State.FAILED, error=NotFoundError("404 gone"))
    items, collector = await collected(usage("1"), failed, usage("2"))
    assert len(items) == 2
    assert collector.coverage() == (row(State.PARTIAL, OCTOBER, "404 gone"),)
    (failure,) = collector.failures
    assert (failure.provider, failure.account) == ("toy", "a1")


async def test_a_part_that_failed_with_items_keeps_them() -> None:
    broken = Reading((usage("1"),), OCTOBER, error=NotFoundError("404 gone"))
    items, collector = await collected(broken)
    assert items == [usage("1")]
    assert [one.state for one in collector.coverage()] == [State.PARTIAL]


async def test_when_every_part_failed_nothing_was_answered() -> None:
    failed = Reading((), state=State.FAILED, error=NotFoundError("404 gone"))
    also = Reading((), state=State.FAILED, error=NotFoundError("404 away"))
    _, collector = await collected(failed, also, failed)
    assert collector.coverage() == (row(State.FAILED, None, "404 gone; 404 away"),)
    assert [error.message for error in collector.failures] == ["404 gone", "404 away"]


async def test_a_failure_after_pages_keeps_them() -> None:
    items, collector = await collected(usage("1"), CredentialsError("401 expired"))
    assert items == [usage("1")]
    assert collector.coverage() == (row(State.PARTIAL, OCTOBER, "401 expired"),)


async def test_a_failure_at_once_is_failed() -> None:
    _, collector = await collected(CredentialsError("401 expired"))
    assert collector.coverage() == (row(State.FAILED, None, "401 expired"),)


async def test_a_failure_after_a_window_out_of_reach_answered_nothing() -> None:
    _, collector = await collected(
        Reading((), OCTOBER, State.UNAVAILABLE, "only the current one"), CredentialsError("401")
    )
    assert collector.coverage() == (row(State.FAILED, None, "only the current one; 401"),)


@pytest.mark.parametrize("error", [MoneyError("not finite"), PeriodError("the period is empty")])
async def test_a_value_that_nobody_caught_is_the_providers_drift(error: Exception) -> None:
    _, collector = await collected(error)
    (failure,) = collector.failures
    assert type(failure) is DriftError
    assert failure.message == f"the reply does not fit its contract: {error}"
    assert failure.account == "a1"


@pytest.mark.parametrize(
    "bug", [KeyError("x"), AssertionError(), TimeoutError("an adapter's own"), ZeroDivisionError()]
)
async def test_a_bug_is_raised(bug: Exception) -> None:
    with pytest.raises(type(bug)) as caught:
        await collected(usage("1"), bug)
    assert caught.value is bug


async def test_charges_that_nobody_states_are_holes_and_counted() -> None:
    _, collector = await collected(usage("1", None), usage(None))
    assert collector.coverage() == (row(State.PARTIAL, OCTOBER, "2 without a stated amount"),)


async def test_an_invoice_without_a_total_is_a_hole() -> None:
    _, collector = await collected(
        Reading((Invoice("1", InvoiceKind.LEGAL, None, provider="toy", account="a1"),))
    )
    assert collector.coverage() == (row(State.PARTIAL, None, "1 without a stated amount"),)


async def test_details_are_said_once() -> None:
    note = Reading((), OCTOBER, State.PARTIAL, "changed")
    _, collector = await collected(note, note, Reading((), OCTOBER, State.COMPLETE, "1 repeated"))
    assert collector.coverage() == (row(State.PARTIAL, OCTOBER, "changed; 1 repeated"),)


async def test_states_of_several_parts_are_several_rows() -> None:
    different = Reading((), NOVEMBER, State.DIFFERENT_WINDOW, "the cycle")
    out_of_reach = Reading((), DECEMBER, State.UNAVAILABLE, "no such cycle")
    _, collector = await collected(Reading((), OCTOBER), different, out_of_reach)
    assert collector.coverage() == (
        row(State.COMPLETE, OCTOBER),
        row(State.DIFFERENT_WINDOW, NOVEMBER, "the cycle"),
        row(State.UNAVAILABLE, None, "no such cycle"),
    )


@pytest.mark.parametrize(
    ("seconds", "count", "state"),
    [
        (-1, 0, State.TIMED_OUT),
        (5, 0, State.TIMED_OUT),
        (15, 1, State.PARTIAL),
        (25, 2, State.COMPLETE),
    ],
)
def test_a_deadline_before_anything_is_timed_out_and_after_a_page_partial(
    seconds: float, count: int, state: State
) -> None:
    async def main() -> tuple[list[Any], Collector[Any]]:
        collector: Collector[Any] = Collector("toy", "a1", Stream.USAGE)
        deadline = Deadline(asyncio.get_running_loop().time() + seconds)
        items = await collect_items(
            collector, telling(10, usage("1"), 10, usage("2"))(None), deadline
        )  # type: ignore[arg-type]
        return items, collector

    items, collector = hurried(main, idle=0)
    assert len(items) == count
    assert [one.state for one in collector.coverage()] == [state]
    assert [type(error) for error in collector.failures] == (
        [] if state is State.COMPLETE else [DeadlineError]
    )


async def test_items_are_not_held() -> None:
    _, collector = await collected(usage("1"), usage("2"))
    assert [reading.items for reading in collector.readings] == [(), ()]


def test_what_a_provider_does_not_have_is_unsupported() -> None:
    assert unsupported(Collector("toy", "a1", Stream.USAGE)) == (
        row(State.UNSUPPORTED, None, "not offered by the provider"),
    )


def test_an_adapter_that_swallows_the_deadline_is_late_and_not_complete() -> None:
    async def swallowing() -> Any:
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            return
        yield usage("1")

    async def main() -> tuple[list[Any], Collector[Any]]:
        collector: Collector[Any] = Collector("toy", "a1", Stream.USAGE)
        return await collect_items(collector, swallowing(), Deadline.after(5)), collector

    items, collector = hurried(main, idle=0)
    assert items == []
    assert [one.state for one in collector.coverage()] == [State.TIMED_OUT]


def test_what_was_read_when_the_deadline_came_is_handed_out_however_long_that_takes() -> None:
    async def main() -> tuple[list[Any], Collector[Any]]:
        deadline = Deadline.after(10)
        requests = deadline.for_requests()

        async def read(name: str) -> Reading[Any]:
            if name == "hangs":
                await requests.run(asyncio.sleep(60))
            return Reading((usage(name[1:]),))

        async def readings() -> AsyncGenerator[Reading[Any], None]:
            parts = Parts(("hangs", *(f"p{number}" for number in range(20))))
            async for reading in parts.read(read):
                hold(2)  # as much work on what was read
                await come_round()
                yield reading

        collector: Collector[Any] = Collector("toy", "a1", Stream.USAGE)
        return await collect_items(collector, readings(), deadline), collector

    items, collector = hurried(main, idle=0)
    assert items == [usage(str(number)) for number in range(20)]
    assert [(row.part, row.state) for row in collector.coverage()] == [("hangs", State.PARTIAL)]


def test_what_came_whole_and_late_is_kept_and_is_not_complete() -> None:
    async def readings() -> AsyncGenerator[Reading[Any], None]:
        await asyncio.sleep(0)
        hold(20)  # as decoding would
        yield Reading((usage("1"),))

    async def main() -> tuple[list[Any], Collector[Any]]:
        collector: Collector[Any] = Collector("toy", "a1", Stream.USAGE)
        return await collect_items(collector, readings(), Deadline.after(10)), collector

    items, collector = hurried(main, idle=0)
    assert len(items) == 1
    assert [row.state for row in collector.coverage()] == [State.PARTIAL]
    assert [type(error) for error in collector.failures] == [DeadlineError]


@pytest.mark.parametrize("passes", [0, 1])
async def test_readings_without_an_end_end_with_the_deadline(passes: int) -> None:
    async def readings() -> AsyncGenerator[Reading[Any], None]:
        while True:
            for _ in range(passes):
                await asyncio.sleep(0)
            yield Reading()

    collector: Collector[Any] = Collector("toy", "a1", Stream.USAGE)
    async with asyncio.timeout(60):  # else it would never end
        await collect_items(collector, readings(), Deadline.after(0.05))
    assert [type(error) for error in collector.failures] == [DeadlineError]


def test_a_failure_that_is_kept_keeps_no_page_on_its_way() -> None:
    async def main() -> None:
        async def fetch(number: int | None) -> int:
            if number:
                await asyncio.sleep(60)
            return number or 0

        async def readings() -> AsyncGenerator[Reading[Any], None]:
            pages = Pages(fetch, lambda page: (page,), str, lambda page: page + 1, 0)
            rows = [refuse(row) async for page in pages for row in page]
            yield Reading(tuple(rows))

        def refuse(row: int) -> Any:
            raise DriftError(f"row {row} is odd")

        collector: Collector[Any] = Collector("toy", "a1", Stream.USAGE)
        assert await collect_items(collector, readings(), NO_DEADLINE) == []
        await asyncio.sleep(1)
        assert [error.message for error in collector.failures] == ["row 0 is odd"]
        assert not others()

    hurried(main, idle=0)


def failed(part: str, message: str) -> Reading[Any]:
    return Reading((), state=State.FAILED, error=NotFoundError(message), part=part)


async def test_a_part_that_failed_beside_others_is_named() -> None:
    read = Reading((usage("1"),), OCTOBER, part="acme")
    _, collector = await collected(read, failed("gone", "404 no route"))
    (seen,) = collector.coverage()
    assert (seen.state, seen.part, seen.detail) == (State.PARTIAL, "gone", "404 no route")
    assert [error.part for error in collector.failures] == ["gone"]
    assert seen.name == "a1 gone"


def parts_of(collector: Collector[Any]) -> list[tuple[State, str | None, str | None]]:
    return [(row.state, row.part, row.detail) for row in collector.coverage()]


async def test_of_several_parts_that_failed_each_has_a_row() -> None:
    _, collector = await collected(failed("gone", "404"), failed("away", "404 not here"))
    assert parts_of(collector) == [
        (State.FAILED, "gone", "404"),
        (State.FAILED, "away", "404 not here"),
    ]


async def test_what_is_said_of_a_part_that_answered_stands_in_the_first_row_by_its_name() -> None:
    read = Reading((usage("1"),), OCTOBER, detail="one row is odd", part="acme")
    _, collector = await collected(read, failed("gone", "404"), failed("away", "403"))
    assert parts_of(collector) == [
        (State.PARTIAL, "gone", "acme: one row is odd; 404"),
        (State.PARTIAL, "away", "403"),
    ]


async def test_a_part_that_failed_covers_nothing_of_what_other_parts_did() -> None:
    read = Reading((usage("1"),), NOVEMBER, part="acme")
    late = Reading((usage("1"),), OCTOBER, part="late")
    cut = failed("late", "500 in November")
    _, collector = await collected(read, late, cut, failed("gone", "404"))
    rows = [(row.part, row.covers) for row in collector.coverage()]
    assert rows == [("late", OCTOBER), ("gone", None)]


async def test_an_account_that_failed_covers_what_its_parts_did() -> None:
    read = Reading((usage("1"),), OCTOBER, part="acme")
    _, collector = await collected(read, NotFoundError("404"))
    (row,) = collector.coverage()
    assert (row.state, row.part, row.covers) == (State.PARTIAL, None, OCTOBER)


async def test_a_part_whose_name_is_a_word_of_what_is_said_is_named_all_the_same() -> None:
    read = Reading((usage("1"),), OCTOBER, detail="a row of data is odd", part="data")
    denied = [failed("acme", "403"), failed("da", "403 no data for you")]
    _, collector = await collected(read, *denied)
    first, second = collector.coverage()
    assert (first.name, first.detail) == ("a1 acme", "data: a row of data is odd; 403")
    assert (second.name, second.said) == ("a1 da", "da: 403 no data for you")
    assert [str(error) for error in collector.failures] == [
        "a1 acme: 403",
        "a1 da: 403 no data for you",
    ]


async def test_parts_in_different_states_have_a_row_each() -> None:
    readings = [
        Reading((), OCTOBER, State.DIFFERENT_WINDOW, "the cycle", part=part) for part in ("a", "b")
    ]
    _, collector = await collected(Reading((), OCTOBER, part="c"), *readings)
    collector.remarks.note("a note about nobody", gap=False)
    assert parts_of(collector) == [
        (State.COMPLETE, "c", "a note about nobody"),
        (State.DIFFERENT_WINDOW, "a", "the cycle"),
        (State.DIFFERENT_WINDOW, "b", "the cycle"),
    ]


async def said_of(*parts: str) -> str | None:
    """Return what is said of an account of six parts, of which these give one reason."""
    given = [
        Reading(
            (), OCTOBER, State.DIFFERENT_WINDOW, "the cycle" if part in parts else None, part=part
        )
        for part in "abcdef"
    ]
    _, collector = await collected(*given)
    (seen,) = collector.coverage()
    return seen.detail


async def test_what_is_said_of_several_parts_is_said_once_with_their_names() -> None:
    assert await said_of("a") == "a: the cycle"
    assert await said_of("a", "b", "e", "f") == "a, b, e, f: the cycle"


async def test_what_is_said_of_every_part_of_many_has_their_number() -> None:
    assert await said_of(*"abcdef") == "each of 6 parts: the cycle"


async def test_the_only_part_of_an_account_is_named_by_the_row_alone() -> None:
    _, collector = await collected(failed("acme", "404 no route"))
    (seen,) = collector.coverage()
    assert (seen.part, seen.detail, seen.name) == ("acme", "404 no route", "a1 acme")


async def test_what_is_said_of_one_part_of_several_names_it() -> None:
    odd = Reading((), OCTOBER, State.PARTIAL, "a day is missing", part="acme")
    _, collector = await collected(odd, Reading((), OCTOBER, part="beta"))
    assert parts_of(collector) == [(State.PARTIAL, "acme", "a day is missing")]


async def test_a_failed_part_does_not_hide_that_another_is_partial() -> None:
    odd = Reading((usage("1"),), OCTOBER, State.PARTIAL, "a day is missing", part="acme")
    _, collector = await collected(odd, failed("gone", "404"))
    assert parts_of(collector) == [
        (State.PARTIAL, "gone", "404"),
        (State.PARTIAL, "acme", "a day is missing"),
    ]


async def test_a_failed_part_does_not_hide_that_nobody_states_a_cost() -> None:
    unstated = Reading((usage(None),), OCTOBER, part="acme")
    _, collector = await collected(unstated, failed("gone", "404"))
    assert parts_of(collector) == [
        (State.PARTIAL, "gone", "404"),
        (State.PARTIAL, "acme", "1 without a stated amount"),
    ]
