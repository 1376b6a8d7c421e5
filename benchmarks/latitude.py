"""Latitude.sh's usage.

Request to ``Usage`` through the facade, and the decoding alone, beside the official SDK.
"""

from __future__ import annotations

import asyncio
import statistics

import aiohttp
import orjson
from latitudesh_python_sdk import Latitudesh, models
from latitudesh_python_sdk.utils import unmarshal_json

from benchmarks import bodies, least
from benchmarks.measure import Row, Side, arguments, in_turns, printed, ratio, repeated
from billfold import Account, Billfold, Secret
from billfold.wire import decode
from billfold_latitude import Latitude, parse, usage, wire

TOKEN = "bench-0123456789"


async def _through(url: str, products: int, calls: int, turns: int, goal: float) -> Row:
    """Compare the SDK's CPU with ours, for two requests and for usage alone."""
    project = f"proj_0_{products}"
    account = Account("metal", Latitude(projects=(project,)), Secret(TOKEN), f"{url}/0", 1_000_000)
    async with (
        Billfold([account]) as fold,
        Latitudesh(bearer=TOKEN, server_url=f"{url}/0") as sdk,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
    ):

        async def ours() -> None:
            for _ in range(calls):
                answer = await fold.usage(strict=True)
                assert answer.complete
                assert len(answer.items[0].charges) == products

        async def alone() -> None:
            for _ in range(calls):
                reply = await sdk.billing.list_usage_async(filter_project=project)
                assert len(reply.data.attributes.products) == products

        async def theirs() -> None:
            for _ in range(calls):
                await sdk.projects.get_project_async(project_id=project)
            await alone()

        async def floor() -> None:
            for _ in range(calls):
                of_project = await least.body_of(session, f"{url}/0/projects/{project}")
                least.decoded(of_project, wire.ProjectReply)
                query = {"filter[project]": project}
                least.cycle(await least.body_of(session, f"{url}/0/billing/usage", query))

        sides = {"ours": ours, "theirs": theirs, "alone": alone, "floor": floor}
        spent = await in_turns(sides, turns)
    over, alone_over = ratio(spent["theirs"], spent["ours"]), ratio(spent["alone"], spent["ours"])
    mine = statistics.median(spent["ours"]) / calls * 1000
    return Row(
        f"Latitude usage of {products} products, request to Usage",
        f"the official SDK's CPU at least {goal:g}x ours",
        f"{over:.1f}x ({alone_over:.1f}x its usage call alone); ours {mine:.2f} ms",
        over >= goal,
        ratio(spent["ours"], spent["floor"]),
    )


async def _decoding(products: int, turns: int) -> Row:
    """Compare decoding and normalising alone."""
    project = f"proj_0_{products}"
    body = bodies.latitude_usage(project, products)
    text = body.decode()
    described = decode(bodies.latitude_project(project), wire.ProjectReply).data
    payer = parse.payer(described)

    def ours() -> None:
        bill = parse.billing(described, decode(body, wire.Usage))
        usage.usage(described, payer, payer.currency or "USD", None, bill)

    sides: dict[str, Side] = {
        "ours": repeated(ours, 3),
        "floor": repeated(lambda: least.cycle(body), 3),
        "orjson": repeated(lambda: orjson.loads(body), 3),
        "sdk": repeated(lambda: unmarshal_json(text, models.BillingUsage), 3),
    }
    spent = await in_turns(sides, turns)
    over = ratio(spent["ours"], spent["floor"])
    loads, sdk = ratio(spent["ours"], spent["orjson"]), ratio(spent["sdk"], spent["ours"])
    return Row(
        "decode + normalise the body of 500 alone",
        "at most 1.45x its floor, 4.4x orjson.loads, 1.3x faster than the SDK",
        f"{loads:.2f}x orjson.loads, {sdk:.1f}x faster than the SDK",
        over <= 1.45 and loads <= 4.4 and sdk >= 1.3,
        over,
    )


async def main() -> None:
    """Measure three rows."""
    url, quick = arguments()
    turns = 5 if quick else 15
    many, few = await _through(url, 500, 2, turns, 2.2), await _through(url, 5, 10, turns, 7.5)
    printed([many, few, await _decoding(500, 2 * turns)])


if __name__ == "__main__":
    asyncio.run(main())
