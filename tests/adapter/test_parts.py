"""Finding adapters, and the two ways to ask for several things at once."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from functools import partial
from typing import Any

import pytest
from attrs import evolve

from billfold import (
    BillfoldError,
    Credential,
    DeadlineError,
    DriftError,
    NotFoundError,
    State,
    Stream,
    TransientError,
)
from billfold.adapter import Pages, Parts, Reading, all_parts, together
from billfold.facade.collecting import Collector, collect_items
from billfold.http.deadline import Deadline
from support.hurried import hurried, skipped
from support.toys import others


async def after(seconds: float, result: Any) -> Any:
    await asyncio.sleep(seconds)
    if isinstance(result, BaseException):
        raise result
    return result


async def test_both_replies_come_in_order() -> None:
    assert await together(after(0.01, "one"), after(0, "other")) == ("one", "other")


async def test_a_bug_never_hides_behind_the_provider_failing_at_once() -> None:
    async def fail(error: Exception) -> None:
        raise error

    with pytest.raises(ZeroDivisionError):
        await together(fail(TransientError("503")), fail(ZeroDivisionError()))


@pytest.mark.parametrize("failure", [NotFoundError("404"), KeyError("a bug")])
def test_when_one_of_both_fails_the_other_is_cancelled_and_the_failure_is_itself(
    failure: Exception,
) -> None:
    async def main() -> float:
        with pytest.raises(type(failure)) as caught:
            await together(after(1, failure), after(60, "never"))
        assert caught.value is failure
        assert not others()
        return skipped()

    assert hurried(main, idle=0) <= 1


Read = Callable[[], Awaitable[Reading[str]]]


def part(seconds: float, result: Any) -> Any:
    return partial(
        after, seconds, result if isinstance(result, BaseException) else Reading((result,))
    )


def reading_all(*parts: Any) -> AsyncGenerator[Reading[Any], None]:
    return Parts(parts).read(lambda part: part(), name=lambda part: None)


async def collected(*parts: Any) -> list[Any]:
    return [reading async for reading in reading_all(*parts)]


def test_parts_run_at_once_and_come_in_order() -> None:
    async def main() -> float:
        readings = await collected(*(part(5 - number, str(number)) for number in range(5)))
        assert [reading.items for reading in readings] == [("0",), ("1",), ("2",), ("3",), ("4",)]
        return skipped()

    assert hurried(main, idle=0) <= 5


async def test_no_more_than_so_many_run_ahead() -> None:
    running = most = 0

    async def one() -> Reading[str]:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.001)
        running -= 1
        return Reading(("x",))

    assert len(await collected(*[one] * 30)) == 30
    assert most == 8


def telling_the_begun(begun: list[str]) -> Callable[[str], Awaitable[Reading[str]]]:
    """Return what reads parts by their names: one called "hangs" is never read."""

    async def read(name: str) -> Reading[str]:
        begun.append(name)
        if name == "hangs":
            await asyncio.sleep(60)
            raise DeadlineError("no more time")
        return Reading((name,))

    return read


@pytest.mark.parametrize("way", ["read", "stream"])
def test_a_part_that_hangs_keeps_none_from_being_read_and_all_come_in_order(way: str) -> None:
    parts, begun = Parts(("hangs", *(f"p{number}" for number in range(40)))), list[str]()
    read = telling_the_begun(begun)

    async def stream(name: str) -> AsyncGenerator[Reading[str], None]:
        yield await read(name)

    async def main() -> list[str | None]:
        readings = parts.read(read) if way == "read" else parts.stream(stream)
        first = asyncio.ensure_future(anext(readings))
        await asyncio.sleep(30)
        assert begun == [*parts.items]
        assert not first.done()
        return [(await first).part, *[reading.part async for reading in readings]]

    assert hurried(main, idle=0) == [*parts.items]


def test_what_waits_for_a_part_that_hangs_is_bounded_and_then_goes_before_it() -> None:
    parts, begun = Parts(("hangs", *(f"p{number}" for number in range(200)))), list[str]()

    async def main() -> list[str | None]:
        readings = parts.read(telling_the_begun(begun))
        assert (await anext(readings)).items == ("p0",)
        assert len(begun) <= 1 + 64 + 8
        return [reading.part async for reading in readings]

    # All that are read come, in order; the one that hangs stands before the last that it kept.
    read = hurried(main, idle=0)
    assert [part for part in read if part != "hangs"] == [f"p{number}" for number in range(1, 200)]
    assert read.index("hangs") == 199 - 63


def pages(name: str, count: int, begun: list[str]) -> AsyncGenerator[Reading[str], None]:
    """Read so many pages of a part, a second each; one called "hangs" has none within a minute."""

    async def read() -> AsyncGenerator[Reading[str], None]:
        for number in range(count):
            begun.append(name)
            await asyncio.sleep(60 if name == "hangs" else 1)
            if name == "hangs":
                raise DeadlineError("no more time")
            yield Reading((f"{name}-{number}",))

    return read()


@pytest.mark.parametrize("hanging", [0, 1, 2])
def test_a_part_that_hangs_keeps_no_page_of_others_from_being_read(hanging: int) -> None:
    names, begun = ["a", "b"], list[str]()
    names.insert(hanging, "hangs")

    async def main() -> list[Any]:
        readings = Parts(tuple(names)).stream(lambda name: pages(name, 20, begun))
        read = asyncio.ensure_future(all_of(readings))
        await asyncio.sleep(50)
        assert (begun.count("a"), begun.count("b")) == (20, 20)
        return await read

    read = hurried(main, idle=0)
    for name in "ab":
        assert own_of(read, name) == [(f"{name}-{number}",) for number in range(20)]
    assert [*dict.fromkeys(reading.part for reading in read)] == names


def own_of(readings: list[Reading[Any]], name: str) -> list[Any]:
    return [reading.items for reading in readings if reading.part == name]


async def all_of(readings: AsyncGenerator[Reading[Any], None]) -> list[Reading[Any]]:
    return [reading async for reading in readings]


def test_pages_that_wait_for_a_part_that_hangs_are_bounded_and_then_go_before_it() -> None:
    begun = list[str]()

    async def main() -> list[Any]:
        readings = Parts(("hangs", "a", "b")).stream(lambda name: pages(name, 100, begun))
        first = await anext(readings)
        assert len(begun) <= 1 + 64 + 8
        await asyncio.sleep(50)
        assert len(begun) <= 1 + 64 + 8
        return [first, *await all_of(readings)]

    read = hurried(main, idle=0)
    for name in "ab":
        assert own_of(read, name) == [(f"{name}-{number}",) for number in range(100)]


async def test_no_parts_are_no_readings() -> None:
    assert await collected() == []


async def test_a_part_that_fails_becomes_a_reading_and_the_others_go_on() -> None:
    error = NotFoundError("404")
    readings = await collected(part(0, "a"), part(0, error), part(0, "c"))
    assert [(reading.items, reading.state, reading.error) for reading in readings] == [
        (("a",), State.COMPLETE, None),
        ((), State.FAILED, error),
        (("c",), State.COMPLETE, None),
    ]


async def test_a_bug_in_a_part_is_raised_and_ends_the_others() -> None:
    with pytest.raises(ZeroDivisionError):
        await collected(part(0, "a"), part(0, ZeroDivisionError()), part(60, "c"))
    assert not others()


async def test_leaving_early_ends_the_parts() -> None:
    readings = reading_all(part(0, "a"), part(60, "b"), part(60, "c"))
    assert (await anext(readings)).items == ("a",)
    assert len(others()) == 2
    await readings.aclose()
    assert not others()


def test_a_bug_behind_a_part_that_hangs_is_raised_by_the_deadline() -> None:
    async def bug() -> Reading[Any]:
        raise ZeroDivisionError("a bug")

    async def main() -> None:
        collector: Collector[Any] = Collector("toy", "a", Stream.USAGE)
        await collect_items(collector, reading_all(part(60, "a"), bug), Deadline.after(10))

    with pytest.raises(ZeroDivisionError):
        hurried(main, idle=0)


def test_a_bug_behind_a_part_that_hangs_is_raised_when_it_happens() -> None:
    async def main() -> float:
        with pytest.raises(ZeroDivisionError):
            await collected(part(60, "a"), part(5, ZeroDivisionError("a bug")))
        assert not others()
        return skipped()

    assert hurried(main, idle=0) <= 5


def test_who_is_cancelled_is_not_told_of_a_bug_instead() -> None:
    async def consume() -> None:
        async with aclosing(reading_all(part(0, "a"), part(5, ZeroDivisionError()))) as readings:
            async for _ in readings:
                await asyncio.sleep(60)

    async def main() -> None:
        consuming = asyncio.ensure_future(consume())
        await asyncio.sleep(10)
        consuming.cancel()
        with pytest.raises(asyncio.CancelledError):
            await consuming
        assert not others()

    hurried(main, idle=0)


def test_the_deadline_ends_the_parts_and_keeps_what_was_read() -> None:
    async def main() -> tuple[list[Any], State, int]:
        collector: Collector[Any] = Collector("toy", "a", Stream.USAGE)

        async def readings() -> AsyncGenerator[Reading[Any], None]:
            async for reading in reading_all(part(1, "a"), part(60, "b"), part(70, "c")):
                yield evolve(reading, items=tuple(map(Credential, reading.items)))

        items = await collect_items(collector, readings(), Deadline.after(10))
        return [item.subject for item in items], collector.coverage()[0].state, len(others())

    assert hurried(main, idle=0) == (["a"], State.PARTIAL, 0)


async def read_part(name: str) -> Reading[str]:
    if name == "down":
        raise NotFoundError("404 no such organization")
    return Reading((name,))


async def test_a_part_is_named_in_its_reading_and_its_failure() -> None:
    readings = [reading async for reading in Parts(("acme", "down")).read(read_part)]
    assert [reading.part for reading in readings] == ["acme", "down"]
    assert readings[1].error is not None
    assert readings[1].error.part == "down"


async def test_what_keeps_the_list_from_being_certain_comes_last() -> None:
    error = DriftError("the list may not be complete")
    readings = [reading async for reading in Parts(("acme",), error).read(read_part)]
    assert [(reading.state, reading.error) for reading in readings] == [
        (State.COMPLETE, None),
        (State.FAILED, error),
    ]


def listed(*pages: list[str]) -> Pages[Any, str, int]:
    async def fetch(number: int | None) -> tuple[int, list[str]]:
        return number or 0, pages[number or 0]

    return Pages(
        fetch,
        lambda page: page[1],
        str,
        lambda page: page[0] + 1 if page[0] + 1 < len(pages) else None,
        0,
    )


async def test_all_parts_are_those_of_every_page() -> None:
    parts = await all_parts(listed(["a"], ["b", "c"]), "organizations")
    assert parts == Parts(("a", "b", "c"))


async def test_a_list_without_parts_says_so() -> None:
    with pytest.raises(NotFoundError, match="the token sees no organizations"):
        await all_parts(listed([]), "organizations")


async def test_a_list_with_a_gap_is_read_and_its_error_kept() -> None:
    parts = await all_parts(listed(["a"], [], ["b"]), "organizations")
    assert parts.items == ("a", "b")
    assert parts.error is not None
    assert parts.error.message == (
        "the list of organizations may not be complete: "
        "1 page without records, after which the list went on"
    )


def broken(*pages: list[str], error: BillfoldError) -> Pages[Any, str, int]:
    async def fetch(number: int | None) -> tuple[int, list[str]]:
        if number == len(pages):
            raise error
        return number or 0, pages[number or 0]

    return Pages(fetch, lambda page: page[1], str, lambda page: page[0] + 1, 0)


async def test_what_was_read_of_a_list_is_kept_when_it_breaks_off() -> None:
    error = TransientError("503 maintenance", status=503)
    parts = await all_parts(broken(["a"], ["b"], error=error), "organizations")
    assert parts.items == ("a", "b")
    assert isinstance(parts.error, TransientError)
    assert (parts.error.message, parts.error.status) == (
        "the list of organizations could not be read to its end: 503 maintenance",
        503,
    )


async def test_a_list_whose_page_repeats_keeps_what_was_read() -> None:
    parts = await all_parts(broken(["a"], ["a"], error=DriftError("never asked")), "organizations")
    assert parts.items == ("a",)
    assert parts.error is not None
    assert parts.error.message.startswith(
        "the list of organizations could not be read to its end: a page only repeats"
    )


async def test_a_list_of_which_nothing_was_read_fails_by_its_own_error() -> None:
    error = NotFoundError("404 no route")
    with pytest.raises(NotFoundError) as caught:
        await all_parts(broken(error=error), "organizations")
    assert caught.value is error


async def test_one_error_of_several_parts_is_one_of_each() -> None:
    error = NotFoundError("404 no team")

    async def fail(name: str) -> Reading[str]:
        raise error

    readings = [reading async for reading in Parts(("a", "b")).read(fail)]
    assert [reading.error.part for reading in readings if reading.error] == ["a", "b"]


def streaming(*parts: tuple[str, list[Any]], error: BillfoldError | None = None) -> Any:
    """Stream parts by their names; a number among the results of one is a wait before the next."""

    async def read(part: tuple[str, list[Any]]) -> AsyncGenerator[Reading[Any], None]:
        for result in part[1]:
            if isinstance(result, BaseException):
                raise result
            if isinstance(result, float):
                await asyncio.sleep(result)
            else:
                yield Reading((result,))

    return Parts(parts, error).stream(read, name=lambda part: part[0])


async def test_streamed_parts_come_in_order_as_far_as_each_goes() -> None:
    gone, broken = NotFoundError("404"), TransientError("503")
    stream = streaming(
        ("a", [0.01, "a1", gone, "never"]), ("b", []), ("c", ["c1", 0.01, "c2"]), error=broken
    )
    read = [(reading.part, reading.items, reading.error) async for reading in stream]
    assert read == [
        ("a", ("a1",), None),
        ("a", (), gone.of_part("a")),
        ("c", ("c1",), None),
        ("c", ("c2",), None),
        (None, (), broken),
    ]
    assert not others()


def test_a_streamed_part_that_hangs_leaves_what_others_had_by_then() -> None:
    late = DeadlineError("no more time")

    async def main() -> float:
        stream = streaming(("hangs", [5.0, late]), *((f"p{n}", [4.0, f"r{n}"]) for n in range(5)))
        read = [reading.items async for reading in stream]
        assert read == [(), *((f"r{number}",) for number in range(5))]
        return skipped()

    assert hurried(main, idle=0) <= 9  # the one that hangs, and then the others all at once


@pytest.mark.parametrize("names", ["a", "ab"])
async def test_a_bug_in_a_streamed_part_is_raised(names: str) -> None:
    with pytest.raises(KeyError):
        [reading async for reading in streaming(*((name, [KeyError("a bug")]) for name in names))]
    assert not others()


async def test_a_stream_that_is_left_leaves_nothing_behind() -> None:
    stream = streaming(*((name, ["first", 60.0, "never"]) for name in "abc"))
    async for reading in stream:
        assert reading.items == ("first",)
        break
    await stream.aclose()
    assert not others()
