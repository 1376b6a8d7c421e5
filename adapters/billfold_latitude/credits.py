"""One credit per team, out of what each of its projects states (CONTRACT.md, section 2.4, G2)."""

from collections.abc import Iterator

from attrs import define, field, frozen

from billfold.adapter import Reading, State
from billfold.model import Balance
from billfold.money import Money
from billfold_latitude.parse import Payer


@frozen
class Statement:
    """What one project, called ``label``, states of its team's credit; None for nothing.

    ``until_charged`` is how far the project is from being charged.
    """

    payer: Payer
    label: str
    balance: Balance | None
    until_charged: str | None = None


@define
class Credits:
    """The credits stated so far: the first of a team counts, and no other differs unsaid."""

    _first: dict[str | None, Statement] = field(factory=dict, init=False)
    _told: set[tuple[str | None, Money]] = field(factory=set, init=False)
    _silent: dict[str | None, Payer] = field(factory=dict, init=False)

    def add(self, reading: Reading[Statement]) -> Iterator[Reading[Balance]]:
        """Yield what a project's statement adds: a balance, a difference, a failure or nothing."""
        if reading.error is not None:
            yield Reading(state=reading.state, error=reading.error, part=reading.part)
        for statement in reading.items:
            balance, payer = statement.balance, statement.payer
            if balance is None:
                self._silent[payer.id] = payer
            elif payer.id not in self._first:
                self._first[payer.id] = statement
                yield Reading((balance,), detail=statement.until_charged)
            else:
                yield from self._compared(self._first[payer.id], statement)
                if statement.until_charged is not None:
                    yield Reading((), detail=statement.until_charged)

    def _compared(self, first: Statement, other: Statement) -> Iterator[Reading[Balance]]:
        """Yield a hole where two projects differ; which of them is right, nobody can say."""
        shown, stated = first.balance, other.balance
        if shown is None or stated is None or shown.amount == stated.amount:
            return
        key = (other.payer.id, stated.amount)
        if key in self._told:
            return
        self._told.add(key)
        detail = (
            f"{_called(other.payer)}: {first.label} states a credit of {shown.amount}, "
            f"{other.label} one of {stated.amount}; the first is shown"
        )
        yield Reading((), None, State.PARTIAL, detail, part=other.payer.id)

    def doubts(self) -> Iterator[Reading[Balance]]:
        """Yield a hole for each team of whose projects none states a credit, and for one unnamed.

        Beside named teams, that may be one of them, whose credit then stands twice.
        """
        unnamed = self._first.get(None)
        if unnamed is not None and unnamed.balance is not None and len(self._first) > 1:
            amount = unnamed.balance.amount
            detail = f"{unnamed.label} names no team: its credit of {amount} may be another one's"
            yield Reading((), None, State.PARTIAL, f"{detail}, and both count")
        for team_id, payer in self._silent.items():
            if team_id not in self._first:
                detail = f"{_called(payer)}: no credit balance is stated"
                yield Reading((), None, State.UNAVAILABLE, detail, part=team_id)


def _called(payer: Payer) -> str:
    name = payer.name or payer.id
    return f"team {name}" if name else "the team"
