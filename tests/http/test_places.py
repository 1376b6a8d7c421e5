"""Places are shared by origin first: who hangs takes no other's."""

import asyncio

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from billfold import Account, Billfold, Secret, State
from billfold.http.places import Gate, Places
from billfold.simulators import plain_json
from support.hurried import hurried
from support.lines import QUICK, TOKEN, Hello, answering
from support.toys import OCTOBER, Toy


def gates(total: int, count: int) -> list[Gate]:
    places = Places(total)
    return [places.at(URL(f"https://{number}.example")) for number in range(count)]


async def test_an_origin_that_hangs_leaves_the_others_their_share() -> None:
    first, second, third = gates(12, 3)
    held = [asyncio.create_task(first.acquire()) for _ in range(20)]
    await asyncio.sleep(0)
    assert first.used == 8  # two are kept free for each of the others
    for gate in (second, third):
        await asyncio.wait_for(gate.acquire(), 30)
        await asyncio.wait_for(gate.acquire(), 30)
    assert (first.used, second.used, third.used) == (8, 2, 2)
    for task in held:
        task.cancel()
    await asyncio.gather(*held, return_exceptions=True)


async def test_an_origin_alone_has_all_places() -> None:
    (only,) = gates(5, 1)
    for _ in range(5):
        await asyncio.wait_for(only.acquire(), 30)
    waiting = asyncio.create_task(only.acquire())
    await asyncio.sleep(0)
    assert not waiting.done()
    only.release()
    await asyncio.wait_for(waiting, 30)


async def test_more_origins_than_places_take_turns() -> None:
    many = gates(2, 5)
    entered: list[int] = []

    async def use(number: int) -> None:
        async with many[number]:
            entered.append(number)
            await asyncio.sleep(0)

    await asyncio.wait_for(asyncio.gather(*(use(number) for number in range(5))), 30)
    assert sorted(entered) == [0, 1, 2, 3, 4]


async def test_who_waits_first_is_let_in_first() -> None:
    (gate,) = gates(1, 1)
    order: list[int] = []

    async def use(number: int) -> None:
        async with gate:
            order.append(number)
            await asyncio.sleep(0)

    await asyncio.gather(*(use(number) for number in range(5)))
    assert order == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("granted", [False, True])
async def test_who_is_cancelled_while_it_waits_takes_no_place(granted: bool) -> None:
    (gate,) = gates(1, 1)
    await gate.acquire()
    waiting = asyncio.create_task(gate.acquire())
    await asyncio.sleep(0)
    if granted:
        gate.release()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    if not granted:
        gate.release()
    await asyncio.wait_for(gate.acquire(), 30)
    assert (gate.used, gate.places.free) == (1, 0)


@given(st.integers(1, 9), st.integers(1, 6), st.lists(st.integers(0, 17), max_size=60))
def test_no_order_of_use_loses_a_place_or_gives_one_twice(
    total: int, count: int, moves: list[int]
) -> None:
    async def main() -> None:
        several = gates(total, count)
        tasks: list[list[asyncio.Task[None]]] = [[] for _ in several]
        for move in moves:
            gate, its = several[move % count], tasks[move % count]
            done = [task for task in its if task.done()]
            if move >= 9 and done:
                its.remove(done[0])
                gate.release()
            elif move >= 7 and its and not its[-1].done():
                its.pop().cancel()
            else:
                its.append(asyncio.create_task(gate.acquire()))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert sum(gate.used for gate in several) + gate.places.free == total
            for one, waiting in zip(several, tasks, strict=True):
                assert one.used == sum(task.done() for task in waiting)
                if one.used < gate.places.share:
                    assert not one.waiting or one.used == len(waiting)
        for task in [task for its in tasks for task in its]:
            task.cancel()

    asyncio.run(main())


def test_accounts_that_hang_at_one_provider_take_no_places_of_another() -> None:
    async def main() -> None:
        arrived = 0

        async def hang(request: web.Request) -> web.Response:
            nonlocal arrived
            arrived += 1
            await asyncio.sleep(600)
            raise AssertionError("nobody waits that long")

        async def greet(request: web.Request) -> web.Response:
            return plain_json({"hello": "world"})

        async def ask(client):
            await client.get("/hello", Hello)
            yield None

        async with answering(hang) as hanging, answering(greet) as good:
            accounts = [
                Account(f"{kind}{number}", Toy(ask), Secret(f"{TOKEN}-{kind}{number}"), url)
                for kind, url, count in (("hangs", hanging, 64), ("good", good, 20))
                for number in range(count)
            ]
            async with Billfold(accounts, retry=QUICK) as fold:
                answer = await fold.usage(OCTOBER, deadline=30)
        states = {row.account: row.state for row in answer.coverage}
        assert [states[f"good{number}"] for number in range(20)] == [State.COMPLETE] * 20
        assert [states[f"hangs{number}"] for number in range(64)] == [State.TIMED_OUT] * 64
        assert 20 <= arrived <= 48

    hurried(main)
