"""A ledger page of 100 entries, bytes to ``LedgerEntry``, beside ``orjson.loads`` and cattrs.

And Stripe's own client.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from decimal import Decimal

import aiohttp
import orjson
import stripe
from attrs import frozen
from cattrs.preconf.orjson import make_converter

from benchmarks import bodies, least
from benchmarks.measure import Row, arguments, in_turns, printed, ratio, repeated
from billfold import Account, Billfold, Secret
from billfold.wire import decode
from billfold_harmont import Harmont, parse, wire


@frozen
class Transaction:
    """The wire shape as cattrs would have it."""

    id: str
    amount_cents: Decimal
    source: str
    created_at: datetime
    description: str | None = None


@frozen
class Transactions:
    """A page of them."""

    data: tuple[Transaction, ...]
    next_cursor: str | None = None


_CONVERTER = make_converter()
_CONVERTER.register_structure_hook(Decimal, lambda value, _: Decimal(str(value)))


async def _page(turns: int) -> Row:
    body = bodies.ledger_page(0, 5, 100)

    def ours() -> object:
        return parse.ledger_entries("acme", decode(body, wire.Transactions).data, None)

    def theirs() -> object:
        page = _CONVERTER.structure(orjson.loads(body), Transactions)
        return parse.ledger_entries("acme", page.data, None)  # type: ignore[arg-type]  # same fields, by cattrs

    assert ours() == theirs()
    sides = {
        "ours": repeated(ours, 5),
        "floor": repeated(lambda: least.ledger(body), 5),
        "orjson": repeated(lambda: orjson.loads(body), 5),
        "cattrs": repeated(theirs, 5),
    }
    spent = await in_turns(sides, turns)
    over = ratio(spent["ours"], spent["floor"])
    loads, faster = ratio(spent["ours"], spent["orjson"]), ratio(spent["cattrs"], spent["ours"])
    return Row(
        "ledger page of 100 entries, bytes to LedgerEntry",
        "at most 1.2x its floor, 4.2x orjson.loads, 2.3x faster than cattrs",
        f"{loads:.2f}x orjson.loads, {faster:.1f}x faster than cattrs",
        over <= 1.2 and loads <= 4.2 and faster >= 2.3,
        over,
    )


async def _stripe(url: str, turns: int) -> Row:
    account = Account("ci", Harmont(org="org-50-100"), Secret("bench"), f"{url}/0")
    http = stripe.HTTPXClient(allow_sync_methods=False)
    client = stripe.StripeClient(
        "sk_test_bench", http_client=http, base_addresses={"api": f"{url}/0"}
    )
    async with (
        Billfold([account]) as fold,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
    ):

        async def ours() -> None:
            assert len((await fold.ledger(strict=True)).items) == 5_000

        async def theirs() -> None:
            page = await client.v1.balance_transactions.list_async({"limit": 100})
            assert len([entry async for entry in page.auto_paging_iter()]) == 5_000

        async def floor() -> None:
            path = f"{url}/0/api/v0/billing/transactions/org-50-100"
            for number in range(50):
                least.ledger(await least.body_of(session, path, {"cursor": str(number)}))

        spent = await in_turns({"ours": ours, "theirs": theirs, "floor": floor}, turns)
    await http.close_async()
    times = ratio(spent["theirs"], spent["ours"])
    return Row(
        "ledger of 50 pages through the facade, beside stripe-python's async list",
        "stripe-python's CPU at least 11x ours",
        f"{times:.1f}x",
        times >= 11,
        ratio(spent["ours"], spent["floor"]),
    )


async def main() -> None:
    """Measure two rows."""
    url, quick = arguments()
    printed([await _page(30 if quick else 200), await _stripe(url, 2 if quick else 7)])


if __name__ == "__main__":
    asyncio.run(main())
