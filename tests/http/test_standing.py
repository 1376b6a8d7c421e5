"""A refusal of a credential is learnt once, and repetitions are rationed over all accounts."""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web

from billfold import (
    Account,
    Answer,
    Billfold,
    CredentialsError,
    RateLimitedError,
    RetryPolicy,
    Secret,
    State,
    TransientError,
)
from billfold.simulators import plain_json
from support.hurried import hurried
from support.lines import QUICK, TOKEN, Hello, answering
from support.toys import OCTOBER, Toy

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
Reply = Callable[[web.Request], web.Response]


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


class Source:
    """A token that may be another one, whenever it is read."""

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self.read_times = 0

    async def read(self) -> Secret:
        self.read_times += 1
        return Secret(self.token)


async def ask_one(client: Any) -> Any:
    await client.get(f"/{client.account}", Hello)
    yield None


def asked(
    reply: Reply,
    ask: Callable[[Billfold], Awaitable[Any]],
    *,
    count: int = 300,
    source: Any = None,
    **options: Any,
) -> tuple[Any, list[str]]:
    """Ask over accounts that share a credential; give what was answered and the paths asked.

    By a clock that jumps: no deadline and no patience ends because the machine is busy.
    """
    paths: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        paths.append(request.path)
        return reply(request)

    async def main() -> Any:
        async with answering(answer) as url:
            token = source or Secret(TOKEN)
            accounts = [
                Account(f"a{number}", Toy(options.pop("tell", ask_one)), token, url)
                for number in range(count)
            ]
            async with Billfold(accounts, retry=options.pop("retry", QUICK), **options) as fold:
                return await ask(fold)

    return hurried(main), paths


async def usage(fold: Billfold) -> Answer[Any]:
    return await fold.usage(OCTOBER, deadline=60)


def limited(request: web.Request) -> web.Response:
    return plain_json({}, status=429, headers={"Retry-After": "3600"})


def revoked(request: web.Request) -> web.Response:
    return plain_json({"code": "revoked"}, status=401)


def test_a_limit_of_an_hour_is_learnt_once_and_told_to_every_account() -> None:
    clock = Clock()
    answer, paths = asked(limited, usage, clock=clock)
    assert len(answer.failures) == 300
    assert {type(each) for each in answer.failures} == {RateLimitedError}
    assert {each.retry_at for each in answer.failures} == {NOW + timedelta(hours=1)}
    assert {each.account for each in answer.failures} == {f"a{number}" for number in range(300)}
    assert len(paths) <= 64  # those that were under way when the first was answered


def test_a_later_request_of_that_credential_is_not_sent_until_then() -> None:
    clock = Clock()

    async def thrice(fold: Billfold) -> list[int]:
        counts = []
        for wait in (0, 3599, 2):
            clock.now += timedelta(seconds=wait)
            answer = await fold.usage(OCTOBER, accounts="a0")
            assert isinstance(answer.failures[0], RateLimitedError)
            counts.append(len(seen))
        return counts

    seen: list[str] = []

    def reply(request: web.Request) -> web.Response:
        seen.append(request.path)
        return limited(request)

    counts, _ = asked(reply, thrice, count=2, clock=clock)
    assert counts == [1, 1, 2]


def test_a_revoked_token_is_learnt_once_and_told_to_every_account() -> None:
    answer, paths = asked(revoked, usage)
    assert len(answer.failures) == 300
    assert {type(each) for each in answer.failures} == {CredentialsError}
    assert {each.code for each in answer.failures} == {"revoked"}
    assert len(paths) <= 64


def test_a_renewed_token_clears_what_was_learnt() -> None:
    source = Source("revoked-token-0123456789")

    def reply(request: web.Request) -> web.Response:
        good = request.headers["Authorization"].endswith("good-token-0123456789")
        return plain_json({"hello": "world"}) if good else revoked(request)

    async def twice(fold: Billfold) -> list[State]:
        first = await fold.usage(OCTOBER, accounts="a0")
        source.token = "good-token-0123456789"
        second = await fold.usage(OCTOBER, accounts="a1")
        third = await fold.usage(OCTOBER, accounts="a0")
        return [each.coverage[0].state for each in (first, second, third)]

    states, paths = asked(reply, twice, count=2, source=source)
    assert states == [State.FAILED, State.COMPLETE, State.COMPLETE]
    assert paths == ["/a0", "/a1", "/a0"]
    assert source.read_times == 3


def test_a_refused_token_is_tried_again_after_half_a_minute() -> None:
    clock, status = Clock(), [401]

    def reply(request: web.Request) -> web.Response:
        return plain_json({"hello": "world"}, status=status[0])

    async def later(fold: Billfold) -> list[State]:
        states = []
        for wait in (0, 29, 2):
            clock.now += timedelta(seconds=wait)
            states.append((await fold.usage(OCTOBER)).coverage[0].state)
            status[0] = 200
        return states

    states, paths = asked(reply, later, count=1, clock=clock)
    assert states == [State.FAILED, State.FAILED, State.COMPLETE]
    assert len(paths) == 2


def test_one_path_that_is_refused_does_not_refuse_a_token_that_is_accepted_elsewhere() -> None:
    def reply(request: web.Request) -> web.Response:
        return revoked(request) if request.path == "/a1" else plain_json({"hello": "world"})

    async def in_turn(fold: Billfold) -> list[State]:
        return [
            (await fold.usage(OCTOBER, accounts=f"a{number}")).coverage[0].state
            for number in (0, 1, 1, 2, 1)
        ]

    states, paths = asked(reply, in_turn, count=3)
    good, bad = State.COMPLETE, State.FAILED
    assert states == [good, bad, bad, good, bad]
    assert paths == ["/a0", "/a1", "/a1", "/a2", "/a1"]


def test_a_write_with_a_refused_token_is_not_sent() -> None:
    async def write(fold: Billfold) -> None:
        await fold.usage(OCTOBER)
        client = fold.account("a0")._client
        with pytest.raises(RateLimitedError):
            await client.send("POST", "/write")

    _, paths = asked(limited, write, count=1)
    assert paths == ["/a0"]


async def test_another_token_at_the_same_place_is_not_refused_with_it() -> None:
    async def answer(request: web.Request) -> web.Response:
        bad = request.headers["Authorization"].endswith("bad-token-0123456789")
        return limited(request) if bad else plain_json({"hello": "world"})

    async with answering(answer) as url:
        accounts = [
            Account("a", Toy(ask_one), Secret("bad-token-0123456789"), url),
            Account("b", Toy(ask_one), Secret("other-token-0123456789"), url),
        ]
        async with Billfold(accounts, retry=QUICK) as fold:
            for _ in range(2):
                answer_ = await fold.usage(OCTOBER)
                states = [row.state for row in answer_.coverage]
                assert states == [State.FAILED, State.COMPLETE]


# -- repetitions


def down(request: web.Request) -> web.Response:
    return plain_json({}, status=503)


def test_a_provider_that_is_down_is_not_asked_five_times_by_every_account() -> None:
    answer, paths = asked(down, usage)
    assert len(answer.failures) == 300
    assert {type(each) for each in answer.failures} == {TransientError}
    assert 300 + 100 <= len(paths) <= 300 + 100 + 1
    assert any("too many requests to this provider failed" in e.message for e in answer.failures)


def test_a_short_outage_that_hits_every_account_loses_none() -> None:
    seen = Counter[str]()

    def reply(request: web.Request) -> web.Response:
        seen[request.path] += 1
        return down(request) if seen[request.path] == 1 else plain_json({"hello": "world"})

    answer, paths = asked(reply, usage, count=90)
    assert answer.complete
    assert len(paths) == 180


def test_one_provider_that_is_down_takes_no_repetition_from_another() -> None:
    seen = Counter[str]()

    async def flaky(request: web.Request) -> web.Response:
        seen[request.path] += 1
        return down(request) if seen[request.path] < 5 else plain_json({"hello": "world"})

    async def dead(request: web.Request) -> web.Response:
        return down(request)

    async def main() -> Answer[Any]:
        async with answering(dead) as bad, answering(flaky) as good:
            accounts = [Account(f"d{n}", Toy(ask_one), Secret(TOKEN), bad) for n in range(100)]
            accounts += [Account(f"g{n}", Toy(ask_one), Secret(TOKEN), good) for n in range(5)]
            async with Billfold(accounts, retry=QUICK) as fold:
                return await fold.usage(OCTOBER)

    states = {row.account: row.state for row in hurried(main).coverage}
    assert [states[f"g{n}"] for n in range(5)] == [State.COMPLETE] * 5


def test_a_limit_that_says_nothing_costs_no_repetition() -> None:
    seen = Counter[str]()

    def reply(request: web.Request) -> web.Response:
        seen[request.path] += 1
        if seen[request.path] < 5:
            return plain_json({}, status=429)
        return plain_json({"hello": "world"})

    quick = RetryPolicy(backoff=0.001, backoff_max=0.001)
    answer, paths = asked(reply, usage, count=60, retry=quick)
    assert answer.complete
    assert len(paths) == 300
