"""A record that an account gives twice counts once, and one of two contents is named (law 3)."""

from typing import Any

import pytest

from billfold import PaymentMethod, State, Subscription
from billfold.adapter import Reading
from billfold.facade.repeats import Repeats
from billfold.steps import at_once


def card(ident: str = "c1", last4: str = "4242", payer: str | None = "org") -> PaymentMethod:
    return PaymentMethod(ident, "card", default=True, last4=last4, billing_account_id=payer)


def judged(*items: Any, state: State = State.COMPLETE, detail: str | None = None) -> Reading[Any]:
    return at_once(Repeats().judging(Reading(items, state=state, detail=detail)))


def test_records_that_come_once_are_left_as_they_are() -> None:
    reading = Reading((card(), card("c2"), card(payer="other"), card(payer=None)))
    assert at_once(Repeats().judging(reading)) is reading


def test_a_record_that_comes_again_counts_once_and_is_mentioned() -> None:
    one = card()
    reading = judged(one, one, card("C1", payer="ORG"), card(), detail="before")
    assert (reading.items, reading.state) == ((one,), State.COMPLETE)
    assert reading.detail == "before; 3 records repeated, counted once"


@pytest.mark.parametrize(
    ("state", "judged_as"),
    [(State.COMPLETE, State.PARTIAL), (State.DIFFERENT_WINDOW, State.DIFFERENT_WINDOW)],
)
def test_of_two_contents_the_first_is_kept(state: State, judged_as: State) -> None:
    reading = judged(card(), card(last4="0001"), state=state)
    assert (reading.items, reading.state) == ((card(),), judged_as)
    assert reading.detail == "1 record repeated with another content, the first was kept: c1"


def test_what_came_in_an_earlier_reading_does_not_come_again() -> None:
    repeats, fee = Repeats(), Subscription("s1", sub_account_id="p1")
    assert at_once(repeats.judging(Reading((fee,)))).items == (fee,)
    assert at_once(repeats.judging(Reading((fee,)))) == Reading(
        (), detail="1 record repeated, counted once"
    )
    other = Subscription("s1", sub_account_id="p2")
    assert at_once(repeats.judging(Reading((other,)))).items == (other,)
