"""Every account at once.

What fails stays where it happens, time is bounded, and nothing is left behind.
"""

import asyncio
import gc
import pickle
from collections.abc import AsyncGenerator
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from billfold import (
    Account,
    Billfold,
    ConfigError,
    CredentialsError,
    DeadlineError,
    DriftError,
    History,
    IncompleteError,
    Invoice,
    InvoiceKind,
    NotFoundError,
    OutcomeUnknownError,
    RateLimitedError,
    RetryPolicy,
    Secret,
    State,
    Stream,
    UnsupportedError,
)
from billfold.adapter import Parts, Reading, Readings
from billfold.http.client import Client
from billfold.simulators import Simulation, plain_json, serving
from billfold.simulators.faults import Fault, drip, raw, reset, slow, status, throttled, truncated
from billfold_harmont import Harmont
from support.hurried import hurried, skipped
from support.lines import QUICK, TOKEN, Hello, server, tcp
from support.toys import OCTOBER, Bank, Silent, Tell, Toy, eur, fold_of_toys, others, telling, usage


def greeting(*paths: str) -> Tell:
    """Ask a server for each path, one reading per reply."""

    async def tell(client: Client) -> Readings[Any]:
        for path in paths or ("/hello",):
            reply = await client.get(path, Hello)
            yield Reading((usage("1", account=client.account, name=reply.hello),), OCTOBER)

    return tell


async def test_answers_come_in_the_order_of_the_accounts_whatever_the_timing() -> None:
    for waits in ((0.02, 0.01, 0), (0, 0.01, 0.02), (0.01, 0, 0.02)):
        tells = [
            telling(wait, usage("1", account=f"a{number}")) for number, wait in enumerate(waits, 1)
        ]
        async with fold_of_toys(*tells) as fold:
            answer = await fold.usage(OCTOBER)
        assert [item.account for item in answer] == ["a1", "a2", "a3"]
        assert [row.account for row in answer.coverage] == ["a1", "a2", "a3"]
        assert (answer.stream, answer.requested) == (Stream.USAGE, OCTOBER)


def test_accounts_are_asked_at_once() -> None:
    async def main() -> tuple[int, float]:
        async with fold_of_toys(*(telling(10, usage("1")) for _ in range(10))) as fold:
            return len(await fold.usage()), skipped()

    count, waited = hurried(main, idle=0)
    assert count == 10
    assert waited <= 10


async def test_one_account_failing_changes_nothing_in_anothers_result() -> None:
    error = CredentialsError("401 expired", status=401)
    async with fold_of_toys(
        telling(usage("1.10")), telling(error), telling(0.01, usage("2.20", account="a3"))
    ) as fold:
        answer = await fold.usage(OCTOBER)
    assert [item.account for item in answer] == ["a1", "a3"]
    assert [row.state for row in answer.coverage] == [State.COMPLETE, State.FAILED, State.COMPLETE]
    assert answer.failures == (
        CredentialsError("401 expired", status=401, provider="toy", account="a2"),
    )
    assert not answer.complete
    assert answer.totals(partial=True) == {"EUR": eur("3.30")}


async def test_strict_raises_every_failure_in_a_group() -> None:
    async with fold_of_toys(
        telling(CredentialsError("401")), telling(usage("1")), telling(NotFoundError("404"))
    ) as fold:
        with pytest.raises(ExceptionGroup, match="2 failures while asking for usage") as caught:
            await fold.usage(OCTOBER, strict=True)
    assert caught.value.exceptions == (
        CredentialsError("401", provider="toy", account="a1"),
        NotFoundError("404", provider="toy", account="a3"),
    )


@pytest.mark.parametrize("state", [State.PARTIAL, State.DIFFERENT_WINDOW, State.UNAVAILABLE])
async def test_strict_raises_over_a_hole_that_is_no_failure(state: State) -> None:
    hole = Reading(state=state, detail="the cycle ended on the 20th")
    async with fold_of_toys(telling(usage("1")), telling(hole)) as fold:
        with pytest.raises(ExceptionGroup, match="1 hole while asking for usage") as caught:
            await fold.usage(OCTOBER, strict=True)
    (error,) = caught.value.exceptions
    assert isinstance(error, IncompleteError)
    assert [(row.account, row.state) for row in error.coverage] == [("a2", state)]
    assert f"usage is not complete: a2 is {state} (the cycle ended on the 20th)" in str(error)


async def test_strict_names_failures_first_and_holes_of_the_others_after() -> None:
    partial = Reading(state=State.PARTIAL, detail="cut off")
    async with fold_of_toys(telling(CredentialsError("401")), telling(partial)) as fold:
        with pytest.raises(ExceptionGroup, match="1 failure and 1 hole while") as caught:
            await fold.usage(OCTOBER, strict=True)
    assert [type(error) for error in caught.value.exceptions] == [CredentialsError, IncompleteError]


async def test_strict_raises_where_nobody_has_the_stream() -> None:
    async with fold_of_toys(telling(usage("1"))) as fold:
        with pytest.raises(ExceptionGroup, match="no answer while asking for ledger") as caught:
            await fold.ledger(OCTOBER, strict=True)
    assert "no account has this stream" in str(caught.value.exceptions[0])


async def test_strict_without_failures_is_the_answer() -> None:
    async with fold_of_toys(telling(usage("1"))) as fold:
        assert (await fold.usage(OCTOBER, strict=True)).complete


async def test_a_bug_in_an_adapter_is_raised_and_ends_the_others() -> None:
    async with fold_of_toys(
        telling(60, usage("1")), telling(0.01, ZeroDivisionError("a bug"))
    ) as fold:
        with pytest.raises(ExceptionGroup) as caught:
            await fold.usage(OCTOBER)
        assert caught.group_contains(ZeroDivisionError, match="a bug")
        assert not others()


async def test_what_an_adapter_has_no_method_for_is_unsupported_and_no_hole() -> None:
    accounts = [
        Account("a1", Toy(telling(usage("1"))), Secret(TOKEN)),
        Account("s", Silent(), Secret(TOKEN)),
    ]
    async with Billfold(accounts) as fold:
        answer = await fold.usage(OCTOBER)
        nothing = await fold.daily(OCTOBER)
    assert answer.complete
    assert [row.state for row in answer.coverage] == [State.COMPLETE, State.UNSUPPORTED]
    assert (nothing.complete, nothing.answered, nothing.failures) == (False, False, ())
    assert [row.state for row in nothing.coverage] == [State.UNSUPPORTED, State.UNSUPPORTED]


async def test_without_accounts_nothing_is_answered() -> None:
    async with Billfold([]) as fold:
        answer = await fold.balances()
    assert (answer.complete, answer.answered, answer.items) == (False, False, ())


@pytest.mark.parametrize(
    ("wanted", "asked"),
    [
        (None, ["a1", "a2", "bank"]),
        (["a2"], ["a2"]),
        ("a2", ["a2"]),
        (["toy"], ["a1", "a2"]),
        (["bank", "a1"], ["a1", "bank"]),
        (("toy", "a1", "a1"), ["a1", "a2"]),
    ],
)
async def test_accounts_are_chosen_by_name_or_provider(wanted: Any, asked: list[str]) -> None:
    accounts = [Account(name, Toy(telling()), Secret(TOKEN)) for name in ("a1", "a2")]
    async with Billfold([*accounts, Account("bank", Bank(), Secret(TOKEN))]) as fold:
        answer = await fold.usage(accounts=wanted)
    assert [row.account for row in answer.coverage] == asked


async def test_an_unknown_account_is_named_with_those_there_are() -> None:
    async with fold_of_toys(telling()) as fold:
        with pytest.raises(
            ConfigError, match="no account or provider is named 'a9'; there are: a1, toy"
        ):
            await fold.usage(accounts=["a1", "a9"])
        for together in (fold.views, fold.reconcile, fold.costs):
            with pytest.raises(
                ConfigError, match="no account or provider is named 'a9'; there are: a1, toy"
            ):
                await together(accounts=["a9"])
        with pytest.raises(ConfigError, match="no account is named 'toy'; there are: a1"):
            fold.account("toy")
        with pytest.raises(ConfigError, match="a9"):
            fold.charges(accounts=["a9"])


def test_names_are_unique() -> None:
    with pytest.raises(ConfigError, match="two accounts are named 'x'"):
        Billfold(
            [Account("x", Silent(), Secret(TOKEN)), Account("x", Toy(telling()), Secret(TOKEN))]
        )


async def test_outside_the_context_it_refuses_and_leaves_nothing_behind() -> None:
    accounts = [Account("s", Silent(), Secret(TOKEN)), Account("a1", Toy(telling()), Secret(TOKEN))]
    for _ in range(2):
        fold = Billfold(accounts)
        assert repr(fold) == "<Billfold: 2 accounts>"
        with pytest.raises(RuntimeError, match="this Billfold is not open yet: use it inside 'asy"):
            await fold.usage()
        with pytest.raises(RuntimeError, match="inside 'async with'"):
            fold.charges()
        with pytest.raises(RuntimeError, match="inside 'async with'"):
            fold.account("a1")
        async with fold:
            assert (await fold.usage()).complete
    gc.collect()  # a coroutine that was never awaited would warn here


async def test_a_context_that_was_never_entered_may_be_left() -> None:
    fold = fold_of_toys(telling(usage("1")))
    await fold.__aexit__(None, None, None)
    async with fold:
        assert (await fold.usage()).complete


async def test_entering_what_is_open_is_refused_and_the_first_goes_on() -> None:
    simulation = server()
    async with serving(simulation) as url:
        fold = fold_of_toys(greeting(), url=url)
        async with fold:
            with pytest.raises(ConfigError, match="this Billfold is open already, and is entered"):
                await fold.__aenter__()
            assert (await fold.usage()).complete
    gc.collect()  # a session that was never closed would warn here


async def test_entering_what_was_closed_is_refused() -> None:
    fold = fold_of_toys(telling(usage("1")))
    async with fold:
        assert (await fold.usage()).complete
    with pytest.raises(ConfigError, match="this Billfold is closed, and is entered only once"):
        await fold.__aenter__()
    with pytest.raises(RuntimeError, match="this Billfold is closed: use it inside 'async with'"):
        await fold.usage()
    gc.collect()  # a session that was opened anyway would warn here


async def test_a_history_is_entered_once(tmp_path: Path) -> None:
    history = History(tmp_path)
    async with history:
        with pytest.raises(ConfigError, match="this History is open already"):
            await history.__aenter__()
    with pytest.raises(ConfigError, match="this History is closed"):
        await history.__aenter__()
    with pytest.raises(RuntimeError, match="this History is closed: use it inside 'async with'"):
        await history.usage()


def test_what_each_account_offers_is_known_without_a_request() -> None:
    harmont = Account("ci", Harmont(org="acme"), Secret(TOKEN))
    fold = Billfold([harmont, Account("none", Silent(), Secret(TOKEN))])
    offered = fold.offers()
    assert [*offered] == ["ci", "none"]
    assert offered["none"] == {}
    assert offered["ci"] == Harmont.declares.offers
    assert [*fold.offers("none")] == ["none"]


# -- tokens


async def test_each_account_sends_its_own_token_to_its_own_origin() -> None:
    one, other = server(), server()
    async with serving(one) as url, serving(other) as second:
        accounts = [
            Account("a1", Toy(greeting()), Secret(TOKEN), url),
            Account("a2", Toy(greeting()), Secret("another-token"), second),
        ]
        async with Billfold(accounts, retry=QUICK) as fold:
            answer = await fold.usage()
    assert [request.headers["Authorization"] for request in one.seen] == [f"Bearer {TOKEN}"]
    assert [request.headers["Authorization"] for request in other.seen] == ["Bearer another-token"]
    assert isinstance(answer.failures[0], CredentialsError)
    assert (
        "another-token"
        not in repr(answer) + repr(pickle.dumps(answer)) + repr(fold.accounts) + answer.to_json()
    )


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ([("one", 4), ("one", 4)], 20),
        ([("one", 4), ("one", None)], 20),
        ([("one", None), ("one", 4)], 20),
        ([("one", 600), ("one", 4)], 20),
        ([("one", 4), ("other", 4)], 0),
        ([("one", None), ("one", None)], 0),
    ],
)
def test_accounts_that_share_a_credential_share_its_lowest_rate(
    asked: list[tuple[str, int | None]], seconds: int
) -> None:
    async def main() -> float:
        async with serving(server()) as url:
            accounts = [
                Account(
                    f"a{number}",
                    Toy(greeting()),
                    Secret(f"token-of-{token}"),
                    url,
                    requests_per_minute=rate,
                )
                for number, (token, rate) in enumerate(asked)
            ]
            async with Billfold(accounts, retry=QUICK) as fold:
                start = asyncio.get_running_loop().time()
                await fold.usage()
                return asyncio.get_running_loop().time() - start

    assert hurried(main) == pytest.approx(seconds, abs=1)


# -- time


def elapsed(
    simulation: Simulation, tell: Tell, deadline: float, *, policy: RetryPolicy
) -> tuple[Any, float]:
    """Ask once under a deadline, against a server, by a clock that jumps."""

    async def main() -> tuple[Any, float]:
        async with serving(simulation) as url:
            account = Account("a1", Toy(tell), Secret(TOKEN), url)
            async with Billfold([account], retry=policy) as fold:
                start = skipped()
                answer = await fold.usage(deadline=deadline)
                spent = skipped() - start
                assert not others()
            return answer, spent

    return hurried(main)


@pytest.mark.parametrize("way", [slow(60), drip(10), throttled(2), status(503), reset, truncated])
def test_a_deadline_is_kept_whatever_the_provider_does(way: Any) -> None:
    patient = RetryPolicy(attempts=1000, backoff=2, backoff_max=2, patience=1000)
    answer, spent = elapsed(server(Fault(way)), greeting(), 10, policy=patient)
    assert spent <= 10
    assert answer.items == ()
    assert [row.state for row in answer.coverage] in ([State.TIMED_OUT], [State.FAILED])
    assert len(answer.failures) == 1


def test_pages_read_before_the_deadline_are_kept() -> None:
    simulation = server(Fault(slow(60), at="/third"))
    answer, spent = elapsed(simulation, greeting("/first", "/second", "/third"), 10, policy=QUICK)
    assert spent <= 10
    assert len(answer) == 2
    assert [(row.state, row.covers) for row in answer.coverage] == [(State.PARTIAL, OCTOBER)]
    assert answer.failures == (
        DeadlineError("the deadline ended the work", provider="toy", account="a1"),
    )


def test_a_slow_provider_without_a_page_is_timed_out() -> None:
    answer, _ = elapsed(server(Fault(slow(60))), greeting(), 10, policy=QUICK)
    assert [row.state for row in answer.coverage] == [State.TIMED_OUT]
    assert not answer.answered


def test_a_wait_that_does_not_fit_the_deadline_fails_at_once_with_the_time() -> None:
    answer, spent = elapsed(server(Fault(throttled(60))), greeting(), 10, policy=RetryPolicy())
    assert spent < 1  # and not the 10 seconds of the deadline
    assert [row.state for row in answer.coverage] == [State.FAILED]
    (failure,) = answer.failures
    assert isinstance(failure, RateLimitedError)
    assert failure.retry_at is not None


def test_the_deadline_of_one_account_is_that_of_all_and_ends_no_other() -> None:
    async def main() -> tuple[list[State], float]:
        async with fold_of_toys(
            telling(1, usage("1")), telling(60), telling(2, usage("1"), 60)
        ) as fold:
            start = skipped()
            answer = await fold.usage(deadline=10)
            return [row.state for row in answer.coverage], skipped() - start

    states, spent = hurried(main, idle=0)
    assert states == [State.COMPLETE, State.TIMED_OUT, State.PARTIAL]
    assert spent <= 10


def test_a_wait_for_the_rate_limit_counts_for_the_deadline() -> None:
    async def main() -> tuple[Any, float]:
        async with serving(server()) as url:
            account = Account(
                "a1", Toy(greeting("/1", "/2", "/3")), Secret(TOKEN), url, requests_per_minute=1
            )
            async with Billfold([account]) as fold:
                start = skipped()
                return await fold.usage(deadline=10), skipped() - start

    answer, spent = hurried(main)
    assert spent <= 10
    assert len(answer) == 1
    assert [row.state for row in answer.coverage] == [State.PARTIAL]


async def test_cancelling_works_at_once_and_leaves_no_task_and_no_connection() -> None:
    open_ones, begun, over = 0, asyncio.Event(), asyncio.Event()

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal open_ones
        open_ones += 1
        if open_ones == 6:
            begun.set()
        while await reader.read(4096):
            pass
        open_ones -= 1
        if not open_ones:
            over.set()

    async with tcp(mute) as url, fold_of_toys(*[greeting()] * 6, url=url) as fold:
        before = others()
        asking = asyncio.create_task(fold.usage())
        await begun.wait()
        asking.cancel()
        for _ in range(100):  # of the loop's passes: nobody waits for anything
            await asyncio.sleep(0)
        assert asking.cancelled()
        await asyncio.wait_for(over.wait(), 30)  # the server takes note in its own time
        assert others() <= before


async def test_an_answer_leaves_no_task() -> None:
    async with (
        serving(server(Fault(reset, times=1))) as url,
        fold_of_toys(greeting(), greeting(), url=url) as fold,
    ):
        assert (await fold.usage()).complete
        assert not others()


# -- concurrency, measured at the server


async def crowd(tells: int, **options: Any) -> int:
    """Count how many requests are at the server at a time, by a clock that waits for the last."""
    here = most = 0

    async def hello(request: web.Request) -> web.Response:
        nonlocal here, most
        here += 1
        most = max(most, here)
        await asyncio.sleep(1)
        here -= 1
        return plain_json({"hello": "world"})

    async def tell(client: Client) -> Readings[Any]:
        await asyncio.gather(*(client.get("/hello", Hello) for _ in range(20)))
        yield Reading((usage("1"),))

    async with (
        serving(server(hello=hello)) as url,
        fold_of_toys(*[tell] * tells, url=url, **options) as fold,
    ):
        assert (await fold.usage()).complete
    return most


@pytest.mark.parametrize(
    ("tells", "options", "most"),
    [
        (1, {}, 8),
        (2, {}, 16),
        (2, {"concurrency": 5}, 4),
        (6, {"concurrency": 3}, 3),
        (2, {"per_account": 3}, 6),
        (1, {"per_account": 1}, 1),
    ],
)
def test_requests_under_way_are_bounded_overall_and_per_account(
    tells: int, options: dict[str, int], most: int
) -> None:
    assert hurried(partial(crowd, tells, **options)) == most


def test_accounts_that_hang_leave_the_others_their_places() -> None:
    async def main() -> None:
        async def answer(request: web.Request) -> web.Response:
            if "hang" in request.query:
                await asyncio.sleep(600)
            return plain_json({"hello": "world"})

        def tell(*query: tuple[str, str]) -> Any:
            async def tell(client: Client) -> Readings[Any]:
                await asyncio.gather(*(client.get("/hello", Hello, query) for _ in range(20)))
                yield Reading((usage("1"),))

            return tell

        hanging = [tell(("hang", "1"))] * 12
        async with (
            serving(server(hello=answer)) as url,
            fold_of_toys(*hanging, tell(), url=url) as fold,
        ):
            states = [row.state for row in (await fold.usage(deadline=20)).coverage]
        assert states == [*[State.TIMED_OUT] * 12, State.COMPLETE]

    hurried(main)


@pytest.mark.parametrize("slow", [0, 1, 2])
def test_a_part_that_hangs_takes_no_other_part_with_it(slow: int) -> None:
    async def main() -> None:
        async def answer(request: web.Request) -> web.Response:
            if request.query["part"] == str(slow):
                await asyncio.sleep(600)
            return plain_json({"hello": "world"})

        async def read(client: Client, part: str) -> Reading[Any]:
            await client.get("/hello", Hello, (("part", part),))
            return Reading((usage(part),))

        async def tell(client: Client) -> Readings[Any]:
            async for reading in Parts(tuple("012")).read(partial(read, client)):
                yield reading

        async with serving(server(hello=answer)) as url, fold_of_toys(tell, url=url) as fold:
            begun = skipped()
            answered = await fold.usage(deadline=10)
            assert skipped() - begun <= 10
        assert [item.charges[0].cost for item in answered] == [
            eur(part) for part in "012" if part != str(slow)
        ]
        assert [row.state for row in answered.coverage] == [State.PARTIAL]
        assert [type(failure) for failure in answered.failures] == [DeadlineError]

    hurried(main)


async def test_a_borrowed_session_is_used_and_left_open() -> None:
    simulation = server()
    async with (
        serving(simulation) as url,
        aiohttp.ClientSession(headers={"User-Agent": "theirs/1"}) as session,
    ):
        async with fold_of_toys(greeting(), url=url, session=session) as fold:
            assert (await fold.usage()).complete
        assert not session.closed
    assert simulation.seen[0].headers["User-Agent"] == "theirs/1"


# -- the streams, and what is done by name


async def test_every_stream_reaches_its_method() -> None:
    async with Billfold(
        [Account("b", Bank(), Secret(TOKEN)), Account("t", Toy(telling(usage("1"))), Secret(TOKEN))]
    ) as fold:
        asked = {
            Stream.BALANCES: await fold.balances(),
            Stream.USAGE: await fold.usage(),
            Stream.DAILY: await fold.daily(),
            Stream.LEDGER: await fold.ledger(),
            Stream.INVOICES: await fold.invoices(),
            Stream.SUBSCRIPTIONS: await fold.subscriptions(),
            Stream.PAYMENT_METHODS: await fold.payment_methods(),
            Stream.CHECK: await fold.check(),
        }
    assert [answer.stream for answer in asked.values()] == list(asked)
    answered = {stream for stream, answer in asked.items() if answer.answered}
    assert answered == {Stream.BALANCES, Stream.USAGE, Stream.INVOICES, Stream.PAYMENT_METHODS}


@pytest.mark.parametrize(
    ("kind", "kinds"),
    [(None, ["metering", "legal"]), ("legal", ["legal"]), (InvoiceKind.METERING, ["metering"])],
)
async def test_invoices_are_asked_for_by_kind(kind: Any, kinds: list[str]) -> None:
    async with Billfold([Account("b", Bank(), Secret(TOKEN))]) as fold:
        assert [invoice.kind for invoice in await fold.invoices(OCTOBER, kind)] == kinds
        with pytest.raises(ConfigError, match="bogus"):
            await fold.invoices(OCTOBER, "bogus")


@pytest.fixture
async def bank() -> Any:
    """Serve a bank: ``fold, simulation``."""
    simulation = server()
    async with serving(simulation) as url:
        accounts = [
            Account("b", Bank(), Secret(TOKEN), url),
            Account("t", Toy(telling()), Secret(TOKEN), url),
        ]
        async with Billfold(accounts, retry=QUICK) as fold:
            yield fold, simulation


async def test_one_invoice_by_name(bank: tuple[Billfold, Simulation]) -> None:
    fold, _ = bank
    answer = await fold.invoice("b", "i7")
    assert answer.items == (
        Invoice("i7", InvoiceKind.LEGAL, eur("1"), provider="bank", account="b"),
    )
    assert (answer.complete, answer.accounts, answer.left_out) == (True, ("b",), ("t",))
    with pytest.raises(
        UnsupportedError, match="account 't': toy does not offer invoices"
    ) as caught:
        await fold.invoice("t", "i7")
    assert (caught.value.provider, caught.value.account) == ("toy", "t")
    with pytest.raises(ConfigError, match="no account is named 'x'; there are: b, t"):
        await fold.invoice("x", "i7")


async def test_an_invoice_that_is_not_there(bank: tuple[Billfold, Simulation]) -> None:
    fold, simulation = bank
    simulation.faults.append(Fault(status(404)))
    with pytest.raises(NotFoundError) as caught:
        await fold.invoice("b", "i7")
    assert (caught.value.provider, caught.value.account) == ("bank", "b")


async def test_an_invoice_has_a_deadline(bank: tuple[Billfold, Simulation]) -> None:
    fold, simulation = bank
    simulation.faults.append(Fault(slow(30)))
    with pytest.raises(DeadlineError) as caught:
        await fold.invoice("b", "i7", deadline=0.05)
    assert caught.value.account == "b"


async def test_a_document_streams_by_name(bank: tuple[Billfold, Simulation]) -> None:
    fold, simulation = bank
    simulation.faults.append(Fault(raw(b"%PDF" * 1000, media_type="application/pdf")))
    assert b"".join([chunk async for chunk in fold.document("b", "i7")]) == b"%PDF" * 1000
    with pytest.raises(UnsupportedError, match="documents"):
        await anext(fold.document("t", "i7"))


async def test_a_document_has_a_deadline_and_leaves_nothing(
    bank: tuple[Billfold, Simulation],
) -> None:
    fold, simulation = bank
    simulation.faults.append(Fault(drip(30)))

    async def read() -> None:
        async for _ in fold.document("b", "i7", deadline=0.1):
            pass

    with pytest.raises(DeadlineError) as caught:
        await read()
    assert (caught.value.provider, caught.value.account) == ("bank", "b")


class Buggy(Bank):
    """Raise what only a bug would."""

    async def invoice(self, client: Client, invoice_id: str) -> Reading[Invoice]:
        raise TimeoutError("a bug")

    async def document(self, client: Client, invoice_id: str) -> AsyncGenerator[bytes, None]:
        yield b"%PDF"
        raise DriftError("half a document") if invoice_id == "drift" else TimeoutError("a bug")


async def test_an_adapters_own_time_out_is_not_taken_for_the_deadline() -> None:
    async with Billfold([Account("b", Buggy(), Secret(TOKEN))]) as fold:
        with pytest.raises(TimeoutError, match="a bug"):
            await fold.invoice("b", "i7", deadline=60)
        chunks = fold.document("b", "i7", deadline=60)
        assert await anext(chunks) == b"%PDF"
        with pytest.raises(TimeoutError, match="a bug"):
            await anext(chunks)


async def test_a_documents_failure_names_its_account() -> None:
    async with Billfold([Account("b", Buggy(), Secret(TOKEN))]) as fold:
        chunks = fold.document("b", "drift")
        assert await anext(chunks) == b"%PDF"
        with pytest.raises(DriftError) as caught:
            await anext(chunks)
    assert (caught.value.provider, caught.value.account) == ("bank", "b")


async def test_writes_are_called_by_name_and_sent_once(bank: tuple[Billfold, Simulation]) -> None:
    fold, simulation = bank
    methods = fold.account("b").payment_methods
    await methods.attach("pm_1")
    await methods.set_default("pm_1")
    await methods.remove("pm_1")
    assert [(request.method, request.path) for request in simulation.seen] == [
        ("POST", "/methods"),
        ("PUT", "/methods/pm_1"),
        ("DELETE", "/methods/pm_1"),
    ]
    assert TOKEN not in repr(methods)
    simulation.faults.append(Fault(raw(b"seti_secret_1")))
    assert repr(await methods.setup_intent()) == "Secret('***')"
    simulation.faults[:] = [Fault(reset)]
    with pytest.raises(OutcomeUnknownError):
        await methods.remove("pm_1")
    assert [request.method for request in simulation.seen].count("DELETE") == 2


async def test_writes_that_a_provider_does_not_have_are_unsupported(
    bank: tuple[Billfold, Simulation],
) -> None:
    fold, _ = bank
    with pytest.raises(UnsupportedError, match="toy does not offer changing payment methods"):
        _ = fold.account("t").payment_methods
