"""A list that changes while it is read.

What stood still is never lost without a word, and nothing counts twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, ClassVar

from attrs import define, field
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from yarl import URL

from billfold import Account, Answer, Billfold, RetryPolicy, Secret
from billfold.adapter import find
from support.canned import Response, body
from support.endpoints import NOW

_PAGE = 2  # however many are asked for: a server may clamp the size without a word


@define
class Book:
    """A provider's list, newest first, and a session that answers from it.

    Each page only when the test lets it.
    """

    page: Callable[[list[tuple[int, int]], URL], Any]
    rows: list[tuple[int, int]] = field(factory=list)  # number and amount
    turns: asyncio.Queue[None] = field(factory=asyncio.Queue)

    async def request(self, method: str, url: URL, **_: Any) -> Response:
        if url.path == "/billing/usage":
            return body(_bill(url))
        await self.turns.get()
        return body(self.page(self.rows, url))


def _by_cursor(rows: list[tuple[int, int]], url: URL) -> Any:
    older = [row for row in rows if row[0] < int(url.query.get("cursor", "1000000"))]
    shown = older[:_PAGE]
    return {
        "data": [
            {
                "id": f"t{number}",
                "amount_cents": amount,
                "source": "x",
                "created_at": "2026-11-01T00:00:00Z",
            }
            for number, amount in shown
        ],
        "next_cursor": str(shown[-1][0]) if len(older) > _PAGE else None,
    }


def _by_number(rows: list[tuple[int, int]], url: URL) -> Any:
    start = (int(url.query["page[number]"]) - 1) * _PAGE
    shown = rows[start : start + _PAGE]
    team = {"id": "t1", "currency": {"code": "USD"}}
    data = [
        {"id": f"p{number}", "attributes": {"name": f"{amount}", "team": team}}
        for number, amount in shown
    ]
    return {"data": data, "meta": {"stats": {"total": {"count": len(rows)}}}}


def _bill(url: URL) -> Any:
    period = {"start": "2026-11-01T00:00:00Z", "end": "2026-12-01T00:00:00Z"}
    return {
        "data": {
            "attributes": {
                "project": {"id": url.query["filter[project]"]},
                "period": period,
                "price": 100,
            }
        }
    }


class Pages(RuleBasedStateMachine):
    """Read a list page by page while rows come, go and change.

    Judged when it is read to the end.
    """

    provider: ClassVar[str]
    settings_of: ClassVar[dict[str, Any]]
    page: ClassVar[Callable[[list[tuple[int, int]], URL], Any]]

    @initialize(count=st.integers(0, 9))
    def open(self, count: int) -> None:
        self.loop = asyncio.new_event_loop()
        self.book = Book(type(self).page, [(number, number) for number in range(count, 0, -1)])
        self.newest = count
        self.versions = set(self.book.rows)
        self.reading = self.loop.create_task(self._read())
        self._settle()

    async def _read(self) -> Answer[Any]:
        session: Any = self.book
        account = Account(
            "acct",
            find(self.provider)(**self.settings_of),
            Secret("t"),
            "http://127.0.0.1:1",
            10**9,
        )
        async with Billfold(
            [account], session=session, clock=lambda: NOW, retry=RetryPolicy(attempts=1)
        ) as fold:
            return await self.asked(fold)

    async def asked(self, fold: Billfold) -> Answer[Any]:
        raise NotImplementedError

    def shown(self, answer: Answer[Any]) -> list[tuple[int, int]]:
        raise NotImplementedError

    @rule()
    def serve(self) -> None:
        self.book.turns.put_nowait(None)
        self._settle()

    @rule()
    def add(self) -> None:
        self.newest += 1
        self._put([(self.newest, self.newest), *self.book.rows])

    @rule(place=st.integers(0, 8))
    def remove(self, place: int) -> None:
        self._put([row for index, row in enumerate(self.book.rows) if index != place])

    @rule(place=st.integers(0, 8))
    def change(self, place: int) -> None:
        self._put(
            [
                (number, amount + 100 * (index == place))
                for index, (number, amount) in enumerate(self.book.rows)
            ]
        )

    def _put(self, rows: list[tuple[int, int]]) -> None:
        self.steady = getattr(self, "steady", set(self.book.rows)) & set(rows)
        self.versions |= set(rows)
        self.book.rows = rows

    def _settle(self) -> None:
        async def turn() -> None:
            for _ in range(60):
                await asyncio.sleep(0)

        self.loop.run_until_complete(turn())

    def teardown(self) -> None:
        if not hasattr(self, "loop"):
            return
        try:
            for _ in range(50):
                self.book.turns.put_nowait(None)
            self._judge(self.loop.run_until_complete(asyncio.wait_for(self.reading, 20)))
        finally:
            self.loop.close()

    def _judge(self, answer: Answer[Any]) -> None:
        shown = self.shown(answer)
        assert len({number for number, _ in shown}) == len(shown), "a row counts twice"
        assert set(shown) <= self.versions, "a row is shown that never was there"
        if answer.complete:
            assert getattr(self, "steady", set(self.book.rows)) <= set(shown), (
                "a row that stood still is lost without a word"
            )
        else:
            assert all(row.detail for row in answer.coverage if row.state != "complete"), (
                "a hole without a word why"
            )


class Ledger(Pages):
    """Harmont's: the cursor is a place in the order, so what was shown does not move."""

    provider, settings_of, page = "harmont", {"org": "acme"}, staticmethod(_by_cursor)

    async def asked(self, fold: Billfold) -> Answer[Any]:
        return await fold.ledger()

    def shown(self, answer: Answer[Any]) -> list[tuple[int, int]]:
        return [(int(entry.id[1:]), int(entry.amount.amount * 100)) for entry in answer]


class Projects(Pages):
    """Latitude.sh's: pages are numbered, so that whatever comes or goes moves all that follows."""

    provider, settings_of, page = "latitude", {"currency": "USD"}, staticmethod(_by_number)

    async def asked(self, fold: Billfold) -> Answer[Any]:
        return await fold.usage()

    def shown(self, answer: Answer[Any]) -> list[tuple[int, int]]:
        return [(int(usage.sub_account_id[1:]), int(usage.sub_account_name)) for usage in answer]


for _machine in (Ledger, Projects):
    _machine.TestCase.settings = settings(
        max_examples=settings.default.max_examples, stateful_step_count=16
    )

TestLedger = Ledger.TestCase
TestProjects = Projects.TestCase
