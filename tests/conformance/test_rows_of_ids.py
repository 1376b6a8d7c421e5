"""A list whose rows are read for their ids alone keeps the law of rows that change."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from aiohttp import web
from attrs import frozen
from msgspec import Struct

from billfold.adapter import Client, Declaration, Reading, Readings, State, cursor_pages
from billfold.model import Balance, BalanceKind
from billfold.money import Money
from billfold.simulators import Habits, PagedRoute, Sample, Simulation, plain_json
from billfold.testing import Subject
from billfold.testing.laws import prove
from billfold.wire import Problem

ROWS = [{"id": f"team-{number}", "label": "x"} for number in range(5)]


class Team(Struct, frozen=True):
    id: str


class Teams(Struct, frozen=True):
    teams: tuple[Team, ...]
    next: str | None = None


@frozen
class ByTeam:
    """Has a balance for each team, whose list says nothing more that is read."""

    provider: ClassVar[str] = "teams"
    declares: ClassVar[Declaration] = Declaration(
        "Teams", "https://teams.invalid", "TEAMS_TOKEN", "TEAMS_URL", lambda body: Problem()
    )

    async def balances(self, client: Client) -> Readings[Balance]:
        pages = cursor_pages(
            client,
            "/teams",
            Teams,
            rows=lambda page: page.teams,
            row_id=lambda team: team.id,
            next_cursor=lambda page: page.next,
        )
        async for rows in pages:
            amount, kind, now = Money(Decimal("1.50"), "EUR"), BalanceKind.PREPAID, client.now()
            yield Reading(tuple(Balance(amount, kind, team.id, now, team.id) for team in rows))
        state = State.PARTIAL if pages.doubtful else State.COMPLETE
        yield Reading((), None, state, pages.note)


def simulate(row: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[datetime], Simulation]:
    async def teams(request: web.Request) -> web.Response:
        start, size = int(request.query.get("cursor", "0")), int(request.query.get("limit", "5"))
        following = str(start + size) if start + size < len(ROWS) else None
        return plain_json({"teams": list(map(row, ROWS[start : start + size])), "next": following})

    paged = PagedRoute("/teams", "teams", "cursor", "limit", cursor="next")
    return lambda now: Simulation(
        "teams",
        (Sample("a", "teams-token-0123456789"),),
        [web.get("/teams", teams)],
        lambda code: web.Response(status=code),
        Habits(pages=(paged,), enums=frozenset()),
    )


@pytest.mark.parametrize("row", [dict, lambda row: {"id": row["id"]}], ids=["more", "ids"])
def test_rows_that_are_read_for_their_ids_alone_cannot_change(row: Any) -> None:
    assert prove(Subject(ByTeam, simulate(row)), "fault changed-rows") == 2
