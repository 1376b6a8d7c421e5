"""Accounts begin in their order, as many at once as there are places, and none waits for long."""

import asyncio

from attrs import evolve

from billfold import Account, Billfold, DeadlineError, Secret, State, Stream
from billfold.adapter import Reading, Readings
from billfold.http.client import Client
from support.hurried import hurried, skipped
from support.lines import QUICK, TOKEN
from support.toys import OCTOBER, Toy, eur, telling, usage


class Accounts:
    """Ten accounts that take some seconds each; who began when, and how many were under way."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.began: list[tuple[str, float]] = []
        self.running, self.most = 0, 0

    async def tell(self, client: Client) -> Readings[object]:
        self.began.append((client.account, asyncio.get_running_loop().time()))
        self.running += 1
        self.most = max(self.most, self.running)
        await asyncio.sleep(self.seconds)
        self.running -= 1
        yield Reading((evolve(usage("1"), billing_account_id=client.account),), OCTOBER)

    def fold(self, places: int) -> Billfold:
        toys = [Account(f"a{n}", Toy(self.tell), Secret(TOKEN)) for n in range(10)]
        return Billfold(toys, retry=QUICK, concurrency=places)


def test_no_more_have_begun_than_there_are_places_and_all_are_asked() -> None:
    accounts = Accounts(seconds=0.5)

    async def main() -> None:
        async with accounts.fold(places=3) as fold:
            answer = await fold.usage(OCTOBER)
        assert answer.complete
        assert answer.totals() == {"EUR": eur("10")}

    hurried(main, idle=0)
    assert accounts.most == 3
    assert [name for name, _ in accounts.began] == [f"a{n}" for n in range(10)]


def test_who_waits_for_something_else_keeps_the_next_ones_waiting_for_a_second() -> None:
    accounts = Accounts(seconds=60)

    async def main() -> None:
        async with accounts.fold(places=5) as fold:
            assert (await fold.usage(OCTOBER)).complete

    hurried(main, idle=0)
    moments = [moment for _, moment in accounts.began]
    first, later = moments[:5], moments[5:]
    # The second is counted from before a task runs, and the clock goes on meanwhile.
    assert all(0.9 <= moment - max(first) < 30 for moment in later)


def test_who_has_not_begun_by_the_deadline_is_timed_out_by_its_name() -> None:
    accounts = Accounts(seconds=60)

    async def main() -> None:
        async with accounts.fold(places=2) as fold:
            answer = await fold.usage(OCTOBER, deadline=0.5)
        assert [row.state for row in answer.coverage] == [State.TIMED_OUT] * 10
        assert {error.account for error in answer.failures} == {f"a{n}" for n in range(10)}
        assert all(isinstance(error, DeadlineError) for error in answer.failures)

    hurried(main, idle=0)
    assert len(accounts.began) == 2


def test_a_flow_begins_its_accounts_as_an_answer_does() -> None:
    accounts = Accounts(seconds=0.5)

    async def main() -> list[str]:
        async with accounts.fold(places=3) as fold:
            return [item.account async for item in fold.flow(Stream.USAGE, OCTOBER)]

    assert sorted(hurried(main, idle=0)) == [f"a{n}" for n in range(10)]
    assert accounts.most == 3


def test_a_provider_whose_accounts_hang_keeps_no_other_waiting() -> None:
    slow = [Account(f"s{n}", Toy(telling(60, usage("1"))), Secret(TOKEN)) for n in range(9)]
    quick = Account("q", Toy(telling(usage("2"))), Secret(TOKEN), "https://other.invalid")

    async def main() -> None:
        async with Billfold([*slow, quick], retry=QUICK, concurrency=4) as fold:
            flow = fold.flow(Stream.USAGE, OCTOBER)
            first = await anext(aiter(flow))
            assert (first.account, skipped()) == ("q", 0)

    hurried(main, idle=0)


async def test_one_account_is_read_without_a_task_of_its_own() -> None:
    tasks: list[asyncio.Task[object] | None] = []

    async def tell(client: Client) -> Readings[object]:
        tasks.append(asyncio.current_task())
        yield Reading((usage("1"),), OCTOBER)

    async with Billfold([Account("a", Toy(tell), Secret(TOKEN))]) as fold:
        assert (await fold.usage(OCTOBER)).complete
    assert tasks == [asyncio.current_task()]
