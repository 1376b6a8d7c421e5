"""The law of announced pages holds for payment methods, too, and for a bare total."""

from datetime import datetime
from typing import ClassVar

import pytest
from aiohttp import web
from attrs import evolve, frozen
from msgspec import Raw, Struct

from billfold.adapter import Client, Declaration, Reading, Readings, State
from billfold.model import PaymentMethod
from billfold.simulators import Habits, Sample, Simulation, plain_json
from billfold.simulators.faults.additions import PAGE_MEMBERS
from billfold.testing import LawBroken, Subject
from billfold.testing.laws import prove
from billfold.wire import Problem, announced_pages, decode

ROWS = [{"id": "card-1", "brand": "visa"}, {"id": "card-2", "brand": "amex"}]


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
        members = decode(body, dict[str, object])
        members.pop("total", None)
        said = announced_pages(members)
        state = State.COMPLETE if said is None else State.PARTIAL
        yield evolve(reading(decode(body, Cards)), state=state, detail=said)


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
    assert prove(Subject(ByShape, simulate), "announced-pages") == len(PAGE_MEMBERS) + 9


def test_a_list_of_cards_whose_total_nobody_reads_breaks_the_law() -> None:
    with pytest.raises(
        LawBroken, match=r"payment_methods, where /cards announces more pages by 'bare-total'"
    ):
        prove(Subject(ByItself, simulate), "announced-pages")
