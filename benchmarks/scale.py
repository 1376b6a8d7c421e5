"""10,000 accounts through ``charges()``, and a month of a million leases in one reply."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

import aiohttp

from benchmarks import least
from benchmarks.adapters import MONTH, ROOM
from benchmarks.measure import MIB, Row, arguments, cpu, lag, peak, printed, resident
from billfold import Account, Billfold, Secret
from billfold.period import utc_text
from billfold_harmont import Harmont

LEASES = 5  # of each account


async def _accounts(url: str, count: int) -> tuple[float, float]:
    """Return the CPU of an account in ms, and the growth after the first twentieth in MiB."""
    orgs = [f"org{number}-{LEASES}" for number in range(count)]
    accounts = [
        Account(org, Harmont(org=org), Secret("bench"), f"{url}/0", 100_000_000) for org in orgs
    ]
    seen, first, highest = 0, 0, 0
    begun = time.process_time()
    async with Billfold(accounts) as fold:
        async for _ in fold.charges(MONTH):
            seen += 1
            if seen % (count // 20) == 0:
                first = resident() if seen <= count * LEASES / 20 else first
                highest = max(highest, resident())
    assert seen == count * LEASES, seen
    return (time.process_time() - begun) / count * 1000, (highest - first) / MIB


async def _least(url: str, orgs: Sequence[str]) -> float:
    """Return the CPU in ms of the least that can be done with an account's two replies."""
    bounds = {"from": utc_text(MONTH.start), "to": utc_text(MONTH.end)}
    begun = time.process_time()
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        for org in orgs:
            path = f"{url}/0/api/v0/billing/usage/{org}"
            least.leases(await least.body_of(session, f"{path}/breakdown", bounds))
            await least.body_of(session, path, bounds)
    return (time.process_time() - begun) / len(orgs) * 1000


async def _leases(url: str, count: int) -> tuple[float, float, float]:
    """Return the CPU of a lease in us, the most held in MiB and the longest lag in ms."""
    account = Account("ci", Harmont(org=f"acme-{count}"), Secret("bench"), f"{url}/0", 100_000_000)
    async with Billfold([account], max_body=ROOM) as fold:

        async def read() -> None:
            with lag() as late:
                answer = await fold.usage(MONTH, strict=True)
                assert sum(len(usage.charges) for usage in answer) == count
                await asyncio.sleep(0.02)
            lags.extend(late)

        lags: list[float] = []
        before = peak()
        spent = await cpu(read)
    return spent / count * 1e6, peak() - before, max(lags) * 1000


async def main() -> None:
    """Measure two rows."""
    url, quick = arguments()
    accounts, leases = (200, 20_000) if quick else (10_000, 1_000_000)
    await _accounts(url, accounts // 10)
    before, _ = await _accounts(url, accounts // 10)
    many, growth = await _accounts(url, accounts)
    after, _ = await _accounts(url, accounts // 10)
    few = (before + after) / 2  # a machine that gets slower is then slower for both
    floor = await _least(url, [f"org{number}-{LEASES}" for number in range(accounts)])
    rows = [
        Row(
            f"{accounts:,} accounts through charges(): CPU of each",
            "at most 1.05x that of a tenth of them; growth under 64 MiB",
            f"{many:.2f} ms, {many / few:.2f}x; growth {growth:.1f} MiB",
            many <= 1.05 * few and growth < 64,
            many / floor,
        )
    ]
    await _leases(url, 1_000)
    before, _, _ = await _leases(url, leases // 10)
    large, held, held_up = await _leases(url, leases)
    after, _, _ = await _leases(url, leases // 10)
    small = (before + after) / 2
    over = large * leases / 1000 / await _least(url, [f"acme-{leases}"])
    measured = (
        f"{large:.1f} us, {large / small:.2f}x; {held / 1024:.1f} GiB with the reply; "
        f"the loop is held for {held_up:.0f} ms, the collector's passes included"
    )
    goal = "at most 1.05x that of a tenth of them"
    what = f"{leases:,} leases of one month in one reply: CPU of each"
    printed([*rows, Row(what, goal, measured, large <= 1.05 * small, over)])


if __name__ == "__main__":
    asyncio.run(main())
