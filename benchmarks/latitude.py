"""Latitude.sh's usage.

Request to ``Usage`` through the facade, and the decoding alone, beside the official SDK.
"""

from __future__ import annotations

import asyncio
import statistics

import orjson
from latitudesh_python_sdk import Latitudesh, models
from latitudesh_python_sdk.utils import unmarshal_json

from benchmarks import bodies
from benchmarks.measure import Row, Side, arguments, in_turns, printed, ratio, repeated
from billfold import Account, Billfold, Secret
from billfold.wire import decode
from billfold_latitude import Latitude, parse, wire

TOKEN = "bench-0123456789"


async def _through(url: str, products: int, calls: int, turns: int) -> tuple[float, float, float]:
    """Return the SDK's CPU over ours, for two requests and for usage alone, and ours in ms."""
    project = f"proj_0_{products}"
    account = Account("metal", Latitude(projects=(project,)), Secret(TOKEN), f"{url}/0", 1_000_000)
    async with Billfold([account]) as fold, Latitudesh(bearer=TOKEN, server_url=f"{url}/0") as sdk:

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

        spent = await in_turns({"ours": ours, "theirs": theirs, "alone": alone}, turns)
        mine = statistics.median(spent["ours"]) / calls * 1000
        return ratio(spent["theirs"], spent["ours"]), ratio(spent["alone"], spent["ours"]), mine


async def _decoding(products: int, turns: int) -> tuple[float, float]:
    """Return our CPU over ``orjson.loads``, and the SDK's over ours."""
    project = f"proj_0_{products}"
    body = bodies.latitude_usage(project, products)
    text = body.decode()
    described = decode(bodies.latitude_project(project), wire.ProjectReply).data
    payer = parse.payer(described)

    def ours() -> None:
        bill = parse.billing(described, decode(body, wire.Usage))
        parse.usage(described, payer, payer.currency or "USD", None, bill)

    sides: dict[str, Side] = {
        "ours": repeated(ours, 3),
        "orjson": repeated(lambda: orjson.loads(body), 3),
        "sdk": repeated(lambda: unmarshal_json(text, models.BillingUsage), 3),
    }
    spent = await in_turns(sides, turns)
    return ratio(spent["ours"], spent["orjson"]), ratio(spent["sdk"], spent["ours"])


async def main() -> None:
    """Measure three rows."""
    url, quick = arguments()
    turns = 5 if quick else 15
    many, many_alone, many_ms = await _through(url, 500, 2, turns)
    few, few_alone, few_ms = await _through(url, 5, 10, turns)
    orjson_ratio, sdk_ratio = await _decoding(500, 2 * turns)
    beside = "{:.1f}x ({:.1f}x its usage call alone); ours {:.2f} ms"
    goal = "the official SDK's CPU at least {}x ours"
    printed(
        [
            Row(
                "Latitude usage of 500 products, request to Usage",
                goal.format(6),
                beside.format(many, many_alone, many_ms),
                many >= 6,
            ),
            Row(
                "the same with 5 products",
                goal.format(12),
                beside.format(few, few_alone, few_ms),
                few >= 12,
            ),
            Row(
                "decode + normalise that body alone",
                "at most 2.5x orjson.loads, 3x faster than the SDK",
                f"{orjson_ratio:.2f}x, {sdk_ratio:.1f}x faster",
                orjson_ratio <= 2.5 and sdk_ratio >= 3,
            ),
        ]
    )


if __name__ == "__main__":
    asyncio.run(main())
