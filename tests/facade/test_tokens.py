"""Tokens are read when first needed; one that cannot be read fails its own account only."""

import asyncio
from typing import Any

import pytest
from aiohttp import web

from billfold import (
    Account,
    Billfold,
    ConfigError,
    CredentialsError,
    Secret,
    State,
    Stream,
    TokenError,
)
from billfold.accounts.tokens import FromEnv
from billfold.adapter import Reading, Readings
from billfold.http.client import Client
from billfold.http.login import TokenSource
from billfold.simulators import plain_json, serving
from support.hurried import hurried
from support.lines import QUICK, TOKEN, Hello, answering, server
from support.toys import OCTOBER, Bank, Silent, Toy, eur, telling, usage

MISSING = "the environment variable BILLFOLD_NOT_SET is not set; it should hold the token"
UNSET = FromEnv("BILLFOLD_NOT_SET")


class Handing:
    """Hands out tokens in turn, the last one again and again, and counts; an error is raised."""

    def __init__(self, *tokens: str | Exception, seconds: float = 0) -> None:
        self._tokens = tokens
        self._seconds = seconds
        self.count = 0

    async def read(self) -> Secret:
        self.count += 1
        await asyncio.sleep(self._seconds)
        token = self._tokens[min(self.count, len(self._tokens)) - 1]
        if isinstance(token, Exception):
            raise token
        return Secret(token)


async def greet(client: Client) -> Readings[Any]:
    reply = await client.get("/hello", Hello)
    yield Reading((usage("1", account=client.account, name=reply.hello),), OCTOBER)


def fold_over(url: str, *sources: TokenSource, **options: Any) -> Billfold:
    """Put each under an account of its own, a1, a2 ..., which greets the server."""
    accounts = [
        Account(f"a{number}", Toy(greet), source, url) for number, source in enumerate(sources, 1)
    ]
    return Billfold(accounts, retry=QUICK, **options)


async def test_a_token_that_cannot_be_read_fails_its_own_account_and_no_other() -> None:
    async with serving(server()) as url, fold_over(url, UNSET, Handing(TOKEN)) as fold:
        answer = await fold.usage(OCTOBER)
    assert answer.totals(partial=True) == {"EUR": eur("1")}
    assert [(row.account, row.state) for row in answer.coverage] == [
        ("a1", State.FAILED),
        ("a2", State.COMPLETE),
    ]
    assert answer.coverage[0].detail == MISSING
    assert answer.failures == (TokenError(MISSING, provider="toy", account="a1"),)


async def test_so_it_does_in_a_flow() -> None:
    async with serving(server()) as url, fold_over(url, UNSET, Handing(TOKEN)) as fold:
        flow = fold.flow(Stream.USAGE, OCTOBER)
        assert [item.account async for item in flow] == ["a2"]
    assert flow.failures == (TokenError(MISSING, provider="toy", account="a1"),)
    assert [row.state for row in flow.coverage] == [State.FAILED, State.COMPLETE]


async def test_the_token_of_an_account_that_is_not_asked_is_not_read() -> None:
    wanted, other = Handing(TOKEN), Handing(ConfigError("locked"))
    async with serving(server()) as url, fold_over(url, wanted, other) as fold:
        assert (wanted.count, other.count) == (0, 0)
        assert (await fold.usage(OCTOBER, accounts=["a1"])).complete
        assert (await fold.usage(OCTOBER, accounts=["a1"])).complete
    assert (wanted.count, other.count) == (1, 0)


async def test_where_no_asked_account_has_a_token_it_is_wrong_use_and_all_are_named() -> None:
    simulation = server()
    sources = UNSET, Handing(ConfigError("locked")), Handing(TOKEN)
    async with serving(simulation) as url, fold_over(url, *sources) as fold:
        for asking in (fold.usage(accounts=["a1", "a2"]), _all(fold, ["a1", "a2"])):
            with pytest.raises(ConfigError) as caught:
                await asking
            assert str(caught.value) == f"account 'a1': {MISSING}\naccount 'a2': locked"
    assert simulation.seen == []


async def _all(fold: Billfold, names: list[str]) -> list[Any]:
    return [item async for item in fold.flow(Stream.USAGE, accounts=names)]


async def test_an_account_without_the_stream_counts_as_asked_when_it_has_a_token() -> None:
    silent, unset = Account("s", Silent(), Handing(TOKEN)), Account("a", Toy(greet), UNSET)
    async with Billfold([silent, unset]) as fold:
        answer = await fold.usage()
    assert [row.state for row in answer.coverage] == [State.UNSUPPORTED, State.FAILED]
    async with Billfold([Account("s", Silent(), UNSET), unset]) as fold:
        with pytest.raises(ConfigError) as caught:
            await fold.usage()
        assert (await fold.daily()).coverage[0].state is State.UNSUPPORTED
    assert str(caught.value) == f"account 's': {MISSING}\naccount 'a': {MISSING}"


async def test_one_account_asked_by_name_without_a_token_is_wrong_use() -> None:
    async with Billfold([Account("b", Bank(), UNSET)]) as fold:
        for asking in (
            fold.invoice("b", "1"),
            anext(aiter(fold.document("b", "1"))),
            fold.account("b").payment_methods.remove("pm_1"),
        ):
            with pytest.raises(ConfigError, match="account 'b': the environment variable"):
                await asking


def test_tokens_are_read_side_by_side_and_under_the_deadline() -> None:
    async def main() -> Any:
        waits = (5, 5, 5, 5, 60)
        accounts = [
            Account(f"a{number}", Toy(telling(usage("1"))), Handing(TOKEN, seconds=wait))
            for number, wait in enumerate(waits)
        ]
        async with Billfold(accounts) as fold:
            began = asyncio.get_running_loop().time()
            answer = await fold.usage(deadline=8)
            return answer, asyncio.get_running_loop().time() - began

    answer, seconds = hurried(main, idle=0)
    assert seconds <= 8
    assert {row.state for row in answer.coverage[:-1]} == {State.COMPLETE}
    assert answer.coverage[-1].state is State.TIMED_OUT
    assert answer.failures[-1].message == (
        "the deadline ended the work while the token was being read"
    )


async def test_a_deadline_that_is_over_at_once_is_one_sentence() -> None:
    async with Billfold([Account("a", Toy(telling(usage("1"))), Handing(TOKEN))]) as fold:
        (failure,) = (await fold.usage(deadline=1e-6)).failures
    assert failure.message == "the deadline ended the work while the token was being read"


async def test_accounts_with_one_source_read_it_once_together() -> None:
    shared = Handing(TOKEN, seconds=0.01)
    async with serving(server()) as url, fold_over(url, shared, shared, shared) as fold:
        assert (await fold.usage()).complete
    assert shared.count == 1


async def test_a_token_that_could_not_be_read_is_read_again_by_the_next_call() -> None:
    source = Handing(ConfigError("locked"), TOKEN)
    async with serving(server()) as url, fold_over(url, source) as fold:
        with pytest.raises(ConfigError, match="account 'a1': locked"):
            await fold.usage()
        assert (await fold.usage()).complete


def test_a_call_that_ends_while_a_token_is_read_leaves_it_to_the_others() -> None:
    async def main() -> None:
        source = Handing(TOKEN, seconds=20)
        async with serving(server()) as url, fold_over(url, source) as fold:
            short, long = await asyncio.gather(fold.usage(deadline=10), fold.usage())
        assert [row.state for row in short.coverage] == [State.TIMED_OUT]
        assert long.complete

    hurried(main)


async def test_a_bug_while_reading_a_token_is_raised() -> None:
    accounts = [Account("a", Toy(telling()), Handing(ZeroDivisionError("a bug")))]
    async with Billfold(accounts) as fold:
        with pytest.raises(ExceptionGroup) as caught:
            await fold.usage()
    assert caught.group_contains(ZeroDivisionError, match="a bug")


# -- once more after a 401


def renewing(*good: str) -> Any:
    """Answer those tokens alone, and count what came with each token."""
    seen: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        seen.append(token)
        if token not in good:
            return plain_json({"message": "expired"}, status=401)
        return plain_json({"hello": "world"})

    return answer, seen


async def test_a_token_that_was_renewed_meanwhile_is_sent_once_more() -> None:
    answer, seen = renewing("new-token")
    source = Handing("old-token", "new-token")
    async with answering(answer) as url, fold_over(url, source) as fold:
        assert (await fold.usage()).complete
        assert (await fold.usage()).complete
    assert seen == ["old-token", "new-token", "new-token"]
    assert source.count == 2


async def test_a_token_that_is_still_the_same_is_not_sent_again() -> None:
    answer, seen = renewing()
    source = Handing("old-token")
    async with answering(answer) as url, fold_over(url, source) as fold:
        failure = (await fold.usage()).failures[0]
    assert isinstance(failure, CredentialsError)
    assert failure.message == "401 expired; check the token"
    assert (seen, source.count) == (["old-token"], 2)


async def test_a_renewed_token_that_is_refused_too_is_the_end() -> None:
    answer, seen = renewing()
    source = Handing("old-token", "new-token", "newest-token")
    async with answering(answer) as url, fold_over(url, source) as fold:
        assert isinstance((await fold.usage()).failures[0], CredentialsError)
    assert seen == ["old-token", "new-token"]


async def test_a_refused_token_that_cannot_be_read_again_says_so() -> None:
    answer, _ = renewing()
    source = Handing("old-token", ConfigError("the keyring is locked"))
    async with answering(answer) as url, fold_over(url, source) as fold:
        failure = (await fold.usage()).failures[0]
    assert isinstance(failure, CredentialsError)
    assert failure.message == (
        "401 expired; check the token, which cannot be read again: the keyring is locked"
    )


async def test_requests_refused_together_read_the_token_once() -> None:
    answer, seen = renewing("new-token")
    source = Handing("old-token", "new-token", "never-token")

    async def many(client: Client) -> Readings[Any]:
        await asyncio.gather(*(client.get("/hello", Hello) for _ in range(8)))
        yield Reading((usage("1", account=client.account),), OCTOBER)

    async with (
        answering(answer) as url,
        Billfold([Account("a1", Toy(many), source, url)], retry=QUICK) as fold,
    ):
        assert (await fold.usage()).complete
    assert (seen.count("new-token"), source.count) == (8, 2)


async def test_a_document_is_opened_with_a_renewed_token_and_a_write_is_not_repeated() -> None:
    answer, seen = renewing("new-token", "newer-token")
    source = Handing("old-token", "new-token")
    async with answering(answer) as url:
        async with Billfold([Account("b", Bank(), source, url)], retry=QUICK) as fold:
            assert b"".join([part async for part in fold.document("b", "1")])
        old = Handing("old-token", "new-token")
        async with Billfold([Account("b", Bank(), old, url)], retry=QUICK) as fold:
            with pytest.raises(CredentialsError):
                await fold.account("b").payment_methods.remove("pm_1")
    assert seen == ["old-token", "new-token", "old-token"]
