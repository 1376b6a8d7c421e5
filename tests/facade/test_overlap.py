"""What two accounts both reach counts once, in the first of them, and the other says so."""

import asyncio
import sys
from contextlib import aclosing
from datetime import UTC, date, datetime
from decimal import Decimal
from types import FrameType
from typing import Any, ClassVar

import pytest
from attrs import evolve, frozen
from hypothesis import given
from hypothesis import strategies as st

import billfold
from billfold import (
    Account,
    Balance,
    BalanceKind,
    Billfold,
    CredentialsError,
    DailyCost,
    Invoice,
    InvoiceKind,
    LedgerEntry,
    Money,
    NotFoundError,
    PaymentMethod,
    Period,
    Secret,
    State,
    Stream,
    Subscription,
    Usage,
)
from billfold.adapter import Declaration, Reading, Readings
from billfold.http.client import Client
from billfold.model import DayPart
from support.hurried import hurried
from support.lines import TOKEN, problem
from support.toys import OCTOBER, Tell, eur, others, telling, usage

NOW = datetime(2026, 12, 1, tzinfo=UTC)


@frozen
class Town:
    """Tell whatever is asked, of one organization where ``org`` names it."""

    provider: ClassVar[str] = "town"
    declares: ClassVar[Declaration] = Declaration(
        "Town",
        "https://town.invalid",
        "TOWN_TOKEN",
        "TOWN_API_URL",
        problem,
        reach=lambda adapter: None if adapter.org is None else (adapter.org,),
    )

    tell: Tell
    org: str | None = None

    def usage(self, client: Client, period: Period | None) -> Readings[Any]:
        return self.tell(client)

    def daily(self, client: Client, period: Period | None) -> Readings[Any]:
        return self.tell(client)

    def ledger(self, client: Client, period: Period | None) -> Readings[Any]:
        return self.tell(client)

    def invoices(self, client: Client, period: Period | None, kind: object) -> Readings[Any]:
        return self.tell(client)

    def balances(self, client: Client) -> Readings[Any]:
        return self.tell(client)

    def subscriptions(self, client: Client) -> Readings[Any]:
        return self.tell(client)

    def payment_methods(self, client: Client) -> Readings[Any]:
        return self.tell(client)


class Village(Town):
    """Another provider with the same replies."""

    provider: ClassVar[str] = "village"


def of(org: str | None, cost: str, project: str | None = None) -> Usage:
    """Make an organization's October, or that of one project of it."""
    charges = usage(cost, name=f"{org}-{project}-").charges
    return Usage(OCTOBER, OCTOBER, charges, billing_account_id=org, sub_account_id=project)


def fold_of(*accounts: tuple[str, Any], url: str | None = None) -> Billfold:
    return Billfold(
        [
            Account(
                name, adapter if isinstance(adapter, Town) else Town(adapter), Secret(TOKEN), url
            )
            for name, adapter in accounts
        ],
        clock=lambda: NOW,
    )


def told(answer: Any) -> list[tuple[str, str, str | None]]:
    return [(row.account, row.state.value, row.detail) for row in answer.coverage]


async def test_an_organization_that_two_accounts_reach_counts_in_the_first_of_them() -> None:
    everything = telling(0.02, of("acme", "7"), of("beta", "2"))
    async with fold_of(("everything", everything), ("acme", telling(of("acme", "7")))) as fold:
        answer = await fold.usage(OCTOBER)
    assert answer.totals() == {"EUR": eur("9")}
    assert [item.account for item in answer] == ["everything", "everything"]
    assert told(answer) == [
        ("everything", "complete", None),
        ("acme", "complete", "acme is already counted in account everything"),
    ]


async def test_a_subscription_that_two_accounts_reach_is_named_by_whom_it_is_billed_to() -> None:
    """Not by the cluster that it runs in: the organization is what both reach."""
    fee = Subscription("s", billing_account_id="acme", sub_account_id="cluster-1")
    both = (("one", telling(Reading((fee,)))), ("two", telling(Reading((fee,)))))
    async with fold_of(*both) as fold:
        answer = await fold.subscriptions()
    assert told(answer)[1] == ("two", "complete", "acme is already counted in account one")


async def test_ids_are_compared_without_case() -> None:
    async with fold_of(("a", telling(of("ACME", "7"))), ("b", telling(of("acme", "7")))) as fold:
        assert (await fold.usage(OCTOBER)).totals() == {"EUR": eur("7")}


async def test_what_the_first_account_could_not_read_counts_in_the_second() -> None:
    failed = Reading((), state=State.FAILED, error=NotFoundError("404 gone"), part="acme")
    first = telling(failed, of("beta", "2"))
    async with fold_of(("a", first), ("b", telling(of("acme", "7"), of("beta", "2")))) as fold:
        answer = await fold.usage(OCTOBER)
    assert answer.totals(partial=True) == {"EUR": eur("9")}
    assert [(item.account, item.billing_account_id) for item in answer] == [
        ("a", "beta"),
        ("b", "acme"),
    ]
    assert told(answer)[1] == ("b", "complete", "beta is already counted in account a")


async def test_another_project_or_window_of_an_organization_is_no_overlap() -> None:
    november = evolve(of("acme", "4", "p1"), covers=Period.month(2026, 11))
    second = telling(of("acme", "2", "p2"), november)
    async with fold_of(("a", telling(of("acme", "1", "p1"))), ("b", second)) as fold:
        answer = await fold.usage(Period.parse("2026-10..2026-11"))
    assert answer.totals() == {"EUR": eur("7")}
    assert [row.detail for row in answer.coverage] == [None, None]


async def test_two_current_windows_of_one_project_are_a_hole_in_both() -> None:
    """The cycle of 1.00 ended between the accounts' readings, and that of 4.00 began."""
    november = evolve(of("acme", "4", "p1"), covers=Period.month(2026, 11))
    async with fold_of(("a", telling(of("acme", "1", "p1"))), ("b", telling(november))) as fold:
        answer = await fold.usage()
    assert answer.totals(partial=True) == {"EUR": eur("5")}
    words = "p1 counts in account {}, too, for another time, though only one is the current one"
    assert told(answer) == [
        ("a", "partial", words.format("b")),
        ("b", "partial", words.format("a")),
    ]


@pytest.mark.parametrize(
    ("payers", "amounts", "is_hole"),
    [
        (("acme", None), ("5", "5"), True),
        ((None, "acme"), ("5", "5"), True),
        ((None, None), ("5", "5"), False),
        (("acme", "beta"), ("5", "5"), False),
        (("acme", None), ("5", "7"), False),
        (("acme", None), ("0", "0"), False),
        ((None, None), ("5", "7"), False),
    ],
)
async def test_one_balance_that_only_one_says_whose_it_is_is_a_hole_in_both(
    payers: tuple[str | None, str | None], amounts: tuple[str, str], is_hole: bool
) -> None:
    accounts = []
    for name, payer, amount in zip("ab", payers, amounts, strict=True):
        kind = BalanceKind.CREDIT
        balance = Balance(eur(amount), kind, "team", NOW, billing_account_id=payer)
        accounts.append(Account(name, Town(telling(Reading((balance,)))), Secret(f"{TOKEN}{name}")))
    async with Billfold(accounts, clock=lambda: NOW) as fold:
        answer = await fold.balances()
    assert [item.amount for item in answer] == [eur(amount) for amount in amounts]
    words = "the credit of account {} may be the same, as only one says whose it is; both count"
    state = "partial" if is_hole else "complete"
    assert told(answer) == [
        (name, state, words.format(other) if is_hole else None) for name, other in ("ab", "ba")
    ]


async def test_another_provider_or_address_is_no_overlap() -> None:
    tell = telling(of("acme", "7"))
    accounts = [
        Account("a", Town(tell), Secret(TOKEN)),
        Account("b", Village(tell), Secret(TOKEN)),
        Account("c", Town(tell), Secret(TOKEN), "https://other.invalid"),
        Account("d", Town(tell), Secret(TOKEN), "https://town.invalid/v2"),
    ]
    async with Billfold(accounts, clock=lambda: NOW) as fold:
        answer = await fold.usage(OCTOBER)
    assert answer.totals() == {"EUR": eur("21")}
    assert told(answer)[3][2] == "acme is already counted in account a"


async def test_what_does_not_say_whose_it_is_cannot_be_told_apart() -> None:
    async with fold_of(("a", telling(of(None, "1"))), ("b", telling(of(None, "1")))) as fold:
        assert (await fold.usage(OCTOBER)).totals() == {"EUR": eur("2")}


@pytest.mark.parametrize("told_to_the_first", [True, False])
async def test_a_project_whose_payer_only_one_account_is_told_counts_once(
    told_to_the_first: bool,
) -> None:
    known, unknown = telling(of("acme", "7", "p1")), telling(of(None, "7", "p1"))
    first, second = (known, unknown) if told_to_the_first else (unknown, known)
    async with fold_of(("a", first), ("b", second)) as fold:
        answer = await fold.usage(OCTOBER)
        flow = [item.account async for item in fold.flow(Stream.USAGE, OCTOBER)]
    assert answer.totals() == {"EUR": eur("7")}
    assert told(answer)[1] == ("b", "complete", "p1 is already counted in account a")
    assert flow == ["a"]


async def test_two_payers_that_call_a_project_the_same_both_count() -> None:
    first, second = telling(of("acme", "7", "main")), telling(of("beta", "2", "main"))
    async with fold_of(("a", first), ("b", second)) as fold:
        assert (await fold.usage(OCTOBER)).totals() == {"EUR": eur("9")}


async def test_another_amount_of_a_shared_balance_is_a_hole_that_names_both() -> None:
    def credit(amount: str) -> Balance:
        return Balance(eur(amount), BalanceKind.CREDIT, "team", NOW, billing_account_id="acme")

    first, second = (telling(Reading((credit(each),))) for each in ("5", "7"))
    async with fold_of(("a", first), ("b", second)) as fold:
        answer = await fold.balances()
    assert [str(item.amount) for item in answer] == ["5 EUR"]
    words = "acme is already counted in account a; account a states 5 EUR of team, not 7 EUR"
    assert told(answer) == [("a", "complete", None), ("b", "partial", words)]


async def test_another_cost_of_a_shared_month_is_a_hole_that_names_both() -> None:
    tells = {"a": telling(of("acme", "7")), "b": telling(of("acme", "8"))}
    accounts = [Account(name, Town(tell), Secret(TOKEN)) for name, tell in tells.items()]
    for now, state in ((NOW, "partial"), (datetime(2026, 10, 20, tzinfo=UTC), "complete")):
        async with Billfold(accounts, clock=lambda now=now: now) as fold:
            answer = await fold.usage(OCTOBER)
        assert answer.totals(partial=True) == {"EUR": eur("7")}
        words = "acme is already counted in account a; account a states 7 EUR of acme, not 8 EUR"
        assert told(answer)[1] == ("b", state, words)


@pytest.mark.parametrize("now", [NOW, datetime(2026, 10, 20, tzinfo=UTC)])
async def test_another_currency_of_a_shared_month_is_a_hole_while_it_runs(now: datetime) -> None:
    """Two readings of a running month may differ by a moment, and never in their currency."""
    first, second = of("acme", "7"), of("acme", "7")
    (charge,) = second.charges
    dollars = evolve(second, charges=(evolve(charge, cost=Money.parse("7 USD")),))
    tells = {"a": telling(first), "b": telling(dollars)}
    accounts = [Account(name, Town(tell), Secret(TOKEN)) for name, tell in tells.items()]
    async with Billfold(accounts, clock=lambda: now) as fold:
        answer = await fold.usage(OCTOBER)
    words = "acme is already counted in account a; account a states 7 EUR of acme, not 7 USD"
    assert told(answer)[1] == ("b", "partial", words)


class OneCurrency(Town):
    """A provider that bills each payer in one currency."""

    declares = evolve(Town.declares, payer_of_one_currency=True)


@pytest.mark.parametrize(
    ("adapter", "payers", "is_hole"),
    [
        (OneCurrency, ("team", "TEAM"), True),
        (OneCurrency, ("team", "other"), False),
        (OneCurrency, (None, None), False),
        (Town, ("team", "team"), False),
    ],
)
async def test_two_currencies_of_one_payer_are_a_hole_in_both(
    adapter: type[Town], payers: tuple[str | None, str | None], is_hole: bool
) -> None:
    accounts = []
    for name, payer, code in zip("ab", payers, ("EUR", "BRL"), strict=True):
        told_usage = of(payer, "5", f"project {name}")
        cost = Money(Decimal(5), code)
        charges = tuple(evolve(charge, cost=cost) for charge in told_usage.charges)
        tell = telling(evolve(told_usage, charges=charges))
        accounts.append(Account(name, adapter(tell), Secret(f"{TOKEN}{name}")))
    async with Billfold(accounts, clock=lambda: NOW) as fold:
        answer = await fold.usage()
    assert answer.totals(partial=True) == {"EUR": eur("5"), "BRL": Money(Decimal(5), "BRL")}
    words = ("is billed in EUR here, and in BRL in account b", "is billed in BRL here")
    state = "partial" if is_hole else "complete"
    assert [row.state.value for row in answer.coverage] == [state, state]
    if is_hole:
        details = [row.detail or "" for row in answer.coverage]
        assert all(said in detail for said, detail in zip(words, details, strict=True))


async def test_a_cost_that_two_payers_are_told_is_a_hole_while_its_month_runs() -> None:
    (charge,) = usage("5").charges
    named = evolve(charge, resource_id=_RESOURCE)
    tells = {org: telling(evolve(of(org, "5"), charges=(named,))) for org in ("acme", "beta")}
    accounts = [Account(name, Town(tell), Secret(TOKEN)) for name, tell in tells.items()]
    async with Billfold(accounts, clock=lambda: datetime(2026, 10, 20, tzinfo=UTC)) as fold:
        answer = await fold.usage(OCTOBER)
    assert answer.totals(partial=True) == {"EUR": eur("10")}
    assert [state for _, state, _ in told(answer)] == ["partial", "partial"]


async def test_another_cost_of_a_shared_day_is_named_by_its_date() -> None:
    def day(cost: str) -> DailyCost:
        return DailyCost(date(2026, 10, 1), eur(cost), billing_account_id="acme")

    first, second = (telling(Reading((day(each),))) for each in ("5", "7"))
    async with fold_of(("a", first), ("b", second)) as fold:
        answer = await fold.daily(OCTOBER)
    assert "account a states 5 EUR of acme 2026-10-01, not 7 EUR" in told(answer)[1][2]


@pytest.mark.parametrize(
    ("own_id", "is_hole"), [("0B7f1c52-3d6e-4a80-9f25-c4e8d17b6a93", True), ("RE-26-0418", False)]
)
async def test_an_invoice_of_one_uuid_that_two_payers_are_told_is_a_hole_in_both(
    own_id: str, is_hole: bool
) -> None:
    def bill(payer: str, own: str) -> Invoice:
        return Invoice(own, InvoiceKind.METERING, eur("5"), billing_account_id=payer)

    first = telling(Reading((bill("acme", own_id),)))
    second = telling(Reading((bill("beta", own_id.lower()),)))
    async with fold_of(("a", first), ("b", second)) as fold:
        answer = await fold.invoices()
    assert answer.totals(partial=True)["metering"] == {"EUR": eur("10")}
    assert answer.complete is not is_hole
    if is_hole:
        words = "invoice {} counts in account {}, too, as another payer's"
        assert told(answer) == [
            ("a", "partial", words.format(own_id.lower(), "b")),
            ("b", "partial", words.format(own_id.lower(), "a")),
        ]


_RESOURCE = "0b7f1c52-3d6e-4a80-9f25-c4e8d17b6a93"


@pytest.mark.parametrize(
    ("other", "is_hole"),
    [
        ({"resource_id": _RESOURCE.upper()}, True),
        ({"resource_id": "5e0d92a7-c1b4-4f38-a6d0-71f8e24b90c5"}, False),
        ({"resource_id": _RESOURCE, "cost": eur("6")}, False),
        ({"resource_id": _RESOURCE, "cost": None, "reason": "not stated"}, False),
        ({"resource_id": None}, False),
    ],
)
async def test_a_cost_of_one_resource_that_two_payers_are_told_is_a_hole_in_both(
    other: dict[str, Any], is_hole: bool
) -> None:
    (charge,) = usage("5").charges
    unnamed, named = evolve(charge, id="c0"), evolve(charge, resource_id=_RESOURCE)
    first = evolve(of("acme", "5"), charges=(unnamed, named))
    second = evolve(of("beta", "5"), charges=(unnamed, evolve(charge, **other)))
    async with fold_of(("a", telling(first)), ("b", telling(second))) as fold:
        answer = await fold.usage(OCTOBER)
    words = [detail for _, _, detail in told(answer) if detail and "another payer's" in detail]
    cost = "the cost of {} counts in account {}, too, as another payer's"
    expected = [cost.format(_RESOURCE.upper(), "b"), cost.format(_RESOURCE.upper(), "a")]
    assert words == (expected if is_hole else [])


async def test_one_token_with_the_same_settings_reaches_the_same() -> None:
    tell = telling(of(None, "1"))
    async with fold_of(("a", tell), ("b", tell)) as fold:
        answer = await fold.usage(OCTOBER)
    assert answer.totals() == {"EUR": eur("1")}
    assert told(answer)[1][2] == "what it reaches is already counted in account a"


async def test_one_account_may_give_several_records_of_one_organization() -> None:
    twice = telling(of("acme", "1"), of("acme", "2"))
    async with fold_of(("a", twice), ("b", twice)) as fold:
        assert (await fold.usage(OCTOBER)).totals() == {"EUR": eur("3")}


async def test_many_parts_are_named_by_a_few() -> None:
    parts = [of(f"o{number}", "1") for number in range(8)]
    async with fold_of(("a", telling(*parts)), ("b", telling(*parts))) as fold:
        answer = await fold.usage(OCTOBER)
    assert told(answer)[1][2] == ("o0, o1, o2, o3, o4 and 3 more are already counted in account a")
    assert [row.counted_in for row in answer.coverage] == [(), ("a",)]


MONEY = eur("5")
SAMPLES: list[tuple[Stream, Any, Any]] = [
    (
        Stream.BALANCES,
        Balance(MONEY, BalanceKind.CREDIT, "team:t1", NOW, billing_account_id="t1"),
        Balance(MONEY, BalanceKind.PREPAID, "team:t1", NOW, billing_account_id="t1"),
    ),
    (
        Stream.DAILY,
        DailyCost(date(2026, 10, 1), MONEY, billing_account_id="t1"),
        DailyCost(date(2026, 10, 1), MONEY, DayPart.AUTOSCALING, billing_account_id="t1"),
    ),
    (
        Stream.LEDGER,
        LedgerEntry("e1", OCTOBER.start, MONEY, "debit", billing_account_id="t1"),
        LedgerEntry("e2", OCTOBER.start, MONEY, "debit", billing_account_id="t1"),
    ),
    (
        Stream.INVOICES,
        Invoice("i1", InvoiceKind.LEGAL, MONEY, billing_account_id="t1"),
        Invoice("i1", InvoiceKind.METERING, MONEY, billing_account_id="t1"),
    ),
    (
        Stream.SUBSCRIPTIONS,
        Subscription("s1", billing_account_id="t1"),
        Subscription("s2", billing_account_id="t1"),
    ),
    (
        Stream.PAYMENT_METHODS,
        PaymentMethod("pm1", "card", True, billing_account_id="t1"),
        PaymentMethod("pm2", "card", True, billing_account_id="t1"),
    ),
]


@pytest.mark.parametrize(("stream", "shared", "own"), SAMPLES, ids=lambda value: str(value)[:9])
async def test_every_stream_counts_what_is_shared_once(
    stream: Stream, shared: Any, own: Any
) -> None:
    first, second = telling(Reading((shared,))), telling(Reading((shared, own)))
    async with fold_of(("a", first), ("b", second)) as fold:
        answer = await getattr(fold, stream.value)()
    assert [item.account for item in answer] == ["a", "b"]
    assert told(answer)[1] == ("b", "complete", "t1 is already counted in account a")


# While it flows


async def flowed(fold: Billfold, deadline: float | None = None) -> tuple[list[Any], Any]:
    flow = fold.flow(Stream.USAGE, OCTOBER, deadline=deadline)
    return [(item.account, item.billing_account_id) async for item in flow], flow


@pytest.mark.parametrize(("first", "second"), [(0.03, 0), (0, 0.03), (0, 0)])
async def test_a_flow_counts_it_in_the_first_account_whichever_is_quicker(
    first: float, second: float
) -> None:
    everything = telling(first, of("acme", "7"), first, of("beta", "2"))
    acme = telling(second, of("acme", "7"), of("gamma", "1"))
    async with fold_of(("everything", everything), ("acme", acme), ("third", acme)) as fold:
        items, flow = await flowed(fold)
        charges = [charge.cost async for charge in fold.charges(OCTOBER)]
    assert sorted(items) == [("acme", "gamma"), ("everything", "acme"), ("everything", "beta")]
    assert sorted(cost.amount for cost in charges if cost is not None) == [1, 2, 7]
    assert told(flow)[1] == ("acme", "complete", "acme is already counted in account everything")
    assert told(flow)[2][2] == (
        "acme is already counted in account everything; gamma is already counted in account acme"
    )


async def test_an_account_that_fails_while_it_flows_leaves_its_part_to_the_next() -> None:
    failing = telling(0.02, CredentialsError("401 expired"))
    async with fold_of(("a", failing), ("b", telling(of("acme", "7")))) as fold:
        items, flow = await flowed(fold)
    assert items == [("b", "acme")]
    assert told(flow) == [("a", "failed", "401 expired"), ("b", "complete", None)]


def test_an_account_that_hangs_leaves_its_part_to_the_next_at_the_deadline() -> None:
    async def main() -> tuple[list[Any], Any, float]:
        loop = asyncio.get_running_loop()
        async with fold_of(("a", telling(60)), ("b", telling(of("acme", "7")))) as fold:
            began = loop.time()
            items, flow = await flowed(fold, deadline=10)
            return items, flow, loop.time() - began

    items, flow, spent = hurried(main, idle=0)
    assert items == [("b", "acme")]
    assert [row.state for row in flow.coverage] == [State.TIMED_OUT, State.COMPLETE]
    assert spent < 30  # and not the 60 that the answer takes


async def test_accounts_that_reach_different_organizations_never_wait() -> None:
    slow = Town(telling(5, of("acme", "7")), "acme")
    quick = Town(telling(of("beta", "2")), "beta")
    async with fold_of(("a", slow), ("b", quick)) as fold:
        async with aclosing(aiter(fold.flow(Stream.USAGE, OCTOBER))) as items:
            assert (await asyncio.wait_for(anext(items), 30)).account == "b"
        assert not others()


async def test_accounts_that_name_the_same_organization_wait_whatever_its_case() -> None:
    slow = Town(telling(0.02, of("acme", "7")), "acme")
    quick = Town(telling(of("ACME", "7")), "ACME")
    async with fold_of(("a", slow), ("b", quick)) as fold:
        assert (await flowed(fold))[0] == [("a", "acme")]


def test_an_account_that_hangs_cuts_no_page_of_the_next_one() -> None:
    async def months(client: Client) -> Readings[Any]:
        for number in range(12):
            await asyncio.sleep(0.1)
            yield Reading((of(f"o{number}", "1"),), OCTOBER)

    async def main() -> tuple[list[Any], Any]:
        async with fold_of(("a", telling(60)), ("b", months)) as fold:
            return await flowed(fold, deadline=10)

    items, flow = hurried(main, idle=0)
    assert items == [("b", f"o{number}") for number in range(12)]
    assert [row.state for row in flow.coverage] == [State.TIMED_OUT, State.COMPLETE]


def test_many_that_wait_are_read_a_little_ahead_each() -> None:
    async def main() -> None:
        read: list[str] = []

        def many(name: str) -> Town:
            async def tell(client: Client) -> Readings[Any]:
                for number in range(1000):
                    read.append(name)
                    yield Reading((of(f"{name}{number}", "1"),), OCTOBER)
                    await asyncio.sleep(0)

            return Town(tell)

        names = [f"b{number}" for number in range(20)]
        async with fold_of(("a", telling(5)), *((name, many(name)) for name in names)) as fold:
            async with aclosing(aiter(fold.charges())) as charges:
                first = asyncio.ensure_future(anext(charges))
                await asyncio.sleep(1)
                assert {read.count(name) for name in names} == {5}
                first.cancel()
                await asyncio.gather(first, return_exceptions=True)
            assert not others()

    hurried(main, idle=0)


def test_what_waits_is_read_ahead_and_no_further() -> None:
    async def main() -> None:
        read = []

        async def many(client: Client) -> Readings[Any]:
            for number in range(1000):
                read.append(number)
                yield Reading((of(f"o{number}", "1"),), OCTOBER)

        async with fold_of(("a", telling(5)), ("b", many)) as fold:
            async with aclosing(aiter(fold.charges())) as charges:
                first = asyncio.ensure_future(anext(charges))
                await asyncio.sleep(1)
                assert len(read) == 65
                first.cancel()
                await asyncio.gather(first, return_exceptions=True)
            assert not others()

    hurried(main, idle=0)


def test_leaving_early_ends_an_account_that_waits_for_another() -> None:
    async def main() -> None:
        first = telling(of("beta", "1"), 60)
        async with fold_of(("a", first), ("b", telling(of("acme", "7")))) as fold:
            async with aclosing(aiter(fold.flow(Stream.USAGE))) as items:
                await anext(items)
                await asyncio.sleep(1)
            assert not others()

    hurried(main, idle=0)


def calls_of_a_line(count: int) -> int:
    """Return how many calls of ours it takes to read so many accounts that may overlap."""
    ours, calls = billfold.__path__[0], 0  # what measures coverage makes calls of its own

    def note(frame: FrameType, event: str, what: object) -> None:
        nonlocal calls
        calls += event == "call" and frame.f_code.co_filename.startswith(ours)

    async def main() -> None:
        accounts = [
            Account(f"a{number}", Town(telling(of(f"o{number}", "1"))), Secret(f"{TOKEN}{number}"))
            for number in range(count)
        ]
        async with Billfold(accounts, clock=lambda: NOW, concurrency=2 * count) as fold:
            before = sys.getprofile()
            sys.setprofile(note)
            try:
                items, _ = await flowed(fold)
            finally:
                sys.setprofile(before)
        assert len(items) == count

    hurried(main, idle=0)
    return calls


def test_a_long_line_of_accounts_that_may_overlap_is_not_woken_as_a_whole() -> None:
    # Each that ends waking all who wait took 47 s for 3000.
    assert calls_of_a_line(800) < 2.4 * calls_of_a_line(400)


_ENTRY = st.tuples(st.sampled_from(["acme", "ACME", "beta", None]), st.sampled_from("xyz"))


@given(st.lists(st.lists(_ENTRY, max_size=4), min_size=1, max_size=5))
def test_each_entry_counts_in_the_first_account_that_gives_it(
    given_entries: list[list[tuple[str | None, str]]],
) -> None:
    accounts = {
        f"a{number}": [
            LedgerEntry(ident, OCTOBER.start, eur("1"), "debit", billing_account_id=org)
            for org, ident in entries
        ]
        for number, entries in enumerate(given_entries)
    }

    async def main() -> list[tuple[str, str | None, str]]:
        tells = [(name, telling(Reading(tuple(each)))) for name, each in accounts.items()]
        async with fold_of(*tells) as fold:
            answer = await fold.ledger()
        return [(item.account, item.billing_account_id, item.id) for item in answer]

    # Where no organization is stated, nobody can tell that two accounts give the same.
    first = {
        (
            name if entry.billing_account_id is None else entry.billing_account_id.lower(),
            entry.id,
        ): name
        for name, entries in reversed(accounts.items())
        for entry in entries
    }
    expected = [
        (name, entry.billing_account_id, entry.id)
        for name, entries in accounts.items()
        for entry in entries
        if first[
            name if entry.billing_account_id is None else entry.billing_account_id.lower(),
            entry.id,
        ]
        == name
    ]
    assert asyncio.run(main()) == expected
