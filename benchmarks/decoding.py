"""A ledger page of 100 entries, bytes to ``LedgerEntry``, beside ``orjson.loads`` and cattrs.

And Stripe's own client.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from decimal import Decimal

import orjson
import stripe
from attrs import frozen
from cattrs.preconf.orjson import make_converter

from benchmarks import bodies
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
        "orjson": repeated(lambda: orjson.loads(body), 5),
        "cattrs": repeated(theirs, 5),
    }
    spent = await in_turns(sides, turns)
    over, under = ratio(spent["ours"], spent["orjson"]), ratio(spent["cattrs"], spent["ours"])
    goal = "at most 3.5x orjson.loads, 2.5x faster than cattrs"
    return Row(
        "ledger page of 100 entries, bytes to LedgerEntry",
        goal,
        f"{over:.2f}x, {under:.1f}x",
        over <= 3.5 and under >= 2.5,
    )


async def _stripe(url: str, turns: int) -> Row:
    account = Account("ci", Harmont(org="org-50-100"), Secret("bench"), f"{url}/0")
    http = stripe.HTTPXClient(allow_sync_methods=False)
    client = stripe.StripeClient(
        "sk_test_bench", http_client=http, base_addresses={"api": f"{url}/0"}
    )
    async with Billfold([account]) as fold:

        async def ours() -> None:
            assert len((await fold.ledger(strict=True)).items) == 5_000

        async def theirs() -> None:
            page = await client.v1.balance_transactions.list_async({"limit": 100})
            assert len([entry async for entry in page.auto_paging_iter()]) == 5_000

        spent = await in_turns({"ours": ours, "theirs": theirs}, turns)
    await http.close_async()
    measured = f"{ratio(spent['theirs'], spent['ours']):.1f}x"
    return Row(
        "ledger of 50 pages through the facade: stripe-python's async list, CPU over ours",
        "-",
        measured,
    )


async def main() -> None:
    """Measure two rows."""
    url, quick = arguments()
    printed([await _page(30 if quick else 200), await _stripe(url, 2 if quick else 7)])


if __name__ == "__main__":
    asyncio.run(main())
