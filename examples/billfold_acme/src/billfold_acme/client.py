"""What we ask Acme."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from billfold.adapter.contract import Declaration, Reading, Readings
from billfold.adapter.pagination import Paging
from billfold.http.client import Link, Query
from billfold.model import Balance, State, Stream, Usage
from billfold.period import Period, utc_text
from billfold_acme import parse, wire


@frozen
class Acme:
    """A cloud that does not exist, billed from a prepaid balance."""

    provider: ClassVar[str] = parse.PROVIDER
    declares: ClassVar[Declaration] = Declaration(
        title="Acme",
        base_url="https://api.acme.example",
        token_env="ACME_TOKEN",
        url_env="ACME_API_URL",
        problem=parse.problem,
        requests_per_minute=600,
        offers={Stream.BALANCES: "prepaid", Stream.USAGE: "any window"},
    )

    async def balances(self, link: Link) -> Readings[Balance]:
        """Read the balance."""
        reply = await link.get("/v1/balance", wire.Balance)
        yield Reading((parse.balance(link.account, reply, link.now()),))

    async def usage(self, link: Link, period: Period | None) -> Readings[Usage]:
        """Read what started in the window, and the bill for it."""
        window = period or Period.month_of(link.now())
        bill = await link.get("/v1/bill", wire.Bill, _window(window))
        pages = _lines(link, window)
        lines = [line async for rows in pages for line in rows]
        state = State.PARTIAL if pages.doubtful else State.COMPLETE
        yield Reading(
            (parse.usage(link.account, period, window, lines, bill),), window, state, pages.note
        )


def _lines(link: Link, window: Period) -> Paging[wire.Lines, wire.Line, str]:
    async def fetch(cursor: str | None) -> wire.Lines:
        query: Query = (*_window(window), ("limit", "50"))
        return await link.get(
            "/v1/lines", wire.Lines, query if cursor is None else (*query, ("after", cursor))
        )

    return Paging(fetch, lambda page: page.items, lambda line: line.id, lambda page: page.next)


def _window(window: Period) -> Query:
    return (("from", utc_text(window.start)), ("to", utc_text(window.end)))
