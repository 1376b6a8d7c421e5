"""Charges as they arrive: in bounded memory, and never quietly fewer."""

import asyncio
import gc
from contextlib import aclosing
from typing import Any

import pytest

from billfold import (
    Account,
    Billfold,
    ConfigError,
    CredentialsError,
    DeadlineError,
    IncompleteError,
    Secret,
    State,
    Stream,
)
from billfold.adapter import Parts, Reading, Readings
from billfold.http.client import Client
from support.hurried import hurried
from support.lines import TOKEN
from support.toys import OCTOBER, Silent, Toy, charge, fold_of_toys, others, telling, usage


async def test_every_charge_arrives_and_nothing_is_missing() -> None:
    async with fold_of_toys(telling(usage("1", "2"), usage("3", name="d"))) as fold:
        charges = fold.charges(OCTOBER)
        ids = [one.id async for one in charges]
    assert ids == ["c1", "c2", "d1"]
    assert [row.state for row in charges.coverage] == [State.COMPLETE]
    assert charges.failures == ()


async def test_an_accounts_charges_keep_their_order_while_accounts_arrive_as_they_come() -> None:
    slow = telling(0.02, usage("1", account="a1"), 0.02, usage("2", account="a1", name="d"))
    quick = telling(usage("3", account="a2"), 0.03, usage("4", account="a2", name="d"))
    async with fold_of_toys(slow, quick) as fold:
        arrived = [(one.account, one.id) async for one in fold.charges()]
    assert arrived[0] == ("a2", "c1")
    for account in ("a1", "a2"):
        assert [ident for name, ident in arrived if name == account] == ["c1", "d1"]


async def test_a_hole_is_raised_after_the_last_charge() -> None:
    async with fold_of_toys(telling(usage("1")), telling(CredentialsError("401 expired"))) as fold:
        charges, seen = fold.charges(), []

        async def read() -> None:
            async for one in charges:
                seen.append(one.id)

        with pytest.raises(
            IncompleteError, match=r"a2 is failed \(401 expired\); partial=True accepts that"
        ):
            await read()
    assert seen == ["c1"]
    assert [type(error) for error in charges.failures] == [CredentialsError]


async def test_a_hole_may_be_accepted() -> None:
    async with fold_of_toys(
        telling(usage("1", None)), telling(CredentialsError("401 expired"))
    ) as fold:
        charges = fold.charges(partial=True)
        assert [one.id async for one in charges] == ["c1", "c2"]
    assert [row.state for row in charges.coverage] == [State.PARTIAL, State.FAILED]


async def test_when_nobody_has_charges_that_is_a_hole() -> None:
    async with Billfold([Account("s", Silent(), Secret(TOKEN))]) as fold:
        charges = fold.charges()
        with pytest.raises(IncompleteError, match="no account has this stream"):
            [one async for one in charges]
    assert [row.state for row in charges.coverage] == [State.UNSUPPORTED]


async def test_a_bug_is_raised() -> None:
    async with fold_of_toys(
        telling(usage("1"), ZeroDivisionError("a bug")), telling(60, usage("2"))
    ) as fold:
        with pytest.raises(ExceptionGroup) as caught:
            [one async for one in fold.charges(partial=True)]
        assert caught.group_contains(ZeroDivisionError)
        assert not others()


def test_the_deadline_ends_the_stream_with_what_arrived() -> None:
    async def main() -> tuple[list[str], Any, float]:
        loop = asyncio.get_running_loop()
        async with fold_of_toys(telling(1, usage("1"), 60, usage("2"))) as fold:
            start, charges = loop.time(), fold.charges(deadline=10, partial=True)
            return [one.id async for one in charges], charges, loop.time() - start

    ids, charges, spent = hurried(main, idle=0)
    assert ids == ["c1"]
    assert spent < 30  # and not the 60 that the answer takes
    assert [row.state for row in charges.coverage] == [State.PARTIAL]
    assert [type(error) for error in charges.failures] == [DeadlineError]


class Counting:
    """Give usages without end, and count them."""

    def __init__(self) -> None:
        self.read = 0
        self.closed = False

    async def __call__(self, client: Client) -> Readings[Any]:
        try:
            while True:
                self.read += 1
                yield Reading((usage("1", name=f"u{self.read}-"),), OCTOBER)
                await asyncio.sleep(0)
        finally:
            self.closed = True


def test_reading_ahead_is_bounded() -> None:
    async def main() -> None:
        one, other = Counting(), Counting()
        async with fold_of_toys(one, other) as fold, aclosing(aiter(fold.charges())) as charges:
            for consumed in range(1, 50):
                await anext(charges)
                await asyncio.sleep(1)
                assert one.read + other.read <= consumed + 7

    hurried(main, idle=0)


async def test_leaving_early_stops_the_work() -> None:
    endless = Counting()
    async with fold_of_toys(endless, telling(60)) as fold:
        async with aclosing(aiter(fold.charges())) as charges:
            assert (await anext(charges)).id == "u1-1"
        assert endless.closed
        assert not others()


def test_leaving_early_stops_an_account_that_is_waiting_for_room() -> None:
    async def main() -> None:
        async def tell(client: Client) -> Readings[Any]:
            async def part() -> Reading[Any]:
                return Reading(tuple(usage("1") for _ in range(20)), OCTOBER)

            async def never() -> Reading[Any]:
                await asyncio.sleep(60)
                raise AssertionError("nobody waits that long")

            async for reading in Parts((part, never, never)).read(
                lambda read: read(), lambda _: None
            ):
                yield reading

        async with fold_of_toys(tell) as fold:
            async with aclosing(aiter(fold.charges())) as charges:
                await anext(charges)
                await asyncio.sleep(1)
                assert others()
            await asyncio.sleep(1)  # the parts of an account end a moment after the account itself
            assert not others()

    hurried(main, idle=0)


def test_a_broken_loop_without_closing_ends_the_work_soon() -> None:
    async def main() -> None:
        endless = Counting()
        async with fold_of_toys(endless) as fold:
            async for _ in fold.charges():
                break
            gc.collect()
            await asyncio.sleep(1)
            assert endless.closed
            assert not others()

    hurried(main, idle=0)


def test_cancelling_the_consumer_ends_the_work() -> None:
    async def main() -> None:
        async with fold_of_toys(telling(usage("1"), 60)) as fold:

            async def consume() -> None:
                async for _ in fold.charges():
                    pass

            consuming = asyncio.create_task(consume())
            await asyncio.sleep(1)
            consuming.cancel()
            with pytest.raises(asyncio.CancelledError):
                await consuming
            assert not others()

    hurried(main, idle=0)


async def test_a_flow_gives_items_and_leaves_holes_to_the_coverage() -> None:
    async with fold_of_toys(telling(usage("1")), telling(CredentialsError("401"))) as fold:
        flow = fold.flow(Stream.USAGE, OCTOBER)
        assert [item async for item in flow] == [usage("1")]
    assert [row.state for row in flow.coverage] == [State.COMPLETE, State.FAILED]
    assert [type(error) for error in flow.failures] == [CredentialsError]


async def test_a_flow_is_named_by_text_too_and_only_of_what_comes_by_time() -> None:
    async with fold_of_toys(telling(usage("1"))) as fold:
        assert [item async for item in fold.flow("usage", OCTOBER)] == [usage("1")]
        for other in ("balances", "invoices", "bogus"):
            with pytest.raises(
                ConfigError, match=f"a flow is of usage, daily or ledger, not of '{other}'"
            ):
                fold.flow(other)


async def test_a_flow_that_was_not_read_to_its_end_is_never_complete() -> None:
    async with fold_of_toys(telling(usage("1"), 60, usage("2"))) as fold:
        flow = fold.flow(Stream.USAGE, OCTOBER)
        before = flow.coverage
        async with aclosing(aiter(flow)) as items:
            assert await anext(items) == usage("1")
    assert [(row.state, row.detail) for row in (*before, *flow.coverage)] == [
        (State.PARTIAL, "not read to its end")
    ] * 2


async def test_accounts_are_chosen_as_everywhere() -> None:
    accounts = [
        Account(name, Toy(telling(usage("1", account=name))), Secret(TOKEN)) for name in ("a", "b")
    ]
    async with Billfold(accounts) as fold:
        assert [one async for one in fold.charges(accounts="b")] == [charge("c1", account="b")]
