"""Ten times the work: ten times the CPU, or little more, for records, pages and accounts."""

from __future__ import annotations

import asyncio

import aiohttp

from benchmarks import least
from benchmarks.measure import Row, Side, arguments, in_turns, printed, ratio
from billfold import Account, Billfold, Secret
from billfold_harmont import Harmont


def ledger(url: str, accounts: int, pages: int, entries: int) -> Side:
    """Make a side that reads so many ledgers."""
    every = [
        Account(f"a{n}", Harmont(org=f"org{n}-{pages}-{entries}"), Secret("bench"), f"{url}/0")
        for n in range(accounts)
    ]

    async def side() -> None:
        async with Billfold(every) as fold:
            answer = await fold.ledger(strict=True)
        assert len(answer.items) == accounts * pages * entries

    return side


def floor(url: str, accounts: int, pages: int, entries: int) -> Side:
    """Make a side that does the least with the same pages."""
    path = f"{url}/0/api/v0/billing/transactions"

    async def side() -> None:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
            for n in range(accounts):
                for page in range(pages):
                    at, query = f"{path}/org{n}-{pages}-{entries}", {"cursor": str(page)}
                    least.ledger(await least.body_of(session, at, query))

    return side


async def main() -> None:
    """Measure three rows."""
    url, quick = arguments()
    rows = []
    for what, small, large in (
        ("records", (1, 10, 100), (1, 10, 1_000)),
        ("pages", (1, 20, 20), (1, 200, 20)),
        ("accounts", (20, 2, 20), (200, 2, 20)),
    ):
        one = ledger(url, *small)

        async def ten(one: Side = one) -> None:
            for _ in range(10):
                await one()

        # The small side is timed ten at a time, so that both sides of a turn take about as long.
        sides = {"small": ten, "large": ledger(url, *large), "floor": floor(url, *large)}
        spent = await in_turns(sides, 3 if quick else 7)
        times = 10 * ratio(spent["large"], spent["small"])
        over, goal = ratio(spent["large"], spent["floor"]), "at most 10.5x the CPU"
        rows.append(Row(f"ten times the {what}", goal, f"{times:.1f}x", times <= 10.5, over))
    printed(rows)


if __name__ == "__main__":
    asyncio.run(main())
