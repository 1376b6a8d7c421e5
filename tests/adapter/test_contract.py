"""Finding adapters, and the two ways to ask for several things at once."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from functools import partial
from typing import Any

import pytest
from attrs import evolve

from billfold import ConfigError, Credential, NotFoundError, State, Stream, TransientError
from billfold.adapter.contract import (
    Adapter,
    OffersBalances,
    OffersInvoices,
    OffersLedger,
    Reading,
    both,
    find,
    installed,
    side_by_side,
    streams,
)
from billfold.facade.collecting import Gathering, drained
from support.hurried import hurried
from support.toys import Bank, Silent, Toy, others, telling


def test_our_own_adapters_are_found_by_entry_point() -> None:
    assert set(installed()) >= {"aether", "bnerd", "harmont", "latitude"}
    assert list(installed()) == sorted(installed())
    assert find("harmont").provider == "harmont"


def test_an_adapter_that_is_not_installed_is_named_with_those_that_are() -> None:
    with pytest.raises(
        ConfigError, match="no adapter is installed for provider 'nimbus'; installed: aether, bnerd"
    ):
        find("nimbus")


def test_streams_are_the_methods() -> None:
    assert streams(Silent) == ()
    assert streams(Toy) == (Stream.BALANCES, Stream.USAGE)
    assert streams(Bank()) == (Stream.INVOICES, Stream.PAYMENT_METHODS)


def test_protocols_say_the_same() -> None:
    toy = Toy(telling())
    assert isinstance(toy, Adapter)
    assert isinstance(toy, OffersBalances)
    assert not isinstance(toy, OffersLedger)
    assert isinstance(Bank(), OffersInvoices)


async def after(seconds: float, result: Any) -> Any:
    await asyncio.sleep(seconds)
    if isinstance(result, BaseException):
        raise result
    return result


async def test_both_replies_come_in_order() -> None:
    assert await both(after(0.01, "one"), after(0, "other")) == ("one", "other")


async def test_a_bug_never_hides_behind_the_provider_failing_at_once() -> None:
    async def fail(error: Exception) -> None:
        raise error

    with pytest.raises(ZeroDivisionError):
        await both(fail(TransientError("503")), fail(ZeroDivisionError()))


@pytest.mark.parametrize("failure", [NotFoundError("404"), KeyError("a bug")])
async def test_when_one_of_both_fails_the_other_is_cancelled_and_the_failure_is_itself(
    failure: Exception,
) -> None:
    start = asyncio.get_running_loop().time()
    with pytest.raises(type(failure)) as caught:
        await both(after(0.01, failure), after(60, "never"))
    assert caught.value is failure
    assert asyncio.get_running_loop().time() - start < 1
    assert not others()


Read = Callable[[], Awaitable[Reading[str]]]


def part(seconds: float, result: Any) -> Any:
    return partial(
        after, seconds, result if isinstance(result, BaseException) else Reading((result,))
    )


async def collected(*parts: Any, ahead: int = 8) -> list[Any]:
    return [reading async for reading in side_by_side(parts, ahead=ahead)]


async def test_parts_run_at_once_and_come_in_order() -> None:
    start = asyncio.get_running_loop().time()
    readings = await collected(*(part(0.05 - number / 100, str(number)) for number in range(5)))
    assert [reading.items for reading in readings] == [("0",), ("1",), ("2",), ("3",), ("4",)]
    assert asyncio.get_running_loop().time() - start < 0.14


async def test_no_more_than_so_many_run_ahead() -> None:
    running = most = 0

    async def one() -> Reading[str]:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.001)
        running -= 1
        return Reading(("x",))

    assert len(await collected(*[one] * 30, ahead=3)) == 30
    assert most == 3


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
    readings = side_by_side([part(0, "a"), part(60, "b"), part(60, "c")])
    assert (await anext(readings)).items == ("a",)
    assert len(others()) == 2
    await readings.aclose()
    assert not others()


def test_a_bug_behind_a_part_that_hangs_is_raised_by_the_deadline() -> None:
    async def bug() -> Reading[Any]:
        raise ZeroDivisionError("a bug")

    async def main() -> None:
        gathering: Gathering[Any] = Gathering("toy", "a", Stream.USAGE)
        await drained(
            gathering, side_by_side([part(60, "a"), bug]), asyncio.get_running_loop().time() + 10
        )

    with pytest.raises(ZeroDivisionError):
        hurried(main, idle=0)


def test_the_deadline_ends_the_parts_and_keeps_what_was_read() -> None:
    async def main() -> tuple[list[Any], State, int]:
        gathering: Gathering[Any] = Gathering("toy", "a", Stream.USAGE)

        async def readings() -> AsyncGenerator[Reading[Any], None]:
            async for reading in side_by_side([part(1, "a"), part(60, "b"), part(70, "c")]):
                yield evolve(reading, items=tuple(map(Credential, reading.items)))

        items = await drained(gathering, readings(), asyncio.get_running_loop().time() + 10)
        return [item.subject for item in items], gathering.coverage()[0].state, len(others())

    assert hurried(main, idle=0) == (["a"], State.PARTIAL, 0)
