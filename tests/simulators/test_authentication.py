"""Each way to carry a token, from an adapter's declaration to a simulator that checks it."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

import pytest
from aiohttp import web
from attrs import frozen
from msgspec import Struct

from billfold import Account, Billfold, CredentialsError, ForbiddenError, Secret
from billfold.adapter import (
    Adapter,
    ApiKey,
    Auth,
    Basic,
    Bearer,
    Client,
    Declaration,
    Reading,
    Readings,
)
from billfold.model import Balance, BalanceKind
from billfold.money import Money
from billfold.simulators import Habits, Sample, Simulation, plain_json, serving, token_of
from billfold.simulators.faults import named
from billfold.testing import LawBroken, Subject
from billfold.testing.laws import LAWS, prove
from billfold.wire import DriftError, Problem, decode
from support.lines import QUICK

TOKEN = "toy-token/0123456789"
LOGIN = "toy:0123456789-password"
WAYS = {
    "bearer": (Bearer(), TOKEN),
    "key": (ApiKey("X-Toy-Key"), TOKEN),
    "password": (Basic("toy"), TOKEN),
    "login": (Basic(), LOGIN),
}
each_way = pytest.mark.parametrize(("auth", "token"), WAYS.values(), ids=WAYS)


class Wallet(Struct, frozen=True):
    amount: Decimal


class Error(Struct, frozen=True):
    message: str


def problem(body: bytes) -> Problem:
    try:
        return Problem(message=decode(body, Error).message)
    except DriftError:
        return Problem()


def adapter_with(auth: Auth) -> type[Adapter]:
    @frozen
    class Toy:
        provider: ClassVar[str] = "toy"
        declares: ClassVar[Declaration] = Declaration(
            "Toy", "https://toy.invalid", "TOY_TOKEN", "TOY_URL", problem, auth=auth
        )

        async def balances(self, client: Client) -> Readings[Balance]:
            reply = await client.post_query("/wallets/query", Wallet | None, {"all": True})
            if reply.body is None:
                yield Reading()
            else:
                money = Money(reply.body.amount, "EUR")
                yield Reading((Balance(money, BalanceKind.PREPAID, "wallet", client.now()),))

    return Toy


def simulation_with(auth: Auth, token: str, *queries: str) -> Simulation:
    async def wallet(request: web.Request) -> web.Response:
        if token_of(request) == f"{token}-empty":
            return web.Response(status=204)
        return plain_json({"amount": Decimal("12.50")})

    return Simulation(
        "toy",
        (Sample("full", token), Sample("empty", f"{token}-empty")),
        [web.post("/wallets/query", wallet)],
        lambda code: plain_json({"message": f"refused {code}"}, status=code),
        Habits(enums=frozenset(), queries=frozenset(queries)),
        auth,
    )


def subject(auth: Auth, token: str, *queries: str) -> Subject:
    def simulate(now: datetime) -> Simulation:
        return simulation_with(auth, token, *queries)

    return Subject(adapter_with(auth), simulate)


@asynccontextmanager
async def fold_to(
    simulation: Simulation, adapter: type[Adapter], token: str
) -> AsyncIterator[Billfold]:
    async with serving(simulation) as url:
        account = Account("a", adapter(), Secret(token), url)
        async with Billfold([account], retry=QUICK) as fold:
            yield fold


@each_way
async def test_the_token_arrives(auth: Auth, token: str) -> None:
    async with fold_to(simulation_with(auth, token), adapter_with(auth), token) as fold:
        answer = await fold.balances()
    assert answer.totals() == {"prepaid": {"EUR": Money(Decimal("12.50"), "EUR")}}


@each_way
async def test_a_reply_without_content_is_an_empty_answer(auth: Auth, token: str) -> None:
    empty = f"{token}-empty"
    async with fold_to(simulation_with(auth, token), adapter_with(auth), empty) as fold:
        answer = await fold.balances()
    assert answer.complete
    assert answer.items == ()


@each_way
async def test_another_token_is_refused(auth: Auth, token: str) -> None:
    async with fold_to(simulation_with(auth, token), adapter_with(auth), f"{token}9") as fold:
        answer = await fold.balances()
    (error,) = answer.failures
    assert isinstance(error, CredentialsError)
    assert "refused 401" in error.message


@each_way
@pytest.mark.parametrize("another", WAYS)
async def test_the_right_token_is_refused_in_another_way_than_the_declared_one(
    auth: Auth, token: str, another: str
) -> None:
    sent = WAYS[another][0]
    async with fold_to(simulation_with(auth, token), adapter_with(sent), token) as fold:
        answer = await fold.balances()
    assert answer.complete == (sent == auth)
    assert all(isinstance(error, CredentialsError) for error in answer.failures)


@each_way
async def test_an_echo_repeats_what_was_sent_and_none_of_it_is_shown(
    auth: Auth, token: str
) -> None:
    simulation = simulation_with(auth, token)
    simulation.faults.append(named("echo=403"))
    async with fold_to(simulation, adapter_with(auth), token) as fold:
        answer = await fold.balances()
    (error,) = answer.failures
    assert isinstance(error, ForbiddenError)
    assert "***" in error.message
    encoded = [base64.b64encode(text.encode()).decode() for text in (token, f"toy:{token}")]
    for form in (token, *encoded):
        assert form not in f"{error!r} {vars(error)} {answer.to_json()}"


@pytest.mark.parametrize("law", LAWS)
def test_every_law_is_kept_with_an_api_key(law: str) -> None:
    prove(subject(*WAYS["key"], "/wallets/query"), law)


@each_way
@pytest.mark.parametrize("law", ["methods", "covered", "fault status=401", "fault echo=403"])
def test_the_laws_of_credentials_are_kept_in_every_way(auth: Auth, token: str, law: str) -> None:
    prove(subject(auth, token, "/wallets/query"), law)


@each_way
def test_no_secret_leaves_in_any_way(auth: Auth, token: str) -> None:
    prove(subject(auth, token, "/wallets/query"), "secret")


def test_a_post_that_is_not_declared_as_a_query_breaks_the_law_of_reading() -> None:
    with pytest.raises(LawBroken, match=r"law 9.*POST /wallets/query; .*Habits\.queries"):
        prove(subject(*WAYS["bearer"]), "covered")


def test_a_simulator_that_reads_another_way_breaks_the_law_of_methods() -> None:
    def simulate(now: datetime) -> Simulation:
        return simulation_with(Bearer(), TOKEN)

    with pytest.raises(LawBroken, match=r"the simulator reads Bearer.*the adapter sends Basic"):
        prove(Subject(adapter_with(Basic()), simulate), "methods")
