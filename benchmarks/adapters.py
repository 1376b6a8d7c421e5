"""Every adapter's longest replies, through the facade, over the least that they can cost.

Beside each ``orjson.loads`` of the same bytes, which loses digits and checks nothing.
"""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Callable, Sequence
from typing import Any

import aiohttp
import orjson
from attrs import frozen

from benchmarks import least
from benchmarks.measure import Row, Side, arguments, in_turns, printed, ratio
from benchmarks.usage_bodies import OCTOBER
from billfold import Account, Answer, Billfold, Period, Secret
from billfold.adapter import Adapter
from billfold.period import utc_text
from billfold_aether import Aether
from billfold_bnerd import Bnerd
from billfold_harmont import Harmont

MONTH = Period.month(OCTOBER.year, OCTOBER.month)
ROOM = 1024 * 1024 * 1024  # a month of 100,000 leases is larger than what is read by default
_UUID = "5f8c1d20-93ab-4e67-8b1d-{:012}"


@frozen
class Subject:
    """What is asked, what the same replies are at least, and how many lines they have."""

    what: str
    adapter: Adapter
    ask: Callable[[Billfold], Any]
    replies: Sequence[tuple[str, Any, Callable[[bytes], object]]]
    lines: int
    count: Callable[[Answer[Any]], int] = lambda answer: len(answer.items)


def _charges(answer: Answer[Any]) -> int:
    return sum(len(usage.charges) for usage in answer)


def _hours(answer: Answer[Any]) -> int:
    """Count the hours, without the fee and the pools that carry them."""
    return sum(charge.included_in is not None for usage in answer for charge in usage.charges)


def subjects(leases: int, pages: int, hours: int, rows: int) -> list[Subject]:
    """Return every adapter's long streams, Latitude.sh's apart, which has a part of its own."""
    harmont = "/api/v0/billing"
    bounds = {"from": utc_text(MONTH.start), "to": utc_text(MONTH.end)}
    ledger, cloud, rows_org = f"org-{pages}-100", _UUID.format(hours), _UUID.format(rows)
    aether = f"/api/v1/organizations/{cloud}/billing"
    scope = {"organization_id": rows_org, **bounds}
    return [
        Subject(
            f"Harmont, a month of {leases:,} leases",
            Harmont(org=f"acme-{leases}"),
            lambda fold: fold.usage(MONTH, strict=True),
            (
                (f"{harmont}/usage/acme-{leases}/breakdown", bounds, least.leases),
                (f"{harmont}/usage/acme-{leases}", bounds, orjson.loads),
            ),
            leases,
            _charges,
        ),
        Subject(
            f"Harmont, a ledger of {pages * 100:,} entries",
            Harmont(org=ledger),
            lambda fold: fold.ledger(strict=True),
            [
                (f"{harmont}/transactions/{ledger}", {"cursor": str(page)}, least.ledger)
                for page in range(pages)
            ],
            pages * 100,
        ),
        Subject(
            "Harmont, the 365 days of a year",
            Harmont(org="acme-1"),
            lambda fold: fold.daily(_year(), strict=True),
            [
                (
                    f"{harmont}/usage/acme-1/series",
                    {"from": utc_text(month.start), "to": utc_text(month.end)},
                    least.days,
                )
                for month in _year().split_months()
            ],
            365,
        ),
        Subject(
            f"Aether, a month of {hours:,} hourly records",
            Aether(org=cloud),
            lambda fold: fold.usage(strict=True),
            ((f"{aether}/usage", None, least.hours), (f"{aether}/daily-spend", None, orjson.loads)),
            hours,
            _hours,
        ),
        Subject(
            f"b'nerd, a month of {rows:,} rows, of any shape",
            Bnerd(org=rows_org),
            lambda fold: fold.usage(MONTH, strict=True),
            (("/billing/usage", scope, least.usage_rows),),
            rows,
            _charges,
        ),
    ]


def _year() -> Period:
    return Period(Period.month(2025, 10).start, MONTH.start)


async def _row(url: str, subject: Subject, turns: int) -> Row:
    account = Account("a", subject.adapter, Secret("bench"), f"{url}/0", 100_000_000)
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
        Billfold([account], session=session, max_body=ROOM) as fold,
    ):

        async def ours() -> None:
            answer = await subject.ask(fold)
            assert answer.complete, answer.missing()
            assert subject.count(answer) == subject.lines

        async def floor() -> None:
            for path, query, read in subject.replies:
                read(await least.body_of(session, f"{url}/0{path}", query))

        async def loads() -> None:
            for path, query, _ in subject.replies:
                orjson.loads(await least.body_of(session, f"{url}/0{path}", query))

        sides: dict[str, Side] = {"ours": ours, "floor": floor, "orjson": loads}
        spent = await in_turns(sides, turns)
    each = statistics.median(spent["ours"]) / subject.lines * 1e6
    measured = f"{ratio(spent['ours'], spent['orjson']):.1f}x orjson.loads; {each:.1f} us a line"
    return Row(subject.what, "-", measured, over=ratio(spent["ours"], spent["floor"]))


async def main() -> None:
    """Measure a row for each."""
    url, quick = arguments()
    sizes = (5_000, 5, 2_000, 500) if quick else (100_000, 50, 20_000, 10_000)
    printed([await _row(url, subject, 3 if quick else 7) for subject in subjects(*sizes)])


if __name__ == "__main__":
    asyncio.run(main())
