"""What we ask Acme."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from billfold.adapter import (
    Client,
    Declaration,
    Query,
    Reading,
    Readings,
    State,
    Stream,
    cursor_pages,
)
from billfold.model import Balance, Usage
from billfold.period import Period, utc_text
from billfold_acme import parse, wire


@frozen
class Acme:
    """A cloud that does not exist, billed from a prepaid balance."""

    provider: ClassVar[str] = "acme"
    declares: ClassVar[Declaration] = Declaration(
        title="Acme",
        base_url="https://api.acme.example",
        token_env="ACME_TOKEN",
        url_env="ACME_API_URL",
        problem=parse.problem,
        requests_per_minute=600,
        offers={Stream.BALANCES: "prepaid", Stream.USAGE: "any window"},
    )

    async def balances(self, client: Client) -> Readings[Balance]:
        """Read the balance."""
        reply = await client.get("/v1/balance", wire.Balance)
        yield Reading((parse.balance(reply, client.now()),))

    async def usage(self, client: Client, period: Period | None) -> Readings[Usage]:
        """Read what started in the window, and the bill for it."""
        window = period or Period.month_of(client.now())
        query = _window(window)
        bill = await client.get("/v1/bill", wire.Bill, query)
        pages = cursor_pages(
            client,
            "/v1/lines",
            wire.Lines,
            rows=lambda page: page.items,
            row_id=lambda line: line.id,
            next_cursor=lambda page: page.next,
            query=(*query, ("limit", "50")),
            parameter="after",
        )
        lines = [line async for rows in pages for line in rows]
        usage = parse.usage(period, window, lines, bill)
        state = State.PARTIAL if pages.doubtful else State.COMPLETE
        yield Reading((usage,), window, state, pages.note)


def _window(window: Period) -> Query:
    return (("from", utc_text(window.start)), ("to", utc_text(window.end)))
