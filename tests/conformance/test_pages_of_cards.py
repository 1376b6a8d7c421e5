"""The law of announced pages holds for payment methods, too, and for a bare total."""

from datetime import datetime
from typing import Any, ClassVar

import pytest
from aiohttp import web
from attrs import evolve, frozen
from msgspec import Raw, Struct

from billfold.adapter import Client, Declaration, Reading, Readings, State
from billfold.model import PaymentMethod
from billfold.simulators import Habits, Sample, Simulation, plain_json
from billfold.simulators.faults.additions import LIST_MEMBERS, PAGE_MEMBERS, ROW_MEMBERS
from billfold.testing import LawBroken, Subject
from billfold.testing.laws import prove
from billfold.wire import Problem, announced_pages, decode

ROWS = [
    {"id": "card-1", "brand": "visa", "limits": [{"id": "limit-1"}]},
    {"id": "card-2", "brand": "amex", "limits": []},
]


class Card(Struct, frozen=True):
    id: str


class Cards(Struct, frozen=True):
    cards: tuple[Card, ...]


def declare(name: str) -> Declaration:
    return Declaration(
        name, "https://cards.invalid", "CARDS_TOKEN", "CARDS_URL", lambda body: Problem()
    )


def reading(reply: Cards) -> Reading[PaymentMethod]:
    return Reading(tuple(PaymentMethod(card.id, "card", False) for card in reply.cards))


@frozen
class ByShape:
    """Reads the list in its shape."""

    provider: ClassVar[str] = "cards"
    declares: ClassVar[Declaration] = declare("By shape")

    async def payment_methods(self, client: Client) -> Readings[PaymentMethod]:
        yield reading(await client.get("/cards", Cards))


@frozen
class ByItself:
    """Decodes the list by itself, and sees every page announced but a bare total."""

    provider: ClassVar[str] = "cards"
    declares: ClassVar[Declaration] = declare("By itself")

    async def payment_methods(self, client: Client) -> Readings[PaymentMethod]:
        body = bytes(await client.get("/cards", Raw))
        members = decode(body, dict[str, Any])
        said = announced_pages(self.heard(members), counts=("total",))
        state = State.COMPLETE if said is None else State.PARTIAL
        yield evolve(reading(decode(body, Cards)), state=state, detail=said)

    def heard(self, members: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in members.items() if key != "total"}


@frozen
class ByBareWords(ByItself):
    """Sees no page that is announced by the list's name."""

    def heard(self, members: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in members.items() if not key.startswith("cards_")}


@frozen
class WithoutRows(ByItself):
    """Sees no page that a row announces."""

    def heard(self, members: dict[str, Any]) -> dict[str, Any]:
        return {**members, "cards": [{"id": card["id"]} for card in members["cards"]]}


def simulate(_: datetime) -> Simulation:
    async def cards(request: web.Request) -> web.Response:
        return plain_json({"cards": ROWS})

    return Simulation(
        "cards",
        (Sample("a", "cards-token-0123456789"),),
        [web.get("/cards", cards)],
        lambda code: web.Response(status=code),
        Habits(enums=frozenset()),
    )


def test_a_list_of_cards_in_its_shape_keeps_the_law() -> None:
    # Beside the members there are seven ways in headers, and a page as full as its size.
    members = len(PAGE_MEMBERS) + len(LIST_MEMBERS) + len(ROW_MEMBERS)
    assert prove(Subject(ByShape, simulate), "announced-pages") == members + 9


def test_a_list_of_cards_whose_total_nobody_reads_breaks_the_law() -> None:
    require_broken("bare-total", ByItself)


@pytest.mark.parametrize(
    ("form", "adapter"), [("list-next", ByBareWords), ("row-next", WithoutRows)]
)
def test_a_list_whose_own_words_nobody_reads_breaks_the_law(
    form: str, adapter: type[ByItself]
) -> None:
    require_broken(form, adapter)


def require_broken(form: str, adapter: type[ByItself]) -> None:
    """Require that the law is broken by a form."""
    words = rf"payment_methods, where /cards announces more pages by '{form}'"
    with pytest.raises(LawBroken, match=words):
        prove(Subject(adapter, simulate), "announced-pages")
