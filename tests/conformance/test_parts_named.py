"""Of several organizations, the one that fails is named, and one that repeats another adds nothing."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from aiohttp import web
from attrs import frozen
from msgspec import Struct

from billfold.adapter import Client, Declaration, Parts, Reading, Readings, State
from billfold.errors import BillfoldError
from billfold.model import Balance, BalanceKind, LedgerEntry
from billfold.money import Money
from billfold.period import Period
from billfold.simulators import Habits, Sample, Simulation, plain_json
from billfold.testing import LawBroken, Subject
from billfold.testing.laws import prove
from billfold.wire import Problem
from support.counting import count


class Prepaid(Struct, frozen=True):
    balance: Decimal


class Moved(Struct, frozen=True):
    ids: tuple[str, ...]


@frozen
class Orgs:
    """An account of two organizations; ``lie`` is what it says of one that fails."""

    provider: ClassVar[str] = "orgs"
    declares: ClassVar[Declaration] = Declaration(
        "Orgs", "https://orgs.invalid", "ORGS_TOKEN", "ORGS_URL", lambda body: Problem()
    )
    lie: str = ""

    async def balances(self, client: Client) -> Readings[Balance]:
        async def read(org: str) -> Reading[Balance]:
            reply = await client.get(f"/balances/{org}", Prepaid)
            amount = Money(reply.balance, "EUR")
            scope = f"organization:{org}"
            now = client.now()
            return Reading((Balance(amount, BalanceKind.PREPAID, scope, now, org, org),))

        orgs = ("acme", "acme-2")
        if self.lie == "all together":
            yield Reading(tuple([item for org in orgs for item in (await read(org)).items]))
        elif self.lie:
            for org in orgs:
                part = {"no name": None, "another name": "acme"}[self.lie]
                try:
                    yield await read(org)
                except BillfoldError as error:
                    yield Reading(state=State.FAILED, error=error, part=part)
        else:
            async for reading in Parts(orgs).read(read):
                yield reading


@frozen
class Ledgers:
    """An account of two organizations; ``compared`` is whether entries are, over both of them."""

    provider: ClassVar[str] = "orgs"
    declares: ClassVar[Declaration] = Orgs.declares
    compared: bool = True

    async def ledger(self, client: Client, period: Period | None) -> Readings[LedgerEntry]:
        known: set[str] = set()
        for org in ("acme", "acme-2"):
            reply = await client.get(f"/ledgers/{org}", Moved)
            entries = [entry_of(org, each) for each in reply.ids]
            again = self.compared and not known.isdisjoint(reply.ids)
            known.update(reply.ids)
            state = State.PARTIAL if again else State.COMPLETE
            yield Reading(tuple(entries), period, state, "of both" if again else None, part=org)


def entry_of(org: str, ident: str) -> LedgerEntry:
    at = datetime(2026, 10, 5, tzinfo=UTC)
    return LedgerEntry(ident, at, Money.parse("1.00 EUR"), "credit", billing_account_id=org)


def simulate_ledgers(compared: bool) -> Any:
    async def ledger(request: web.Request) -> web.Response:
        return plain_json({"ids": [f"entry of {request.match_info['org']}"]})

    return lambda now: simulation({"compared": compared}, web.get("/ledgers/{org}", ledger))


def simulation(settings: dict[str, Any], route: web.RouteDef) -> Simulation:
    return Simulation(
        "orgs",
        (Sample("a", "orgs-token-0123456789", settings),),
        [route],
        lambda code: web.Response(status=code),
        Habits(enums=frozenset()),
    )


def simulate_with(lie: str) -> Any:
    async def balance(request: web.Request) -> web.Response:
        return plain_json({"balance": Decimal("1.50")})

    return lambda now: simulation({"lie": lie}, web.get("/balances/{org}", balance))


def test_an_adapter_that_names_its_parts_keeps_the_law_and_each_part_is_tried() -> None:
    assert prove(Subject(Orgs, simulate_with("")), "parts-named") == 2


@pytest.mark.parametrize(
    ("lie", "message"),
    [
        ("all together", "acme of a down: the failure names .None."),
        ("no name", "acme of a down: the failure names .None."),
        ("another name", "acme-2 of a down: the failure names .'acme'."),
    ],
)
def test_an_adapter_that_does_not_say_which_part_failed_breaks_it(lie: str, message: str) -> None:
    with pytest.raises(LawBroken, match=f"law 4.*{message}"):
        prove(Subject(Orgs, simulate_with(lie)), "parts-named")
    count("planted bugs caught")


def test_an_adapter_that_compares_the_entries_of_its_parts_keeps_each_cent_once() -> None:
    assert prove(Subject(Ledgers, simulate_ledgers(compared=True)), "parts-repeated") == 1


def test_an_adapter_that_counts_an_entry_of_two_parts_twice_breaks_it() -> None:
    with pytest.raises(LawBroken, match=r"law 3.*with acme of a in the replies for acme-2, too"):
        prove(Subject(Ledgers, simulate_ledgers(compared=False)), "parts-repeated")
    count("planted bugs caught")
